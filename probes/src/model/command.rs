//! Bytes on their way out, with a statement of which of them are secret.

use zeroize::Zeroizing;

/// One run of bytes of a command.
#[derive(Clone)]
pub enum Part {
    /// Shown in the transcript as it is.
    Clear(Vec<u8>),
    /// Replaced in the transcript by `‹label›`, and searched for in everything that comes back.
    Secret {
        /// What goes on the wire.
        bytes: Zeroizing<Vec<u8>>,
        /// What the transcript says instead, without the brackets.
        label: String,
    },
}

/// A command as it goes on the wire: the first redaction lock is that the code which builds the bytes
/// says itself which of them nobody may see.
#[derive(Clone, Default)]
pub struct Command {
    parts: Vec<Part>,
    sensitive: Vec<Zeroizing<Vec<u8>>>,
}

impl Command {
    /// An empty command.
    pub fn new() -> Self {
        Self::default()
    }

    /// A command with nothing secret in it.
    pub fn clear(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new().and(bytes)
    }

    /// Appends bytes that may be shown.
    #[must_use]
    pub fn and(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        if let Some(Part::Clear(last)) = self.parts.last_mut() {
            last.extend_from_slice(&bytes);
        } else {
            self.parts.push(Part::Clear(bytes));
        }
        self
    }

    /// Appends bytes that may not be shown, and what is shown in their place.
    #[must_use]
    pub fn and_secret(mut self, bytes: impl Into<Vec<u8>>, label: impl Into<String>) -> Self {
        self.parts.push(Part::Secret { bytes: Zeroizing::new(bytes.into()), label: label.into() });
        self
    }

    /// Appends another command.
    #[must_use]
    pub fn and_all(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self.sensitive.extend(other.sensitive);
        self
    }

    /// Names further bytes that must not be shown if the server says them (a SCRAM server signature).
    #[must_use]
    pub fn hiding(mut self, bytes: impl IntoIterator<Item = Zeroizing<Vec<u8>>>) -> Self {
        self.sensitive.extend(bytes);
        self
    }

    /// The runs in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Bytes that are not part of the command, yet must not be shown from here on.
    pub fn sensitive(&self) -> impl Iterator<Item = &[u8]> {
        self.sensitive.iter().map(|bytes| bytes.as_slice())
    }

    /// The whole command as it goes on the wire.
    pub fn wire(&self) -> Zeroizing<Vec<u8>> {
        let mut all = Zeroizing::new(Vec::with_capacity(self.len()));
        for part in &self.parts {
            all.extend_from_slice(part.bytes());
        }
        all
    }

    /// Whether anything in it is secret.
    pub fn has_secret(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Secret { .. }))
    }

    /// Length on the wire in octets.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.bytes().len()).sum()
    }

    /// Whether nothing would be sent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The command as a transcript shows it.
    pub fn shown(&self) -> String {
        self.parts.iter().map(Part::shown).collect()
    }
}

impl Part {
    /// The bytes for the wire.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Clear(bytes) => bytes,
            Self::Secret { bytes, .. } => bytes,
        }
    }

    /// The part as a transcript shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Clear(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Secret { label, .. } => format!("\u{2039}{label}\u{203a}"),
        }
    }
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Command({:?})", self.shown())
    }
}
