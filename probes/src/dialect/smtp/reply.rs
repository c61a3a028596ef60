//! One SMTP reply: all its lines (RFC 5321 section 4.2.1), and what they say.

use super::{Frame, Limits};
use crate::dialect::line;
use crate::model::{Reply, Trouble, harmless};

/// The end of the first reply in `buffer`: of its first line that is no `250-` line.
pub(super) fn frame(buffer: &[u8], limits: &Limits) -> Frame {
    let mut start = 0;
    loop {
        let rest = buffer.get(start..).unwrap_or_default();
        let length = match line::length(rest, limits) {
            Ok(length) => length,
            Err(frame) => return frame,
        };
        let goes_on = code(rest).is_some() && rest.get(3) == Some(&b'-');
        start += length + 1;
        if !goes_on {
            return Frame::Complete(start);
        }
        if start > limits.unit {
            return Frame::TooLarge(Trouble::ReplyTooLarge, limits.unit);
        }
    }
}

/// The three digits that begin a line.
fn code(line: &[u8]) -> Option<u16> {
    let digits = line.get(..3)?;
    let separated = matches!(line.get(3), None | Some(b' ' | b'-' | b'\r' | b'\n'));
    let all_digits = digits.iter().all(u8::is_ascii_digit);
    (separated && all_digits).then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
}

fn lines(unit: &[u8]) -> impl Iterator<Item = &[u8]> {
    let unit = unit.strip_suffix(b"\n").unwrap_or(unit);
    unit.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// A line without its code and the character behind it.
fn text_of(line: &[u8]) -> &[u8] {
    line.get(4..).unwrap_or_default()
}

/// `5.7.139` where a text begins with one, and the rest.
fn enhanced(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let mut parts = word.split(|byte| *byte == b'.');
    let number = |part: Option<&[u8]>, most: usize| {
        part.is_some_and(|part| (1..=most).contains(&part.len()) && part.iter().all(u8::is_ascii_digit))
    };
    let class = matches!(word.first(), Some(b'2' | b'4' | b'5'));
    let form = number(parts.next(), 1)
        && number(parts.next(), 3)
        && number(parts.next(), 3)
        && parts.next().is_none();
    (class && form).then(|| (word, rest.trim_ascii_start()))
}

/// The reply: the code of its last line, its enhanced code, and the texts of its lines, joined.
pub(super) fn reply(unit: &[u8]) -> Option<(u16, Reply)> {
    let last = lines(unit).last()?;
    let code = code(last)?;
    let mut first_enhanced = None;
    let texts: Vec<String> = lines(unit)
        .map(|line| match enhanced(text_of(line)) {
            Some((found, rest)) => {
                first_enhanced.get_or_insert_with(|| harmless(found));
                harmless(rest)
            }
            None => harmless(text_of(line)),
        })
        .collect();
    let status = format!("{code:03}");
    Some((code, Reply { status, code: None, enhanced: first_enhanced, text: texts.join("\n") }))
}

/// The text of the last line: a challenge.
pub(super) fn last_text(unit: &[u8]) -> &[u8] {
    lines(unit).last().map(text_of).unwrap_or_default()
}

/// The lines of an EHLO reply behind the first, which greets.
pub(super) fn keywords(unit: &[u8]) -> Vec<String> {
    lines(unit)
        .skip(1)
        .map(|line| harmless(text_of(line).trim_ascii()))
        .filter(|line| !line.is_empty())
        .collect()
}
