//! What an answer offers to the rules: one text in lower case, and codes from the most telling to the least.
//!
//! A code has its kind before it: `aadsts:50126`, `ews:erroraccessdenied`, `http:403`, `imap:webalert`,
//! `enhanced:5.7.139`, `smtp:535`. Bounded: nothing here grows with more than the first part of an answer.

use super::{Answer, Over, httpsigns};
use crate::model::HttpResponse;

/// Most of a text that is searched, in octets.
pub(super) const TEXT_LIMIT: usize = 16 * 1024;
const CODES_LIMIT: usize = 32;

/// How an answer goes, as far as its protocol says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Yes,
    No,
    Bye,
    /// A continuation, a list, or something else that decides nothing.
    Aside,
}

#[derive(Debug)]
pub(super) struct Signs {
    pub(super) text: String,
    /// Codes of a catalogue: they say more than any sentence beside them.
    pub(super) telling: Vec<String>,
    /// Codes of a protocol: the sentence comes first.
    pub(super) broad: Vec<String>,
    pub(super) way: Way,
}

impl Signs {
    pub(super) fn say(&mut self, text: &str) {
        let room = TEXT_LIMIT.saturating_sub(self.text.len());
        // Almost every answer is ASCII, of which a letter is an octet before and after.
        if text.is_ascii() {
            self.text.push_str(&text.get(..room).unwrap_or(text).to_ascii_lowercase());
            self.text.push('\n');
            return;
        }
        self.text.extend(text.chars().flat_map(char::to_lowercase).take(room));
        self.text.push('\n');
    }

    pub(super) fn tell(&mut self, kind: &str, code: &str) {
        push(&mut self.telling, kind, code);
    }

    pub(super) fn hint(&mut self, kind: &str, code: &str) {
        push(&mut self.broad, kind, code);
    }
}

fn push(codes: &mut Vec<String>, kind: &str, code: &str) {
    if codes.len() < CODES_LIMIT && !code.is_empty() && code.len() <= 128 {
        codes.push(format!("{kind}:{}", code.to_ascii_lowercase()));
    }
}

/// The signs of an answer.
pub(super) fn of(answer: &Answer<'_>) -> Signs {
    let mut signs = Signs { text: String::new(), telling: Vec::new(), broad: Vec::new(), way: Way::No };
    if let Some(response) = answer.http {
        httpsigns::read(response, answer, &mut signs);
    }
    let reply = answer.reply;
    if answer.http.is_none_or(|response| {
        !is_status_in_words(&reply.text, &response.reason)
            && !is_said(&reply.text, response)
            && !is_wordless(response)
    }) {
        signs.say(&reply.text);
    }
    if let Some(code) = &reply.code {
        signs.say(code);
    }
    if answer.http.is_none() {
        signs.way = way(&reply.status);
    }
    if let Some(challenge) = answer.challenge {
        challenge_codes(challenge, &mut signs);
    }
    // The last is the innermost: `AADSTS70002: Error validating credentials. AADSTS70008: ...`.
    let numbers = aadsts(&signs.text).into_iter().map(|number| format!("aadsts:{number}"));
    signs.telling.splice(0..0, numbers);
    reply_codes(answer, &mut signs);
    signs
}

/// Whether a text is the reason phrase alone, which mostly repeats the status ("Service Unavailable"), or with what a
/// service's reading says of that status in brackets: the server said neither.
fn is_status_in_words(text: &str, reason: &str) -> bool {
    let rest = text.strip_prefix(reason);
    is_phrase(reason) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// Whether a text with a meaning of ours in brackets repeats what the answer's own content or diagnostics say, which are
/// read by themselves.
fn is_said(text: &str, response: &HttpResponse) -> bool {
    let Some((own, _)) = text.rsplit_once(" (").filter(|(own, _)| !own.is_empty()) else { return false };
    let content = response.body.get(..TEXT_LIMIT).unwrap_or(&response.body);
    String::from_utf8_lossy(content).contains(own)
        || response.all("x-ms-diagnostics").any(|value| value.contains(own))
}

/// Whether an answer came without a phrase and without content: the words beside it are a reading's own.
fn is_wordless(response: &HttpResponse) -> bool {
    response.status > 0 && response.reason.trim().is_empty() && response.body.is_empty()
}

/// Whether a reason phrase is one of the registered ones or like them: a few plain words.
fn is_phrase(reason: &str) -> bool {
    let words = reason.split(' ').count();
    words <= 5 && reason.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ' || b == b'-')
}

fn way(status: &str) -> Way {
    match status.to_ascii_uppercase().as_str() {
        "OK" | "+OK" | "PREAUTH" => Way::Yes,
        "BYE" | "421" => Way::Bye,
        "+" | "334" | "354" | "CAPABILITY" | "ASIDE" => Way::Aside,
        number if number.len() == 3 && number.starts_with('2') => Way::Yes,
        _ => Way::No,
    }
}

fn reply_codes(answer: &Answer<'_>, signs: &mut Signs) {
    let reply = answer.reply;
    let code = reply.code.as_deref().unwrap_or_default().split(' ').next().unwrap_or_default();
    if Over::LINES.intersects(answer.protocol) || answer.protocol == Over::ALL {
        signs.hint("code", code);
    }
    if reply.status.eq_ignore_ascii_case("PREAUTH") {
        signs.hint("status", "preauth");
    }
    // A service's own code, as its reading of an answer names it.
    if Over::EWS.intersects(answer.protocol) {
        signs.tell("ews", code);
    }
    if Over::ACTIVESYNC.intersects(answer.protocol)
        && !code.is_empty()
        && code.bytes().all(|b| b.is_ascii_digit())
    {
        signs.tell("eas", code);
    }
    if Over::AUTODISCOVER.intersects(answer.protocol) {
        signs.tell("autodiscover", code);
    }
    if Over::OAUTH.intersects(answer.protocol) {
        signs.tell("oauth", code);
    }
    if code.len() == 7 && code.bytes().all(|b| b.is_ascii_digit()) {
        signs.tell("diag", code);
    }
    let broad = matches!(reply.enhanced.as_deref(), Some("5.7.0" | "5.7.1" | "5.0.0" | "5.5.0" | "5.3.0"));
    // 535 is about credentials (RFC 4954 section 6), X.7.1 about a right to send: the narrower of the two comes first.
    if broad && reply.status == "535" && answer.http.is_none() {
        signs.hint("reply", &reply.status);
    }
    signs.hint("enhanced", reply.enhanced.as_deref().unwrap_or_default());
    let kind =
        if answer.http.is_some() || !Over::LINES.intersects(answer.protocol) { "http" } else { "reply" };
    signs.hint(kind, &reply.status);
    let class = reply.enhanced.as_deref().and_then(|code| code.split('.').next());
    signs.hint("class", class.unwrap_or_default());
}

/// The error report of RFC 7628 section 3.2.2 and of XOAUTH2: JSON with a status, which is a number at some
/// servers and a word at others.
fn challenge_codes(challenge: &str, signs: &mut Signs) {
    signs.hint("challenge", "error-report");
    let Ok(json) = serde_json::from_str::<serde_json::Value>(challenge) else {
        signs.say(challenge);
        return;
    };
    let status = status_in(&json);
    let named = status.bytes().any(|b| b.is_ascii_alphabetic());
    if named {
        signs.tell("sasl", &status);
    } else {
        signs.hint("sasl", &status);
    }
    for key in ["error_description", "error", "message"] {
        if let Some(text) = json.get(key).and_then(serde_json::Value::as_str) {
            signs.say(text);
        }
    }
}

/// The status in an error report, a number of HTTP or a word; `None` where the report is no JSON.
pub(super) fn challenge_status(challenge: &str) -> Option<String> {
    Some(status_in(&serde_json::from_str(challenge).ok()?))
}

fn status_in(json: &serde_json::Value) -> String {
    match json.get("status") {
        Some(serde_json::Value::String(status)) => status.clone(),
        Some(serde_json::Value::Number(status)) => status.to_string(),
        _ => json.get("error").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
    }
}

/// The numbers behind `AADSTS` in a text, last first.
fn aadsts(text: &str) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for (at, mark) in text.match_indices("aadsts").take(8) {
        let digits = text.get(at + mark.len()..).unwrap_or_default().trim_start_matches([' ', ':']);
        let digits: String = digits.chars().take_while(char::is_ascii_digit).take(12).collect();
        if !digits.is_empty() && !numbers.contains(&digits) {
            numbers.push(digits);
        }
    }
    numbers.reverse();
    numbers
}
