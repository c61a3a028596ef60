//! Facts of a TLS session, recorded whether or not the certificate is trusted.

use serde::{Deserialize, Serialize};

/// One certificate of the presented chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertFacts {
    /// Subject, RFC 4514 style.
    pub subject: String,
    /// Issuer, likewise.
    pub issuer: String,
    /// DNS names and addresses the certificate is for.
    pub sans: Vec<String>,
    /// Start of validity, RFC 3339.
    pub not_before: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
    /// SHA-256 of the DER form, lower-case hexadecimal.
    pub sha256: String,
}

/// What was negotiated and presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsFacts {
    /// `TLSv1.3` or `TLSv1.2`.
    pub version: String,
    /// IANA name of the cipher suite.
    pub cipher: String,
    /// Key-exchange group, as rustls names it (`X25519MLKEM768`).
    pub group: Option<String>,
    /// Negotiated ALPN protocol.
    pub alpn: Option<String>,
    /// The name the certificate was checked against.
    pub server_name: String,
    /// Presented chain, leaf first.
    pub chain: Vec<CertFacts>,
    /// Whether the chain leads to a trusted root and fits name and time.
    pub trusted: bool,
    /// Every reason why not; empty where trusted.
    pub problems: Vec<String>,
}
