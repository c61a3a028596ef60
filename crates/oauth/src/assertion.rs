//! How a client proves itself by a signed assertion (RFC 7523): with a certificate's key, as Entra asks for it, and as a
//! Google service account that acts for a mailbox.
//!
//! Files are read for every request: certificates and keys are replaced while a daemon runs. No message quotes them.

use std::io::Read as _;
use std::path::Path;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailprobe_probes::model::{Secret, harmless};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Mistake;
use crate::jws::{self, Signature};
use crate::profile::Algorithm;

/// Largest file read.
const LARGEST: u64 = 256 * 1024;
/// Seconds that an assertion is good for. Entra takes ten minutes at most.
const LIFE: i64 = 300;
/// Seconds that it is dated back, for a clock that is a little ahead.
const BACK: i64 = 60;

fn read(what: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>, Mistake> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let mut content = Zeroizing::new(Vec::new());
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut content))
        .map_err(|error| Mistake::new(format!("cannot read the {what} {shown}: {error}")))?;
    Ok(content)
}

fn pair(what: &str, shown: &str, pem: &[u8]) -> Result<RsaKeyPair, Mistake> {
    let none = || {
        Mistake::new(format!(
            "the {what} {shown} holds no RSA private key in PEM (-----BEGIN PRIVATE KEY-----, not encrypted)"
        ))
    };
    match PrivateKeyDer::from_pem_slice(pem).map_err(|_| none())? {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(none()),
    }
    .map_err(|_| none())
}

/// The assertion of a client with a certificate (Entra: certificate-credentials). `audience` is the token endpoint.
pub(super) fn of_certificate(
    client: &str,
    audience: &str,
    (certificate, key): (&Path, &Path),
    algorithm: Algorithm,
    now: i64,
) -> Result<Secret, Mistake> {
    let shown = |path: &Path| harmless(path.as_os_str().as_encoded_bytes());
    let pem = read("certificate", certificate)?;
    let der = CertificateDer::from_pem_slice(&pem).map_err(|_| {
        Mistake::new(format!(
            "the certificate {} holds no PEM certificate (-----BEGIN CERTIFICATE-----)",
            shown(certificate)
        ))
    })?;
    if let Ok((_, read)) = x509_parser::parse_x509_certificate(&der)
        && read.validity().not_after.timestamp() < now
    {
        let day = read.validity().not_after;
        return Err(Mistake::new(format!(
            "the certificate {} has expired ({day}): register a new one with the application",
            shown(certificate)
        )));
    }
    let pair = pair("key", &shown(key), &read("key", key)?)?;
    let signature = match algorithm {
        Algorithm::Ps256 => Signature::Ps256,
        Algorithm::Rs256 => Signature::Rs256,
    };
    let header = json!({
        "alg": signature.name(),
        "typ": "JWT",
        "x5t#S256": URL_SAFE_NO_PAD.encode(Sha256::digest(&der)),
    });
    let content = json!({
        "aud": audience,
        "iss": client,
        "sub": client,
        "jti": random_word()?,
        "nbf": now - BACK,
        "iat": now - BACK,
        "exp": now + LIFE,
    });
    signed(&header, &content, &pair, signature)
}

/// The key file of a service account (cloud.google.com/iam/docs/keys-create-delete).
#[derive(Deserialize)]
struct KeyFile {
    client_email: String,
    private_key: Zeroizing<String>,
    #[serde(default)]
    private_key_id: Option<String>,
    #[serde(default)]
    token_uri: Option<String>,
}

/// The assertion of a service account that acts for a mailbox.
pub(super) fn of_service_account(
    path: &Path,
    audience: &str,
    scope: &str,
    mailbox: &str,
    now: i64,
) -> Result<Secret, Mistake> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let file: KeyFile = serde_json::from_slice(&read("service account file", path)?).map_err(|_| {
        Mistake::new(format!(
            "{shown} is no key file of a service account: it needs client_email and private_key (download it as JSON)"
        ))
    })?;
    // The key goes nowhere but to the issuer of the profile; the file only says what that one calls itself.
    let audience = file.token_uri.as_deref().unwrap_or(audience);
    let pair = pair("service account file", &shown, file.private_key.as_bytes())?;
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": file.private_key_id});
    let content = json!({
        "iss": file.client_email,
        "sub": mailbox,
        "scope": scope,
        "aud": audience,
        "iat": now - BACK,
        "exp": now + LIFE,
    });
    signed(&header, &content, &pair, Signature::Rs256)
}

fn signed(
    header: &serde_json::Value,
    content: &serde_json::Value,
    pair: &RsaKeyPair,
    signature: Signature,
) -> Result<Secret, Mistake> {
    jws::compact(header, content, pair, signature)
        .map(Secret::new)
        .ok_or_else(|| Mistake::new("the assertion cannot be signed with this key"))
}

/// 256 random bits that nobody can guess, as a word for URLs.
pub(super) fn random_word() -> Result<String, Mistake> {
    let mut octets = [0_u8; 32];
    SystemRandom::new().fill(&mut octets).map_err(|_| Mistake::new("the system gives no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(octets))
}
