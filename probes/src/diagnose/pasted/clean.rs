//! A paste made readable: what a terminal, a ticket system, an input method or a serialiser put around the words.

use std::borrow::Cow;

use super::octets;
use super::reply::cut;

/// Most characters of one line that are kept.
const LINE: usize = 16 * 1024;

/// Bytes as text: UTF-8, or UTF-16 with or without its mark. What is neither is read as far as it goes.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let (little, rest) = match bytes {
        [0xff, 0xfe, rest @ ..] => (Some(true), rest),
        [0xfe, 0xff, rest @ ..] => (Some(false), rest),
        _ => (wide(bytes), bytes),
    };
    let Some(little) = little else { return String::from_utf8_lossy(bytes) };
    let units = rest.chunks_exact(2).map(|pair| {
        let pair = [pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    });
    Cow::Owned(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Whether every second octet is zero, as in Latin text that was written as UTF-16; and whether the low one is first.
fn wide(bytes: &[u8]) -> Option<bool> {
    let head = bytes.get(..bytes.len().min(400)).unwrap_or_default();
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() / 2;
    if most < 2 {
        return None;
    }
    match (zeros(0) * 10 >= most * 8, zeros(1) * 10 >= most * 8) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    }
}

/// A paste made readable.
pub(super) struct Clean {
    /// The text.
    pub(super) text: String,
    /// How many lines of the paste stand before its first; nothing where its lines are not the paste's.
    pub(super) skipped: Option<usize>,
}

/// The text without colours, invisible characters, the markup of a ticket system and the marks of a quotation.
pub(super) fn clean(text: &str) -> Clean {
    let mut plain = String::with_capacity(text.len());
    for line in without_colours(text).lines() {
        plain.extend(octets::read(cut(line, 4 * LINE)).chars().filter_map(narrow).take(LINE));
        plain.push('\n');
    }
    let ticket = is_ticket(&plain);
    let plain = if ticket { without_markup(&plain) } else { plain };
    let plain = unquoted(&plain);
    let text = plain.trim_start();
    let skipped = plain.get(..plain.len() - text.len()).unwrap_or_default().matches('\n').count();
    Clean { text: text.trim_end().to_owned(), skipped: (!ticket).then_some(skipped) }
}

/// One character as it would be typed on a terminal; nothing for what cannot be seen.
fn narrow(c: char) -> Option<char> {
    Some(match c {
        // The block of full-width forms repeats ASCII from `!` to `~`.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        '\u{3000}' | '\u{a0}' | '\u{2007}' | '\u{202f}' | '\t' => ' ',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}' => {
            return None;
        }
        c if c.is_control() => return None,
        c => c,
    })
}

/// Control sequences of terminals (ECMA-48), also as viewers spell their first character.
fn without_colours(text: &str) -> Cow<'_, str> {
    if !["\u{1b}", "^[[", "\\x1b[", "\\u001b[", "\\033["].iter().any(|mark| text.contains(mark)) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mark = ["\u{1b}[", "^[[", "\\x1b[", "\\u001b[", "\\033["]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark));
        if let Some(behind) = mark {
            let end = behind.find(|c: char| !(c.is_ascii_digit() || matches!(c, ';' | '?'))).unwrap_or(0);
            let end =
                behind.get(end..).and_then(|rest| rest.chars().next()).map_or(end, |c| end + c.len_utf8());
            rest = behind.get(end..).unwrap_or_default();
        } else {
            plain.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    Cow::Owned(plain)
}

/// Whether markup is a page's around the words, not an answer of a service.
fn is_ticket(text: &str) -> bool {
    let lower = cut(text, 64 * 1024).to_ascii_lowercase();
    let page = [
        "<br",
        "<p>",
        "<p ",
        "<div",
        "<span",
        "<td",
        "<li>",
        "<blockquote",
        "<pre",
        "&lt;",
        "&#39;",
        "&quot;",
        "-&gt;",
    ];
    let service = ["http/1.", "http/2", "<?xml", "envelope", "<autodiscover", "<status>"];
    page.iter().any(|tag| lower.contains(tag)) && !service.iter().any(|tag| lower.contains(tag))
}

fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let name: String =
            rest.chars().skip(1).take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        let tag = name.trim_matches('/').to_ascii_lowercase();
        let end = rest.find('>');
        match end {
            Some(end) if TAGS.contains(&tag.as_str()) => {
                plain.push(if INLINE.contains(&tag.as_str()) { ' ' } else { '\n' });
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            // An address in angle brackets is no tag.
            _ => {
                plain.push('<');
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    for (name, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(name, c);
    }
    plain
}

const TAGS: &[&str] = &[
    "br",
    "p",
    "div",
    "span",
    "td",
    "tr",
    "th",
    "table",
    "tbody",
    "li",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "code",
    "b",
    "i",
    "em",
    "strong",
    "a",
    "font",
    "html",
    "body",
    "head",
    "meta",
    "style",
    "title",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "small",
    "u",
    "img",
    "section",
    "article",
    "tt",
    "kbd",
];
const INLINE: &[&str] = &["span", "b", "i", "em", "strong", "a", "font", "small", "u", "code", "tt", "kbd"];

/// A mail that is quoted whole, without the marks before its lines.
fn unquoted(text: &str) -> Cow<'_, str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    // A command that follows the mark is a client's, as curl shows it.
    let quoted = lines().count() > 1 && lines().all(|line| line.trim_start().starts_with('>'))
        || lines().count() == 1 && text.starts_with("> ");
    if !quoted {
        return Cow::Borrowed(text);
    }
    let bare = text.lines().map(|line| line.trim_start().trim_start_matches('>').trim_start());
    Cow::Owned(bare.fold(String::with_capacity(text.len()), |mut text, line| {
        text.push_str(line);
        text.push('\n');
        text
    }))
}

/// A line with the escapes of JSON, JavaScript, Python and Java undone: `\r\n`, `\n`, `\"`, `[\r][\n]`, `\u003c`.
pub(super) fn unescaped(line: &str) -> Cow<'_, str> {
    if let Some(plain) = without_pluses(line) {
        return Cow::Owned(plain);
    }
    if !line.contains('\\') {
        return Cow::Borrowed(line);
    }
    let mut text = line.replace("[\\r][\\n]", "");
    // JSON in JSON doubles what it escapes.
    for _ in 0..3 {
        if !text.contains("\\\\") {
            break;
        }
        text = text.replace("\\\\", "\\");
    }
    for (escape, plain) in [
        ("\\r\\n", "\n"),
        ("\\r", ""),
        ("\\\"", "\""),
        ("\\'", "'"),
        ("\\u003c", "<"),
        ("\\u003e", ">"),
        ("\\u0026", "&"),
        ("\\u0027", "'"),
        ("\\u0022", "\""),
        ("\\/", "/"),
    ] {
        if text.contains(escape) {
            text = text.replace(escape, plain);
        }
    }
    // `\n` is a line's end, unless a path of Windows goes on there.
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("\\n") {
        let (before, behind) = (rest.get(..at).unwrap_or_default(), rest.get(at + 2..).unwrap_or_default());
        plain.push_str(before);
        let in_path = behind.starts_with(|c: char| c.is_ascii_lowercase()) && before.contains(":\\");
        plain.push_str(if in_path { "\\n" } else { "\n" });
        rest = behind;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// A line of a log in the W3C's extended format, which writes a space as `+`: `550+5.7.60+SMTP;+Client+does+not`.
fn without_pluses(line: &str) -> Option<String> {
    let is_reply = |word: &str| {
        let number = word.get(..3).is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
        number && word.get(3..4) == Some("+") && word.matches('+').count() > 1
    };
    line.split(' ').any(is_reply).then(|| {
        let words: Vec<String> = line
            .split(' ')
            .map(|word| if is_reply(word) { word.replace('+', " ") } else { word.to_owned() })
            .collect();
        words.join(" ")
    })
}
