//! The kit that tests build small reports with: outcomes, endpoints, a report around them, and its verdict.

use mailprobe_probes::model::{
    Advertisement, Attempt, Cause, Diagnosis, Endpoint, EndpointReport, Failure, LineRange, Method, Offer,
    Outcome, Phase, Reply, Report, SCHEMA_VERSION, Session, Skip, Stage, Tool, Trouble,
};

use crate::judge;

pub fn lines() -> LineRange {
    LineRange::new(3, 4)
}

pub fn reply() -> Reply {
    said("NO no")
}

/// A reply in these words, the first of which is the status.
pub fn said(words: &str) -> Reply {
    let (status, text) = words.split_once(' ').unwrap();
    Reply { status: status.into(), code: None, enhanced: None, text: text.into() }
}

/// Why a server said no: the causes, and the rule that found them.
pub fn diagnosis(causes: &[Cause], rule: &str) -> Diagnosis {
    Diagnosis {
        causes: causes.to_vec(),
        rule: rule.into(),
        explanation: "e".into(),
        remedy: "d".into(),
        next_check: String::new(),
        source: String::new(),
    }
}

pub fn refused(cause: Cause) -> Outcome {
    refused_with(&[cause], "r", "NO no")
}

/// A refusal in these words (the first is the status), with its causes and the rule that found them.
pub fn refused_with(causes: &[Cause], rule: &str, words: &str) -> Outcome {
    let diagnosis = diagnosis(causes, rule);
    Outcome::Refused { reply: said(words), challenge: None, evidence: lines(), diagnosis }
}

/// A login that was taken, and what became of the session.
pub fn accepted(session: Session) -> Outcome {
    Outcome::Accepted { reply: reply(), evidence: lines(), session }
}

pub fn opened() -> Outcome {
    accepted(Session::Opened { evidence: lines() })
}

/// A login that was taken, and a mailbox that stayed shut.
pub fn shut(cause: Cause) -> Outcome {
    accepted(Session::Shut { reply: reply(), evidence: lines(), diagnosis: diagnosis(&[cause], "r") })
}

/// A login that was taken, and nobody knows whether the mailbox opens.
pub fn unchecked(why: Trouble) -> Outcome {
    accepted(Session::not_checked(Failure::new(Phase::Auth, why, "")))
}

pub fn silent() -> Outcome {
    let failure = Failure::new(Phase::Auth, Trouble::Timeout, "");
    Outcome::Inconclusive { failure, answer: None, evidence: None }
}

pub fn skipped(skip: Skip) -> Outcome {
    Outcome::NotTried { skip }
}

/// An endpoint with its attempts, each of a method that was offered, and no list that offers it.
pub fn tried(url: &str, attempts: Vec<(&str, Outcome)>) -> EndpointReport {
    let mut report = EndpointReport::new(&url.parse::<Endpoint>().unwrap());
    report.attempts = attempts
        .into_iter()
        .map(|(method, outcome)| Attempt {
            method: Method::from_name(method),
            advertised: true,
            initial_response: None,
            outcome,
            elapsed_ms: 1,
            connection: 1,
            quirks: Vec::new(),
        })
        .collect();
    report
}

/// An endpoint with its attempts, and the offers heard inside TLS.
pub fn endpoint(url: &str, attempts: Vec<(&str, Outcome)>, offers: &[&str]) -> EndpointReport {
    let mut report = tried(url, attempts);
    for attempt in &mut report.attempts {
        attempt.advertised = offers.contains(&attempt.method.name());
    }
    let offers = offers.iter().map(|name| Offer { token: (*name).into(), method: Method::from_name(name) });
    report.advertised.push(Advertisement {
        stage: Stage::AfterTls,
        offers: offers.collect(),
        capabilities: Vec::new(),
        evidence: LineRange::new(2, 2),
    });
    report
}

/// An endpoint that nobody reached.
pub fn unreachable(url: &str, cause: Trouble) -> EndpointReport {
    let mut report = tried(url, Vec::new());
    report.failure = Some(Failure::new(Phase::Connect, cause, "192.0.2.1:993"));
    report
}

pub fn report(endpoints: Vec<EndpointReport>) -> Report {
    Report {
        schema: SCHEMA_VERSION,
        tool: Tool { name: "mailprobe".into(), version: "0".into() },
        mailbox: "alice@example.com".into(),
        started_at: "2026-11-22T10:00:00Z".into(),
        elapsed_ms: 0,
        partial: false,
        given: None,
        endpoints,
        findings: Vec::new(),
        verdict: None,
    }
}

/// The report with its verdict by these expectations.
pub fn judged(mut report: Report, rules: &[&str]) -> Report {
    let rules: Vec<_> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    report.verdict = judge(&report, &rules);
    report
}
