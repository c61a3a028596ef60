//! From the stories of a visit's connections to the report of its endpoint.

use std::collections::HashMap;

use super::visit::Story;
use crate::model::{
    Advertisement, Attempt, EndpointReport, Failure, Finding, LineRange, Method, Offer, Outcome, Phase,
    Severity, Skip, Stage, Transport, Trouble,
};
use crate::wire::Redactor;

/// Puts the report together: one transcript with one numbering, and everything that points into it.
pub(super) fn merge(
    report: &mut EndpointReport,
    rows: Vec<(Method, Option<Skip>)>,
    stories: Vec<Story>,
    stop_after: Phase,
) {
    let redactors: Vec<Redactor> = stories.iter().map(|story| story.redactor.clone()).collect();
    let (mut echoed, mut injected, mut tls_note) = (None, None, None);
    report.failure = match stories.first() {
        Some(first) if stories.iter().all(|story| story.failure.is_some()) => first.failure.clone(),
        _ => None,
    };
    let mut attempts = HashMap::new();
    let mut lists: Vec<(u32, Advertisement)> = Vec::new();
    for mut story in stories {
        let shift = u32::try_from(report.transcript.len()).unwrap_or(u32::MAX);
        report.transcript.extend(story.lines.drain(..).map(|mut line| {
            line.n = line.n.saturating_add(shift);
            line
        }));
        if report.peer.is_none() {
            report.peer = story.peer.map(|peer| peer.to_string());
            report.tls = story.tls;
            report.greeting = story.greeting;
            report.phases_ms = story.times;
        }
        echoed = echoed.or_else(|| story.echoed.map(|line| LineRange::new(line + shift, line + shift)));
        injected = injected.or_else(|| story.injected.map(|lines| lines.shifted(shift)));
        tls_note = tls_note.or_else(|| story.tls_note.map(|lines| lines.shifted(shift)));
        lists.extend(story.advertised.into_iter().map(|list| {
            let evidence = list.evidence.shifted(shift);
            (story.number, Advertisement { evidence, ..list })
        }));
        if let Some(mut attempt) = story.attempt {
            attempt.outcome.shift(shift);
            attempts.insert(attempt.method.clone(), attempt);
        }
    }
    advertisements(report, &lists);
    if report.failure.is_none() {
        let offered =
            |method: &Method| login_list(&report.advertised).is_some_and(|list| list.offers_method(method));
        report.attempts = rows
            .into_iter()
            .filter_map(|(method, skip)| {
                attempts.remove(&method).or_else(|| Some(untried(skip?, offered(&method), method)))
            })
            .collect();
    }
    if stop_after >= Phase::Capability {
        findings(report, injected, tls_note);
    }
    scrub(report, &redactors);
    if echoed.is_some() {
        report.findings.push(secret_echoed(report, echoed));
    }
}

fn untried(skip: Skip, advertised: bool, method: Method) -> Attempt {
    Attempt {
        method,
        advertised,
        initial_response: None,
        outcome: Outcome::NotTried { skip },
        elapsed_ms: 0,
        connection: 0,
        quirks: Vec::new(),
    }
}

/// The list that counts for logging in: the one inside TLS where there is TLS.
fn login_list(advertised: &[Advertisement]) -> Option<&Advertisement> {
    advertised.iter().filter(|list| list.stage != Stage::AfterLogin).max_by_key(|list| list.stage)
}

/// One list a stage, of the first connection that heard one; others are compared with it.
fn advertisements(report: &mut EndpointReport, lists: &[(u32, Advertisement)]) {
    let methods = |list: &Advertisement| -> Vec<Method> {
        let mut methods: Vec<Method> =
            list.offers.iter().map(|Offer { method, .. }| method.clone()).collect();
        methods.sort();
        methods.dedup();
        methods
    };
    for stage in [Stage::BeforeTls, Stage::AfterTls, Stage::AfterLogin] {
        let mut of_stage = lists.iter().filter(|(_, list)| list.stage == stage);
        // A server may send a short list in its greeting and a long one when asked: the last one that the
        // first connection heard is the one it logged in by.
        let Some((number, first)) = of_stage.next() else { continue };
        let kept = lists.iter().rfind(|(n, list)| n == number && list.stage == stage);
        let kept = kept.map_or(first, |(_, list)| list);
        let other = of_stage.find(|(n, list)| n != number && methods(list) != methods(kept));
        // After a login the list may depend on how one logged in; before it, it may not.
        if let (Some((_, other)), true) = (other, stage != Stage::AfterLogin) {
            report.findings.push(Finding {
                id: "connections-disagree".into(),
                severity: Severity::Warning,
                title: "Two connections to one address were offered different methods".into(),
                explanation: "Several servers answer behind this address, and they are not configured alike.".into(),
                remedy: "Compare the two lists in the transcript, and configure every server behind the address alike."
                    .into(),
                endpoint: Some(report.url.clone()),
                evidence: Some(kept.evidence.to(other.evidence)),
            });
        }
        report.advertised.push(kept.clone());
    }
}

fn findings(report: &mut EndpointReport, injected: Option<LineRange>, tls_note: Option<LineRange>) {
    let mut found = Vec::new();
    let mut add = |id: &str, severity, title: &str, explanation: String, remedy: &str, evidence| {
        found.push(Finding {
            id: id.into(),
            severity,
            title: title.into(),
            explanation,
            remedy: remedy.into(),
            endpoint: Some(report.url.clone()),
            evidence,
        });
    };
    if let Some(tls) = report.tls.as_ref().filter(|tls| !tls.trusted) {
        add(
            "certificate-untrusted",
            Severity::Critical,
            "The certificate is not trusted",
            tls.problems.join("; "),
            "Install a certificate for this name from a trusted authority, or give its root with --ca-file.",
            tls_note,
        );
    }
    if report.failure.as_ref().is_some_and(|failure| failure.cause == Trouble::StartTlsInjection) {
        add(
            "starttls-injection",
            Severity::Critical,
            "Bytes arrived behind the answer to STARTTLS, before TLS",
            "Somebody on the path, or the server itself, put commands or answers in front of the encrypted session. \
             A client that reads them as if they came from inside TLS can be deceived."
                .into(),
            "Update the server; if it is up to date, look for a device on the path that rewrites mail traffic.",
            injected,
        );
    }
    let clear = report.advertised.iter().find(|list| list.stage == Stage::BeforeTls);
    if let Some(list) = clear.filter(|_| report.transport == Transport::StartTls) {
        let exposed: Vec<&str> = list
            .offers
            .iter()
            .filter(|offer| {
                matches!(offer.method.name(), "PLAIN" | "LOGIN" | "LOGIN-COMMAND" | "XOAUTH2" | "OAUTHBEARER")
            })
            .map(|offer| offer.method.name())
            .collect();
        if !exposed.is_empty() {
            add(
                "secrets-offered-in-clear",
                Severity::Warning,
                "The server takes secrets before TLS",
                format!("{} offered on the plaintext connection.", exposed.join(", ")),
                "Have the server offer these only inside TLS (LOGINDISABLED before it).",
                Some(list.evidence),
            );
        }
    }
    for attempt in &report.attempts {
        if let Outcome::Inconclusive { failure, evidence, .. } = &attempt.outcome
            && failure.cause == Trouble::ServerNotAuthentic
        {
            add(
                "server-not-authentic",
                Severity::Critical,
                "The server could not prove that it knows the password",
                format!("In {}: {}.", attempt.method, failure.detail),
                "Do not log in here before you know who answers: the certificate's key may be in other hands, or the \
                 server's store of verifiers is damaged.",
                *evidence,
            );
        }
    }
    report.findings.append(&mut found);
}

fn secret_echoed(report: &EndpointReport, evidence: Option<LineRange>) -> Finding {
    Finding {
        id: "secret-echoed".into(),
        severity: Severity::Critical,
        title: "The server repeated a secret".into(),
        explanation:
            "Part of what was sent as a secret came back in an answer. Servers that do this often also write \
                      it to their logs."
                .into(),
        remedy: "Change the password or revoke the token, and look through the server's logs.".into(),
        endpoint: Some(report.url.clone()),
        evidence,
    }
}

/// The second lock on everything that was derived from what the server said. The transcript was searched
/// line by line when it was written.
fn scrub(report: &mut EndpointReport, redactors: &[Redactor]) {
    let transcript = std::mem::take(&mut report.transcript);
    let findings = std::mem::take(&mut report.findings);
    match scrubbed(report, redactors) {
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
        .filter_map(|finding| scrubbed(&finding, redactors).ok().map(|clean| clean.unwrap_or(finding)))
        .collect();
}

/// The value without secrets, where there was anything to replace.
fn scrubbed<T>(value: &T, redactors: &[Redactor]) -> serde_json::Result<Option<T>>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let mut tree = serde_json::to_value(value)?;
    if walk(&mut tree, "", redactors) { serde_json::from_value(tree).map(Some) } else { Ok(None) }
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
];
/// Characters of a failure's detail that are shown.
const DETAIL: usize = 300;

fn walk(tree: &mut serde_json::Value, key: &str, redactors: &[Redactor]) -> bool {
    match tree {
        serde_json::Value::String(_) if OURS.contains(&key) => false,
        serde_json::Value::String(text) => clean(text, key == "detail", redactors),
        serde_json::Value::Array(items) => {
            items.iter_mut().fold(false, |changed, item| walk(item, key, redactors) || changed)
        }
        serde_json::Value::Object(map) => {
            map.iter_mut().fold(false, |changed, (key, item)| walk(item, key, redactors) || changed)
        }
        _ => false,
    }
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
}
