//! CSV (RFC 4180) with a header line; one line a record, because no field of ours holds a line break.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use mailprobe_probes::model::harmless;

use super::lines::Lines;
use super::row::Field;
use super::{Taken, Target, of_line, of_list};
use crate::plan::error::{PlanError, Row};

pub(super) fn read(reader: impl BufRead, name: &str, taken: &mut Taken<'_>) -> Result<(), PlanError> {
    let list: Arc<str> = name.into();
    let mut lines = Lines::new(reader, name);
    let Some((number, header)) = lines.next()? else { return Ok(()) };
    let fields = fields(&header).map_err(|why| of_line(name, number, why))?;
    let mut records =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(::csv::Trim::All).from_reader(
            Feed { lines, line: Vec::new(), at: 0, number: 0, unread: Vec::new(), problem: None },
        );
    let mut record = ::csv::StringRecord::new();
    loop {
        let more = records.read_record(&mut record);
        let feed = records.get_mut();
        for problem in feed.unread.drain(..) {
            taken.take(Err(problem))?;
        }
        if let Some(problem) = feed.problem.take() {
            return Err(problem);
        }
        match more {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return Err(of_list(format!("cannot read {name}: {error}"))),
        }
        let number = feed.number;
        if record.len() != fields.len() {
            let (found, wanted) = (record.len(), fields.len());
            let why = format!("{found} fields where the header has {wanted}: separate them with commas");
            taken.take(Err(of_line(name, number, why)))?;
            continue;
        }
        let row = fields.iter().copied().zip(record.iter().map(str::to_owned)).collect();
        taken.take(Target::new(Row { list: Arc::clone(&list), line: number }, row))?;
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
    /// Lines that were passed over, for what is wrong with them.
    unread: Vec<PlanError>,
    /// What ended the reading.
    problem: Option<PlanError>,
}

impl<R: BufRead> Feed<'_, R> {
    fn refill(&mut self) -> Result<bool, PlanError> {
        loop {
            let Some((number, text)) = self.lines.next()? else { return Ok(false) };
            if text.matches('"').count() % 2 != 0 {
                let why = "a quotation mark is not closed";
                self.unread.push(of_line(self.lines.name(), number, why));
                continue;
            }
            self.number = number;
            self.line = text.into_bytes();
            self.line.push(b'\n');
            self.at = 0;
            return Ok(true);
        }
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
