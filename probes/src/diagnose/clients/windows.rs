//! Windows: Schannel and certificate codes, `WinHTTP` and `WinINet`, Winsock.

use super::ClientSaying as S;
use super::faults as f;

const SCHANNEL: &str =
    "https://learn.microsoft.com/en-us/windows/win32/secauthn/schannel-error-codes-for-tls-and-ssl-alerts";
const SSPI: &str = "https://learn.microsoft.com/en-us/windows/win32/secauthn/sspi-status-codes";
const TRUST: &str = "https://learn.microsoft.com/en-us/windows/win32/com/com-error-codes-4";
const WINHTTP: &str = "https://learn.microsoft.com/en-us/windows/win32/winhttp/error-messages";
const WINSOCK: &str = "https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2";
/// What stands beside one of Winsock's numbers.
const SOCKET_WORDS: &[&str] =
    &["winerror", "winsock", "wsa", "socket error", "socket-fehler", "errno", "asynchronous socket"];

pub(super) const SAYINGS: &[S] = &[
    S::coded(
        "client-windows-untrusted",
        "Windows",
        f::UNTRUSTED,
        &[
            "0x80090325",
            "sec_e_untrusted_root",
            "0x800b0109",
            "cert_e_untrustedroot",
            "0x800b010a",
            "cert_e_chaining",
            "0x80072f0d",
        ],
        TRUST,
        "A certificate chain processed, but terminated in a root certificate which is not trusted. (0x800B0109)",
    ),
    S::coded(
        "client-windows-name",
        "Windows",
        f::WRONG_NAME,
        &["0x80090322", "sec_e_wrong_principal", "0x800b010f", "cert_e_cn_no_match", "0x80072f06"],
        TRUST,
        "The certificate's CN name does not match the passed value. (0x800B010F)",
    ),
    S::coded(
        "client-windows-expired",
        "Windows",
        f::EXPIRED,
        &["0x80090328", "sec_e_cert_expired", "0x800b0101", "cert_e_expired", "0x80072f05"],
        SCHANNEL,
        "schannel: SEC_E_CERT_EXPIRED (0x80090328) - The received certificate has expired.",
    ),
    S::coded(
        "client-windows-revoked",
        "Windows",
        f::REVOKED,
        &[
            "0x80092010",
            "crypt_e_revoked",
            "0x80092012",
            "crypt_e_no_revocation_check",
            "0x80092013",
            "crypt_e_revocation_offline",
            "0x800b010c",
        ],
        SCHANNEL,
        "schannel: next InitializeSecurityContext failed: Unknown error (0x80092013) - The revocation function was unable to check revocation",
    ),
    S::coded(
        "client-windows-certificate",
        "Windows",
        f::CERTIFICATE,
        &["0x80090327", "sec_e_cert_unknown", "0x80072f8f", "error_winhttp_secure_failure"],
        SCHANNEL,
        "WinHttpSendRequest failed: 0x80072F8F",
    ),
    S::coded(
        "client-windows-version",
        "Windows (Schannel)",
        f::TLS_VERSION,
        &[
            "0x80090331",
            "sec_e_algorithm_mismatch",
            "0x80090302",
            "sec_e_unsupported_function",
            "0x80072f7d",
        ],
        SCHANNEL,
        "schannel: SEC_E_ALGORITHM_MISMATCH (0x80090331) - The client and server cannot communicate, because they do not possess a common algorithm.",
    ),
    S::coded(
        "client-windows-not-tls",
        "Windows (Schannel)",
        f::NOT_TLS,
        &["0x80090308", "sec_e_invalid_token"],
        SSPI,
        "schannel: next InitializeSecurityContext failed: SEC_E_INVALID_TOKEN (0x80090308) - The token supplied to the function is invalid",
    ),
    S::coded(
        "client-windows-handshake",
        "Windows (Schannel)",
        f::HANDSHAKE,
        &["0x80090326", "sec_e_illegal_message", "0x80090304", "0x8009030f", "0x80090330"],
        SCHANNEL,
        "schannel: SEC_E_ILLEGAL_MESSAGE (0x80090326) - This error usually occurs when a fatal SSL/TLS alert is received (e.g. handshake failed).",
    ),
    S::coded(
        "client-windows-name-resolution",
        "Windows (WinHTTP)",
        f::NAME,
        &[
            "0x80072ee7",
            "error_winhttp_name_not_resolved",
            "error_internet_name_not_resolved",
            "0x80072af9",
            "0x80072afc",
            "wsahost_not_found",
            "wsano_data",
        ],
        WINHTTP,
        "The server name or address could not be resolved 0x80072ee7",
    ),
    S::coded(
        "client-windows-connect",
        "Windows (WinHTTP)",
        f::CONNECT,
        &["0x80072efd", "error_winhttp_cannot_connect", "error_internet_cannot_connect", "0x80072751", "0x80072743"],
        WINHTTP,
        "A connection with the server could not be established 0x80072EFD",
    ),
    S::coded(
        "client-windows-refused",
        "Windows (Winsock)",
        f::REFUSED,
        &["0x8007274d", "wsaeconnrefused"],
        WINSOCK,
        "No connection could be made because the target machine actively refused it. (0x8007274D)",
    ),
    S::coded(
        "client-windows-refused-number",
        "Windows (Winsock)",
        f::REFUSED,
        &["10061"],
        WINSOCK,
        "Socket Error # 10061 Connection refused.",
    )
    .beside(SOCKET_WORDS),
    S::coded(
        "client-windows-timeout",
        "Windows",
        f::TIMEOUT,
        &["0x80072ee2", "error_winhttp_timeout", "error_internet_timeout", "0x8007274c", "wsaetimedout"],
        WINHTTP,
        "The operation timed out 0x80072ee2",
    ),
    S::coded(
        "client-windows-timeout-number",
        "Windows (Winsock)",
        f::TIMEOUT,
        &["10060"],
        WINSOCK,
        "TimeoutError: [WinError 10060] A connection attempt failed because the connected party did not properly respond after a period of time",
    )
    .beside(SOCKET_WORDS),
    S::coded(
        "client-windows-dropped",
        "Windows",
        f::DROPPED,
        &[
            "0x80072efe",
            "0x80072eff",
            "error_winhttp_connection_error",
            "error_internet_connection_aborted",
            "error_internet_connection_reset",
            "0x80072746",
            "0x80072745",
            "wsaeconnreset",
            "wsaeconnaborted",
        ],
        WINHTTP,
        "The connection with the server was terminated abnormally 0x80072EFE",
    ),
    S::coded(
        "client-windows-dropped-number",
        "Windows (Winsock)",
        f::DROPPED,
        &["10053", "10054"],
        WINSOCK,
        "ConnectionResetError: [WinError 10054] An existing connection was forcibly closed by the remote host",
    )
    .beside(SOCKET_WORDS),
    S::coded(
        "client-windows-name-number",
        "Windows (Winsock)",
        f::NAME,
        &["11001", "11002", "11004"],
        WINSOCK,
        "Socket Error # 11001 Host not found.",
    )
    .beside(&["winerror", "winsock", "wsa", "socket error", "errno", "getaddrinfo", "gaierror"]),
];
