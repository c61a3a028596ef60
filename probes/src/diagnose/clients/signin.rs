//! What sign-in libraries (MSAL, ADAL) and programs that keep tokens say without the token endpoint.

use super::ClientSaying as S;
use super::faults as f;

const ANDROID: &str =
    "https://learn.microsoft.com/en-us/entra/identity-platform/msal-android-handling-exceptions";
const DOTNET: &str =
    "https://learn.microsoft.com/en-us/entra/msal/dotnet/advanced/exceptions/msal-error-handling";
const JS: &str =
    "https://learn.microsoft.com/en-us/javascript/api/@azure/msal-node/interactionrequiredautherrorcodes";

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-token-endpoint-not-reached",
        "program that gets tokens",
        f::TOKEN_ENDPOINT,
        &[
            &["token", "request failed! (code: 0)"],
            &["token", "connection refused"],
            &["token", "timed out"],
            &["timed out", "token"],
            &["token", "could not resolve"],
            &["token", "couldn't resolve"],
            &["could not resolve", "token"],
            &["token", "name resolution"],
            &["token", "unable to connect"],
            &["token", "failed to connect"],
            &["failed to connect", "token"],
            &["token", "network is unreachable"],
            &["token", "connection reset"],
            &["token", "no such host"],
            &["token", "nodename nor servname"],
        ],
        "https://github.com/zammad/zammad/issues/5492",
        "Failed to refresh XOAUTH2 access_token of provider 'microsoft365': Request failed! (code: 0)",
    )
    .unless(&["aadsts", "invalid_grant", "invalid_client"]),
    S::said(
        "client-davmail-stored-token",
        "DavMail",
        f::STORED_TOKEN,
        &[&["refresh token failed", "badpaddingexception"]],
        "https://github.com/mguessan/davmail/issues/292",
        "davmail.exchange.auth.O365Token  - refresh token failed javax.crypto.BadPaddingException: Given final block not properly padded.",
    ),
    S::said(
        "client-token-to-renew",
        "program that keeps tokens",
        f::TOKEN_GONE,
        &[
            &["reauthorize the account"],
            &["reauthorise the account"],
            &["requires reauthori"],
            &["re-authenticate your account"],
            &["revoked your authentication token"],
            &["token refresh failed"],
            &["failed to refresh token"],
            &["トークンの更新に失敗"],
        ],
        "https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens",
        "Your mail account requires reauthorization.",
    ),
    S::coded(
        "client-msal-no-token",
        "MSAL",
        f::SIGN_IN_AGAIN,
        &[
            "no_tokens_found",
            "no_account_found",
            "no_account_for_login_hint",
            "failed_to_acquire_token_silently",
            "no_cached_authority_error",
            "native_account_unavailable",
            "silent_sso_error",
            "user_null",
            "login_required_error",
        ],
        JS,
        "InteractionRequiredAuthError: no_tokens_found: No refresh token found in the cache. Please sign-in.",
    ),
    S::coded(
        "client-msal-refresh-expired",
        "MSAL",
        f::TOKEN_GONE,
        &["refresh_token_expired", "failed_to_refresh_token", "bad_token"],
        JS,
        "InteractionRequiredAuthError: refresh_token_expired: Refresh token has expired.",
    ),
    S::coded(
        "client-msal-canceled",
        "MSAL",
        f::SIGN_IN_STOPPED,
        &[
            "authentication_canceled",
            "user_canceled",
            "user_cancelled",
            "popup_window_error",
            "empty_window_error",
            "monitor_window_timeout",
            "monitor_popup_timeout",
            "timed_out",
            "block_iframe_reload",
            "hash_empty_error",
        ],
        DOTNET,
        "MSAL.NetCore.MsalClientException: ErrorCode: authentication_canceled User canceled authentication.",
    )
    .beside(&["msal", "adal", "browserautherror", "errorcode"]),
    S::coded(
        "client-msal-setup",
        "MSAL",
        f::SIGN_IN_SETUP,
        &[
            "interaction_in_progress",
            "uninitialized_public_client_application",
            "multiple_matching_tokens_detected",
            "multiple_matching_tokens",
            "multiple_matching_accounts",
            "redirect_uri_validation_error",
            "authority_uri_insecure",
            "untrusted_authority",
        ],
        ANDROID,
        "BrowserAuthError: interaction_in_progress: Interaction is currently in progress.",
    ),
    S::coded(
        "client-msal-federated",
        "MSAL",
        f::FEDERATED,
        &[
            "federated_service_returned_error",
            "parsing_wstrust_response_failed",
            "parsing_ws_trust_response_failed",
            "wstrust_endpoint_not_found",
            "accessing_ws_metadata_exchange_failed",
            "accessing_metadata_document_failed",
        ],
        DOTNET,
        "MsalClientException: parsing_wstrust_response_failed: Federated service at https://sts.example.com returned error",
    ),
    S::coded(
        "client-msal-name",
        "MSAL",
        f::NAME,
        &["endpoint_resolution_error", "endpoints_resolution_error", "openid_config_error"],
        DOTNET,
        "ClientAuthError: endpoints_resolution_error: Endpoints cannot be resolved",
    ),
    S::coded(
        "client-msal-offline",
        "MSAL",
        f::CONNECT,
        &["device_network_not_available", "no_network_connection_power_optimization", "no_network_connectivity", "network_not_available"],
        ANDROID,
        "MsalClientException: device_network_not_available",
    ),
    S::said(
        "client-msal-interaction",
        "MSAL",
        f::SIGN_IN_AGAIN,
        &[&["msaluirequiredexception"], &["msalinteractionrequiredexception"], &["interactionrequiredautherror"], &["adalsilenttokenacquisitionexception"]],
        DOTNET,
        "Microsoft.Identity.Client.MsalUiRequiredException: No account or login hint was passed to the AcquireTokenSilent call.",
    )
    .headline(),
];
