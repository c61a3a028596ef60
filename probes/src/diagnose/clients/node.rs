//! Node.js and `Nodemailer`: the values of `error.code`.

use super::ClientSaying as S;
use super::faults as f;

const NODE_TLS: &str = "https://nodejs.org/api/tls.html#x509-certificate-error-codes";
const NODE_OS: &str = "https://nodejs.org/api/errors.html#common-system-errors";
const NODEMAILER: &str = "https://nodemailer.com/errors";

pub(super) const SAYINGS: &[S] = &[
    S::coded(
        "client-node-untrusted",
        "Node.js",
        f::UNTRUSTED,
        &[
            "unable_to_verify_leaf_signature",
            "unable_to_get_issuer_cert",
            "unable_to_get_issuer_cert_locally",
            "depth_zero_self_signed_cert",
            "self_signed_cert_in_chain",
            "cert_untrusted",
            "invalid_ca",
        ],
        NODE_TLS,
        "Error: unable to verify the first certificate { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }",
    ),
    S::coded(
        "client-node-expired",
        "Node.js",
        f::EXPIRED,
        &["cert_has_expired", "cert_not_yet_valid"],
        NODE_TLS,
        "{ code: 'CERT_HAS_EXPIRED', command: 'CONN' }",
    ),
    S::coded(
        "client-node-name",
        "Node.js",
        f::WRONG_NAME,
        &["err_tls_cert_altname_invalid", "hostname_mismatch"],
        NODE_TLS,
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
    ),
    S::coded(
        "client-node-certificate",
        "Node.js",
        f::CERTIFICATE,
        &["cert_rejected", "cert_signature_failure", "cert_chain_too_long"],
        NODE_TLS,
        "code: 'CERT_REJECTED'",
    ),
    S::coded(
        "client-node-revoked",
        "Node.js",
        f::REVOKED,
        &["cert_revoked"],
        NODE_TLS,
        "code: 'CERT_REVOKED'",
    ),
    S::coded(
        "client-node-not-tls",
        "Node.js",
        f::NOT_TLS,
        &["err_ssl_wrong_version_number", "err_ssl_packet_length_too_long"],
        NODE_TLS,
        "code: 'ERR_SSL_WRONG_VERSION_NUMBER'",
    ),
    S::coded(
        "client-node-version",
        "Node.js",
        f::TLS_VERSION,
        &["err_ssl_unsupported_protocol", "err_ssl_tlsv1_alert_protocol_version"],
        NODE_TLS,
        "code: 'ERR_SSL_UNSUPPORTED_PROTOCOL'",
    ),
    S::coded(
        "client-node-name-resolution",
        "Node.js",
        f::NAME,
        &["enotfound", "eai_again", "edns"],
        NODE_OS,
        "Error: getaddrinfo ENOTFOUND smtp.example.com",
    ),
    S::coded(
        "client-node-refused",
        "Node.js",
        f::REFUSED,
        &["econnrefused"],
        NODE_OS,
        "Error: connect ECONNREFUSED 127.0.0.1:587 { code: 'ESOCKET', command: 'CONN' }",
    ),
    S::coded(
        "client-node-timeout",
        "Node.js",
        f::TIMEOUT,
        &["etimedout", "esockettimedout"],
        NODE_OS,
        "Error: Connection timeout { code: 'ETIMEDOUT', command: 'CONN' }",
    ),
    S::coded(
        "client-node-dropped",
        "Node.js",
        f::DROPPED,
        &["econnreset", "epipe", "econnaborted"],
        NODE_OS,
        "Error: read ECONNRESET",
    ),
    S::coded(
        "client-node-unreachable",
        "Node.js",
        f::CONNECT,
        &["ehostunreach", "enetunreach", "eaddrnotavail"],
        NODE_OS,
        "Error: connect EHOSTUNREACH 192.0.2.1:993",
    ),
    S::coded(
        "client-nodemailer-tls",
        "Nodemailer",
        f::HANDSHAKE,
        &["etls"],
        NODEMAILER,
        "{ code: 'ETLS', command: 'STARTTLS' }",
    ),
    S::coded(
        "client-nodemailer-no-credentials",
        "Nodemailer",
        f::NO_PASSWORD,
        &["enoauth"],
        NODEMAILER,
        "Error: Missing credentials for \"PLAIN\" { code: 'ENOAUTH' }",
    ),
    S::coded(
        "client-nodemailer-token",
        "Nodemailer",
        f::TOKEN_GONE,
        &["eoauth2"],
        NODEMAILER,
        "{ code: 'EOAUTH2' }",
    ),
    S::coded(
        "client-nodemailer-garbled",
        "Nodemailer",
        f::GARBLED,
        &["eprotocol"],
        NODEMAILER,
        "Error: Invalid greeting { code: 'EPROTOCOL' }",
    ),
    S::coded(
        "client-nodemailer-login",
        "Nodemailer",
        f::LOGIN,
        &["eauth"],
        NODEMAILER,
        "{ code: 'EAUTH', command: 'AUTH PLAIN' }",
    )
    .headline(),
    S::coded(
        "client-nodemailer-message",
        "Nodemailer",
        f::MESSAGE,
        &["eenvelope", "emessage"],
        NODEMAILER,
        "{ code: 'EENVELOPE' }",
    )
    .headline(),
    S::coded(
        "client-nodemailer-connect",
        "Nodemailer",
        f::CONNECT,
        &["esocket", "econnection"],
        NODEMAILER,
        "{ code: 'ESOCKET', command: 'CONN' }",
    )
    .headline(),
];
