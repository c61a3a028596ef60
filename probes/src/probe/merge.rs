//! From the stories of a visit's connections to the report of its endpoint.

use std::collections::HashMap;

use super::link::Peer;
use super::story::Story;
use super::tls_versions::Asked;
use super::{findings, front_end, scrub};
use crate::model::{
    Advertisement, Attempt, EndpointReport, Fact, Finding, Line, LineRange, Method, Offer, Outcome, Phase,
    Session, Severity, Skip, Stage,
};
use crate::wire::Redactor;

/// Puts the report together: one transcript with one numbering, and everything that points into it.
pub(super) fn merge(
    report: &mut EndpointReport,
    rows: Vec<(Method, Option<Skip>)>,
    stories: Vec<Story>,
    asked: Vec<Asked>,
    stop_after: Phase,
) {
    let redactors: Vec<Redactor> = stories
        .iter()
        .map(|story| &story.redactor)
        .chain(asked.iter().map(|asked| &asked.redactor))
        .cloned()
        .collect();
    let mut searched_in_lines =
        stories.iter().all(|story| !story.touched) && !redactors.iter().any(Redactor::spans_lines);
    let (mut echoed, mut injected, mut tls_note) = (None, None, None);
    let mut reached = false;
    report.failure = match stories.first() {
        Some(first) if stories.iter().all(|story| story.failure.is_some()) => first.failure.clone(),
        _ => None,
    };
    let mut attempts = HashMap::new();
    let mut lists: Vec<(u32, Advertisement)> = Vec::new();
    for mut story in stories {
        let shift = append(report, std::mem::take(&mut story.lines));
        if !reached {
            reached = story.peer.is_some();
            report.peer = story.peer.and_then(Peer::address).map(|address| address.to_string());
            report.tls = story.tls;
            report.greeting = story.greeting;
            report.phases_ms = story.times;
        }
        echoed = echoed.or_else(|| story.echoed.map(|line| LineRange::new(line + shift, line + shift)));
        injected = injected.or_else(|| story.injected.map(|lines| lines.shifted(shift)));
        tls_note = tls_note.or_else(|| story.tls_note.map(|lines| lines.shifted(shift)));
        for fact in story.facts {
            let known = |known: &Fact| known.name == fact.name && known.value == fact.value;
            if !report.facts.iter().any(known) {
                report.facts.push(Fact { evidence: fact.evidence.shifted(shift), ..fact });
            }
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
    for mut asked in asked {
        let shift = append(report, asked.lines);
        echoed = echoed.or_else(|| asked.echoed.map(|line| LineRange::new(line + shift, line + shift)));
        asked.version.shift(shift);
        report.tls_versions.push(asked.version);
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
    report.front_end = front_end::name(report);
    if stop_after >= Phase::Capability {
        findings::add(report, injected, tls_note);
    }
    findings::tls_versions(report);
    // Where no line held a secret, neither does what was copied from the lines; what was decoded from them, or
    // read below them, may.
    searched_in_lines &= report.failure.is_none()
        && report.front_end.is_none()
        && report.facts.is_empty()
        && report.tls_versions.is_empty()
        && !report.attempts.iter().any(was_decoded)
        && !certificate_texts(report)
            .any(|text| redactors.iter().any(|redactor| redactor.finds(text.as_bytes())));
    if !searched_in_lines {
        scrub::scrub(report, &redactors);
    }
    if echoed.is_some() {
        report.findings.push(findings::secret_echoed(report, echoed));
    }
}

/// Puts the lines of a connection behind those of the others; gives by how much their numbers moved.
fn append(report: &mut EndpointReport, lines: Vec<Line>) -> u32 {
    let shift = u32::try_from(report.transcript.len()).unwrap_or(u32::MAX);
    report.transcript.extend(lines.into_iter().map(|mut line| {
        line.n = line.n.saturating_add(shift);
        line
    }));
    shift
}

/// What the server's certificates say in its own words.
fn certificate_texts(report: &EndpointReport) -> impl Iterator<Item = &String> {
    let chain = report.tls.iter().flat_map(|tls| &tls.chain);
    chain.flat_map(|facts| [&facts.subject, &facts.issuer].into_iter().chain(&facts.sans))
}

/// Whether an attempt holds text that is not a copy of a line.
fn was_decoded(attempt: &Attempt) -> bool {
    match &attempt.outcome {
        Outcome::Accepted { session, .. } => matches!(session, Session::NotChecked { .. }),
        Outcome::Refused { challenge, .. } => challenge.is_some(),
        Outcome::Inconclusive { .. } => true,
        Outcome::NotTried { .. } => false,
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
