//! The exit status of a run.
//!
//! | status | meaning |
//! |---|---|
//! | 0 | every expectation is met, and every secret that was given was presented |
//! | 1 | an expectation is not met |
//! | 3 | something could not be found out: no reliable answer, an endpoint that cannot be reached, a given secret that was never presented, no token from its issuer, a cancelled run |
//! | 4 | the same, only because a server throttled or the attempt budget was spent: ask again later |
//!
//! Where several hold, 1 stands before 3, 3 before 4 and 4 before 0. An attempt that got no reliable answer
//! counts only where an expectation hangs on it. (2 is a mistake in what was asked for, 5 a fault of ours.)

use mailprobe_probes::model::{
    Attempt, EndpointReport, Expectation, Failure, Outcome, Report, Session, Severity, Skip, Trouble,
    Verdict, VerdictStatus,
};

use super::checked;

/// The exit status for reports that carry their verdicts.
pub fn exit_code(reports: &[Report]) -> u8 {
    let code = |report: &Report| {
        let unmet = report.verdict.as_ref().is_some_and(|verdict| verdict.status == VerdictStatus::Fail);
        if unmet { 1 } else { undecided(report) }
    };
    let codes: Vec<u8> = reports.iter().map(code).collect();
    [1, 3, 4].into_iter().find(|code| codes.contains(code)).unwrap_or(0)
}

fn undecided(report: &Report) -> u8 {
    let mut later = false;
    if let Some(open) = checked::not_checked(report) {
        if !open.waits() {
            return 3;
        }
        later = true;
    }
    let open = report.verdict.iter().flat_map(|verdict| &verdict.rules).filter(|rule| {
        rule.status == VerdictStatus::Unknown
            && rule.severity != Severity::Info
            && !rule.subject.stands_for_unchecked()
    });
    for rule in open {
        if !waits(rule, &report.endpoints) {
            return 3;
        }
        later = true;
    }
    // A token that was not to be had leaves its methods untried, and nobody knows what they would have done.
    if report.findings.iter().any(|finding| finding.id == "token-not-obtained") {
        return 3;
    }
    let judged_nothing = |verdict: &Verdict| verdict.rules.is_empty();
    if report.partial || report.verdict.as_ref().is_some_and(judged_nothing) {
        3
    } else if later {
        4
    } else {
        0
    }
}

/// Whether an open rule hangs on nothing but throttling and the attempt budget.
fn waits(rule: &Expectation, endpoints: &[EndpointReport]) -> bool {
    // A policy's rule is about several methods: all that were tried here bear on it.
    let method = rule.subject.method().filter(|_| rule.origin.is_none());
    let concerned =
        || endpoints.iter().filter(|endpoint| rule.endpoint.as_ref().is_none_or(|url| *url == endpoint.url));
    let failures = concerned().filter_map(|endpoint| endpoint.failure.as_ref());
    let attempts = concerned()
        .flat_map(|endpoint| &endpoint.attempts)
        .filter(|attempt| method.is_none_or(|method| attempt.method == *method))
        .filter_map(open_because);
    let mut reasons = failures.map(of_failure).chain(attempts).peekable();
    reasons.peek().is_some() && reasons.all(|why| why == Why::Later)
}

#[derive(PartialEq, Eq)]
enum Why {
    Later,
    Silence,
}

fn of_failure(failure: &Failure) -> Why {
    if failure.cause == Trouble::Throttled { Why::Later } else { Why::Silence }
}

/// Why an attempt decides nothing; `None` where it decides, or was never meant to be made.
fn open_because(attempt: &Attempt) -> Option<Why> {
    match &attempt.outcome {
        Outcome::NotTried { skip: Skip::Budget } => Some(Why::Later),
        Outcome::NotTried { skip: Skip::Cancelled } => Some(Why::Silence),
        Outcome::Inconclusive { failure, .. }
        | Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => Some(of_failure(failure)),
        Outcome::Refused { diagnosis, .. } => diagnosis.first().is_passing().then_some(Why::Later),
        _ => None,
    }
}
