//! JSON Web Signatures in their compact form (RFC 7515 section 7.1), signed with RSA: of a client's assertion, and of the
//! simulated tenant's tokens. Reading them is for whoever needs to: a client does not look at signatures.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

/// Which signature (RFC 7518 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

impl Signature {
    /// The value of `alg`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }
}

/// The content, signed; `None` where the provider cannot sign with that key.
pub(crate) fn compact(
    header: &impl Serialize,
    content: &impl Serialize,
    pair: &RsaKeyPair,
    signature: Signature,
) -> Option<String> {
    let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(header).ok()?);
    let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(content).ok()?);
    let message = format!("{header}.{content}");
    let mut signed = vec![0; pair.public_modulus_len()];
    let random = SystemRandom::new();
    match signature {
        Signature::Rs256 => pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signed),
        Signature::Ps256 => pair.sign(&RSA_PSS_SHA256, &random, message.as_bytes(), &mut signed),
    }
    .ok()?;
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed)))
}
