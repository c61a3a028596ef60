//! Codes without an answer around them: an AADSTS number, an EWS `ResponseCode`, an OAuth error, an ActiveSync
//! status.

use super::Found;
use crate::diagnose::{Over, Step};
use crate::model::{HttpResponse, Reply};

/// Reads a short text as a code, or as a sentence that begins with one.
pub(super) fn read(text: &str, protocol: Option<Over>) -> Option<Found> {
    let may = |over: Over| protocol.is_none_or(|protocol| protocol.meets(over));
    let found = |protocol: Over, step: Option<Step>, code: Option<&str>, words: &str| Found {
        protocol,
        step,
        reply: Reply {
            status: String::new(),
            code: code.map(str::to_owned),
            enhanced: None,
            text: words.to_owned(),
        },
        http: None,
        challenge: None,
    };
    if let Some(found) = may(Over::OAUTH).then(|| oauth(text, protocol)).flatten() {
        return Some(found);
    }
    let is_line =
        text.starts_with(['*', '+', '-']) || text.bytes().next().is_some_and(|b| b.is_ascii_digit());
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).take(400);
    if let Some(code) = words.find(|word| is_response_code(word)).filter(|_| may(Over::EWS) && !is_line) {
        return Some(found(Over::EWS, None, Some(code), text));
    }
    if may(Over::ACTIVESYNC) {
        let lower = text.to_ascii_lowercase();
        let bare = text.bytes().all(|b| b.is_ascii_digit()) && protocol == Some(Over::ACTIVESYNC);
        let named =
            ["activesync", "eas ", "status"].iter().any(|word| lower.contains(word)) && text.len() < 200;
        let number = lower
            .split(|c: char| !c.is_ascii_digit())
            .find(|number| (3..=3).contains(&number.len()) && number.starts_with('1'));
        if let Some(number) = number.filter(|_| (bare || named) && !lower.contains("http")) {
            return Some(found(Over::ACTIVESYNC, None, Some(number), text));
        }
    }
    None
}

/// `ErrorAccessDenied`: a word in the manner of the service's codes.
fn is_response_code(word: &str) -> bool {
    word.len() >= 9
        && word.len() <= 80
        && word.strip_prefix("Error").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        && word.bytes().all(|b| b.is_ascii_alphabetic())
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
    let lower = text.to_ascii_lowercase();
    let line = text.starts_with(['*', '+', '-', '{', '<']);
    let aadsts = lower.contains("aadsts") && !line;
    let number = text
        .split([':', ' '])
        .next()
        .filter(|number| (5..=7).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()));
    let number = number.filter(|_| protocol == Some(Over::OAUTH) || lower.len() < 8);
    let word = ERRORS.iter().find(|error| lower.contains(*error)).filter(|_| !line);
    if !aadsts && number.is_none() && word.is_none() {
        return None;
    }
    let mut words = text.replace('+', " ").replace("%20", " ");
    if let Some(number) = number.filter(|_| !aadsts) {
        words = format!("AADSTS{words}");
        // Of the numbers of x-ms-diagnostics none is an AADSTS number.
        if (number.starts_with("20000") || number.starts_with("40000")) && number.len() == 7 {
            return Some(Found {
                protocol: Over::EWS,
                step: Some(Step::Login(crate::model::Kind::Token)),
                reply: Reply {
                    status: String::new(),
                    code: Some(number.to_owned()),
                    enhanced: None,
                    text: text.to_owned(),
                },
                http: None,
                challenge: None,
            });
        }
    }
    let body = serde_json::json!({ "error": word, "error_description": words }).to_string();
    let reply = Reply { status: String::new(), code: None, enhanced: None, text: text.to_owned() };
    let http = HttpResponse { status: 0, body: body.into_bytes(), ..HttpResponse::default() };
    Some(Found {
        protocol: Over::OAUTH,
        step: Some(Step::TokenRequest),
        reply,
        http: Some(http),
        challenge: None,
    })
}
