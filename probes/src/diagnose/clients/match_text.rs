//! A pasted text, made ready to be searched: bounded, in lower case, with every run of white space as one space.

/// Most octets at either end of a text that are searched. A log says what went wrong at its end.
const END: usize = 16 * 1024;
/// How far the pieces of a sentence may be apart, in octets.
const APART: usize = 240;

/// A text that codes and sentences are looked up in.
#[derive(Debug)]
pub(super) struct Haystack {
    text: String,
}

impl Haystack {
    pub(super) fn new(text: &str) -> Self {
        let mut plain = String::new();
        if text.len() <= 2 * END {
            add(&mut plain, text);
        } else {
            add(&mut plain, head(text));
            plain.push(' ');
            add(&mut plain, tail(text));
        }
        Self { text: plain }
    }

    /// Whether the words occur.
    pub(super) fn holds(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// Where the code occurs as a whole word: `0x800ccc0e` in `(0x800CCC0E)`, and `535` not in `size=5350`.
    pub(super) fn word(&self, code: &str) -> Option<usize> {
        self.text.match_indices(code).map(|(at, _)| at).find(|at| {
            let before = self.text.get(..*at).and_then(|text| text.chars().next_back());
            let mut behind = self.text.get(at + code.len()..).unwrap_or_default().chars();
            let after = (behind.next(), behind.next());
            let joins = |c: char| c.is_alphanumeric() && c.is_ascii() || c == '_';
            // A sign or a dash goes on a number: -9807 is another code than 9807, and 14-09-2026 is a day.
            let begins = !before.is_some_and(|c| joins(c) || c == '-' && !code.starts_with('-') || c == '#');
            let ends = match after {
                (Some(c), _) if joins(c) => false,
                (Some('-' | '.'), Some(c)) if c.is_ascii_digit() => false,
                _ => true,
            };
            begins && ends
        })
    }

    /// Where the pieces occur in order, each soon after the one before it.
    pub(super) fn sentence(&self, pieces: &[&str]) -> Option<usize> {
        let (first, rest) = pieces.split_first()?;
        self.text.match_indices(first).take(64).map(|(at, _)| at).find(|at| {
            let mut from = at + first.len();
            rest.iter().all(|piece| {
                let behind = self.text.get(from..).unwrap_or_default();
                let found = behind.find(piece).filter(|apart| *apart <= APART);
                from += found.unwrap_or_default() + piece.len();
                found.is_some()
            })
        })
    }
}

fn add(plain: &mut String, text: &str) {
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if space && !plain.is_empty() {
            plain.push(' ');
        }
        space = false;
        match c {
            '\u{2018}' | '\u{2019}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' => plain.push('"'),
            // Full-width forms repeat ASCII from `!` to `~`.
            '\u{ff01}'..='\u{ff5e}' => {
                plain.extend(char::from_u32(u32::from(c) - 0xfee0).into_iter().flat_map(char::to_lowercase));
            }
            c => plain.extend(c.to_lowercase()),
        }
    }
}

fn head(text: &str) -> &str {
    let mut end = END.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn tail(text: &str) -> &str {
    let mut start = text.len().saturating_sub(END);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}
