//! What counts as a change: something new that was seen often enough. Pure; time is what the caller says it is.
//!
//! A cell *turns* when a look shows something else than what is confirmed, and has *changed* when `failures` of the last
//! `of` looks since then showed the same new thing. No answer (unclear, throttled, unreachable) turns nothing by itself: only
//! when it lasts for `silent` looks in a row is it what the cell is now. A method that nobody may try again, because its
//! password was refused as wrong, cannot be looked at a second time: there the first look counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cell::{Cell, CellKey, Standing, State};
use super::look::Look;
use super::view::{CellView, Micros};

/// How often something must be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// Looks that must agree on the new thing,
    pub failures: u32,
    /// of so many since it was first seen.
    pub of: u32,
    /// Looks in a row without an answer after which that is the state.
    pub silent: u32,
}

impl Default for Confirm {
    fn default() -> Self {
        Self { failures: 2, of: 3, silent: 4 }
    }
}

/// A confirmed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which cell.
    pub key: CellKey,
    /// What it was; nothing at the first look.
    pub before: Option<Cell>,
    /// Since when it was that.
    pub before_since: Option<Micros>,
    /// What it is.
    pub after: Cell,
    /// How many looks agreed.
    pub confirmed_after: u32,
}

/// What one look did to the cells of a target's module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Confirmed changes.
    pub changed: Vec<Changed>,
    /// Cells that must be written.
    pub dirty: Vec<CellKey>,
    /// Cells that are no more.
    pub gone: Vec<CellKey>,
    /// Whether something is turning, so that a second look should come soon.
    pub turning: bool,
}

/// A cell with what it may be turning into.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Track {
    cell: Cell,
    since: Micros,
    seen: Micros,
    turning: Option<Turning>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Turning {
    to: Cell,
    /// Looks that showed it.
    seen: u32,
    /// Looks with an answer since then.
    looks: u32,
}

/// The cells of one module of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    tracks: BTreeMap<CellKey, Track>,
}

impl Cells {
    /// As they were written down.
    pub fn restored(views: impl IntoIterator<Item = CellView>) -> Self {
        let track = |view: CellView| {
            let turning = view.turning.map(|(to, seen)| Turning { to, seen, looks: seen });
            (view.key, Track { cell: view.cell, since: view.since, seen: view.seen, turning })
        };
        Self { tracks: views.into_iter().map(track).collect() }
    }

    /// Which there are.
    pub fn keys(&self) -> impl Iterator<Item = &CellKey> {
        self.tracks.keys()
    }

    /// How they stand.
    pub fn views(&self) -> impl Iterator<Item = CellView> {
        self.tracks.iter().map(|(key, track)| track.view(key))
    }

    /// One of them.
    pub fn view(&self, key: &CellKey) -> Option<CellView> {
        self.tracks.get(key).map(|track| track.view(key))
    }

    /// Whether a rule is broken, as far as that is confirmed.
    pub fn any_not_met(&self) -> bool {
        self.tracks.values().any(|track| track.cell.standing == Standing::NotMet)
    }

    /// Takes a look into account.
    pub fn take(&mut self, look: Look, endpoints: &[String], now: Micros, confirm: Confirm) -> Outcome {
        let mut outcome = Outcome::default();
        let gone = self.tracks.keys().filter(|key| !endpoints.contains(&key.endpoint)).cloned();
        outcome.gone.extend(gone);
        for key in &outcome.gone {
            self.tracks.remove(key);
        }
        for (key, cell) in look.cells {
            self.one(key, cell, now, confirm, &mut outcome);
        }
        outcome.turning = self.tracks.values().any(|track| track.turning.is_some());
        outcome
    }

    fn one(&mut self, key: CellKey, cell: Cell, now: Micros, confirm: Confirm, outcome: &mut Outcome) {
        let Some(track) = self.tracks.get_mut(&key) else {
            // The first look is how it is. What nobody answered is not known yet.
            if cell.state.is_answer() || cell.state == State::Unreachable {
                if cell.standing == Standing::NotMet {
                    let (before, before_since) = (None, None);
                    let after = cell.clone();
                    outcome.changed.push(Changed {
                        key: key.clone(),
                        before,
                        before_since,
                        after,
                        confirmed_after: 1,
                    });
                }
                outcome.dirty.push(key.clone());
                self.tracks.insert(key, Track { cell, since: now, seen: now, turning: None });
            }
            return;
        };
        track.seen = now;
        let before = (track.cell.clone(), track.since, track.turning.clone());
        if let Some(seen) = track.step(cell, confirm) {
            let Some(turned) = track.turning.take() else { return };
            let was = std::mem::replace(&mut track.cell, turned.to);
            outcome.changed.push(Changed {
                key: key.clone(),
                before: Some(was),
                before_since: Some(track.since),
                after: track.cell.clone(),
                confirmed_after: seen,
            });
            track.since = now;
        }
        if before != (track.cell.clone(), track.since, track.turning.clone()) {
            outcome.dirty.push(key);
        }
    }
}

impl Track {
    fn view(&self, key: &CellKey) -> CellView {
        CellView {
            key: key.clone(),
            cell: self.cell.clone(),
            since: self.since,
            seen: self.seen,
            turning: self.turning.as_ref().map(|turning| (turning.to.clone(), turning.seen)),
        }
    }

    /// How many looks agreed, where what it was turning into is confirmed by this one.
    fn step(&mut self, cell: Cell, confirm: Confirm) -> Option<u32> {
        if cell.state == State::NotTried {
            // Nobody may look again, and somebody had: that was the answer.
            let refused = self.turning.as_ref().filter(|turning| turning.to.state == State::Refused);
            return refused.map(|turning| turning.seen);
        }
        if same(&self.cell, &cell) {
            // The newest words are shown; they are no change.
            self.cell.answer = cell.answer;
            self.cell.remedy = cell.remedy;
            let dropped = self.turning.as_mut().is_some_and(|turning| {
                turning.looks += 1;
                !turning.to.state.is_answer() || turning.looks >= confirm.of
            });
            if dropped {
                self.turning = None;
            }
            return None;
        }
        match &mut self.turning {
            Some(turning) if same(&turning.to, &cell) => {
                turning.to = cell;
                turning.seen += 1;
                turning.looks += 1;
            }
            // Silence takes nothing away from an answer that was seen.
            Some(turning) if turning.to.state.is_answer() && !cell.state.is_answer() => {}
            _ => self.turning = Some(Turning { to: cell, seen: 1, looks: 1 }),
        }
        let turning = self.turning.as_ref()?;
        let enough = if turning.to.state.is_answer() { confirm.failures } else { confirm.silent };
        (turning.seen >= enough.max(1)).then_some(turning.seen)
    }
}

/// Whether two looks show the same thing. The server's words and the causes behind the first may differ.
fn same(one: &Cell, other: &Cell) -> bool {
    let standing = |cell: &Cell| cell.state.is_answer().then_some(cell.standing);
    (one.state, one.advertised || !one.state.is_answer(), standing(one))
        == (other.state, other.advertised || !other.state.is_answer(), standing(other))
        && one.causes.first() == other.causes.first()
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
