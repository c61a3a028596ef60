//! One framed IMAP response, taken apart as far as a login needs it.

use crate::model::{Reply, Status, harmless};

/// What stands in front of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag {
    /// `*`
    Untagged,
    /// `+`
    Continuation,
    /// The tag of a command.
    Tagged(String),
}

/// A response: tag, keyword in upper case, and the rest verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) tag: Tag,
    /// `OK`, `CAPABILITY`, ...; empty for a continuation.
    pub(super) keyword: String,
    /// Everything behind the keyword, or behind the `+`, without the line end.
    pub(super) rest: Vec<u8>,
}

impl Response {
    /// Takes a unit apart; `None` where it is no response at all.
    pub(super) fn parse(unit: &[u8]) -> Option<Self> {
        let line = unit.strip_suffix(b"\n").unwrap_or(unit);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(rest) = line.strip_prefix(b"+") {
            // `+`, `+ text`, and the `+text` of careless servers.
            let rest = rest.strip_prefix(b" ").unwrap_or(rest);
            return (!rest.starts_with(b"OK")).then(|| Self {
                tag: Tag::Continuation,
                keyword: String::new(),
                rest: rest.to_vec(),
            });
        }
        let (tag, after) = word(line);
        let tag = match tag {
            b"*" => Tag::Untagged,
            // RFC 9051: a tag is printable ASCII without atom specials and `+`.
            tag if !tag.is_empty() && tag.len() <= 64 && tag.iter().all(u8::is_ascii_graphic) => {
                Tag::Tagged(String::from_utf8_lossy(tag).into_owned())
            }
            _ => return None,
        };
        let (keyword, rest) = word(after);
        if keyword.is_empty() {
            return None;
        }
        let keyword = harmless(keyword).to_ascii_uppercase();
        Some(Self { tag, keyword, rest: rest.to_vec() })
    }

    /// Which way a tagged answer goes.
    pub(super) fn status(&self) -> Option<Status> {
        match self.keyword.as_str() {
            "OK" => Some(Status::Yes),
            "NO" | "BAD" => Some(Status::No),
            _ => None,
        }
    }

    /// The list in an untagged CAPABILITY response or in a `[CAPABILITY ...]` code.
    pub(super) fn capabilities(&self) -> Option<Vec<String>> {
        let list = if self.tag == Tag::Untagged && self.keyword == "CAPABILITY" {
            self.rest.as_slice()
        } else if matches!(self.keyword.as_str(), "OK" | "PREAUTH" | "NO" | "BAD" | "BYE") {
            let (code, _) = split_code(&self.rest)?;
            let (name, list) = word(code);
            name.eq_ignore_ascii_case(b"CAPABILITY").then_some(list)?
        } else {
            return None;
        };
        Some(list.split(|b| *b == b' ').filter(|token| !token.is_empty()).map(harmless).collect())
    }

    /// The response as an answer: status, code and text, each verbatim.
    pub(super) fn reply(&self) -> Reply {
        let (code, text) = match split_code(&self.rest) {
            Some((code, text)) => (Some(harmless(code)), text),
            None => (None, self.rest.as_slice()),
        };
        Reply { status: self.keyword.clone(), code, enhanced: None, text: harmless(text) }
    }
}

/// The first word and what follows the blanks behind it.
fn word(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|b| *b == b' ').unwrap_or(line.len());
    let (first, rest) = line.split_at(end);
    (first, rest.trim_ascii_start())
}

/// `[code] text` taken apart. A code ends at the bracket that closes it: quoted strings inside may hold
/// brackets, and a code without an end is text.
fn split_code(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = rest.strip_prefix(b"[")?;
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in inner.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => {
                let (code, text) = inner.split_at(at);
                return Some((code, text.get(1..).unwrap_or_default().trim_ascii_start()));
            }
            _ => {}
        }
    }
    // A lone quotation mark inside the code: the first bracket ends it.
    let at = inner.iter().position(|b| *b == b']')?;
    let (code, text) = inner.split_at(at);
    Some((code, text.get(1..).unwrap_or_default().trim_ascii_start()))
}
