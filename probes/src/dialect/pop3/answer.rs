//! One POP3 answer: where it ends, and what it says.

use super::{Frame, Limits, Status, Trouble};
use crate::dialect::line;
use crate::model::{Reply, harmless};

/// The end of the first answer in `buffer`: of its line, or, where a list was asked for and granted, of the
/// line with nothing but a dot (RFC 1939 section 3).
pub(super) fn frame(buffer: &[u8], listing: bool, limits: &Limits) -> Frame {
    let mut start = 0;
    loop {
        let rest = buffer.get(start..).unwrap_or_default();
        let length = match line::length(rest, limits) {
            Ok(length) => length,
            Err(frame) => return frame,
        };
        let line = rest.get(..length).unwrap_or_default();
        let is_list = listing && (start > 0 || is_yes(line));
        start += length + 1;
        if !is_list || line.strip_suffix(b"\r").unwrap_or(line) == b"." {
            return Frame::Complete(start);
        }
        if start > limits.unit {
            return Frame::TooLarge(Trouble::ReplyTooLarge, limits.unit);
        }
    }
}

fn is_yes(line: &[u8]) -> bool {
    line.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"+OK"))
}

fn first_line(unit: &[u8]) -> &[u8] {
    let line = unit.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// `+OK` or `-ERR` with its response code (RFC 2449 section 8) and text; `None` for anything else.
pub(super) fn reply(unit: &[u8]) -> Option<(Status, Reply)> {
    let line = first_line(unit);
    let (status, word, rest) = if is_yes(line) {
        (Status::Yes, "+OK", line.get(3..)?)
    } else if line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"-ERR")) {
        (Status::No, "-ERR", line.get(4..)?)
    } else {
        return None;
    };
    // `+OKAY` is a word of its own.
    if !matches!(rest.first(), None | Some(b' ')) {
        return None;
    }
    let rest = rest.trim_ascii_start();
    let coded = rest.strip_prefix(b"[").and_then(|inner| {
        let end = inner.iter().position(|byte| *byte == b']')?;
        Some((harmless(inner.get(..end)?), inner.get(end + 1..)?.trim_ascii_start()))
    });
    // Only a refusal carries a code; a bracket in a greeting is text (Exchange's host name).
    let (code, text) = match coded {
        Some((code, text)) if status == Status::No => (Some(code), text),
        _ => (None, rest),
    };
    Some((status, Reply { status: word.to_owned(), code, enhanced: None, text: harmless(text) }))
}

/// The text of `+ text`.
pub(super) fn continuation(unit: &[u8]) -> Option<&[u8]> {
    let rest = first_line(unit).strip_prefix(b"+")?;
    Some(rest.strip_prefix(b" ").unwrap_or(rest))
}

/// The lines of a list without their stuffed dots; nothing where it was refused.
pub(super) fn list(unit: &[u8], status: Status) -> Vec<String> {
    if status != Status::Yes {
        return Vec::new();
    }
    unit.split(|byte| *byte == b'\n')
        .skip(1)
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .take_while(|line| *line != b".")
        .map(|line| harmless(line.strip_prefix(b".").unwrap_or(line)))
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// The msg-id in a greeting (RFC 1939 section 7): `<process.clock@host>`.
pub(super) fn timestamp(text: &str) -> Option<&str> {
    let start = text.find('<')?;
    let length = text.get(start..)?.find('>')?;
    let stamp = text.get(start..=start + length)?;
    (stamp.contains('@') && !stamp.contains(' ')).then_some(stamp)
}
