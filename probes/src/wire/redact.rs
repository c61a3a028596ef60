//! The second redaction lock: a search for every known secret in everything that comes back.
//!
//! The first lock is the declaration in [`Command`](crate::model::Command). This one exists because
//! servers echo. It looks for each secret raw, in base64 at every alignment, and percent-, XML- and
//! quoted-string-escaped, and as the transcript would spell it. Secrets shorter than
//! [`Redactor::SHORTEST`] octets are covered by the first lock only: searching for `a` would replace half
//! of every sentence.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::model::harmless;

/// What stands in place of a secret.
const MASK: &str = "\u{2039}secret\u{203a}";

/// Knows every secret of a visit in every spelling.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Vec<Needle>,
    /// One bit for each hash of a needle's first four octets: almost every place in almost every line is
    /// passed over by one look.
    starts: Starts,
}

#[derive(Clone)]
struct Needle {
    bytes: Zeroizing<Vec<u8>>,
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
        // Without the blanks around it too: whoever takes a line apart drops blanks between its pieces.
        let bare = Some(secret.trim_ascii()).filter(|bare| bare.len() < secret.len());
        for secret in [Some(secret), bare].into_iter().flatten().filter(|s| s.len() >= Self::SHORTEST) {
            self.needle(secret.to_vec(), expected);
            for spelling in spellings(secret) {
                self.needle(spelling, expected);
            }
        }
        // Longest first, so that a spelling that contains another is replaced whole.
        self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.bytes.len()));
    }

    fn needle(&mut self, bytes: Vec<u8>, expected: bool) {
        if let Some(four) = bytes.first_chunk::<4>()
            && !self.needles.iter().any(|known| *known.bytes == bytes)
        {
            self.starts.add(*four);
            self.needles.push(Needle { bytes: Zeroizing::new(bytes), expected });
        }
    }

    /// The first place from `from` on where a needle stands, longest needle first.
    fn first_from(&self, bytes: &[u8], from: usize, unexpected_only: bool) -> Option<(usize, usize)> {
        let windows = bytes.get(from..)?.windows(4).enumerate();
        let candidates = windows
            .filter(|(_, window)| <[u8; 4]>::try_from(*window).is_ok_and(|four| self.starts.may_start(four)));
        candidates.map(|(at, _)| from + at).find_map(|at| {
            let rest = bytes.get(at..)?;
            let stands =
                |needle: &&Needle| rest.starts_with(&needle.bytes) && !(unexpected_only && needle.expected);
            self.needles.iter().find(stands).map(|needle| (at, needle.bytes.len()))
        })
    }

    /// Whether a secret holds a line break, so that a search line by line would miss it.
    pub fn spans_lines(&self) -> bool {
        self.needles.iter().any(|needle| needle.bytes.contains(&b'\n'))
    }

    /// Whether any spelling of any secret occurs.
    pub fn finds(&self, bytes: &[u8]) -> bool {
        self.first_from(bytes, 0, false).is_some()
    }

    /// Whether one occurs that the server had no business to say.
    pub fn finds_echo(&self, bytes: &[u8]) -> bool {
        self.first_from(bytes, 0, true).is_some()
    }

    /// The text with every spelling replaced; `None` where nothing had to be.
    pub fn scrub(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut found = self.first_from(bytes, 0, false)?;
        let mut clean = Vec::with_capacity(bytes.len());
        let mut from = 0;
        loop {
            let (at, length) = found;
            clean.extend_from_slice(bytes.get(from..at)?);
            clean.extend_from_slice(MASK.as_bytes());
            from = at + length;
            match self.first_from(bytes, from, false) {
                Some(next) => found = next,
                None => break,
            }
        }
        clean.extend_from_slice(bytes.get(from..)?);
        Some(clean)
    }

    /// [`Redactor::scrub_str`] for a text that may have been cut short: a beginning of a secret at its very end
    /// is replaced, too.
    pub fn scrub_cut(&self, text: &str) -> Option<String> {
        let whole = self.scrub_str(text);
        let shown = whole.as_deref().unwrap_or(text);
        let begins = |tail: &[u8]| self.needles.iter().any(|needle| needle.bytes.starts_with(tail));
        let ends = shown.len().saturating_sub(Self::SHORTEST - 1);
        let cut = (0..ends)
            .find(|at| shown.is_char_boundary(*at) && shown.as_bytes().get(*at..).is_some_and(begins));
        match cut.and_then(|at| shown.get(..at)) {
            Some(kept) => Some(format!("{kept}{MASK}")),
            None => whole,
        }
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

fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for alphabet in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for shift in 0..3_usize {
            // The secret somewhere inside a longer encoded text: encode it behind `shift` other octets and
            // keep the characters that depend on nothing but the secret.
            let mut padded = vec![0_u8; shift];
            padded.extend_from_slice(secret);
            let encoded = alphabet.encode(&padded);
            let first = (shift * 8).div_ceil(6);
            let last = (shift + secret.len()) * 8 / 6;
            if let Some(stable) = encoded.as_bytes().get(first..last) {
                all.push(stable.to_vec());
            }
        }
    }
    let escape = |keep: fn(u8) -> bool, write: fn(u8) -> String| -> Vec<u8> {
        secret.iter().flat_map(|b| if keep(*b) { vec![*b] } else { write(*b).into_bytes() }).collect()
    };
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    all.push(escape(unreserved, |b| format!("%{b:02X}")));
    all.push(escape(unreserved, |b| format!("%{b:02x}")));
    all.push(escape(
        |b| !b"<>&\"'".contains(&b),
        |b| match b {
            b'<' => "&lt;".into(),
            b'>' => "&gt;".into(),
            b'&' => "&amp;".into(),
            b'"' => "&quot;".into(),
            _ => "&apos;".into(),
        },
    ));
    all.push(escape(|b| !b"\"\\".contains(&b), |b| format!("\\{}", char::from(b))));
    // And each of them as a transcript shows it.
    let shown: Vec<Vec<u8>> = all.iter().map(|spelling| harmless(spelling).into_bytes()).collect();
    all.extend(shown);
    all.push(harmless(secret).into_bytes());
    all
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
