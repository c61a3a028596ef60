//! NSS, as Thunderbird and Firefox use it, and Apple's `SecureTransport`.

use super::ClientSaying as S;
use super::faults as f;

const NSS_SEC: &str = "https://searchfox.org/firefox-main/source/security/nss/lib/util/SECerrs.h";
const NSS_SSL: &str = "https://searchfox.org/mozilla-central/source/security/nss/lib/ssl/SSLerrs.h";
const APPLE: &str = "https://developer.apple.com/documentation/security/secure-transport-result-codes";
/// What stands beside one of Apple's numbers.
const APPLE_WORDS: &[&str] = &["ssl", "tls", "osstatus", "cfnetwork", "secure", "kcfstream"];

pub(super) const SAYINGS: &[S] = &[
    S::coded(
        "client-nss-untrusted",
        "Thunderbird or Firefox (NSS)",
        f::UNTRUSTED,
        &[
            "sec_error_unknown_issuer",
            "sec_error_untrusted_issuer",
            "sec_error_untrusted_cert",
            "sec_error_ca_cert_invalid",
            "mozilla_pkix_error_self_signed_cert",
            "mozilla_pkix_error_mitm_detected",
            "ssl_error_unknown_ca_alert",
        ],
        NSS_SEC,
        "An error occurred during a connection to mail.example.com:993. Error code: SEC_ERROR_UNKNOWN_ISSUER",
    ),
    S::coded(
        "client-nss-name",
        "Thunderbird or Firefox (NSS)",
        f::WRONG_NAME,
        &["ssl_error_bad_cert_domain"],
        NSS_SSL,
        "Error code: SSL_ERROR_BAD_CERT_DOMAIN",
    ),
    S::coded(
        "client-nss-expired",
        "Thunderbird or Firefox (NSS)",
        f::EXPIRED,
        &[
            "sec_error_expired_certificate",
            "sec_error_expired_issuer_certificate",
            "mozilla_pkix_error_not_yet_valid_certificate",
            "mozilla_pkix_error_not_yet_valid_issuer_certificate",
        ],
        NSS_SEC,
        "SEC_ERROR_EXPIRED_CERTIFICATE",
    ),
    S::coded(
        "client-nss-revoked",
        "Thunderbird or Firefox (NSS)",
        f::REVOKED,
        &["sec_error_revoked_certificate", "sec_error_ocsp_unknown_cert", "sec_error_ocsp_server_error"],
        NSS_SEC,
        "SEC_ERROR_REVOKED_CERTIFICATE",
    ),
    S::coded(
        "client-nss-version",
        "Thunderbird or Firefox (NSS)",
        f::TLS_VERSION,
        &[
            "ssl_error_unsupported_version",
            "ssl_error_protocol_version_alert",
            "ssl_error_no_cypher_overlap",
            "ssl_error_ssl_disabled",
            "ssl_error_insufficient_security_alert",
        ],
        NSS_SSL,
        "Peer using unsupported version of security protocol. Error code: SSL_ERROR_UNSUPPORTED_VERSION",
    ),
    S::coded(
        "client-nss-not-tls",
        "Thunderbird or Firefox (NSS)",
        f::NOT_TLS,
        &["ssl_error_rx_record_too_long", "ssl_error_rx_malformed_server_hello"],
        NSS_SSL,
        "SSL received a record that exceeded the maximum permissible length. (Error code: ssl_error_rx_record_too_long)",
    ),
    S::coded(
        "client-nss-handshake",
        "Thunderbird or Firefox (NSS)",
        f::HANDSHAKE,
        &[
            "ssl_error_handshake_failure_alert",
            "ssl_error_internal_error_alert",
            "ssl_error_illegal_parameter_alert",
        ],
        NSS_SSL,
        "SSL_ERROR_HANDSHAKE_FAILURE_ALERT",
    ),
    S::coded(
        "client-nss-dropped",
        "Thunderbird or Firefox (NSS)",
        f::DROPPED,
        &["pr_end_of_file_error", "pr_connect_reset_error", "ns_error_net_reset", "ns_error_net_interrupt"],
        NSS_SSL,
        "PR_END_OF_FILE_ERROR",
    ),
    S::coded(
        "client-nss-connect",
        "Thunderbird or Firefox (NSS)",
        f::CONNECT,
        &[
            "pr_connect_refused_error",
            "ns_error_connection_refused",
            "ns_error_net_timeout",
            "pr_connect_timeout_error",
        ],
        "https://searchfox.org/mozilla-central/source/xpcom/base/ErrorList.py",
        "NS_ERROR_CONNECTION_REFUSED",
    ),
    S::coded(
        "client-nss-name-resolution",
        "Thunderbird or Firefox (NSS)",
        f::NAME,
        &["ns_error_unknown_host", "pr_address_not_supported_error"],
        "https://searchfox.org/mozilla-central/source/xpcom/base/ErrorList.py",
        "NS_ERROR_UNKNOWN_HOST",
    ),
    S::coded(
        "client-apple-untrusted",
        "macOS or iOS (Secure Transport)",
        f::UNTRUSTED,
        &["errsslunknownrootcert", "errsslnorootcert", "errsslpeerunknownca"],
        "https://developer.apple.com/documentation/security/errsslunknownrootcert",
        "errSSLUnknownRootCert",
    ),
    S::coded(
        "client-apple-untrusted-number",
        "macOS or iOS (Secure Transport)",
        f::UNTRUSTED,
        &["-9812", "-9813", "-9831"],
        APPLE,
        "SSLHandshake failed, OSStatus error -9812",
    )
    .beside(APPLE_WORDS),
    S::coded(
        "client-apple-expired",
        "macOS or iOS (Secure Transport)",
        f::EXPIRED,
        &["errsslcertexpired", "errsslcertnotyetvalid", "errsslpeercertexpired"],
        "https://developer.apple.com/documentation/security/errsslcertnotyetvalid",
        "errSSLCertExpired",
    ),
    S::coded(
        "client-apple-expired-number",
        "macOS or iOS (Secure Transport)",
        f::EXPIRED,
        &["-9814", "-9815", "-9828"],
        APPLE,
        "CFNetwork SSLHandshake failed (-9814)",
    )
    .beside(APPLE_WORDS),
    S::coded(
        "client-apple-name",
        "macOS or iOS (Secure Transport)",
        f::WRONG_NAME,
        &["errsslhostnamemismatch"],
        APPLE,
        "errSSLHostNameMismatch",
    ),
    S::coded(
        "client-apple-name-number",
        "macOS or iOS (Secure Transport)",
        f::WRONG_NAME,
        &["-9843"],
        APPLE,
        "kCFStreamErrorDomainSSL error -9843",
    )
    .beside(APPLE_WORDS),
    S::coded(
        "client-apple-certificate",
        "macOS or iOS (Secure Transport)",
        f::CERTIFICATE,
        &["errsslxcertchaininvalid", "errsslbadcert", "errsslpeerbadcert"],
        "https://developer.apple.com/documentation/security/errsslxcertchaininvalid",
        "errSSLXCertChainInvalid",
    ),
    S::coded(
        "client-apple-certificate-number",
        "macOS or iOS (Secure Transport)",
        f::CERTIFICATE,
        &["-9807", "-9808", "-9825"],
        APPLE,
        "The operation couldn't be completed. (OSStatus error -9807.)",
    )
    .beside(APPLE_WORDS),
    S::coded(
        "client-apple-version",
        "macOS or iOS (Secure Transport)",
        f::TLS_VERSION,
        &["errsslpeerprotocolversion", "errsslnegotiation", "errsslpeerinsufficientsecurity"],
        "https://developer.apple.com/documentation/security/errsslpeerprotocolversion",
        "errSSLPeerProtocolVersion",
    ),
    S::coded(
        "client-apple-version-number",
        "macOS or iOS (Secure Transport)",
        f::TLS_VERSION,
        &["-9836", "-9837", "-9801", "-9830"],
        APPLE,
        "CFNetwork SSLHandshake failed (-9836)",
    )
    .beside(APPLE_WORDS),
    S::coded(
        "client-apple-handshake",
        "macOS or iOS (Secure Transport)",
        f::HANDSHAKE,
        &["-9800", "-9802", "-9824"],
        APPLE,
        "CFNetwork SSLHandshake failed (-9824)",
    )
    .beside(APPLE_WORDS),
    S::coded(
        "client-apple-dropped",
        "macOS or iOS (Secure Transport)",
        f::DROPPED,
        &["-9806", "-9816", "errsslclosedabort", "errsslclosednonotify"],
        APPLE,
        "CFNetwork SSLHandshake failed (-9806)",
    )
    .beside(APPLE_WORDS),
];
