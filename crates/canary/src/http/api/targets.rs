//! Targets as they are now.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mailprobe_probes::model::{Endpoint, Protocol};
use serde::Serialize;
use serde_json::{Value, json};

use super::asked::Named;
use super::{answer, wrong};
use crate::cell::{Cell, CellKey, Standing, State as CellState, Wrong};
use crate::http::pages::Pages;
use crate::status;
use crate::view::{CellView, Micros, TargetView};

/// A target without its cells.
#[derive(Debug, Serialize)]
pub(super) struct Summary<'t> {
    name: &'t str,
    mailbox: &'t str,
    groups: &'t [String],
    status: &'t str,
    last_visit: Option<Micros>,
    next_visit: Option<Micros>,
    elapsed_ms: Option<u64>,
    /// When one of its cells changed last.
    changed: Option<Micros>,
    /// How many cells a rule calls right, wrong, and undecided.
    met: usize,
    not_met: usize,
    undecided: usize,
    /// What is wrong with it, the gravest of it.
    wrong: Option<Trouble<'t>>,
    /// Methods that log in, and those that do not, by protocol: `[["imap", 1, 3], ...]`.
    protocols: Vec<(&'static str, usize, usize)>,
}

/// What is wrong with a target, in a line.
#[derive(Debug, Serialize)]
struct Trouble<'t> {
    endpoint: &'t str,
    /// Nothing where it is the endpoint itself.
    method: Option<&'t str>,
    state: CellState,
    /// Whether a rule is broken; nobody can say, where not.
    against: bool,
    /// Why nobody can say.
    reason: String,
    since: Micros,
}

impl<'t> Trouble<'t> {
    fn of(view: &'t CellView, wrong: Wrong) -> Self {
        let shown = shown(view);
        Self {
            endpoint: &view.key.endpoint,
            method: Some(view.key.method.as_str()).filter(|method| *method != CellKey::ENDPOINT),
            state: shown.state,
            against: wrong == Wrong::NotMet,
            reason: if wrong == Wrong::NotMet { String::new() } else { shown.reason() },
            since: view.since,
        }
    }
}

impl<'t> Summary<'t> {
    pub(super) fn of(target: &'t TargetView) -> Self {
        let stands = |standing| target.cells.iter().filter(|view| view.cell.standing == standing).count();
        let mut protocols: Vec<(&'static str, usize, usize)> = Vec::new();
        for view in target.cells.iter().filter(|view| view.key.method != CellKey::ENDPOINT) {
            let name = Endpoint::protocol_of(&view.key.endpoint).map_or("other", Protocol::name);
            let (yes, no) = match view.cell.state {
                CellState::Usable | CellState::Accepted => (1, 0),
                CellState::Refused | CellState::Shut => (0, 1),
                _ => (0, 0),
            };
            match protocols.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, accepted, refused)) => {
                    *accepted += yes;
                    *refused += no;
                }
                None => protocols.push((name, yes, no)),
            }
        }
        Self {
            name: &target.name,
            mailbox: &target.mailbox,
            groups: &target.groups,
            status: &target.status,
            last_visit: target.last_visit,
            next_visit: target.next_visit,
            elapsed_ms: target.elapsed_ms,
            changed: target
                .cells
                .iter()
                .filter(|view| view.cell.state != CellState::NotKnown)
                .map(|view| view.since)
                .max(),
            wrong: status::worst(target).map(|(view, wrong)| Trouble::of(view, wrong)),
            met: stands(Standing::Met),
            not_met: stands(Standing::NotMet),
            undecided: stands(Standing::Undecided),
            protocols,
        }
    }
}

pub(super) async fn all(State(pages): State<Pages>) -> Response {
    let targets = pages.source.targets();
    let summaries: Vec<Summary<'_>> = targets.iter().map(|target| Summary::of(target)).collect();
    answer(&json!({ "targets": summaries }))
}

pub(super) async fn one(State(pages): State<Pages>, Named(name): Named) -> Response {
    match pages.source.target(&name) {
        Some(target) => answer(&with_reasons(&target)),
        None => wrong(StatusCode::NOT_FOUND, "There is no such target in the configuration."),
    }
}

/// A target with its cells, and beside each of which nobody can say why that is so.
fn with_reasons(target: &TargetView) -> Value {
    let mut told = json!(target);
    let places = told.get_mut("cells").and_then(Value::as_array_mut).into_iter().flatten();
    for (place, view) in places.zip(&target.cells) {
        let open = view.cell.wrong(&view.key.method) == Some(Wrong::NotChecked);
        let nothing = view.turning.is_none() && view.cell.answer.is_empty() && view.cell.causes.is_empty();
        let seen = view.cell.state != CellState::NotKnown || !nothing;
        place["reason"] = json!((open && seen).then(|| shown(view).reason()));
    }
    told
}

/// What was seen says more than that nothing is confirmed yet.
fn shown(view: &CellView) -> &Cell {
    match &view.turning {
        Some((turning, _)) if view.cell.state == CellState::NotKnown => turning,
        _ => &view.cell,
    }
}

pub(super) async fn health(State(pages): State<Pages>) -> Response {
    let health = pages.source.health();
    let sinks: Vec<_> =
        pages.source.sinks().into_iter().map(|(name, mood)| json!({ "name": name, "mood": mood })).collect();
    let counters = pages.source.counters();
    answer(&json!({
        "ready": health.ready, "problems": health.problems, "sinks": sinks, "started": counters.started,
        "version": env!("CARGO_PKG_VERSION"), "external_url": pages.settings.external_url.as_ref().map(url::Url::as_str),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_has_one_name_whatever_scheme_its_endpoints_have() {
        let mut cells = Vec::new();
        for scheme in [
            "imaps",
            "imap",
            "imap+plain",
            "pop3s",
            "pop3",
            "smtps",
            "smtp",
            "ews",
            "eas",
            "eas+plain",
            "autodiscover",
            "mapi",
            "outlook-anywhere",
            "oab",
            "powershell",
            "reporting",
            "outlook-service",
        ] {
            let endpoint: Endpoint = format!("{scheme}://mail.example.com").parse().unwrap();
            let key = CellKey {
                target: "t".into(),
                module: "m".into(),
                endpoint: endpoint.url(),
                method: "Basic".into(),
            };
            let usable = Cell::not_known(Standing::NoRule, Vec::new(), String::new());
            let cell = Cell { state: CellState::Usable, ..usable };
            cells.push(CellView { key, cell, since: 1, seen: 1, turning: None });
        }
        let target = TargetView {
            name: "t".into(),
            mailbox: "a@example.com".into(),
            groups: Vec::new(),
            status: "pass".into(),
            last_visit: None,
            next_visit: None,
            elapsed_ms: None,
            cells,
        };
        let summary = Summary::of(&target);
        let names: Vec<&str> = summary.protocols.iter().map(|(name, ..)| *name).collect();
        let all: Vec<&str> = Protocol::ALL.iter().map(|protocol| protocol.name()).collect();
        assert_eq!(names, all);
        assert_eq!(summary.protocols[0], ("imap", 3, 0), "one protocol however TLS comes about");
    }
}
