//! The arguments of an IMAP command: atoms, quoted strings, and the announcement of a literal at the end of a line
//! (RFC 9051 section 4.3).

/// Arguments of one line.
const MOST: usize = 200;

/// A literal that the line announces.
pub(super) struct Literal {
    /// Its length.
    pub(super) octets: usize,
    /// Whether the client waits for a go-ahead (it does not with LITERAL+, RFC 7888).
    pub(super) waits: bool,
}

/// Splits the announcement of a literal off.
pub(super) fn literal(line: &[u8]) -> (&[u8], Option<Literal>) {
    let announced = || {
        let inner = line.strip_suffix(b"}")?;
        let open = inner.iter().rposition(|byte| *byte == b'{')?;
        let (text, digits) = (inner.get(..open)?, inner.get(open + 1..)?);
        let (digits, waits) = digits.strip_suffix(b"+").map_or((digits, true), |digits| (digits, false));
        let octets = std::str::from_utf8(digits).ok()?.parse().ok()?;
        Some((text, Literal { octets, waits }))
    };
    announced().map_or((line, None), |(text, literal)| (text, Some(literal)))
}

/// The words of a line; `None` where a quoted string does not end.
pub(super) fn words(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut rest = line.iter().copied().peekable();
    while words.len() < MOST {
        while rest.next_if(|byte| matches!(byte, b' ' | b'\t')).is_some() {}
        let Some(first) = rest.next() else { break };
        let mut word = Vec::new();
        if first == b'"' {
            loop {
                match rest.next()? {
                    b'"' => break,
                    b'\\' => word.push(rest.next()?),
                    byte => word.push(byte),
                }
            }
        } else {
            word.push(first);
            while let Some(byte) = rest.next_if(|byte| !matches!(byte, b' ' | b'\t')) {
                word.push(byte);
            }
        }
        words.push(word);
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Option<Vec<String>> {
        let text = |word: Vec<u8>| String::from_utf8(word).unwrap();
        words(line.as_bytes()).map(|words| words.into_iter().map(text).collect())
    }

    #[test]
    fn atoms_and_quoted_strings_are_told_apart_and_too_many_are_left() {
        assert_eq!(shown(r#"a1 LOGIN "al\"ice" "p w\\""#).unwrap(), ["a1", "LOGIN", "al\"ice", r"p w\"]);
        assert_eq!(shown("  a1   noop ").unwrap(), ["a1", "noop"]);
        assert_eq!(shown(r#"a1 LOGIN "ali"#), None);
        assert_eq!(shown(r#"a ""  b"#).unwrap(), ["a", "", "b"]);
        assert_eq!(shown(&"x ".repeat(1000)).unwrap().len(), MOST);
    }

    #[test]
    fn a_literal_is_announced_only_at_the_end_and_by_a_number() {
        let read = |line: &'static str| literal(line.as_bytes()).1.map(|l| (l.octets, l.waits));
        assert_eq!(read("a LOGIN {5}"), Some((5, true)));
        assert_eq!(read("a LOGIN {5+}"), Some((5, false)));
        assert_eq!(read("a LOGIN {5} x"), None);
        assert_eq!(read("a LOGIN {}"), None);
        assert_eq!(read("a LOGIN {99999999999999999999999}"), None);
    }
}
