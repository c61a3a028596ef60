//! The conversation as it was on the wire, line by line, with secrets already replaced.

use serde::{Deserialize, Serialize};

/// Who spoke, inside or outside TLS. The marks are those of swaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// We sent it in the clear.
    #[serde(rename = "->")]
    Sent,
    /// We sent it inside TLS.
    #[serde(rename = "~>")]
    SentTls,
    /// The server said it in the clear.
    #[serde(rename = "<-")]
    Received,
    /// The server said it inside TLS.
    #[serde(rename = "<~")]
    ReceivedTls,
    /// Nobody said it: a note on what happened between the lines.
    #[serde(rename = "--")]
    Note,
}

impl Direction {
    /// The mark in front of a line.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Sent => "->",
            Self::SentTls => "~>",
            Self::Received => "<-",
            Self::ReceivedTls => "<~",
            Self::Note => "--",
        }
    }
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number in the endpoint's transcript, from 1: what evidence points at.
    pub n: u32,
    /// Which connection of the visit, from 1.
    pub connection: u32,
    /// Milliseconds since the visit began.
    pub at_ms: u64,
    /// Who spoke.
    pub direction: Direction,
    /// Not what was expected at this place; renderers mark it `**`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unexpected: bool,
    /// The line without its end, harmless and redacted.
    pub text: String,
}
