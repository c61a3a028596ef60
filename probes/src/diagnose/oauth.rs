//! OAuth's own errors (RFC 6749 section 5.2, RFC 6750, RFC 8628, RFC 9449, `OpenID` Connect), as token endpoints
//! and resource servers use them.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

/// Errors that mean one thing, and sentences that make one of them so.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "token-given",
        codes: &["oauth:access_token"],
        causes: &[C::Accepted],
        advice: a::ACCEPTED,
        source: "RFC 6749 section 5.1",
        example: r#"{"token_type":"Bearer","access_token":"REDACTED","expires_in":3599}"#,
        ..RULE
    },
    Rule {
        id: "device-code-given",
        codes: &["oauth:device_code", "oauth:authorization_pending"],
        causes: &[C::Informational],
        advice: Advice {
            means: "The device code flow goes on: the user has not finished the sign-in yet.",
            remedy: "Ask again at the given interval until the user is done.",
            next: "",
        },
        source: "RFC 8628 section 3.5",
        example: r#"{"error":"authorization_pending","error_description":"Precondition Required"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-slow-down",
        codes: &[
            "oauth:slow_down",
            "oauth:rate_limit_exceeded",
            "oauth:too_many_requests",
            "oauth:resource_exhausted",
            "oauth:quota_exceeded",
            "oauth:over_query_limit",
        ],
        causes: &[C::Throttled, C::Informational],
        advice: a::THROTTLED,
        source: "RFC 8628 section 3.5",
        example: r#"{"error":"slow_down"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-expired",
        codes: &[
            "oauth:expired_token",
            "oauth:code_expired",
            "oauth:token_expired",
            "suberror:token_expired",
            "suberror:bad_token",
            "oauth:invalidauthenticationtoken",
        ],
        causes: &[C::TokenExpired],
        advice: a::TOKEN_EXPIRED,
        source: "RFC 8628 section 3.5",
        example: r#"{"error":"expired_token"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-refresh-token-unreadable",
        codes: &["oauth:invalid_refresh_token", "oauth:invalid_refreshtoken", "oauth:refresh_token_invalid"],
        causes: &[C::TokenInvalid, C::TokenExpired],
        advice: Advice {
            means: "The endpoint does not take the refresh token: it is damaged, was revoked, or is none of its own.",
            remedy: "Sign in again for a new refresh token, and store it whole.",
            next: "",
        },
        source: "https://developer.yahoo.com/oauth2/guide/flows_authcode/",
        example: r#"{"error":"INVALID_REFRESH_TOKEN","error_description":"Failed to decode/encode refresh token"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-device-code-wrong",
        codes: &["oauth:bad_verification_code"],
        causes: &[C::BadRequest, C::TokenExpired],
        advice: a::BAD_REQUEST,
        source: "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code",
        example: r#"{"error":"bad_verification_code"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-declined",
        codes: &[
            "oauth:authorization_declined",
            "oauth:consent_required",
            "suberror:consent_required",
            "oauth:user_cancelled_login",
            "oauth:user_cancelled_authorize",
        ],
        causes: &[C::ConsentRequired],
        advice: a::CONSENT,
        source: "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code",
        example: r#"{"error":"authorization_declined"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-protection-policy",
        codes: &["suberror:protection_policy_required"],
        causes: &[C::ConditionalAccess, C::AppBlocked],
        advice: a::CONDITIONAL_ACCESS,
        source: "https://learn.microsoft.com/en-us/entra/msal/dotnet/advanced/exceptions/msal-error-handling",
        example: r#"{"error":"unauthorized_client","suberror":"protection_policy_required"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-password-expired",
        codes: &["suberror:user_password_expired"],
        causes: &[C::PasswordExpired],
        advice: a::PASSWORD_EXPIRED,
        source: "https://learn.microsoft.com/en-us/entra/msal/dotnet/advanced/exceptions/msal-error-handling",
        example: r#"{"error":"interaction_required","suberror":"user_password_expired"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-login-required",
        codes: &["oauth:login_required", "oauth:account_selection_required", "oauth:session_expired"],
        causes: &[C::WebLoginRequired, C::TokenExpired],
        advice: a::WEB_LOGIN,
        source: "OpenID Connect Core section 3.1.2.6",
        example: r#"{"error":"login_required"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-mfa",
        codes: &[
            "oauth:mfa_required",
            "oauth:insufficient_user_authentication",
            "oauth:unmet_authentication_requirements",
        ],
        causes: &[C::MfaRequired],
        advice: a::MFA_REQUIRED,
        source: "RFC 9470 section 3",
        example: r#"{"error":"mfa_required","error_description":"Multifactor authentication required"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-client-credential",
        codes: &[
            "oauth:invalid_client",
            "oauth:invalid_client_secret",
            "oauth:invalid_client_credentials",
            "oauth:invalid_dpop_proof",
            "oauth:use_dpop_nonce",
        ],
        unless: &["not found", "aadsts"],
        causes: &[C::AppCredentialInvalid, C::AppNotFound],
        advice: a::APP_CREDENTIAL,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_client","error_description":"Unauthorized"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-wrong-audience",
        codes: &["oauth:invalid_resource", "oauth:invalid_target", "sasl:invalid_target"],
        causes: &[C::TokenWrongAudience],
        advice: a::WRONG_AUDIENCE,
        source: "RFC 8707 section 2",
        example: r#"{"error":"invalid_target"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-scope",
        codes: &["oauth:invalid_scope", "sasl:invalid_scope"],
        causes: &[C::TokenMissingScope, C::BadRequest],
        advice: a::MISSING_SCOPE,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_scope","error_description":"Some requested scopes were invalid."}"#,
        ..RULE
    },
    Rule {
        id: "oauth-scope-missing",
        codes: &[
            "oauth:insufficient_scope",
            "sasl:insufficient_scope",
            "oauth:permission_denied",
            "oauth:access_token_scope_insufficient",
        ],
        causes: &[C::TokenMissingScope],
        advice: a::MISSING_SCOPE,
        source: "RFC 6750 section 3.1, RFC 7628 section 3.2.2",
        example: "+ eyJzdGF0dXMiOiJpbnN1ZmZpY2llbnRfc2NvcGUifQ==",
        ..RULE
    },
    Rule {
        id: "sasl-token-expired",
        codes: &["sasl:expired_token", "sasl:token_expired"],
        causes: &[C::TokenExpired],
        advice: a::TOKEN_EXPIRED,
        source: "RFC 7628 section 3.2.2",
        example: "+ eyJzdGF0dXMiOiJ0b2tlbl9leHBpcmVkIn0=",
        ..RULE
    },
    Rule {
        id: "sasl-request-malformed",
        codes: &["sasl:invalid_request"],
        causes: &[C::ClientProtocolError, C::TokenInvalid],
        advice: a::CLIENT_ERROR,
        source: "RFC 7628 section 3.2.2",
        example: "+ eyJzdGF0dXMiOiJpbnZhbGlkX3JlcXVlc3QifQ==",
        ..RULE
    },
    Rule {
        id: "sasl-token-invalid",
        codes: &["sasl:invalid_token", "sasl:invalid_grant", "sasl:unauthorized"],
        causes: &[C::TokenInvalid, C::TokenExpired, C::TokenWrongAudience],
        advice: a::TOKEN_REFUSED,
        source: "RFC 7628 section 3.2.2; https://doc.dovecot.org/latest/core/config/auth/databases/oauth2.html",
        example: "+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=",
        ..RULE
    },
    Rule {
        id: "oauth-server-fault",
        codes: &[
            "oauth:server_error",
            "oauth:temporarily_unavailable",
            "oauth:internal_failure",
            "oauth:backenderror",
            "oauth:service_unavailable",
        ],
        causes: &[C::Temporary],
        advice: a::TEMPORARY,
        source: "RFC 6749 section 4.1.2.1",
        example: r#"{"error":"temporarily_unavailable"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-app-unknown",
        codes: &["oauth:invalid_client_id", "oauth:unknown_client", "oauth:application_not_found"],
        causes: &[C::AppNotFound],
        advice: a::APP_NOT_FOUND,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_client_id"}"#,
        ..RULE
    },
    Rule {
        id: "grant-client-mismatch",
        over: Over::OAUTH,
        says: &[
            &["unauthorized client"],
            &["issued to another client"],
            &["client", "mismatch"],
            &["not issued to"],
        ],
        with: &["oauth:invalid_grant", "oauth:unauthorized_client"],
        causes: &[C::AppNotFound, C::TokenInvalid, C::AppBlocked],
        advice: a::APP_NOT_FOUND,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_grant","error_description":"The refresh token was issued to another client"}"#,
        ..RULE
    },
    Rule {
        id: "grant-expired",
        over: Over::OAUTH,
        says: &[
            &["expired"],
            &["revoked"],
            &["already", "used"],
            &["already", "redeemed"],
            &["no longer valid"],
            &["not active"],
        ],
        unless: &["password"],
        with: &[
            "oauth:invalid_grant",
            "oauth:invalid_token",
            "oauth:invalid_request",
            "oauth:unauthenticated",
        ],
        causes: &[C::TokenExpired],
        advice: a::TOKEN_EXPIRED,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
        ..RULE
    },
    Rule {
        id: "grant-code-malformed",
        over: Over::OAUTH,
        says: &[
            &["malformed"],
            &["code_verifier"],
            &["code verifier"],
            &["redirect_uri"],
            &["redirect uri"],
            &["missing required parameter"],
        ],
        with: &["oauth:invalid_grant", "oauth:invalid_request"],
        causes: &[C::BadRequest, C::TokenInvalid],
        advice: a::BAD_REQUEST,
        source: "RFC 6749 section 5.2, RFC 7636 section 4.6",
        example: r#"{"error":"invalid_grant","error_description":"Malformed auth code."}"#,
        ..RULE
    },
    Rule {
        id: "grant-password-wrong",
        over: Over::OAUTH,
        says: &[
            &["username or password"],
            &["user name or password"],
            &["invalid user credentials"],
            &["bad credentials"],
            &["invalid username"],
            &["incorrect password"],
            &["invalid credentials"],
        ],
        with: &["oauth:invalid_grant", "oauth:access_denied", "oauth:unauthorized"],
        causes: &[C::BadCredentials],
        advice: a::BAD_CREDENTIALS_PLAIN,
        source: "RFC 6749 section 4.3",
        example: r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-account-not-set-up",
        with: &["oauth:invalid_grant"],
        says: &[&["not fully set up"], &["required action"]],
        causes: &[C::WebLoginRequired, C::PasswordExpired, C::MfaRequired],
        advice: Advice {
            means: "The provider wants something of the user first: a new password, a second factor, a verified address or accepted terms.",
            remedy: "Sign in once with a browser and do what is asked there.",
            next: "The account's page with the provider shows what is pending.",
        },
        source: "https://github.com/keycloak/keycloak",
        example: r#"{"error":"invalid_grant","error_description":"Account is not fully set up"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-bad-request",
        codes: &[
            "oauth:unsupported_grant_type",
            "oauth:unsupported_response_type",
            "oauth:redirect_uri_mismatch",
            "oauth:invalid_redirect_uri",
            "oauth:origin_mismatch",
            "oauth:unsupported_token_type",
            "oauth:invalid_argument",
            "oauth:request_not_supported",
            "oauth:invalid_request_uri",
            "oauth:invalid_request_object",
            "oauth:unsupported_response_mode",
        ],
        causes: &[C::BadRequest],
        advice: a::BAD_REQUEST,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"unsupported_grant_type"}"#,
        ..RULE
    },
];

/// Errors that mean many things, after the sentence beside them has had its say.
pub(super) const BROAD: &[Rule] = &[
    Rule {
        id: "oauth-library-wants-the-user",
        with: &["oauth:invalid_grant", "oauth:interaction_required"],
        says: &[&["uirequiredexception"], &["interactionrequiredautherror"]],
        causes: &[C::WebLoginRequired, C::TokenExpired, C::ConsentRequired, C::MfaRequired],
        advice: Advice {
            means: "The Microsoft library cannot renew the token without the user: the grant has expired or was revoked, or a rule or a consent asks for a new sign-in.",
            remedy: "Sign in again in the program. If it comes back at once, look for the AADSTS number in its log: it names the reason.",
            next: "The sign-in log of the account has the AADSTS number at that time.",
        },
        source: "https://learn.microsoft.com/en-us/entra/msal/dotnet/advanced/exceptions/msal-error-handling",
        example: "Exception type: Microsoft.Identity.Client.MsalUiRequiredException , ErrorCode: invalid_grant , StatusCode: 400",
        ..RULE
    },
    Rule {
        id: "oauth-invalid-grant",
        codes: &["oauth:invalid_grant"],
        causes: &[C::TokenExpired, C::TokenInvalid, C::BadRequest],
        advice: Advice {
            means: "The grant is not taken: a refresh token or code that has expired, was revoked, used twice, or belongs to another client or redirect address.",
            remedy: "Sign in again and store the newest refresh token; never repeat the same grant.",
            next: "Sign in again: if the fresh grant is taken, the old one had expired.",
        },
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_grant"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-interaction-required",
        codes: &["oauth:interaction_required"],
        causes: &[C::WebLoginRequired, C::MfaRequired, C::ConditionalAccess],
        advice: a::WEB_LOGIN,
        source: "OpenID Connect Core section 3.1.2.6",
        example: r#"{"error":"interaction_required"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-access-denied",
        codes: &["oauth:access_denied"],
        causes: &[C::ConsentRequired, C::AppBlocked, C::ConditionalAccess],
        advice: a::CONSENT,
        source: "RFC 6749 section 4.1.2.1",
        example: r#"{"error":"access_denied"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-unauthorized-client",
        codes: &["oauth:unauthorized_client"],
        causes: &[C::AppBlocked, C::AppNotFound, C::BadRequest],
        advice: Advice {
            means: "The client may not use this grant type here, or is not known.",
            remedy: "Check what kind of client is registered (public or confidential, which accounts and flows) against the request.",
            next: "",
        },
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"unauthorized_client"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-client-fault",
        codes: &["oauth:invalid_client"],
        causes: &[C::AppCredentialInvalid, C::AppNotFound],
        advice: a::APP_CREDENTIAL,
        source: "RFC 6749 section 5.2",
        example: "invalid_client: AADSTS79999999: etwas anderes",
        ..RULE
    },
    Rule {
        id: "oauth-invalid-token",
        codes: &["oauth:invalid_token", "oauth:unauthenticated", "oauth:unauthorized"],
        causes: &[C::TokenInvalid, C::TokenExpired, C::TokenWrongAudience],
        advice: a::TOKEN_REFUSED,
        source: "RFC 6750 section 3.1",
        example: r#"{"error":"invalid_token"}"#,
        ..RULE
    },
    Rule {
        id: "oauth-invalid-request",
        codes: &["oauth:invalid_request"],
        causes: &[C::BadRequest],
        advice: a::BAD_REQUEST,
        source: "RFC 6749 section 5.2",
        example: r#"{"error":"invalid_request"}"#,
        ..RULE
    },
    Rule {
        id: "token-error-challenge",
        over: Over::LINES,
        after: After::TOKEN,
        codes: &["sasl:4*"],
        causes: &[C::TokenInvalid, C::TokenExpired, C::TokenMissingScope, C::TokenWrongUser],
        advice: a::TOKEN_REFUSED,
        source: "RFC 7628 section 3.2.2; https://developers.google.com/workspace/gmail/imap/xoauth2-protocol",
        example: "334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiQmVhcmVyIn0=\n535 5.7.8 xyzzy",
        ..RULE
    },
];

/// What an error report says where neither its words nor the answer behind it give a reason.
pub(super) const REPORTED: &[Rule] = &[Rule {
    id: "token-error-report",
    over: Over::LINES,
    codes: &["challenge:error-report"],
    causes: &[C::TokenInvalid, C::TokenExpired, C::TokenMissingScope, C::TokenWrongUser],
    advice: a::TOKEN_REFUSED,
    source: "RFC 7628 section 3.2.3",
    example: "S: + eyJzY2hlbWVzIjoiYmVhcmVyIn0=\nC: \nS: a1 NO xyzzy",
    ..RULE
}];
