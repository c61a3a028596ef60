//! Lists of mailboxes: CSV and JSON lines, streamed, bounded, with a place for every complaint.

mod csv;
mod jsonl;
mod lines;
mod row;

use std::io::BufRead;

use super::UserError;
use super::args::TargetsFormat;
pub(super) use row::{Target, words};

/// Most targets of one run.
pub(super) const MOST: usize = 1_000_000;

/// Reads a whole list. `name` is what complaints call it.
pub(super) fn read(
    mut reader: impl BufRead,
    format: Option<TargetsFormat>,
    name: &str,
) -> Result<Vec<Target>, UserError> {
    let format = match format {
        Some(format) => format,
        None => sniff(&mut reader, name)?,
    };
    let mut targets = Vec::new();
    let mut keep = |target: Target| {
        if targets.len() == MOST {
            return Err(UserError::new(format!("{name}: more than {MOST} targets: split the list")));
        }
        targets.push(target);
        Ok(())
    };
    match format {
        TargetsFormat::Csv => csv::read(reader, name, &mut keep)?,
        TargetsFormat::Jsonl => jsonl::read(reader, name, &mut keep)?,
    }
    if targets.is_empty() {
        return Err(UserError::new(format!("{name}: holds no target")));
    }
    Ok(targets)
}

/// The format of a list by its file name.
pub(super) fn by_name(path: &std::path::Path) -> Option<TargetsFormat> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => Some(TargetsFormat::Csv),
        "jsonl" | "ndjson" => Some(TargetsFormat::Jsonl),
        _ => None,
    }
}

/// The format by the first character that says something: an object starts with a brace, a header never does.
fn sniff(reader: &mut impl BufRead, name: &str) -> Result<TargetsFormat, UserError> {
    let ahead = reader.fill_buf().map_err(|error| UserError::new(format!("cannot read {name}: {error}")))?;
    let mut rest = ahead.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(ahead).trim_ascii_start();
    while rest.first() == Some(&b'#') {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default().trim_ascii_start();
    }
    Ok(if rest.first() == Some(&b'{') { TargetsFormat::Jsonl } else { TargetsFormat::Csv })
}

#[cfg(test)]
mod tests;
