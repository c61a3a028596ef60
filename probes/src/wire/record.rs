//! The log of one connection: every line that passed, as it may be shown.
//!
//! The handle is cheap and lives outside the stream, so that it survives when a library swallows the
//! stream. Lines are stored harmless and redacted; nothing else is stored.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Mutex, MutexGuard};

use super::Redactor;
use crate::model::{Command, Direction, Line, LineRange, harmless};

/// Octets of one line that are kept.
const KEPT_OF_LINE: usize = 2048;
/// Octets of text that one connection may keep; past it only the beginning of a line is.
const KEPT_OF_CONNECTION: usize = 24 * 1024;
/// Lines that one connection may keep: more than any bound of the driver lets through.
const MOST_LINES: usize = 1000;
/// Octets of an unfinished line that are held for the search.
const HELD: usize = 32 * 1024;

/// Octets of what was searched that the next search begins with: a secret may lie across.
const OVERLAP: usize = 8 * 1024;

/// A handle on the log.
#[derive(Clone)]
pub struct Log(Arc<Mutex<Inner>>);

struct Inner {
    started: Instant,
    connection: u32,
    tls: bool,
    lines: Vec<Line>,
    kept: usize,
    inbound: Vec<u32>,
    unfinished: Vec<u8>,
    unfinished_out: Vec<u8>,
    declared: VecDeque<Declared>,
    redactor: Redactor,
    /// Whether something inbound was, or may have been, replaced.
    touched: bool,
    /// The first line that repeats a secret.
    echoed: Option<u32>,
}

struct Declared {
    left: usize,
    shown: String,
}

impl Log {
    /// A log of connection number `connection`, with times counted from `started`.
    pub fn new(started: Instant, connection: u32, redactor: Redactor) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            started,
            connection,
            tls: false,
            lines: Vec::new(),
            kept: 0,
            inbound: Vec::new(),
            unfinished: Vec::new(),
            unfinished_out: Vec::new(),
            declared: VecDeque::new(),
            redactor,
            touched: false,
            echoed: None,
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere must not take the evidence with it.
        self.0.lock()
    }

    /// From here on everything is inside TLS.
    pub fn enter_tls(&self) {
        self.inner().tls = true;
    }

    /// Says how the next bytes on their way out are to be shown, and what must not be shown from now on.
    pub fn declare(&self, command: &Command) {
        let mut inner = self.inner();
        for part in command.parts() {
            if let crate::model::Part::Secret { bytes, .. } = part {
                inner.redactor.learn(bytes);
            }
        }
        for secret in command.sensitive() {
            inner.redactor.learn_expected(secret);
        }
        inner.declared.push_back(Declared { left: command.len(), shown: command.shown() });
    }

    /// Bytes went out.
    pub fn sent(&self, bytes: &[u8]) {
        self.inner().sent(bytes);
    }

    /// Bytes came in.
    pub fn received(&self, bytes: &[u8]) {
        self.inner().received(bytes);
    }

    /// Writes a note between the lines and returns its number.
    pub fn note(&self, text: &str) -> LineRange {
        let mut inner = self.inner();
        inner.flush_unfinished();
        let clean = inner.redactor.scrub_cut(text);
        let n = inner.push(Direction::Note, clean.as_deref().unwrap_or(text).as_bytes());
        LineRange::new(n, n)
    }

    /// The transcript lines of the inbound lines `first` to `last`, counted from 0 over everything that came in.
    pub fn inbound(&self, first: usize, last: usize) -> LineRange {
        let inner = self.inner();
        let line = |at: usize| inner.inbound.get(at).or(inner.inbound.last()).copied().unwrap_or(1);
        LineRange::new(line(first), line(last))
    }

    /// How many lines came in so far, finished ones.
    pub fn inbound_count(&self) -> usize {
        self.inner().inbound.len()
    }

    /// Inbound lines from number `first` on (counted from 0), with their transcript lines.
    pub fn inbound_since(&self, first: usize) -> Vec<(u32, String)> {
        let inner = self.inner();
        let numbers = inner.inbound.get(first..).unwrap_or_default();
        numbers
            .iter()
            .filter_map(|n| {
                let line = inner.lines.get(usize::try_from(*n).ok()?.checked_sub(1)?)?;
                Some((*n, line.text.clone()))
            })
            .collect()
    }

    /// Number of the last line, 0 where there is none.
    pub fn last_line(&self) -> u32 {
        self.inner().lines.last().map_or(0, |line| line.n)
    }

    /// Marks lines as not what was expected at their place.
    pub fn mark_unexpected(&self, range: LineRange) {
        for line in &mut self.inner().lines {
            if (range.first..=range.last).contains(&line.n) && line.direction != Direction::Note {
                line.unexpected = true;
            }
        }
    }

    /// Writes down what has come without a line end: nothing more is going to.
    pub fn settle(&self) {
        self.inner().flush_unfinished();
    }

    /// Writes down what has come without a line end where none has to be: the end of HTTP content.
    pub fn finish_line(&self) {
        let mut inner = self.inner();
        let line = std::mem::take(&mut inner.unfinished);
        if !line.is_empty() {
            inner.line_in(&line);
        }
    }

    /// Whether something inbound was, or may have been, replaced: what was derived from the same bytes needs
    /// the same search.
    pub fn touched(&self) -> bool {
        self.inner().touched
    }

    /// The first line in which the server said one of our secrets.
    pub fn echoed(&self) -> Option<u32> {
        self.inner().echoed
    }

    /// The redactor with everything it has learned.
    pub fn redactor(&self) -> Redactor {
        self.inner().redactor.clone()
    }

    /// Closes the log and hands its lines over.
    pub fn finish(&self) -> Vec<Line> {
        let mut inner = self.inner();
        inner.flush_unfinished();
        std::mem::take(&mut inner.lines)
    }
}

impl Inner {
    fn direction(&self, sent: bool) -> Direction {
        match (sent, self.tls) {
            (true, true) => Direction::SentTls,
            (true, false) => Direction::Sent,
            (false, true) => Direction::ReceivedTls,
            (false, false) => Direction::Received,
        }
    }

    fn push(&mut self, direction: Direction, bytes: &[u8]) -> u32 {
        let is_kept = self.lines.len() < MOST_LINES;
        let scrubbed = if is_kept { self.redactor.scrub(bytes) } else { None };
        self.push_clean(direction, scrubbed.as_deref().unwrap_or(bytes))
    }

    /// Adds a line in which the redactor finds nothing.
    fn push_clean(&mut self, direction: Direction, bytes: &[u8]) -> u32 {
        if self.lines.len() >= MOST_LINES {
            // The numbers of everything that is left out are the number of this note.
            if self.lines.len() == MOST_LINES {
                self.add(Direction::Note, "more lines followed; they are not kept".to_owned());
            }
            return u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        }
        let room = if self.kept < KEPT_OF_CONNECTION { KEPT_OF_LINE } else { 80 };
        let mut text = harmless(bytes.get(..room).unwrap_or(bytes));
        if let Some(more) = bytes.len().checked_sub(room + 1) {
            let _ = write!(text, " \u{2026} (+{} octets)", more + 1);
        }
        self.add(direction, text)
    }

    fn add(&mut self, direction: Direction, text: String) -> u32 {
        self.kept += text.len();
        let n = u32::try_from(self.lines.len()).unwrap_or(u32::MAX - 1) + 1;
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let connection = self.connection;
        self.lines.push(Line { n, connection, at_ms, direction, unexpected: false, text });
        n
    }

    fn sent(&mut self, mut bytes: &[u8]) {
        while let Some(declared) = self.declared.front_mut() {
            let taken = declared.left.min(bytes.len());
            declared.left -= taken;
            bytes = bytes.get(taken..).unwrap_or_default();
            if declared.left > 0 {
                return;
            }
            let shown = self.declared.pop_front().map(|declared| declared.shown).unwrap_or_default();
            let direction = self.direction(true);
            for line in shown.lines() {
                self.push(direction, line.as_bytes());
            }
        }
        self.unfinished_out.extend_from_slice(bytes);
        while let Some(end) = memchr::memchr(b'\n', &self.unfinished_out) {
            let line: Vec<u8> = self.unfinished_out.drain(..=end).collect();
            let direction = self.direction(true);
            self.push(direction, line.trim_ascii_end());
        }
    }

    /// Whether no further line is kept. What comes is only searched then, and not line by line: that would cost more than
    /// everything else that is done with it.
    fn is_full(&self) -> bool {
        self.lines.len() > MOST_LINES
    }

    fn search_only(&mut self, bytes: &[u8]) {
        self.unfinished.extend_from_slice(bytes);
        if self.unfinished.len() >= HELD {
            self.search_unfinished();
            let over = self.unfinished.len().saturating_sub(OVERLAP);
            self.unfinished.drain(..over);
        }
    }

    fn search_unfinished(&mut self) {
        let text = std::mem::take(&mut self.unfinished);
        let found = self.redactor.finds(&text);
        self.touched = self.touched || found;
        if found && self.echoed.is_none() && self.redactor.finds_echo(&text) {
            self.echoed = self.lines.last().map(|line| line.n);
        }
        self.unfinished = text;
    }

    fn received(&mut self, bytes: &[u8]) {
        if self.is_full() {
            return self.search_only(bytes);
        }
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end + 1);
            rest = after;
            self.hold(line);
            let line = std::mem::take(&mut self.unfinished);
            self.line_in(&line);
        }
        self.hold(rest);
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = HELD.saturating_sub(self.unfinished.len());
        // What is not held is not searched here.
        self.touched = self.touched || bytes.len() > room;
        self.unfinished.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    fn line_in(&mut self, line: &[u8]) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let found = self.redactor.finds(line);
        self.touched = self.touched || found;
        let echo = found && self.echoed.is_none() && self.redactor.finds_echo(line);
        let direction = self.direction(false);
        let n = if found { self.push(direction, line) } else { self.push_clean(direction, line) };
        if echo {
            self.echoed = Some(n);
        }
        // Past the last line that is kept all have one number, that of the note which says so.
        if self.inbound.len() <= MOST_LINES {
            self.inbound.push(n);
        }
    }

    fn flush_unfinished(&mut self) {
        if let Some(declared) = self.declared.pop_front() {
            self.declared.clear();
            let direction = self.direction(true);
            for line in declared.shown.lines() {
                self.push(direction, line.as_bytes());
            }
            if let Some(last) = self.lines.last_mut() {
                last.text.push_str(" (not sent completely)");
            }
        }
        if self.is_full() {
            self.search_unfinished();
            self.unfinished.clear();
        }
        if !self.unfinished.is_empty() {
            let line = std::mem::take(&mut self.unfinished);
            self.line_in(&line);
            if let Some(last) = self.lines.last_mut() {
                last.unexpected = true;
                last.text.push_str(" (no line end)");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Log {
        let mut redactor = Redactor::default();
        redactor.learn(b"hunter22");
        Log::new(Instant::now(), 1, redactor)
    }

    fn texts(log: &Log) -> Vec<String> {
        log.finish().iter().map(|line| format!("{} {}", line.direction.mark(), line.text)).collect()
    }

    #[test]
    fn a_declared_secret_is_shown_as_its_label_however_the_bytes_go_out() {
        let log = log();
        let command =
            Command::clear("m1 LOGIN \"alice\" ").and_secret("\"hunter22\"", "password 8 chars").and("\r\n");
        log.declare(&command);
        for byte in command.wire().iter() {
            log.sent(&[*byte]);
        }
        assert_eq!(texts(&log), ["-> m1 LOGIN \"alice\" ‹password 8 chars›"]);
    }

    #[test]
    fn an_echo_is_replaced_and_remembered() {
        let log = log();
        log.received(b"m1 NO wrong password hun");
        log.received(b"ter22\r\n* BYE");
        assert_eq!(log.echoed(), Some(1));
        assert_eq!(texts(&log), ["<- m1 NO wrong password ‹secret›", "<- * BYE (no line end)"]);
    }

    #[test]
    fn a_secret_across_the_cut_of_a_long_line_does_not_show_its_first_half() {
        let log = log();
        let mut line = vec![b'x'; KEPT_OF_LINE - 4];
        line.extend_from_slice(b"hunter22 and more\r\n");
        log.received(&line);
        assert!(!texts(&log)[0].contains("hunt"));
    }

    #[test]
    fn lines_without_end_take_no_more_room_than_those_that_are_kept() {
        let log = log();
        for _ in 0..50 {
            log.received(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
        }
        assert_eq!(log.inbound_count(), MOST_LINES + 1);
        let note = u32::try_from(MOST_LINES + 1).unwrap();
        assert_eq!(log.inbound(99_000, 99_999), LineRange::new(note, note), "the note on what is not kept");
        let lines = log.finish();
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert_eq!(lines.last().unwrap().text, "more lines followed; they are not kept");
    }

    #[test]
    fn an_echo_behind_the_last_line_that_is_kept_is_noticed_wherever_the_pieces_are_cut() {
        for before in [0, 7, HELD - 4, HELD, 3 * HELD + 1] {
            let log = log();
            log.received(&b"x\r\n".repeat(MOST_LINES + 5));
            log.received(&vec![b'y'; before]);
            log.received(b"hunt");
            log.received(b"er22 and more");
            log.settle();
            assert_eq!(log.echoed(), Some(u32::try_from(MOST_LINES + 1).unwrap()), "{before}");
            assert!(log.touched());
        }
    }

    #[test]
    fn evidence_points_at_the_lines_that_came_in() {
        let log = log();
        log.received(b"* OK hi\r\n");
        log.sent(b"m1 CAPABILITY\r\n");
        log.received(b"* CAPABILITY IMAP4rev1\r\nm1 OK\r\n");
        assert_eq!(log.inbound(1, 2), LineRange::new(3, 4));
    }
}
