//! What was spoken on a connection. Over HTTPS one connection may be of several services; each has an entry of its own.

use std::fmt;

use mailprobe_probes::model::Protocol;
use serde::{Serialize, Serializer};

/// What was spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    /// A protocol of the mailbox.
    Mail(Protocol),
    /// The token endpoint.
    Tokens,
    /// HTTPS, and nothing that this tenant knows.
    Https,
}

impl Spoken {
    /// All of them, in the order of reports.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Protocol::ALL.iter().copied().map(Self::Mail).chain([Self::Tokens, Self::Https])
    }

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail(protocol) => protocol.name(),
            Self::Tokens => "token-endpoint",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Spoken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
