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
            let _ = write!(shown, "\\x{byte:02X}");
        }
    }
    shown
}

fn push_harmless(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push(' '),
        c if c.is_control() => {
            let _ = write!(shown, "\\x{:02X}", u32::from(c));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_and_direction_tricks_become_visible() {
        assert_eq!(harmless(b"\x1b]0;owned\x07 ok"), "\\x1B]0;owned\\x07 ok");
        assert_eq!(harmless("a\u{202e}b\u{9b}31m".as_bytes()), "a\\u{202e}b\\x9B31m");
        assert_eq!(harmless(b"caf\xe9 \x00\xff"), "caf\\xE9 \\x00\\xFF");
        assert_eq!(harmless("日本語".as_bytes()), "日本語");
    }
}
