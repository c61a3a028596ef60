//! What a text says once an escape is undone, and where each octet of that stood: a secret that a server repeats
//! percent-encoded, as character references, as JSON or in hex is found by the same search as one in full view.
//!
//! One escape is undone at a time. Base64 is not undone here: its spellings are searched for as they are, at
//! every alignment, so that they are found inside a longer encoded text too, and behind any escape of this page.

use std::ops::Range;

/// Octets below which a run of hex digits is not read.
const SHORTEST_RUN: usize = 4;

/// One reading of a text.
pub(super) struct Reading {
    /// What it says.
    pub(super) octets: Vec<u8>,
    /// Where each octet stood in the text.
    places: Vec<Range<usize>>,
    /// Whether its last octet is the end of the text.
    pub(super) to_the_end: bool,
}

impl Reading {
    fn with_capacity(length: usize) -> Self {
        Self { octets: Vec::with_capacity(length), places: Vec::with_capacity(length), to_the_end: true }
    }

    /// Takes over what stands for itself.
    fn copy(&mut self, text: &[u8], range: Range<usize>) {
        self.octets.extend_from_slice(text.get(range.clone()).unwrap_or_default());
        self.places.extend(range.map(|at| at..at + 1));
    }

    fn push(&mut self, octets: &[u8], place: &Range<usize>) {
        self.octets.extend_from_slice(octets);
        self.places.extend(octets.iter().map(|_| place.clone()));
    }

    /// Where the octets of a range stood in the text.
    pub(super) fn place(&self, octets: Range<usize>) -> Option<Range<usize>> {
        let places = self.places.get(octets)?;
        Some(places.first()?.start..places.last()?.end)
    }
}

/// What one escape stands for: an octet, or the UTF-8 of a character.
#[derive(Debug, Clone, Copy)]
struct Octets {
    octets: [u8; 4],
    length: usize,
}

impl Octets {
    const fn one(octet: u8) -> Self {
        Self { octets: [octet, 0, 0, 0], length: 1 }
    }

    fn of_char(code: u32) -> Option<Self> {
        let c = char::from_u32(code)?;
        let mut octets = [0; 4];
        let length = c.encode_utf8(&mut octets).len();
        Some(Self { octets, length })
    }

    fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

/// An escape: how it begins, and what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// `%68`, `%u0068` (RFC 3986 section 2.1).
    Percent,
    /// The same with `+` for a blank, as forms are sent.
    Form,
    /// `&lt;`, `&#104;`, `&#x68;` (XML 1.0 section 4.1).
    Reference,
    /// `\u0068`, `\x68`, `\150`, `\n` (RFC 8259 section 7, C).
    Backslash,
    /// `\h` (RFC 9051's quoted strings, Markdown).
    QuotedPair,
    /// `=68` (RFC 2045 section 6.7).
    QuotedPrintable,
}

impl Escape {
    const ALL: [Self; 6] = [
        Self::Percent,
        Self::Form,
        Self::Reference,
        Self::Backslash,
        Self::QuotedPair,
        Self::QuotedPrintable,
    ];

    const fn introducer(self) -> u8 {
        match self {
            Self::Percent => b'%',
            Self::Form => b'+',
            Self::Reference => b'&',
            Self::Backslash | Self::QuotedPair => b'\\',
            Self::QuotedPrintable => b'=',
        }
    }

    /// What stands at the beginning of `text`, and how long it is there; `None` where it stands for itself.
    fn undo(self, text: &[u8]) -> Option<(Octets, usize)> {
        match (self, text) {
            (Self::Form, [b'+', ..]) => Some((Octets::one(b' '), 1)),
            (Self::Percent | Self::Form, [b'%', b'u' | b'U', rest @ ..]) => {
                Some((Octets::of_char(digits(rest, 4, 16)?)?, 6))
            }
            (Self::Percent | Self::Form, [b'%', rest @ ..])
            | (Self::QuotedPrintable, [b'=', rest @ ..])
            | (Self::Backslash, [b'\\', b'x' | b'X', rest @ ..]) => {
                let octet = u8::try_from(digits(rest, 2, 16)?).ok()?;
                Some((Octets::one(octet), text.len() - rest.len() + 2))
            }
            (Self::Reference, [b'&', rest @ ..]) => reference(rest),
            (Self::Backslash, [b'\\', b'u', rest @ ..]) => unicode(rest),
            (Self::Backslash, [b'\\', rest @ ..]) => control(rest),
            (Self::QuotedPair, [b'\\', escaped, ..]) => Some((Octets::one(*escaped), 2)),
            _ => None,
        }
    }

    /// The text with this escape undone; `None` where it holds none.
    fn read(self, text: &[u8]) -> Option<Reading> {
        // Almost every line holds none, and costs no memory.
        let mut found = self.next(text, 0)?;
        let mut reading = Reading::with_capacity(text.len());
        let mut from = 0;
        loop {
            let (at, octets, length) = found;
            reading.copy(text, from..at);
            reading.push(octets.as_slice(), &(at..at + length));
            from = at + length;
            match self.next(text, from) {
                Some(next) => found = next,
                None => break,
            }
        }
        reading.copy(text, from..text.len());
        Some(reading)
    }

    /// The next escape from `from` on: where, what it stands for, and its length.
    fn next(self, text: &[u8], mut from: usize) -> Option<(usize, Octets, usize)> {
        let one = |from: usize| {
            let rest = text.get(from..)?;
            let next = match self {
                Self::Form => memchr::memchr2(b'+', b'%', rest),
                _ => memchr::memchr(self.introducer(), rest),
            };
            next.map(|at| from + at)
        };
        while let Some(at) = one(from) {
            if let Some((octets, length)) = self.undo(text.get(at..)?) {
                return Some((at, octets, length));
            }
            from = at + 1;
        }
        None
    }
}

/// Every reading of the text that differs from it.
pub(super) fn readings(text: &[u8]) -> Vec<Reading> {
    let mut all: Vec<Reading> = Escape::ALL.into_iter().filter_map(|escape| escape.read(text)).collect();
    hex_runs(text, &mut all);
    all
}

/// Where an escape may have begun that the end of the text cut off.
pub(super) fn cut_escape(text: &[u8]) -> Option<usize> {
    /// Octets of the longest escape, but one.
    const LONGEST: usize = 11;
    let from = text.len().saturating_sub(LONGEST);
    let tail = text.get(from..)?;
    tail.iter().rposition(|b| b"%&\\=".contains(b)).map(|at| from + at)
}

/// `count` digits of a base; none of no digits.
fn digits(text: &[u8], count: usize, base: u32) -> Option<u32> {
    let number = text.get(..count).filter(|digits| !digits.is_empty())?;
    number
        .iter()
        .try_fold(0_u32, |sum, digit| sum.checked_mul(base)?.checked_add(char::from(*digit).to_digit(base)?))
}

/// Behind `&`.
fn reference(text: &[u8]) -> Option<(Octets, usize)> {
    const NAMED: &[(&[u8], u8)] =
        &[(b"lt;", b'<'), (b"gt;", b'>'), (b"amp;", b'&'), (b"quot;", b'"'), (b"apos;", b'\'')];
    if let Some((name, octet)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((Octets::one(*octet), 1 + name.len()));
    }
    let (front, base) = match text {
        [b'#', b'x' | b'X', ..] => (2, 16),
        [b'#', ..] => (1, 10),
        _ => return None,
    };
    let number = text.get(front..)?;
    let belongs = |b: &u8| if base == 16 { b.is_ascii_hexdigit() } else { b.is_ascii_digit() };
    let count = number.iter().take(8).take_while(|b| belongs(b)).count();
    let octets = Octets::of_char(digits(number, count, base)?)?;
    // Browsers do without the semicolon, so a person who reads the page does too.
    let closed = usize::from(number.get(count) == Some(&b';'));
    Some((octets, 1 + front + count + closed))
}

/// Behind `\u`: four digits, two times four for what lies above U+FFFF, or any number in braces.
fn unicode(text: &[u8]) -> Option<(Octets, usize)> {
    if let [b'{', rest @ ..] = text {
        let count = rest.iter().take(6).take_while(|b| b.is_ascii_hexdigit()).count();
        let closed = rest.get(count) == Some(&b'}');
        return closed.then(|| Some((Octets::of_char(digits(rest, count, 16)?)?, count + 4))).flatten();
    }
    let high = digits(text, 4, 16)?;
    if !(0xD800..0xDC00).contains(&high) {
        return Some((Octets::of_char(high)?, 6));
    }
    let low = text.get(4..)?.strip_prefix(b"\\u").and_then(|low| digits(low, 4, 16))?;
    let low = low.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    Some((Octets::of_char(0x1_0000 + ((high - 0xD800) << 10) + low)?, 12))
}

/// Behind `\`: a control character by its letter or number, or the character itself.
fn control(text: &[u8]) -> Option<(Octets, usize)> {
    let first = *text.first()?;
    if (b'0'..=b'3').contains(&first)
        && let Some(octet) = digits(text, 3, 8).and_then(|code| u8::try_from(code).ok())
    {
        return Some((Octets::one(octet), 4));
    }
    let octet = match first {
        b'0' => 0,
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        b'e' => 0x1b,
        other => other,
    };
    Some((Octets::one(octet), 2))
}

/// Runs of octets in hex, with at most one separator between two of them. Where a run begins is not known to the
/// digit, so each is read twice.
fn hex_runs(text: &[u8], all: &mut Vec<Reading>) {
    /// Where the last digit of a run stands that is no longer than it has to be.
    const LAST: usize = 2 * SHORTEST_RUN - 1;
    let mut at = 0;
    while let Some(last) = text.get(at + LAST) {
        // What can belong to no run ends every run that would have to go over it.
        if !last.is_ascii_hexdigit() && !is_separator(*last) {
            at += LAST + 1;
            continue;
        }
        let (count, end) = hex_run(text, at);
        if count >= SHORTEST_RUN {
            all.extend([at, at + 1].map(|begin| read_hex(text, begin)));
        }
        at = end.max(at + 1);
    }
}

/// How many octets the run has that begins at `at`, and where it ends.
fn hex_run(text: &[u8], at: usize) -> (usize, usize) {
    let (mut count, mut end, mut next) = (0, at, at);
    while hex_octet(text, next).is_some() {
        (count, end) = (count + 1, next + 2);
        next = end + separators(text, end);
    }
    (count, end)
}

fn hex_octet(text: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| {
        let digit = text.get(at).filter(|digit| digit.is_ascii_hexdigit())?;
        // The low half of a letter counts from 1.
        Some((digit & 0x0f) + if *digit > b'9' { 9 } else { 0 })
    };
    Some(digit(at)? << 4 | digit(at + 1)?)
}

fn separators(text: &[u8], at: usize) -> usize {
    usize::from(text.get(at).copied().is_some_and(is_separator))
}

const fn is_separator(octet: u8) -> bool {
    matches!(octet, b' ' | b':' | b'-')
}

fn read_hex(text: &[u8], mut at: usize) -> Reading {
    let mut reading = Reading::with_capacity(0);
    let mut end = at;
    while let Some(octet) = hex_octet(text, at) {
        reading.push(&[octet], &(at..at + 2));
        end = at + 2;
        at = end + separators(text, end);
    }
    // A digit may be left over that the end of the text cut off from its other half.
    reading.to_the_end = end + 1 >= text.len();
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        readings(text.as_bytes())
            .iter()
            .map(|reading| String::from_utf8_lossy(&reading.octets).into_owned())
            .collect()
    }

    #[test]
    fn each_escape_is_undone_as_its_standard_says() {
        for (text, says) in [
            ("say %68%75%6E%u0074 it", "say hunt it"),
            ("a+b%2bc", "a b+c"),
            ("&#104;&#x75;&#X6e&#0116; &lt;&amp;&gt;", "hunt <&>"),
            (r"\u0068\x75\156t \n\/\ud83d\udd11\u{e4}", "hunt \n/\u{1f511}\u{e4}"),
            (r"a\*b\_c", "a*b_c"),
            ("=68=75=6E=74=3D", "hunt="),
            ("at 68756E74 the", "hunt"),
            ("68:75:6e:74", "hunt"),
            ("f68756e74", "hunt"),
        ] {
            assert!(all(text).iter().any(|read| read == says), "{text}: {:?}", all(text));
        }
    }

    #[test]
    fn what_only_looks_like_an_escape_stands_for_itself() {
        for text in [
            "100 % of them",
            "R&D; &#; &#xyz; &#99999999;",
            "AUTH=PLAIN",
            r"\u00 \ud83d \u{110000} \u{",
            "at 6875 6e",
            "%",
            "&",
            "=",
        ] {
            let says = all(text);
            assert!(says.iter().all(|read| !read.contains("hunt")), "{text}: {says:?}");
        }
        assert!(all("A plain sentence, 12:34:56, id 4711.").is_empty());
    }

    #[test]
    fn a_reading_knows_where_it_was_read() {
        let readings = readings(b"so %68%75nt.");
        assert_eq!(readings[0].octets, b"so hunt.");
        assert_eq!(readings[0].place(3..7), Some(3..11));
    }
}
