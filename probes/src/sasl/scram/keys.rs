//! From the password to the proof: `SASLprep` (RFC 4013) and the cryptography of RFC 5802 section 3.

use hmac::{EagerHash, Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::ScramHash;

/// The password after `SASLprep`, or as it is where that forbids it or leaves nothing of it.
///
/// Servers often hash what the user typed without preparing it, and users do have emoji (unassigned in
/// `SASLprep`'s Unicode 3.2) or Latin-1 bytes in their passwords; only the server can say whether it is right.
pub(super) fn prepared_password(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let prepared = std::str::from_utf8(password).ok().and_then(|text| stringprep::saslprep(text).ok());
    match prepared {
        Some(text) if !text.is_empty() => Zeroizing::new(text.into_owned().into_bytes()),
        _ => Zeroizing::new(password.to_vec()),
    }
}

/// What one exchange needs to know of a password.
pub(super) struct Keys {
    /// `ClientProof`: what we send.
    pub(super) proof: Zeroizing<Vec<u8>>,
    /// `ServerSignature`: what the server must send.
    pub(super) signature: Zeroizing<Vec<u8>>,
}

/// Computes proof and signature; takes time in proportion to `iterations`, which the caller has bounded.
///
/// `None` is for lengths that HMAC does not take. There are none, yet an empty key or signature in its
/// place would let a server prove itself with nothing.
pub(super) fn derive(
    hash: ScramHash,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    auth_message: &[u8],
) -> Option<Keys> {
    match hash {
        ScramHash::Sha1 => derive_with::<Sha1>(password, salt, iterations, auth_message),
        ScramHash::Sha256 => derive_with::<Sha256>(password, salt, iterations, auth_message),
    }
}

fn derive_with<D: EagerHash>(password: &[u8], salt: &[u8], iterations: u32, message: &[u8]) -> Option<Keys> {
    let mut salted = Zeroizing::new(vec![0; <D as hmac::digest::Digest>::output_size()]);
    pbkdf2::pbkdf2::<Hmac<D>>(password, salt, iterations, &mut salted).ok()?;
    let client_key = mac::<D>(&salted, b"Client Key")?;
    let stored_key = D::digest(&*client_key);
    let client_signature = mac::<D>(&stored_key, message)?;
    let proof = client_key.iter().zip(client_signature.iter()).map(|(key, sig)| key ^ sig).collect();
    let server_key = mac::<D>(&salted, b"Server Key")?;
    Some(Keys { proof: Zeroizing::new(proof), signature: mac::<D>(&server_key, message)? })
}

fn mac<D: EagerHash>(key: &[u8], message: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut mac = Hmac::<D>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(Zeroizing::new(mac.finalize().into_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_prepared_as_in_rfc_4013_section_3() {
        for (password, prepared) in
            [("I\u{ad}X", "IX"), ("user", "user"), ("USER", "USER"), ("\u{aa}", "a"), ("\u{2168}", "IX")]
        {
            assert_eq!(prepared_password(password.as_bytes()).as_slice(), prepared.as_bytes());
        }
    }

    #[test]
    fn passwords_that_cannot_be_prepared_are_used_as_they_are() {
        for password in
            [&b"\x07"[..], b"caf\xe9", "\u{627}1".as_bytes(), "\u{1f600}".as_bytes(), "\u{ad}".as_bytes()]
        {
            assert_eq!(prepared_password(password).as_slice(), password);
        }
    }
}
