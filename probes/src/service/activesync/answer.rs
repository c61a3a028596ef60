//! What an answer says before its content is looked at: the status (MS-ASHTTP section 2.2.2.1.1) and the fields.

use super::super::{Reading, Verdict};
use super::version::list;
use crate::model::{HttpResponse, Reply, harmless};

/// How much of one value is kept, in characters.
const SHOWN: usize = 300;
/// The longest address of a redirect; a longer one is none.
const ADDRESS: usize = 2048;

/// Fields that help to find an answer in the server's logs, or explain it.
const TELLING: &[&str] = &[
    "x-ms-diagnostics",
    "x-ms-asthrottle",
    "x-ms-rp",
    "x-ms-credentials-expire",
    "x-proxyerrormessage",
    "x-feserver",
    "x-beserver",
    "request-id",
    "retry-after",
    "x-z-push-version",
];

/// What an answer says that is not a success; nothing where it is one.
pub(super) fn unless_fine(response: &HttpResponse) -> Option<Reading> {
    let (verdict, meaning) = match response.status {
        200..=299 => return None,
        301 | 302 | 303 | 307 | 308 => moved(response, "Location"),
        400 => (Verdict::Passing, "the server does not understand the request"),
        401 => (Verdict::Refused, ""),
        403 => (Verdict::Refused, "the user is not enabled for ActiveSync, or this client is not"),
        404 => absent("there is no ActiveSync at this path"),
        405 | 501 => absent("the server does not take this request here"),
        // Z-Push asks for the policy before it looks at the password: neither taken nor refused.
        449 => {
            (Verdict::Passing, "the server wants Provision first; it may not have looked at the password yet")
        }
        451 => moved(response, "X-MS-Location"),
        456 => (Verdict::Refused, "the user's account is blocked"),
        457 => (Verdict::Refused, "the user's password has expired"),
        // SOGo drops the connection at a scheme that it does not know, and its front end says 502.
        502 => (Verdict::Passing, "the front end got no answer from the server behind it"),
        503 => (Verdict::Passing, "it is down, or wants fewer requests"),
        507 => (Verdict::Shut, "the user's mailbox is full"),
        // 429, 500 and all that nobody has defined.
        status if (402..600).contains(&status) => (Verdict::Passing, ""),
        _ => absent("no answer that ActiveSync knows"),
    };
    let reply = reply(response, meaning);
    Some(Reading { verdict, reply, facts: facts(response) })
}

fn absent(why: &'static str) -> (Verdict, &'static str) {
    (Verdict::NotTheService { why: why.to_owned() }, why)
}

/// A redirect, if the field says where to. Without it the answer is half an answer: Exchange Online gives 451 so
/// where it was not told which mailbox is meant.
fn moved(response: &HttpResponse, field: &str) -> (Verdict, &'static str) {
    let to = response.header(field).map(str::trim).filter(|to| !to.is_empty() && to.len() <= ADDRESS);
    match to {
        Some(to) => (Verdict::Redirect { to: harmless(to.as_bytes()) }, ""),
        None => (Verdict::Passing, "a redirect that does not say where to"),
    }
}

/// What a successful answer to OPTIONS says. Success alone says nothing: every web server answers OPTIONS.
pub(super) fn options(response: &HttpResponse) -> Reading {
    let server = response.header("MS-Server-ActiveSync");
    let versions = list(response, "MS-ASProtocolVersions");
    let commands = list(response, "MS-ASProtocolCommands");
    if server.is_none() && versions.is_empty() && commands.is_empty() {
        return stranger(response);
    }
    let mut known = Vec::new();
    for (name, value) in [
        ("activesync-server", server.unwrap_or_default().to_owned()),
        ("activesync-versions", versions.join(",")),
        ("activesync-commands", commands.join(",")),
    ] {
        if !value.is_empty() {
            known.push((name, shown_up_to(&value, 4 * SHOWN)));
        }
    }
    known.extend(facts(response));
    let text = match server {
        Some(server) => format!("ActiveSync {server}"),
        None => "ActiveSync".to_owned(),
    };
    Reading { verdict: Verdict::Accepted, reply: said(response, None, shown(&text)), facts: known }
}

/// A successful answer that is not ActiveSync's.
pub(super) fn stranger(response: &HttpResponse) -> Reading {
    // Exchange's front end hides its own troubles in a 200 without the fields of ActiveSync.
    if let Some(message) = response.header("x-proxyerrormessage") {
        let reply = said(response, None, shown(message));
        return Reading { verdict: Verdict::Passing, reply, facts: facts(response) };
    }
    let kind = response.header("Content-Type").unwrap_or_default().to_ascii_lowercase();
    let why = if kind.starts_with("text/html") && !response.body.is_empty() {
        "a web page"
    } else if response.body.is_empty() {
        "an empty answer without the fields of ActiveSync"
    } else {
        "content that is not ActiveSync's"
    };
    not_the_service(response, why)
}

pub(super) fn not_the_service(response: &HttpResponse, why: &str) -> Reading {
    let why = shown(why);
    let reply = said(response, None, why.clone());
    Reading { verdict: Verdict::NotTheService { why }, reply, facts: facts(response) }
}

/// The server's words, and behind them what its number means.
fn reply(response: &HttpResponse, meaning: &str) -> Reply {
    let diagnostics = response.header("x-ms-diagnostics").unwrap_or_default();
    let code: String = diagnostics.chars().take_while(char::is_ascii_digit).take(10).collect();
    let words = words(response, diagnostics);
    let text = match (words.is_empty(), meaning.is_empty()) {
        (_, true) => words,
        (true, false) => meaning.to_owned(),
        (false, false) => format!("{words} ({meaning})"),
    };
    said(response, Some(code).filter(|code| !code.is_empty()), text)
}

/// The most telling of the server's own words: the reason in its diagnostics, a line of plain text, the reason phrase.
fn words(response: &HttpResponse, diagnostics: &str) -> String {
    let reason = diagnostics.split_once("reason=\"").and_then(|(_, rest)| rest.split('"').next());
    if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
        return shown(reason);
    }
    let kind = response.header("Content-Type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("text/plain") {
        let line = response.body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|l| !l.is_empty());
        if let Some(line) = line {
            return shown(&String::from_utf8_lossy(line.get(..4 * SHOWN).unwrap_or(line)));
        }
    }
    shown(&response.reason)
}

pub(super) fn said(response: &HttpResponse, code: Option<String>, text: String) -> Reply {
    Reply { status: response.status.to_string(), code, enhanced: None, text }
}

/// The telling fields, as far as they are there.
pub(super) fn facts(response: &HttpResponse) -> Vec<(&'static str, String)> {
    let values = TELLING.iter().filter_map(|name| Some((*name, shown(response.header(name)?))));
    values.collect()
}

/// A foreign text, cut and harmless.
pub(super) fn shown(text: &str) -> String {
    shown_up_to(text, SHOWN)
}

fn shown_up_to(text: &str, characters: usize) -> String {
    let start: String = text.trim().chars().take(characters).collect();
    harmless(start.as_bytes())
}
