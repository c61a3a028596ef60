//! Where in a sentence a server's words begin, and where they end.
//!
//! A number is a code only in a code's place: before an enhanced code, at the start of a quotation, behind `said:`
//! or `error code`. `timed out after 535 ms`, `size=535` and `dsn=4.7.0` are none.

use super::quote::{closing, quotation, trimmed};
use super::reply::{REFUSALS, enhanced, imap, pop3, response_code, smtp};
use super::sentence::is_of_mail;
use crate::diagnose::Over;
use crate::model::Reply;

/// Words of a server found in a line.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) at: usize,
    pub(super) protocol: Over,
    pub(super) reply: Reply,
    /// Whether there are words, or a number alone.
    pub(super) worded: bool,
    /// What is quoted, where the reply has a status that the text has not.
    pub(super) quote: Option<String>,
}

/// Response codes of RFC 5530, RFC 3501, RFC 3206 and RFC 2449 that come with a refusal, and those that Google adds.
const CODES: &[&str] = &[
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "UNAVAILABLE",
    "EXPIRED",
    "PRIVACYREQUIRED",
    "CONTACTADMIN",
    "NOPERM",
    "INUSE",
    "LIMIT",
    "OVERQUOTA",
    "CLIENTBUG",
    "SERVERBUG",
    "CANNOT",
    "NONEXISTENT",
    "ALERT",
    "WEBALERT",
    "AUTH",
    "SYS/TEMP",
    "SYS/PERM",
    "IN-USE",
    "LOGIN-DELAY",
    "CORRUPTION",
    "ALREADYEXISTS",
    "EXPUNGEISSUED",
    "ENCRYPTIONNEEDED",
];

/// Sentences that one family of servers says, in its spelling, and no client.
const VERBATIM: &[(&str, &str)] = &[
    ("Logon failure: unknown user name or bad password.", "-ERR"),
    ("Authentication failure: unknown user name or bad password.", "-ERR"),
    ("LOGIN failed.", "NO"),
    ("AUTHENTICATE failed.", "NO"),
    ("User is authenticated but not connected", "BAD"),
];

/// The words of a server in a line; the clearest of them where there are several.
pub(super) fn find(line: &str, may: &dyn Fn(Over) -> bool) -> Option<Placed> {
    let mut placed = first(line, may)?;
    // The closing mark of `b'..'` stands behind the words.
    let length = trimmed(&placed.reply.text).len();
    placed.reply.text.truncate(length);
    Some(placed)
}

fn first(line: &str, may: &dyn Fn(Over) -> bool) -> Option<Placed> {
    let may_imap = may(Over::IMAP);
    (may(Over::POP3).then(|| pop(line)).flatten())
        .or_else(|| may_imap.then(|| tagged(line)).flatten())
        .or_else(|| may(Over::SMTP).then(|| detailed(line)).flatten())
        .or_else(|| may(Over::SMTP).then(|| pair(line)).flatten())
        .or_else(|| may(Over::STORE).then(|| bracketed(line)).flatten())
        .or_else(|| may_imap.then(|| verbatim(line)).flatten())
        .or_else(|| may(Over::SMTP).then(|| numbered(line)).flatten())
        .or_else(|| may(Over::SMTP).then(|| enhanced_alone(line)).flatten())
        .or_else(|| may(Over::SMTP).then(|| mentioned(line)).flatten())
}

fn pop(line: &str) -> Option<Placed> {
    let at = line.find("-ERR")?;
    let mut reply = pop3(quotation(line, at))?;
    // `Username and password not accepted. (-ERR)`: a client that puts the status last.
    let before = line.get(..at).unwrap_or_default().trim_end().trim_end_matches(['(', '[', ':', '"', '\'']);
    if reply.text.is_empty() && reply.code.is_none() && before.contains(' ') {
        let words = before.find('[').filter(|_| before.contains(']')).and_then(|at| before.get(at..));
        let words = words.unwrap_or_else(|| before.rsplit_once(": ").map_or(before, |(_, words)| words));
        reply = pop3(&format!("-ERR {}", words.trim()))?;
    }
    Some(Placed { at, protocol: Over::POP3, reply, worded: true, quote: None })
}

/// `A1 NO [..] ..`, `error: NO AUTHENTICATE failed.`, `[NO, LOGIN failed.]`, `BAD [b'..']`.
fn tagged(line: &str) -> Option<Placed> {
    // A goodbye says why the session ended; what is refused behind it is its consequence.
    for status in ["BYE", "NO", "BAD"] {
        for (at, _) in line.match_indices(status) {
            let before = line.get(..at).unwrap_or_default();
            let behind = line.get(at + status.len()..).unwrap_or_default();
            let Some(words) = behind.strip_prefix([' ', ',']).map(str::trim_start) else { continue };
            let tag = before.trim_end().rsplit([' ', '\'', '"', '(', '[', '`']).next().unwrap_or_default();
            let is_tag = before.ends_with(' ')
                && (tag == "*"
                    || !tag.is_empty()
                        && tag.len() <= 12
                        && tag.bytes().all(|b| b.is_ascii_alphanumeric())
                        && tag.bytes().any(|b| b.is_ascii_digit()));
            let told = words.starts_with('[') || words.starts_with(|c: char| c.is_ascii_uppercase());
            if !(is_tag || told && is_place(before)) {
                continue;
            }
            let list = behind.starts_with(',');
            let text = if list {
                words.trim_end_matches(']')
            } else {
                // The quotation begins before the tag.
                let begin = if is_tag { before.trim_end().len() - tag.len() } else { at };
                let skip = at + status.len() + 1 - begin;
                quotation(line, begin).get(skip..).unwrap_or_default().trim_start()
            };
            // imaplib shows the data as a list of octets.
            let listed = text
                .strip_prefix("[b'")
                .map(|text| (text, '\''))
                .or_else(|| text.strip_prefix("[b\"").map(|text| (text, '"')));
            let text = listed.map_or(text, |(text, quote)| {
                text.get(..closing(text, quote).unwrap_or(text.len())).unwrap_or(text)
            });
            let reply = imap(&format!("{status} {}", trimmed(text)))?;
            return Some(Placed { at, protocol: Over::IMAP, reply, worded: true, quote: None });
        }
    }
    None
}

/// `535 5.7.139 ..`, `550-5.7.1 ..`: a reply number and an enhanced code of its class.
fn pair(line: &str) -> Option<Placed> {
    let bytes = line.as_bytes();
    // `reply=530 5.7.57 ..`: the two codes together are one even there.
    for at in words(line) {
        let rest = line.get(at..).unwrap_or_default();
        let Some(class @ b'2'..=b'5') = bytes.get(at).copied() else { continue };
        let number = rest.get(..3).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let Some(behind) = rest.get(3..).filter(|_| number) else { continue };
        let behind = behind.trim_start_matches([' ', '-', ',', ':', '(', ')', '"', '\'', '#', '=']);
        let behind = behind.strip_prefix("b'").or_else(|| behind.strip_prefix("b\"")).unwrap_or(behind);
        let behind = ["; Msg: b'", "Message b'", "Message \"", "with message \""]
            .iter()
            .find_map(|mark| behind.strip_prefix(mark))
            .unwrap_or(behind);
        if behind.as_bytes().first() != Some(&class) || enhanced(behind).0.is_none() {
            continue;
        }
        let text = quotation(line, at);
        let mut reply = smtp(text)
            .filter(|reply| reply.enhanced.is_some())
            .or_else(|| smtp(&format!("{} {behind}", rest.get(..3)?)))?;
        if reply.enhanced.is_none() {
            reply = smtp(&format!("{} {}", rest.get(..3)?, trimmed(behind)))?;
        }
        return Some(Placed { at, protocol: Over::SMTP, reply, worded: true, quote: None });
    }
    None
}

fn bracketed(line: &str) -> Option<Placed> {
    for (at, _) in line.match_indices('[') {
        let (Some(code), _) = response_code(line.get(at..).unwrap_or_default()) else { continue };
        let word = code.split(' ').next().unwrap_or_default();
        if !CODES.contains(&word) {
            continue;
        }
        let text = quotation(line, at);
        let (code, text) = response_code(text);
        let reply = Reply { status: "NO".to_owned(), code, enhanced: None, text: text.to_owned() };
        return Some(Placed {
            at,
            protocol: Over::STORE,
            reply,
            worded: true,
            quote: Some(trimmed(quotation(line, at)).to_owned()),
        });
    }
    // `textCode: 'AUTHENTICATIONFAILED'`
    let lower = line.to_ascii_lowercase();
    let at = lower.find("textcode").or_else(|| lower.find("responsecode"))?;
    let code = CODES.iter().find(|code| {
        line.get(at..)
            .is_some_and(|rest| rest.contains(&format!("'{code}'")) || rest.contains(&format!("\"{code}\"")))
    })?;
    let reply = Reply {
        status: "NO".to_owned(),
        code: Some((*code).to_owned()),
        enhanced: None,
        text: String::new(),
    };
    Some(Placed {
        at,
        protocol: Over::STORE,
        reply,
        worded: false,
        quote: Some(trimmed(line.get(at..).unwrap_or_default()).to_owned()),
    })
}

fn verbatim(line: &str) -> Option<Placed> {
    VERBATIM.iter().find_map(|(words, status)| {
        let at = line.find(words)?;
        let text = (*words).to_owned();
        let reply = Reply { status: (*status).to_owned(), code: None, enhanced: None, text };
        let protocol = if *status == "-ERR" { Over::POP3 } else { Over::IMAP };
        Some(Placed { at, protocol, reply, worded: true, quote: Some((*words).to_owned()) })
    })
}

/// `said: 550 Authentication is required`, `'503 AUTH command ..'`, `(535, b'..')`.
fn numbered(line: &str) -> Option<Placed> {
    for at in boundaries(line) {
        let rest = line.get(at..).unwrap_or_default();
        let Some(number) = rest.get(..3).and_then(|number| number.parse::<u16>().ok()) else { continue };
        let before = line.get(..at).unwrap_or_default();
        if !REFUSALS.contains(&number) || !(is_place(before) || is_behind_a_script(line, at)) {
            continue;
        }
        let text = quotation(line, at);
        let behind = text.get(3..).unwrap_or_default();
        let words = behind.trim_start_matches([' ', '-', ',', ':', ';', '"', '\'']);
        let begins = behind.starts_with([' ', '-', ':', ';'])
            || behind.starts_with([',', '"', '\'']) && (behind.contains("b'") || behind.contains('"'))
            || behind.starts_with(", '") && before.ends_with('(');
        let told = words.starts_with(|c: char| c.is_alphabetic() || matches!(c, '<' | '#' | '(' | '*' | '['))
            && !is_measure(words)
            && !super::status::is_reason(words);
        if !begins || !told {
            continue;
        }
        let reply = smtp(text).or_else(|| smtp(&format!("{number} {words}")))?;
        return Some(Placed { at, protocol: Over::SMTP, reply, worded: true, quote: None });
    }
    None
}

/// `5.7.139 Authentication unsuccessful ..` without the number before it.
fn enhanced_alone(line: &str) -> Option<Placed> {
    for at in boundaries(line) {
        if !matches!(line.as_bytes().get(at), Some(b'4' | b'5')) {
            continue;
        }
        let rest = line.get(at..).unwrap_or_default();
        let (Some(_), behind) = enhanced(rest) else { continue };
        let words = behind.trim_start_matches([' ', '-', ':', ',']);
        let before = line.get(..at).unwrap_or_default();
        let told = words.starts_with(|c: char| c.is_alphabetic() || matches!(c, '<' | '(' | '*'))
            && words.split_whitespace().count() > 1;
        let version = before.to_ascii_lowercase();
        let version = ["version", "version:", " v", "release", "build"]
            .iter()
            .any(|word| version.trim_end().ends_with(word));
        if !told || version || !is_place(before) {
            continue;
        }
        let (code, text) = enhanced(quotation(line, at));
        let reply = Reply { status: String::new(), code: None, enhanced: code, text: text.to_owned() };
        return Some(Placed { at, protocol: Over::SMTP, reply, worded: true, quote: None });
    }
    None
}

/// Before a number, these make it one of HTTP.
const WEB: &[&str] = &[
    "http error",
    "http status",
    "http code",
    "http/",
    "http server",
    "http response",
    "status code",
    "client error",
    "for url",
];

/// `SMTP error 535`, `Error code: 535`, `SMTP認証エラー (535)`: a number alone, named as one.
fn mentioned(line: &str) -> Option<Placed> {
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return None;
    }
    for at in boundaries(line) {
        let rest = line.get(at..).unwrap_or_default();
        let Some(number) = rest.get(..3).and_then(|number| number.parse::<u16>().ok()) else { continue };
        if !REFUSALS.contains(&number) {
            continue;
        }
        let behind = rest.get(3..).unwrap_or_default();
        if behind.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '/')
            || is_measure(behind.trim_start())
        {
            continue;
        }
        let before =
            lower.get(..at).unwrap_or_default().trim_end_matches([' ', ':', '(', '"', '\'', '#', '=', '[']);
        if WEB.iter().any(|word| before.contains(word)) {
            continue;
        }
        let named = [
            "smtp",
            "error",
            "code",
            "reply",
            "response",
            "エラー",
            "コード",
            "错误",
            "代码",
            "fehler",
            "fehlercode",
            "erreur",
            "errore",
            "error no",
            "código",
            "codice",
            "ошибка",
            "код",
            "オーラー",
            "応答",
            "오류",
            "코드",
            "fout",
        ];
        // Roundcube: `Invalid response code received from server (535)`.
        let bracketed = line.get(..at).is_some_and(|head| head.ends_with('('))
            && before.ends_with("server")
            && before.contains("code");
        if !bracketed && !named.iter().any(|word| before.ends_with(word)) {
            continue;
        }
        let words = trimmed(behind.trim_start_matches([' ', ')', ']', ':', ',', '-', '"', '\'']));
        let reply = smtp(&format!("{number} {words}"))?;
        return Some(Placed {
            at,
            protocol: Over::SMTP,
            reply,
            worded: false,
            quote: Some(trimmed(line).to_owned()),
        });
    }
    None
}

/// `PHPMailer`'s order: `Detail: the words SMTP code: 550 Additional SMTP info: 5.7.60`.
fn detailed(line: &str) -> Option<Placed> {
    const DETAIL: &str = "detail:";
    const CODE: &str = "smtp code:";
    const INFO: &str = "additional smtp info:";
    let lower = line.to_ascii_lowercase();
    let end = lower.rfind(CODE)?;
    let begin = lower.get(..end)?.rfind(DETAIL)? + DETAIL.len();
    let words = trimmed(line.get(begin..end)?.trim());
    let number = line.get(end + CODE.len()..)?.trim_start().get(..3)?;
    let info = lower.get(end..)?.find(INFO).and_then(|info| line.get(end + info + INFO.len()..));
    let code = info.and_then(|info| enhanced(info.trim_start()).0).unwrap_or_default();
    let reply = smtp(&format!("{number} {code} {words}")).filter(|_| !words.is_empty())?;
    let quote = Some(trimmed(line).to_owned());
    Some(Placed { at: end, protocol: Over::SMTP, reply, worded: true, quote })
}

/// Whether a code and its English words follow a letter of a script that writes no spaces, in a line about mail:
/// `理由は535 Authentication failed`.
fn is_behind_a_script(line: &str, at: usize) -> bool {
    let (before, rest) = (line.get(..at).unwrap_or_default(), line.get(at..).unwrap_or_default());
    let script = before.ends_with(
        |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'),
    );
    let words = rest.get(3..).and_then(|behind| behind.strip_prefix([' ', '-', ':'])).unwrap_or_default();
    script
        && words.trim_start().starts_with(|c: char| c.is_ascii_alphabetic())
        && is_of_mail(&line.to_lowercase())
}

pub(super) fn is_measure(text: &str) -> bool {
    let unit: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    [
        "ms",
        "s",
        "sec",
        "secs",
        "seconds",
        "milliseconds",
        "kb",
        "mb",
        "bytes",
        "octets",
        "messages",
        "mails",
        "lazy",
        "users",
        "lines",
    ]
    .contains(&unit.to_ascii_lowercase().as_str())
}

/// Where a word begins.
fn boundaries(line: &str) -> impl Iterator<Item = usize> {
    let bytes = line.as_bytes();
    // `size=535`, `dsn=5.7.1`: a value of a log is no code by itself.
    words(line).filter(move |at| at.checked_sub(1).and_then(|at| bytes.get(at)) != Some(&b'='))
}

/// Where a word begins, values of a log among them.
fn words(line: &str) -> impl Iterator<Item = usize> {
    let bytes = line.as_bytes();
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let begins = before
            .is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'_' | b'@' | b'/' | b'+'));
        (byte.is_ascii_digit() && begins && line.is_char_boundary(at)).then_some(at)
    })
}

/// Whether a quotation of a server can begin behind this.
fn is_place(before: &str) -> bool {
    let open = before.ends_with(['\'', '"', '`', '(', '[', '{', '|', '>', '=', '「', '『', '*', '?', '\n']);
    let bare = before.trim_end();
    // `host:587: 535`, `port 587 ... 535`: behind the port, and where an account of the steps goes on.
    let behind_port = bare.strip_suffix(':').is_some_and(|bare| {
        let host = bare.trim_end_matches(|c: char| c.is_ascii_digit());
        host.len() < bare.len()
            && host
                .strip_suffix(':')
                .is_some_and(|host| host.ends_with(|c: char| c == ']' || c.is_ascii_alphabetic()))
    });
    if bare.is_empty()
        || open
        || behind_port
        || bare.ends_with('…')
        || bare.ends_with("...")
        || bare.ends_with([':', '-', ',', ';', '→', '»', '“', '|', '(', '[', '`'])
            && !bare.strip_suffix(':').is_some_and(|bare| bare.ends_with(|c: char| c.is_ascii_digit()))
    {
        return true;
    }
    let word = bare.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    [
        "said",
        "says",
        "returned",
        "returns",
        "message",
        "error",
        "errors",
        "code",
        "with",
        "reply",
        "replied",
        "failed",
        "response",
        "responded",
        "got",
        "answer",
        "answered",
        "result",
        "status",
        "reports",
        "reported",
        "smtp",
        "was",
        "antwortete",
        "antwort",
        "fehler",
        "erreur",
        "errore",
        "respuesta",
        "resposta",
        "réponse",
        "結果",
        "応答",
        "エラー",
        "错误",
        "返回",
        "receive",
        "receiving",
        "received",
        "getting",
    ]
    .contains(&word.as_str())
        || ["エラー", "応答", "結果", "错误", "返回"].iter().any(|word| bare.ends_with(word))
}
