//! How deep the lists of an IMAP response nest: a parser that recurses needs a stack for every level.

use super::frame::{announced_literal, is_sentence};

/// Lists inside each other that a response may have. A message of parts within parts within parts comes to ten.
pub(crate) const DEEPEST: usize = 32;

/// The deepest level of a framed response. Parentheses within quoted strings and literals are text.
pub(super) fn depth(unit: &[u8]) -> usize {
    if is_sentence(unit.split(|byte| *byte == b'\n').next().unwrap_or_default()) {
        return 0;
    }
    let (mut rest, mut now, mut deepest) = (unit, 0_usize, 0);
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'"' => behind_quoted(after),
            b'{' => behind_literal(rest),
            _ => after,
        };
        match first {
            b'(' => now += 1,
            b')' => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

/// What follows a quoted string whose first mark is left out. One that does not end within its line is none.
fn behind_quoted(text: &[u8]) -> &[u8] {
    let mut escaped = false;
    for (at, octet) in text.iter().enumerate() {
        match octet {
            b'\r' | b'\n' => break,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return text.get(at + 1..).unwrap_or_default(),
            _ => {}
        }
    }
    text
}

/// What follows a literal that is announced here; what follows the brace where none is.
fn behind_literal(text: &[u8]) -> &[u8] {
    let line = text.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let is_last = |line: &&[u8]| line.iter().skip(1).all(|octet| *octet != b'{');
    let size = Some(line).filter(is_last).and_then(announced_literal);
    let end = size.and_then(|size| usize::try_from(size).ok()?.checked_add(line.len() + 1));
    end.and_then(|end| text.get(end..)).or(text.get(1..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_counted_and_strings_are_not_looked_into() {
        for (text, wanted) in [
            ("* FLAGS (\\Seen)", 1),
            ("* 1 FETCH (BODYSTRUCTURE ((\"a\" \"b\") \"mixed\"))", 3),
            ("* 1 FETCH (X (a) Y (b) Z (c))", 2),
            ("* LIST () \"/\" \"((((((\"", 1),
            ("* LIST () \"/\" \"a\\\"((((\"", 1),
            ("* LIST () \"/\" {6}\r\n((((((", 1),
            ("* LIST () \"/\" {6+}\r\n(((\r\n( ((", 2),
            ("* X {6}((", 2),
            ("* X \"(((", 3),
            ("* X ) ) ((", 2),
            ("* OK (((((", 0),
            ("m1 NO [X (((] ((", 0),
            ("+ (((", 0),
            ("m1 (((", 3),
            ("", 0),
        ] {
            assert_eq!(depth(format!("{text}\r\n").as_bytes()), wanted, "{text}");
        }
    }
}
