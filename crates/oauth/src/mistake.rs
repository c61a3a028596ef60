//! What a user has to change on this machine before there can be a token or a secret.

use crate::SecretError;

/// A mistake in a profile, a file or a place of a secret: one sentence with its remedy. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Mistake(String);

impl Mistake {
    /// A mistake in this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl From<SecretError> for Mistake {
    fn from(error: SecretError) -> Self {
        Self::new(error.to_string())
    }
}
