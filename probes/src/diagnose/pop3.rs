//! POP3's own answers and response codes (RFC 2449, RFC 3206). Codes that IMAP has too stand there.

use super::advice as a;
use super::imap::SIGN_IN_LOG;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const EXO: &str = "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online";
const LOGON: &[&[&str]] = &[
    &["logon failure: unknown user name or bad password"],
    &["authentication failure: unknown user name or bad password"],
];

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "pop3-protocol-error",
        over: Over::POP3,
        says: &[&["protocol error"]],
        causes: &[C::ClientProtocolError],
        advice: Advice {
            means: "The server could not make sense of the command at this point. Exchange closes the connection so on a token in the AUTH line.",
            remedy: "Send a token in two steps: AUTH XOAUTH2, and the data after the server's +. Then check the lines before this answer.",
            next: "",
        },
        source: "https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
        example: "-ERR Protocol error. Connection is closed. 10",
        ..RULE
    },
    Rule {
        id: "pop3-login-delay",
        over: Over::POP3,
        says: &[
            &["minimum time between mail checks"],
            &["login", "too frequent"],
            &["logins", "minutes apart"],
            &["logins must be"],
            &["login interval"],
            &["too soon"],
            &["polling too"],
            &["checking mail too"],
        ],
        causes: &[C::Throttled],
        advice: Advice {
            means: "The server wants more time between two logins of this account. This says nothing about the credentials.",
            remedy: "Wait as long as the server's LOGIN-DELAY capability says, then check again.",
            next: "",
        },
        source: "RFC 2449 section 8.1.1",
        example: "-ERR [LOGIN-DELAY] minimum time between mail checks violation",
        ..RULE
    },
    Rule {
        id: "pop3-no-maildrop",
        over: Over::POP3,
        says: &[
            &["unable to open", "does not exist"],
            &["unknown mailbox"],
            &["mailbox unknown"],
            &["mailbox is unknown"],
            &["no such mailbox"],
            &["unable to open", "no such"],
            &["maildir", "no such file"],
            &["mailbox", "does not exist"],
        ],
        causes: &[C::NoSuchMailbox, C::MailboxUnavailable],
        advice: Advice {
            means: "The login was taken, and there is no maildrop that opens behind it.",
            remedy: "Check that the account has a mailbox on this server.",
            next: "Open the mailbox over IMAP.",
        },
        source: "RFC 1939 section 4",
        example: "-ERR [SYS/TEMP] Unable to open maildrop: Mailbox does not exist",
        ..RULE
    },
    Rule {
        id: "pop3-maildrop-fault",
        over: Over::POP3,
        says: &[
            &["unable to open", "maildrop"],
            &["cannot open", "mailbox"],
            &["cannot open", "maildrop"],
            &["unable to open", "mailbox"],
            &["can't open", "mail"],
            &["chdir", "failed"],
        ],
        unless: &["lock"],
        causes: &[C::MailboxUnavailable, C::NoSuchMailbox, C::NoMailboxPermission],
        advice: a::MAILBOX_UNAVAILABLE,
        source: "RFC 3206 section 4",
        example: "-ERR [SYS/PERM] Unable to open maildrop: System I/O error",
        ..RULE
    },
];

/// Refusals without a reason, in the words of Exchange.
pub(super) const REFUSALS: &[Rule] = &[
    Rule {
        id: "pop3-exchange-login-failed",
        over: Over::POP3,
        after: After::PASSWORD,
        servers: &["exchange-onprem"],
        says: LOGON,
        causes: &[C::BadCredentials, C::ProtocolDisabled],
        advice: Advice {
            means: "Exchange says the same for a wrong password and for POP3 switched off.",
            remedy: "Check the login name and the password, and PopEnabled of the mailbox.",
            next: "Try the same login over EWS or in a browser.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/clients/pop3-and-imap4/pop3-and-imap4",
        example: "-ERR Logon failure: unknown user name or bad password.",
        ..RULE
    },
    Rule {
        id: "pop3-exchange-online-login-failed",
        over: Over::POP3,
        after: After::PASSWORD,
        says: LOGON,
        causes: &[C::BasicDisabled, C::BadCredentials, C::ProtocolDisabled],
        advice: Advice {
            means: "Exchange says the same for a wrong password, for Basic switched off and for POP3 switched off.",
            remedy: "Check the authentication policy and PopEnabled of the mailbox, then the sign-in log of the account. Do not repeat the password before.",
            next: SIGN_IN_LOG,
        },
        source: EXO,
        example: "-ERR Logon failure: unknown user name or bad password.",
        ..RULE
    },
    Rule {
        id: "pop3-exchange-token-failed",
        over: Over::POP3,
        after: After::TOKEN,
        says: LOGON,
        causes: &[
            C::TokenInvalid,
            C::TokenWrongUser,
            C::TokenWrongAudience,
            C::TokenMissingScope,
            C::TokenExpired,
            C::ProtocolDisabled,
        ],
        advice: Advice {
            means: "Exchange refused the token and gives one sentence for every reason, a password named in it or not.",
            remedy: "Check the token's audience (outlook.office365.com), scope or role (POP.AccessAsUser.All, POP.AccessAsApp), expiry and user, and that POP3 is on for the mailbox.",
            next: "Present the same token to EWS: its x-ms-diagnostics names the reason.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
        example: "-ERR Authentication failure: unknown user name or bad password.",
        ..RULE
    },
];

/// Codes that only POP3 has, for sentences that nobody has on record.
pub(super) const BY_CODE: &[Rule] = &[Rule {
    id: "pop3-system-fault-lasting",
    over: Over::POP3,
    codes: &["code:sys/perm"],
    causes: &[C::MailboxUnavailable, C::ProtocolDisabled, C::NoSuchMailbox],
    advice: Advice {
        means: "The server has a fault of its own that does not pass by itself, and decided nothing about the credentials.",
        remedy: "Look into the server's log, or ask whoever runs it.",
        next: "",
    },
    source: "RFC 3206 section 4",
    example: "-ERR [SYS/PERM] xyzzy",
    ..RULE
}];
