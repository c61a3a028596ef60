//! The expectations of the command line, decided on the endpoints of one report.
//!
//! A rule holds on every endpoint it is about, each decided by itself. What nobody said cannot be held for or
//! against a server: an attempt that was inconclusive or not made leaves its rules undecided.
//!
//! Where no rule is given and a secret was, one is implied: every endpoint opens the mailbox by at least one method;
//! or, in a run that was to stop at the login, accepts one. And where every rule would be met although something that
//! was asked for was not tried, the verdict says so in a rule of its own (see [`checked`](super::checked)).

use jiff::civil::{Date, DateTime};
use mailprobe_probes::model::{
    Attempt, Basis, Because, EndpointReport, Expectation, Outcome, Report, Session, Severity, Subject,
    Trouble, Verdict, VerdictStatus, moment,
};

use super::Rule;
use super::checked;
use super::decision::{Decision, decide, was_wanted};
use super::policy::{self, Policy};

/// Judges a report by the rules, or by the implied one. `None` where there is nothing to judge.
pub fn judge(report: &Report, rules: &[Rule]) -> Option<Verdict> {
    let mut decided = by_rules(report, rules).unwrap_or_default();
    complete(report, &mut decided);
    if decided.is_empty() {
        return None;
    }
    Some(Verdict { by: vec![Basis::CommandLine], status: status(&decided), rules: decided })
}

/// Judges a report by policies as they stand on a day, and by the rules; the implied rule has no say beside a policy.
/// Policies that say nothing about this report leave it undecided.
pub fn judge_by(report: &Report, rules: &[Rule], policies: &[Policy], at: Option<Date>) -> Option<Verdict> {
    if policies.is_empty() {
        return judge(report, rules);
    }
    let at = at.or_else(|| day(&report.started_at));
    let mut decided = if rules.is_empty() { Vec::new() } else { by_rules(report, rules).unwrap_or_default() };
    for policy in policies {
        decided.extend(at.into_iter().flat_map(|at| policy::expectations(policy, report, at)));
    }
    complete(report, &mut decided);
    let policies = policies.iter().map(|policy| Basis::Policy(policy.name.clone()));
    let by = policies.chain((!rules.is_empty()).then_some(Basis::CommandLine)).collect();
    Some(Verdict { by, status: status(&decided), rules: decided })
}

/// The day on which a report began, in UTC.
pub fn day(started_at: &str) -> Option<Date> {
    moment::parse(started_at).map(DateTime::date)
}

fn by_rules(report: &Report, rules: &[Rule]) -> Option<Vec<Expectation>> {
    let decided: Vec<Expectation> = if rules.is_empty() {
        let mut attempts = report.endpoints.iter().flat_map(|endpoint| &endpoint.attempts);
        if checked::given(report).is_empty() && !attempts.clone().any(was_wanted) {
            return None;
        }
        let subject =
            if attempts.any(stopped_at_login) { Subject::LoginAccepted } else { Subject::MailboxOpens };
        let decide = |endpoint| expectation(subject.clone(), endpoint, opens(report, endpoint));
        report.endpoints.iter().map(decide).collect()
    } else {
        let pairs =
            rules.iter().flat_map(|rule| report.endpoints.iter().map(move |endpoint| (rule, endpoint)));
        pairs
            .filter(|(rule, endpoint)| rule.is_about(endpoint.protocol))
            .map(|(rule, endpoint)| expectation(rule.subject(), endpoint, decide(rule, endpoint)))
            .collect()
    };
    (!decided.is_empty()).then_some(decided)
}

/// A verdict that would be good, or none at all, learns of what was not checked.
fn complete(report: &Report, decided: &mut Vec<Expectation>) {
    if decided.is_empty() || status(decided) == VerdictStatus::Pass {
        checked::complete(report, decided);
    }
}

/// Advice never decides; and a verdict over nothing is not known.
fn status(decided: &[Expectation]) -> VerdictStatus {
    let any = |status| decided.iter().any(|rule| rule.status == status && rule.severity != Severity::Info);
    if any(VerdictStatus::Fail) {
        VerdictStatus::Fail
    } else if any(VerdictStatus::Unknown) || decided.is_empty() {
        VerdictStatus::Unknown
    } else {
        VerdictStatus::Pass
    }
}

/// Whether the login was taken and nothing more was asked for.
fn stopped_at_login(attempt: &Attempt) -> bool {
    matches!(
        &attempt.outcome,
        Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } if failure.cause == Trouble::NotAsked
    )
}

fn expectation(subject: Subject, endpoint: &EndpointReport, decision: Decision) -> Expectation {
    Expectation {
        subject,
        status: decision.status,
        severity: Severity::Critical,
        because: decision.because,
        endpoint: Some(endpoint.url.clone()),
        evidence: decision.evidence,
        origin: None,
    }
}

fn opens(report: &Report, endpoint: &EndpointReport) -> Decision {
    if let Some(opened) = endpoint.attempts.iter().find(|attempt| attempt.outcome.usable() == Some(true)) {
        let because = Because::MethodOpened { method: opened.method.clone() };
        return Decision::new(VerdictStatus::Pass, because, opened.outcome.evidence());
    }
    if let Some(taken) = endpoint.attempts.iter().find(|attempt| stopped_at_login(attempt)) {
        let because = Because::MethodAccepted { method: taken.method.clone() };
        return Decision::new(VerdictStatus::Pass, because, taken.outcome.evidence());
    }
    let presented: Vec<&Attempt> = endpoint
        .attempts
        .iter()
        .filter(|attempt| !matches!(attempt.outcome, Outcome::NotTried { .. }))
        .collect();
    let open_question = presented.iter().find(|attempt| {
        matches!(
            attempt.outcome,
            Outcome::Inconclusive { .. } | Outcome::Accepted { session: Session::NotChecked { .. }, .. }
        )
    });
    if let Some(attempt) = open_question {
        let because = Because::MethodUnclear { method: attempt.method.clone() };
        return Decision::new(VerdictStatus::Unknown, because, attempt.outcome.evidence());
    }
    if let Some(last) = presented.last() {
        let methods = presented.iter().map(|attempt| attempt.method.clone()).collect();
        let because = Because::NoneOpened { methods };
        return Decision::new(VerdictStatus::Fail, because, last.outcome.evidence());
    }
    if let Some(failure) = &endpoint.failure {
        return Decision::visit_ended(failure);
    }
    let why = checked::why_nothing(report, endpoint, &checked::given(report));
    Decision::unknown(Because::NothingPresented { why: vec![why] })
}
