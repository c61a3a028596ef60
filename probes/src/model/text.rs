//! Making foreign bytes harmless to look at.

use std::fmt::Write as _;

/// Text from a server, a file or a command line in a form that no terminal, log or page acts upon.
///
/// Bytes that are not UTF-8 become `\xNN`; control characters (escape sequences, NUL, DEL, C1) and the
/// invisible direction and joining characters that can make a line read as something else become `\xNN`
/// or `\u{N}`. A line feed stays a line feed only where the caller splits lines first: here it becomes
/// `\n`, a carriage return `\r`, a tab a space.
pub fn harmless(bytes: &[u8]) -> String {
    // Almost everything that servers say is printable ASCII, and stays as it is.
    if let (true, Ok(text)) = (bytes.iter().all(|b| matches!(b, 0x20..=0x7e)), std::str::from_utf8(bytes)) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push_harmless(&mut shown, c);
        }
        for byte in chunk.invalid() {
            push_octet(&mut shown, *byte);
        }
    }
    shown
}

fn push_harmless(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push(' '),
        // All of them are below U+00A0.
        c if c.is_control() => push_octet(shown, u8::try_from(c).unwrap_or(u8::MAX)),
        // Bidirectional controls, zero-width characters, line separators, tags, the byte order mark.
        '\u{061c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
        c => shown.push(c),
    }
}

fn push_octet(shown: &mut String, octet: u8) {
    shown.push_str("\\x");
    for half in [octet >> 4, octet & 0x0f] {
        let digit = char::from_digit(u32::from(half), 16).unwrap_or('?');
        shown.push(digit.to_ascii_uppercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_and_direction_tricks_become_visible() {
        assert_eq!(harmless(b"\x1b]0;owned\x07 ok"), "\\x1B]0;owned\\x07 ok");
        assert_eq!(harmless("a\u{202e}b\u{9b}31m".as_bytes()), "a\\u{202e}b\\x9B31m");
        assert_eq!(harmless(b"caf\xe9 \x00\xff"), "caf\\xE9 \\x00\\xFF");
        assert_eq!(harmless("日本語".as_bytes()), "日本語");
        for octet in 0..=u8::MAX {
            let written = format!("\\x{octet:02X}");
            let c = char::from(octet);
            if c.is_control() && !"\n\r\t".contains(c) {
                assert_eq!(harmless(c.to_string().as_bytes()), written);
            }
            if !octet.is_ascii() {
                assert_eq!(harmless(&[octet]), written);
            }
        }
    }
}
