//! What an HTTP status says where nobody knows whether a password or a token was presented, as in most pastes.

use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const EITHER: Advice = Advice {
    means: "The service did not take the credentials. The answer does not show whether a password or a token was presented.",
    remedy: "Find out which of them the program uses. For a password: check it once, and whether Basic is still offered. For a token: check its expiry, audience and permissions.",
    next: "Ask without credentials: the WWW-Authenticate fields of that answer say whether passwords are taken at all.",
};

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "http-unauthorized-either-cloud",
        over: Over::HTTP,
        after: After::UNKNOWN,
        servers: &["exchange-cloud"],
        codes: &["http:401"],
        causes: &[C::BasicDisabled, C::BadCredentials, C::TokenInvalid, C::TokenExpired],
        advice: EITHER,
        source: "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online",
        example: "HTTP/1.1 401 Unauthorized\n\n",
        ..RULE
    },
    Rule {
        id: "http-unauthorized-either",
        over: Over::HTTP,
        after: After::UNKNOWN,
        codes: &["http:401"],
        causes: &[C::BadCredentials, C::TokenInvalid, C::BasicDisabled, C::TokenExpired],
        advice: EITHER,
        source: "RFC 9110 section 15.5.2",
        example: "HTTP/1.1 401 Unauthorized\n\n",
        ..RULE
    },
];
