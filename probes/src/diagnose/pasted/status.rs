//! An HTTP status as libraries print it: in words, in brackets, behind `status code`.

use super::context::kind_in;
use super::quote::trimmed;
use super::reply::{REFUSALS, cut};
use super::{Found, Weight};
use crate::diagnose::{Over, Step};
use crate::model::{HttpResponse, Reply};

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

/// Whether words are a reason phrase of HTTP, alone or before more.
pub(super) fn is_reason(words: &str) -> bool {
    let lower = cut(words, 80).to_ascii_lowercase();
    let lower = lower.trim_start_matches([' ', ':', '.', ')', '(', '-', '"', '\'']);
    REASONS.iter().any(|reason| {
        lower
            .strip_prefix(reason)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()) && !rest.starts_with(';'))
    })
}

/// What stands before a status, in lower case.
const NAMED: &[&str] = &[
    "status code",
    "statuscode",
    "status",
    "http",
    "httpcode",
    "http error",
    "http server error",
    "http status",
    "response code",
    "responsecode",
    "status of",
    "redirect",
    "indicate success",
    "http code",
    "http response",
    "error",
    "code",
    "http/1.1",
    "returned",
];

/// `401 Unauthorized`, `(401) Unauthorized`, `HTTP 403`, `status code 449`, `401 Client Error`, in one line.
pub(super) fn line(said: &str, protocol: Option<Over>) -> Option<Found> {
    if protocol.is_some_and(|over| !over.intersects(Over::HTTP) && over != Over::OAUTH) {
        return None;
    }
    let line = cut(said, 2000);
    let lower = line.to_ascii_lowercase();
    let library = ["invalid credentials for https://", "wrong username or password for https://"]
        .iter()
        .any(|words| lower.contains(words));
    let status = if library { Some((401, 0)) } else { status_in(&lower) };
    let (status, at) = status?;
    let rest = lower
        .get(at + 3..)
        .unwrap_or_default()
        .trim_start_matches([' ', ':', '.', ')', '(', '-', '"', '\'', ',']);
    let reason = REASONS.iter().find(|reason| rest.starts_with(**reason)).copied().unwrap_or_default();
    // A message that the library quotes is the service's.
    let message = ["returned \"", "error message:", "message:", "message=", "\"message\":", "reason:"]
        .iter()
        .filter_map(|mark| lower.find(mark).map(|at| at + mark.len()))
        .max()
        .and_then(|at| line.get(at..))
        .map(|words| trimmed(words.trim().trim_matches(['\'', '"'])).to_owned());
    let message = message.filter(|words| !is_reason(words));
    let body = message.clone().unwrap_or_default().into_bytes();
    let response = HttpResponse { status, reason: reason.to_owned(), body, ..HttpResponse::default() };
    let reply = Reply {
        status: status.to_string(),
        code: None,
        enhanced: None,
        text: message.unwrap_or_else(|| reason.to_owned()),
    };
    let kind = kind_in(line).map(Step::Login);
    let step = kind.or((status != 401).then_some(Step::Unknown));
    let quote = Some(trimmed(line).to_owned());
    Some(Found {
        step,
        http: Some(response),
        quote,
        ..Found::new(protocol.unwrap_or(Over::HTTP), reply, Weight::Code, 0)
    })
}

/// The status in a line in lower case, and where it stands.
fn status_in(lower: &str) -> Option<(u16, usize)> {
    let bytes = lower.as_bytes();
    for at in 0..bytes.len().saturating_sub(2) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let begins = before
            .is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'-' | b'_' | b'@' | b'/'));
        let Some(digits) =
            lower.get(at..at + 3).filter(|digits| begins && digits.bytes().all(|b| b.is_ascii_digit()))
        else {
            continue;
        };
        let behind = lower.get(at + 3..).unwrap_or_default();
        if behind.starts_with(|c: char| c.is_ascii_alphanumeric())
            || behind.starts_with(['-', '/'])
            || behind.starts_with(". ") && behind.len() < 2
        {
            continue;
        }
        let Some(status) = digits.parse::<u16>().ok().filter(|status| (300..600).contains(status)) else {
            continue;
        };
        let head =
            lower.get(..at).unwrap_or_default().trim_end_matches([' ', ':', '=', '(', '\'', '"', '[', ',']);
        let named = NAMED.iter().any(|name| head.ends_with(name));
        let of_http = head.ends_with("http")
            || head.contains("http")
            || head.contains("status")
            || head.ends_with("redirect");
        let alone = head.is_empty();
        let after = behind.trim_start();
        let reasoned = is_reason(behind)
            || after.starts_with("client error")
            || after.starts_with("server error")
            || (after.starts_with("error") || after.is_empty()) && alone && !REFUSALS.contains(&status);
        let smtp = REFUSALS.contains(&status);
        if reasoned || named && (of_http || !smtp) {
            return Some((status, at));
        }
    }
    None
}
