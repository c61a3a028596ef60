//! The content of a message after DATA (RFC 5321 section 4.5.2): where it ends, and how many octets it has. Nothing of it
//! is kept, so a line may be of any length, and it does not matter in what pieces it comes: devices that do not wrap
//! their base64 send a page in one line.

/// Where in a line the next octet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// At its start.
    Start,
    /// Behind a dot at its start, which is either the end of the content or there to be taken off.
    Dot,
    /// Behind that dot and a CR.
    DotCr,
    /// Further on.
    Inside,
}

/// Content on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    at: At,
    octets: u64,
}

impl Content {
    /// None of it has come yet.
    pub(super) const fn new() -> Self {
        Self { at: At::Start, octets: 0 }
    }

    /// Octets so far, line ends included, and without the dots that the client put in front of dots (RFC 1870 section 5).
    pub(super) const fn octets(&self) -> u64 {
        self.octets
    }

    /// Takes the next octets: how many of them are content or its end, and whether the end was among them. What comes
    /// after that is the next command.
    pub(super) fn take(&mut self, octets: &[u8]) -> (usize, bool) {
        for (place, octet) in octets.iter().enumerate() {
            let (at, more) = match (self.at, *octet) {
                (At::Dot | At::DotCr, b'\n') => return (place + 1, true),
                (At::Start, b'.') => (At::Dot, 0),
                (At::Dot, b'\r') => (At::DotCr, 0),
                // The CR behind the dot was content after all.
                (At::DotCr, _) => (At::Inside, 2),
                (At::Start | At::Inside, b'\n') => (At::Start, 1),
                (At::Start | At::Dot | At::Inside, _) => (At::Inside, 1),
            };
            self.at = at;
            self.octets = self.octets.saturating_add(more);
        }
        (octets.len(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Octets of content, and what is left for the next command; `None` without an end.
    fn read(pieces: &[&[u8]]) -> Option<(u64, usize)> {
        let mut content = Content::new();
        for (at, piece) in pieces.iter().enumerate() {
            let (taken, over) = content.take(piece);
            if over {
                let later: usize = pieces[at + 1..].iter().map(|piece| piece.len()).sum();
                return Some((content.octets(), piece.len() - taken + later));
            }
            assert_eq!(taken, piece.len());
        }
        None
    }

    #[test]
    fn the_end_and_the_size_are_the_same_in_whatever_pieces_the_content_comes() {
        for (text, wanted) in [
            (".\r\nQUIT\r\n", Some((0, 6))),
            ("Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n", Some((21, 6))),
            // A dot in front of a dot, of a word, and of nothing but a CR.
            ("..\r\n.\r\n", Some((3, 0))),
            (".QUIT\r\n.\r\n", Some((6, 0))),
            (".\r\r\n.\r\n", Some((3, 0))),
            (".\rx\r\n.\r\n", Some((4, 0))),
            ("...\r\n.\r\n", Some((4, 0))),
            // Dots elsewhere are dots.
            ("a.\r\n b .\r\n.\r\n", Some((10, 0))),
            // Clients that end lines with LF alone come to an end, too.
            ("a\n.\nQUIT\r\n", Some((2, 6))),
            ("a\r.\r\n.\r\n", Some((5, 0))),
            ("no end\r\n.", None),
            ("no end.\r\n", None),
            ("", None),
        ] {
            let octets = text.as_bytes();
            assert_eq!(read(&[octets]), wanted, "{text:?} in one piece");
            let single: Vec<&[u8]> = octets.chunks(1).collect();
            assert_eq!(read(&single), wanted, "{text:?} octet by octet");
            for first in 0..=octets.len() {
                for second in first..=octets.len() {
                    let pieces = [&octets[..first], &octets[first..second], &octets[second..]];
                    assert_eq!(read(&pieces), wanted, "{text:?} cut at {first} and {second}");
                }
            }
        }
    }

    #[test]
    fn a_line_may_be_of_any_length() {
        for length in [16_383, 16_384, 16_385, 1_000_000] {
            let text = format!("{}\r\n.\r\nNOOP\r\n", "x".repeat(length));
            for size in [1, 4_096, 16_384, 1 << 21] {
                let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
                assert_eq!(
                    read(&pieces),
                    Some((length as u64 + 2, 6)),
                    "{length} octets in pieces of {size}"
                );
            }
        }
    }
}
