//! What a report comes to as a whole, and how a verdict learns of what was not checked.

use mailprobe_probes::model::{
    Because, Expectation, Missing, Report, Severity, Subject, Verdict, VerdictStatus,
};

use super::{NotChecked, not_checked};

/// What a report comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// Everything that was asked for was tried, and every expectation is met.
    Met,
    /// An expectation is not met.
    NotMet,
    /// An answer decides nothing, or no rule says anything.
    Undecided,
    /// Something that was asked for was not tried, and that is all that is open.
    NotChecked(NotChecked),
    /// Nothing was to be presented and nothing is expected: there is nothing to judge.
    NothingAsked,
}

/// What a report comes to. Where it is [`Conclusion::NotMet`] or [`Conclusion::Undecided`], [`not_checked`] may still
/// have something to say.
pub fn conclusion(report: &Report) -> Conclusion {
    let status = report.verdict.as_ref().map(|verdict| verdict.status);
    match (status, not_checked(report)) {
        (Some(VerdictStatus::Fail), _) => Conclusion::NotMet,
        (_, Some(open)) if explains(&open, report.verdict.as_ref()) => Conclusion::NotChecked(open),
        (Some(VerdictStatus::Unknown), _) | (_, Some(_)) => Conclusion::Undecided,
        (Some(VerdictStatus::Pass), None) => Conclusion::Met,
        (None, None) => Conclusion::NothingAsked,
    }
}

/// Whether every expectation that is open is open because of this.
fn explains(open: &NotChecked, verdict: Option<&Verdict>) -> bool {
    let rules = verdict.into_iter().flat_map(|verdict| &verdict.rules);
    let mut undecided =
        rules.filter(|rule| rule.status == VerdictStatus::Unknown && rule.severity != Severity::Info);
    undecided.all(|rule| open.explains(rule))
}

/// Adds what was not checked to expectations that would all be met without it. A run that presented nothing and expects
/// nothing is judged by this alone.
pub(crate) fn complete(report: &Report, decided: &mut Vec<Expectation>) {
    let Some(open) = not_checked(report) else { return };
    let own = |endpoint: Option<String>, because: Because| Expectation {
        subject: Subject::Checked { missing: open.missing },
        status: VerdictStatus::Unknown,
        severity: Severity::Critical,
        because,
        endpoint,
        evidence: None,
        origin: None,
    };
    if open.missing == Missing::Endpoints {
        for reason in &open.reasons {
            let because = Because::NotChecked { why: vec![reason.why.clone()] };
            decided.extend(reason.endpoints.iter().map(|url| own(Some(url.clone()), because.clone())));
        }
        return;
    }
    let why = open.reasons.iter().map(|reason| reason.why.clone()).collect();
    decided.push(own(None, Because::NotPresented { why }));
}
