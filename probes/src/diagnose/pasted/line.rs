//! Lines of IMAP, POP3 and SMTP, with what logs and people put before them.

use super::{Found, Hints, kind_in};
use crate::diagnose::{Over, Step};
use crate::model::{Kind, Reply};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Most octets of one line that are looked at.
const LINE: usize = 16 * 1024;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Marks of what the server said, and of what the client said.
const SERVER: &[&str] = &[
    "S:", "<~*", "<**", "<~", "<-", "<<<", "<<", "**", "server:", "SERVER:", "Server:", "RECV:", "recv:",
    "R:", "<",
];
const CLIENT: &[&str] =
    &["C:", "->", "~>", ">>>", ">>", "client:", "CLIENT:", "Client:", "SEND:", "send:", ">"];

/// The answers in a text, in order. Never empty.
pub(super) fn dialog(text: &str, hints: &Hints<'_>, most: usize) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut step = None;
    let mut challenge: Option<String> = None;
    for raw in text.lines().take(most) {
        let raw = cut(raw, LINE).trim_start();
        let bare = without_time(raw);
        if let Some(said) = CLIENT.iter().find_map(|mark| bare.strip_prefix(mark)) {
            step = step_of(said).or(step);
            continue;
        }
        let said = SERVER.iter().find_map(|mark| bare.strip_prefix(mark)).map_or(bare, str::trim_start);
        let said = without_time(said);
        if said.is_empty() {
            continue;
        }
        if let Some((decoded, protocol)) = error_challenge(said, hints.protocol) {
            let reply =
                Reply { status: status_of(protocol), code: None, enhanced: None, text: String::new() };
            found.push(Found {
                protocol,
                step: Some(Step::Login(Kind::Token)),
                reply,
                http: None,
                challenge: Some(decoded.clone()),
            });
            challenge = Some(decoded);
            step = Some(Step::Login(Kind::Token));
            continue;
        }
        match read(said, hints.protocol) {
            Some((protocol, reply)) => {
                if let Some(last) = found.last_mut().filter(|last| goes_on(last, &reply)) {
                    last.reply.text.push('\n');
                    last.reply.text.push_str(&reply.text);
                    if last.reply.enhanced.is_none() {
                        last.reply.enhanced = reply.enhanced;
                    }
                    continue;
                }
                let known = challenge.take().filter(|_| protocol != Over::IMAP || !said.starts_with('*'));
                // The challenge alone was no answer: this is the one it led to.
                if known.is_some() && found.last().is_some_and(|last| last.challenge.is_some()) {
                    found.pop();
                }
                let step = step.or_else(|| unasked(said, &reply));
                found.push(Found { protocol, step, reply, http: None, challenge: known });
            }
            // A list goes on without a mark of its own.
            None => match found.last_mut() {
                Some(last) => {
                    last.reply.text.push('\n');
                    last.reply.text.push_str(said);
                }
                None => found.push(plain(said, hints.protocol)),
            },
        }
    }
    if found.is_empty() {
        found.push(plain(text, hints.protocol));
    }
    found
}

/// A sentence without any mark of a protocol.
fn plain(text: &str, protocol: Option<Over>) -> Found {
    let (code, rest) = response_code(text);
    let (enhanced, rest) = enhanced(rest);
    let reply = Reply {
        status: String::new(),
        code,
        enhanced: enhanced.or_else(|| buried_enhanced(rest)),
        text: rest.to_owned(),
    };
    let step = kind_in(text).filter(|kind| *kind == Kind::Token).map(Step::Login);
    Found { protocol: protocol.unwrap_or(Over::ALL), step, reply, http: None, challenge: None }
}

fn goes_on(last: &Found, reply: &Reply) -> bool {
    last.http.is_none()
        && reply.status.len() == 3
        && last.reply.status == reply.status
        && reply.status.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A line without the time and the marks in brackets that a log puts before it.
fn without_time(mut line: &str) -> &str {
    for _ in 0..4 {
        line = line.trim_start();
        let word = line.split(' ').next().unwrap_or_default();
        let bare = word.trim_matches(|c| matches!(c, '[' | ']' | '(' | ')' | ','));
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        let is_time = digits >= 4
            && bare.bytes().all(|b| {
                b.is_ascii_digit() || matches!(b, b':' | b'-' | b'.' | b'T' | b'Z' | b'+' | b'/' | b',')
            })
            && (bare.matches(':').count() >= 1 || bare.matches('-').count() == 2)
            && !bare.ends_with(':');
        if !is_time || word.len() == line.len() {
            break;
        }
        line = line.get(word.len()..).unwrap_or_default();
    }
    line.trim_start()
}

/// What came before an answer that nobody asked for, or that only one command has.
fn unasked(said: &str, reply: &Reply) -> Option<Step> {
    match reply.status.as_str() {
        "CAPABILITY" => Some(Step::Capability),
        "OK" | "PREAUTH" if said.starts_with('*') => Some(Step::Greeting),
        "220" => Some(Step::Greeting),
        "221" => Some(Step::Logout),
        _ => None,
    }
}

/// What a client's line does.
fn step_of(said: &str) -> Option<Step> {
    let upper = said.trim().to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["MAIL FROM"]) {
        return Some(Step::MailFrom);
    }
    if has(&["RCPT TO"]) || upper == "DATA" {
        return Some(Step::Data);
    }
    if has(&[" SELECT ", " EXAMINE ", " LIST ", " STATUS "]) || upper == "STAT" || upper.starts_with("LIST") {
        return Some(Step::Session);
    }
    if has(&["LOGOUT"]) || upper == "QUIT" {
        return Some(Step::Logout);
    }
    if has(&["CAPABILITY"]) || upper == "CAPA" || upper.starts_with("EHLO") {
        return Some(Step::Capability);
    }
    kind_in(&format!("{said} ")).map(Step::Login)
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

fn status_of(protocol: Over) -> String {
    if protocol == Over::SMTP { "334" } else { "+" }.to_owned()
}

/// One line of a protocol.
fn read(line: &str, protocol: Option<Over>) -> Option<(Over, Reply)> {
    let may = |over: Over| protocol.is_none_or(|protocol| protocol.meets(over));
    if may(Over::STORE) {
        if let Some(reply) = pop3(line).filter(|_| may(Over::POP3) || line.starts_with("-ERR")) {
            return Some((Over::POP3, reply));
        }
        if let Some(reply) = imap(line).filter(|_| may(Over::IMAP)) {
            return Some((Over::IMAP, reply));
        }
    }
    if let Some(reply) = smtp(line).filter(|_| may(Over::SMTP)) {
        return Some((Over::SMTP, reply));
    }
    buried(line).filter(|(over, _)| may(*over))
}

fn pop3(line: &str) -> Option<Reply> {
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

fn imap(line: &str) -> Option<Reply> {
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

fn smtp(line: &str) -> Option<Reply> {
    let status = line.get(..3).filter(|status| {
        status.bytes().all(|b| b.is_ascii_digit()) && matches!(status.as_bytes().first(), Some(b'2'..=b'5'))
    })?;
    let rest = line.get(3..)?;
    if !rest.is_empty() && !rest.starts_with([' ', '-', ',', ':', ';']) {
        return None;
    }
    // Python's smtplib shows `(535, b'5.7.8 ...')`.
    let rest = rest
        .trim_start_matches([' ', '-', ',', ':', ';', '#'])
        .trim_start_matches("b'")
        .trim_start_matches("b\"");
    let (code, text) = enhanced(rest);
    Some(Reply {
        status: status.to_owned(),
        code: None,
        enhanced: code.or_else(|| buried_enhanced(text)),
        text: text.to_owned(),
    })
}

/// An answer quoted inside a sentence: `Remote Server returned '550 5.7.60 ...'`, `error: -ERR ...`,
/// `failed: A1 NO [AUTHENTICATIONFAILED] ...`.
fn buried(line: &str) -> Option<(Over, Reply)> {
    for mark in
        ["-ERR ", " NO [", " BAD [", " NO LOGIN", " NO AUTHENTICATE", "* BYE ", " BAD User", " NO User"]
    {
        if let Some(at) = line.find(mark) {
            let rest = line.get(at..).unwrap_or_default().trim_start();
            if let Some(reply) = pop3(rest) {
                return Some((Over::POP3, reply));
            }
            if let Some(reply) = imap(rest) {
                return Some((Over::IMAP, reply));
            }
        }
    }
    let bytes = line.as_bytes();
    for (at, _) in line.match_indices(['4', '5']) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'_')) {
            continue;
        }
        let rest = line.get(at..).unwrap_or_default();
        if let Some(reply) = smtp(rest).filter(|reply| !reply.text.is_empty()) {
            return Some((Over::SMTP, reply));
        }
        // An enhanced status code alone.
        if let (Some(code), text) = enhanced(rest) {
            return Some((
                Over::SMTP,
                Reply { status: String::new(), code: None, enhanced: Some(code), text: text.to_owned() },
            ));
        }
    }
    let start = line.find('[')?;
    let rest = line.get(start..)?;
    let (code, text) = response_code(rest);
    let known = code.as_deref().is_some_and(|code| {
        let word = code.split(' ').next().unwrap_or_default();
        word.len() >= 3
            && word.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'/' | b'-'))
            && word.bytes().any(|b| b.is_ascii_uppercase())
    });
    known.then(|| {
        (
            Over::STORE,
            Reply {
                status: "NO".to_owned(),
                code,
                enhanced: None,
                text: text.trim_end_matches(['\'', '"']).to_owned(),
            },
        )
    })
}

/// `[CODE arguments] text`.
fn response_code(text: &str) -> (Option<String>, &str) {
    let Some((code, rest)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) else {
        return (None, text);
    };
    (Some(code.to_owned()), rest.trim_start())
}

/// `5.7.139 text` (RFC 3463 section 2).
fn enhanced(text: &str) -> (Option<String>, &str) {
    let word = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
    let word = word.trim_end_matches('.');
    let mut parts = word.split('.');
    let ok = matches!(parts.next(), Some("2" | "4" | "5"))
        && parts.next().is_some_and(|part| (1..=3).contains(&part.len()))
        && parts.next().is_some_and(|part| (1..=3).contains(&part.len()))
        && parts.next().is_none();
    if !ok {
        return (None, text);
    }
    (Some(word.to_owned()), text.get(word.len()..).unwrap_or_default().trim_start())
}

/// qmail and its kin put the code behind the sentence: `(#5.7.1)`.
fn buried_enhanced(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("(#")?;
    enhanced(rest).0
}
