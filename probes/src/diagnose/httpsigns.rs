//! What an HTTP answer offers to the rules: its status, the fields that give reasons, and the codes and
//! sentences of its JSON or XML content. Of a web page only the title is read: the words in it are not meant
//! for a client.

use super::signs::{Signs, TEXT_LIMIT, Way};
use super::{Answer, Over, Step, markup};
use crate::model::{HttpResponse, Kind, Method};

/// Most of a content that is read, in octets.
const BODY_LIMIT: usize = 256 * 1024;

pub(super) fn read(response: &HttpResponse, answer: &Answer<'_>, signs: &mut Signs) {
    let over = answer.protocol;
    signs.way = match response.status {
        200..=299 => Way::Yes,
        _ => Way::No,
    };
    fields(response, presented(answer), signs);
    let body = response.body.get(..BODY_LIMIT).unwrap_or(&response.body);
    let body = String::from_utf8_lossy(body);
    content(body.trim(), over, signs);
    if response.status > 0 {
        signs.hint("http", &response.status.to_string());
    }
}

/// The scheme that was tried; where nobody says, the one that nearly everybody tries with that kind of credential.
fn presented<'a>(answer: &Answer<'a>) -> Option<&'a str> {
    match (answer.method, answer.step) {
        (Some(method), _) => Some(Method::name(method)),
        (None, Step::Login(Kind::Password)) => Some("Basic"),
        (None, Step::Login(Kind::Token)) => Some("Bearer"),
        _ => None,
    }
}

fn fields(response: &HttpResponse, presented: Option<&str>, signs: &mut Signs) {
    for value in response.all("x-ms-diagnostics").take(4) {
        diagnostics(value, signs);
    }
    if let Some(code) = response.header("X-CasErrorCode") {
        signs.tell("cas", code.trim());
    }
    let carries = |name: &str| response.header(name).is_some();
    for (field, sign) in [
        ("X-MS-ASThrottle", "asthrottle"),
        ("Retry-After", "retry-after"),
        ("X-MS-Location", "x-ms-location"),
        ("Restrict-Access-Confirm", "restrict-access"),
        ("X-ProxyErrorLabel", "proxy-error"),
        ("X-NanoProxy", "proxy-error"),
        ("X-FailureContext", "failure-context"),
    ] {
        // Some front ends send these along with every answer.
        let busy = matches!(sign, "proxy-error" | "retry-after") && response.status < 429;
        if carries(field) && !busy {
            signs.hint("field", sign);
        }
    }
    if carries("MS-ASProtocolVersions") || carries("MS-ASProtocolCommands") {
        signs.tell("eas", "options");
    }
    let offered: Vec<&str> = response.all("WWW-Authenticate").take(16).flat_map(schemes).collect();
    let is = |name: &str| offered.iter().any(|scheme| scheme.eq_ignore_ascii_case(name));
    if response.status == 401 && !offered.is_empty() {
        if offered.iter().all(|scheme| scheme.eq_ignore_ascii_case("bearer")) {
            signs.hint("schemes", "tokens-only");
        }
        if presented.is_some_and(|presented| !is(presented)) {
            signs.hint("schemes", "others");
        }
    }
    for challenge in response.all("WWW-Authenticate").take(16) {
        let scheme = scheme(challenge);
        signs.hint("scheme", scheme);
        for (key, kind) in [("error=", "bearer"), ("error_description=", "")] {
            let Some((_, value)) = challenge.split_once(key) else { continue };
            let value = value.trim_start_matches('"').split('"').next().unwrap_or_default();
            match kind {
                "" => signs.say(value),
                // Exchange says invalid_token to an empty one too.
                kind => signs.hint(kind, value),
            }
        }
    }
    for name in ["Location", "X-MS-Location", "X-FailureContext", "X-Auth-Error", "X-OWA-Error", "Warning"] {
        if let Some(value) = response.header(name) {
            signs.say(value);
        }
    }
}

/// The scheme of a challenge, the first where several stand in one field.
fn scheme(challenge: &str) -> &str {
    challenge.split([' ', ',']).next().unwrap_or_default()
}

/// Every scheme in one field. What follows a comma is a scheme unless it is a parameter, or the rest of a quoted one.
fn schemes(field: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let (mut quoted, mut first) = (false, true);
    field.split(',').filter_map(move |piece| {
        let inside = quoted;
        quoted ^= piece.matches('"').count() % 2 == 1;
        let word = piece.trim_start().split(' ').next().filter(is_name);
        // `Basic realm="x"` begins a challenge; `qop=auth` does not, nor does what stands between quotation marks.
        let begins = std::mem::replace(&mut first, false) || !inside;
        word.filter(|_| begins)
    })
}

/// `2000003;reason="...";error_category="..."`.
fn diagnostics(value: &str, signs: &mut Signs) {
    let number: String = value.trim().chars().take_while(char::is_ascii_digit).take(12).collect();
    signs.tell("diag", &number);
    if let Some((_, category)) = value.split_once("error_category=") {
        let category = category.trim_start_matches('"').split(['"', ';']).next().unwrap_or_default();
        signs.tell("diag-category", category);
    }
    signs.say(value);
}

fn content(body: &str, over: Over, signs: &mut Signs) {
    if body.starts_with(['{', '[']) {
        match serde_json::from_str::<serde_json::Value>(body) {
            Ok(json) => json_codes(&json, over, signs),
            Err(_) => signs.say(body),
        }
    } else if body.starts_with('<') || body.starts_with('\u{feff}') {
        xml_codes(body, over, signs);
    } else {
        signs.say(body.get(..TEXT_LIMIT.min(body.len())).unwrap_or_default());
    }
}

fn json_codes(json: &serde_json::Value, over: Over, signs: &mut Signs) {
    let json = json.get(0).unwrap_or(json);
    let words = |value: &serde_json::Value, key: &str| {
        value.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    for code in json.get("error_codes").and_then(serde_json::Value::as_array).into_iter().flatten().take(4) {
        if let Some(code) = code.as_u64() {
            signs.tell("aadsts", &code.to_string());
        }
    }
    for key in ["suberror", "error_subtype"] {
        signs.tell("suberror", &words(json, key));
    }
    match json.get("error") {
        // Google's and Graph's APIs: an object with a code, a status and a message.
        Some(error @ serde_json::Value::Object(_)) => {
            for key in ["status", "code"] {
                signs.tell("oauth", &words(error, key));
            }
            // Where Graph has no code of its own it hands on the one of Exchange.
            signs.tell("ews", &words(error, "code"));
            signs.say(&words(error, "message"));
        }
        Some(serde_json::Value::String(error)) => {
            signs.tell("oauth", error);
            signs.say(error);
        }
        _ => {}
    }
    for key in ["error_description", "error_message", "ErrorMessage", "message", "Message", "detail"] {
        signs.say(&words(json, key));
    }
    let code = words(json, "ErrorCode");
    signs.tell("autodiscover", &code);
    if json.get("access_token").is_some() {
        signs.tell("oauth", "access_token");
    }
    if json.get("device_code").is_some() && json.get("user_code").is_some() {
        signs.tell("oauth", "device_code");
    }
    if over.intersects(Over::AUTODISCOVER) && json.get("Url").is_some() {
        signs.tell("autodiscover", "url");
    }
    if json.get("status").is_some() && json.get("schemes").is_some() {
        signs.hint("sasl", &words(json, "status"));
    }
}

fn xml_codes(body: &str, over: Over, signs: &mut Signs) {
    let is_page = body.get(..200).unwrap_or(body).to_ascii_lowercase().contains("<html")
        || body.get(..15).unwrap_or(body).to_ascii_lowercase().starts_with("<!doctype html");
    if is_page {
        signs.hint("field", "page");
        signs.say(markup::text(body, "title").unwrap_or_default());
        return;
    }
    let mut autodiscover = Vec::new();
    let mut good = false;
    for element in markup::elements(body) {
        match element.name {
            "ResponseCode" if element.text == "NoError" => good = true,
            "ResponseCode" => signs.tell("ews", element.text),
            "faultcode" | "Value" if element.text.contains("Error") => {
                signs.tell("ews", element.text.rsplit(':').next().unwrap_or_default());
            }
            "faultstring" | "MessageText" | "Message" | "Text" | "ErrorMessage" | "Reason" => {
                signs.say(&element.text.replace("&apos;", "'").replace("&quot;", "\""));
            }
            "ErrorCode" => autodiscover.push(element.text),
            "RedirectAddr" | "RedirectTarget" | "Redirect"
                if over.intersects(Over::AUTODISCOVER) && !element.text.is_empty() =>
            {
                signs.tell("autodiscover", "redirect");
            }
            "RedirectUrl" if over.intersects(Over::AUTODISCOVER) => signs.tell("autodiscover", "redirecturl"),
            "AutodiscoverUrl" | "EwsUrl" | "MobileSync" => signs.tell("autodiscover", "url"),
            _ => {}
        }
    }
    let bad = autodiscover.iter().find(|code| **code != "NoError");
    match bad {
        Some(code) => signs.tell("autodiscover", code),
        None if !autodiscover.is_empty() => signs.tell("autodiscover", "noerror"),
        None => {}
    }
    if good && signs.telling.is_empty() {
        signs.tell("ews", "noerror");
    }
    if over.intersects(Over::AUTODISCOVER) && markup::text(body, "Url").is_some() {
        signs.tell("autodiscover", "url");
    }
    if over.intersects(Over::ACTIVESYNC) {
        sync_statuses(body, signs);
    }
}

/// The first status of an ActiveSync answer that is not 1: the common ones by their number, those of one
/// command (below 100, MS-ASCMD section 2.2.3.177) with its name, those of a policy with `policy`.
fn sync_statuses(body: &str, signs: &mut Signs) {
    let mut command = "";
    let mut parent = "";
    let mut good = false;
    for element in markup::elements(body) {
        if command.is_empty() {
            command = element.name;
        }
        match element.name {
            // The notice comes in the server's language; the name of the state does not change.
            "Data" | "Subject" if element.text.contains("Quarantined") => {
                signs.tell("eas", "quarantine-notice");
            }
            "Status" => {
                let value = element.text;
                if !value.bytes().all(|b| b.is_ascii_digit()) || value.is_empty() || value.len() > 4 {
                    continue;
                }
                if value == "1" {
                    good = true;
                    continue;
                }
                let common = value.len() == 3;
                let code = match (common, parent) {
                    (true, _) => value.to_owned(),
                    (false, "Policy" | "PolicyType" | "Policies") => format!("policy:{value}"),
                    (false, _) => format!("{command}:{value}"),
                };
                signs.tell("eas", &code);
            }
            "RemoteWipe" | "AccountOnlyRemoteWipe" => signs.tell("eas", "remotewipe"),
            name => parent = name,
        }
    }
    if good && !signs.telling.iter().any(|code| code.starts_with("eas:")) {
        signs.tell("eas", "ok");
    }
}
