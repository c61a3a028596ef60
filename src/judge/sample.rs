//! Small reports for the tests of judgement.

use mailprobe_probes::model::{
    Advertisement, Attempt, Cause, Diagnosis, Endpoint, EndpointReport, Failure, LineRange, Method, Offer,
    Outcome, Phase, Reply, Report, Session, Skip, Stage, Tool, Trouble,
};

pub(crate) fn lines() -> LineRange {
    LineRange::new(3, 4)
}

pub(crate) fn reply() -> Reply {
    Reply { status: "NO".into(), code: None, enhanced: None, text: "no".into() }
}

pub(crate) fn refused(cause: Cause) -> Outcome {
    refused_with(&[cause], "r", "NO no")
}

/// A refusal in these words (the first is the status), with its causes and the rule that found them.
pub(crate) fn refused_with(causes: &[Cause], rule: &str, words: &str) -> Outcome {
    let diagnosis = Diagnosis {
        causes: causes.to_vec(),
        rule: rule.into(),
        explanation: "e".into(),
        remedy: "d".into(),
        next_check: String::new(),
        source: String::new(),
    };
    let (status, text) = words.split_once(' ').unwrap();
    let reply = Reply { status: status.into(), code: None, enhanced: None, text: text.into() };
    Outcome::Refused { reply, challenge: None, evidence: lines(), diagnosis }
}

pub(crate) fn opened() -> Outcome {
    Outcome::Accepted { reply: reply(), evidence: lines(), session: Session::Opened { evidence: lines() } }
}

pub(crate) fn silent() -> Outcome {
    let failure = Failure::new(Phase::Auth, Trouble::Timeout, "");
    Outcome::Inconclusive { failure, answer: None, evidence: None }
}

pub(crate) fn skipped(skip: Skip) -> Outcome {
    Outcome::NotTried { skip }
}

/// An endpoint with its attempts, and the offers heard inside TLS.
pub(crate) fn endpoint(url: &str, attempts: Vec<(&str, Outcome)>, offers: &[&str]) -> EndpointReport {
    let mut report = EndpointReport::new(&url.parse::<Endpoint>().unwrap());
    report.attempts = attempts
        .into_iter()
        .map(|(method, outcome)| Attempt {
            method: Method::from_name(method),
            advertised: offers.contains(&method),
            initial_response: None,
            outcome,
            elapsed_ms: 1,
            connection: 1,
            quirks: Vec::new(),
        })
        .collect();
    let offers = offers.iter().map(|name| Offer { token: (*name).into(), method: Method::from_name(name) });
    report.advertised.push(Advertisement {
        stage: Stage::AfterTls,
        offers: offers.collect(),
        capabilities: Vec::new(),
        evidence: LineRange::new(2, 2),
    });
    report
}

pub(crate) fn report(endpoints: Vec<EndpointReport>) -> Report {
    Report {
        schema: 1,
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
