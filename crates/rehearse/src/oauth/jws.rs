//! JSON Web Signatures in their compact form (RFC 7515), as far as a token endpoint needs them: RS256 with a key of its
//! own, and RS256 or PS256 of an app's assertion.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RsaKeyPair,
    UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Octets of a token that is looked at.
const LONGEST: usize = 16 * 1024;

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic provider gave none.
    #[error("no RSA key could be made")]
    NotMade,
    /// It is not an RSA private key in PKCS#8.
    #[error("not an RSA private key in PKCS#8")]
    NotRead,
}

/// The endpoint's RSA key, made at its start.
#[derive(Clone)]
pub struct SigningKey {
    pair: RsaKeyPair,
    public: PublicKeyComponents<Vec<u8>>,
    kid: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

/// A signature's header.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kid: Option<String>,
    #[serde(default, rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    x5t_s256: Option<String>,
}

impl SigningKey {
    /// A new key of 2048 bits. It takes some tenths of a second.
    ///
    /// # Errors
    /// [`KeyError::NotMade`].
    pub fn generate() -> Result<Self, KeyError> {
        RsaKeyPair::generate(KeySize::Rsa2048).map(Self::of).map_err(|_| KeyError::NotMade)
    }

    /// A key that was made before (RFC 5208, DER).
    ///
    /// # Errors
    /// [`KeyError::NotRead`].
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        RsaKeyPair::from_pkcs8(der).map(Self::of).map_err(|_| KeyError::NotRead)
    }

    fn of(pair: RsaKeyPair) -> Self {
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(&public.n));
        let kid = kid.get(..27).unwrap_or(&kid).to_owned();
        Self { pair, public, kid }
    }

    /// The public half (RFC 7517).
    pub fn jwks(&self) -> Value {
        let encoded = |octets: &[u8]| URL_SAFE_NO_PAD.encode(octets);
        json!({"keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": encoded(&self.public.n), "e": encoded(&self.public.e),
        }]})
    }

    /// A signed token with this content; empty if it cannot be signed, which no one accepts.
    pub(super) fn sign(&self, content: &impl Serialize) -> String {
        let header = Header {
            alg: "RS256".to_owned(),
            typ: Some("JWT".to_owned()),
            kid: Some(self.kid.clone()),
            x5t_s256: None,
        };
        self.signed(&header, content).unwrap_or_default()
    }

    /// The compact form (RFC 7515 section 7.1). The client's side has a signer of its own: what the two believe of each other is
    /// to be found out on the wire.
    fn signed(&self, header: &Header, content: &impl Serialize) -> Option<String> {
        let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(header).ok()?);
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(content).ok()?);
        let message = format!("{header}.{content}");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).ok()?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The content of a token that this key signed.
    pub(super) fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let parts = Parts::of(token)?;
        if parts.header.alg != "RS256" || parts.header.kid.as_deref() != Some(&self.kid) {
            return None;
        }
        let verified =
            self.public.verify(&RSA_PKCS1_2048_8192_SHA256, parts.message.as_bytes(), &parts.signature);
        verified.ok()?;
        serde_json::from_slice(&parts.content).ok()
    }
}

struct Parts<'a> {
    header: Header,
    message: &'a str,
    content: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn of(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, content) = message.split_once('.')?;
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: serde_json::from_slice(&decoded(header)?).ok()?,
            message,
            content: decoded(content)?,
            signature: decoded(signature)?,
        })
    }
}

/// The content of an assertion that was signed with the key of this certificate or public key (RFC 7523 section 3).
pub(super) fn verify_assertion<T: DeserializeOwned>(assertion: &str, pem: &str) -> Option<T> {
    let parts = Parts::of(assertion)?;
    let public = match CertificateDer::from_pem_slice(pem.as_bytes()) {
        Ok(certificate) => {
            let print = URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate));
            if parts.header.x5t_s256.as_ref().is_some_and(|shown| shown.trim_end_matches('=') != print) {
                return None;
            }
            let (_, read) = x509_parser::parse_x509_certificate(&certificate).ok()?;
            read.public_key().raw.to_vec()
        }
        Err(_) => SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).ok()?.to_vec(),
    };
    let algorithm = match parts.header.alg.as_str() {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        _ => return None,
    };
    UnparsedPublicKey::new(algorithm, &public).verify(parts.message.as_bytes(), &parts.signature).ok()?;
    serde_json::from_slice(&parts.content).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Arc, LazyLock};

    use super::*;

    /// One key for all tests of the module: making one takes its time.
    pub(in super::super) static PKCS8: LazyLock<Arc<Vec<u8>>> = LazyLock::new(|| {
        use aws_lc_rs::encoding::AsDer as _;
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Arc::new(pair.as_der().unwrap().as_ref().to_vec())
    });

    pub(in super::super) fn key() -> SigningKey {
        SigningKey::from_pkcs8(&PKCS8).unwrap()
    }

    #[test]
    fn what_is_signed_verifies_and_what_is_altered_does_not() {
        let key = key();
        let token = key.sign(&json!({"a": 1}));
        assert_eq!(key.verify::<Value>(&token), Some(json!({"a": 1})));
        for at in [0, token.len() / 2, token.len() - 2] {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.verify::<Value>(&String::from_utf8(altered).unwrap()), None, "{at}");
        }
    }

    #[test]
    fn no_other_algorithm_passes_for_ours() {
        let key = key();
        let token = key.sign(&json!({"a": 1}));
        let (_, rest) = token.split_once('.').unwrap();
        for alg in ["none", "HS256", "RS512"] {
            let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":\"{alg}\",\"kid\":\"{}\"}}", key.kid));
            assert_eq!(key.verify::<Value>(&format!("{header}.{rest}")), None, "{alg}");
            let bare = format!("{header}.{}.", rest.split_once('.').unwrap().0);
            assert_eq!(key.verify::<Value>(&bare), None, "{alg} without a signature");
        }
        assert_eq!(key.verify::<Value>(""), None);
        assert_eq!(key.verify::<Value>(&"a.".repeat(LONGEST)), None);
    }
}
