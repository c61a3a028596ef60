//! Google's sign-in and token errors: the sentence tells reasons apart that share one OAuth error.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::Over;
use crate::model::Cause as C;

const OAUTH: &str = "https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors";
const SERVICE: &str = "https://developers.google.com/identity/protocols/oauth2/service-account#error-codes";

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "google-admin-policy",
        codes: &["oauth:admin_policy_enforced"],
        causes: &[C::AppBlocked, C::ConsentRequired],
        advice: Advice {
            means: "The Google Workspace administrator's rules for apps do not let this app use the scopes it asks for.",
            remedy: "Have the administrator trust the client id under API controls.",
            next: "Repeat with a client id that the organisation trusts.",
        },
        source: OAUTH,
        example: r#"{"error":"admin_policy_enforced","error_description":"The user's domain has restricted this app."}"#,
        ..RULE
    },
    Rule {
        id: "google-org-internal",
        codes: &["oauth:org_internal"],
        causes: &[C::TokenWrongTenant, C::AppBlocked],
        advice: Advice {
            means: "The app admits only accounts of its own organisation, and this account is of another.",
            remedy: "Sign in with an account of the app's organisation, or use an app that is open to others.",
            next: "",
        },
        source: OAUTH,
        example: r#"{"error":"org_internal"}"#,
        ..RULE
    },
    Rule {
        id: "google-app-blocked",
        codes: &[
            "oauth:disallowed_useragent",
            "oauth:app_not_verified",
            "oauth:unverified_app",
            "oauth:app_not_configured_for_user",
        ],
        causes: &[C::AppBlocked],
        advice: a::APP_BLOCKED,
        source: OAUTH,
        example: r#"{"error":"disallowed_useragent"}"#,
        ..RULE
    },
    Rule {
        id: "google-client-gone",
        codes: &["oauth:deleted_client"],
        causes: &[C::AppNotFound, C::AppBlocked],
        advice: a::APP_NOT_FOUND,
        source: OAUTH,
        example: r#"{"error":"deleted_client","error_description":"The OAuth client was deleted."}"#,
        ..RULE
    },
    Rule {
        id: "google-client-disabled",
        codes: &["oauth:disabled_client"],
        causes: &[C::AppBlocked],
        advice: a::APP_BLOCKED,
        source: OAUTH,
        example: r#"{"error":"disabled_client","error_description":"The OAuth client was disabled."}"#,
        ..RULE
    },
    Rule {
        id: "google-client-not-found",
        with: &["oauth:invalid_client"],
        says: &[
            &["client was not found"],
            &["client not found"],
            &["client was deleted"],
            &["unknown client"],
            &["no such client"],
        ],
        causes: &[C::AppNotFound],
        advice: a::APP_NOT_FOUND,
        source: OAUTH,
        example: r#"{"error":"invalid_client","error_description":"The OAuth client was not found."}"#,
        ..RULE
    },
    Rule {
        id: "client-of-another-kind-of-account",
        with: &["oauth:unauthorized_client", "oauth:invalid_client"],
        says: &[&["not enabled for consumers"], &["does not exist"], &["not enabled for", "account"]],
        unless: &["aadsts"],
        causes: &[C::AppNotFound, C::TokenWrongTenant, C::AppBlocked],
        advice: a::APP_NOT_FOUND,
        source: "https://learn.microsoft.com/en-us/entra/identity-platform/supported-accounts-validation",
        example: r#"{"error":"unauthorized_client","error_description":"The client does not exist or is not enabled for consumers."}"#,
        ..RULE
    },
    Rule {
        id: "google-delegation",
        with: &["oauth:unauthorized_client"],
        says: &[
            &["unauthorized to retrieve access tokens"],
            &["not authorized for any of the scopes"],
            &["unauthorized or access not"],
        ],
        causes: &[C::ConsentRequired, C::TokenMissingScope, C::AppBlocked],
        advice: Advice {
            means: "The service account or client has no domain-wide delegation for these scopes.",
            remedy: "Have the Workspace administrator delegate the scope https://mail.google.com/ to the service account's client id.",
            next: "",
        },
        source: SERVICE,
        example: r#"{"error":"unauthorized_client","error_description":"Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested."}"#,
        ..RULE
    },
    Rule {
        id: "google-reauthentication",
        over: Over::OAUTH,
        says: &[&["invalid_rapt"], &["reauth related error"], &["rapt_required"]],
        with: &["oauth:invalid_grant", "suberror:invalid_rapt", "suberror:rapt_required"],
        causes: &[C::TokenExpired, C::WebLoginRequired, C::MfaRequired],
        advice: Advice {
            means: "The organisation limits how long a sign-in lasts, and this one has to be renewed by the user.",
            remedy: "Sign in again; have the administrator exempt the app from session control if it runs unattended.",
            next: "",
        },
        source: "https://support.google.com/a/answer/9368756",
        example: r#"{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}"#,
        ..RULE
    },
    Rule {
        id: "grant-no-such-user",
        over: Over::OAUTH,
        says: &[
            &["invalid email or user id"],
            &["not a valid email"],
            &["user does not exist"],
            &["unknown user"],
            &["no such user"],
        ],
        with: &["oauth:invalid_grant", "oauth:invalid_request"],
        causes: &[C::NoSuchUser],
        advice: a::NO_SUCH_USER,
        source: SERVICE,
        example: r#"{"error":"invalid_grant","error_description":"Invalid email or User ID"}"#,
        ..RULE
    },
    Rule {
        id: "grant-app-account-not-found",
        over: Over::OAUTH,
        says: &[&["account not found"], &["service account", "not found"]],
        with: &["oauth:invalid_grant"],
        causes: &[C::AppNotFound, C::NoSuchUser],
        advice: a::APP_NOT_FOUND,
        source: SERVICE,
        example: r#"{"error":"invalid_grant","error_description":"Invalid grant: account not found"}"#,
        ..RULE
    },
    Rule {
        id: "grant-account-gone",
        over: Over::OAUTH,
        says: &[
            &["account has been deleted"],
            &["account has been disabled"],
            &["account", "suspended"],
            &["user", "disabled"],
            &["account is disabled"],
            &["account disabled"],
        ],
        with: &["oauth:invalid_grant", "oauth:access_denied", "oauth:invalid_request"],
        causes: &[C::AccountDisabled],
        advice: a::ACCOUNT_DISABLED,
        source: SERVICE,
        example: r#"{"error":"invalid_grant","error_description":"Account has been deleted"}"#,
        ..RULE
    },
    Rule {
        id: "grant-assertion",
        over: Over::OAUTH,
        says: &[
            &["invalid jwt"],
            &["jwt signature"],
            &["jwt must"],
            &["token must be a short-lived token"],
            &["assertion"],
        ],
        with: &["oauth:invalid_grant", "oauth:invalid_client"],
        causes: &[C::AppCredentialInvalid, C::BadRequest],
        advice: Advice {
            means: "The signed assertion of the app or service account is not taken: wrong key, wrong claims, or a clock that is off.",
            remedy: "Check the key, the claims (iss, sub, aud, exp within an hour) and the clock.",
            next: "Compare iat and exp with the Date field of the answer.",
        },
        source: SERVICE,
        example: r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#,
        ..RULE
    },
    Rule {
        id: "app-in-testing",
        over: Over::OAUTH,
        says: &[
            &["access blocked"],
            &["has not completed", "verification"],
            &["test users"],
            &["app is blocked"],
            &["currently being tested"],
        ],
        with: &["oauth:access_denied", "oauth:invalid_request", "oauth:unauthorized_client"],
        causes: &[C::AppBlocked],
        advice: a::APP_BLOCKED,
        source: OAUTH,
        example: "access_denied: Mail Checker has not completed the Google verification process",
        ..RULE
    },
];
