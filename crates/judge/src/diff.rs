//! What changed between two reports, cell by cell.

use std::collections::BTreeMap;

use mailprobe_probes::model::{
    Attempt, EndpointReport, LineRange, Method, Outcome, Reply, Report, Session, Stage,
};
use serde::Serialize;

use super::marks::without_marks;

/// How a cell changed, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The mailbox opened by it, and the server now says no.
    Broken,
    /// The mailbox opened by it, and nobody saw that again: it was not presented, or no answer says.
    NotKnown,
    /// The server said no, and the mailbox now opens by it.
    Fixed,
    /// Something else is different: the reason, the offer, or that nobody can say any more.
    Drifted,
    /// Only the server's words are.
    Wording,
}

impl Change {
    /// Every change.
    pub const ALL: &'static [Self] =
        &[Self::Broken, Self::NotKnown, Self::Fixed, Self::Drifted, Self::Wording];

    /// The word used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::NotKnown => "not known",
            Self::Fixed => "fixed",
            Self::Drifted => "drifted",
            Self::Wording => "wording",
        }
    }
}

/// What one report says of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellState {
    /// Whether the method was offered where it is used.
    pub advertised: bool,
    /// `accepted`, `refused`, `inconclusive`, `not-tried`; `None` where it was only looked for in the offers.
    pub outcome: Option<String>,
    /// Whether the mailbox opened.
    pub usable: Option<bool>,
    /// Causes, most likely first.
    pub causes: Vec<String>,
    /// The answer that decided it, in one line.
    pub answer: Option<String>,
    /// Lines of the endpoint's transcript.
    pub evidence: Option<LineRange>,
}

/// One cell that is not as it was. A side is `None` where that report has no such cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// The mailbox.
    pub mailbox: String,
    /// The endpoint as a URL.
    pub endpoint: String,
    /// The method.
    pub method: Method,
    /// How it changed.
    pub change: Change,
    /// As it was.
    pub before: Option<CellState>,
    /// As it is.
    pub after: Option<CellState>,
}

/// Two sets of reports, compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Cells that changed, gravest first, then in the order of the reports.
    pub changes: Vec<CellChange>,
    /// Cells that are as they were.
    pub unchanged: usize,
    /// Mailboxes and endpoints that only one side has.
    pub only_before: Vec<String>,
    /// Likewise.
    pub only_after: Vec<String>,
}

impl Diff {
    /// Whether something changed in this way.
    pub fn has(&self, kind: Change) -> bool {
        self.changes.iter().any(|change| change.change == kind)
    }

    /// The exit status: 1 where a login that worked is refused, 3 where nobody saw one work again, else 0.
    pub fn exit_code(&self) -> u8 {
        if self.has(Change::Broken) {
            1
        } else if self.has(Change::NotKnown) {
            3
        } else {
            0
        }
    }
}

/// Compares reports by mailbox, endpoint and method. Several addresses of one endpoint are compared in their order.
pub fn diff(before: &[Report], after: &[Report]) -> Diff {
    let mut diff = Diff::default();
    let (old, new) = (endpoints(before), endpoints(after));
    for (key, endpoint) in &old {
        let other = new.get(key);
        let changed = |method, change, before, after| CellChange {
            mailbox: key.0.to_owned(),
            endpoint: key.1.to_owned(),
            method,
            change,
            before,
            after,
        };
        let Some(other) = other else {
            diff.only_before.push(named(key));
            // Its name says enough of the rest.
            for method in methods(endpoint, endpoint) {
                let was = cell(endpoint, &method).filter(|was| was.usable == Some(true));
                diff.changes.extend(was.map(|was| changed(method, Change::NotKnown, Some(was), None)));
            }
            continue;
        };
        for method in methods(endpoint, other) {
            let (was, is) = (cell(endpoint, &method), cell(other, &method));
            match change(was.as_ref(), is.as_ref()) {
                None => diff.unchanged += 1,
                Some(change) => diff.changes.push(changed(method, change, was, is)),
            }
        }
    }
    diff.only_after = new.keys().filter(|key| !old.contains_key(*key)).map(named).collect();
    diff.changes.sort_by_key(|change| change.change);
    diff
}

/// Mailbox, URL, and which of several addresses.
type Key<'r> = (&'r str, &'r str, usize);

fn endpoints(reports: &[Report]) -> BTreeMap<Key<'_>, &EndpointReport> {
    let mut found = BTreeMap::new();
    for report in reports {
        for endpoint in &report.endpoints {
            let mut number = 0;
            while found.contains_key(&(report.mailbox.as_str(), endpoint.url.as_str(), number)) {
                number += 1;
            }
            found.insert((report.mailbox.as_str(), endpoint.url.as_str(), number), endpoint);
        }
    }
    found
}

fn named((mailbox, url, _): &Key<'_>) -> String {
    format!("{mailbox} on {url}")
}

/// The methods of either side: those tried, and those offered for a login.
fn methods(a: &EndpointReport, b: &EndpointReport) -> Vec<Method> {
    let mut all: Vec<Method> = Vec::new();
    for endpoint in [a, b] {
        let tried = endpoint.attempts.iter().map(|attempt| &attempt.method);
        let offered = login_lists(endpoint).flat_map(|list| &list.offers).map(|offer| &offer.method);
        for method in tried.chain(offered) {
            if !all.contains(method) {
                all.push(method.clone());
            }
        }
    }
    all
}

fn login_lists(endpoint: &EndpointReport) -> impl Iterator<Item = &mailprobe_probes::model::Advertisement> {
    let last =
        endpoint.advertised.iter().map(|list| list.stage).filter(|stage| *stage != Stage::AfterLogin).max();
    endpoint.advertised.iter().filter(move |list| Some(list.stage) == last)
}

fn cell(endpoint: &EndpointReport, method: &Method) -> Option<CellState> {
    let offered = login_lists(endpoint).any(|list| list.offers_method(method));
    let attempt = endpoint.attempts.iter().find(|attempt| attempt.method == *method);
    if let (None, Some(failure)) = (attempt, &endpoint.failure) {
        return Some(CellState {
            advertised: offered,
            outcome: Some("inconclusive".to_owned()),
            usable: None,
            causes: vec![failure.cause.name()],
            answer: Some(format!("{}: {}", failure.phase, failure.detail)),
            evidence: None,
        });
    }
    match attempt {
        Some(attempt) => Some(of_attempt(attempt)),
        None => offered.then(|| CellState {
            advertised: true,
            outcome: None,
            usable: None,
            causes: Vec::new(),
            answer: None,
            evidence: None,
        }),
    }
}

fn of_attempt(attempt: &Attempt) -> CellState {
    let outcome = &attempt.outcome;
    let (causes, answer) = match outcome {
        Outcome::Inconclusive { failure, .. } => (vec![failure.cause.name()], Some(failure.detail.clone())),
        Outcome::NotTried { skip } => (vec![skip.name()], None),
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => {
            (named_causes(outcome), Some(reply.quoted()))
        }
        _ => (named_causes(outcome), outcome.reply().map(Reply::quoted)),
    };
    CellState {
        advertised: attempt.advertised,
        outcome: Some(outcome.word().to_owned()),
        usable: outcome.usable(),
        causes,
        answer,
        evidence: outcome.evidence(),
    }
}

fn named_causes(outcome: &Outcome) -> Vec<String> {
    let causes = outcome.diagnosis().map(|diagnosis| diagnosis.causes.as_slice()).unwrap_or_default();
    causes.iter().map(|cause| cause.name().to_owned()).collect()
}

/// How a cell changed; `None` where it did not.
fn change(before: Option<&CellState>, after: Option<&CellState>) -> Option<Change> {
    // The server said no: to the login, or to opening the mailbox.
    let denied = |cell: &CellState| cell.outcome.as_deref() == Some("refused") || cell.usable == Some(false);
    let opens = |cell: &CellState| cell.usable == Some(true);
    if before.is_some_and(opens) && !after.is_some_and(opens) {
        return Some(if after.is_some_and(denied) { Change::Broken } else { Change::NotKnown });
    }
    let (Some(was), Some(is)) = (before, after) else {
        return (before.is_some() || after.is_some()).then_some(Change::Drifted);
    };
    if denied(was) && opens(is) {
        return Some(Change::Fixed);
    }
    let meaning =
        |cell: &CellState| (cell.advertised, cell.outcome.clone(), cell.usable, cell.causes.first().cloned());
    if meaning(was) != meaning(is) {
        return Some(Change::Drifted);
    }
    // Host names, times and ids in an answer are different each time and mean nothing.
    let words = |cell: &CellState| {
        cell.answer.as_deref().map(|answer| without_marks(&answer.replace(|c: char| c.is_ascii_digit(), "")))
    };
    (words(was) != words(is)).then_some(Change::Wording)
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
