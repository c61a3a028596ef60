//! What a server says it offers, and when it said so.

use serde::{Deserialize, Serialize};

use super::{LineRange, Method};

/// When a capability list was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// On the plaintext connection. Recorded, never trusted.
    BeforeTls,
    /// Inside TLS, before a login.
    AfterTls,
    /// After an accepted login.
    AfterLogin,
}

/// One offered way to log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The capability that makes the offer, spelled as the server spelled it (`AUTH=PLAIN`). For IMAP's
    /// LOGIN command, which is offered by the absence of `LOGINDISABLED`, the protocol revision.
    pub token: String,
    /// The method it offers.
    pub method: Method,
}

/// A capability list at one stage of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advertisement {
    /// When it was heard.
    pub stage: Stage,
    /// Offers in the server's order; a mechanism named twice stands here twice.
    pub offers: Vec<Offer>,
    /// The whole list, verbatim and in order.
    pub capabilities: Vec<String>,
    /// Where it was said.
    pub evidence: LineRange,
}

/// Whether a word stands where a device on the path overwrote a capability: Cisco's SMTP inspection writes an `X`
/// over each letter (`XXXXXXXA` for `STARTTLS`), so that neither side can use what it does not know.
pub(super) fn is_mask(word: &str) -> bool {
    let rest = word.trim_start_matches('X');
    word.len() - rest.len() >= 3 && matches!(rest.as_bytes(), [] | [b'A'..=b'Z'])
}

impl Advertisement {
    /// The capability that a device on the path has overwritten with `X`, where there is one.
    pub fn masked(&self) -> Option<&str> {
        let masked = |line: &&str| line.split(' ').any(is_mask);
        self.capabilities.iter().map(|line| line.trim()).find(masked)
    }

    /// Whether the list offers this method.
    pub fn offers_method(&self, method: &Method) -> bool {
        self.offers.iter().any(|offer| offer.method == *method)
    }
}
