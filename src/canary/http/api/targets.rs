//! Targets as they are now.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use super::{answer, wrong};
use crate::canary::cell::{CellKey, Standing, State as CellState};
use crate::canary::http::pages::Pages;
use crate::canary::view::{Micros, TargetView};

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
    /// Methods that log in, and those that do not, by protocol: `[["imap", 1, 3], ...]`.
    protocols: Vec<(&'t str, usize, usize)>,
}

impl<'t> Summary<'t> {
    pub(super) fn of(target: &'t TargetView) -> Self {
        let stands = |standing| target.cells.iter().filter(|view| view.cell.standing == standing).count();
        let mut protocols: Vec<(&str, usize, usize)> = Vec::new();
        for view in target.cells.iter().filter(|view| view.key.method != CellKey::ENDPOINT) {
            let scheme = view.key.endpoint.split(':').next().unwrap_or_default();
            let scheme = scheme.split('+').next().unwrap_or_default();
            // `imaps` and `imap` are one protocol to somebody who looks at a fleet; `ews` is no plural.
            let name = if scheme == "ews" { scheme } else { scheme.strip_suffix('s').unwrap_or(scheme) };
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
            changed: target.cells.iter().map(|view| view.since).max(),
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

pub(super) async fn one(State(pages): State<Pages>, Path(name): Path<String>) -> Response {
    match pages.source.target(&name) {
        Some(target) => answer(&*target),
        None => wrong(StatusCode::NOT_FOUND, "There is no such target in the configuration."),
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
