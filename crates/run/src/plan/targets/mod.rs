//! Lists of mailboxes: CSV and JSON lines, streamed, bounded, with a place for every complaint.

mod csv;
mod jsonl;
mod lines;
mod row;

use std::io::BufRead;

use super::error::{PlanError, PlanErrors, Row, Setting, words};
use super::request::ListFormat;
pub(super) use row::Target;
pub use row::word_list;

/// Most targets of one run.
pub(super) const MOST: usize = 1_000_000;

/// Reads a whole list: the targets, and what is wrong with the lines that are none. `name` is what complaints call it.
pub(super) fn read(
    mut reader: impl BufRead,
    format: Option<ListFormat>,
    name: &str,
) -> (Vec<Target>, PlanErrors) {
    let mut taken = Taken { name, targets: Vec::new(), mistakes: PlanErrors::default() };
    let format = format.map_or_else(|| sniff(&mut reader, name), Ok);
    let end = format.and_then(|format| match format {
        ListFormat::Csv => csv::read(reader, name, &mut taken),
        ListFormat::Jsonl => jsonl::read(reader, name, &mut taken),
    });
    if let Err(error) = end {
        taken.mistakes.note(error);
    }
    if taken.targets.is_empty() && taken.mistakes.is_empty() {
        taken.mistakes.note(of_list(format!("{name}: holds no target")));
    }
    (taken.targets, taken.mistakes)
}

/// What was read of a list so far.
struct Taken<'n> {
    name: &'n str,
    targets: Vec<Target>,
    mistakes: PlanErrors,
}

impl Taken<'_> {
    /// Takes the target of a line, or notes what is wrong with it.
    fn take(&mut self, line: Result<Target, PlanError>) -> Result<(), PlanError> {
        match line {
            Ok(_) if self.targets.len() == MOST => {
                let name = self.name;
                Err(of_list(format!("{name}: more than {MOST} targets: split the list")))
            }
            Ok(target) => {
                self.targets.push(target);
                Ok(())
            }
            Err(mistake) => {
                self.mistakes.note(mistake);
                Ok(())
            }
        }
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
