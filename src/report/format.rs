//! The forms a report can take, by the names of `-o`.

use std::str::FromStr;

/// One form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The matrix and what it means.
    Text,
    /// Everything a person may want to see, endpoint by endpoint.
    Wide,
    /// One JSON document: an object for one mailbox, an array for several.
    Json,
    /// One JSON object a line for each mailbox.
    Jsonl,
}

impl Format {
    /// Every form.
    pub const ALL: &'static [Self] = &[Self::Text, Self::Wide, Self::Json, Self::Jsonl];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Wide => "wide",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }

    /// Whether a program reads it, so that nothing else may stand beside it.
    pub const fn is_machine(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

/// A name that is none of a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`: use text, wide, json or jsonl")]
pub struct FormatError(String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        let known = Self::ALL.iter().find(|format| format.name().eq_ignore_ascii_case(name));
        known.copied().ok_or_else(|| FormatError(mailprobe_probes::model::harmless(name.as_bytes())))
    }
}
