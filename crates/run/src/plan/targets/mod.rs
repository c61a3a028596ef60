//! Lists of mailboxes: CSV and JSON lines, streamed, bounded, with a place for every complaint.

mod copy;
mod csv;
mod jsonl;
mod lines;
mod list;
mod row;

use std::io::BufRead;
use std::sync::Arc;

use super::error::{PlanError, Row, Setting, words};
use super::request::ListFormat;
use lines::Lines;
pub(super) use list::{Incoming, List};
pub(super) use row::Target;
pub use row::word_list;

/// Most targets of one run.
pub(super) const MOST: usize = 1_000_000;

/// The targets of a list in its order, and what is wrong with the lines that are none. Never holds more than a line.
pub(super) struct Rows<R> {
    name: Arc<str>,
    format: Option<ListFormat>,
    reading: Reading<R>,
    targets: usize,
    /// Whether nothing has come of the list so far.
    is_empty: bool,
}

enum Reading<R> {
    Csv(Box<csv::Records<R>>),
    Jsonl(jsonl::Records<R>),
    /// It ends here, with what is wrong with the list where that is why.
    End(Option<PlanError>),
}

impl<R: BufRead> Rows<R> {
    /// Begins to read. `name` is what complaints call the list.
    pub(super) fn new(mut reader: R, format: Option<ListFormat>, name: Arc<str>) -> Self {
        let format = format.map_or_else(|| sniff(&mut reader, &name), Ok);
        let known = format.as_ref().ok().copied();
        let lines = Lines::new(reader, Arc::clone(&name));
        let reading = format.and_then(|format| match format {
            ListFormat::Csv => {
                let records = csv::Records::new(lines);
                records.map(|it| it.map_or(Reading::End(None), |it| Reading::Csv(Box::new(it))))
            }
            ListFormat::Jsonl => Ok(Reading::Jsonl(jsonl::Records::new(lines))),
        });
        let reading = reading.unwrap_or_else(|error| Reading::End(Some(error)));
        Self { name, format: known, reading, targets: 0, is_empty: true }
    }

    /// How the list is written, where that could be told.
    pub(super) const fn format(&self) -> Option<ListFormat> {
        self.format
    }

    fn read(&mut self) -> Result<Option<Result<Target, PlanError>>, PlanError> {
        let row = match &mut self.reading {
            Reading::Csv(records) => records.next(),
            Reading::Jsonl(records) => records.next(),
            Reading::End(error) => error.take().map_or(Ok(None), Err),
        };
        if matches!(row, Ok(Some(Ok(_)))) {
            if self.targets == MOST {
                return Err(of_list(format!("{}: more than {MOST} targets: split the list", self.name)));
            }
            self.targets += 1;
        }
        row
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Result<Target, PlanError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.read().unwrap_or_else(|error| {
            self.reading = Reading::End(None);
            Some(Err(error))
        });
        if row.is_none() && self.is_empty {
            self.is_empty = false;
            self.reading = Reading::End(None);
            return Some(Err(of_list(format!("{}: holds no target", self.name))));
        }
        self.is_empty = false;
        row
    }
}

/// A mistake in the whole of a list.
fn of_list(what: String) -> PlanError {
    PlanError::new(Setting::Targets, words![what])
}

/// A mistake in one line of it.
fn of_line(list: &str, line: u64, what: impl Into<String>) -> PlanError {
    PlanError::new(Setting::Row(Row { list: list.into(), line }), words![what.into()])
}

/// The format of a list by its file name.
pub(super) fn by_name(path: &std::path::Path) -> Option<ListFormat> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => Some(ListFormat::Csv),
        "jsonl" | "ndjson" => Some(ListFormat::Jsonl),
        _ => None,
    }
}

/// The format by the first character that says something: an object starts with a brace, a header never does.
fn sniff(reader: &mut impl BufRead, name: &str) -> Result<ListFormat, PlanError> {
    let ahead = reader.fill_buf().map_err(|error| of_list(format!("cannot read {name}: {error}")))?;
    let mut rest = ahead.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(ahead).trim_ascii_start();
    while rest.first() == Some(&b'#') {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default().trim_ascii_start();
    }
    Ok(if rest.first() == Some(&b'{') { ListFormat::Jsonl } else { ListFormat::Csv })
}

#[cfg(test)]
mod tests;
