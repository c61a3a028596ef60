//! What a token endpoint answers (RFC 6749 section 5, RFC 8628 section 3.2): a token, or an error that is diagnosed.
//!
//! The answer is bounded before it comes here; what is no JSON object is never shown, because it may repeat what was
//! sent.

use jiff::fmt::rfc2822::DateTimeParser;
use mailprobe_probes::diagnose::{Answer, Over, Step, diagnose};
use mailprobe_probes::model::{HttpResponse, Reply, Secret, harmless};
use mailprobe_probes::wire::Redactor;
use serde::Deserialize;

use super::talk::now;
use super::trouble::{Refusal, TokenTrouble};

/// Octets of an answer that are read: Entra's have four thousand.
pub(super) const MOST: usize = 128 * 1024;
/// Characters of an issuer's sentence that are shown.
const SHOWN: usize = 400;
/// Lifetime of a token whose issuer does not tell it, seconds.
const UNTOLD: u64 = 300;
/// Longest lifetime that is believed, seconds.
const LONGEST_LIFE: u64 = 30 * 24 * 3600;
/// A difference of clocks that matters, seconds: Entra and Exchange allow five minutes.
const SKEW: i64 = 300;

/// A token as it was given.
pub(super) struct Granted {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    /// Seconds that it is good for.
    pub(super) expires_in: u64,
}

/// The start of a device sign-in.
#[derive(Deserialize)]
pub(super) struct DeviceStart {
    pub(super) device_code: String,
    pub(super) user_code: String,
    #[serde(alias = "verification_url")]
    pub(super) verification_uri: String,
    #[serde(default)]
    pub(super) expires_in: Option<u64>,
    #[serde(default)]
    pub(super) interval: Option<u64>,
}

#[derive(Deserialize)]
struct Raw {
    access_token: Option<String>,
    token_type: Option<String>,
    refresh_token: Option<String>,
    // Some write the number as text.
    expires_in: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct RawError {
    error: serde_json::Value,
    error_description: Option<String>,
}

/// Reads what should be a token; `sent` knows the secrets of the request.
pub(super) fn granted(answer: &HttpResponse, sent: &Redactor) -> Result<Granted, TokenTrouble> {
    let body = object(answer, sent)?;
    let raw: Raw = serde_json::from_slice(body).map_err(|_| odd("what it says of a token is malformed"))?;
    let Some(access_token) = raw.access_token.filter(|token| !token.is_empty()) else {
        return Err(odd("it answers without an access token"));
    };
    if access_token.len() > 64 * 1024 || access_token.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(odd("its access token is longer than 64 KiB or holds a space"));
    }
    if let Some(kind) = raw.token_type.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        let kind: String = harmless(kind.as_bytes()).chars().take(40).collect();
        return Err(odd(&format!("its token is of type {kind}, and mail servers take Bearer alone")));
    }
    let told = raw.expires_in.and_then(|value| match value {
        serde_json::Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    });
    Ok(Granted {
        access_token: Secret::new(access_token),
        refresh_token: raw.refresh_token.filter(|token| !token.is_empty()).map(Secret::new),
        expires_in: told.unwrap_or(UNTOLD).min(LONGEST_LIFE),
    })
}

/// Reads what should be the start of a device sign-in.
pub(super) fn device_start(answer: &HttpResponse, sent: &Redactor) -> Result<DeviceStart, TokenTrouble> {
    let start: DeviceStart = serde_json::from_slice(object(answer, sent)?)
        .map_err(|_| odd("what it says of a device code is malformed"))?;
    let plain = |text: &str| text.len() <= 512 && !text.chars().any(char::is_control);
    if !plain(&start.user_code) || !plain(&start.verification_uri) || start.device_code.len() > 8192 {
        return Err(odd("its device code is too long or holds control characters"));
    }
    if !start.verification_uri.starts_with("https://") {
        return Err(odd("it sends people to a place without TLS"));
    }
    Ok(start)
}

/// The body of a good answer, which is JSON; everything else is a trouble.
fn object<'a>(answer: &'a HttpResponse, sent: &Redactor) -> Result<&'a [u8], TokenTrouble> {
    if answer.cut {
        return Err(odd(&format!("it answers with more than {} KiB, which is no token", MOST / 1024)));
    }
    if (300..400).contains(&answer.status) {
        let host = answer.header("location").and_then(|place| url::Url::parse(place).ok());
        let host = host.and_then(|url| url.host_str().map(|host| harmless(host.as_bytes())));
        let place = host.map_or_else(String::new, |host| format!(" to {host}"));
        return Err(odd(&format!(
            "it redirects{place} ({}), and credentials go nowhere but where its configuration says",
            answer.status
        )));
    }
    let is_object = matches!(serde_json::from_slice(&answer.body), Ok(serde_json::Value::Object(_)));
    if !is_object {
        let kind = answer.header("content-type").map_or_else(String::new, |kind| {
            let kind: String = harmless(kind.as_bytes()).chars().take(60).collect();
            format!(" ({kind})")
        });
        let html = answer.body.trim_ascii_start().first() == Some(&b'<');
        let what = if html { "HTML" } else { "something that is no JSON" };
        return Err(odd(&format!("it answers {} with {what}{kind} in place of a token", answer.status)));
    }
    if answer.status == 200 && !answer.body.is_empty() && !has_error(&answer.body) {
        return Ok(&answer.body);
    }
    Err(refused(answer, sent))
}

fn has_error(body: &[u8]) -> bool {
    serde_json::from_slice::<RawError>(body).is_ok()
}

fn refused(answer: &HttpResponse, sent: &Redactor) -> TokenTrouble {
    let Ok(raw) = serde_json::from_slice::<RawError>(&answer.body) else {
        return odd(&format!("it answers {} without an error that OAuth knows", answer.status));
    };
    // Graph writes an object where OAuth has a word.
    let error = raw
        .error
        .as_str()
        .map_or_else(|| raw.error.get("code").map(ToString::to_string).unwrap_or_default(), str::to_owned);
    let description = raw.error_description.unwrap_or_default();
    let mut refusal = refusal(answer.status, &error, &description, Some(answer), sent);
    if let Some(ahead) = clock_ahead(answer) {
        refusal.advice.push(clock_advice(ahead));
    }
    TokenTrouble::Refused(Box::new(refusal))
}

/// An error in its two words, diagnosed.
pub(super) fn refusal(
    status: u16,
    error: &str,
    description: &str,
    http: Option<&HttpResponse>,
    sent: &Redactor,
) -> Refusal {
    let clean = |text: &str| {
        let text = sent.scrub_str(text).unwrap_or_else(|| text.to_owned());
        let line = text.split(['\r', '\n']).next().unwrap_or_default();
        harmless(line.as_bytes()).chars().take(SHOWN).collect::<String>()
    };
    let reply = Reply {
        status: status.to_string(),
        code: Some(error.to_owned()),
        enhanced: None,
        text: description.to_owned(),
    };
    let answer = Answer { http, ..Answer::new(Over::OAUTH, Step::TokenRequest, &reply) };
    Refusal {
        status,
        error: clean(error),
        description: clean(description),
        diagnosis: diagnose(&answer),
        advice: Vec::new(),
    }
}

/// How far this machine's clock is ahead of the issuer's, where that matters.
pub(super) fn clock_ahead(answer: &HttpResponse) -> Option<i64> {
    // A server with a wrong weekday has a clock all the same.
    let parser = DateTimeParser::new().relaxed_weekday(true);
    let theirs = parser.parse_timestamp(answer.header("date")?).ok()?;
    let ahead = now() - theirs.as_second();
    (ahead.abs() > SKEW).then_some(ahead)
}

/// What to say of such a clock.
pub(super) fn clock_advice(ahead: i64) -> String {
    let (minutes, way) = (ahead.abs() / 60, if ahead > 0 { "ahead of" } else { "behind" });
    format!("This machine's clock is {minutes} minutes {way} the issuer's: set it right.")
}

fn odd(why: &str) -> TokenTrouble {
    TokenTrouble::Failed(format!("the issuer gave no token: {why}"))
}

#[cfg(test)]
mod tests {
    use jiff::fmt::rfc2822::DateTimePrinter;
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    fn answer(status: u16, body: &str) -> HttpResponse {
        HttpResponse { status, body: body.as_bytes().to_vec(), ..HttpResponse::default() }
    }

    fn trouble(answer: &HttpResponse) -> String {
        let mut sent = Redactor::default();
        sent.learn(b"hunter2-secret");
        granted(answer, &sent).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_token_is_read_with_its_life_as_number_or_text_and_a_default() {
        for (life, seconds) in [("3599", 3599), ("\"60\"", 60), ("null", 300), ("99999999999", LONGEST_LIFE)]
        {
            let body = format!("{{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":{life}}}");
            let granted =
                granted(&answer(200, &body), &Redactor::default()).unwrap_or_else(|why| panic!("{why}"));
            assert_eq!((granted.access_token.expose(), granted.expires_in), (&b"a"[..], seconds));
        }
    }

    #[test]
    fn what_is_no_token_is_said_in_words() {
        for (answer, words) in [
            (answer(200, "<!doctype html><h1>Sign in"), "answers 200 with HTML in place of a token"),
            (answer(200, "[]"), "no JSON"),
            (answer(200, "{}"), "without an access token"),
            (answer(500, "{}"), "answers 500 without an error that OAuth knows"),
            (answer(200, "{\"access_token\":\"a b\"}"), "holds a space"),
            (answer(200, "{\"access_token\":\"a\",\"token_type\":\"DPoP\"}"), "of type DPoP"),
            (HttpResponse { cut: true, ..answer(200, "{}") }, "more than 128 KiB"),
            (
                HttpResponse {
                    headers: vec![("Location".into(), "https://evil.example/x?y".into())],
                    ..answer(302, "")
                },
                "redirects to evil.example (302)",
            ),
        ] {
            let message = trouble(&answer);
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn an_error_is_diagnosed_and_what_it_repeats_of_the_request_is_taken_out() {
        let body = "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: The provided client secret keys \
                    for app are expired: hunter2-secret\\r\\nTrace ID: 1\"}";
        let message = trouble(&answer(401, body));
        assert!(
            message.contains("[app-credential-invalid]") && message.contains("AADSTS7000222"),
            "{message}"
        );
        assert!(!message.contains("hunter2") && !message.contains("Trace"), "{message}");
    }

    #[test]
    fn a_clock_that_is_ten_minutes_off_is_named() {
        let then = Timestamp::now() - SignedDuration::from_secs(605);
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&then).unwrap();
        let late = HttpResponse {
            headers: vec![("date".into(), date)],
            ..answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700024\"}")
        };
        let Err(TokenTrouble::Refused(refusal)) = granted(&late, &Redactor::default()) else { panic!() };
        assert_eq!(
            refusal.advice,
            ["This machine's clock is 10 minutes ahead of the issuer's: set it right."]
        );
    }
}
