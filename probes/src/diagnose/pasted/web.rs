//! HTTP answers: whole ones, their header fields alone, and JSON or XML without either.

use std::ops::Range;

use super::context::kind_in;
use super::reply::cut;
use super::{Found, Weight};
use crate::diagnose::{Over, Step};
use crate::model::{HttpResponse, Kind, Reply};

/// Header fields that are pasted alone.
const FIELDS: &[&str] = &[
    "x-ms-diagnostics",
    "www-authenticate",
    "x-caserrorcode",
    "x-ms-asthrottle",
    "x-failurecontext",
    "x-ms-location",
];

/// What a text says over HTTP, and the lines that hold it: a whole answer, its fields, or its content.
pub(super) fn read(text: &str, protocol: Option<Over>) -> Option<(Found, Range<usize>)> {
    let lines = text.lines().count();
    let (response, range) = whole(text)
        .or_else(|| Some((fields(text)?, 0..lines)))
        .or_else(|| Some((body(text)?, 0..lines)))
        .or_else(|| Some((diagnostics(text)?, 0..lines)))
        .or_else(|| Some((bare_status(text, protocol)?, 0..lines)))
        .or_else(|| embedded(text))?;
    let content = String::from_utf8_lossy(response.body.get(..4096).unwrap_or(&response.body)).into_owned();
    let over = protocol.unwrap_or_else(|| guess(&response, &content, text));
    let step = step(&response, over)
        .filter(|step| *step != Step::Request || response.status != 401 || protocol.is_some());
    let mut reply = Reply {
        status: response.status.to_string(),
        code: None,
        enhanced: None,
        text: response.reason.clone(),
    };
    let mut quote = None;
    if response.status == 0 {
        reply.status.clear();
        let said = said(&content);
        quote = Some(said.clone().unwrap_or_else(|| cut(&content, 300).to_owned()));
        cut(&content, 300).clone_into(&mut reply.text);
        if said.is_some() {
            reply.text = said.unwrap_or_default();
        }
    }
    let line = range.start;
    Some((Found { step, http: Some(response), quote, ..Found::new(over, reply, Weight::Reply, line) }, range))
}

/// The code and the sentence of a JSON error, which are quoted in place of the object.
fn said(content: &str) -> Option<String> {
    if content.trim_start().starts_with('<') {
        let text = |names: &[&str]| {
            names.iter().find_map(|name| crate::diagnose::markup::text(content, name)).unwrap_or_default()
        };
        let (code, words) = (
            text(&["ResponseCode", "ErrorCode", "Status"]),
            text(&["MessageText", "faultstring", "Message", "ErrorMessage"]),
        );
        return match (code.is_empty(), words.is_empty()) {
            (true, true) => None,
            (false, false) => Some(format!("{code}: {words}")),
            _ => Some(format!("{code}{words}")),
        };
    }
    let json: serde_json::Value = serde_json::from_str(content).ok()?;
    let error = json.get("error").filter(|error| error.is_object()).unwrap_or(&json);
    let word =
        |keys: &[&str]| keys.iter().find_map(|key| error.get(*key)?.as_str()).unwrap_or_default().to_owned();
    let (code, words) = (
        word(&["code", "error", "ErrorCode", "status"]),
        word(&["message", "error_description", "ErrorMessage", "Message"]),
    );
    let words = words.lines().next().unwrap_or_default();
    match (code.is_empty(), words.is_empty()) {
        (true, true) => None,
        (false, false) => Some(format!("{code}: {words}")),
        (true, false) => Some(words.to_owned()),
        (false, true) => Some(code),
    }
}

/// From the last status line on.
fn whole(text: &str) -> Option<(HttpResponse, Range<usize>)> {
    let bare = |line: &str| {
        let line = super::clean::unescaped(line);
        let line = super::marks::split(&line).1.trim();
        line.strip_suffix('"')
            .filter(|inner| !inner.contains('"'))
            .unwrap_or(line)
            .trim_start_matches('"')
            .trim()
            .to_owned()
    };
    let is_status = |line: &str| {
        bare(line).strip_prefix("HTTP/").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let all = lines.len();
    let at = lines.iter().rposition(|line| line.contains("HTTP/") && is_status(line))?;
    let lines = lines.split_off(at);
    let first = bare(lines.first()?);
    let mut words = first.splitn(3, ' ');
    let status = words.nth(1)?.parse().ok()?;
    let reason = words.next().unwrap_or_default().to_owned();
    let mut response = HttpResponse { status, reason, ..HttpResponse::default() };
    let mut rest = lines.iter().skip(1);
    for line in rest.by_ref().take(500) {
        let field = bare(line);
        if field.is_empty() || field.starts_with(['{']) || field.starts_with("<?xml") {
            if !field.is_empty() {
                response.body.extend_from_slice(field.as_bytes());
            }
            break;
        }
        if let Some((name, value)) = field.split_once(':') {
            response.headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    for line in rest {
        if !response.body.is_empty() {
            response.body.push(b'\n');
        }
        response.body.extend_from_slice(line.as_bytes());
    }
    Some((response, at..all))
}

fn fields(text: &str) -> Option<HttpResponse> {
    let mut headers = Vec::new();
    for line in text.lines().take(200) {
        let Some((name, value)) = line.split_once(':') else { continue };
        headers.push((name.trim().trim_start_matches("< ").to_owned(), value.trim().to_owned()));
    }
    let known = headers.first().is_some_and(|(name, _)| FIELDS.contains(&name.to_ascii_lowercase().as_str()));
    // Such fields come with a refusal.
    known.then(|| HttpResponse { status: 401, headers, ..HttpResponse::default() })
}

/// `2000003;reason="...";error_category="..."`.
fn diagnostics(text: &str) -> Option<HttpResponse> {
    let (number, rest) = text.split_once(';')?;
    let is_number = (6..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    (is_number && rest.contains('=')).then(|| HttpResponse {
        status: 401,
        headers: vec![("x-ms-diagnostics".to_owned(), text.to_owned())],
        ..HttpResponse::default()
    })
}

fn body(text: &str) -> Option<HttpResponse> {
    let keys = [
        "error",
        "error_description",
        "error_codes",
        "ErrorCode",
        "schemes",
        "access_token",
        "device_code",
        "Protocol",
        "Url",
        "suberror",
    ];
    let is_json = text.starts_with('{')
        && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|json| {
            let foreign = json.get("error").is_some_and(|error| error.is_object() && !is_error(error));
            let log = foreign
                || json.get("level").is_some()
                || json.get("msg").is_some()
                || json.get("reqId").is_some();
            json.is_object()
                && !log
                && (keys.iter().any(|key| json.get(key).is_some())
                    || json.get("code").is_some() && json.get("message").is_some())
        });
    let is_xml =
        text.starts_with("<?xml") || (text.starts_with('<') && text.ends_with('>') && text.contains("</"));
    (is_json || is_xml || text.starts_with("<Status>")).then(|| HttpResponse {
        status: 0,
        body: text.as_bytes().to_vec(),
        ..HttpResponse::default()
    })
}

/// A status alone, where the protocol is known to be one over HTTP.
fn bare_status(text: &str, protocol: Option<Over>) -> Option<HttpResponse> {
    let web = protocol.is_some_and(|over| over.intersects(Over::HTTP) || over == Over::OAUTH)
        && protocol != Some(Over::ALL);
    let status: u16 = text.trim().parse().ok().filter(|status| web && (200..600).contains(status))?;
    Some(HttpResponse { status, ..HttpResponse::default() })
}

/// JSON or XML of a service within a text: an error object, or an envelope.
fn embedded(text: &str) -> Option<(HttpResponse, Range<usize>)> {
    let text = cut(text, 256 * 1024);
    let number = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count();
    for (open, close) in [
        ("<?xml", '>'),
        ("<s:Envelope", '>'),
        ("<soap:Envelope", '>'),
        ("<Autodiscover", '>'),
        ("<Status>", '>'),
    ] {
        let Some(at) = text.find(open) else { continue };
        let Some(end) = text.rfind(close).filter(|end| *end > at) else { continue };
        let body = text.get(at..=end).unwrap_or_default();
        if body.contains("</") {
            let response = HttpResponse { body: body.as_bytes().to_vec(), ..HttpResponse::default() };
            return Some((response, number(at)..number(end) + 1));
        }
    }
    for (at, _) in text.match_indices('{').take(64) {
        let Some(end) = object_end(text.get(at..).unwrap_or_default()) else { continue };
        let object = text.get(at..at + end).unwrap_or_default();
        let lower = cut(object, 400).to_ascii_lowercase();
        if !["\"error\"", "'error'", "\\\"error\\\"", "\"errorcode\""].iter().any(|key| lower.contains(key)) {
            continue;
        }
        let spellings = [
            object.to_owned(),
            super::clean::unescaped(object).replace('\n', " "),
            object.replace('\'', "\""),
        ];
        for body in spellings {
            let Ok(json) = serde_json::from_str::<serde_json::Value>(&body) else { continue };
            // A log line in JSON is no answer of a service: its error is a sentence with a server's words in it.
            let service =
                json.get("error").is_some_and(|error| is_error(error) || error.as_str().is_some_and(is_word))
                    || json.get("ErrorCode").is_some();
            if service {
                let response = HttpResponse { body: body.into_bytes(), ..HttpResponse::default() };
                return Some((response, number(at)..number(at + end) + 1));
            }
        }
    }
    None
}

/// The error object of a service has a code or a status; a logger's has a class and a trace.
fn is_error(error: &serde_json::Value) -> bool {
    ["code", "status", "errors"].iter().any(|key| error.get(key).is_some())
}

/// `invalid_grant`: the word of an OAuth error.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Where the object that a text begins with ends.
fn object_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().take(64 * 1024) {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn guess(response: &HttpResponse, content: &str, text: &str) -> Over {
    let has = |name: &str| response.header(name).is_some();
    let lower = content.to_ascii_lowercase();
    if has("MS-ASProtocolVersions")
        || has("MS-Server-ActiveSync")
        || has("X-MS-ASThrottle")
        || has("X-MS-Location")
        || matches!(response.status, 449 | 451 | 456 | 457 | 507)
    {
        return Over::ACTIVESYNC;
    }
    let kind = response.header("Content-Type").unwrap_or_default();
    if kind.contains("vnd.ms-sync") || (lower.contains("<status>") && !lower.contains("envelope")) {
        return Over::ACTIVESYNC;
    }
    if lower.contains("autodiscover")
        || lower.contains("\"protocol\"")
        || lower.contains("\"errorcode\"")
        || lower.contains("getusersettings")
        || lower.contains("getfederation")
    {
        return Over::AUTODISCOVER;
    }
    let graph = text.to_ascii_lowercase().contains("graph.microsoft.com")
        || serde_json::from_str::<serde_json::Value>(content).is_ok_and(|json| {
            json.get("error").is_some_and(|error| error.get("code").is_some_and(serde_json::Value::is_string))
        });
    if graph {
        return Over::EWS;
    }
    if lower.starts_with('{') || lower.contains("\"error\"") {
        return Over::OAUTH;
    }
    Over::EWS
}

fn step(response: &HttpResponse, over: Over) -> Option<Step> {
    if over == Over::OAUTH {
        return Some(Step::TokenRequest);
    }
    if response.header("x-ms-diagnostics").is_some() {
        return Some(Step::Login(Kind::Token));
    }
    let refused = response.all("WWW-Authenticate").find(|value| value.contains("error="));
    refused.and_then(kind_in).map(Step::Login).or(Some(Step::Request))
}
