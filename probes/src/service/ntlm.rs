//! NTLM over HTTP (MS-NLMP, MS-NTHT): three messages on one connection.
//!
//! The client says what it can ([`negotiate`]), the server challenges ([`challenge`]), and the client proves that it
//! knows the password ([`authenticate`]), by `NTLMv2` only. The challenge comes before any credential and tells the
//! names of the server, its domain and its build. Nothing here signs or seals: HTTP does not.

mod authenticate;
mod challenge;
mod crypto;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};

pub use authenticate::{Fresh, Identity, authenticate, channel_bindings};
pub use challenge::{Challenge, challenge};

/// `NTLMSSP\0`, in front of every message.
const SIGNATURE: &[u8] = b"NTLMSSP\0";

/// Flags (MS-NLMP section 2.2.2.5).
mod flag {
    pub(super) const UNICODE: u32 = 0x0000_0001;
    pub(super) const OEM: u32 = 0x0000_0002;
    pub(super) const REQUEST_TARGET: u32 = 0x0000_0004;
    pub(super) const NTLM: u32 = 0x0000_0200;
    pub(super) const ALWAYS_SIGN: u32 = 0x0000_8000;
    pub(super) const EXTENDED_SESSION_SECURITY: u32 = 0x0008_0000;
    pub(super) const TARGET_INFO: u32 = 0x0080_0000;
    pub(super) const VERSION: u32 = 0x0200_0000;
    pub(super) const KEY_128: u32 = 0x2000_0000;
    pub(super) const KEY_56: u32 = 0x8000_0000;

    /// What our first message asks for.
    pub(super) const OURS: u32 = UNICODE
        | OEM
        | REQUEST_TARGET
        | NTLM
        | ALWAYS_SIGN
        | EXTENDED_SESSION_SECURITY
        | VERSION
        | KEY_128
        | KEY_56;
}

/// `VERSION` (MS-NLMP section 2.2.2.10): 6.1, build 7600, NTLMSSP revision 15. No server decides by it.
const VERSION: [u8; 8] = [6, 1, 0xb0, 0x1d, 0, 0, 0, 15];

/// The first message. It is 40 bytes and never differs: domain and workstation are left out, the version is there,
/// because gss-ntlmssp does not read a message without.
pub fn negotiate() -> Vec<u8> {
    let mut message = Vec::with_capacity(40);
    message.extend_from_slice(SIGNATURE);
    message.extend_from_slice(&1_u32.to_le_bytes());
    message.extend_from_slice(&flag::OURS.to_le_bytes());
    for _ in ["domain", "workstation"] {
        message.extend_from_slice(&[0; 4]);
        message.extend_from_slice(&40_u32.to_le_bytes());
    }
    message.extend_from_slice(&VERSION);
    message
}

/// The challenge among what a server says it takes: under `NTLM`, under `Negotiate`, raw or inside of SPNEGO.
pub fn offered(challenges: &[super::challenge::Challenge]) -> Option<Challenge> {
    // Some servers leave the padding out.
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let lenient = GeneralPurpose::new(&alphabet::STANDARD, config);
    let tokens = challenges.iter().filter_map(|challenge| challenge.token68.as_deref());
    tokens.filter_map(|token| lenient.decode(token).ok()).find_map(|token| challenge(&token))
}

/// User and domain of an account as people write it: `DOMAIN\user` is split; `user@domain` stays whole with an empty
/// domain, which is how Windows takes a user principal name.
pub fn split_account(account: &str) -> (&str, &str) {
    account.split_once('\\').map_or((account, ""), |(domain, user)| (user, domain))
}

#[cfg(test)]
#[path = "ntlm_tests.rs"]
mod tests;
