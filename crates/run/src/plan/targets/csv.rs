//! CSV (RFC 4180) with a header line; one line a record, because no field of ours holds a line break.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use mailprobe_probes::model::harmless;

use super::lines::Lines;
use super::row::Field;
use super::{Target, of_line, of_list};
use crate::plan::error::{PlanError, Row};

/// The rows behind a header.
pub(super) struct Records<R> {
    fields: Vec<Field>,
    reader: ::csv::Reader<Feed<R>>,
    record: ::csv::StringRecord,
}

impl<R: BufRead> Records<R> {
    /// Reads the header; `None` where there is not even that.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new(mut lines: Lines<R>) -> Result<Option<Self>, PlanError> {
        let Some((number, header)) = lines.next()? else { return Ok(None) };
        let fields = fields(&header).map_err(|why| of_line(lines.name(), number, why))?;
        let feed = Feed { lines, line: Vec::new(), at: 0, number: 0, unread: None, problem: None };
        let mut reader = ::csv::ReaderBuilder::new();
        reader.has_headers(false).flexible(true).trim(::csv::Trim::All);
        Ok(Some(Self { fields, reader: reader.from_reader(feed), record: ::csv::StringRecord::new() }))
    }

    /// The target of the next line, or what is wrong with it.
    ///
    /// # Errors
    /// What ends the reading.
    pub(super) fn next(&mut self) -> Result<Option<Result<Target, PlanError>>, PlanError> {
        let more = self.reader.read_record(&mut self.record);
        let feed = self.reader.get_mut();
        if let Some(problem) = feed.problem.take() {
            return Err(problem);
        }
        if let Some(mistake) = feed.unread.take() {
            return Ok(Some(Err(mistake)));
        }
        let (name, number) = (feed.lines.name(), feed.number);
        match more {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(of_list(format!("cannot read {name}: {error}"))),
        }
        if self.record.len() != self.fields.len() {
            let (found, wanted) = (self.record.len(), self.fields.len());
            let why = format!("{found} fields where the header has {wanted}: separate them with commas");
            return Ok(Some(Err(of_line(name, number, why))));
        }
        let fields = self.fields.iter().copied().zip(self.record.iter().map(str::to_owned)).collect();
        Ok(Some(Target::new(Row { list: Arc::clone(name), line: number }, fields)))
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
struct Feed<R> {
    lines: Lines<R>,
    line: Vec<u8>,
    at: usize,
    number: u64,
    /// What is wrong with that line, where the reader was handed another in its place.
    unread: Option<PlanError>,
    /// What ended the reading.
    problem: Option<PlanError>,
}

/// Handed on in place of a line that cannot be: a record comes out for each line that goes in.
const IN_ITS_PLACE: &str = "-";

impl<R: BufRead> Feed<R> {
    fn refill(&mut self) -> Result<bool, PlanError> {
        let Some((number, text)) = self.lines.next()? else { return Ok(false) };
        let is_whole = text.matches('"').count() % 2 == 0;
        if !is_whole {
            self.unread = Some(of_line(self.lines.name(), number, "a quotation mark is not closed"));
        }
        self.number = number;
        self.line = if is_whole { text.into_bytes() } else { IN_ITS_PLACE.into() };
        self.line.push(b'\n');
        self.at = 0;
        Ok(true)
    }
}

impl<R: BufRead> Read for Feed<R> {
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
