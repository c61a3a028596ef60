//! Java, Jakarta Mail (`JavaMail`) and what they print of TLS and of the network.

use super::ClientSaying as S;
use super::faults as f;

const JSSE: &str = "https://docs.oracle.com/en/java/javase/21/security/java-secure-socket-extension-jsse-reference-guide.html";
const JAVAMAIL: &str = "https://javaee.github.io/javamail/FAQ";
const JAVA_NET: &str =
    "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/package-summary.html";

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-java-untrusted",
        "Java",
        f::UNTRUSTED,
        &[&["pkix path building failed"], &["unable to find valid certification path to requested target"], &["trust anchor for certification path not found"]],
        JSSE,
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    ),
    S::said(
        "client-java-name",
        "Java",
        f::WRONG_NAME,
        &[
            &["no subject alternative names"],
            &["no subject alternative dns name matching"],
            &["no name matching", "found"],
            &["hostname in certificate didn't match"],
            &["can't verify identity of server"],
        ],
        JSSE,
        "java.security.cert.CertificateException: No subject alternative DNS name matching mail.example.com found.",
    ),
    S::said(
        "client-java-expired",
        "Java",
        f::EXPIRED,
        &[&["pkix path validation failed", "validity check failed"], &["certificateexpiredexception"], &["certificatenotyetvalidexception"]],
        JSSE,
        "sun.security.validator.ValidatorException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
    ),
    S::said(
        "client-java-version",
        "Java",
        f::TLS_VERSION,
        &[
            &["received fatal alert: protocol_version"],
            &["no appropriate protocol"],
            &["server chose tlsv1"],
            &["client requested protocol", "not enabled or not supported"],
            &["received fatal alert: insufficient_security"],
        ],
        JSSE,
        "javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)",
    ),
    S::said(
        "client-java-handshake",
        "Java",
        f::HANDSHAKE,
        &[&["received fatal alert: handshake_failure"], &["received fatal alert: internal_error"]],
        JSSE,
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure",
    ),
    S::said(
        "client-java-not-tls",
        "Java",
        f::NOT_TLS,
        &[
            &["unrecognized ssl message, plaintext connection?"],
            &["unsupported or unrecognized ssl message"],
            &["unable to parse tls packet header"],
        ],
        JAVAMAIL,
        "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message",
    ),
    S::said(
        "client-java-dropped",
        "Java",
        f::DROPPED,
        &[
            &["remote host terminated the handshake"],
            &["remote host closed connection during handshake"],
            &["javax.mail.messagingexception: [eof]"],
            &["exception reading response"],
            &["java.net.socketexception: connection reset"],
            &["connection dropped by server?"],
        ],
        JAVAMAIL,
        "javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake",
    ),
    S::said(
        "client-java-name-resolution",
        "Java",
        f::NAME,
        &[&["unknownhostexception"], &["unknown smtp host"], &["unresolvedaddressexception"]],
        JAVA_NET,
        "java.net.UnknownHostException: smtp.example.com",
    ),
    S::said(
        "client-java-refused",
        "Java",
        f::REFUSED,
        &[&["connectexception", "connection refused"]],
        JAVA_NET,
        "java.net.ConnectException: Connection refused (Connection refused)",
    ),
    S::said(
        "client-java-timeout",
        "Java",
        f::TIMEOUT,
        &[&["connectexception", "timed out"], &["sockettimeoutexception"], &["read timed out"]],
        JAVA_NET,
        "java.net.SocketTimeoutException: Read timed out",
    ),
    S::said(
        "client-java-no-password",
        "Jakarta Mail",
        f::NO_PASSWORD,
        &[&["failed to connect, no password specified"]],
        JAVAMAIL,
        "javax.mail.AuthenticationFailedException: failed to connect, no password specified?",
    ),
    S::said(
        "client-java-no-mechanism",
        "Jakarta Mail",
        f::MECHANISM,
        &[&["no authentication mechanisms supported by both server and client"], &["no login methods supported"]],
        JAVAMAIL,
        "javax.mail.AuthenticationFailedException: No authentication mechanisms supported by both server and client",
    ),
    S::said(
        "client-java-starttls",
        "Jakarta Mail",
        f::HANDSHAKE,
        &[&["could not convert socket to tls"]],
        JAVAMAIL,
        "javax.mail.MessagingException: Could not convert socket to TLS",
    )
    .headline(),
    S::said(
        "client-java-no-starttls",
        "Jakarta Mail",
        f::NO_STARTTLS,
        &[&["starttls is required but host does not support starttls"], &["starttls required but not supported"]],
        JAVAMAIL,
        "javax.mail.MessagingException: STARTTLS is required but host does not support STARTTLS",
    ),
    S::said(
        "client-java-connect",
        "Jakarta Mail",
        f::CONNECT,
        &[&["could not connect to smtp host"], &["couldn't connect to host, port"], &["mailconnectexception"]],
        JAVAMAIL,
        "com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.example.com, 587; timeout -1",
    )
    .headline(),
];
