//! What a form of a document has to say, and what it is helped with.

use std::collections::BinaryHeap;
use std::io::{self, Write};

use mailprobe_probes::model::Report;

use super::spool::{Span, Spool};

/// One form, report by report.
pub(crate) trait Form {
    /// What stands above the first report as long as the others are not known.
    fn begin(&self) -> String {
        String::new()
    }

    /// Writes a report's part, and remembers what the end needs of it.
    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()>;

    /// Whether what was written is the beginning of the document as it is to be.
    fn lacks_only_its_end(&self) -> bool {
        false
    }

    /// What belongs behind the last report.
    fn end(&mut self, _: &mut Sheet, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// The whole document, whatever was written before.
    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()>;
}

/// What is written while the document grows.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) parts: Spool,
    pub(crate) aside: Spool,
}

impl Sheet {
    /// Adds to what a reader finds if the document never gets its end.
    pub(crate) fn add(&mut self, text: &str) -> io::Result<Span> {
        self.parts.add(text)
    }

    /// Copies what was added.
    pub(crate) fn copy(&mut self, span: Span, out: &mut dyn Write) -> io::Result<()> {
        self.parts.copy(span, out)
    }

    /// Reads what was added.
    pub(crate) fn read(&mut self, span: Span) -> io::Result<String> {
        self.parts.read(span)
    }

    /// Keeps what no reader is shown before its time.
    pub(crate) fn set_aside(&mut self, text: &str) -> io::Result<Span> {
        self.aside.add(text)
    }

    /// Reads what was set aside.
    pub(crate) fn read_aside(&mut self, span: Span) -> io::Result<String> {
        self.aside.read(span)
    }
}

/// The parts of those that come first, of a number that is bounded: by rank, then by place.
#[derive(Debug)]
pub(crate) struct Best {
    most: usize,
    best: BinaryHeap<Ranked>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ranked {
    pub(crate) rank: u8,
    pub(crate) place: usize,
    pub(crate) span: Span,
}

impl Best {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, best: BinaryHeap::new() }
    }

    /// Whether one of this rank and place would be among the first of those that came so far, and so may be in the end.
    pub(crate) fn takes(&self, rank: u8, place: usize) -> bool {
        self.best.len() < self.most
            || self.best.peek().is_some_and(|last| (rank, place) < (last.rank, last.place))
    }

    /// Takes one in, and lets the last go where there are too many.
    pub(crate) fn push(&mut self, rank: u8, place: usize, span: Span) {
        self.best.push(Ranked { rank, place, span });
        if self.best.len() > self.most {
            self.best.pop();
        }
    }

    /// All of them by rank and place.
    pub(crate) fn in_order(&self) -> Vec<Ranked> {
        self.best.clone().into_sorted_vec()
    }
}
