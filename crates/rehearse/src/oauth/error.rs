//! Refusals as Entra writes them (learn.microsoft.com/entra/identity-platform/reference-error-codes): an OAuth error
//! (RFC 6749 section 5.2) with an AADSTS code.

use mailprobe_probes::model::{Cause, moment};
use serde_json::json;

use super::super::web::Response;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The number behind `AADSTS`.
    pub(super) code: u32,
    /// The error of RFC 6749 or RFC 8628.
    pub(super) error: &'static str,
    status: u16,
    pub(super) text: String,
}

impl Refusal {
    pub(super) fn new(code: u32, error: &'static str, text: impl Into<String>) -> Self {
        // RFC 6749 section 5.2: an app that does not prove itself gets 401.
        let status = match error {
            "invalid_client" => 401,
            "temporarily_unavailable" => 503,
            _ => 400,
        };
        Self { code, error, status, text: text.into() }
    }

    /// What the tenant's rules say about a sign-in.
    pub(super) fn of(cause: Cause, tenant: &str, client_id: &str) -> Self {
        let (code, error, text) = match cause {
            Cause::BadCredentials => {
                (50126, "invalid_grant", "Error validating credentials due to invalid username or password.".to_owned())
            }
            Cause::NoSuchUser => (
                50034,
                "invalid_grant",
                format!(
                    "The user account {{EmailHidden}} does not exist in the {tenant} directory. To sign into this \
                     application, the account must be added to the directory."
                ),
            ),
            Cause::AccountLocked => (
                50053,
                "invalid_grant",
                "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."
                    .to_owned(),
            ),
            Cause::AccountDisabled => (50057, "invalid_grant", "The user account is disabled.".to_owned()),
            Cause::PasswordExpired => (50055, "invalid_grant", "The password is expired.".to_owned()),
            Cause::MfaRequired => (
                50076,
                "interaction_required",
                "Due to a configuration change made by your administrator, or because you moved to a new location, you \
                 must use multi-factor authentication to access '00000002-0000-0ff1-ce00-000000000000'."
                    .to_owned(),
            ),
            Cause::ConditionalAccess | Cause::LocationBlocked => (
                53003,
                "interaction_required",
                "Access has been blocked by Conditional Access policies. The access policy does not allow token \
                 issuance."
                    .to_owned(),
            ),
            Cause::SecurityDefaults => {
                (530_035, "access_denied", "Access has been blocked by security defaults.".to_owned())
            }
            Cause::ConsentRequired => return Self::consent(client_id),
            Cause::AppBlocked => (
                50105,
                "invalid_grant",
                format!(
                    "Your administrator has configured the application ('{client_id}') to block users unless they are \
                     specifically granted ('assigned') access to the application."
                ),
            ),
            Cause::Throttled => (
                50196,
                "invalid_grant",
                "The server terminated an operation because it encountered a loop while processing a request.".to_owned(),
            ),
            Cause::Temporary => {
                (90033, "temporarily_unavailable", "A transient error has occurred. Please try again.".to_owned())
            }
            Cause::AppNotFound => return Self::no_app(client_id, tenant),
            _ => (
                50131,
                "invalid_grant",
                "Device is not in required device state: known. Or, the request was blocked due to suspicious activity, \
                 access policy, or security policy decisions."
                    .to_owned(),
            ),
        };
        Self::new(code, error, text)
    }

    pub(super) fn consent(client_id: &str) -> Self {
        let text = format!(
            "The user or administrator has not consented to use the application with ID '{client_id}'. Send an \
             interactive authorization request for this user and resource."
        );
        Self::new(65001, "invalid_grant", text)
    }

    pub(super) fn no_app(client_id: &str, tenant: &str) -> Self {
        let shown: String = client_id.chars().take(64).collect();
        let text = format!(
            "Application with identifier '{shown}' was not found in the directory '{tenant}'. This can happen if the \
             application has not been installed by the administrator of the tenant or consented to by any user in the \
             tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::new(700_016, "unauthorized_client", text)
    }

    pub(super) fn missing(parameter: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{parameter}'.");
        Self::new(900_144, "invalid_request", text)
    }

    pub(super) fn malformed() -> Self {
        Self::new(9_002_313, "invalid_request", "Invalid request. Request is malformed or invalid.")
    }

    pub(super) fn scope(scope: &str) -> Self {
        let shown: String = scope.chars().take(200).collect();
        let text = format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter \
             'scope' is not valid. The scope {shown} is not valid."
        );
        Self::new(70011, "invalid_scope", text)
    }

    /// As Entra's token endpoint says it; ids are of this request.
    pub(super) fn response(&self, base: &str, now: u64, trace: &str, correlation: &str) -> Response {
        let time = timestamp(now);
        let description = format!(
            "AADSTS{}: {}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {time}",
            self.code, self.text
        );
        let mut said = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": [self.code],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{base}/error?code={}", self.code),
        });
        // What a client is to do about it: learn.microsoft.com, "Conditional Access guidance for developers".
        if matches!(self.code, 50076 | 53003)
            && let Some(object) = said.as_object_mut()
        {
            let sub = if self.code == 50076 { "basic_action" } else { "message_only" };
            object.insert("suberror".to_owned(), sub.into());
        }
        Response { note: Some(format!("AADSTS{}", self.code)), ..super::json_response(self.status, &said) }
    }
}

fn timestamp(now: u64) -> String {
    moment::rfc3339(i64::try_from(now).unwrap_or_default()).replace('T', " ")
}
