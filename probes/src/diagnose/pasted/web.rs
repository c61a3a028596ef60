//! HTTP answers: whole ones, their header fields alone, and JSON or XML without either.

use super::line::cut;
use super::{Found, kind_in};
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
const REASONS: &[&str] = &[
    "unauthorized",
    "forbidden",
    "not found",
    "bad request",
    "service unavailable",
    "internal server error",
    "bad gateway",
    "gateway timeout",
    "too many requests",
    "method not allowed",
    "found",
    "moved permanently",
    "temporary redirect",
    "insufficient storage",
    "retry after sending a provision command",
    "login timeout",
    "proxy authentication required",
    "length required",
    "not acceptable",
    "gone",
    "unsupported media type",
    "request timeout",
];

pub(super) fn read(text: &str, protocol: Option<Over>) -> Option<Found> {
    let response = whole(text)
        .or_else(|| fields(text))
        .or_else(|| body(text))
        .or_else(|| diagnostics(text))
        .or_else(|| status_in_words(text, protocol))?;
    let content = String::from_utf8_lossy(response.body.get(..4096).unwrap_or(&response.body)).into_owned();
    let over = protocol.unwrap_or_else(|| guess(&response, &content));
    let step = step(&response, over);
    let mut reply = Reply {
        status: response.status.to_string(),
        code: None,
        enhanced: None,
        text: response.reason.clone(),
    };
    if response.status == 0 {
        reply.status.clear();
        cut(text, 300).clone_into(&mut reply.text);
    }
    Some(Found { protocol: over, step, reply, http: Some(response), challenge: None })
}

/// From the last status line on.
fn whole(text: &str) -> Option<HttpResponse> {
    let mut lines: Vec<&str> = text.lines().collect();
    let bare = |line: &str| {
        let line = line.trim();
        ["<~*", "<~", "<-", "<**", "<<", "< ", "S:"]
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .unwrap_or(line)
            .trim()
            .to_owned()
    };
    let is_status = |line: &str| {
        let line = bare(line);
        line.strip_prefix("HTTP/").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let at = lines.iter().rposition(|line| is_status(line))?;
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
    Some(response)
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
    let is_json = text.starts_with('{')
        && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|json| json.is_object());
    let is_xml =
        text.starts_with("<?xml") || (text.starts_with('<') && text.ends_with('>') && text.contains("</"));
    (is_json || is_xml || text.starts_with("<Status>")).then(|| HttpResponse {
        status: 0,
        body: text.as_bytes().to_vec(),
        ..HttpResponse::default()
    })
}

/// `401 Unauthorized`, `HTTP 403`, `status code 449`.
fn status_in_words(text: &str, protocol: Option<Over>) -> Option<HttpResponse> {
    let lower = cut(text, 200).to_ascii_lowercase();
    let web = protocol.is_some_and(|over| over.meets(Over::HTTP) || over == Over::OAUTH)
        && protocol != Some(Over::ALL);
    let number = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let status: u16 = number.parse().ok().filter(|status| (200..600).contains(status))?;
    let rest = lower
        .split_once(number)
        .map(|(_, rest)| rest.trim_matches([' ', ':', '.', ')', '(']))
        .unwrap_or_default();
    let named = lower.starts_with("http")
        || lower.contains("status code")
        || lower.contains("http ")
        || REASONS.contains(&rest);
    let bare = web && lower.trim() == number;
    (named && lower.len() < 200 || bare).then(|| HttpResponse {
        status,
        reason: rest.to_owned(),
        ..HttpResponse::default()
    })
}

fn guess(response: &HttpResponse, content: &str) -> Over {
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
