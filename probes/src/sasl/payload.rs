//! One client message of an exchange, with a statement of what in it is secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::model::Command;

/// What a mechanism wants to send, before base64.
#[derive(Clone)]
pub struct Payload {
    bytes: Zeroizing<Vec<u8>>,
    label: Option<String>,
    sensitive: Vec<Zeroizing<Vec<u8>>>,
}

impl Payload {
    /// A message that may be shown.
    pub fn clear(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: Zeroizing::new(bytes.into()), label: None, sensitive: Vec::new() }
    }

    /// A message shown as `‹label›`.
    pub fn secret(bytes: impl Into<Vec<u8>>, label: impl Into<String>) -> Self {
        Self { bytes: Zeroizing::new(bytes.into()), label: Some(label.into()), sensitive: Vec::new() }
    }

    /// Further bytes to hide from here on, wherever they turn up: a proof inside the message, or what
    /// the server will say that a password can be guessed against.
    #[must_use]
    pub fn hiding(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.sensitive.push(Zeroizing::new(bytes.into()));
        self
    }

    /// The message itself.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The base64 form as a piece of a command. An empty message is an empty piece.
    pub fn base64(&self) -> Command {
        let encoded = STANDARD.encode(self.bytes.as_slice());
        let command = match &self.label {
            None => Command::clear(encoded),
            Some(label) => Command::new()
                .and_secret(encoded, label.clone())
                .hiding([Zeroizing::new(self.bytes.to_vec())]),
        };
        command.hiding(self.sensitive.iter().cloned())
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({})", self.label.as_deref().unwrap_or("clear"))
    }
}
