//! Reports for people and programs. Reads only the model, so that a stored report renders like a fresh one;
//! and because a stored file may be hostile, every foreign string is made harmless once more on its way out.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod bundle;
mod columns;
mod conclusions;
mod csv;
pub mod devices;
pub mod difference;
mod document;
mod escape;
pub mod exposition;
mod format;
#[cfg(test)]
mod golden;
mod groups;
mod html;
pub mod json;
mod junit;
pub mod lang;
mod layout;
mod markdown;
mod matrix;
mod meaning;
mod nagios;
pub mod prometheus;
pub mod publish;
#[cfg(test)]
pub(crate) mod sample;
mod sheet;
pub mod stored;
mod stream;
mod style;
mod summary;
mod text;
mod tls_versions;
mod transcript;
mod verdict;
mod wide;
mod words;

use mailprobe_probes::model::Report;

pub use format::{Format, FormatError};
pub use layout::{pad, wrap_hanging};
pub use nagios::{State as NagiosState, state as nagios_state, trouble as nagios_trouble};
pub use sheet::Spool;
pub use stream::Stream;
pub use style::Style;

/// The published JSON Schema of a report.
pub const SCHEMA: &str = include_str!("schema.json");

/// Renders reports in one form, with a line end at the end. What programs read is English in every language.
pub fn render(format: Format, reports: &[Report], style: &Style) -> String {
    stream::rendered(format, reports, style)
}

/// Mailbox and matrix alone, for a place that says the rest itself.
pub fn matrix_only(report: &Report, style: &Style) -> String {
    text::matrix_only(report, style)
}

#[cfg(test)]
mod conclusions_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod tests;
