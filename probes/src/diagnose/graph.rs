//! Errors of Microsoft Graph's mail resources: the code of the JSON error object.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::Over;
use crate::model::Cause as C;

const ERRORS: &str = "https://learn.microsoft.com/en-us/graph/errors";
const RESOURCES: &str = "https://learn.microsoft.com/en-us/graph/resolve-auth-errors";

const NO_GRAPH_MAILBOX: Advice = Advice {
    means: "Graph finds no usable mailbox for this user: it is on-premises, soft-deleted or inactive, or the account has no licence for Exchange Online.",
    remedy: "Check the user's licence and where the mailbox is (Get-EXORecipient: RecipientTypeDetails); a mailbox on-premises is reached by its own server.",
    next: "Ask Graph for another user of the same tenant: if that works, this user's mailbox is the reason.",
};

/// Sentences of Graph, for answers that were copied without their code.
pub(super) const SENTENCES: &[Rule] = &[
    Rule {
        id: "graph-says-odata-disabled",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["access to odata is disabled"]],
        causes: &[C::AppBlocked, C::NoMailboxPermission],
        advice: OUT_OF_SCOPE,
        source: "https://learn.microsoft.com/en-us/graph/auth-limit-mailbox-access",
        example: "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access to OData is disabled.]",
        ..RULE
    },
    Rule {
        id: "graph-says-no-permissions",
        says: &[&["token contains no permissions"], &["nopermissionsinaccesstoken"]],
        causes: &[C::TokenMissingScope, C::ConsentRequired],
        advice: a::MISSING_SCOPE,
        source: RESOURCES,
        example: "NoPermissionsInAccessToken: The token contains no permissions, or permissions can not be understood.",
        ..RULE
    },
    Rule {
        id: "google-says-no-credential",
        says: &[&["missing required authentication credential"]],
        causes: &[C::NotAuthenticated, C::TokenInvalid, C::TokenExpired],
        advice: Advice {
            means: "The request came without a token, or with an empty one.",
            remedy: "Connect the program with the account again, and check that it sends the token it got (Authorization: Bearer).",
            next: "",
        },
        source: "https://developers.google.com/workspace/gmail/api/guides/handle-errors",
        example: "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
        ..RULE
    },
    Rule {
        id: "google-says-insufficient-scopes",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["insufficient authentication scopes"]],
        causes: &[C::TokenMissingScope],
        advice: a::MISSING_SCOPE,
        source: "https://developers.google.com/workspace/gmail/api/guides/handle-errors",
        example: "Request had insufficient authentication scopes.",
        ..RULE
    },
    Rule {
        id: "graph-says-token-unreadable",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["compacttoken parsing failed"]],
        causes: &[C::TokenInvalid, C::TokenWrongAudience, C::TokenExpired],
        advice: a::TOKEN_INVALID,
        source: RESOURCES,
        example: "CompactToken parsing failed with error code: 80049217",
        ..RULE
    },
    Rule {
        id: "graph-says-no-mailbox",
        over: Over::EWS.union(Over::OAUTH),
        says: &[
            &["rest api is not yet supported for this mailbox"],
            &["mailbox is either inactive, soft-deleted"],
            &["mailbox is not enabled for rest"],
            &["account that does not have a mailbox"],
        ],
        causes: &[C::NoSuchMailbox, C::MailboxUnavailable],
        advice: NO_GRAPH_MAILBOX,
        source: ERRORS,
        example: "Error Message: REST API is not yet supported for this mailbox.",
        ..RULE
    },
    Rule {
        id: "exchange-says-folder-of-the-system",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["non-system logon cannot access"]],
        causes: &[C::NoMailboxPermission],
        advice: Advice {
            means: "The login is good. This folder is the system's own (Audits, for one): no user may open it, whatever rights it has.",
            remedy: "Leave the folder out of what the program walks through.",
            next: "",
        },
        source: "https://github.com/ecederstrand/exchangelib/issues/701",
        example: "Access is denied. Check credentials and try again., Non-system logon cannot access Audits folder.",
        ..RULE
    },
    Rule {
        id: "graph-says-access-denied",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["access is denied. check credentials and try again"]],
        causes: &[C::TokenMissingScope, C::NoMailboxPermission, C::AppBlocked],
        advice: DENIED,
        source: RESOURCES,
        example: "Access is denied. Check credentials and try again.",
        ..RULE
    },
];

const OUT_OF_SCOPE: Advice = Advice {
    means: "An application access policy keeps this app from the mailbox.",
    remedy: "Add the mailbox to the app's scope: with RBAC for Applications a management scope, with an older policy its security group (Test-ApplicationAccessPolicy shows it).",
    next: "Ask for a mailbox inside the scope with the same token.",
};
const DENIED: Advice = Advice {
    means: "The token lacks the permission for this call, or the app or user has no right to this mailbox.",
    remedy: "Compare the permission's kind with the way the token was got: an app without a user needs application permissions (Mail.Send, Mail.ReadWrite) with admin consent, delegated ones do nothing for it.",
    next: "Decode the token: scp lists delegated permissions, roles lists application permissions.",
};

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "graph-no-mailbox",
        over: Over::EWS.union(Over::OAUTH),
        codes: &["oauth:mailboxnotenabledforrestapi", "oauth:mailboxnotsupportedforrestapi"],
        causes: &[C::NoSuchMailbox, C::MailboxUnavailable],
        advice: NO_GRAPH_MAILBOX,
        source: ERRORS,
        example: r#"{"error":{"code":"MailboxNotEnabledForRESTAPI","message":"The mailbox is either inactive, soft-deleted, or is hosted on-premise."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-no-such-user",
        over: Over::EWS.union(Over::OAUTH),
        codes: &["oauth:errorinvaliduser", "oauth:request_resourcenotfound", "oauth:resourcenotfound"],
        causes: &[C::NoSuchMailbox, C::NoSuchUser],
        advice: NO_GRAPH_MAILBOX,
        source: ERRORS,
        example: r#"{"error":{"code":"ErrorInvalidUser","message":"The requested user is invalid."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-odata-disabled",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["access to odata is disabled"]],
        with: &["oauth:*", "ews:*"],
        causes: &[C::AppBlocked, C::NoMailboxPermission],
        advice: OUT_OF_SCOPE,
        source: "https://learn.microsoft.com/en-us/graph/auth-limit-mailbox-access",
        example: r#"{"error":{"code":"ErrorAccessDenied","message":"Access to OData is disabled."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-access-denied",
        over: Over::EWS.union(Over::OAUTH),
        codes: &["oauth:erroraccessdenied", "oauth:authorization_requestdenied"],
        causes: &[C::TokenMissingScope, C::NoMailboxPermission, C::AppBlocked],
        advice: DENIED,
        source: RESOURCES,
        example: r#"{"error":{"code":"ErrorAccessDenied","message":"Access is denied. Check credentials and try again."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-bad-request",
        over: Over::EWS.union(Over::OAUTH),
        codes: &["oauth:badrequest", "oauth:requestbroker--parseuri"],
        causes: &[C::BadRequest],
        advice: a::BAD_REQUEST,
        source: ERRORS,
        example: r#"{"error":{"code":"BadRequest","message":"Resource not found for the segment 'mailboxsettings'."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-token-expired",
        over: Over::EWS.union(Over::OAUTH),
        says: &[
            &["lifetime validation failed"],
            &["token has expired"],
            &["token is expired"],
            &["token expired"],
        ],
        with: &["oauth:invalidauthenticationtoken"],
        causes: &[C::TokenExpired],
        advice: a::TOKEN_EXPIRED,
        source: RESOURCES,
        example: r#"{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-token-audience",
        over: Over::EWS.union(Over::OAUTH),
        says: &[&["audience"]],
        with: &["oauth:invalidauthenticationtoken"],
        causes: &[C::TokenWrongAudience],
        advice: a::WRONG_AUDIENCE,
        source: RESOURCES,
        example: r#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token validation failure. Invalid audience."}}"#,
        ..RULE
    },
    Rule {
        id: "graph-token-unreadable",
        over: Over::EWS.union(Over::OAUTH),
        codes: &["oauth:invalidauthenticationtoken", "oauth:invalidauthenticationtokenformat"],
        causes: &[C::TokenInvalid, C::TokenWrongAudience, C::TokenExpired],
        advice: a::TOKEN_INVALID,
        source: RESOURCES,
        example: r#"{"error":{"code":"InvalidAuthenticationToken","message":"CompactToken parsing failed with error code: 80049217"}}"#,
        ..RULE
    },
];
