//! What tells one TLS library and its settings from another: the parts of a hello that stay the same from connection to
//! connection. The name that is asked for and the application protocols change with what is spoken, keys and tickets with
//! every session, and GREASE and signals stand in a list today and not tomorrow: none of these is part of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746) and `TLS_FALLBACK_SCSV` (RFC 7507): signals, not suites.
const SIGNALS: [u16; 2] = [0x00ff, 0x5600];
/// Octets of the digest that are told.
const TOLD: usize = 6;

/// The lists of a hello, as numbers in its order.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Versions.
    pub(super) versions: Vec<u16>,
    /// Cipher suites.
    pub(super) suites: Vec<u16>,
    /// Groups (RFC 8446 section 4.2.7).
    pub(super) groups: Vec<u16>,
    /// Signature algorithms.
    pub(super) signatures: Vec<u16>,
}

impl Lists {
    /// Twelve hexadecimal digits.
    pub(super) fn fingerprint(&self) -> String {
        let mut text = String::new();
        for list in [&self.versions, &self.suites, &self.groups, &self.signatures] {
            for value in list.iter().filter(|value| !is_grease(**value) && !SIGNALS.contains(value)) {
                let _ = write!(text, "{value:04x},");
            }
            text.push(';');
        }
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().take(TOLD).fold(String::new(), |mut hex, octet| {
            let _ = write!(hex, "{octet:02x}");
            hex
        })
    }
}

/// Values that only test a server's tolerance (RFC 8701).
pub(super) const fn is_grease(value: u16) -> bool {
    value & 0x0f0f == 0x0a0a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(suites: &[u16]) -> Lists {
        let (groups, signatures) = (vec![0x001d, 0x0017], vec![0x0403]);
        Lists { versions: vec![0x0304, 0x0303], suites: suites.to_vec(), groups, signatures }
    }

    #[test]
    fn chance_and_signals_change_nothing_and_a_suite_more_or_another_order_does() {
        let own = lists(&[0x1301, 0xc02f]).fingerprint();
        assert_eq!((own.len(), own.bytes().all(|byte| byte.is_ascii_hexdigit())), (12, true));
        for same in [&[0x2a2a, 0x1301, 0xc02f][..], &[0x1301, 0xc02f, 0x00ff], &[0x1301, 0xc02f, 0x5600]] {
            assert_eq!(lists(same).fingerprint(), own);
        }
        for other in [&[0x1301][..], &[0xc02f, 0x1301], &[0x1301, 0xc02f, 0xc030]] {
            assert_ne!(lists(other).fingerprint(), own);
        }
        let fewer = Lists { groups: vec![0x001d], ..lists(&[0x1301, 0xc02f]) };
        assert_ne!(fewer.fingerprint(), own);
    }
}
