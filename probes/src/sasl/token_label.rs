//! What a transcript may say of an access token: for whom it is and until when, never what it is.
//!
//! No clock is read here, so the expiry is a date and not a time left; and nothing of the signature, nor
//! any claim that names a person, is shown.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD_INDIFFERENT;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::model::{harmless, moment};

/// Largest claims object that is looked into, in octets: real ones have one to three thousand.
const MAX_CLAIMS: usize = 16 * 1024;

/// Longest value shown, in characters.
const MAX_SHOWN: usize = 60;

/// Shorter pieces of a token are no secret, and hiding them would black out ordinary words.
const MIN_SENSITIVE: usize = 16;

/// `token aud=... exp=2026-11-21T22:00Z` of a JWT (RFC 7519), `token N chars` of anything else.
pub(crate) fn describe(token: &[u8]) -> String {
    claims(token).and_then(|claims| shown(&claims)).unwrap_or_else(|| {
        let chars = std::str::from_utf8(token).map_or(token.len(), |text| text.chars().count());
        format!("token {chars} chars")
    })
}

/// The pieces of a token that must not be shown even where a server repeats only one of them.
pub(crate) fn sensitive_parts(token: &[u8]) -> Vec<Vec<u8>> {
    if !token.contains(&b'.') {
        return Vec::new();
    }
    token.split(|&b| b == b'.').filter(|part| part.len() >= MIN_SENSITIVE).map(<[u8]>::to_vec).collect()
}

fn shown(claims: &Map<String, Value>) -> Option<String> {
    let audience = claims.get("aud").and_then(audience).map(|aud| format!(" aud={aud}"));
    let expiry = claims.get("exp").and_then(expiry).map(|exp| format!(" exp={exp}"));
    if audience.is_none() && expiry.is_none() {
        return None;
    }
    Some(format!("token{}{}", audience.unwrap_or_default(), expiry.unwrap_or_default()))
}

/// The claims of a token that has the form of a signed JWT: three base64url parts, the middle one JSON.
fn claims(token: &[u8]) -> Option<Map<String, Value>> {
    let mut parts = token.split(|&b| b == b'.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let is_base64url =
        |part: &[u8]| part.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='));
    if parts.next().is_some() || header.is_empty() || !is_base64url(header) || !is_base64url(signature) {
        return None;
    }
    if payload.len() > base64::encoded_len(MAX_CLAIMS, true)? {
        return None;
    }
    let json = Zeroizing::new(URL_SAFE_NO_PAD_INDIFFERENT.decode(payload).ok()?);
    serde_json::from_slice(&json).ok()
}

/// One audience or a list of them (RFC 7519 section 4.1.3).
fn audience(value: &Value) -> Option<String> {
    let all = match value {
        Value::String(one) => one.clone(),
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        _ => return None,
    };
    (!all.is_empty()).then(|| cut(&harmless(all.as_bytes())))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN - 1).chain(['\u{2026}']).collect()
}

/// Seconds since 1970 as a UTC date and time to the minute; nothing where the year has not four digits.
fn expiry(value: &Value) -> Option<String> {
    // A NumericDate may have a fraction (RFC 7519 section 2), which nobody needs to see.
    let seconds = value.as_u64().or_else(|| {
        let whole = value.as_f64()?.trunc();
        format!("{whole:.0}").parse().ok()
    })?;
    let expiry = moment::from_unix(i64::try_from(seconds).ok()?)?;
    Some(expiry.strftime("%Y-%m-%dT%H:%MZ").to_string())
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    const SIGNATURE: &str = "c2lnbmF0dXJlLW5vYm9keS1tYXktc2Vl";

    /// A JWT with these claims, and a signature that must never be seen.
    pub(crate) fn jwt(claims: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD_INDIFFERENT.encode(text);
        format!("{}.{}.{SIGNATURE}", encode(r#"{"alg":"RS256"}"#), encode(claims))
    }

    fn described(claims: &Value) -> String {
        describe(jwt(&claims.to_string()).as_bytes())
    }

    #[test]
    fn a_jwt_is_shown_by_audience_and_expiry() {
        let claims =
            json!({"aud": "https://outlook.office.com", "exp": 1_795_298_400, "upn": "tim@example.com"});
        assert_eq!(described(&claims), "token aud=https://outlook.office.com exp=2026-11-21T22:00Z");
        assert_eq!(described(&json!({"aud": ["a", "b"]})), "token aud=a,b");
        assert_eq!(described(&json!({"exp": 1_795_298_459.75})), "token exp=2026-11-21T22:00Z");
    }

    #[test]
    fn anything_else_is_shown_by_its_length() {
        let three = jwt("not json");
        let five = format!("{}.a.b", jwt(r#"{"aud":"x"}"#));
        for token in
            ["", "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA", "ya29.a0Af", "a.b.c", "..", &three, &five]
        {
            assert_eq!(describe(token.as_bytes()), format!("token {} chars", token.len()));
        }
        assert_eq!(describe("é.é".as_bytes()), "token 3 chars");
        assert_eq!(describe(b"\xff\xff"), "token 2 chars");
        for claims in [json!({}), json!({"aud": 1, "exp": "soon"}), json!({"aud": ""}), json!(["aud", "exp"])]
        {
            assert!(described(&claims).ends_with(" chars"), "{claims}");
        }
    }

    #[test]
    fn what_a_token_says_cannot_act_on_a_terminal_or_fill_it() {
        assert_eq!(described(&json!({"aud": "a\u{1b}]0;x\u{7}\n"})), "token aud=a\\x1B]0;x\\x07\\n");
        let long = described(&json!({"aud": "é".repeat(500)}));
        assert_eq!(long, format!("token aud={}\u{2026}", "é".repeat(59)));
        let exact = described(&json!({"aud": "é".repeat(60)}));
        assert_eq!(exact, format!("token aud={}", "é".repeat(60)));
    }

    #[test]
    fn claims_over_the_bound_are_not_looked_into() {
        let padded = |len: usize| {
            let rest = len - r#"{"aud":"x","p":""}"#.len();
            describe(jwt(&format!(r#"{{"aud":"x","p":"{}"}}"#, "p".repeat(rest))).as_bytes())
        };
        assert_eq!(padded(16 * 1024), "token aud=x");
        assert!(padded(16 * 1024 + 3).ends_with(" chars"));
        let deep = format!(r#"{{"aud":"x","p":{}"#, "[".repeat(10_000));
        assert!(describe(jwt(&deep).as_bytes()).ends_with(" chars"));
    }

    #[test]
    fn dates_follow_the_gregorian_calendar() {
        for (seconds, date) in [
            (0_u64, "1970-01-01T00:00Z"),
            (68_169_599, "1972-02-28T23:59Z"),
            (68_169_600, "1972-02-29T00:00Z"),
            (951_782_400, "2000-02-29T00:00Z"),
            (951_868_800, "2000-03-01T00:00Z"),
            (1_735_689_599, "2024-12-31T23:59Z"),
            (4_107_542_400, "2100-03-01T00:00Z"),
            (4_107_542_399, "2100-02-28T23:59Z"),
            (253_402_300_799, "9999-12-31T23:59Z"),
        ] {
            assert_eq!(expiry(&json!(seconds)).as_deref(), Some(date));
        }
        for odd in
            [json!(253_402_300_800_u64), json!(u64::MAX), json!(1e300), json!(-1), json!(-1.5), json!("0")]
        {
            assert_eq!(expiry(&odd), None, "{odd}");
        }
    }

    #[test]
    fn every_long_piece_is_hidden_by_itself() {
        let token = jwt(r#"{"aud":"https://outlook.office.com"}"#);
        let parts = sensitive_parts(token.as_bytes());
        assert_eq!(parts, token.split('.').map(|part| part.as_bytes().to_vec()).collect::<Vec<_>>());
        assert_eq!(sensitive_parts(b"short.0123456789abcdef.0123456789abcde"), [b"0123456789abcdef"]);
        assert!(sensitive_parts(b"0123456789abcdef0123456789abcdef").is_empty());
        assert!(!describe(token.as_bytes()).contains(SIGNATURE));
    }
}
