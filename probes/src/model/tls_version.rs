//! Which versions of TLS a server takes, asked one by one.

use serde::{Deserialize, Serialize};

use super::{Failure, LineRange, Phase, Trouble};

/// A version of TLS that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TlsProtocol {
    /// TLS 1.0 (RFC 2246), deprecated by RFC 8996.
    #[serde(rename = "TLSv1.0")]
    Tls10,
    /// TLS 1.1 (RFC 4346), deprecated by RFC 8996.
    #[serde(rename = "TLSv1.1")]
    Tls11,
    /// TLS 1.2 (RFC 5246).
    #[serde(rename = "TLSv1.2")]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    #[serde(rename = "TLSv1.3")]
    Tls13,
}

impl TlsProtocol {
    /// Every version, oldest first.
    pub const ALL: &'static [Self] = &[Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// The version's number alone: `1.2`.
    pub const fn number(self) -> &'static str {
        match self {
            Self::Tls10 => "1.0",
            Self::Tls11 => "1.1",
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
    }

    /// The code it has on the wire.
    pub const fn code(self) -> u16 {
        match self {
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// Whether RFC 8996 forbids it.
    pub const fn is_deprecated(self) -> bool {
        matches!(self, Self::Tls10 | Self::Tls11)
    }
}

impl std::fmt::Display for TlsProtocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TLS {}", self.number())
    }
}

/// What a server said to a hello that offered one version and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Flat", into = "Flat")]
pub struct TlsVersion {
    /// The version offered.
    pub version: TlsProtocol,
    /// What came back.
    pub answer: TlsAnswer,
}

/// The answer to a hello. Every state holds what belongs to it and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsAnswer {
    /// The server chose the version. The handshake was not completed: a server may still refuse after it.
    Accepted {
        /// IANA name of the cipher suite that it chose; its number where it has no name.
        cipher: String,
        /// The message by which it did.
        words: String,
        /// Where.
        evidence: LineRange,
    },
    /// The server does not take the version.
    Refused {
        /// How it said so.
        words: String,
        /// Where.
        evidence: LineRange,
    },
    /// Nobody can say; never counted as refused.
    Inconclusive {
        /// What stood in the way.
        failure: Failure,
        /// The lines around it, where any were exchanged.
        evidence: Option<LineRange>,
    },
}

impl TlsVersion {
    /// Whether the server takes the version; `None` where nobody can say.
    pub const fn accepted(&self) -> Option<bool> {
        match self.answer {
            TlsAnswer::Accepted { .. } => Some(true),
            TlsAnswer::Refused { .. } => Some(false),
            TlsAnswer::Inconclusive { .. } => None,
        }
    }

    /// The answer in words.
    pub fn words(&self) -> &str {
        match &self.answer {
            TlsAnswer::Accepted { words, .. } | TlsAnswer::Refused { words, .. } => words,
            TlsAnswer::Inconclusive { failure, .. } => &failure.detail,
        }
    }

    /// The transcript lines that show it.
    pub const fn evidence(&self) -> Option<LineRange> {
        match &self.answer {
            TlsAnswer::Accepted { evidence, .. } | TlsAnswer::Refused { evidence, .. } => Some(*evidence),
            TlsAnswer::Inconclusive { evidence, .. } => *evidence,
        }
    }

    /// Moves every line number by `by`.
    #[cfg(feature = "net")]
    pub(crate) fn shift(&mut self, by: u32) {
        match &mut self.answer {
            TlsAnswer::Accepted { evidence, .. } | TlsAnswer::Refused { evidence, .. } => {
                *evidence = evidence.shifted(by);
            }
            TlsAnswer::Inconclusive { evidence, .. } => *evidence = evidence.map(|lines| lines.shifted(by)),
        }
    }
}

/// The published JSON form: flat, every key always there.
#[derive(Serialize, Deserialize)]
struct Flat {
    version: TlsProtocol,
    accepted: Option<bool>,
    cipher: Option<String>,
    answer: String,
    failure: Option<Failure>,
    evidence: Option<LineRange>,
}

impl From<TlsVersion> for Flat {
    fn from(asked: TlsVersion) -> Self {
        let (version, accepted, evidence) = (asked.version, asked.accepted(), asked.evidence());
        let answer = asked.words().to_owned();
        let (cipher, failure) = match asked.answer {
            TlsAnswer::Accepted { cipher, .. } => (Some(cipher), None),
            TlsAnswer::Refused { .. } => (None, None),
            TlsAnswer::Inconclusive { failure, .. } => (None, Some(failure)),
        };
        Self { version, accepted, cipher, answer, failure, evidence }
    }
}

impl From<Flat> for TlsVersion {
    fn from(flat: Flat) -> Self {
        let answer = match (flat.accepted, flat.evidence) {
            (Some(true), Some(evidence)) => {
                TlsAnswer::Accepted { cipher: flat.cipher.unwrap_or_default(), words: flat.answer, evidence }
            }
            (Some(false), Some(evidence)) => TlsAnswer::Refused { words: flat.answer, evidence },
            (_, evidence) => TlsAnswer::Inconclusive {
                failure: flat.failure.unwrap_or_else(|| {
                    Failure::new(Phase::Tls, Trouble::Bug, "the stored report does not say")
                }),
                evidence,
            },
        };
        Self { version: flat.version, answer }
    }
}
