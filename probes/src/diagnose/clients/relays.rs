//! Relays and the SASL library that they log in with, where they are the client: what Postfix and Cyrus SASL say of a
//! delivery before, or instead of, a server's answer.

use super::ClientSaying as S;
use super::faults as f;

const POSTFIX: &str = "https://www.postfix.org/TLS_README.html";
const SASL: &str = "https://www.postfix.org/SASL_README.html";

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-postfix-mechanism",
        "Postfix",
        f::MECHANISM,
        &[
            &["offered no compatible authentication mechanism"],
            &["no compatible authentication mechanism"],
            &["no mechanism available"],
            &["no worthy mech"],
        ],
        SASL,
        "SASL authentication failed: server mail.example.com[192.0.2.25] offered no compatible authentication mechanisms for this type of connection security",
    ),
    S::said(
        "client-sasl-cancelled",
        "Cyrus SASL",
        f::EXCHANGE_CANCELLED,
        &[&["bad protocol / cancel"]],
        "https://github.com/tarickb/sasl-xoauth2/issues/50",
        "SASL authentication failed; cannot authenticate to server smtp.example.com[192.0.2.1]: bad protocol / cancel",
    ),
    S::said(
        "client-sasl-plugin",
        "Cyrus SASL",
        f::SASL_PLUGIN,
        &[&["unable to find a callback"]],
        "https://github.com/moriyoshi/cyrus-sasl-xoauth2/issues/9",
        "Error performing SASL authentication step: SASL(-1): generic failure: Unable to find a callback: 18948",
    ),
    S::said(
        "client-postfix-too-large",
        "Postfix",
        f::TOO_LARGE,
        &[&["exceeds size limit"], &["message size", "exceeds"], &["message too large"]],
        "https://www.postfix.org/postconf.5.html#message_size_limit",
        "message size 53500000 exceeds size limit 36700160 of server smtp.example.com[192.0.2.1]",
    ),
    S::said(
        "client-postfix-untrusted",
        "Postfix",
        f::UNTRUSTED,
        &[
            &["certificate verification failed for", "untrusted issuer"],
            &["server certificate not trusted"],
            &["certificate verification failed for", "self-signed"],
        ],
        POSTFIX,
        "postfix/smtp[1]: certificate verification failed for smtp.gmail.com[192.0.2.1]:587: untrusted issuer /C=US",
    ),
    S::said(
        "client-postfix-name",
        "Postfix",
        f::WRONG_NAME,
        &[&["server certificate not verified"]],
        POSTFIX,
        "status=deferred (Server certificate not verified)",
    ),
    S::said(
        "client-postfix-no-starttls",
        "Postfix",
        f::NO_STARTTLS,
        &[&["tls is required, but was not offered"], &["encryption is required to use this", "not offered"]],
        POSTFIX,
        "status=deferred (TLS is required, but was not offered by host smtp.example.com[192.0.2.1])",
    ),
    S::said(
        "client-postfix-tls",
        "Postfix",
        f::HANDSHAKE,
        &[
            &["ssl_connect error to"],
            &["cannot start tls: handshake failure"],
            &["tls is required, but our tls engine is unavailable"],
        ],
        POSTFIX,
        "postfix/smtp[1]: SSL_connect error to smtp.example.com[192.0.2.1]:587: -1",
    )
    .headline(),
];
