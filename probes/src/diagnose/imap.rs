//! IMAP's own answers: sentences of servers known by name, and the response codes of RFC 5530.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const EXO: &str = "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online";
const TOKENS: &str = "https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";
const CODES: &str = "RFC 5530 section 3";

pub(super) const SIGN_IN_LOG: &str = "The sign-in log has an entry for a wrong password or a rule, and none where passwords or the protocol are switched off. Without the log, try a token.";

const NOT_CONNECTED: Advice = Advice {
    means: "The login was taken, and the mailbox would not open: the protocol is off for the mailbox, the token belongs to another user or lacks the right to this mailbox, or there is no mailbox behind the account.",
    remedy: "Check ImapEnabled (PopEnabled) of the mailbox (Get-CASMailbox), the token's user against the mailbox, and for app-only access the mailbox permission of the service principal, by the object id of the enterprise application.",
    next: "Open the mailbox over EWS or with its owner's token: if that works, the right or the protocol's switch is the matter.",
};

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "authenticated-but-not-connected",
        over: Over::STORE,
        says: &[&["authenticated but not connected"]],
        causes: &[
            C::NoMailboxPermission,
            C::TokenWrongUser,
            C::ProtocolDisabled,
            C::NoSuchMailbox,
            C::Temporary,
        ],
        advice: NOT_CONNECTED,
        source: "https://github.com/getmail6/getmail6/issues/214",
        example: "a3 BAD User is authenticated but not connected.",
        ..RULE
    },
    Rule {
        id: "signed-off",
        over: Over::IMAP,
        after: After::LOGOUT,
        says: &[
            &["logging out"],
            &["signing off"],
            &["bye"],
            &["closing"],
            &["closed"],
            &["logout"],
            &["disconnect"],
            &["terminat"],
            &[""],
        ],
        causes: &[C::Informational],
        advice: a::INFORMATIONAL,
        source: "RFC 9051 section 7.1.5",
        example: "* BYE Server logging out",
        ..RULE
    },
    Rule {
        id: "signing-off",
        over: Over::STORE,
        says: &[
            &["signing off"],
            &["logging out"],
            &["idle for too long"],
            &["disconnected for inactivity"],
            &["inactivity"],
            &["autologout"],
        ],
        unless: &["fail"],
        causes: &[C::Informational, C::Temporary],
        advice: Advice {
            means: "The server ends the session in order: it was asked to, or nothing was said for too long.",
            remedy: "Look at the answers before it.",
            next: "",
        },
        source: "RFC 9051 section 7.1.5",
        example: "* BYE Disconnected for inactivity.",
        ..RULE
    },
    Rule {
        id: "exchange-connection-closed",
        over: Over::STORE,
        after: After::TOKEN.union(After::SESSION),
        says: &[&["connection closed"], &["connection is closed"]],
        unless: &["protocol error", "invalid", "idle", "timeout", "timed out"],
        causes: &[C::NoMailboxPermission, C::TokenWrongUser, C::ProtocolDisabled, C::Temporary],
        advice: NOT_CONNECTED,
        source: "https://github.com/getmail6/getmail6/issues/214",
        example: "* BYE Connection is closed. 14",
        ..RULE
    },
    Rule {
        id: "connection-closed-early",
        over: Over::STORE,
        says: &[&["connection closed"], &["connection is closed"]],
        unless: &["protocol error", "idle", "timeout", "timed out"],
        causes: &[C::Temporary, C::ClientProtocolError, C::Throttled],
        advice: Advice {
            means: "The server closed the connection without a reason: a fault, a limit, or a command it did not expect.",
            remedy: "Check again later; look at what was sent before this answer.",
            next: "Repeat once: a fault or a limit passes, a command that is not understood does not.",
        },
        source: "https://github.com/getmail6/getmail6/issues/256",
        example: "-ERR Connection is closed. 10",
        ..RULE
    },
    Rule {
        id: "exchange-command-state",
        over: Over::STORE,
        says: &[
            &["command received in invalid state"],
            &["command is not valid in this state"],
            &["not valid in this state"],
        ],
        causes: &[C::ClientProtocolError, C::TlsRequired, C::NotAuthenticated],
        advice: Advice {
            means: "The command does not belong here: before a login, after a failed one, or a password before TLS.",
            remedy: "Start TLS first, then log in; look at what was sent and answered before.",
            next: "Repeat inside TLS.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/clients/pop3-and-imap4/configure-authentication",
        example: "-ERR Command is not valid in this state.",
        ..RULE
    },
    Rule {
        id: "unsafe-login",
        over: Over::IMAP,
        says: &[&["unsafe login"]],
        causes: &[C::AppBlocked, C::ClientProtocolError],
        advice: Advice {
            means: "The provider opens mailboxes only to clients that identify themselves with the ID command and are on its list.",
            remedy: "Have the client send ID (RFC 2971), or ask the provider to admit it.",
            next: "Send ID after the login and repeat the command.",
        },
        source: "https://github.com/imapsync/imapsync/issues/272",
        example: "a3 NO SELECT Unsafe Login. Please contact kefu@188.com for help",
        ..RULE
    },
    Rule {
        id: "token-invalid-or-off",
        over: Over::STORE,
        after: After::TOKEN,
        says: &[
            &["or imap is disabled"],
            &["or pop3 is disabled"],
            &["or pop3 disabled"],
            &["or imap disabled"],
        ],
        causes: &[C::TokenInvalid, C::TokenExpired, C::ProtocolDisabled, C::TokenMissingScope],
        advice: Advice {
            means: "The server says the same for a token that it does not take and for the protocol switched off.",
            remedy: "Switch the protocol on in the mailbox's settings, and get a new token with the scope for mail.",
            next: "Look at the mailbox's settings for mail programs: they show whether the protocol is on.",
        },
        source: "https://yandex.com/support/mail/mail-clients/others.html",
        example: "a1 NO [AUTHENTICATIONFAILED] AUTHENTICATE Invalid credentials or IMAP is disabled sc=REDACTED",
        ..RULE
    },
    Rule {
        id: "yandex-invalid-or-off",
        over: Over::STORE,
        says: &[
            &["invalid credentials or imap is disabled"],
            &["login failure or pop3 disabled"],
            &["or imap is disabled"],
            &["or pop3 is disabled"],
            &["or pop3 disabled"],
        ],
        causes: &[C::BadCredentials, C::ProtocolDisabled, C::AppPasswordRequired],
        advice: Advice {
            means: "The server says the same for a wrong password, for a password that is no app password, and for the protocol switched off.",
            remedy: "Switch the protocol on in the mailbox's settings, and use an app password.",
            next: "Look at the mailbox's settings for mail programs: they show whether the protocol is on.",
        },
        source: "https://yandex.com/support/mail/mail-clients/others.html",
        example: "a1 NO [AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=REDACTED_imap",
        ..RULE
    },
    Rule {
        id: "comcast-connected-too-often",
        over: Over::STORE,
        says: &[&["or connected too frequently"], &["connected too frequently"]],
        causes: &[C::BadCredentials, C::Throttled],
        advice: a::BAD_CREDENTIALS,
        source: "https://doc.dovecot.org",
        example: "a1 NO LOGIN authentication failure or connected too frequently: account user, try again later",
        ..RULE
    },
];

/// Refusals without a reason, in the words of Exchange.
pub(super) const REFUSALS: &[Rule] = &[
    Rule {
        id: "exchange-login-failed",
        over: Over::IMAP,
        after: After::PASSWORD,
        servers: &["exchange-onprem"],
        says: &[&["login failed"], &["authenticate failed"]],
        causes: &[C::BadCredentials, C::NoMailboxPermission, C::ProtocolDisabled],
        advice: Advice {
            means: "Exchange says the same for a wrong password, for IMAP switched off, and for a login without a right to the mailbox.",
            remedy: "Check the login name and the password, ImapEnabled of the mailbox, and the server's IMAP log, which names the reason.",
            next: "Try the same login over EWS or in a browser.",
        },
        source: EXO,
        example: "a1 NO LOGIN failed.",
        ..RULE
    },
    Rule {
        id: "exchange-online-login-failed",
        over: Over::IMAP,
        after: After::PASSWORD,
        says: &[&["login failed."], &["authenticate failed."]],
        causes: &[
            C::BasicDisabled,
            C::ProtocolDisabled,
            C::BadCredentials,
            C::SecurityDefaults,
            C::MfaRequired,
        ],
        unless: &["zimbra"],
        servers: &["exchange-cloud", "exchange"],
        advice: Advice {
            means: "Exchange says the same for a wrong password, for Basic switched off, for IMAP switched off and for a sign-in rule.",
            remedy: "Check the authentication policy and ImapEnabled of the mailbox, then the sign-in log of the account. Do not repeat the password before.",
            next: SIGN_IN_LOG,
        },
        source: EXO,
        example: "a1 NO LOGIN failed.",
        ..RULE
    },
    Rule {
        id: "exchange-token-failed",
        over: Over::IMAP,
        after: After::TOKEN,
        says: &[&["authenticate failed."]],
        causes: &[
            C::TokenInvalid,
            C::TokenWrongAudience,
            C::TokenMissingScope,
            C::TokenExpired,
            C::TokenWrongUser,
            C::NoMailboxPermission,
            C::ProtocolDisabled,
        ],
        advice: Advice {
            means: "Exchange refused the token and gives one sentence for every reason.",
            remedy: "Check the token's audience (outlook.office365.com), scope or role (IMAP.AccessAsUser.All, IMAP.AccessAsApp), expiry and user; for app-only access also the service principal's object id and its mailbox permission.",
            next: "Present the same token to EWS: its x-ms-diagnostics names the reason.",
        },
        source: TOKENS,
        example: "a1 NO AUTHENTICATE failed.",
        ..RULE
    },
];

/// Response codes, for sentences that nobody has on record.
pub(super) const BY_CODE: &[Rule] = &[
    Rule {
        id: "code-webalert",
        codes: &["code:webalert"],
        causes: &[C::WebLoginRequired, C::AppPasswordRequired],
        advice: a::WEB_LOGIN,
        source: "https://support.google.com/mail/answer/78754",
        example: "a1 NO [WEBALERT https://accounts.example/x] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-limit",
        codes: &["code:limit", "code:overquota", "code:login-delay"],
        causes: &[C::Throttled],
        advice: a::THROTTLED,
        source: CODES,
        example: "a1 NO [LIMIT] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-privacy-required",
        codes: &["code:privacyrequired", "code:encryptionneeded"],
        causes: &[C::TlsRequired],
        advice: a::TLS_REQUIRED,
        source: CODES,
        example: "a1 NO [PRIVACYREQUIRED] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-cannot",
        codes: &["code:cannot"],
        after: After::LOGIN,
        causes: &[C::MechanismUnsupported],
        advice: a::MECHANISM,
        source: CODES,
        example: "a1 NO [CANNOT] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-client-bug",
        codes: &["code:clientbug", "code:parse", "code:badcharset"],
        causes: &[C::ClientProtocolError],
        advice: a::CLIENT_ERROR,
        source: CODES,
        example: "a1 BAD [CLIENTBUG] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-unavailable",
        codes: &["code:unavailable", "code:serverbug", "code:sys/temp"],
        causes: &[C::Temporary],
        advice: a::TEMPORARY,
        source: "RFC 5530 section 3, RFC 3206 section 4",
        example: "a1 NO [UNAVAILABLE] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-in-use",
        codes: &["code:inuse", "code:in-use"],
        causes: &[C::MailboxInUse],
        advice: a::IN_USE,
        source: "RFC 5530 section 3, RFC 2449 section 8.1.2",
        example: "a1 NO [INUSE] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-corruption",
        codes: &["code:corruption", "code:overquota"],
        causes: &[C::MailboxUnavailable],
        advice: a::MAILBOX_UNAVAILABLE,
        source: CODES,
        example: "a3 NO [CORRUPTION] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-referral",
        codes: &["code:referral"],
        causes: &[C::Redirect],
        advice: a::REDIRECT,
        source: "RFC 2221 section 4",
        example: "a1 NO [REFERRAL imap://user@other.example/] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-expired",
        codes: &["code:expired"],
        causes: &[C::PasswordExpired],
        advice: a::PASSWORD_EXPIRED,
        source: CODES,
        example: "a1 NO [EXPIRED] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-contactadmin",
        codes: &["code:contactadmin"],
        causes: &[C::AccountDisabled, C::AccountLocked],
        advice: a::ACCOUNT_DISABLED,
        source: CODES,
        example: "a1 NO [CONTACTADMIN] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-authorizationfailed",
        codes: &["code:authorizationfailed"],
        causes: &[C::NoMailboxPermission, C::AccountDisabled],
        advice: a::NO_PERMISSION,
        source: CODES,
        example: "a1 NO [AUTHORIZATIONFAILED] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-noperm",
        codes: &["code:noperm"],
        causes: &[C::NoMailboxPermission],
        advice: a::NO_PERMISSION,
        source: CODES,
        example: "a3 NO [NOPERM] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-nonexistent",
        codes: &["code:nonexistent", "code:trycreate"],
        causes: &[C::NoSuchMailbox],
        advice: a::NO_MAILBOX,
        source: CODES,
        example: "a3 NO [NONEXISTENT] xyzzy",
        over: Over::STORE,
        ..RULE
    },
];

/// Codes that give no reason, and no code at all.
pub(super) const LAST: &[Rule] = &[
    Rule {
        id: "code-authentication-token",
        codes: &["code:authenticationfailed", "code:auth"],
        after: After::TOKEN,
        causes: &[C::TokenInvalid, C::TokenExpired, C::TokenMissingScope, C::TokenWrongUser],
        advice: a::TOKEN_REFUSED,
        source: "RFC 5530 section 3, RFC 3206 section 5",
        example: "a1 NO [AUTHENTICATIONFAILED] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "code-authentication-password",
        codes: &["code:authenticationfailed", "code:auth"],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: a::BAD_CREDENTIALS,
        source: "RFC 5530 section 3, RFC 3206 section 5",
        example: "a1 NO [AUTHENTICATIONFAILED] xyzzy",
        over: Over::STORE,
        ..RULE
    },
    Rule {
        id: "goodbye-without-reason",
        codes: &["way:bye"],
        causes: &[C::Unexplained, C::Temporary, C::Informational],
        advice: Advice {
            means: "The server ended the session and did not say why.",
            remedy: "Check again later; look into the server's log at the time of the attempt.",
            next: "",
        },
        source: "RFC 9051 section 7.1.5",
        example: "* BYE xyzzy",
        over: Over::STORE,
        ..RULE
    },
];
