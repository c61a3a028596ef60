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
    /// JUnit XML: a suite a mailbox, a case an expectation.
    Junit,
    /// The output of a Nagios plugin.
    Nagios,
    /// Text for Prometheus' textfile collector.
    Prometheus,
    /// One page that needs nothing else.
    Html,
    /// Markdown for tickets.
    Markdown,
    /// One row a cell.
    Csv,
}

impl Format {
    /// Every form.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Wide,
        Self::Json,
        Self::Jsonl,
        Self::Junit,
        Self::Nagios,
        Self::Prometheus,
        Self::Html,
        Self::Markdown,
        Self::Csv,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Wide => "wide",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Junit => "junit",
            Self::Nagios => "nagios",
            Self::Prometheus => "prometheus",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
        }
    }

    /// Whether it is a document as a whole, so that nothing else may stand beside it.
    pub const fn stands_alone(self) -> bool {
        !matches!(self, Self::Text | Self::Wide)
    }

    /// Whether it is JSON.
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

/// A name that is none of a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown format `{0}`: use text, wide, json, jsonl, junit, nagios, prometheus, html, markdown or csv"
)]
pub struct FormatError(String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        let known = Self::ALL.iter().find(|format| format.name().eq_ignore_ascii_case(name));
        known.copied().ok_or_else(|| FormatError(mailprobe_probes::model::harmless(name.as_bytes())))
    }
}
