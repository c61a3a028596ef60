//! From the stories of a visit's connections to the report of its endpoint.

use std::collections::HashMap;

use super::visit::Story;
use crate::model::{
    Advertisement, Attempt, EndpointReport, Failure, Finding, Method, Offer, Outcome, Phase, Severity, Skip,
    Stage, Transport, Trouble,
};
use crate::wire::Redactor;

/// Puts the report together: one transcript with one numbering, and everything that points into it.
pub(super) fn merge(
    report: &mut EndpointReport,
    rows: Vec<(Method, Option<Skip>)>,
    stories: Vec<Story>,
    stop_after: Phase,
) {
    let redactors: Vec<Redactor> = stories.iter().filter_map(|story| story.touched.clone()).collect();
    let echoed = stories.iter().any(|story| story.echoed);
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
        findings(report);
    }
    if !redactors.is_empty() {
        scrub(report, &redactors);
    }
    if echoed {
        report.findings.push(secret_echoed(report));
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

fn findings(report: &mut EndpointReport) {
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
            None,
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
            None,
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

fn secret_echoed(report: &EndpointReport) -> Finding {
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
        evidence: None,
    }
}

/// The second lock on everything that was derived from a server that said one of our secrets.
fn scrub(report: &mut EndpointReport, redactors: &[Redactor]) {
    let findings = std::mem::take(&mut report.findings);
    if let Some(clean) = scrubbed(report, redactors) {
        *report = clean;
    } else {
        // Cannot happen: only free text is replaced. Were it to, evidence is lost rather than a secret shown.
        report.transcript.clear();
        report.attempts.clear();
        report.advertised.clear();
        report.greeting = None;
        report.failure =
            Some(Failure::new(Phase::Auth, Trouble::Bug, "the report could not be cleaned of a secret"));
    }
    report.findings = findings.iter().filter_map(|finding| scrubbed(finding, redactors)).collect();
}

fn scrubbed<T: serde::Serialize + serde::de::DeserializeOwned>(
    value: &T,
    redactors: &[Redactor],
) -> Option<T> {
    let mut tree = serde_json::to_value(value).ok()?;
    walk(&mut tree, redactors);
    serde_json::from_value(tree).ok()
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

fn walk(tree: &mut serde_json::Value, redactors: &[Redactor]) {
    match tree {
        serde_json::Value::String(text) => {
            for redactor in redactors {
                if let Some(clean) = redactor.scrub_str(text) {
                    *text = clean;
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| walk(item, redactors)),
        serde_json::Value::Object(map) => {
            for (_, item) in map.iter_mut().filter(|(key, _)| !OURS.contains(&key.as_str())) {
                walk(item, redactors);
            }
        }
        _ => {}
    }
}
