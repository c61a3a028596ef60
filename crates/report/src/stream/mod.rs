//! Documents that are written while a run is on. A report is rendered as soon as its mailbox is done, its part goes
//! into a [`Spool`], and the report itself is let go: what a form keeps of it until the end is a position, a count or
//! a name.
//!
//! Mailboxes finish in any order; the document has them in the order of the plan. And some forms begin with what only the end
//! knows. What each of them does about it:
//!
//! | form | above the reports | below them | at the end |
//! |---|---|---|---|
//! | `csv`, `jsonl` | nothing that changes | – | stays as it is if the reports came in order, else copied in order |
//! | `text`, `wide` | – | the overview, whose columns depend on all names: its rows are set aside | the same |
//! | `json` | `[` | `]` | the same; one report alone is an object, and copied without the array around it |
//! | `junit` | the sums in `<testsuites>` | – | always copied, behind a head with the sums |
//! | `html` | a title, counts, and the row of each mailbox | – | rows and sections lie mixed in the spool, and are copied to their places; of a section that can no longer be among those told in full nothing is written |
//! | `markdown` | the table | how many more there are | like `html` |
//! | `nagios` | the state and the sums | – | worst first, up to what Nagios reads; the first report is kept in the words that it has alone |
//! | `prometheus` | – | – | samples stand by name, not by mailbox, and are bounded in number: they are kept as samples; the spool holds them by mailbox for whoever reads a run that was killed |

use std::io::{self, Write};

use mailprobe_probes::model::Report;

use crate::sheet::{Form, Sheet, Spool};
use crate::{Format, Style, csv, html, json, junit, markdown, nagios, prometheus, text, wide};

/// A document that grows report by report.
pub struct Stream {
    form: Box<dyn Form>,
    sheet: Sheet,
    begun: bool,
}

impl Stream {
    /// A document of this form, whose parts go into `parts`. What has to wait for the end out of sight is `aside`.
    pub fn new(format: Format, style: &Style, parts: Spool, aside: Spool) -> Self {
        let form: Box<dyn Form> = match format {
            Format::Text => Box::new(text::Pages::new(style, text::one)),
            Format::Wide => Box::new(wide::pages(style)),
            Format::Json => Box::new(json::Document::default()),
            Format::Jsonl => Box::new(json::Lines::default()),
            Format::Junit => Box::new(junit::Suites::default()),
            Format::Nagios => Box::new(nagios::Plugin::new(style.lang)),
            Format::Prometheus => Box::new(prometheus::Gauges::default()),
            Format::Html => Box::new(html::Page::new(style.lang)),
            Format::Markdown => Box::new(markdown::Tickets::new(style.lang)),
            Format::Csv => Box::new(csv::Rows::default()),
        };
        Self { form, sheet: Sheet { parts, aside }, begun: false }
    }

    /// Adds a report, whose place in the document is `place`. No two have the same.
    ///
    /// # Errors
    /// What the spool says. The parts before are whole.
    pub fn report(&mut self, place: usize, report: &Report) -> io::Result<()> {
        self.begin()?;
        self.form.report(place, report, &mut self.sheet)
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.sheet.add(&self.form.begin())?;
            self.begun = true;
        }
        Ok(())
    }

    /// Whether the spool holds the document as it is to be, but for its end.
    pub fn lacks_only_its_end(&self) -> bool {
        self.begun && self.form.lacks_only_its_end()
    }

    /// Writes what belongs behind the last report.
    ///
    /// # Errors
    /// What the spool or the writer says.
    pub fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.form.end(&mut self.sheet, out)
    }

    /// Writes the whole document.
    ///
    /// # Errors
    /// What the spool or the writer says.
    pub fn whole(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.form.whole(&mut self.sheet, out)
    }
}

/// A document of reports that are all there.
pub(crate) fn rendered(format: Format, reports: &[Report], style: &Style) -> String {
    let mut stream = Stream::new(format, style, Spool::in_memory(), Spool::in_memory());
    let mut document = Vec::new();
    let done = reports.iter().enumerate().try_for_each(|(place, report)| stream.report(place, report));
    // Nothing but a part of 4 GiB fails in memory.
    done.and_then(|()| stream.whole(&mut document)).ok();
    String::from_utf8(document).unwrap_or_default()
}

#[cfg(test)]
mod tests;
