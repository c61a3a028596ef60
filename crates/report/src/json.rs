//! The report for programs: schema 1, one document or one line a mailbox.

use std::fmt::Write as _;
use std::io::{self, Write};

use mailprobe_probes::model::{Report, harmless};
use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};

use super::sheet::{Form, Parts, Sheet};

/// One object for one mailbox, an array for several or none; indented, with a line end. While it grows it is an array.
#[derive(Debug, Default)]
pub(super) struct Document {
    reports: Parts,
}

/// What stands between two reports of an array.
const BETWEEN: &str = ",\n";
/// How far the reports of an array are indented.
const INDENT: &str = "  ";

impl Form for Document {
    fn begin(&self) -> String {
        "[\n".to_owned()
    }

    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        let object = guarded(&serde_json::to_string_pretty(report)?);
        let mut part = String::with_capacity(object.len() + object.len() / 8);
        // No string of JSON has a line end in it.
        for (number, line) in object.lines().enumerate() {
            if number > 0 {
                part.push('\n');
            }
            part.push_str(INDENT);
            part.push_str(line);
        }
        if !self.reports.is_empty() {
            sheet.add(BETWEEN)?;
        }
        self.reports.push(place, sheet.add(&part)?);
        Ok(())
    }

    fn lacks_only_its_end(&self) -> bool {
        self.reports.len() > 1 && self.reports.are_in_order()
    }

    fn end(&mut self, _: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        match self.reports.len() {
            0 => out.write_all(b"[]\n"),
            1 => self.reports.in_order().into_iter().try_for_each(|(_, span)| {
                sheet.read(span)?.lines().try_for_each(|line| {
                    out.write_all(line.strip_prefix(INDENT).unwrap_or(line).as_bytes())?;
                    out.write_all(b"\n")
                })
            }),
            _ => {
                out.write_all(self.begin().as_bytes())?;
                self.reports.copy(BETWEEN, sheet, out)?;
                self.end(sheet, out)
            }
        }
    }
}

/// One object a line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    reports: Parts,
}

impl Form for Lines {
    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        self.reports.push(place, sheet.add(&line(report))?);
        Ok(())
    }

    fn lacks_only_its_end(&self) -> bool {
        self.reports.are_in_order()
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        self.reports.copy("", sheet, out)
    }
}

/// One object on one line, with its line end: written as soon as a mailbox is done.
pub fn line(report: &Report) -> String {
    let mut line = Vec::with_capacity(USUAL);
    let written = report.serialize(&mut Serializer::with_formatter(&mut line, Guarded));
    line.push(b'\n');
    // No report fails to be written into memory, and what is written is text.
    written.ok().and_then(|()| String::from_utf8(line).ok()).unwrap_or_else(|| "\n".to_owned())
}

/// Octets of a line about a mailbox with one endpoint.
const USUAL: usize = 8 * 1024;

/// Writes what [`guarded`] makes of JSON on one line, without a second look at what needs none.
struct Guarded;

impl Formatter for Guarded {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        if fragment.bytes().fold(0, u8::max) < 0x7f {
            return writer.write_all(fragment.as_bytes());
        }
        let mut safe = String::with_capacity(fragment.len());
        guard(fragment, &mut safe);
        writer.write_all(safe.as_bytes())
    }
}

/// JSON is often looked at on a terminal, and it escapes only the C0 controls. Outside of strings it is
/// ASCII, so whatever else a terminal would act upon stands in a string and can be escaped there: the value
/// stays the same.
pub(super) fn guarded(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 1);
    guard(json, &mut safe);
    safe.push('\n');
    safe
}

fn guard(json: &str, safe: &mut String) {
    let mut buffer = [0_u8; 4];
    let mut rest = json;
    // Long runs of ASCII are copied whole.
    while let Some(at) = rest.bytes().position(|byte| byte >= 0x7f) {
        let (plain, from) = rest.split_at(at);
        safe.push_str(plain);
        let Some(c) = from.chars().next() else { break };
        rest = from.get(c.len_utf8()..).unwrap_or_default();
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        if harmless(bytes).as_bytes() == bytes {
            safe.push(c);
        } else {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
    safe.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_line_is_what_guarding_makes_of_plain_json() {
        let mut reports = sample::every();
        for report in &mut reports {
            report.mailbox = "\u{9b}31m\u{202e}\u{7f}\u{e0041}\"\\\u{1}é日".to_owned();
        }
        for report in reports.iter().chain(&sample::every()) {
            assert_eq!(line(report), guarded(&serde_json::to_string(report).unwrap()));
        }
    }
}
