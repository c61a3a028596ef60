//! The evidence of a run in one file for a support case: report, page and conversations, in a ZIP archive
//! whose bytes depend on the reports alone.
//!
//! Names in the archive are numbers and plain ASCII, so that no name in a report leads anywhere when it is
//! unpacked.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use mailprobe_probes::model::{EndpointReport, Report};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::layout::clean;
use super::{Format, Style, json, render, words};
use crate::lang::Lang;

/// Longest part of a file name that is taken from a report.
const NAME: usize = 60;
/// Mailboxes that the read-me lists.
const LISTED: usize = 50;

/// The archive: `README.txt`, `report.json`, `report.html` and `transcripts/`. The page alone speaks another language:
/// who reads the rest may be anybody's support.
pub fn archive(reports: &[Report], lang: Lang) -> Result<Vec<u8>, BundleError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644)
            .large_file(u32::try_from(text.len()).is_err());
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
        Ok::<(), BundleError>(())
    };
    add("README.txt", &read_me(reports))?;
    add("report.json", &json::document(reports))?;
    add("report.html", &render(Format::Html, reports, &Style { lang, ..Style::PLAIN }))?;
    for (number, report) in reports.iter().enumerate() {
        for (at, endpoint) in report.endpoints.iter().enumerate() {
            let name = format!(
                "transcripts/{:04}-{}/{:02}-{}.txt",
                number + 1,
                plain(&report.mailbox),
                at + 1,
                plain(&endpoint.url.replace("://", "-"))
            );
            add(&name, &conversation(report, endpoint))?;
        }
    }
    Ok(zip.finish()?.into_inner())
}

/// The archive could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("the bundle cannot be put together: {0}")]
pub struct BundleError(String);

impl From<zip::result::ZipError> for BundleError {
    fn from(error: zip::result::ZipError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for BundleError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Letters, digits, dots inside and hyphens; the rest is an underscore.
fn plain(text: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    let name: String = text.chars().map(keep).take(NAME).collect();
    let name = name.replace("..", "__");
    let name = name.trim_matches('.');
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

fn read_me(reports: &[Report]) -> String {
    let tool = reports.first().map_or(String::new(), |first| {
        format!(" by {} {}", clean(&first.tool.name), clean(&first.tool.version))
    });
    let mut text = format!(
        "Evidence of a mailbox check{tool}\n\n\
         report.html      for people: open it in a browser; it loads nothing from anywhere\n\
         report.json      for programs: `mailprobe report report.json -o FORMAT` shows it in other forms,\n\
         \x20                `mailprobe diff` compares it with another\n\
         transcripts/     every line that was sent and received, a file for each endpoint\n\n\
         What is not in here: passwords and tokens. They were replaced on the way into the transcript, also\n\
         where a server repeated them, and appear as `‹password 14 chars›` and the like.\n\
         What is: mailbox names, host names, addresses, the servers' words with their request ids and the\n\
         names of their machines, and what a token says of itself. Look through it before you pass it on.\n\n\
         Transcripts: line, connection, milliseconds, then `->` `<-` in the clear, `~>` `<~` inside TLS, `--` a\n\
         note of mailprobe's own; `**` marks an answer that was not expected there.\n\n"
    );
    let _ = writeln!(text, "{}:", words::count(Lang::En, reports.len(), "mailbox report"));
    for report in reports.iter().take(LISTED) {
        let verdict = report.verdict.as_ref().map_or("nothing to judge", |v| words::verdict(v.status).1);
        let _ =
            writeln!(text, "  {}, {}: {verdict}", clean(&report.mailbox), words::moment(&report.started_at));
    }
    if reports.len() > LISTED {
        let _ = writeln!(text, "  and {} more", reports.len() - LISTED);
    }
    text
}

fn conversation(report: &Report, endpoint: &EndpointReport) -> String {
    let peer = endpoint.peer.as_deref().map_or(String::new(), |peer| format!(" at {}", clean(peer)));
    let mut text = format!(
        "{} on {}{peer}, {}\n\n",
        clean(&report.mailbox),
        clean(&endpoint.url),
        words::moment(&report.started_at)
    );
    for line in &endpoint.transcript {
        let star = if line.unexpected { "**" } else { "  " };
        let _ = writeln!(
            text,
            "{:>4} {:>3} {:>6}  {}{star} {}",
            line.n,
            line.connection,
            line.at_ms,
            line.direction.mark(),
            clean(&line.text)
        );
    }
    if let Some(failure) = &endpoint.failure {
        let _ = writeln!(
            text,
            "\nStopped in {}: {} ({})",
            failure.phase,
            clean(&failure.detail),
            failure.cause.name()
        );
    }
    text
}
