//! Python, Go, PHP, Ruby, Rust and the errors of the operating system that every program passes on.

use super::ClientSaying as S;
use super::faults as f;

const PY_SMTP: &str = "https://docs.python.org/3/library/smtplib.html";
const PY_OS: &str = "https://docs.python.org/3/library/exceptions.html#OSError";
const PY_SOCKET: &str = "https://docs.python.org/3/library/socket.html#exceptions";
const GO_X509: &str = "https://pkg.go.dev/crypto/x509#pkg-types";
const GO_TLS: &str = "https://pkg.go.dev/crypto/tls";
const GO_NET: &str = "https://pkg.go.dev/net#OpError";
const GO_SMTP: &str = "https://pkg.go.dev/net/smtp#PlainAuth";
const RUSTLS: &str = "https://docs.rs/rustls/latest/rustls/enum.CertificateError.html";
const ERRNO: &str = "https://man7.org/linux/man-pages/man3/errno.3.html";
const GAI: &str = "https://man7.org/linux/man-pages/man3/gai_strerror.3.html";
const PHPMAILER: &str = "https://github.com/PHPMailer/PHPMailer/wiki/Troubleshooting";

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-python-name",
        "Python",
        f::NAME,
        &[
            &["gaierror"],
        ],
        PY_SOCKET,
        "socket.gaierror: [Errno -2] Name or service not known",
    ),
    S::said(
        "client-python-refused",
        "Python",
        f::REFUSED,
        &[&["connectionrefusederror"], &["errno 111]"], &["errno 61]"]],
        PY_OS,
        "ConnectionRefusedError: [Errno 111] Connection refused",
    ),
    S::said(
        "client-python-timeout",
        "Python",
        f::TIMEOUT,
        &[&["timeouterror"], &["errno 110]"], &["errno 60]"], &["socket.timeout"], &["the read operation timed out"], &["the handshake operation timed out"]],
        PY_OS,
        "TimeoutError: [Errno 110] Connection timed out",
    ),
    S::said(
        "client-python-unreachable",
        "Python",
        f::CONNECT,
        &[&["errno 101]"], &["errno 113]"], &["errno 65]"]],
        PY_OS,
        "OSError: [Errno 101] Network is unreachable",
    ),
    S::said(
        "client-python-dropped",
        "Python",
        f::DROPPED,
        &[
            &["smtpserverdisconnected"],
            &["connectionreseterror"],
            &["brokenpipeerror"],
            &["imaplib.abort: socket error"],
            &["imap4.abort: socket error"],
            &["imap4.abort: command", "=> socket error"],
            &["http.client.remotedisconnected"],
        ],
        PY_SMTP,
        "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
    ),
    S::said(
        "client-python-no-starttls",
        "Python",
        f::NO_STARTTLS,
        &[&["starttls extension not supported by server"]],
        PY_SMTP,
        "smtplib.SMTPNotSupportedError: STARTTLS extension not supported by server.",
    ),
    S::said(
        "client-python-no-auth",
        "Python",
        f::MECHANISM,
        &[&["smtp auth extension not supported by server"], &["no suitable authentication method found"]],
        PY_SMTP,
        "smtplib.SMTPNotSupportedError: SMTP AUTH extension not supported by server.",
    ),
    S::said(
        "client-go-untrusted",
        "Go",
        f::UNTRUSTED,
        &[&["certificate signed by unknown authority"], &["x509: certificate is not trusted"]],
        GO_X509,
        "x509: certificate signed by unknown authority",
    ),
    S::said(
        "client-go-expired",
        "Go",
        f::EXPIRED,
        &[&["x509: certificate has expired or is not yet valid"]],
        GO_X509,
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-12-01T00:00:00Z",
    ),
    S::said(
        "client-go-name",
        "Go",
        f::WRONG_NAME,
        &[&["x509: certificate is valid for", "not"], &["x509: cannot validate certificate for"], &["x509: certificate relies on legacy common name field"], &["x509: certificate is not valid for any names"]],
        GO_X509,
        "x509: certificate is valid for example.net, not mail.example.com",
    ),
    S::said(
        "client-go-not-tls",
        "Go",
        f::NOT_TLS,
        &[&["tls: first record does not look like a tls handshake"], &["tls: oversized record received"]],
        GO_TLS,
        "tls: first record does not look like a TLS handshake",
    ),
    S::said(
        "client-go-version",
        "Go",
        f::TLS_VERSION,
        &[&["tls: protocol version not supported"], &["tls: server selected unsupported protocol version"], &["remote error: tls: insufficient security level"]],
        GO_TLS,
        "remote error: tls: protocol version not supported",
    ),
    S::said(
        "client-go-handshake",
        "Go",
        f::HANDSHAKE,
        &[&["tls: handshake failure"]],
        GO_TLS,
        "remote error: tls: handshake failure",
    ),
    S::said(
        "client-go-name-resolution",
        "Go",
        f::NAME,
        &[&["lookup", "no such host"], &["lookup", "server misbehaving"]],
        GO_NET,
        "dial tcp: lookup smtp.example.com on 192.0.2.53:53: no such host",
    ),
    S::said(
        "client-go-refused",
        "Go",
        f::REFUSED,
        &[&["dial tcp", "connect: connection refused"]],
        GO_NET,
        "dial tcp 192.0.2.1:587: connect: connection refused",
    ),
    S::said(
        "client-go-timeout",
        "Go",
        f::TIMEOUT,
        &[&["dial tcp", "i/o timeout"], &["connect: connection timed out"], &["context deadline exceeded"]],
        GO_NET,
        "dial tcp 192.0.2.1:25: i/o timeout",
    ),
    S::said(
        "client-go-clear-password",
        "Go",
        f::CLEAR_PASSWORD,
        &[&["unencrypted connection"]],
        GO_SMTP,
        "lvl=eror msg=\"Failed to send alert notification email\" error=\"unencrypted connection\"",
    ),
    S::said(
        "client-phpmailer-login",
        "PHPMailer",
        f::LOGIN,
        &[&["smtp error: could not authenticate"], &["erreur smtp : échec de l'authentification"], &["smtp-fehler: authentifizierung fehlgeschlagen"], &["error smtp: imposible autentificar"], &["erro de smtp: não foi possível autenticar"], &["smtpエラー: 認証できませんでした"]],
        PHPMAILER,
        "SMTP Error: Could not authenticate.",
    )
    .headline(),
    S::said(
        "client-phpmailer-connect",
        "PHPMailer",
        f::CONNECT,
        &[&["smtp connect() failed"], &["smtp error: could not connect to smtp host"], &["smtp error: failed to connect to server"]],
        PHPMAILER,
        "SMTP connect() failed. https://github.com/PHPMailer/PHPMailer/wiki/Troubleshooting",
    )
    .headline(),
    S::said(
        "client-swift-connect",
        "Swift Mailer or Symfony Mailer",
        f::CONNECT,
        &[&["connection could not be established with host"], &["could not open socket"]],
        "https://symfony.com/doc/current/mailer.html",
        "Swift_TransportException: Connection could not be established with host smtp.example.com :stream_socket_client(): unable to connect",
    )
    .headline(),
    S::said(
        "client-php-name",
        "PHP",
        f::NAME,
        &[&["php_network_getaddresses"]],
        "https://www.php.net/manual/en/function.stream-socket-client.php",
        "stream_socket_client(): php_network_getaddresses: getaddrinfo for smtp.example.com failed: Name or service not known",
    ),
    S::said(
        "client-os-name",
        "operating system",
        f::NAME,
        &[
            &["name or service not known"],
            &["temporary failure in name resolution"],
            &["nodename nor servname provided"],
            &["no address associated with hostname"],
            &["getaddrinfo failed"],
            &["hostname lookup failed"],
        ],
        GAI,
        "Name or service not known",
    )
    .headline(),
    S::said("client-os-refused", "operating system", f::REFUSED, &[&["connection refused"]], ERRNO, "connect: Connection refused").headline(),
    S::said(
        "client-os-unreachable",
        "operating system",
        f::CONNECT,
        &[&["network is unreachable"], &["no route to host"], &["host is unreachable"]],
        ERRNO,
        "connect: No route to host",
    )
    .headline(),
    S::said(
        "client-os-timeout",
        "operating system",
        f::TIMEOUT,
        &[&["connection timed out"], &["connection timeout"], &["operation timed out"]],
        ERRNO,
        "connect to smtp.example.com[192.0.2.1]:25: Connection timed out",
    )
    .headline(),
    S::said(
        "client-os-dropped",
        "operating system",
        f::DROPPED,
        &[&["connection reset by peer"], &["broken pipe"], &["lost connection with"]],
        ERRNO,
        "read: Connection reset by peer",
    )
    .headline(),
    S::said(
        "client-ruby-timeout",
        "Ruby",
        f::TIMEOUT,
        &[&["net::opentimeout"], &["net::readtimeout"]],
        "https://docs.ruby-lang.org/en/master/Net/OpenTimeout.html",
        "Net::OpenTimeout: execution expired",
    ),
    S::said(
        "client-rustls-untrusted",
        "rustls",
        f::UNTRUSTED,
        &[&["invalidcertificate(unknownissuer)"], &["invalid peer certificate: unknownissuer"], &["invalid peer certificate: cavisedasendentity"]],
        RUSTLS,
        "invalid peer certificate: UnknownIssuer",
    ),
    S::said(
        "client-rustls-name",
        "rustls",
        f::WRONG_NAME,
        &[&["invalidcertificate(notvalidforname"], &["invalid peer certificate: notvalidforname"], &["invalid peer certificate: certificate not valid for name"]],
        RUSTLS,
        "invalid peer certificate: NotValidForName",
    ),
    S::said(
        "client-rustls-expired",
        "rustls",
        f::EXPIRED,
        &[&["invalidcertificate(expired"], &["invalid peer certificate: expired"], &["invalid peer certificate: certificate expired"], &["invalid peer certificate: notvalidyet"]],
        RUSTLS,
        "invalid peer certificate: Expired",
    ),
    S::said(
        "client-rustls-not-tls",
        "rustls",
        f::NOT_TLS,
        &[&["received corrupt message of type"], &["invalidmessage(invalidcontenttype)"]],
        "https://docs.rs/rustls/latest/rustls/enum.Error.html",
        "received corrupt message of type InvalidContentType",
    ),
    S::said(
        "client-own-words-certificate",
        "mail program",
        f::CERTIFICATE,
        &[
            &["server certificate", "could not be verified"],
            &["server certificate", "is not trusted"],
            &["server's certificate", "could not be verified"],
            &["serverzertifikat", "nicht überprüft werden"],
            &["certificat du serveur", "n'a pas pu être vérifié"],
            &["サーバー証明書", "検証できません"],
        ],
        "https://www.rfc-editor.org/rfc/rfc8314#section-4.2",
        "The server certificate for imap.example.com could not be verified.",
    ),
];
