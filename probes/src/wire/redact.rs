//! The second redaction lock: a search for every known secret in everything that comes back.
//!
//! The first lock is the declaration in [`Command`](crate::model::Command). This one exists because
//! servers echo. It looks for each secret as UTF-8 and as UTF-16LE, raw and in base64 at every alignment, as the
//! transcript would spell it, and behind one escape of any kind, applied to any or all of its characters: percent,
//! character references, JSON and C, quoted pairs, quoted-printable, hex ([`spelling`](super::spelling)). Secrets
//! shorter than [`Redactor::SHORTEST`] octets are covered by the first lock only: searching for `a` would replace
//! half of every sentence.

use std::ops::Range;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::spelling::{cut_escape, readings};
use crate::model::harmless;

/// What stands in place of a secret.
const MASK: &str = "\u{2039}secret\u{203a}";

/// Knows every secret of a visit in every spelling. Clones share what they know until one of them learns more.
#[derive(Clone, Default)]
pub struct Redactor(Arc<Known>);

#[derive(Clone, Default)]
struct Known {
    /// Longest first, so that a spelling that contains another is replaced whole.
    needles: Vec<Needle>,
    /// One bit for each hash of a needle's first four octets: almost every place in almost every line is
    /// passed over by one look.
    starts: Starts,
}

#[derive(Clone)]
struct Needle {
    bytes: Arc<Zeroizing<Vec<u8>>>,
    expected: bool,
}

#[derive(Clone, Default)]
struct Starts([u64; 32]);

impl Starts {
    fn place(four: [u8; 4]) -> (usize, u64) {
        // Fibonacci hashing down to 11 bits.
        let hash = u32::from_le_bytes(four).wrapping_mul(0x9E37_79B1) >> 21;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn add(&mut self, four: [u8; 4]) {
        let (word, bit) = Self::place(four);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_start(&self, four: [u8; 4]) -> bool {
        let (word, bit) = Self::place(four);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

impl Known {
    fn needle(&mut self, bytes: Vec<u8>, expected: bool) {
        if let Some(four) = bytes.first_chunk::<4>()
            && !self.needles.iter().any(|known| **known.bytes == bytes)
        {
            self.starts.add(*four);
            self.needles.push(Needle { bytes: Arc::new(Zeroizing::new(bytes)), expected });
        }
    }
}

impl Redactor {
    /// Octets below which a spelling is not searched for.
    pub const SHORTEST: usize = 4;

    /// Learns a secret in every spelling.
    pub fn learn(&mut self, secret: &[u8]) {
        self.learn_as(secret, false);
    }

    /// Learns what the server is expected to say and nobody should see (a SCRAM signature).
    pub fn learn_expected(&mut self, secret: &[u8]) {
        self.learn_as(secret, true);
    }

    fn learn_as(&mut self, secret: &[u8], expected: bool) {
        let known = Arc::make_mut(&mut self.0);
        // Without the blanks around it too: whoever takes a line apart drops blanks between its pieces.
        let bare = Some(secret.trim_ascii()).filter(|bare| bare.len() < secret.len());
        for secret in [Some(secret), bare].into_iter().flatten().filter(|s| s.len() >= Self::SHORTEST) {
            for spelling in spellings(secret) {
                known.needle(spelling, expected);
            }
            for spelling in utf16(secret).iter().flat_map(|secret| in_envelopes(secret)) {
                known.needle(spelling, expected);
            }
        }
        known.needles.sort_by_key(|needle| std::cmp::Reverse(needle.bytes.len()));
    }

    /// The first place from `from` on where a needle stands, longest needle first.
    fn first_from(&self, bytes: &[u8], from: usize, unexpected_only: bool) -> Option<Range<usize>> {
        let windows = bytes.get(from..)?.windows(4).enumerate();
        let candidates = windows.filter(|(_, window)| {
            <[u8; 4]>::try_from(*window).is_ok_and(|four| self.0.starts.may_start(four))
        });
        candidates.map(|(at, _)| from + at).find_map(|at| {
            let rest = bytes.get(at..)?;
            let stands = |needle: &&Needle| {
                rest.starts_with(needle.bytes.as_slice()) && !(unexpected_only && needle.expected)
            };
            self.0.needles.iter().find(stands).map(|needle| at..at + needle.bytes.len())
        })
    }

    /// Every place where a needle stands, in order; what overlaps is one place.
    fn places(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(place) = self.first_from(bytes, from, false) {
            from = place.end;
            found.push(place);
        }
        for reading in readings(bytes) {
            let mut from = 0;
            while let Some(octets) = self.first_from(&reading.octets, from, false) {
                from = octets.end;
                found.extend(reading.place(octets));
            }
        }
        found.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        found.dedup_by(|next, place| {
            let overlaps = next.start < place.end;
            if overlaps {
                place.end = place.end.max(next.end);
            }
            overlaps
        });
        found
    }

    fn stands_in(&self, bytes: &[u8], unexpected_only: bool) -> bool {
        !self.0.needles.is_empty()
            && (self.first_from(bytes, 0, unexpected_only).is_some()
                || readings(bytes)
                    .iter()
                    .any(|reading| self.first_from(&reading.octets, 0, unexpected_only).is_some()))
    }

    /// Whether a secret holds a line break, so that a search line by line would miss it.
    pub fn spans_lines(&self) -> bool {
        self.0.needles.iter().any(|needle| needle.bytes.contains(&b'\n'))
    }

    /// Whether any spelling of any secret occurs.
    pub fn finds(&self, bytes: &[u8]) -> bool {
        self.stands_in(bytes, false)
    }

    /// Whether one occurs that the server had no business to say.
    pub fn finds_echo(&self, bytes: &[u8]) -> bool {
        self.stands_in(bytes, true)
    }

    /// The text with every spelling replaced; `None` where nothing had to be.
    pub fn scrub(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.0.needles.is_empty() {
            return None;
        }
        let found = self.places(bytes);
        if found.is_empty() {
            return None;
        }
        let mut clean = Vec::with_capacity(bytes.len());
        let mut from = 0;
        for place in found {
            clean.extend_from_slice(bytes.get(from..place.start)?);
            clean.extend_from_slice(MASK.as_bytes());
            from = place.end;
        }
        clean.extend_from_slice(bytes.get(from..)?);
        Some(clean)
    }

    /// [`Redactor::scrub_str`] for a text that may have been cut short: a beginning of a secret at its very end
    /// is replaced, too.
    pub fn scrub_cut(&self, text: &str) -> Option<String> {
        let whole = self.scrub_str(text);
        let shown = whole.as_deref().unwrap_or(text);
        match self.begins_at_the_end(shown.as_bytes()).and_then(|at| shown.get(..at)) {
            Some(kept) => Some(format!("{kept}{MASK}")),
            None => whole,
        }
    }

    /// Where the beginning of a secret stands that the end of the text cuts off.
    fn begins_at_the_end(&self, text: &[u8]) -> Option<usize> {
        let begins = |tail: &[u8]| self.0.needles.iter().any(|needle| needle.bytes.starts_with(tail));
        let first = |octets: &[u8]| {
            let ends = octets.len().saturating_sub(Self::SHORTEST - 1);
            (0..ends).find(|at| octets.get(*at..).is_some_and(begins))
        };
        // The cut may go through an escape, too.
        let whole_escapes = cut_escape(text).and_then(|at| text.get(..at));
        let read = [Some(text), whole_escapes].into_iter().flatten().flat_map(readings);
        let in_readings = read.filter(|reading| reading.to_the_end).filter_map(|reading| {
            let at = first(&reading.octets)?;
            reading.place(at..at + 1).map(|place| place.start)
        });
        let in_full_view = [Some(text), whole_escapes].into_iter().flatten().filter_map(first);
        in_full_view.chain(in_readings).min()
    }

    /// [`Redactor::scrub`] for a string that is already harmless.
    pub fn scrub_str(&self, text: &str) -> Option<String> {
        // A needle that is not UTF-8 can cut a character; what is left of it is harmless to look at.
        self.scrub(text.as_bytes()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(..)")
    }
}

/// A secret as Windows writes it; `None` where it is not text.
fn utf16(secret: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(secret).ok()?;
    Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

/// A secret itself and in base64, somewhere inside a longer encoded text: it is encoded behind up to two other octets,
/// and the characters are kept that depend on nothing but the secret. And each of them as a transcript shows it.
fn in_envelopes(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![secret.to_vec()];
    for shift in 0..3_usize {
        let mut padded = vec![0_u8; shift];
        padded.extend_from_slice(secret);
        let encoded = STANDARD_NO_PAD.encode(&padded).into_bytes();
        let first = (shift * 8).div_ceil(6);
        let last = (shift + secret.len()) * 8 / 6;
        let Some(stable) = encoded.get(first..last) else { continue };
        if stable.iter().any(|b| b"+/".contains(b)) {
            // The other alphabet (RFC 4648 section 5) has other characters for two values.
            let other = |b: &u8| match b {
                b'+' => b'-',
                b'/' => b'_',
                b => *b,
            };
            all.push(stable.iter().map(other).collect());
        }
        all.push(stable.to_vec());
    }
    if let Some(shown) = as_shown(secret) {
        all.push(shown);
    }
    all
}

/// How a secret is spelled where no escape is undone first.
fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = in_envelopes(secret);
    // The names of mechanisms and capabilities are compared in one case, and shown in it.
    all.extend([secret.to_ascii_uppercase(), secret.to_ascii_lowercase()]);
    let escape = |keep: fn(u8) -> bool, write: fn(u8, &mut Vec<u8>)| -> Option<Vec<u8>> {
        secret.iter().any(|b| !keep(*b)).then(|| {
            let mut spelled = Vec::with_capacity(secret.len() * 6);
            for b in secret {
                if keep(*b) {
                    spelled.push(*b);
                } else {
                    write(*b, &mut spelled);
                }
            }
            spelled
        })
    };
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let escaped = [
        escape(unreserved, |b, spelled| percent(b, b"0123456789ABCDEF", spelled)),
        escape(unreserved, |b, spelled| percent(b, b"0123456789abcdef", spelled)),
        escape(
            |b| !b"<>&\"'".contains(&b),
            |b, spelled| {
                spelled.extend_from_slice(match b {
                    b'<' => b"&lt;",
                    b'>' => b"&gt;",
                    b'&' => b"&amp;",
                    b'"' => b"&quot;",
                    _ => b"&apos;",
                });
            },
        ),
        escape(|b| !b"\"\\".contains(&b), |b, spelled| spelled.extend_from_slice(&[b'\\', b])),
    ];
    for spelling in escaped.into_iter().flatten() {
        all.extend(as_shown(&spelling));
        all.push(spelling);
    }
    all
}

fn percent(octet: u8, digits: &[u8; 16], spelled: &mut Vec<u8>) {
    let digit = |half: u8| digits.get(usize::from(half)).copied().unwrap_or_default();
    spelled.extend_from_slice(&[b'%', digit(octet >> 4), digit(octet & 0x0f)]);
}

/// As a transcript shows it, where that is another text.
fn as_shown(spelling: &[u8]) -> Option<Vec<u8>> {
    let shown = harmless(spelling).into_bytes();
    (shown != spelling).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn knowing(secret: &[u8]) -> Redactor {
        let mut redactor = Redactor::default();
        redactor.learn(secret);
        redactor
    }

    #[test]
    fn a_secret_is_found_in_base64_behind_any_number_of_other_octets() {
        let redactor = knowing(b"correct horse");
        for front in ["", "a", "ab", "abc", "abcd"] {
            let echoed = STANDARD.encode(format!("{front}correct horse and more"));
            let shown = redactor.scrub_str(&echoed).unwrap();
            assert!(shown.contains(MASK), "{front:?}: {shown}");
        }
    }

    #[test]
    fn every_escape_is_seen_through() {
        let redactor = knowing(br#"p"q\<&>%"#);
        for echoed in [r#"p"q\<&>%"#, r#"p\"q\\<&>%"#, "p&quot;q\\&lt;&amp;&gt;%", "p%22q%5C%3C%26%3E%25"] {
            assert_eq!(redactor.scrub_str(echoed).as_deref(), Some(MASK), "{echoed}");
        }
        assert_eq!(redactor.scrub_str("LOGIN failed."), None);
    }

    #[test]
    fn a_secret_is_found_in_every_spelling_that_is_promised() {
        let secret = "hunter2-\u{e9}\u{1f511}/=";
        let redactor = knowing(secret.as_bytes());
        let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let each = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect::<String>();
        let chars =
            |write: &dyn Fn(u32) -> String| secret.chars().map(|c| write(c.into())).collect::<String>();
        let units = |write: &dyn Fn(u16) -> String| secret.encode_utf16().map(write).collect::<String>();
        let spelled = [
            ("hex", each(&|b| format!("{b:02x}"))),
            ("hex, upper case", each(&|b| format!("{b:02X}"))),
            ("hex, with colons", secret.bytes().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":")),
            ("hex of UTF-16", utf16.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().concat()),
            ("base64 of UTF-16", STANDARD.encode(&utf16)),
            ("base64 of UTF-16 behind another octet", STANDARD.encode([b"x", &utf16[..]].concat())),
            ("percent, every octet", each(&|b| format!("%{b:02X}"))),
            ("percent, lower case", each(&|b| format!("%{b:02x}"))),
            (
                "base64 in a URL",
                STANDARD.encode(secret).replace('/', "%2F").replace('+', "%2b").replace('=', "%3D"),
            ),
            ("decimal references", chars(&|c| format!("&#{c};"))),
            ("hexadecimal references", chars(&|c| format!("&#x{c:X};"))),
            ("references with zeros", chars(&|c| format!("&#x{c:06x};"))),
            ("JSON", units(&|u| format!("\\u{u:04x}"))),
            ("JSON, upper case", units(&|u| format!("\\u{u:04X}"))),
            ("JSON, some", secret.replace('/', "\\/").replace('h', "\\u0068").replace('\u{e9}', "\\u00e9")),
            ("C", each(&|b| format!("\\x{b:02x}"))),
            ("octal", each(&|b| format!("\\{b:03o}"))),
            ("quoted-printable", each(&|b| format!("={b:02X}"))),
        ];
        for (spelling, echoed) in spelled {
            let text = format!("no: \"{echoed}\" is wrong");
            assert!(redactor.finds_echo(text.as_bytes()), "{spelling}: {text}");
            let shown = redactor.scrub_str(&text).unwrap_or(text);
            assert!(shown.contains(MASK), "{spelling}: {shown}");
            let left: String = shown.chars().filter(char::is_ascii_alphanumeric).collect();
            assert!(left.len() <= "noxxxxsecretiswrongxxxx".len(), "{spelling} is left over: {shown}");
        }
    }

    #[test]
    fn the_beginning_of_an_escaped_secret_at_a_cut_is_replaced() {
        let redactor = knowing(b"hunter22");
        for cut in [
            "it said %68%75%6e%74%6",
            "it said &#104;&#117;&#110;&#116;&#10",
            r"it said \u0068\u0075\u006e\u0074\u00",
            "it said 68756E7465",
        ] {
            assert_eq!(redactor.scrub_cut(cut).as_deref(), Some("it said \u{2039}secret\u{203a}"), "{cut}");
        }
        assert_eq!(redactor.scrub_cut("100 % of it"), None);
    }

    #[test]
    fn a_secret_that_lost_its_outer_blanks_is_found() {
        let redactor = knowing(b"  horse battery ");
        assert_eq!(redactor.scrub_str("horse battery is wrong").as_deref(), Some("‹secret› is wrong"));
        assert_eq!(redactor.scrub_str("no:   horse battery !").as_deref(), Some("no: ‹secret›!"));
    }

    #[test]
    fn one_secret_inside_another_leaves_nothing_behind() {
        let mut redactor = knowing(b"secret");
        redactor.learn(b"top-secret-token");
        assert_eq!(redactor.scrub_str("top-secret-token secret").as_deref(), Some("‹secret› ‹secret›"));
    }
}
