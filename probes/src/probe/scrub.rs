//! The second redaction lock on a whole report, once it is put together.

use crate::model::{EndpointReport, Failure, Phase, Trouble};
use crate::wire::Redactor;

/// The second lock on everything that was derived from what the server said. The transcript was searched
/// line by line when it was written.
pub(super) fn scrub(report: &mut EndpointReport, redactors: &[Redactor]) {
    let transcript = std::mem::take(&mut report.transcript);
    let findings = std::mem::take(&mut report.findings);
    match scrubbed(report, redactors, OURS) {
        Ok(None) => {}
        Ok(Some(clean)) => *report = clean,
        Err(_) => {
            // Cannot happen: only free text is replaced. Were it to, evidence is lost rather than a secret shown.
            report.attempts.clear();
            report.advertised.clear();
            report.greeting = None;
            let detail = "the report could not be cleaned of a secret";
            report.failure = Some(Failure::new(Phase::Auth, Trouble::Bug, detail));
        }
    }
    report.transcript = transcript;
    report.findings = findings
        .into_iter()
        .filter_map(|finding| {
            // A finding's explanation may quote the server.
            let ours: Vec<&str> = OURS.iter().copied().filter(|key| !SENTENCES.contains(key)).collect();
            scrubbed(&finding, redactors, &ours).ok().map(|clean| clean.unwrap_or(finding))
        })
        .collect();
}

/// The value without secrets, where there was anything to replace.
fn scrubbed<T>(value: &T, redactors: &[Redactor], ours: &[&str]) -> serde_json::Result<Option<T>>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let mut tree = serde_json::to_value(value)?;
    if walk(&mut tree, "", redactors, ours) { serde_json::from_value(tree).map(Some) } else { Ok(None) }
}

/// Keys whose values are words of our own, which a short password may equal.
const OURS: &[&str] = &[
    "protocol",
    "transport",
    "stage",
    "outcome",
    "causes",
    "rule",
    "phase",
    "cause",
    "skip",
    "state",
    "direction",
    "severity",
    "explanation",
    "remedy",
    "version",
];
/// Of these, the ones that hold sentences: those of a diagnosis are the rule's, those of a finding are not.
const SENTENCES: &[&str] = &["explanation", "remedy"];
/// Characters of a failure's detail that are shown.
const DETAIL: usize = 300;

fn walk(tree: &mut serde_json::Value, key: &str, redactors: &[Redactor], ours: &[&str]) -> bool {
    match tree {
        serde_json::Value::String(_) if ours.contains(&key) => false,
        serde_json::Value::String(text) => clean(text, matches!(key, "detail" | "answer"), redactors),
        // Every one of them, so no `any`, which stops at the first.
        serde_json::Value::Array(items) => {
            let joint = !ours.contains(&key) && joined(items, redactors);
            let each =
                items.iter_mut().filter_map(|item| walk(item, key, redactors, ours).then_some(())).count();
            joint || each > 0
        }
        serde_json::Value::Object(map) => {
            let mended = mended(map, redactors);
            let each =
                map.iter_mut().filter_map(|(key, item)| walk(item, key, redactors, ours).then_some(()));
            each.count() > 0 || mended
        }
        _ => false,
    }
}

/// Replaces a secret that was torn apart with its line: a capability list is split at spaces, and a password
/// may hold one.
fn joined(items: &mut Vec<serde_json::Value>, redactors: &[Redactor]) -> bool {
    let words: Option<Vec<&str>> = items.iter().map(serde_json::Value::as_str).collect();
    let Some(mut line) = words.filter(|words| words.len() > 1).map(|words| words.join(" ")) else {
        return false;
    };
    if !clean(&mut line, false, redactors) {
        return false;
    }
    *items = line.split(' ').map(serde_json::Value::from).collect();
    true
}

/// Replaces a secret that was torn apart with its answer: a password may look like a response code and more.
fn mended(map: &mut serde_json::Map<String, serde_json::Value>, redactors: &[Redactor]) -> bool {
    let piece = |key: &str| map.get(key).and_then(serde_json::Value::as_str);
    let (Some(code), Some(text)) = (piece("code"), piece("text")) else { return false };
    let cleaned = |mut text: String| {
        clean(&mut text, false, redactors);
        text
    };
    let (clean_code, clean_text) = (cleaned(code.to_owned()), cleaned(text.to_owned()));
    let torn = ["", " "].into_iter().find_map(|between| {
        let whole = cleaned(format!("[{code}]{between}{text}"));
        (whole != format!("[{clean_code}]{between}{clean_text}")).then_some(whole)
    });
    let Some(whole) = torn else { return false };
    map.insert("code".to_owned(), serde_json::Value::Null);
    map.insert("text".to_owned(), whole.into());
    true
}

/// Replaces what is secret, and cuts a detail only after that: a cut secret is found no more.
fn clean(text: &mut String, is_detail: bool, redactors: &[Redactor]) -> bool {
    let mut changed = false;
    for redactor in redactors {
        let replaced = if is_detail { redactor.scrub_cut(text) } else { redactor.scrub_str(text) };
        if let Some(replaced) = replaced {
            *text = replaced;
            changed = true;
        }
    }
    if is_detail && let Some((at, _)) = text.char_indices().nth(DETAIL) {
        text.truncate(at);
        text.push('\u{2026}');
        changed = true;
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_searched_first_and_cut_after_it() {
        let mut redactor = Redactor::default();
        redactor.learn(b"a-token-that-is-rather-long");
        let mut detail =
            format!("{}a-token-that-is-rather-long{}", "x".repeat(DETAIL - 9), "y".repeat(20_000));
        assert!(clean(&mut detail, true, std::slice::from_ref(&redactor)));
        assert!(detail.chars().count() <= DETAIL + 1, "{}", detail.len());
        assert!(!detail.contains("a-token"), "{detail}");
        let mut cut_by_the_server = "it said: hello a-token-that-is".to_owned();
        clean(&mut cut_by_the_server, true, &[redactor]);
        assert_eq!(cut_by_the_server, "it said: hello \u{2039}secret\u{203a}");
    }

    #[test]
    fn a_password_with_a_space_is_found_in_a_list_that_was_split_there() {
        let mut redactor = Redactor::default();
        redactor.learn(b"correct horse");
        let text = r#"{"capabilities": ["IMAP4rev1", "X-correct", "horse", "MOVE"]}"#;
        let mut tree: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(walk(&mut tree, "", std::slice::from_ref(&redactor), OURS));
        assert_eq!(
            tree["capabilities"],
            serde_json::json!(["IMAP4rev1", "X-\u{2039}secret\u{203a}", "MOVE"])
        );
    }

    #[test]
    fn a_password_that_was_read_as_a_response_code_is_found() {
        let mut redactor = Redactor::default();
        redactor.learn(b"[horse] battery");
        let text = r#"{"status": "NO", "code": "horse", "text": "battery is wrong"}"#;
        let mut tree: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(walk(&mut tree, "", std::slice::from_ref(&redactor), OURS));
        let mended = r#"{"status": "NO", "code": null, "text": "\u2039secret\u203a is wrong"}"#;
        assert_eq!(tree, serde_json::from_str::<serde_json::Value>(mended).unwrap());
        let innocent = r#"{"status": "NO", "code": "horse", "text": "and cart"}"#;
        let mut tree: serde_json::Value = serde_json::from_str(innocent).unwrap();
        assert!(!walk(&mut tree, "", std::slice::from_ref(&redactor), OURS));
    }

    #[test]
    fn a_password_that_is_an_english_word_does_not_eat_our_own_sentences() {
        let mut redactor = Redactor::default();
        redactor.learn(b"wrong");
        let text = r#"{"explanation": "this password is wrong", "text": "wrong"}"#;
        let mut tree: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(walk(&mut tree, "", std::slice::from_ref(&redactor), OURS));
        assert_eq!(tree["explanation"], "this password is wrong");
        assert_eq!(tree["text"], "\u{2039}secret\u{203a}");
    }
}
