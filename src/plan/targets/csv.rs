//! CSV (RFC 4180) with a header line; one line a record, because no field of ours holds a line break.

use std::io::{self, BufRead, Read};

use mailprobe_probes::model::harmless;

use super::Target;
use super::lines::Lines;
use super::row::Field;
use crate::plan::UserError;

pub(super) fn read(
    reader: impl BufRead,
    name: &str,
    keep: &mut dyn FnMut(Target) -> Result<(), UserError>,
) -> Result<(), UserError> {
    let mut lines = Lines::new(reader, name);
    let Some((number, header)) = lines.next()? else { return Ok(()) };
    let fields = fields(&header).map_err(|why| UserError::new(format!("{name}:{number}: {why}")))?;
    let mut records = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(Feed { lines, line: Vec::new(), at: 0, number: 0, problem: None });
    let mut record = ::csv::StringRecord::new();
    loop {
        let more = records.read_record(&mut record);
        let feed = records.get_mut();
        if let Some(problem) = feed.problem.take() {
            return Err(problem);
        }
        match more {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return Err(UserError::new(format!("cannot read {name}: {error}"))),
        }
        let place = format!("{name}:{}", feed.number);
        if record.len() != fields.len() {
            return Err(UserError::new(format!(
                "{place}: {} fields where the header has {}: separate them with commas",
                record.len(),
                fields.len()
            )));
        }
        let row = fields.iter().copied().zip(record.iter().map(str::to_owned)).collect();
        keep(Target::new(place, row)?)?;
    }
}

fn fields(header: &str) -> Result<Vec<Field>, String> {
    let mut record = ::csv::StringRecord::new();
    ::csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(::csv::Trim::All)
        .from_reader(header.as_bytes())
        .read_record(&mut record)
        .map_err(|error| error.to_string())?;
    if record.len() == 1 && header.contains([';', '\t']) {
        return Err("the columns of the header are not separated by commas".into());
    }
    let mut fields = Vec::new();
    for name in &record {
        if name.contains('@') {
            return Err("the first line must be a header, for example: mailbox,endpoint,password_env".into());
        }
        let field = Field::from_name(name)?;
        if fields.contains(&field) {
            return Err(format!("column `{}` stands twice in the header", harmless(name.as_bytes())));
        }
        fields.push(field);
    }
    if !fields.contains(&Field::Mailbox) {
        return Err("the header has no column `mailbox`".into());
    }
    Ok(fields)
}

/// Hands the lines on to the CSV reader, never more than one at a time, so that `number` is the line of the
/// record that came out last.
struct Feed<'n, R> {
    lines: Lines<'n, R>,
    line: Vec<u8>,
    at: usize,
    number: u64,
    problem: Option<UserError>,
}

impl<R: BufRead> Feed<'_, R> {
    fn refill(&mut self) -> Result<bool, UserError> {
        let Some((number, text)) = self.lines.next()? else { return Ok(false) };
        if text.matches('"').count() % 2 != 0 {
            return Err(UserError::new(format!(
                "{}:{number}: a quotation mark is not closed",
                self.lines.name()
            )));
        }
        self.number = number;
        self.line = text.into_bytes();
        self.line.push(b'\n');
        self.at = 0;
        Ok(true)
    }
}

impl<R: BufRead> Read for Feed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            match self.refill() {
                Ok(true) => {}
                Ok(false) => return Ok(0),
                Err(problem) => {
                    self.problem = Some(problem);
                    return Ok(0);
                }
            }
        }
        let mut rest = self.line.get(self.at..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}
