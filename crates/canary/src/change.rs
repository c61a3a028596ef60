//! What counts as a change: something new that was seen often enough. Pure; time is what the caller says it is.
//!
//! A cell *turns* when a look shows something else than what is confirmed, and has *changed* when `failures` of the last
//! `of` looks since then showed the same new thing. No answer (unclear, throttled, unreachable) turns nothing by itself: only
//! when it lasts for `silent` looks in a row is it what the cell is now. A method that nobody may try again, because its
//! password was refused as wrong, cannot be looked at a second time: there the first look counts.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
    /// What it was; nothing where it was not known.
    pub before: Option<Cell>,
    /// Since when it was that; where it was not known, since when what it is now was seen.
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
        let (track, before) = match self.tracks.entry(key.clone()) {
            Entry::Occupied(place) => {
                let track = place.into_mut();
                // Nothing was heard of it, which takes nothing from what is known.
                if cell.state == State::NotKnown && track.cell.state != State::NotKnown {
                    return;
                }
                let before = (track.cell.clone(), track.since, track.turning.clone());
                (track, Some(before))
            }
            Entry::Vacant(place) => {
                // What nobody answered, and no rule is about, is nothing to be told.
                if !cell.is_settled() && key.method != CellKey::ENDPOINT && cell.standing == Standing::NoRule
                {
                    return;
                }
                let unknown = Cell::not_known(Standing::NoRule, Vec::new(), String::new());
                (place.insert(Track { cell: unknown, since: now, seen: now, turning: None }), None)
            }
        };
        track.seen = now;
        let confirmed = if track.cell.state == State::NotKnown {
            track.first(cell, now, confirm)
        } else {
            track.step(cell, &key.method, confirm)
        };
        if let (Some(seen), Some(turned)) = (confirmed, confirmed.and_then(|_| track.turning.take())) {
            let was = std::mem::replace(&mut track.cell, turned.to);
            let known = was.state != State::NotKnown;
            outcome.changed.push(Changed {
                key: key.clone(),
                before: known.then_some(was),
                before_since: Some(track.since),
                after: track.cell.clone(),
                confirmed_after: seen,
            });
            if known {
                track.since = now;
            }
        }
        if before != Some((track.cell.clone(), track.since, track.turning.clone())) {
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

    /// A look at what was not known so far: how many looks agreed, where what is wrong with it is confirmed by this one.
    fn first(&mut self, cell: Cell, now: Micros, confirm: Confirm) -> Option<u32> {
        if cell.is_settled() {
            (self.cell, self.since, self.turning) = (cell, now, None);
            return None;
        }
        if self.is_last_word(&cell) {
            return self.turning.as_ref().map(|turning| turning.seen);
        }
        let standing = match cell.standing {
            Standing::NoRule => Standing::NoRule,
            _ => Standing::Undecided,
        };
        self.cell = Cell::not_known(standing, cell.causes.clone(), cell.answer.clone());
        let against = |cell: &Cell| cell.state.is_answer() && cell.standing == Standing::NotMet;
        if cell.state == State::Throttled {
            // Neither right nor wrong: what was not known is not known yet.
            return None;
        }
        if cell.state == State::NotKnown {
            // Its endpoint was not reached, which is told of the endpoint.
            self.turning = self.turning.take().filter(|turning| against(&turning.to));
            return None;
        }
        match &mut self.turning {
            Some(turning) if same(&turning.to, &cell) || (!against(&turning.to) && !against(&cell)) => {
                turning.to = cell;
                turning.seen += 1;
                turning.looks += 1;
            }
            // Silence takes nothing away from an answer that was seen.
            Some(turning) if against(&turning.to) && !cell.state.is_answer() => {}
            _ => {
                // It has been out of reach since it is watched, but against its rule since this was seen.
                if against(&cell) {
                    self.since = now;
                }
                self.turning = Some(Turning { to: cell, seen: 1, looks: 1 });
            }
        }
        let turning = self.turning.as_ref()?;
        let enough = if against(&turning.to) { confirm.failures } else { confirm.silent };
        (turning.seen >= enough.max(1)).then_some(turning.seen)
    }

    /// Nobody may look again, and somebody had, and was told no: that was the answer.
    fn is_last_word(&self, cell: &Cell) -> bool {
        let told_no = |to: &Cell| {
            to.state == State::Refused || (to.state.is_answer() && to.standing == Standing::NotMet)
        };
        cell.state == State::NotTried && self.turning.as_ref().is_some_and(|turning| told_no(&turning.to))
    }

    /// How many looks agreed, where what it was turning into is confirmed by this one.
    fn step(&mut self, cell: Cell, method: &str, confirm: Confirm) -> Option<u32> {
        if cell.state == State::NotTried {
            let last_word = self.is_last_word(&cell);
            return self.turning.as_ref().filter(|_| last_word).map(|turning| turning.seen);
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
            // No answer is no answer, whatever stood in its way this time.
            Some(turning) if same(&turning.to, &cell) || (is_silent(&turning.to) && is_silent(&cell)) => {
                turning.to = cell;
                turning.seen += 1;
                turning.looks += 1;
            }
            // Silence takes nothing away from an answer that was seen.
            Some(turning) if turning.to.state.is_answer() && !cell.state.is_answer() => {}
            _ => self.turning = Some(Turning { to: cell, seen: 1, looks: 1 }),
        }
        let turning = self.turning.as_ref()?;
        let silent = !self.cell.state.is_answer() && self.cell.wrong(method).is_some();
        let enough = match turning.to.state.is_answer() {
            true if silent && turning.to.is_settled() => 1,
            true => confirm.failures,
            false => confirm.silent,
        };
        (turning.seen >= enough.max(1)).then_some(turning.seen)
    }
}

/// Whether nobody said anything, and nobody asked for patience.
const fn is_silent(cell: &Cell) -> bool {
    !cell.state.is_answer() && !matches!(cell.state, State::Throttled)
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
