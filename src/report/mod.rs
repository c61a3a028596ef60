//! Reports for people and programs. Reads only the model, so that a stored report renders like a fresh one;
//! and because a stored file may be hostile, every foreign string is made harmless once more on its way out.

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
mod layout;
mod markdown;
mod matrix;
mod meaning;
mod nagios;
pub mod prometheus;
#[cfg(test)]
pub(crate) mod sample;
mod style;
mod summary;
mod text;
mod tls_versions;
mod transcript;
mod wide;
mod words;

use mailprobe_probes::model::Report;

pub use format::{Format, FormatError};
pub(crate) use layout::{pad, wrap_hanging};
pub use nagios::{State as NagiosState, state as nagios_state, trouble as nagios_trouble};
pub use style::Style;

/// The published JSON Schema of a report.
pub const SCHEMA: &str = include_str!("schema.json");

/// Renders reports in one form, with a line end at the end. What programs read is English in every language.
pub fn render(format: Format, reports: &[Report], style: &Style) -> String {
    match format {
        Format::Text => text::render(reports, style),
        Format::Wide => wide::render(reports, style),
        Format::Json => json::document(reports),
        Format::Jsonl => reports.iter().map(json::line).collect(),
        Format::Junit => junit::render(reports),
        Format::Nagios => nagios::render(reports, style.lang),
        Format::Prometheus => prometheus::render(reports),
        Format::Html => html::render(reports, style.lang),
        Format::Markdown => markdown::render(reports, style.lang),
        Format::Csv => csv::render(reports),
    }
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
