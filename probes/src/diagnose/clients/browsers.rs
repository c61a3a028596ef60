//! Chromium and what is built on it (sign-in windows of apps, Electron): `net::ERR_...`.

use super::ClientSaying as S;
use super::faults as f;

const LIST: &str = "https://chromium.googlesource.com/chromium/src/+/main/net/base/net_error_list.h";

pub(super) const SAYINGS: &[S] = &[
    S::coded(
        "client-chromium-untrusted",
        "Chromium",
        f::UNTRUSTED,
        &["err_cert_authority_invalid"],
        LIST,
        "net::ERR_CERT_AUTHORITY_INVALID",
    ),
    S::coded(
        "client-chromium-name",
        "Chromium",
        f::WRONG_NAME,
        &["err_cert_common_name_invalid"],
        LIST,
        "NET::ERR_CERT_COMMON_NAME_INVALID",
    ),
    S::coded("client-chromium-expired", "Chromium", f::EXPIRED, &["err_cert_date_invalid"], LIST, "NET::ERR_CERT_DATE_INVALID"),
    S::coded(
        "client-chromium-revoked",
        "Chromium",
        f::REVOKED,
        &["err_cert_revoked", "err_cert_unable_to_check_revocation", "err_cert_no_revocation_mechanism"],
        LIST,
        "net::ERR_CERT_REVOKED",
    ),
    S::coded(
        "client-chromium-certificate",
        "Chromium",
        f::CERTIFICATE,
        &[
            "err_cert_invalid",
            "err_cert_contains_errors",
            "err_cert_weak_signature_algorithm",
            "err_cert_weak_key",
            "err_certificate_transparency_required",
            "err_ssl_pinned_key_not_in_cert_chain",
        ],
        LIST,
        "net::ERR_CERT_INVALID",
    ),
    S::coded(
        "client-chromium-version",
        "Chromium",
        f::TLS_VERSION,
        &["err_ssl_version_or_cipher_mismatch", "err_ssl_obsolete_version", "err_ssl_unsafe_negotiation"],
        LIST,
        "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    S::coded(
        "client-chromium-handshake",
        "Chromium",
        f::HANDSHAKE,
        &["err_ssl_protocol_error", "err_bad_ssl_client_auth_cert", "err_ssl_client_auth_cert_needed"],
        LIST,
        "net::ERR_SSL_PROTOCOL_ERROR",
    ),
    S::coded(
        "client-chromium-name-resolution",
        "Chromium",
        f::NAME,
        &["err_name_not_resolved", "err_name_resolution_failed", "err_icann_name_collision", "dns_probe_finished_nxdomain"],
        LIST,
        "net::ERR_NAME_NOT_RESOLVED",
    ),
    S::coded("client-chromium-refused", "Chromium", f::REFUSED, &["err_connection_refused"], LIST, "net::ERR_CONNECTION_REFUSED"),
    S::coded(
        "client-chromium-timeout",
        "Chromium",
        f::TIMEOUT,
        &["err_connection_timed_out", "err_timed_out"],
        LIST,
        "net::ERR_CONNECTION_TIMED_OUT",
    ),
    S::coded(
        "client-chromium-dropped",
        "Chromium",
        f::DROPPED,
        &["err_connection_reset", "err_connection_closed", "err_connection_aborted", "err_empty_response", "err_network_changed"],
        LIST,
        "net::ERR_CONNECTION_RESET",
    ),
    S::coded(
        "client-chromium-proxy",
        "Chromium",
        f::PROXY,
        &["err_proxy_connection_failed", "err_tunnel_connection_failed", "err_proxy_auth_unsupported", "err_proxy_certificate_invalid"],
        LIST,
        "net::ERR_TUNNEL_CONNECTION_FAILED",
    ),
    S::coded(
        "client-chromium-connect",
        "Chromium",
        f::CONNECT,
        &["err_internet_disconnected", "err_address_unreachable", "err_connection_failed", "err_network_access_denied", "err_blocked_by_administrator"],
        LIST,
        "net::ERR_INTERNET_DISCONNECTED",
    ),
];
