//! What logs and transcripts put before a line: times, processes, levels, numbers, and whose line it is.

use super::reply::cut;

/// Whose words a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Server,
    Client,
    Unknown,
}

/// Marks at the start of a line, longer ones before those they begin with.
const MARKS: &[(&str, Side)] = &[
    ("SERVER -> CLIENT:", Side::Server),
    ("CLIENT -> SERVER:", Side::Client),
    ("SMTP -> FROM SERVER:", Side::Server),
    ("SMTP -> ERROR:", Side::Unknown),
    ("SMTP<<", Side::Server),
    ("SMTP>>", Side::Client),
    ("<~*", Side::Server),
    ("<**", Side::Server),
    ("<~", Side::Server),
    ("<--", Side::Server),
    ("<=", Side::Server),
    ("=>", Side::Client),
    ("<-", Side::Server),
    ("<<<", Side::Server),
    ("<<", Side::Server),
    ("-->", Side::Client),
    ("->", Side::Client),
    ("~>", Side::Client),
    (">>>", Side::Client),
    (">>", Side::Client),
    ("**", Side::Server),
    ("S:", Side::Server),
    ("C:", Side::Client),
    ("R:", Side::Server),
    ("server:", Side::Server),
    ("SERVER:", Side::Server),
    ("Server:", Side::Server),
    ("client:", Side::Client),
    ("CLIENT:", Side::Client),
    ("Client:", Side::Client),
    ("Recv:", Side::Server),
    ("Send:", Side::Client),
    ("RECV:", Side::Server),
    ("recv:", Side::Server),
    ("SEND:", Side::Client),
    ("send:", Side::Client),
    ("Sent:", Side::Client),
    ("Got:", Side::Server),
    ("reply:", Side::Server),
    ("RX:", Side::Server),
    ("TX:", Side::Client),
    ("IN:", Side::Server),
    ("OUT:", Side::Client),
    ("<", Side::Server),
    (">", Side::Client),
];

/// Marks in the middle of a line, after what a proxy or a library says of the connection.
const WITHIN: &[(&str, Side)] = &[
    ("> Recv: ", Side::Server),
    ("> Send: ", Side::Client),
    (" <-- ", Side::Server),
    (" --> ", Side::Client),
    ("SMTP<< ", Side::Server),
    ("SMTP>> ", Side::Client),
    (" << \"", Side::Server),
    (" >> \"", Side::Client),
    ("SERVER -> CLIENT: ", Side::Server),
    ("CLIENT -> SERVER: ", Side::Client),
    ("FROM SERVER:", Side::Server),
];

/// Splits a line into whose it is and what it says.
pub(super) fn split(line: &str) -> (Side, &str) {
    let mut line = bare(line);
    let head = cut(line, 300);
    let within = WITHIN
        .iter()
        .filter_map(|(mark, side)| head.find(mark).map(|at| (at, at + mark.len(), *side)))
        .min_by_key(|(at, ..)| *at);
    if let Some((_, end, side)) = within {
        return (side, bare(line.get(end..).unwrap_or_default()));
    }
    let mut side = Side::Unknown;
    if let Some((mark, marked)) = MARKS.iter().find(|(mark, _)| line.starts_with(mark)) {
        let rest = line.get(mark.len()..).unwrap_or_default();
        // `<user@example.com>` and `<Status>` are no marks.
        let spaced = mark.len() > 1
            || rest.starts_with([' ', '*', '+', '-', '"'])
            || rest.starts_with(|c: char| c.is_ascii_digit());
        if spaced {
            side = *marked;
            line = bare(rest);
        }
    }
    (side, line)
}

/// The line without the time, the host, the process, the level and the numbers before it.
pub(super) fn bare(line: &str) -> &str {
    let mut line = line.trim_start_matches([' ', '│', '└', '├', '─', '|', '`', '•', '·', '\u{feff}']);
    for _ in 0..12 {
        let before = line.len();
        line = line.trim_start();
        line = without_word(line);
        line = line.trim_start_matches([' ', '|', '`']);
        line = line
            .strip_prefix(": ")
            .or_else(|| line.strip_prefix("- ").filter(|rest| !rest.starts_with(['>', '<'])))
            .unwrap_or(line);
        if let Some(rest) =
            line.strip_prefix("[ ").and_then(|rest| rest.split_once(']')).filter(|(tag, _)| tag.len() < 16)
        {
            line = rest.1;
        }
        if line.len() == before {
            break;
        }
    }
    line
}

const LEVELS: &[&str] = &[
    "info", "warn", "warning", "error", "err", "eror", "debug", "fatal", "trace", "notice", "critical",
    "severe", "grave",
];

fn without_word(line: &str) -> &str {
    let word = line.split(' ').next().unwrap_or_default();
    let rest = line.get(word.len()..).unwrap_or_default();
    if rest.trim_start().is_empty() || word.is_empty() {
        return numbered(line);
    }
    let inner = word.trim_matches(|c| matches!(c, '[' | ']' | '(' | ')' | ',' | ':' | '-'));
    if is_time(inner) || is_syslog_day(line) {
        return rest_of_day(line, rest);
    }
    // `-ERR` is a status of POP3, and no level.
    if !word.starts_with('-')
        && LEVELS.contains(&inner.to_ascii_lowercase().as_str())
        && (word.starts_with('[')
            || inner.bytes().all(|b| b.is_ascii_uppercase())
            || inner.len() == word.len() && rest.starts_with("  "))
    {
        return rest;
    }
    // `postfix/smtp[489]:`, `imap-login[12]:`
    if word.ends_with("]:") && word.contains('[') && !word.starts_with('[') {
        return rest;
    }
    // `[mailer]`, `[d3e58896]`, `[davmail.imap.ImapServer]`: a response code is written in capitals.
    if let Some(tag) =
        word.strip_prefix('[').and_then(|word| word.strip_suffix(']').or_else(|| word.strip_suffix("]:")))
    {
        let code = tag.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b'/'))
            && !LEVELS.contains(&tag.to_ascii_lowercase().as_str());
        let address = tag.bytes().any(|b| b == b'.') && tag.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !code && !address {
            return rest;
        }
    }
    if word.starts_with('[')
        && rest
            .trim_start()
            .split(' ')
            .next()
            .is_some_and(|next| next.ends_with(']') && next.bytes().all(|b| b.is_ascii_digit() || b == b']'))
    {
        // `[ 9691]`
        return rest.split_once(']').map_or(rest, |(_, rest)| rest);
    }
    numbered(line)
}

/// `2026-01-15`, `09:30:00.123`, `2024-02-14T10:12:41Z`, `03/11/2015`.
fn is_time(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'-' | b'.' | b'T' | b'Z' | b'+' | b'/' | b','))
        && (word.matches(':').count() >= 1
            || word.matches('-').count() == 2
            || word.matches('/').count() == 2)
}

/// `Apr 29 12:46:28 host ...`: the month, the day, the time and the host.
fn is_syslog_day(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let month = words.next().unwrap_or_default();
    let day = words.next().unwrap_or_default();
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].contains(&month)
        && day.len() <= 2
        && day.bytes().all(|b| b.is_ascii_digit())
        && words.next().is_some_and(is_time)
}

fn rest_of_day<'a>(line: &'a str, rest: &'a str) -> &'a str {
    if !is_syslog_day(line) {
        return rest;
    }
    let mut behind = line;
    // The host's name follows the time.
    for _ in 0..4 {
        behind = behind.trim_start();
        let end = behind.find(' ').unwrap_or(behind.len());
        behind = behind.get(end..).unwrap_or_default();
    }
    behind
}

/// `212: 535 5.7.139 ...`, `292   SMTP<< ...`, `/var/log/mail.log:48213:...`, `0|main  | ...`.
fn numbered(line: &str) -> &str {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let behind = line.get(digits..).unwrap_or_default();
        if let Some(rest) = behind.strip_prefix([':', '|', ')', '.']).map(str::trim_start) {
            let coded = rest.get(..3).is_some_and(|code| code.bytes().all(|b| b.is_ascii_digit()))
                && rest.get(3..4).is_some_and(|c| c == " " || c == "-");
            // `535: 5.7.139 ...` is a reply; `212: 535 5.7.139 ...` is one behind the number of its line.
            if coded
                || digits != 3
                    && behind.starts_with([':', '|'])
                    && !rest.is_empty()
                    && !rest.starts_with(|c: char| c.is_ascii_digit())
            {
                return rest;
            }
            if digits == 1 && behind.starts_with(':') {
                return rest;
            }
        }
        if behind.starts_with("  ")
            || behind.starts_with(" SMTP<<")
            || behind.starts_with(" SMTP>>")
            || behind.starts_with(" LOG:")
        {
            let rest = behind.trim_start();
            if rest.starts_with("SMTP<<")
                || rest.starts_with("SMTP>>")
                || rest.starts_with("LOG:")
                || super::reply::smtp(rest).is_some()
            {
                return rest;
            }
        }
        return line;
    }
    // A file and the number of the line, as `grep -n` and tracebacks show them.
    let word = line.split(' ').next().unwrap_or_default();
    if let Some((path, rest)) = word.split_once(':')
        && (path.contains('/')
            || path.contains('\\')
            || [".log", ".txt"].iter().any(|name| path.to_ascii_lowercase().ends_with(name)))
        && !rest.starts_with("//")
    {
        let number = rest.bytes().take_while(u8::is_ascii_digit).count();
        if number > 0 && rest.get(number..).is_some_and(|behind| behind.starts_with(':')) {
            return line.get(path.len() + 1 + number + 1..).unwrap_or_default();
        }
    }
    line
}
