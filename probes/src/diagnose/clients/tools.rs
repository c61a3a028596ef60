//! Command line tools: curl, msmtp, fetchmail, getmail, mbsync (isync), `OfflineIMAP` and swaks.

use super::ClientSaying as S;
use super::faults as f;

const CURL: &str = "https://curl.se/libcurl/c/libcurl-errors.html";
const MSMTP: &str = "https://github.com/marlam/msmtp/issues/23";
const MSMTP_LOGIN: &str = "https://marlam.de/msmtp/msmtp.html";
const FETCHMAIL: &str = "https://www.fetchmail.info/fetchmail-man.html";
const MBSYNC: &str = "https://isync.sourceforge.io/mbsync.html";
const OFFLINEIMAP: &str = "https://github.com/OfflineIMAP/offlineimap/issues/126";
const GETMAIL: &str = "https://github.com/getmail6/getmail6/issues/214";
const SWAKS: &str = "https://github.com/jetmore/swaks/blob/develop/doc/base.pod";

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-curl-name",
        "curl",
        f::NAME,
        &[&["curl: (6)"], &["curl error 6:"], &["curle_couldnt_resolve_host"], &["could not resolve host"]],
        CURL,
        "curl: (6) Could not resolve host: smtp.example.com",
    ),
    S::said(
        "client-curl-proxy",
        "curl",
        f::PROXY,
        &[
            &["curl: (5)"],
            &["curl: (97)"],
            &["curle_couldnt_resolve_proxy"],
            &["could not resolve proxy"],
            &["curl: (56)", "from proxy after connect"],
        ],
        CURL,
        "curl: (5) Could not resolve proxy: proxy.example.com",
    ),
    S::said(
        "client-curl-connect",
        "curl",
        f::CONNECT,
        &[&["curl: (7)"], &["curl error 7:"], &["curle_couldnt_connect"]],
        CURL,
        "curl: (7) Failed to connect to smtp.example.com port 587 after 21 ms: Couldn't connect to server",
    ),
    S::said(
        "client-curl-timeout",
        "curl",
        f::TIMEOUT,
        &[&["curl: (28)"], &["curl error 28:"], &["curle_operation_timedout"]],
        CURL,
        "curl: (28) Connection timed out after 535 milliseconds",
    ),
    S::said(
        "client-curl-certificate",
        "curl",
        f::CERTIFICATE,
        &[
            &["curl: (60)"],
            &["curl error 60:"],
            &["curl: (51)"],
            &["curle_peer_failed_verification"],
            &["curl: (77)"],
        ],
        CURL,
        "curl: (60) SSL certificate problem",
    )
    .headline(),
    S::said(
        "client-curl-tls",
        "curl",
        f::HANDSHAKE,
        &[&["curl: (35)"], &["curl error 35:"], &["curle_ssl_connect_error"], &["curl: (59)"]],
        CURL,
        "curl: (35) OpenSSL SSL_connect: Connection reset by peer in connection to outlook.office365.com:993",
    )
    .headline(),
    S::said(
        "client-curl-no-starttls",
        "curl",
        f::NO_STARTTLS,
        &[&["curl: (64)"], &["curle_use_ssl_failed"]],
        CURL,
        "curl: (64) Requested SSL level failed",
    ),
    S::said(
        "client-curl-login",
        "curl",
        f::LOGIN,
        &[&["curl: (67)"], &["curl error 67:"], &["curle_login_denied"]],
        CURL,
        "curl: (67) Login denied",
    )
    .headline(),
    S::said(
        "client-curl-dropped",
        "curl",
        f::DROPPED,
        &[&["curl: (52)"], &["curl: (56)"], &["curle_recv_error"], &["curl: (55)"], &["curle_got_nothing"]],
        CURL,
        "curl: (56) response reading failed",
    ),
    S::said(
        "client-curl-garbled",
        "curl",
        f::GARBLED,
        &[&["curl: (8)"], &["curle_weird_server_reply"], &["curl: (1) received http/0.9"]],
        CURL,
        "curl: (8) Weird server reply",
    ),
    S::said(
        "client-msmtp-name",
        "msmtp",
        f::NAME,
        &[&["msmtp: cannot locate host"], &["sendmail: cannot locate host"]],
        MSMTP_LOGIN,
        "msmtp: cannot locate host smtp.example.com: Name or service not known",
    ),
    S::said(
        "client-msmtp-connect",
        "msmtp",
        f::CONNECT,
        &[&["msmtp: cannot connect to"], &["sendmail: cannot connect to"]],
        MSMTP_LOGIN,
        "msmtp: cannot connect to smtp.example.com, port 465: Connection refused",
    ),
    S::said(
        "client-msmtp-certificate",
        "msmtp",
        f::CERTIFICATE,
        &[&["tls certificate verification failed"]],
        MSMTP,
        "msmtp: TLS certificate verification failed: certificate 2 of 4",
    )
    .headline(),
    S::said(
        "client-msmtp-no-starttls",
        "msmtp",
        f::NO_STARTTLS,
        &[&["the server does not support tls via the starttls command"]],
        "https://github.com/LukeSmithxyz/mutt-wizard/issues/717",
        "msmtp: the server does not support TLS via the STARTTLS command",
    ),
    S::said(
        "client-msmtp-mechanism",
        "msmtp",
        f::MECHANISM,
        &[
            &["the server does not support authentication"],
            &["cannot use a secure authentication method"],
            &["cannot find a usable authentication method"],
        ],
        "https://github.com/marlam/msmtp/issues/22",
        "sendmail: the server does not support authentication",
    ),
    S::said(
        "client-msmtp-tls",
        "msmtp",
        f::HANDSHAKE,
        &[&["msmtp: tls handshake failed"], &["sendmail: tls handshake failed"]],
        "https://github.com/marlam/msmtp/issues/27",
        "msmtp: TLS handshake failed: The operation",
    )
    .headline(),
    S::said(
        "client-msmtp-login",
        "msmtp",
        f::LOGIN,
        &[&["authentication failed (method"]],
        MSMTP_LOGIN,
        "msmtp: authentication failed (method PLAIN)",
    )
    .headline(),
    S::said(
        "client-fetchmail-connect",
        "fetchmail",
        f::CONNECT,
        &[&["query status=2 (socket)"], &["abfragestatus=2 (socket)"], &["état de la requête=2 (socket)"]],
        FETCHMAIL,
        "fetchmail: Query status=2 (SOCKET)",
    )
    .headline(),
    S::said(
        "client-mutt-authenticators",
        "mutt or NeoMutt",
        f::NO_AUTHENTICATOR,
        &[&["no authenticators available"]],
        "https://github.com/neomutt/neomutt/issues/2256",
        "No authenticators available or wrong credentials",
    ),
    S::said(
        "client-fetchmail-refused-now",
        "fetchmail",
        f::REFUSED_NOW,
        &[&["the attempt to get authorization failed", "another failure mode"]],
        FETCHMAIL,
        "The attempt to get authorization failed.\nSince we have already succeeded in getting authorization for this\nconnection, this is probably another failure mode (such as busy server)",
    ),
    S::said(
        "client-fetchmail-login",
        "fetchmail",
        f::LOGIN,
        &[&["query status=3 (authfail)"], &["abfragestatus=3 (authfail)"], &["authorization failure on"]],
        "https://github.com/simonrob/email-oauth2-proxy/issues/176",
        "fetchmail: Authorization failure on user@imap.example.com\nfetchmail: Query status=3 (AUTHFAIL)",
    )
    .headline(),
    S::said(
        "client-fetchmail-protocol",
        "fetchmail",
        f::GARBLED,
        &[&["query status=4 (protocol)"]],
        FETCHMAIL,
        "fetchmail: Query status=4 (PROTOCOL)",
    )
    .headline(),
    S::said(
        "client-fetchmail-busy",
        "fetchmail",
        f::BUSY,
        &[&["query status=9 (lockbusy)"]],
        FETCHMAIL,
        "fetchmail: Query status=9 (LOCKBUSY)",
    ),
    S::said(
        "client-fetchmail-name",
        "fetchmail",
        f::NAME,
        &[&["query status=11 (dns)"]],
        FETCHMAIL,
        "fetchmail: Query status=11 (DNS)",
    ),
    S::said(
        "client-getmail-login",
        "getmail",
        f::LOGIN,
        &[&["getmail", "credential/login error"], &["retrieval error", "login failed"]],
        GETMAIL,
        "getmail: Error: credential/login error (imap login failed)",
    )
    .headline(),
    S::said(
        "client-mbsync-login-forbidden",
        "mbsync",
        f::MECHANISM,
        &[
            &["skipping login, server forbids it"],
            &["sasl mechanisms", "not offered"],
            &["none of the requested sasl mechanisms"],
            &["imap error: sasl(-4)"],
        ],
        MBSYNC,
        "IMAP error: skipping LOGIN, server forbids it",
    ),
    S::said(
        "client-mbsync-more-steps",
        "mbsync",
        f::MORE_STEPS,
        &[&["wants more steps despite successful sasl authentication"]],
        "https://github.com/LukeSmithxyz/mutt-wizard/issues/184",
        "Error: IMAP wants more steps despite successful SASL authentication.",
    ),
    S::said(
        "client-mbsync-name",
        "mbsync",
        f::NAME,
        &[&["error: cannot resolve server"]],
        MBSYNC,
        "Error: Cannot resolve server 'imap.example.com': Name does not resolve",
    ),
    S::said(
        "client-mbsync-tls",
        "mbsync",
        f::HANDSHAKE,
        &[&["ssl error connecting"]],
        MBSYNC,
        "SSL error connecting imap.example.com (192.0.2.1:993)",
    )
    .headline(),
    S::said(
        "client-offlineimap-pinned",
        "OfflineIMAP",
        f::PINNED,
        &[
            &["server ssl fingerprint", "does not match"],
            &["no ca certificates and no server fingerprints configured"],
        ],
        "https://www.offlineimap.org/doc/FAQ.html",
        "Server SSL fingerprint '0000' for hostname 'imap.example.com' does not match configured fingerprint(s)",
    ),
    S::said(
        "client-offlineimap-tls",
        "OfflineIMAP",
        f::HANDSHAKE,
        &[&["unknown ssl protocol connecting to host"]],
        "https://www.offlineimap.org/doc/FAQ.html",
        "ERROR: Unknown SSL protocol connecting to host 'imap.example.com' for repository 'remote'.",
    )
    .headline(),
    S::said(
        "client-offlineimap-dropped",
        "OfflineIMAP",
        f::DROPPED,
        &[
            &["authentication failed: connection closed"],
            &["authentication failed: command:", "socket error"],
            &["too many read 0"],
        ],
        "https://github.com/OfflineIMAP/offlineimap/issues/680",
        "WARNING: PLAIN authentication failed: connection closed",
    ),
    S::said(
        "client-offlineimap-login",
        "OfflineIMAP",
        f::LOGIN,
        &[&["all authentication types failed"]],
        OFFLINEIMAP,
        "ERROR: All authentication types failed:",
    )
    .headline(),
    S::said(
        "client-swaks-connect",
        "swaks",
        f::CONNECT,
        &[&["*** error connecting to"]],
        SWAKS,
        "*** Error connecting to smtp.example.com:587:\n*** IO::Socket::INET6: connect: Connection refused",
    ),
    S::said(
        "client-swaks-tls",
        "swaks",
        f::HANDSHAKE,
        &[&["*** tls startup failed"]],
        SWAKS,
        "*** TLS startup failed (connect(): error)",
    )
    .headline(),
    S::said(
        "client-swaks-no-starttls",
        "swaks",
        f::NO_STARTTLS,
        &[&["host did not advertise starttls"]],
        SWAKS,
        "*** Host did not advertise STARTTLS",
    ),
    S::said(
        "client-swaks-mechanism",
        "swaks",
        f::MECHANISM,
        &[&["host did not advertise authentication"], &["auth not attempted, requested type not available"]],
        SWAKS,
        "*** Host did not advertise authentication",
    ),
    S::said(
        "client-swaks-login",
        "swaks",
        f::LOGIN,
        &[&["*** no authentication type succeeded"]],
        SWAKS,
        "*** No authentication type succeeded",
    )
    .headline(),
];
