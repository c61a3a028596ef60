//! What the line protocols have in common, server side and sans-I/O: lines go in, lines and notes come out.

use std::time::Duration;

use mailprobe_probes::model::Protocol;

use super::Words;
use super::record::Note;

/// Longest command line, octets, its end included (RFC 4954 section 4 wants 12,288 for AUTH).
pub const LONGEST_LINE: usize = 16 * 1024;
/// Longest literal or chunk that is kept, octets.
pub const LONGEST_LITERAL: usize = 16 * 1024;
/// Commands of one connection.
pub const MOST_COMMANDS: usize = 2000;
/// Commands of one connection that make no sense.
pub const MOST_BAD: usize = 10;

/// What a server does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Says this, line ends included.
    Say(String),
    /// Thinks for so long.
    Wait(Duration),
    /// Begins TLS, once everything is said.
    StartTls,
    /// Hangs up, once everything is said.
    Close,
    /// Writes this into the record.
    Note(Note),
}

/// What a server waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A line.
    Line,
    /// So many octets, which matter.
    Octets(usize),
    /// So many octets, which do not.
    Skip(u64),
    /// The content of a message, up to an end that the protocol finds in it.
    Content,
}

/// One line protocol on one connection.
pub trait Talk: Send {
    /// Which.
    fn protocol(&self) -> Protocol;

    /// The first line.
    fn greet(&mut self) -> Vec<Act>;

    /// What is waited for.
    fn wants(&self) -> Want {
        Want::Line
    }

    /// A line, without its end.
    fn line(&mut self, line: &[u8]) -> Vec<Act>;

    /// The octets that were wanted; empty where they were to be skipped.
    fn octets(&mut self, _octets: &[u8]) -> Vec<Act> {
        Vec::new()
    }

    /// Of the octets to be skipped, so many are left.
    fn skipped(&mut self, _left: u64) {}

    /// Octets of content, in whatever pieces they come: how many of them were taken. Those after its end are not.
    fn content(&mut self, octets: &[u8]) -> (usize, Vec<Act>) {
        (octets.len(), Vec::new())
    }

    /// TLS is there.
    fn secured(&mut self);

    /// The connection is over: what it leaves unfinished.
    fn over(&mut self) -> Vec<Note> {
        Vec::new()
    }

    /// Too many connections: the words before it hangs up.
    fn busy(&self) -> Vec<Act>;
}

/// The lines of an answer. A tag goes in front of the last, unless that is untagged by itself.
pub(super) fn say(words: &Words, tag: Option<&str>, command: &str) -> Vec<Act> {
    let mut acts = Vec::new();
    if words.delay_ms > 0 {
        acts.push(Act::Wait(Duration::from_millis(words.delay_ms)));
    }
    let text = words.text.replace("{command}", command);
    let count = text.lines().count();
    let mut said = String::new();
    for (at, line) in text.lines().enumerate() {
        if let Some(tag) = tag.filter(|_| at + 1 == count && !line.starts_with('*')) {
            said.push_str(tag);
            said.push(' ');
        }
        said.push_str(line);
        said.push_str("\r\n");
    }
    acts.push(Act::Say(said));
    acts
}

/// A command as the record shows it: known words as they are, anything else by its length alone, because a client that
/// lost its place sends secrets where commands belong.
pub(super) fn command_note(known: &[&str], verb: &str, argument: Option<&str>, octets: usize) -> Act {
    let shown = match (known.contains(&verb), argument) {
        (true, Some(argument)) => format!("{verb} {argument}"),
        (true, None) => verb.to_owned(),
        (false, _) => format!("unknown command of {octets} octets"),
    };
    Act::Note(Note::Command(shown))
}
