//! Records as the canary writes them.

use mailprobe_canary::alert::NewAlert;
use mailprobe_canary::cell::{Cell, CellKey, Standing, State};
use mailprobe_canary::history::{NewChange, Record};
use mailprobe_canary::view::{CellView, Micros};

pub(crate) const DAY: Micros = 86_400 * 1_000_000;

pub(crate) fn key(target: &str) -> CellKey {
    CellKey {
        target: target.into(),
        module: "default".into(),
        endpoint: "imaps://a.test:993".into(),
        method: "PLAIN".into(),
    }
}

/// With an answer that no database may take for its own: quotes, a NUL, letters of elsewhere.
pub(crate) fn cell(state: State) -> Cell {
    Cell {
        state,
        advertised: true,
        causes: Vec::new(),
        answer: "NO 'a' \"b\" \\ $1 ? \0 \u{65e5}\u{1f511}".into(),
        remedy: String::new(),
        standing: Standing::Met,
    }
}

/// A visit in which nothing changed.
pub(crate) fn visit(target: &str, at: Micros) -> Record {
    Record {
        target: target.into(),
        module: "default".into(),
        started_at: at,
        elapsed_ms: 40,
        status: "pass".into(),
        report: Some(format!("{{\"at\":{at}}}")),
        seen: Some(at),
        ..Record::default()
    }
}

/// A visit that confirms a change: with a cell, a notice and a note.
pub(crate) fn change(target: &str, at: Micros) -> Record {
    let notice = serde_json::json!({
        "phase": "opens", "severity": "critical", "at": at, "link": null,
        "subject": {"about": "expiry", "what": "token", "name": target, "at": at, "remedy": "renew it"}
    });
    let notice = serde_json::from_value(notice).unwrap();
    let changed = NewChange {
        key: key(target),
        at,
        before: Some(cell(State::Usable)),
        before_since: Some(at - 1),
        after: cell(State::Refused),
        confirmed_after: 2,
        alerts: vec![NewAlert { sink: "pager".into(), notice, due: at }],
    };
    let view = CellView { key: key(target), cell: cell(State::Refused), since: at, seen: at, turning: None };
    Record {
        telling: true,
        status: "fail".into(),
        cells: vec![view],
        changes: vec![changed],
        notes: vec![("last".into(), at.to_string())],
        ..visit(target, at)
    }
}
