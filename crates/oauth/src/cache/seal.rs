//! Files that only whoever can open the system's keyring can read: AES-256-GCM (NIST SP 800-38D) with a key that is made
//! once and kept in the keyring.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The keyring's entry.
const SERVICE: &str = "mailprobe";
const ACCOUNT: &str = "token-cache-key";
/// What a sealed file begins with; JSON does not.
const MARK: &[u8] = b"mailprobe sealed 1\n";

/// The key.
pub(super) struct Seal(RandomizedNonceKey);

impl Seal {
    /// The keyring's key, made where there is none yet; nothing where the system has no keyring.
    pub(super) fn of_keyring() -> Option<Self> {
        let entry = keyring::Entry::new(SERVICE, ACCOUNT).ok()?;
        let key = match entry.get_password() {
            Ok(text) => Zeroizing::new(STANDARD.decode(Zeroizing::new(text).as_bytes()).ok()?),
            Err(keyring::Error::NoEntry) => {
                let mut key = Zeroizing::new(vec![0_u8; 32]);
                SystemRandom::new().fill(&mut key).ok()?;
                entry.set_password(&Zeroizing::new(STANDARD.encode(&*key))).ok()?;
                key
            }
            Err(_) => return None,
        };
        Self::of(&key)
    }

    fn of(key: &[u8]) -> Option<Self> {
        RandomizedNonceKey::new(&AES_256_GCM, key).ok().map(Self)
    }

    pub(super) fn shut(&self, content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut sealed = Zeroizing::new(content.to_vec());
        let nonce = self.0.seal_in_place_append_tag(Aad::from(MARK), &mut *sealed).ok()?;
        Some(Zeroizing::new([MARK, nonce.as_ref(), &sealed].concat()))
    }

    pub(super) fn open(&self, content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = content.strip_prefix(MARK)?.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let length = self.0.open_in_place(nonce, Aad::from(MARK), &mut opened).ok()?.len();
        opened.truncate(length);
        Some(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_unaltered_alone() {
        let seal = Seal::of(&[7; 32]).unwrap();
        let sealed = seal.shut(b"{\"a\":1}").unwrap();
        assert!(!sealed.windows(3).any(|window| window == b"\"a\""));
        assert_eq!(seal.open(&sealed).unwrap().as_slice(), b"{\"a\":1}");
        assert!(Seal::of(&[8; 32]).unwrap().open(&sealed).is_none());
        let mut altered = sealed.to_vec();
        *altered.last_mut().unwrap() ^= 1;
        assert!(seal.open(&altered).is_none());
        assert!(seal.open(b"").is_none() && seal.open(MARK).is_none());
    }
}
