//! What a status of HTTP says by itself, after every code and sentence has had its say (RFC 9110 section 15,
//! RFC 6585, MS-ASHTTP section 2.2.2.1.1).

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const RFC: &str = "RFC 9110 section 15";
const ASHTTP: &str = "https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-ashttp/e092c310-7609-4a38-90cc-10688f79cf8d";
const EXO: &str = "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online";

const WEB: Over = Over::HTTP;

const EWS_POLICY: Advice = Advice {
    means: "A rule stands before the mailbox: the app or program is not on the organisation's list, the service is off for the mailbox or organisation, the token lacks the permission, or the licence has no such service.",
    remedy: "Check EwsEnabled of mailbox and organisation, the lists of admitted apps (EwsAllowedAppIDs) and programs, and the token's permissions.",
    next: "Repeat with a client id that is on the list: if it is admitted, the app is the matter; if not, the service is off.",
};

const EXCHANGE_401: Advice = Advice {
    means: "The password was not taken. Where Basic is switched off, Exchange Online answers like to a wrong password.",
    remedy: "Use OAuth. Nobody can switch Basic back on for this protocol in Exchange Online.",
    next: "Ask without credentials: where WWW-Authenticate offers no Basic, no password is looked at.",
};

const OTHER_SCHEMES: Advice = Advice {
    means: "The service does not offer this scheme: its WWW-Authenticate fields name only others. It did not check the credentials.",
    remedy: "Use one of the schemes that the WWW-Authenticate fields name.",
    next: "Ask without credentials: the WWW-Authenticate fields of that answer say what is offered.",
};

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "http-sync-throttled",
        over: WEB,
        codes: &["field:asthrottle"],
        causes: &[C::Throttled],
        advice: a::THROTTLED,
        source: ASHTTP,
        example: "HTTP/1.1 503 Service Unavailable\nX-MS-ASThrottle: RecentCommands\n\n",
        ..RULE
    },
    Rule {
        id: "http-front-end-busy",
        over: WEB,
        codes: &["field:proxy-error"],
        causes: &[C::Temporary, C::Throttled],
        advice: a::TEMPORARY,
        source: "https://learn.microsoft.com/en-us/exchange/architecture/client-access/client-access",
        example: "HTTP/1.1 503 Service Unavailable\nX-NanoProxy: 1\n\n",
        ..RULE
    },
    Rule {
        id: "http-restricted",
        over: WEB,
        codes: &["field:restrict-access"],
        after: After::TOKEN.union(After::ANONYMOUS).union(After::REQUEST),
        causes: &[C::Unexplained, C::ConditionalAccess, C::AppBlocked, C::ProtocolDisabled],
        advice: Advice {
            means: "The front end restricts access and gives no reason: a tenant restriction, an access rule, or an app that is not admitted.",
            remedy: "Look at the sign-in log of the account and at the organisation's lists of admitted apps.",
            next: "Repeat from another network and with a client id that is known to be admitted.",
        },
        source: "https://learn.microsoft.com/en-us/entra/external-id/tenant-restrictions-v2",
        example: "HTTP/1.1 403 Forbidden\nRestrict-Access-Confirm: 1\n\n",
        ..RULE
    },
    Rule {
        id: "bearer-error-scope",
        over: WEB,
        codes: &["bearer:insufficient_scope"],
        causes: &[C::TokenMissingScope],
        advice: a::MISSING_SCOPE,
        source: "RFC 6750 section 3.1",
        example: "HTTP/1.1 403 Forbidden\nWWW-Authenticate: Bearer error=\"insufficient_scope\"\n\n",
        ..RULE
    },
    Rule {
        id: "bearer-error-claims",
        over: WEB,
        codes: &["bearer:insufficient_claims", "bearer:interaction_required"],
        causes: &[C::ConditionalAccess, C::TokenExpired],
        advice: a::CONDITIONAL_ACCESS,
        source: "https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge",
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer error=\"insufficient_claims\"\n\n",
        ..RULE
    },
    Rule {
        id: "http-tokens-only",
        over: WEB,
        after: After::PASSWORD,
        codes: &["schemes:tokens-only"],
        causes: &[C::BasicDisabled, C::MechanismUnsupported],
        advice: Advice {
            means: "The service takes tokens alone: its WWW-Authenticate fields offer no scheme with a password, so the password was not looked at.",
            remedy: "Use OAuth (Bearer).",
            next: "Ask without credentials: the WWW-Authenticate fields of that answer say what is offered.",
        },
        source: "RFC 9110 section 11.6.1",
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm=\"mail\"\n\n",
        ..RULE
    },
    Rule {
        id: "http-token-scheme-not-offered",
        over: WEB,
        after: After::TOKEN,
        codes: &["schemes:others"],
        causes: &[C::MechanismUnsupported],
        advice: OTHER_SCHEMES,
        source: "RFC 9110 section 11.6.1",
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n\n",
        ..RULE
    },
    Rule {
        id: "http-scheme-not-offered",
        over: WEB,
        after: After::PASSWORD,
        codes: &["schemes:others"],
        causes: &[C::MechanismUnsupported, C::BasicDisabled],
        advice: OTHER_SCHEMES,
        source: "RFC 9110 section 11.6.1",
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n\n",
        ..RULE
    },
    Rule {
        id: "http-password-refused-cloud",
        over: WEB,
        after: After::PASSWORD.union(After::REQUEST),
        servers: &["exchange-cloud"],
        codes: &["http:401"],
        causes: &[C::BasicDisabled, C::BadCredentials, C::ProtocolDisabled],
        advice: EXCHANGE_401,
        source: EXO,
        example: "HTTP/1.1 401 Unauthorized\n\n",
        ..RULE
    },
    Rule {
        id: "http-password-refused",
        over: WEB,
        after: After::PASSWORD,
        codes: &["http:401"],
        causes: &[C::BadCredentials, C::BasicDisabled],
        advice: Advice {
            means: "The user name and password were not taken, or no password is taken here.",
            remedy: "Check the login name and the password, and whether WWW-Authenticate offers Basic.",
            next: "Ask without credentials: where WWW-Authenticate offers no Basic, no password is looked at.",
        },
        source: RFC,
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"mail\"\n\n",
        ..RULE
    },
    Rule {
        id: "http-token-refused",
        over: WEB,
        after: After::TOKEN,
        codes: &["http:401"],
        causes: &[C::TokenInvalid, C::TokenExpired, C::TokenWrongAudience, C::MechanismUnsupported],
        advice: a::TOKEN_REFUSED,
        source: "RFC 6750 section 3.1",
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer error=\"invalid_token\"\n\n",
        ..RULE
    },
    Rule {
        id: "http-credentials-wanted",
        over: WEB,
        after: After::ANONYMOUS,
        codes: &["http:401"],
        causes: &[C::NotAuthenticated, C::Informational],
        advice: Advice {
            means: "The service wants a login, and its WWW-Authenticate fields say which ones it takes.",
            remedy: "Nothing: that is the answer to expect without credentials.",
            next: "",
        },
        source: RFC,
        example: "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer\n\n",
        ..RULE
    },
    Rule {
        id: "http-unauthorized",
        codes: &["http:401"],
        causes: &[C::BadCredentials, C::NotAuthenticated],
        advice: a::BAD_CREDENTIALS,
        source: RFC,
        example: "HTTP/1.1 401 Unauthorized\n\n",
        ..RULE
    },
    Rule {
        id: "ews-forbidden-password",
        over: Over::EWS.union(Over::AUTODISCOVER),
        after: After::PASSWORD,
        codes: &["http:403"],
        causes: &[C::AppBlocked, C::BasicDisabled, C::ProtocolDisabled, C::ServiceRetired],
        advice: EWS_POLICY,
        source: EXO,
        example: "HTTP/1.1 403 Forbidden\n\n",
        ..RULE
    },
    Rule {
        id: "ews-forbidden",
        over: Over::EWS.union(Over::AUTODISCOVER),
        codes: &["http:403"],
        causes: &[C::AppBlocked, C::ProtocolDisabled, C::TokenMissingScope, C::ServiceRetired],
        advice: EWS_POLICY,
        source: "https://learn.microsoft.com/en-us/powershell/module/exchange/set-organizationconfig",
        example: "HTTP/1.1 403 Forbidden\n\n",
        ..RULE
    },
    Rule {
        id: "forbidden-before-a-login",
        over: Over::HTTP,
        after: After::ANONYMOUS,
        codes: &["http:403"],
        causes: &[C::NotAuthenticated, C::ProtocolDisabled, C::AppBlocked],
        advice: Advice {
            means: "The server refuses a request without credentials by 403 and offers no scheme: some services do so in place of 401, others are switched off.",
            remedy: "Ask with credentials: that answer says whether the service is on.",
            next: "Ask again with Basic or Bearer credentials.",
        },
        source: RFC,
        example: "HTTP/1.1 403 Forbidden\n\n",
        ..RULE
    },
    Rule {
        id: "eas-forbidden",
        over: Over::ACTIVESYNC,
        codes: &["http:403"],
        causes: &[C::ProtocolDisabled, C::DeviceBlocked, C::DeviceQuota],
        advice: Advice {
            means: "The login was taken and ActiveSync refused: it is off for the user, the device is blocked, or the user has too many devices.",
            remedy: "Check ActiveSyncEnabled of the mailbox, its mobile devices and the device access rules.",
            next: "Ask OPTIONS with the same login: where that is refused too, ActiveSync is off for the user.",
        },
        source: ASHTTP,
        example: "HTTP/1.1 403 Forbidden\n\n",
        ..RULE
    },
    Rule {
        id: "oauth-forbidden",
        over: Over::OAUTH,
        codes: &["http:401", "http:403"],
        causes: &[C::ConditionalAccess, C::AppBlocked, C::LocationBlocked],
        advice: a::CONDITIONAL_ACCESS,
        source: RFC,
        example: "HTTP/1.1 403 Forbidden\n\n",
        ..RULE
    },
    Rule {
        id: "eas-redirect",
        codes: &["http:451", "field:x-ms-location"],
        causes: &[C::Redirect],
        advice: a::REDIRECT,
        source: ASHTTP,
        example: "HTTP/1.1 451\nX-MS-Location: https://other.example/Microsoft-Server-ActiveSync\n\n",
        ..RULE
    },
    Rule {
        id: "http-redirect-to-sign-in",
        over: WEB,
        with: &["http:30*"],
        says: &[
            &["logon.aspx"],
            &["/owa/auth"],
            &["/login"],
            &["/signin"],
            &["login.microsoftonline"],
            &["/saml"],
            &["/adfs/"],
        ],
        causes: &[C::Redirect, C::WebLoginRequired, C::NotAuthenticated],
        advice: Advice {
            means: "The server sends the client to a sign-in page: this is no answer of the service.",
            remedy: "Check host and path of the service, and whether a portal stands before it.",
            next: "Open the address in a browser.",
        },
        source: RFC,
        example: "HTTP/1.1 302 Found\nLocation: https://mail.example.com/owa/auth/logon.aspx\n\n",
        ..RULE
    },
    Rule {
        id: "http-redirect",
        codes: &["http:30*"],
        causes: &[C::Redirect],
        advice: a::REDIRECT,
        source: RFC,
        example: "HTTP/1.1 302 Found\nLocation: https://other.example/\n\n",
        ..RULE
    },
    Rule {
        id: "autodiscover-not-found",
        over: Over::AUTODISCOVER,
        codes: &["http:404"],
        causes: &[C::NoSuchUser, C::NoSuchMailbox, C::BadRequest],
        advice: Advice {
            means: "No mailbox is found for the address, or there is no Autodiscover at this path.",
            remedy: "Check the address, its domain, and host and path of Autodiscover.",
            next: "Ask for another address of the same domain.",
        },
        source: RFC,
        example: "HTTP/1.1 404 Not Found\n\n",
        ..RULE
    },
    Rule {
        id: "http-not-found",
        over: Over::HTTP,
        codes: &["http:404", "http:410"],
        causes: &[C::NoSuchMailbox, C::BadRequest, C::ServiceRetired],
        advice: Advice {
            means: "There is nothing at this path, or no mailbox behind the address asked for.",
            remedy: "Check host, path and address; the service may be at another host or have ended.",
            next: "Ask Autodiscover for the address of the service.",
        },
        source: RFC,
        example: "HTTP/1.1 404 Not Found\n\n",
        ..RULE
    },
    Rule {
        id: "http-provisioning",
        codes: &["http:449"],
        causes: &[C::ProvisioningRequired],
        advice: a::PROVISIONING,
        source: ASHTTP,
        example: "HTTP/1.1 449 Retry after sending a PROVISION command\n\n",
        over: WEB,
        ..RULE
    },
    Rule {
        id: "http-account-blocked",
        codes: &["http:456"],
        causes: &[C::AccountLocked, C::AccountDisabled],
        advice: a::ACCOUNT_LOCKED,
        source: ASHTTP,
        example: "HTTP/1.1 456\n\n",
        ..RULE
    },
    Rule {
        id: "http-password-expired",
        codes: &["http:457"],
        causes: &[C::PasswordExpired],
        advice: a::PASSWORD_EXPIRED,
        source: ASHTTP,
        example: "HTTP/1.1 457\n\n",
        ..RULE
    },
    Rule {
        id: "http-session-over-password",
        codes: &["http:440", "http:419"],
        after: After::PASSWORD,
        causes: &[C::WebLoginRequired, C::TokenExpired],
        advice: a::WEB_LOGIN,
        source: "https://learn.microsoft.com/en-us/exchange/clients/outlook-on-the-web/outlook-on-the-web",
        example: "HTTP/1.1 440 Login Timeout\n\n",
        ..RULE
    },
    Rule {
        id: "http-session-over",
        codes: &["http:440", "http:419"],
        causes: &[C::TokenExpired, C::WebLoginRequired],
        advice: a::TOKEN_EXPIRED,
        source: "https://learn.microsoft.com/en-us/exchange/clients/outlook-on-the-web/outlook-on-the-web",
        example: "HTTP/1.1 440 Login Timeout\n\n",
        ..RULE
    },
    Rule {
        id: "http-version",
        codes: &["http:505", "http:426"],
        causes: &[C::ProtocolVersionTooOld],
        advice: a::VERSION_OLD,
        source: RFC,
        example: "HTTP/1.1 505 HTTP Version Not Supported\n\n",
        ..RULE
    },
    Rule {
        id: "http-throttled",
        codes: &["http:429"],
        causes: &[C::Throttled],
        advice: a::THROTTLED,
        source: "RFC 6585 section 4",
        example: "HTTP/1.1 429 Too Many Requests\n\n",
        ..RULE
    },
    Rule {
        id: "http-same-request-again",
        codes: &["http:408", "http:425"],
        causes: &[C::Temporary, C::Throttled],
        advice: a::TEMPORARY,
        source: "RFC 9110 section 15.5.9, RFC 8470 section 5.2",
        example: "HTTP/1.1 408 Request Timeout\n\n",
        ..RULE
    },
    Rule {
        id: "http-come-back-later",
        codes: &["field:retry-after"],
        causes: &[C::Throttled, C::Temporary],
        advice: a::THROTTLED,
        source: "RFC 9110 section 10.2.3",
        example: "HTTP/1.1 503 Service Unavailable\nRetry-After: 120\n\n",
        ..RULE
    },
    Rule {
        id: "http-overloaded",
        over: Over::EWS.union(Over::ACTIVESYNC),
        codes: &["http:503"],
        causes: &[C::Throttled, C::Temporary],
        advice: a::THROTTLED,
        source: "https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange",
        example: "HTTP/1.1 503 Service Unavailable\n\n",
        ..RULE
    },
    Rule {
        id: "http-mailbox-full",
        codes: &["http:507"],
        causes: &[C::MailboxUnavailable],
        advice: a::MAILBOX_UNAVAILABLE,
        source: ASHTTP,
        example: "HTTP/1.1 507 Insufficient Storage\n\n",
        ..RULE
    },
    Rule {
        id: "http-method-not-allowed",
        codes: &["http:405", "http:501"],
        causes: &[C::BadRequest, C::ProtocolVersionTooOld],
        advice: a::BAD_REQUEST,
        source: RFC,
        example: "HTTP/1.1 405 Method Not Allowed\n\n",
        ..RULE
    },
    Rule {
        id: "http-proxy-login",
        codes: &["http:407", "http:511"],
        causes: &[C::LocationBlocked, C::NotAuthenticated],
        advice: Advice {
            means: "A proxy or portal on the way wants a login: the service was not reached.",
            remedy: "Log in to the proxy or the portal, or go around it.",
            next: "",
        },
        source: RFC,
        example: "HTTP/1.1 407 Proxy Authentication Required\n\n",
        ..RULE
    },
    Rule {
        id: "http-server-fault",
        codes: &["http:5*"],
        causes: &[C::Temporary],
        advice: a::TEMPORARY,
        source: RFC,
        example: "HTTP/1.1 502 Bad Gateway\n\n",
        ..RULE
    },
    Rule {
        id: "http-bad-request",
        codes: &["http:4*"],
        causes: &[C::BadRequest],
        advice: a::BAD_REQUEST,
        source: RFC,
        example: "HTTP/1.1 400 Bad Request\n\n",
        ..RULE
    },
];
