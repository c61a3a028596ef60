//! One look: the cells of one report, and how each stands to the rules. Pure; a stored report gives the same cells again.

use mailprobe_probes::model::{
    Attempt, Because, Cause, Demand, Diagnosis, EndpointReport, Expectation, Failure, Kind, Method, Methods,
    Outcome, Report, Session, Severity, Skip, Trouble, VerdictStatus, Wanted,
};

use super::cell::{Cell, CellKey, Standing, State};
use mailprobe_judge::{exit_code, kind, login_lists, login_offers};

/// Longest answer kept in a cell, characters; the transcript has the whole.
const LONGEST_ANSWER: usize = 500;

/// What a visit saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Cells that were looked at, in the order of the report.
    pub cells: Vec<(CellKey, Cell)>,
    /// `pass`, `fail`, `unknown` or `throttled`.
    pub status: &'static str,
}

/// Reads the cells of a report. `endpoints` are those of the configuration; others that an answer pointed to are left
/// out. `known` are the cells of earlier looks: of these the report may say that they are offered no more.
pub fn look<'k>(
    report: &Report,
    (target, module): (&str, &str),
    endpoints: &[String],
    known: impl Iterator<Item = &'k CellKey>,
) -> Look {
    let mut seen = Look { status: status(report), ..Look::default() };
    let mut heard = Vec::new();
    for url in endpoints {
        let Some(endpoint) = report.endpoints.iter().find(|endpoint| endpoint.url == *url) else { continue };
        let key = |method: &str| CellKey {
            target: target.to_owned(),
            module: module.to_owned(),
            endpoint: url.clone(),
            method: method.to_owned(),
        };
        let Some(itself) = of_endpoint(endpoint) else { continue };
        seen.cells.push((key(CellKey::ENDPOINT), itself));
        for attempt in &endpoint.attempts {
            if let Some(cell) = of_attempt(attempt) {
                seen.cells.push((key(attempt.method.name()), cell));
            }
        }
        for offer in login_offers(endpoint) {
            let key = key(offer.method.name());
            if !endpoint.attempts.iter().any(|attempt| attempt.method == offer.method)
                && !seen.cells.iter().any(|(known, _)| *known == key)
            {
                seen.cells.push((key, cell(State::Offered, true, None, &offer.token)));
            }
        }
        if endpoint.failure.is_none() && login_lists(endpoint).next().is_some() {
            heard.push(url);
        }
    }
    for key in known {
        if heard.contains(&&key.endpoint)
            && key.method != CellKey::ENDPOINT
            && !seen.cells.iter().any(|(known, _)| known == key)
        {
            seen.cells.push((key.clone(), cell(State::NotOffered, false, None, "")));
        }
    }
    let rules = report.verdict.iter().flat_map(|verdict| &verdict.rules);
    for rule in rules.filter(|rule| rule.severity != Severity::Info) {
        let subject = Subject::of(rule);
        if let Some(endpoint) = report.endpoints.iter().find(|it| rule.endpoint.as_ref() == Some(&it.url)) {
            let heard = heard.contains(&&endpoint.url);
            add_unseen(&mut seen.cells, rule, &subject, endpoint, heard);
        }
        stand(&mut seen.cells, rule, &subject);
    }
    own_up(&mut seen.cells);
    seen
}

/// What is seen where no visit could be made at all: nobody has looked at any endpoint, for this reason.
pub fn unmade((target, module): (&str, &str), endpoints: &[String], cause: &str, why: &str) -> Look {
    let key = |url: &String| CellKey {
        target: target.to_owned(),
        module: module.to_owned(),
        endpoint: url.clone(),
        method: CellKey::ENDPOINT.to_owned(),
    };
    let unclear = Cell { causes: vec![cause.to_owned()], ..cell(State::Unclear, false, None, why) };
    Look { cells: endpoints.iter().map(|url| (key(url), unclear.clone())).collect(), status: "unknown" }
}

/// `check` ends with the same judgement: what is open in any part of the report is not passed.
fn status(report: &Report) -> &'static str {
    match exit_code(std::slice::from_ref(report)) {
        0 => "pass",
        1 => "fail",
        4 => "throttled",
        _ => "unknown",
    }
}

/// Adds the cells that a rule is about and that this report has not: what a rule wants is shown, whatever was seen of it.
fn add_unseen(
    cells: &mut Vec<(CellKey, Cell)>,
    rule: &Expectation,
    subject: &Subject,
    endpoint: &EndpointReport,
    heard: bool,
) {
    let Subject::Methods(names, _) = subject else { return };
    // A policy names every method that there is; which of them a server has is seen when it is heard.
    if rule.origin.is_some() && (heard || rule.status != VerdictStatus::Unknown) {
        return;
    }
    let itself =
        cells.iter().find(|(key, _)| key.endpoint == endpoint.url && key.method == CellKey::ENDPOINT);
    let Some((place, itself)) = itself.cloned() else { return };
    for name in names.iter().filter(|name| name.is_of(endpoint.protocol)) {
        let key = CellKey { method: name.name().to_owned(), ..place.clone() };
        if cells.iter().any(|(known, _)| *known == key) {
            continue;
        }
        let because = rule.because.to_string();
        let why = if rule.status == VerdictStatus::Unknown { because.as_str() } else { "" };
        let unseen = if heard {
            cell(State::NotOffered, false, None, why)
        } else if itself.state.is_answer() {
            Cell::not_known(Standing::NoRule, Vec::new(), why.chars().take(LONGEST_ANSWER).collect())
        } else {
            Cell::not_known(Standing::NoRule, itself.causes.clone(), itself.answer.clone())
        };
        cells.push((key, unseen));
    }
}

/// An endpoint that was reached, and of which its own rules say that nobody knows whether anything works there, is not
/// known to be in order: what stood in the way of its methods stands in its way.
fn own_up(cells: &mut [(CellKey, Cell)]) {
    let states = |url: &str| {
        let own = cells.iter().filter(|(key, _)| key.endpoint == url && key.method != CellKey::ENDPOINT);
        let states: Vec<State> = own.map(|(_, cell)| cell.state).collect();
        let order = [State::Unclear, State::Throttled, State::NotTried];
        order.into_iter().find(|state| states.contains(state)).unwrap_or(State::Unclear)
    };
    let open = |(key, cell): &(CellKey, Cell)| {
        let itself = key.method == CellKey::ENDPOINT && cell.state == State::Reached;
        (itself && cell.standing == Standing::Undecided).then(|| states(&key.endpoint))
    };
    let found: Vec<Option<State>> = cells.iter().map(open).collect();
    for ((_, cell), state) in cells.iter_mut().zip(found) {
        cell.state = state.unwrap_or(cell.state);
    }
}

fn cell(state: State, advertised: bool, diagnosis: Option<&Diagnosis>, answer: &str) -> Cell {
    let causes = diagnosis.map(|it| it.causes.iter().map(|cause| cause.name().to_owned()).collect());
    Cell {
        state,
        advertised,
        causes: causes.unwrap_or_default(),
        answer: answer.chars().take(LONGEST_ANSWER).collect(),
        remedy: diagnosis.map(|it| it.remedy.clone()).unwrap_or_default(),
        standing: Standing::NoRule,
    }
}

/// The endpoint itself; nothing where the visit was cut short.
fn of_endpoint(endpoint: &EndpointReport) -> Option<Cell> {
    let Some(failure) = &endpoint.failure else {
        let greeting = endpoint.greeting.as_deref().unwrap_or_default();
        return Some(cell(State::Reached, true, None, greeting));
    };
    let state = match failure.cause {
        Trouble::Cancelled => return None,
        Trouble::Throttled => State::Throttled,
        // It is there; whether anybody can log in is what nobody can say.
        Trouble::Temporary | Trouble::Bug | Trouble::Deadline | Trouble::Preauthenticated => State::Unclear,
        _ => State::Unreachable,
    };
    Some(Cell { causes: vec![failure.cause.name()], ..cell(state, false, None, &told(failure)) })
}

fn told(failure: &Failure) -> String {
    format!("{}: {}", failure.phase, failure.detail)
}

fn of_attempt(attempt: &Attempt) -> Option<Cell> {
    let advertised = attempt.advertised;
    let silent = |cause: Trouble| match cause {
        Trouble::Cancelled => None,
        Trouble::Throttled => Some(State::Throttled),
        _ => Some(State::Unclear),
    };
    Some(match &attempt.outcome {
        Outcome::Accepted { reply, session, .. } => match session {
            Session::Shut { reply, diagnosis, .. } => {
                cell(State::Shut, advertised, Some(diagnosis), &reply.quoted())
            }
            Session::NotChecked { failure, .. } if failure.cause != Trouble::NotAsked => {
                cell(silent(failure.cause)?, advertised, None, &told(failure))
            }
            Session::NotChecked { .. } => cell(State::Accepted, advertised, None, &reply.quoted()),
            Session::Opened { .. } | Session::Sent { .. } => {
                cell(State::Usable, advertised, None, &reply.quoted())
            }
        },
        Outcome::Refused { reply, diagnosis, .. } => {
            let state = match diagnosis.first() {
                Cause::Throttled => State::Throttled,
                cause if cause.is_passing() => State::Unclear,
                _ => State::Refused,
            };
            cell(state, advertised, Some(diagnosis), &reply.quoted())
        }
        Outcome::Inconclusive { failure, answer, .. } => {
            let words = answer.as_ref().map_or_else(|| told(failure), |answer| answer.0.quoted());
            cell(silent(failure.cause)?, advertised, answer.as_ref().map(|answer| &answer.1), &words)
        }
        Outcome::NotTried { skip: Skip::Cancelled } => return None,
        Outcome::NotTried { skip: Skip::Budget } => cell(State::NotTried, advertised, None, ""),
        Outcome::NotTried { .. } if advertised => cell(State::Offered, advertised, None, ""),
        Outcome::NotTried { .. } => return None,
    })
}

/// Lets one decided rule bear on the cells that it is about.
fn stand(cells: &mut [(CellKey, Cell)], rule: &Expectation, subject: &Subject) {
    let here = |key: &CellKey| rule.endpoint.as_ref().is_none_or(|url| *url == key.endpoint);
    // What is wrong with none of the cells that there are is wrong with the endpoint.
    let nowhere = rule.status != VerdictStatus::Pass
        && !cells.iter().any(|(key, _)| here(key) && subject.is_about(&key.method));
    let subject = if nowhere { &Subject::Endpoint } else { subject };
    let about = |key: &CellKey| here(key) && subject.is_about(&key.method);
    let wanted = subject.wanted();
    let own = |cell: &Cell| wanted.and_then(|wanted| meets(wanted, cell));
    // A rule that failed for a reason that no cell shows by itself is broken by all that it is about.
    let told = cells.iter().any(|(key, cell)| about(key) && own(cell) == Some(false));
    for (key, cell) in cells.iter_mut() {
        if !about(key) {
            continue;
        }
        let standing = match rule.status {
            VerdictStatus::Fail if !told || own(cell) == Some(false) => Standing::NotMet,
            VerdictStatus::Pass | VerdictStatus::Fail => Standing::Met,
            VerdictStatus::Unknown if own(cell) == Some(true) => Standing::Met,
            VerdictStatus::Unknown => Standing::Undecided,
        };
        if standing == Standing::Undecided && key.method == CellKey::ENDPOINT && cell.state == State::Reached
        {
            // A greeting says nothing of why.
            cell.answer = reason(&rule.because).chars().take(LONGEST_ANSWER).collect();
        }
        cell.standing = graver(cell.standing, standing);
    }
}

fn graver(one: Standing, other: Standing) -> Standing {
    let order = [Standing::NotMet, Standing::Undecided, Standing::Met];
    order.into_iter().find(|standing| [one, other].contains(standing)).unwrap_or_default()
}

/// Whether a cell by itself is as wanted; nothing where it does not say.
fn meets(wanted: Wanted, cell: &Cell) -> Option<bool> {
    let taken = matches!(cell.state, State::Usable | State::Accepted | State::Shut);
    let refused = cell.state == State::Refused;
    match wanted {
        Wanted::Usable if cell.state == State::Accepted => None,
        Wanted::Usable => (taken || refused).then_some(cell.state == State::Usable),
        Wanted::Accepted => (taken || refused).then_some(taken),
        Wanted::NotAccepted => (taken || refused).then_some(refused),
        // Whether a refusal is one of this password the whole decision knows.
        Wanted::Refused => taken.then_some(false),
        Wanted::Advertised => Some(cell.advertised),
        Wanted::NotAdvertised => Some(!cell.advertised),
    }
}

/// Why a rule is open; where nothing was tried, the hindrance alone.
fn reason(because: &Because) -> String {
    match because {
        Because::NotChecked { why } | Because::NotPresented { why } => Because::clauses(why),
        other => other.to_string(),
    }
}

/// The cells of an endpoint that a rule is about.
enum Subject {
    Methods(Vec<Method>, Wanted),
    Of(Kind, Wanted),
    Endpoint,
}

impl Subject {
    fn of(rule: &Expectation) -> Self {
        match rule.subject.demand() {
            Some(Demand::Methods { methods: Methods::Named(names), wanted, .. }) => {
                Self::Methods(names.clone(), *wanted)
            }
            Some(Demand::Methods { methods: Methods::Of(kind), wanted, .. }) => Self::Of(*kind, *wanted),
            // What is implied is about all methods together.
            Some(Demand::TlsAtLeast { .. } | Demand::ActiveSyncAtLeast { .. }) | None => Self::Endpoint,
        }
    }

    fn is_about(&self, method: &str) -> bool {
        match self {
            Self::Methods(names, _) => names.iter().any(|name| name.name() == method),
            Self::Of(wanted, _) => {
                method != CellKey::ENDPOINT && kind(&Method::from_name(method)) == Some(*wanted)
            }
            Self::Endpoint => method == CellKey::ENDPOINT,
        }
    }

    const fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Methods(_, wanted) | Self::Of(_, wanted) => Some(*wanted),
            Self::Endpoint => None,
        }
    }
}

#[cfg(test)]
#[path = "look_tests.rs"]
mod tests;
