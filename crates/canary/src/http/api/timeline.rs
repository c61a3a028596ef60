//! From changes to stretches of time: what each cell was, and from when to when. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cell::{Cell, CellKey, Standing, State};
use crate::source::Change;
use crate::view::{CellView, Micros};

/// A cell was this for so long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Stretch {
    pub(super) from: Micros,
    pub(super) until: Micros,
    pub(super) state: State,
    pub(super) standing: Standing,
    pub(super) answer: String,
    /// The visit that confirmed its beginning, where it began inside the time looked at.
    pub(super) visit: Option<i64>,
}

/// The stretches of one cell, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) key: CellKey,
    pub(super) stretches: Vec<Stretch>,
}

/// The rows of a target from `since` to `now`. `changes` may be in any order and those of one target.
pub(super) fn rows(cells: &[CellView], changes: &[Change], since: Micros, now: Micros) -> Vec<Row> {
    let since = since.min(now);
    let mut of_cell: BTreeMap<&CellKey, Vec<&Change>> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.at > since && change.at <= now) {
        of_cell.entry(&change.key).or_default().push(change);
    }
    let mut rows = Vec::new();
    for view in cells {
        let mut changes = of_cell.remove(&view.key).unwrap_or_default();
        changes.sort_by_key(|change| (change.at, change.id));
        rows.push(row(view, &changes, since, now));
    }
    rows
}

fn row(view: &CellView, changes: &[&Change], since: Micros, now: Micros) -> Row {
    let stretch = |cell: &Cell, from, until, visit| Stretch {
        from,
        until,
        state: cell.state,
        standing: cell.standing,
        answer: cell.answer.clone(),
        visit,
    };
    let mut stretches = Vec::new();
    match changes.first() {
        // Nobody knows what it was before it was first looked at.
        Some(first) => {
            let from = first.before_since.map_or(since, |before| before.clamp(since, first.at));
            stretches.extend(first.before.as_ref().map(|cell| stretch(cell, from, first.at, None)));
        }
        None => stretches.push(stretch(&view.cell, view.since.clamp(since, now), now, None)),
    }
    for (at, change) in changes.iter().enumerate() {
        let until = changes.get(at + 1).map_or(now, |next| next.at);
        // Out of "not known" it has been so since it was first seen, and that was confirmed later.
        let seen = change.before_since.filter(|_| change.before.is_none()).unwrap_or(change.at);
        stretches.push(stretch(&change.after, seen.clamp(since, change.at), until, change.visit));
    }
    Row { key: view.key.clone(), stretches }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(state: State) -> Cell {
        Cell {
            state,
            advertised: true,
            causes: Vec::new(),
            answer: state.name().to_owned(),
            remedy: String::new(),
            standing: Standing::NoRule,
        }
    }

    #[test]
    fn the_stretches_of_a_cell_fill_the_time_without_a_gap() {
        let key = CellKey {
            target: "a".into(),
            module: "m".into(),
            endpoint: "imaps://a".into(),
            method: "PLAIN".into(),
        };
        let view =
            CellView { key: key.clone(), cell: cell(State::Usable), since: 70, seen: 99, turning: None };
        let change = |id, at, before, after| Change {
            id,
            key: key.clone(),
            at,
            visit: Some(id),
            before: Some(cell(before)),
            before_since: None,
            after: cell(after),
            confirmed_after: 2,
        };
        let changes = [
            change(3, 70, State::Refused, State::Usable),
            change(2, 30, State::Usable, State::Refused),
            change(1, 5, State::Refused, State::Usable),
        ];
        let found = rows(std::slice::from_ref(&view), &changes, 10, 100);
        let shown: Vec<_> =
            found[0].stretches.iter().map(|stretch| (stretch.from, stretch.until, stretch.state)).collect();
        assert_eq!(shown, [(10, 30, State::Usable), (30, 70, State::Refused), (70, 100, State::Usable)]);
        let known = Change { before_since: Some(20), ..changes[1].clone() };
        assert_eq!(
            rows(std::slice::from_ref(&view), &[known], 10, 100)[0].stretches[0].from,
            20,
            "first looked at"
        );
        // Out of "not known": so since it was first seen, which was confirmed later.
        let first = Change { before: None, before_since: Some(20), ..changes[1].clone() };
        let begun = rows(std::slice::from_ref(&view), &[first], 10, 100);
        assert_eq!((begun[0].stretches.len(), begun[0].stretches[0].from), (1, 20));
        let ahead = rows(std::slice::from_ref(&view), &[], 200, 100);
        assert_eq!((ahead[0].stretches[0].from, ahead[0].stretches[0].until), (100, 100), "no time at all");
        let quiet = rows(&[view], &[], 10, 100);
        assert_eq!((quiet[0].stretches[0].from, quiet[0].stretches[0].until), (70, 100));
    }
}
