//! Codes without an answer around them: an AADSTS number, an EWS `ResponseCode`, an OAuth error, an ActiveSync
//! status.

use super::reply::cut;
use super::{Found, Weight};
use crate::diagnose::{Over, Step, signin_names};
use crate::model::{HttpResponse, Reply};

/// Reads a line as a code, or as a sentence that holds one.
pub(super) fn read(line: &str, protocol: Option<Over>, graph: bool) -> Option<Found> {
    let may = |over: Over| protocol.is_none_or(|protocol| protocol.intersects(over));
    if let Some(found) = may(Over::OAUTH).then(|| oauth(line, protocol)).flatten() {
        return Some(found);
    }
    let is_line = line.starts_with(['*', '+', '-'])
        || line.bytes().next().is_some_and(|b| b.is_ascii_digit()) && !line.contains('{');
    if may(Over::EWS)
        && !is_line
        && let Some(found) = service(line, graph)
    {
        return Some(found);
    }
    may(Over::ACTIVESYNC).then(|| activesync(line, protocol)).flatten()
}

/// The code of an answer of EWS or of Graph that a rule knows.
fn service(line: &str, graph: bool) -> Option<Found> {
    let mut words = cut(line, 4096).split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).take(600);
    let located = line.to_ascii_lowercase().contains("autodiscover");
    let code = words.find(|word| {
        is_response_code(word)
            && (is_known(word, "ews:")
                || is_known(word, "oauth:")
                || located && is_known(word, "autodiscover:"))
    })?;
    let lower = line.to_ascii_lowercase();
    let graph = graph
        || !code.starts_with("Error")
        || lower.contains("'code'")
        || lower.contains("\"code\"")
        || lower.contains("code=");
    let text = line.get(line.find(code).unwrap_or(0)..).unwrap_or(line);
    let text = super::quote::trimmed(text);
    let reply =
        Reply { status: String::new(), code: Some(code.to_owned()), enhanced: None, text: text.to_owned() };
    let quote = Some(text.to_owned());
    let body = serde_json::json!({ "error": { "code": code, "message": text } }).to_string();
    let found_by_place = located && !is_known(code, "ews:") && !is_known(code, "oauth:");
    let over = if found_by_place { Over::AUTODISCOVER } else { Over::EWS };
    let graph = graph && !found_by_place;
    let http = graph.then(|| HttpResponse { status: 0, body: body.into_bytes(), ..HttpResponse::default() });
    let step = graph.then_some(Step::Login(crate::model::Kind::Token));
    Some(Found { step, http, quote, ..Found::new(over, reply, Weight::Reply, 0) })
}

fn activesync(line: &str, protocol: Option<Over>) -> Option<Found> {
    let lower = line.to_ascii_lowercase();
    if lower.contains("provisioningrequiredexception") || lower.contains("after sending a provision command")
    {
        let reply = Reply {
            status: String::new(),
            code: Some("142".to_owned()),
            enhanced: None,
            text: line.to_owned(),
        };
        return Some(Found {
            quote: Some(line.to_owned()),
            ..Found::new(Over::ACTIVESYNC, reply, Weight::Reply, 0)
        });
    }
    if lower.contains("not a mobilesync responseschema") {
        let reply = Reply { status: String::new(), code: None, enhanced: None, text: line.to_owned() };
        return Some(Found {
            quote: Some(line.to_owned()),
            ..Found::new(Over::ACTIVESYNC, reply, Weight::Reply, 0)
        });
    }
    if lower.contains("authenticationrequiredexception") {
        let http = HttpResponse { status: 401, ..HttpResponse::default() };
        let reply = Reply { status: "401".to_owned(), code: None, enhanced: None, text: String::new() };
        return Some(Found {
            http: Some(http),
            quote: Some(line.to_owned()),
            ..Found::new(Over::ACTIVESYNC, reply, Weight::Code, 0)
        });
    }
    let bare = line.bytes().all(|b| b.is_ascii_digit()) && protocol == Some(Over::ACTIVESYNC);
    let named = ["activesync", "eas ", "status"].iter().any(|word| lower.contains(word)) && line.len() < 2000;
    let number = lower
        .split(|c: char| !c.is_ascii_digit())
        .find(|number| number.len() == 3 && number.starts_with('1'))?;
    let coded = bare
        || named
            && ["status", "code", "error", "activesync"].iter().any(|word| {
                lower.split(number).next().is_some_and(|before| {
                    before.trim_end_matches([' ', ':', '=', '(', '>', '<', '"', '\'']).ends_with(word)
                })
            });
    if !coded || lower.contains("http") {
        return None;
    }
    let reply =
        Reply { status: String::new(), code: Some(number.to_owned()), enhanced: None, text: line.to_owned() };
    Some(Found { quote: Some(line.to_owned()), ..Found::new(Over::ACTIVESYNC, reply, Weight::Reply, 0) })
}

/// Whether a rule has a code of a service.
fn is_known(word: &str, kind: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let mut rules = crate::diagnose::CATALOGUES.iter().copied().flatten();
    rules.any(|rule| {
        rule.codes
            .iter()
            .chain(rule.with)
            .any(|code| code.strip_prefix(kind).is_some_and(|code| code == word))
    })
}

/// `ErrorAccessDenied`: a word in the manner of the service's codes.
fn is_response_code(word: &str) -> bool {
    word.len() >= 9
        && word.len() <= 80
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().skip(1).any(|b| b.is_ascii_uppercase())
        && word.bytes().any(|b| b.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

const ERRORS: &[&str] = &[
    "invalid_grant",
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "invalid_resource",
    "invalid_target",
    "invalid_token",
    "insufficient_scope",
    "unauthorized_client",
    "access_denied",
    "unsupported_grant_type",
    "unsupported_response_type",
    "server_error",
    "temporarily_unavailable",
    "interaction_required",
    "consent_required",
    "login_required",
    "authorization_pending",
    "authorization_declined",
    "slow_down",
    "expired_token",
    "bad_verification_code",
    "admin_policy_enforced",
    "org_internal",
    "disallowed_useragent",
    "deleted_client",
    "disabled_client",
    "redirect_uri_mismatch",
    "invalid_client_id",
    "mfa_required",
    "rate_limit_exceeded",
    "account_selection_required",
    "origin_mismatch",
];

/// An AADSTS sentence, an OAuth error in words, or the query of a redirect.
fn oauth(text: &str, protocol: Option<Over>) -> Option<Found> {
    let text = cut(text, 8192);
    let lower = text.to_ascii_lowercase();
    let line = text.starts_with(['*', '+', '-', '<']) && !lower.contains("aadsts");
    let spelled = spelled(text);
    let number = text
        .split([':', ' '])
        .next()
        .filter(|number| (5..=7).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()));
    let number = number
        .filter(|_| protocol == Some(Over::OAUTH) || lower.len() < 8)
        .or_else(|| portal(text))
        .or_else(|| signin_names::number_in(text));
    let word = ERRORS.iter().find(|error| is_whole(&lower, error)).filter(|_| !line);
    if spelled.is_none() && number.is_none() && word.is_none() {
        return None;
    }
    let mut words = spelled.clone().unwrap_or_else(|| text.to_owned());
    if lower.contains("error_description=") || lower.contains("%20") {
        words = words.replace('+', " ").replace("%20", " ");
    }
    if let Some(number) = number.filter(|_| spelled.is_none()) {
        words = format!("AADSTS{number}: {text}");
        // Of the numbers of x-ms-diagnostics none is an AADSTS number.
        if (number.starts_with("20000") || number.starts_with("40000")) && number.len() == 7 {
            let reply = Reply {
                status: String::new(),
                code: Some(number.to_owned()),
                enhanced: None,
                text: text.to_owned(),
            };
            return Some(Found {
                step: Some(Step::Login(crate::model::Kind::Token)),
                ..Found::new(Over::EWS, reply, Weight::Reply, 0)
            });
        }
    }
    let body = serde_json::json!({ "error": word, "error_description": words }).to_string();
    let quote = quote(text);
    let reply = Reply { status: String::new(), code: None, enhanced: None, text: quote.clone() };
    let http = HttpResponse { status: 0, body: body.into_bytes(), ..HttpResponse::default() };
    Some(Found {
        step: Some(Step::TokenRequest),
        http: Some(http),
        quote: Some(quote),
        ..Found::new(Over::OAUTH, reply, Weight::Reply, 0)
    })
}

/// The text with its AADSTS numbers in one spelling: people type `ADDSTS50020`, `AADSTS 50020` and `AADST50020`.
fn spelled(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let mut words = String::with_capacity(text.len());
    let mut rest = 0;
    let mut any = false;
    for (at, _) in upper.match_indices("ST") {
        let letters = upper.get(..at).unwrap_or_default();
        let start = letters.rfind(|c: char| !matches!(c, 'A' | 'D')).map_or(0, |at| {
            at + letters.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let name = letters.get(start..).unwrap_or_default();
        if start < rest || !(2..=4).contains(&name.len()) || !name.starts_with('A') || !name.contains('D') {
            continue;
        }
        let behind = upper.get(at + 2..).unwrap_or_default();
        let behind = behind.strip_prefix('S').unwrap_or(behind);
        let gap = behind.len() - behind.trim_start_matches([' ', ':', '-', '_']).len();
        let digits = behind.get(gap..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
        if gap > 2 || !(5..=7).contains(&digits) {
            continue;
        }
        let number = upper.len() - behind.len() + gap;
        words.push_str(text.get(rest..start).unwrap_or_default());
        words.push_str("AADSTS");
        words.push_str(text.get(number..number + digits).unwrap_or_default());
        rest = number + digits;
        any = true;
    }
    words.push_str(text.get(rest..).unwrap_or_default());
    any.then_some(words)
}

/// `Sign-in error code 50126`, `Error Code: 53003`, `サインイン エラー コード 50126`: a number under its label in a portal.
fn portal(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let labels = [
        "error code",
        "エラー コード",
        "エラーコード",
        "fehlercode",
        "code d'erreur",
        "código de error",
        "código de erro",
        "错误代码",
        "codice errore",
    ];
    let end = labels
        .iter()
        .filter_map(|label| lower.find(label).map(|at| at + label.len()))
        .min()
        .filter(|_| lower.len() == text.len())?;
    let rest = text.get(end..)?.trim_start_matches([' ', ':', '(', '#', '：', '|', '\t']);
    let number = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let likely = number.starts_with(['5', '6', '7', '9', '1']) || is_known(number, "aadsts:");
    ((5..=7).contains(&number.len()) && likely).then_some(number)
}

/// Whether a word stands for itself: `invalid_token` is none in `invalid_token_type`.
fn is_whole(lower: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !(c.is_ascii_alphanumeric() || c == '_'));
    lower.match_indices(word).any(|(at, _)| {
        edge(lower.get(..at).and_then(|before| before.chars().next_back()))
            && edge(lower.get(at + word.len()..).and_then(|behind| behind.chars().next()))
    })
}

/// From the number or the word on, without the ids behind it.
fn quote(text: &str) -> String {
    let upper = text.to_ascii_uppercase();
    let start = upper.find("AADSTS").or_else(|| upper.find("ADDSTS")).unwrap_or(0);
    let end = [" Trace ID:", "Trace ID:", "\r\nTrace", "\nTrace"]
        .iter()
        .filter_map(|mark| text.find(mark))
        .filter(|at| *at > start)
        .min()
        .unwrap_or(text.len());
    super::quote::trimmed(text.get(start..end).unwrap_or(text)).to_owned()
}
