//! Lines of a list that say something, with their numbers.

use std::io::{BufRead, Read as _};
use std::sync::Arc;

use super::{of_line, of_list};
use crate::plan::PlanError;

/// Longest line, octets.
const LONGEST: u64 = 64 * 1024;

/// Reads line by line and never holds more than one.
pub(super) struct Lines<R> {
    reader: R,
    name: Arc<str>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R, name: Arc<str>) -> Self {
        Self { reader, name, number: 0 }
    }

    /// What complaints call the list.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The next line without its end; empty lines and comments are passed over.
    pub(super) fn next(&mut self) -> Result<Option<(u64, String)>, PlanError> {
        loop {
            let mut bytes = Vec::new();
            self.number += 1;
            let (name, number) = (&self.name, self.number);
            let read = self
                .reader
                .by_ref()
                .take(LONGEST + 3)
                .read_until(b'\n', &mut bytes)
                .map_err(|error| of_list(format!("cannot read {name}: {error}")))?;
            if read == 0 {
                return Ok(None);
            }
            if number == 1 && (bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")) {
                return Err(of_list(format!("{name}: is UTF-16: save it as UTF-8")));
            }
            let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
            if u64::try_from(line.len()).unwrap_or(u64::MAX) > LONGEST {
                return Err(of_line(name, number, format!("line longer than {} KiB", LONGEST / 1024)));
            }
            if line.trim_ascii().is_empty() || line.trim_ascii_start().starts_with(b"#") {
                continue;
            }
            return match std::str::from_utf8(line) {
                Ok(text) => Ok(Some((number, text.to_owned()))),
                Err(_) => Err(of_line(name, number, "not UTF-8: save the file as UTF-8")),
            };
        }
    }
}
