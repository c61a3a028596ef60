//! What a certificate says, read for the report and not for trust.

use std::fmt::Write as _;
use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::{ASN1Time, FromDer as _, GeneralName, X509Certificate};

use crate::model::{CertFacts, harmless, moment};

/// Certificates of a chain that are read; servers send two to four.
const MOST_CERTIFICATES: usize = 10;
/// Names of a certificate that are kept.
const MOST_NAMES: usize = 100;

/// The facts of a presented chain, leaf first.
pub(super) fn chain(certificates: &[CertificateDer<'_>]) -> Vec<CertFacts> {
    certificates.iter().take(MOST_CERTIFICATES).map(|der| certificate(der)).collect()
}

fn certificate(der: &[u8]) -> CertFacts {
    let sha256 = Sha256::digest(der).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let Ok((_, cert)) = X509Certificate::from_der(der) else {
        let unreadable = || "unreadable".to_owned();
        return CertFacts {
            subject: unreadable(),
            issuer: unreadable(),
            sans: Vec::new(),
            not_before: String::new(),
            not_after: String::new(),
            sha256,
        };
    };
    let validity = cert.validity();
    CertFacts {
        subject: harmless(cert.subject().to_string().as_bytes()),
        issuer: harmless(cert.issuer().to_string().as_bytes()),
        sans: names(&cert),
        not_before: rfc3339(validity.not_before),
        not_after: rfc3339(validity.not_after),
        sha256,
    }
}

fn names(cert: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = cert.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(dns) => Some(harmless(dns.as_bytes())),
        GeneralName::IPAddress(octets) => <[u8; 4]>::try_from(*octets)
            .map(IpAddr::from)
            .or_else(|_| <[u8; 16]>::try_from(*octets).map(IpAddr::from))
            .ok()
            .map(|address| address.to_string()),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(name).take(MOST_NAMES).collect()
}

fn rfc3339(time: ASN1Time) -> String {
    moment::rfc3339(time.timestamp())
}

/// Whether the leaf is outside its validity at `now`, in words. Checked besides the verifier, which stops
/// at the first of several reasons.
pub(super) fn validity_problem(leaf: &[u8], now: i64) -> Option<String> {
    let (_, cert) = X509Certificate::from_der(leaf).ok()?;
    let validity = cert.validity();
    if now > validity.not_after.timestamp() {
        Some(format!("the certificate expired on {}", rfc3339(validity.not_after)))
    } else if now < validity.not_before.timestamp() {
        Some(format!("the certificate is not valid before {}", rfc3339(validity.not_before)))
    } else {
        None
    }
}

/// Whether issuer and subject of the leaf are the same.
pub(super) fn is_self_issued(leaf: &[u8]) -> bool {
    X509Certificate::from_der(leaf).is_ok_and(|(_, cert)| cert.subject() == cert.issuer())
}

/// The hash that `tls-server-end-point` takes over the leaf (RFC 5929 section 4.1): the one of its
/// signature algorithm, or SHA-256 in place of MD5 and SHA-1. `None` for algorithms without one.
pub(super) fn server_end_point(leaf: &[u8]) -> Option<Vec<u8>> {
    use x509_parser::oid_registry as oid;
    let (_, cert) = X509Certificate::from_der(leaf).ok()?;
    let algorithm: &Oid<'_> = cert.signature_algorithm.oid();
    let sha256 = [
        &oid::OID_PKCS1_MD5WITHRSAENC,
        &oid::OID_PKCS1_SHA1WITHRSA,
        &oid::OID_PKCS1_SHA256WITHRSA,
        &oid::OID_SIG_ECDSA_WITH_SHA256,
    ];
    if sha256.contains(&algorithm) {
        Some(Sha256::digest(leaf).to_vec())
    } else if [&oid::OID_PKCS1_SHA384WITHRSA, &oid::OID_SIG_ECDSA_WITH_SHA384].contains(&algorithm) {
        Some(sha2::Sha384::digest(leaf).to_vec())
    } else if [&oid::OID_PKCS1_SHA512WITHRSA, &oid::OID_SIG_ECDSA_WITH_SHA512].contains(&algorithm) {
        Some(sha2::Sha512::digest(leaf).to_vec())
    } else {
        None
    }
}
