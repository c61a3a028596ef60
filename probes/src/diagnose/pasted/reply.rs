//! One reply of IMAP, POP3 or SMTP at the start of a text: what counts as its status, its code and its words.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::diagnose::Over;
use crate::model::Reply;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reply numbers of SMTP that refuse (RFC 5321, RFC 4954, RFC 5248 and what large providers send).
pub(super) const REFUSALS: &[u16] = &[
    421, 422, 431, 432, 435, 441, 442, 446, 447, 449, 450, 451, 452, 453, 454, 455, 458, 471, 500, 501, 502,
    503, 504, 510, 511, 512, 513, 515, 517, 521, 523, 524, 525, 526, 530, 534, 535, 538, 541, 542, 543, 546,
    547, 550, 551, 552, 553, 554, 555, 556, 557, 559, 571,
];

pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// `+ eyJ...`, `334 eyJ...` or `eyJ...`: a JSON object in base64.
pub(super) fn error_challenge(line: &str, protocol: Option<Over>) -> Option<(String, Over)> {
    let (blob, over) = if let Some(blob) = line.strip_prefix("334") {
        (blob, Over::SMTP)
    } else if let Some(blob) = line.strip_prefix('+') {
        (blob, protocol.unwrap_or(Over::IMAP))
    } else {
        (line, protocol.unwrap_or(Over::IMAP))
    };
    let blob = blob.trim().trim_matches(['\'', '"']);
    if !blob.starts_with("ey")
        || !blob.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    {
        return None;
    }
    let decoded = String::from_utf8(LENIENT.decode(blob).ok()?).ok()?;
    serde_json::from_str::<serde_json::Value>(&decoded).ok()?.is_object().then_some((decoded, over))
}

pub(super) fn status_of(protocol: Over) -> String {
    if protocol == Over::SMTP { "334" } else { "+" }.to_owned()
}

pub(super) fn pop3(line: &str) -> Option<Reply> {
    if line == "+" || line.starts_with("+ ") {
        return Some(Reply {
            status: "+".to_owned(),
            code: None,
            enhanced: None,
            text: line.get(1..).unwrap_or_default().trim().to_owned(),
        });
    }
    let (status, rest) =
        ["+OK", "-ERR"].iter().find_map(|status| Some((*status, line.strip_prefix(status)?)))?;
    let (code, text) = response_code(rest.trim_start());
    Some(Reply { status: status.to_owned(), code, enhanced: None, text: text.to_owned() })
}

pub(super) fn imap(line: &str) -> Option<Reply> {
    let reply = |status: &str, rest: &str| {
        let (code, text) = response_code(rest.trim_start());
        Some(Reply { status: status.to_ascii_uppercase(), code, enhanced: None, text: text.to_owned() })
    };
    if line == "+" || line.starts_with("+ ") {
        return reply("+", line.get(1..).unwrap_or_default());
    }
    let mut words = line.splitn(3, ' ');
    let first = words.next().unwrap_or_default();
    let is_status =
        |word: &str| matches!(word.to_ascii_uppercase().as_str(), "OK" | "NO" | "BAD" | "BYE" | "PREAUTH");
    if first == "*" {
        let (word, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if is_status(word) {
            return reply(word, rest);
        }
        if word.eq_ignore_ascii_case("CAPABILITY") {
            return reply("CAPABILITY", rest);
        }
        let aside = word.bytes().all(|b| b.is_ascii_digit())
            || word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let status = if aside { "ASIDE" } else { "NO" };
        return reply(status, line.get(1..).unwrap_or_default());
    }
    // Words of a sentence may be "no" too: a status is in capitals.
    let is_status = |word: &str| is_status(word) && word.bytes().all(|b| b.is_ascii_uppercase());
    if is_status(first) {
        return reply(first, line.get(first.len()..).unwrap_or_default());
    }
    let word = words.next().unwrap_or_default();
    let is_tag = first.len() <= 32
        && first.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'$'));
    if is_tag && matches!(word, "OK" | "NO" | "BAD") && !first.is_empty() {
        return reply(word, words.next().unwrap_or_default());
    }
    None
}

pub(super) fn smtp(line: &str) -> Option<Reply> {
    let status = line.get(..3).filter(|status| {
        status.bytes().all(|b| b.is_ascii_digit()) && matches!(status.as_bytes().first(), Some(b'2'..=b'5'))
    })?;
    let rest = line.get(3..)?;
    if !rest.is_empty() && !rest.starts_with([' ', '-', ',', ':', ';']) {
        return None;
    }
    // Python's smtplib shows `(535, b'5.7.8 ...')`, a bounce shows `421, "4.3.0", ...`.
    let rest = rest.trim_start_matches([' ', '-', ',', ':', ';', '#']);
    let rest = rest.strip_prefix("b'").or_else(|| rest.strip_prefix("b\"")).unwrap_or(rest);
    let shown = rest.starts_with(['"', '\'']);
    let rest = rest.trim_start_matches(['"', '\'']);
    let (code, text) = enhanced(rest);
    let text = if code.is_some() { text.trim_start_matches([',', ' ']) } else { text };
    let text = if shown { text.trim_start_matches(['"', '\'', ',', ' ']) } else { text };
    Some(Reply {
        status: status.to_owned(),
        code: None,
        enhanced: code.or_else(|| buried_enhanced(text)),
        text: text.to_owned(),
    })
}

/// `[CODE arguments] text`.
pub(super) fn response_code(text: &str) -> (Option<String>, &str) {
    let Some((code, rest)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) else {
        return (None, text);
    };
    (Some(code.to_owned()), rest.trim_start())
}

/// `5.7.139 text` (RFC 3463 section 2).
pub(super) fn enhanced(text: &str) -> (Option<String>, &str) {
    let word = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
    let word = word.trim_end_matches('.');
    let mut parts = word.split('.');
    let ok = matches!(parts.next(), Some("2" | "4" | "5"))
        && parts.next().is_some_and(|part| matches!(part.as_bytes(), [b'0'..=b'7']))
        && parts.next().is_some_and(|part| (1..=3).contains(&part.len()))
        && parts.next().is_none();
    if !ok {
        return (None, text);
    }
    (Some(word.to_owned()), text.get(word.len()..).unwrap_or_default().trim_start())
}

/// qmail and its kin put the code behind the sentence: `(#5.7.1)`.
pub(super) fn buried_enhanced(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("(#")?;
    enhanced(rest).0
}
