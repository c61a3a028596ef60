//! Reports for people and programs. Reads only the model, so that a stored report renders like a fresh one;
//! and because a stored file may be hostile, every foreign string is made harmless once more on its way out.

mod columns;
pub mod devices;
pub mod difference;
mod format;
#[cfg(test)]
mod golden;
mod groups;
pub mod json;
mod layout;
mod matrix;
mod meaning;
#[cfg(test)]
mod sample;
mod style;
mod summary;
mod text;
mod tls_versions;
mod transcript;
mod wide;
mod words;

use mailprobe_probes::model::Report;

pub use format::{Format, FormatError};
pub use style::Style;

/// The published JSON Schema of a report.
pub const SCHEMA: &str = include_str!("schema.json");

/// Renders reports in one form, with a line end at the end.
pub fn render(format: Format, reports: &[Report], style: &Style) -> String {
    match format {
        Format::Text => text::render(reports, style),
        Format::Wide => wide::render(reports, style),
        Format::Json => json::document(reports),
        Format::Jsonl => reports.iter().map(json::line).collect(),
    }
}

#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod tests;
