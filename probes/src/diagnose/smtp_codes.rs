//! Enhanced status codes (RFC 3463, RFC 4954 section 6, RFC 5248 and its registry) and reply numbers of SMTP, for
//! sentences that nobody has on record. From the telling to the broad.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const REGISTRY: &str = "https://www.iana.org/assignments/smtp-enhanced-status-codes";
const AUTH: &str = "RFC 4954 section 6";

const fn coded(
    id: &'static str,
    codes: &'static [&'static str],
    causes: &'static [C],
    advice: Advice,
    source: &'static str,
    example: &'static str,
) -> Rule {
    Rule { id, over: Over::SMTP, codes, causes, advice, source, example, ..RULE }
}

/// Codes that say more than "authentication failed" beside them.
pub(super) const TELLING: &[Rule] = &[
    coded(
        "smtp-login-offered-after-tls",
        &["code:auth-after-tls"],
        &[C::TlsRequired, C::MechanismUnsupported],
        Advice {
            means: "The server's list names no AUTH before TLS, and the client did not start TLS. No password was sent.",
            remedy: "Turn on STARTTLS in the client (port 587), or use TLS from the start on port 465.",
            next: "The list after TLS shows which mechanisms the server takes.",
        },
        "RFC 3207 section 4",
        "SMTP Error: Could not authenticate.\n250-mx.example.org\n250-PIPELINING\n250-STARTTLS\n250 8BITMIME\n221 2.0.0 Bye",
    ),
    coded(
        "smtp-login-not-offered",
        &["code:no-auth"],
        &[C::MechanismUnsupported, C::TlsRequired],
        Advice {
            means: "The server's list names no AUTH: it takes no login on this connection. No password was sent.",
            remedy: "Use the submission port with TLS (587 with STARTTLS, or 465). If that is what was used, the server takes no login at all: ask its operator.",
            next: "Compare what is advertised before and after TLS.",
        },
        "RFC 4954 section 3",
        "SMTP Error: Could not authenticate.\n250-mx.example.org\n250-PIPELINING\n250-SIZE 1000\n250 8BITMIME\n221 2.0.0 Bye",
    ),
    coded(
        "enhanced-not-authenticated",
        &["enhanced:5.7.57", "enhanced:5.7.54"],
        &[C::NotAuthenticated, C::MessageRejected],
        a::NOT_AUTHENTICATED,
        REGISTRY,
        "530 5.7.57 xyzzy",
    ),
    coded(
        "enhanced-send-as",
        &["enhanced:5.7.60", "enhanced:5.2.252", "enhanced:5.2.251"],
        &[C::SendAsDenied],
        a::SEND_AS,
        REGISTRY,
        "550 5.7.60 xyzzy",
    ),
    coded(
        "enhanced-basic-ended",
        &["enhanced:5.7.30"],
        &[C::BasicDisabled, C::ServiceRetired],
        a::RETIRED,
        REGISTRY,
        "550 5.7.30 xyzzy",
    ),
    coded(
        "enhanced-tls-version",
        &["enhanced:4.7.66", "enhanced:5.7.66"],
        &[C::TlsVersionTooOld],
        a::TLS_OLD,
        REGISTRY,
        "421 4.7.66 xyzzy",
    ),
    coded(
        "enhanced-credentials-in-passing",
        &["enhanced:4.7.8"],
        &[C::BadCredentials, C::Temporary],
        a::BAD_CREDENTIALS,
        "RFC 4954 section 6",
        "435 4.7.8 xyzzy",
    ),
    coded(
        "enhanced-transition",
        &["enhanced:5.7.12", "enhanced:4.7.12"],
        &[C::MechanismUnsupported, C::PasswordExpired],
        Advice {
            means: "The server wants one login by a plain mechanism, or a changed password, before it takes this one.",
            remedy: "Log in once with PLAIN inside TLS, or change the password.",
            next: "",
        },
        AUTH,
        "432 4.7.12 xyzzy",
    ),
    coded(
        "enhanced-account-disabled",
        &["enhanced:5.7.13", "reply:525", "enhanced:5.2.1"],
        &[C::AccountDisabled],
        a::ACCOUNT_DISABLED,
        "RFC 5248 section 3, RFC 5321",
        "525 5.7.13 xyzzy",
    ),
    coded(
        "enhanced-web-login",
        &["enhanced:5.7.14"],
        &[C::WebLoginRequired, C::AppPasswordRequired],
        a::WEB_LOGIN,
        "https://support.google.com/a/answer/3726730",
        "534 5.7.14 xyzzy",
    ),
    coded(
        "enhanced-encryption-needed",
        &["enhanced:5.7.10", "enhanced:5.7.11", "reply:523", "reply:538"],
        &[C::TlsRequired],
        a::TLS_REQUIRED,
        "RFC 5248 section 3",
        "538 5.7.11 xyzzy",
    ),
    coded(
        "reply-authentication-required",
        &["reply:530"],
        &[C::NotAuthenticated, C::TlsRequired],
        a::NOT_AUTHENTICATED,
        AUTH,
        "530 5.7.0 xyzzy",
    ),
    Rule {
        after: After::LOGIN.union(After::UNKNOWN),
        unless: &["helo", "hostname", "recipient", "sender", "domain", "address"],
        ..coded(
            "reply-mechanism-unknown",
            &["reply:504"],
            &[C::MechanismUnsupported, C::TlsRequired, C::ClientProtocolError],
            a::MECHANISM,
            "RFC 4954 section 4",
            "504 5.5.1 xyzzy",
        )
    },
    Rule {
        unless: &["password", "credentials"],
        ..coded(
            "enhanced-authentication-fault",
            &["enhanced:4.7.0", "enhanced:4.3.0", "enhanced:4.3.5", "reply:454", "reply:435"],
            &[C::Temporary, C::Throttled],
            a::TEMPORARY,
            AUTH,
            "454 4.7.0 xyzzy",
        )
    },
];

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    coded(
        "enhanced-exchange-refused",
        &["enhanced:5.7.139"],
        &[C::BasicDisabled, C::SmtpAuthDisabledMailbox, C::ConditionalAccess],
        Advice {
            means: "Exchange's number for a sign-in that policy refuses; the sentence beside it is not one on record.",
            remedy: "Check SmtpClientAuthenticationDisabled of mailbox and organisation, authentication policies and the sign-in log.",
            next: "The sign-in log has an entry where a rule refused, and none where a switch did.",
        },
        "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission",
        "535 5.7.139 xyzzy",
    ),
    Rule {
        after: After::LOGIN.union(After::UNKNOWN),
        ..coded(
            "enhanced-app-password",
            &["enhanced:5.7.9"],
            &[C::MechanismUnsupported, C::AppPasswordRequired],
            a::MECHANISM,
            AUTH,
            "534 5.7.9 xyzzy",
        )
    },
    coded(
        "enhanced-mechanism",
        &["enhanced:5.7.4", "enhanced:5.5.4", "enhanced:5.3.3", "reply:504"],
        &[C::MechanismUnsupported, C::TlsRequired, C::ClientProtocolError],
        a::MECHANISM,
        "RFC 4954 section 4",
        "504 5.5.4 xyzzy",
    ),
    coded(
        "enhanced-volume",
        &[
            "enhanced:4.7.28",
            "enhanced:5.7.28",
            "enhanced:4.4.5",
            "enhanced:5.4.5",
            "enhanced:4.4.2",
            "enhanced:4.3.2",
            "enhanced:4.5.3",
            "enhanced:5.5.3",
            "enhanced:5.7.705",
            "enhanced:5.7.508",
            "enhanced:4.7.500",
            "enhanced:5.7.232",
            "enhanced:5.7.233",
            "enhanced:5.2.122",
        ],
        &[C::Throttled, C::Temporary],
        a::THROTTLED,
        REGISTRY,
        "452 4.5.3 xyzzy",
    ),
    coded(
        "enhanced-address-banned",
        &["enhanced:5.7.25", "enhanced:5.7.511", "enhanced:5.7.606", "enhanced:5.7.708", "enhanced:5.7.27"],
        &[C::LocationBlocked, C::MessageRejected],
        a::LOCATION_BLOCKED,
        "RFC 7372 section 3",
        "550 5.7.25 xyzzy",
    ),
    Rule {
        after: After::USE.union(After::UNKNOWN),
        ..coded(
            "enhanced-authorization",
            &["enhanced:5.7.1", "enhanced:4.7.1"],
            &[C::MessageRejected, C::SendAsDenied, C::NotAuthenticated],
            a::REJECTED,
            "RFC 3463 section 3.8",
            "550 5.7.1 xyzzy",
        )
    },
    Rule {
        after: After::USE.union(After::UNKNOWN),
        ..coded(
            "enhanced-message",
            &[
                "enhanced:5.1.*",
                "enhanced:4.1.*",
                "enhanced:5.6.*",
                "enhanced:4.6.*",
                "enhanced:5.7.2*",
                "enhanced:5.7.5*",
                "enhanced:5.7.6*",
                "enhanced:5.7.7*",
                "enhanced:5.7.13*",
                "enhanced:5.3.4",
                "enhanced:5.2.3",
            ],
            &[C::MessageRejected],
            a::REJECTED,
            REGISTRY,
            "550 5.1.1 xyzzy",
        )
    },
    Rule {
        after: After::USE.union(After::UNKNOWN),
        ..coded(
            "enhanced-mailbox",
            &["enhanced:5.2.*", "enhanced:4.2.*", "enhanced:4.3.1", "enhanced:5.3.1", "reply:552"],
            &[C::MailboxUnavailable, C::MessageRejected, C::Temporary],
            a::MAILBOX_UNAVAILABLE,
            "RFC 3463 section 3.3",
            "552 5.2.2 xyzzy",
        )
    },
    Rule {
        after: After::TOKEN,
        ..coded(
            "enhanced-token-refused",
            &["enhanced:5.7.8", "enhanced:5.7.3", "reply:535"],
            &[
                C::TokenInvalid,
                C::TokenExpired,
                C::TokenWrongAudience,
                C::TokenMissingScope,
                C::TokenWrongUser,
            ],
            a::TOKEN_REFUSED,
            AUTH,
            "535 5.7.8 xyzzy",
        )
    },
    coded(
        "enhanced-bad-credentials",
        &["enhanced:5.7.8", "enhanced:5.7.3", "reply:535", "reply:526"],
        &[C::BadCredentials, C::AppPasswordRequired, C::BasicDisabled],
        a::BAD_CREDENTIALS,
        AUTH,
        "535 5.7.8 xyzzy",
    ),
    coded(
        "reply-mechanism-too-weak",
        &["reply:534"],
        &[C::MechanismUnsupported, C::AppPasswordRequired, C::WebLoginRequired],
        a::MECHANISM,
        AUTH,
        "534 5.7.0 xyzzy",
    ),
    coded(
        "enhanced-client-error",
        &["enhanced:5.5.*", "reply:500", "reply:501", "reply:502", "reply:503"],
        &[C::ClientProtocolError],
        a::CLIENT_ERROR,
        "RFC 5321 section 4.2.3",
        "501 5.5.2 xyzzy",
    ),
    Rule {
        after: After::GREETING,
        ..coded(
            "reply-no-service-for-this-client",
            &["reply:55*", "reply:521"],
            &[C::LocationBlocked, C::MessageRejected, C::Unexplained],
            a::LOCATION_BLOCKED,
            "RFC 5321 section 3.1, RFC 7504",
            "554 xyzzy",
        )
    },
    coded(
        "reply-passing",
        &["reply:421", "reply:450", "reply:451", "reply:452", "reply:4*", "class:4"],
        &[C::Temporary, C::Throttled],
        a::TEMPORARY,
        "RFC 5321 section 4.2.3",
        "451 xyzzy",
    ),
    Rule {
        after: After::USE.union(After::UNKNOWN),
        ..coded(
            "reply-refused-for-good",
            &["reply:55*", "class:5"],
            &[C::MessageRejected, C::Unexplained],
            a::REJECTED,
            "RFC 5321 section 4.2.3",
            "554 xyzzy",
        )
    },
];
