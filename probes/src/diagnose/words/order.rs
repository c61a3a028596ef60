//! Sentences about the order of things: a login that was wanted first, a greeting that was, and a refusal that asks
//! for another try.

use super::super::advice as a;
use super::super::rule::{Advice, RULE, Rule};
use super::super::step::{After, Over};
use crate::model::Cause as C;

/// In order of precedence.
pub(in super::super) const RULES: &[Rule] = &[
    Rule {
        id: "pop-before-smtp",
        over: Over::SMTP,
        says: &[
            &["pop/apop authorization"],
            &["pop before smtp"],
            &["check your mail before sending"],
            &["get pop", "first"],
            &["must check mail"],
        ],
        causes: &[C::NotAuthenticated],
        advice: Advice {
            means: "The server takes mail only from an address that has just read its mail by POP, or after an SMTP login.",
            remedy: "Switch on SMTP AUTH in the client, on port 587. Reading the mail by POP first works for some minutes only.",
            next: "Log in on port 587 and send again.",
        },
        source: "RFC 2476 section 3.3; https://support.nifty.com",
        example: "554 sorry, you must get POP/APOP authorization.",
        ..RULE
    },
    Rule {
        id: "greeting-before-login",
        over: Over::SMTP,
        says: &[
            &["ehlo before auth"],
            &["helo before auth"],
            &["ehlo/helo first"],
            &["send hello first"],
            &["send helo first"],
            &["polite people say hello"],
        ],
        causes: &[C::ClientProtocolError],
        advice: a::CLIENT_ERROR,
        source: "RFC 4954 section 3",
        example: "503 5.0.0 Need EHLO before AUTH",
        ..RULE
    },
    Rule {
        id: "sender-unknown",
        over: Over::SMTP,
        after: After::USE.union(After::UNKNOWN),
        says: &[&["unknown sender address"], &["mail from address must be same as authorization user"]],
        causes: &[C::SendAsDenied, C::MessageRejected],
        advice: a::SEND_AS,
        source: "https://github.com/emersion/hydroxide",
        example: "554 5.0.0 Error: transaction failed: unknown sender address",
        ..RULE
    },
    Rule {
        id: "sasl-data-unreadable",
        over: Over::LINES,
        says: &[
            &["invalid xoauth2 auth data"],
            &["invalid oauthbearer"],
            &["authentication failed", "invalid format"],
        ],
        causes: &[C::ClientProtocolError, C::TokenInvalid],
        advice: Advice {
            means: "The server could not read what the client presented as SASL data; it did not look at the token.",
            remedy: "Check the client's XOAUTH2 string: user, separators (octet 1), the word Bearer and the whole token in one line of base64.",
            next: "Present the same token with another client.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
        example: "501 5.5.124 Invalid XOAUTH2 auth data",
        ..RULE
    },
    Rule {
        id: "sign-in-to-go-on-sending",
        over: Over::SMTP,
        says: &[&["please sign in to your account"], &["to continue sending messages"]],
        causes: &[C::WebLoginRequired, C::AccountLocked, C::MessageRejected],
        advice: a::WEB_LOGIN,
        source: "https://github.com/nodemailer/smtp-connection/issues/37",
        example: "550 5.3.4 Requested action not taken; To continue sending messages, please sign in to your account.",
        ..RULE
    },
    Rule {
        id: "command-not-understood",
        over: Over::LINES,
        says: &[
            &["command not understood"],
            &["command not accepted"],
            &["command error"],
            &["invalid input from"],
            &["user who?"],
            &["username first"],
            &["user name first"],
            &["user command first"],
            &["send user first"],
            &["need user first"],
            &["authentication type not specified"],
            &["invalid base64"],
            &["not valid base64"],
            &["invalid base-64"],
            &["base64 decod"],
            &["base64-decod"],
            &["bad base64"],
        ],
        causes: &[C::ClientProtocolError],
        advice: a::CLIENT_ERROR,
        source: "https://github.com/getmail6/getmail6/issues/252",
        example: "-ERR Command not understood",
        ..RULE
    },
    Rule {
        id: "connection-not-admitted",
        over: Over::STORE,
        after: After::GREETING.union(After::UNKNOWN),
        says: &[&["connection refused"], &["connection rejected"], &["connection not allowed"]],
        causes: &[C::Throttled, C::Temporary, C::LocationBlocked],
        advice: Advice {
            means: "The server answered and takes no session now: it has as many connections as it allows, or this address is not admitted.",
            remedy: "Open fewer connections at a time, and try again after some minutes.",
            next: "Connect from another address: where that works, this address is the reason.",
        },
        source: "https://learn.microsoft.com/en-us/powershell/module/exchange/set-popsettings",
        example: "-ERR BYE Connection refused",
        ..RULE
    },
    Rule {
        id: "too-busy",
        over: Over::LINES,
        says: &[&["too busy"]],
        causes: &[C::Throttled, C::Temporary],
        advice: a::THROTTLED,
        source: "RFC 3463 section 3.5",
        example: "421 4.4.5 Too busy",
        ..RULE
    },
    Rule {
        id: "eas-device-id-missing",
        over: Over::ACTIVESYNC,
        says: &[&["deviceidmissingorinvalid"], &["deviceid", "missing"]],
        causes: &[C::BadRequest, C::Accepted],
        advice: Advice {
            means: "The login was taken, and the request names no device: a browser or a test tool asks so, a device does not.",
            remedy: "Add DeviceId and DeviceType to the request, or ask OPTIONS, which wants none.",
            next: "",
        },
        source: "https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-ashttp/",
        example: "HTTP/1.1 500 Internal Server Error\nContent-Type: text/html\n\nMicrosoft.Exchange.AirSync.AirSyncPermanentException: DeviceIdMissingOrInvalid",
        ..RULE
    },
    Rule {
        id: "mechanism-behind-a-refusal",
        over: Over::LINES,
        says: &[
            &["authentication failed: invalid authentication mechanism"],
            &["authentication failed: no mechanism available"],
        ],
        causes: &[C::MechanismUnsupported],
        advice: a::MECHANISM,
        source: "https://www.postfix.org/SASL_README.html",
        example: "535 5.7.8 Error: authentication failed: Invalid authentication mechanism",
        ..RULE
    },
    Rule {
        id: "refused-try-again",
        over: Over::ALL.difference(Over::OAUTH),
        after: After::PASSWORD.union(After::UNKNOWN),
        says: &[
            &["authentication failed", "try again"],
            &["login failed", "try again"],
            &["incorrect", "try again"],
            &["invalid", "try again"],
            &["wrong", "try again"],
            &["credentials", "try again"],
        ],
        unless: &[
            "later",
            "temporar",
            "try again in",
            "busy",
            "too many",
            "after",
            "web browser",
            "token",
            "unavailable",
            "access is denied",
        ],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: a::BAD_CREDENTIALS,
        source: "RFC 4954 section 6",
        example: "535 5.7.8 Incorrect password. Please check it and try again.",
        ..RULE
    },
];
