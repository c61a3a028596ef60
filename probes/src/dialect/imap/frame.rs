//! Where an IMAP response ends: a line, and every literal that the line announces, up to the line that
//! announces none (RFC 9051 section 4.3).

use super::{Frame, Limits};
use crate::dialect::line;
use crate::model::Trouble;

/// The end of the first response in `buffer`.
pub(super) fn frame(buffer: &[u8], limits: &Limits) -> Frame {
    let mut start = 0;
    loop {
        let rest = buffer.get(start..).unwrap_or_default();
        let length = match line::length(rest, limits) {
            Ok(length) => length,
            Err(frame) => return frame,
        };
        let end = start + length + 1;
        let line = rest.get(..length).unwrap_or_default();
        let Some(literal) = announced_literal(line) else {
            return Frame::Complete(end);
        };
        // Judged by the announcement: not one byte of a literal that is too large is waited for.
        match usize::try_from(literal).ok().and_then(|literal| end.checked_add(literal)) {
            Some(after) if after <= limits.unit => start = after,
            _ => return Frame::TooLarge(Trouble::ReplyTooLarge, limits.unit),
        }
        if buffer.len() < start {
            return Frame::Partial;
        }
    }
}

/// Whether a response is a continuation, or a status in words: `+ ...`, `* OK ...`, `m1 NO ...`. What follows is text to
/// the end of the line by the grammar (RFC 9051 section 9, `resp-text`). That a literal is taken for one here all the
/// same is caution: no answer hides in it.
#[cfg(any(feature = "net", test))]
pub(super) fn is_sentence(line: &[u8]) -> bool {
    let mut words = line.trim_ascii_end().split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (Some(tag), word) = (words.next(), words.next().unwrap_or_default()) else { return false };
    let is_status =
        [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|s| s.eq_ignore_ascii_case(word));
    tag.starts_with(b"+") || is_status
}

/// The size in `{123}`, `{123+}` or `~{123}` at the end of a line.
pub(super) fn announced_literal(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|byte| *byte == b'{')?;
    let digits = inner.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // More digits than a u64 holds are still a literal, and too large.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits { line: 64, unit: 256, units: 10, rounds: 3 };

    #[test]
    fn a_response_ends_with_its_line_unless_the_line_announces_a_literal() {
        assert_eq!(frame(b"* OK hi\r\n* BYE\r\n", &SMALL), Frame::Complete(9));
        assert_eq!(frame(b"* OK hi\n", &SMALL), Frame::Complete(8), "a bare line feed ends a line too");
        assert_eq!(frame(b"* OK hi", &SMALL), Frame::Partial);
        let literal = b"* X {5}\r\na\r\nbc tail\r\nnext\r\n";
        assert_eq!(frame(literal, &SMALL), Frame::Complete(21), "a line end inside a literal ends nothing");
        assert_eq!(frame(&literal[..12], &SMALL), Frame::Partial);
        assert_eq!(frame(b"* OK braces {no}\r\n", &SMALL), Frame::Complete(18));
    }

    #[test]
    fn announcements_are_judged_before_anything_is_read() {
        for huge in ["{100000000}", "{18446744073709551615}", "{99999999999999999999999}", "~{300}", "{300+}"]
        {
            let line = format!("* X {huge}\r\n");
            assert_eq!(
                frame(line.as_bytes(), &SMALL),
                Frame::TooLarge(Trouble::ReplyTooLarge, 256),
                "{huge}"
            );
        }
        assert_eq!(frame(&[b'a'; 65], &SMALL), Frame::TooLarge(Trouble::LineTooLong, 64));
        let mut many = b"* X".to_vec();
        for _ in 0..40 {
            many.extend_from_slice(b" {4}\r\nabcd");
        }
        assert_eq!(
            frame(&many, &SMALL),
            Frame::TooLarge(Trouble::ReplyTooLarge, 256),
            "many small ones add up"
        );
    }
}
