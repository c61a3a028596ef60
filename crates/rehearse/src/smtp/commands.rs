//! Commands of SMTP, taken apart.

use mailprobe_probes::model::harmless;

use crate::record::Stage;

/// A chunk that is being skipped.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub(super) octets: u64,
    pub(super) left: u64,
    pub(super) last: bool,
}

/// The step that a command is.
pub(super) fn stage(verb: &str) -> Stage {
    match verb {
        "MAIL" => Stage::Mail,
        "RCPT" => Stage::Rcpt,
        "BDAT" => Stage::Bdat,
        _ => Stage::Data,
    }
}

/// The address of `FROM:<a@b> SIZE=1`, with or without brackets and spaces.
pub(super) fn path(rest: &str, keyword: &str) -> Option<String> {
    let head = rest.get(..keyword.len())?;
    let tail = rest.get(keyword.len()..).filter(|_| head.eq_ignore_ascii_case(keyword))?.trim_start();
    let address = match tail.strip_prefix('<') {
        Some(inner) => inner.split_once('>')?.0,
        None => tail.split(' ').next().filter(|address| !address.is_empty())?,
    };
    Some(address.chars().take(254).collect())
}

/// The size that `MAIL FROM:<a@b> SIZE=1` announces (RFC 1870).
pub(super) fn announced(rest: &str) -> Option<u64> {
    rest.split_ascii_whitespace().find_map(|word| {
        let (key, value) = word.split_once('=')?;
        key.eq_ignore_ascii_case("SIZE").then(|| value.parse().ok())?
    })
}

/// Octets of a chunk, and whether it is the last (RFC 3030 section 2).
pub(super) fn chunk(rest: &str) -> Option<Chunk> {
    let mut parts = rest.split_ascii_whitespace();
    let octets = parts.next()?.parse().ok()?;
    let last = parts.next().is_some_and(|word| word.eq_ignore_ascii_case("LAST"));
    Some(Chunk { octets, left: octets, last })
}

/// A word as the record may show it.
pub(super) fn cut(text: &str) -> String {
    harmless(text.chars().take(80).collect::<String>().as_bytes())
}
