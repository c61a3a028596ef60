//! What was not checked: the one place that decides whether a report saw what it was asked to see.
//!
//! A secret that was given and presented by no attempt of the mailbox leaves the mailbox not checked, whatever else is
//! known of it; so does an endpoint that could not be reached or tried. The verdict, the exit status and every form of
//! a report ask here; `docs/reports.md` has the same in a table. Nothing here is about what a server *said*: an answer
//! that decides nothing is undecided, and that is for the expectations.

mod certificate;
mod verdict;
mod why;

use mailprobe_probes::model::{
    Attempt, EndpointReport, Expectation, Kind, Missing, Outcome, Phase, Report, Skip, Trouble,
    VerdictStatus, Why,
};

pub(super) use verdict::complete;
pub use verdict::{Conclusion, conclusion};
pub(super) use why::why_nothing;

use super::kind;

/// What a report leaves open because it was never tried, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// What is missing.
    pub missing: Missing,
    /// Why, each reason once, with the endpoints it is about; never empty.
    pub reasons: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Why nothing was presented.
    pub why: Why,
    /// The URLs of the endpoints it is about, in the order of the report.
    pub endpoints: Vec<String>,
    /// Whether these are all endpoints of the report, so that naming them says nothing.
    pub everywhere: bool,
}

impl NotChecked {
    /// Whether nothing but the attempt budget or a throttling server stood in the way, so that asking again later is all
    /// there is to do.
    pub fn waits(&self) -> bool {
        self.reasons.iter().all(|reason| reason.why.waits())
    }

    /// Whether an expectation is open because of this, and not because of what a server said.
    pub fn explains(&self, rule: &Expectation) -> bool {
        rule.status == VerdictStatus::Unknown
            && (rule.subject.stands_for_unchecked()
                || match self.missing {
                    Missing::Secrets => true,
                    Missing::Secret(missing) => {
                        let method = rule.subject.method().filter(|_| rule.origin.is_none());
                        method.is_some_and(|method| kind::kind(method) == Some(missing))
                    }
                    Missing::Endpoints => {
                        let places = self.reasons.iter().flat_map(|reason| &reason.endpoints);
                        rule.endpoint.as_ref().is_some_and(|url| places.into_iter().any(|known| known == url))
                    }
                })
    }
}

/// What was to be checked and was not; `None` where everything that was asked for was tried.
pub fn not_checked(report: &Report) -> Option<NotChecked> {
    let given = given(report);
    let lost: Vec<Kind> = given.iter().copied().filter(|kind| !was_presented(report, *kind)).collect();
    let all = || report.endpoints.iter();
    let (missing, open): (Missing, Vec<(&EndpointReport, Why)>) = match lost.as_slice() {
        [] => {
            let open = all().filter_map(|endpoint| Some((endpoint, left_out(report, endpoint, &given)?)));
            (Missing::Endpoints, open.collect())
        }
        lost if lost.len() == given.len() => {
            (Missing::Secrets, all().map(|it| (it, why_nothing(report, it, &given))).collect())
        }
        [kind, ..] => {
            (Missing::Secret(*kind), all().map(|it| (it, why_nothing(report, it, &[*kind]))).collect())
        }
    };
    let mut places: Vec<&str> = all().map(|endpoint| endpoint.url.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let reasons = together(open, places.len());
    (!reasons.is_empty()).then_some(NotChecked { missing, reasons })
}

/// The kinds of secret that the run had to present. An older report does not say, and its attempts show it: what was
/// presented, or withheld for a reason that only a secret can meet, was given.
pub(super) fn given(report: &Report) -> Vec<Kind> {
    if let Some(given) = &report.given {
        return given.clone();
    }
    let attempts = || report.endpoints.iter().flat_map(|endpoint| &endpoint.attempts);
    let was_given = |kind: &Kind| {
        attempts().any(|attempt| {
            kind::kind(&attempt.method) == Some(*kind)
                && !matches!(
                    attempt.outcome,
                    Outcome::NotTried {
                        skip: Skip::NoPassword | Skip::NoToken | Skip::NotAsked | Skip::Unimplemented
                    }
                )
        })
    };
    [Kind::Password, Kind::Token].into_iter().filter(was_given).collect()
}

/// Whether an attempt put its login before the server. One that ended before there was anything to show for it did not.
pub const fn presented(attempt: &Attempt) -> bool {
    match &attempt.outcome {
        Outcome::Accepted { .. } | Outcome::Refused { .. } => true,
        // Whoever waits at the gate until time runs out has shown nothing either.
        Outcome::Inconclusive { failure, evidence, .. } => {
            evidence.is_some()
                || (matches!(failure.phase, Phase::Auth | Phase::Session | Phase::Logout)
                    && !matches!(failure.cause, Trouble::Deadline | Trouble::Timeout | Trouble::Cancelled))
        }
        Outcome::NotTried { .. } => false,
    }
}

fn was_presented(report: &Report, kind: Kind) -> bool {
    let attempts = report.endpoints.iter().flat_map(|endpoint| &endpoint.attempts);
    attempts.filter(|attempt| presented(attempt)).any(|attempt| kind::kind(&attempt.method) == Some(kind))
}

/// Why an endpoint was left out of a run whose secrets were presented elsewhere; `None` where it was tried, or left out
/// by the user's own choice of methods.
fn left_out(report: &Report, endpoint: &EndpointReport, given: &[Kind]) -> Option<Why> {
    if let Some(failure) = &endpoint.failure {
        return Some(Why::Failed(failure.clone()));
    }
    let why = || why_nothing(report, endpoint, given);
    if given.contains(&Kind::Token) && why::lacks_token(report, endpoint) {
        return Some(Why::NoTokenObtained);
    }
    if given.is_empty() || endpoint.attempts.iter().any(presented) {
        return None;
    }
    Some(why()).filter(Why::is_hindrance)
}

/// Each reason once; where there is a telling one, those that only say that nothing was to be done there are left out.
fn together(open: Vec<(&EndpointReport, Why)>, endpoints: usize) -> Vec<Reason> {
    let telling = open.iter().any(|(_, why)| why.is_hindrance());
    let mut reasons: Vec<Reason> = Vec::new();
    for (endpoint, why) in open {
        if telling && !why.is_hindrance() {
            continue;
        }
        match reasons.iter_mut().find(|reason| reason.why.says_the_same(&why)) {
            // One URL may have been visited at several addresses.
            Some(known) if known.endpoints.contains(&endpoint.url) => {}
            Some(known) => known.endpoints.push(endpoint.url.clone()),
            None => {
                reasons.push(Reason { why, endpoints: vec![endpoint.url.clone()], everywhere: false });
            }
        }
    }
    for reason in &mut reasons {
        reason.everywhere = reason.endpoints.len() == endpoints;
    }
    reasons
}

#[cfg(test)]
mod tests;
