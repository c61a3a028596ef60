//! Who logs in, and the secrets that prove it.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A password or token. It has no `Display` and no `Serialize`, says nothing in `Debug` in any build
/// profile, and is wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// Compared without a hint of where they differ; only the lengths can be told from the time it takes.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for Secret {}

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes themselves, for the one place that puts them on the wire.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in characters where the bytes are UTF-8, else in bytes: what a transcript may say of it.
    pub fn chars(&self) -> usize {
        std::str::from_utf8(&self.0).map_or(self.0.len(), |text| text.chars().count())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What one mailbox logs in with.
#[derive(Debug, Clone, Default)]
pub struct Login {
    /// Authentication identity (RFC 4422 section 2): the account whose password or token is presented.
    pub authcid: String,
    /// Authorization identity, where the mailbox to be opened is not the account's own.
    pub authzid: Option<String>,
    /// The password, if there is one.
    pub password: Option<Secret>,
    /// The OAuth access token, if there is one.
    pub token: Option<Secret>,
}

impl Login {
    /// The secret that a method of this kind presents.
    pub fn secret(&self, kind: super::Kind) -> Option<&Secret> {
        match kind {
            super::Kind::Password => self.password.as_ref(),
            super::Kind::Token => self.token.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_tells_nothing_not_even_the_length() {
        let login =
            Login { authcid: "alice".into(), password: Some(Secret::new("hunter2")), ..Login::default() };
        let shown = format!("{login:?} {login:#?}");
        assert!(!shown.contains("hunter2") && !shown.contains('7'), "{shown}");
    }
}
