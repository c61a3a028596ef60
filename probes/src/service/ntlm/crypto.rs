//! From the password to the proof (MS-NLMP section 3.3.2). Every intermediate value is wiped.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

/// Sixteen bytes that stand for the password, or are derived from it.
pub(super) type Key = Zeroizing<[u8; 16]>;

/// UTF-16, least significant byte first, as all text is in these messages.
pub(super) fn utf16(text: &str) -> Zeroizing<Vec<u8>> {
    // In full before the first byte: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
    bytes
}

/// `NTOWFv2`: the key that both sides derive from the password, user and domain.
pub(super) fn ntowf_v2(user: &str, domain: &str, password: &str) -> Option<Key> {
    let hash: Key = Zeroizing::new(Md4::digest(&*utf16(password)).into());
    hmac(&*hash, &[&utf16(&upper(user)), &utf16(domain)])
}

/// Upper case as Windows has it: a letter for a letter, so `ß` stays.
fn upper(user: &str) -> String {
    let one = |c: char| {
        let mut upper = c.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(single), None) => single,
            _ => c,
        }
    };
    user.chars().map(one).collect()
}

/// `HMAC_MD5` over parts in order. HMAC takes keys of every length; the `Option` is there so that nobody has to
/// promise that here.
pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> Option<Key> {
    let mut mac = Hmac::<Md5>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(Zeroizing::new(mac.finalize().into_bytes().into()))
}

/// `MD5`, for channel bindings.
pub(super) fn md5(data: &[u8]) -> [u8; 16] {
    Md5::digest(data).into()
}

/// What the proof is made over beside the server's challenge (`temp` in MS-NLMP section 3.3.2).
pub(super) fn blob(filetime: u64, client_challenge: [u8; 8], target_info: &[u8]) -> Vec<u8> {
    let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
    blob.extend_from_slice(&filetime.to_le_bytes());
    blob.extend_from_slice(&client_challenge);
    blob.extend_from_slice(&[0; 4]);
    blob.extend_from_slice(target_info);
    blob.extend_from_slice(&[0; 4]);
    blob
}

/// The responses, and the key of the session.
pub(super) struct Proof {
    /// `NtChallengeResponse`: the proof and the blob.
    pub(super) nt: Vec<u8>,
    /// `LmChallengeResponse`.
    pub(super) lm: Vec<u8>,
    /// `SessionBaseKey`.
    pub(super) session: Key,
}

/// Computes `NTLMv2`'s responses.
pub(super) fn prove(
    key: &Key,
    server_challenge: [u8; 8],
    client_challenge: [u8; 8],
    blob: &[u8],
) -> Option<Proof> {
    let proof = hmac(&**key, &[&server_challenge, blob])?;
    let mut nt = proof.to_vec();
    nt.extend_from_slice(blob);
    let mut lm = hmac(&**key, &[&server_challenge, &client_challenge])?.to_vec();
    lm.extend_from_slice(&client_challenge);
    Some(Proof { nt, lm, session: hmac(&**key, &[&*proof])? })
}
