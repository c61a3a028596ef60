//! The evidence of a run in one file for a support case: report, page and conversations, in a ZIP archive
//! whose bytes depend on the reports alone.
//!
//! Names in the archive are numbers and plain ASCII, so that no name in a report leads anywhere when it is
//! unpacked.

use std::fmt::Write as _;
use std::io::{self, Cursor, Seek, Write};

use mailprobe_probes::model::{EndpointReport, Report};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::layout::clean;
use super::sheet::{Best, Parts};
use super::{Format, Spool, Stream, Style, words};
use crate::lang::Lang;

/// Longest part of a file name that is taken from a report.
const NAME: usize = 60;
/// Mailboxes that the read-me lists.
const LISTED: usize = 50;

/// The evidence of a run that is on: its parts wait in files without names, and no report is kept.
pub struct Evidence {
    json: Stream,
    page: Stream,
    /// Conversations, each behind its name, and lines of the read-me.
    talks: Spool,
    conversations: Parts,
    listed: Best,
    /// The places of the mailboxes, by which they are numbered.
    places: Vec<usize>,
    /// Place, name and version of what made the first report.
    made: Option<(usize, String, String)>,
}

impl Evidence {
    /// Evidence whose page speaks another language: who reads the rest may be anybody's support.
    pub fn new(lang: Lang) -> Self {
        let stream = |format, style: &Style| Stream::new(format, style, Spool::unseen(), Spool::unseen());
        Self {
            json: stream(Format::Json, &Style::PLAIN),
            page: stream(Format::Html, &Style { lang, ..Style::PLAIN }),
            talks: Spool::unseen(),
            conversations: Parts::default(),
            listed: Best::new(LISTED),
            places: Vec::new(),
            made: None,
        }
    }

    /// Adds a report, whose place among the others is `place`. No two have the same.
    ///
    /// # Errors
    /// What could not be held until the end.
    pub fn add(&mut self, place: usize, report: &Report) -> io::Result<()> {
        self.json.report(place, report)?;
        self.page.report(place, report)?;
        self.places.push(place);
        if self.made.as_ref().is_none_or(|(first, ..)| place < *first) {
            self.made = Some((place, report.tool.name.clone(), report.tool.version.clone()));
        }
        if self.listed.takes(0, place) {
            self.listed.push(0, place, self.talks.add(&in_a_line(report))?);
        }
        for (at, endpoint) in report.endpoints.iter().enumerate() {
            let url = plain(&endpoint.url.replace("://", "-"));
            let name = format!("{}/{:02}-{url}.txt", plain(&report.mailbox), at + 1);
            let talk = format!("{name}\n{}", conversation(report, endpoint));
            self.conversations.push(place, self.talks.add(&talk)?);
        }
        Ok(())
    }

    /// The archive: `README.txt`, `report.json`, `report.html` and `transcripts/`.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn archive<W: Write + Seek>(mut self, out: W) -> Result<W, BundleError> {
        let mut zip = ZipWriter::new(out);
        let read_me = self.read_me()?;
        begin(&mut zip, "README.txt", as_long(read_me.len()))?;
        zip.write_all(read_me.as_bytes())?;
        for (name, stream) in [("report.json", &mut self.json), ("report.html", &mut self.page)] {
            let mut counted = Counted(0);
            stream.whole(&mut counted)?;
            begin(&mut zip, name, counted.0)?;
            let mut blocks = Blocks { out: &mut zip, held: Vec::new() };
            stream.whole(&mut blocks)?;
            blocks.flush()?;
        }
        self.places.sort_unstable();
        for (place, span) in self.conversations.in_order() {
            let talk = self.talks.read(span)?;
            let (name, text) = talk.split_once('\n').unwrap_or_default();
            let number = self.places.partition_point(|other| *other < place) + 1;
            begin(&mut zip, &format!("transcripts/{number:04}-{name}"), as_long(text.len()))?;
            zip.write_all(text.as_bytes())?;
        }
        Ok(zip.finish()?)
    }
}

fn begin<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, len: u64) -> Result<(), BundleError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(u32::try_from(len).is_err());
    Ok(zip.start_file(name, options)?)
}

fn as_long(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// Counts what is written.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(as_long(bytes.len()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands on what is written in blocks of one size: what deflate makes of it depends on where a block ends, and the archive
/// is not to depend on where the parts were held.
struct Blocks<'w, W> {
    out: &'w mut W,
    held: Vec<u8>,
}

/// Octets of such a block.
const BLOCK: usize = 64 * 1024;

impl<W: Write> Write for Blocks<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (now, _) = bytes.split_at(bytes.len().min(BLOCK - self.held.len()));
        self.held.extend_from_slice(now);
        if self.held.len() == BLOCK {
            self.flush()?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.held)?;
        self.held.clear();
        Ok(())
    }
}

/// The archive of reports that are all there.
pub fn archive(reports: &[Report], lang: Lang) -> Result<Vec<u8>, BundleError> {
    let mut evidence = Evidence::new(lang);
    for (place, report) in reports.iter().enumerate() {
        evidence.add(place, report)?;
    }
    Ok(evidence.archive(Cursor::new(Vec::new()))?.into_inner())
}

/// The archive could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// What is to be in it cannot be put into an archive.
    #[error("the bundle cannot be put together: {0}")]
    Zip(zip::result::ZipError),
    /// It cannot be written, or its parts cannot be held.
    #[error("the bundle cannot be put together: {0}")]
    Io(#[from] io::Error),
}

impl From<zip::result::ZipError> for BundleError {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => Self::Io(error),
            error => Self::Zip(error),
        }
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

/// What a mailbox came to, for the read-me.
fn in_a_line(report: &Report) -> String {
    let verdict = report.verdict.as_ref().map_or("nothing to judge", |v| words::verdict(v.status).1);
    format!("  {}, {}: {verdict}\n", clean(&report.mailbox), words::moment(&report.started_at))
}

impl Evidence {
    fn read_me(&mut self) -> io::Result<String> {
        let tool = self
            .made
            .as_ref()
            .map_or(String::new(), |(_, name, version)| format!(" by {} {}", clean(name), clean(version)));
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
        let number = self.places.len();
        let _ = writeln!(text, "{}:", words::count(Lang::En, number, "mailbox report"));
        for one in self.listed.in_order() {
            text.push_str(&self.talks.read(one.span)?);
        }
        if number > LISTED {
            let _ = writeln!(text, "  and {} more", number - LISTED);
        }
        Ok(text)
    }
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
