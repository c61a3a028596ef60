//! What becomes of the entries that wait for one sink: told one by one, told as one because a share of all targets
//! changed in the same minute, or not at all because the cell went back while they waited. Pure: entries and a time in,
//! parcels out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::alike::kinds;
use super::notice::{Notice, Phase, Severity, Subject};
use super::outbox::Entry;
use crate::cell::State;
use crate::view::Micros;

const MINUTE: Micros = 60 * 1_000_000;
/// A storm has settled when so much time has passed without a minute like its first.
const CALM: Micros = 10 * MINUTE;
/// No receiver that failed is waited for so long.
const LONGEST_RETRY: Micros = 120 * MINUTE;
/// Names told as examples.
const EXAMPLES: usize = 10;

/// Some entries, and the notice that stands for all of them; none where nobody needs be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parcel {
    pub(super) notice: Option<Notice>,
    pub(super) ids: Vec<i64>,
    pub(super) attempts: u32,
}

/// When a change of many is a storm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Storminess {
    /// Targets there are.
    pub(super) targets: usize,
    /// Of one, how much of them changes within a minute.
    pub(super) share: f64,
}

impl Storminess {
    /// Targets that make a storm. Fewer than five are never one: three of ten can be read.
    fn threshold(self) -> usize {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let share = (self.targets as f64 * self.share).ceil() as usize;
        share.max(5)
    }
}

/// The storm that a sink was told of. Its entries stay in the outbox until its end, marked as announced, so that a restart
/// in between neither forgets it nor tells it again.
#[derive(Debug, Clone, Default)]
pub(super) struct Storm {
    /// When it began, where there is one.
    began: Option<Micros>,
    /// The last moment that was like it.
    last: Micros,
    /// Whether its beginning was told.
    told: bool,
}

impl Storm {
    /// A summary has been delivered. Every one but the first is the last: what is still a problem then is nothing new.
    pub(super) fn told(&mut self, phase: Phase) {
        match phase {
            Phase::Opens => self.told = true,
            Phase::Moves | Phase::Closes | Phase::Tells => *self = Self::default(),
        }
    }

    /// Takes up what was announced before a restart.
    fn resume(&mut self, changes: &[&Entry]) {
        let announced = || changes.iter().filter(|entry| entry.announced).map(|entry| entry.notice.at);
        if let (false, Some(first), Some(last)) = (self.told, announced().min(), announced().max()) {
            self.began = Some(self.began.map_or(first, |began| began.min(first)));
            self.last = self.last.max(last);
            self.told = true;
        }
    }

    /// Whether its beginning was told.
    pub(super) fn is_told(&self) -> bool {
        self.told
    }

    /// Whether one goes on.
    pub(super) fn goes_on(&self) -> bool {
        self.began.is_some()
    }
}

/// What to tell now.
pub(super) fn parcels(
    pending: &[Entry],
    now: Micros,
    storm: &mut Storm,
    storminess: Storminess,
) -> Vec<Parcel> {
    let changes: Vec<&Entry> = pending.iter().filter(|entry| entry.notice.target().is_some()).collect();
    storm.resume(&changes);
    storm.began = storm.began.map(|began| began.min(now));
    storm.last = storm.last.min(now);
    if let Some((began, last)) = stormy(&changes, storm, now, storminess.threshold()) {
        storm.began = Some(storm.began.map_or(began, |known| known.min(began)));
        storm.last = storm.last.max(last);
    }
    let mut parcels = Vec::new();
    if let Some(began) = storm.began {
        let over = now.saturating_sub(storm.last) >= CALM;
        if !storm.told || over {
            let phase = match (over, storm.told) {
                (false, _) => Phase::Opens,
                // Calm is not health: whoever reads "resolved" goes home.
                (true, _) if problems_remain(&changes) => Phase::Moves,
                (true, true) => Phase::Closes,
                // Nobody was told while it went on: the receiver, or we, were not there.
                (true, false) => Phase::Tells,
            };
            let notice = summary(&changes, began, phase, storminess.targets, now);
            // Told at its beginning they still wait; at its end they are done.
            let ids = if over { changes.iter().map(|entry| entry.id).collect() } else { Vec::new() };
            let attempts = changes.iter().map(|entry| entry.attempts).max().unwrap_or_default();
            parcels.push(Parcel { notice: Some(notice), ids, attempts });
        }
    } else {
        parcels.extend(one_by_one(&changes, now));
    }
    for entry in pending.iter().filter(|entry| entry.notice.target().is_none() && is_due(entry, now)) {
        parcels.push(Parcel {
            notice: Some(entry.notice.clone()),
            ids: vec![entry.id],
            attempts: entry.attempts,
        });
    }
    parcels
}

/// The beginning of a storm that goes on, as it is told.
pub(super) fn beginning(pending: &[Entry], storm: &Storm, targets: usize, now: Micros) -> Option<Notice> {
    let changes: Vec<&Entry> = pending.iter().filter(|entry| entry.notice.target().is_some()).collect();
    storm.began.map(|began| summary(&changes, began, Phase::Opens, targets, now))
}

/// A storm that has settled, as it is told while these members of it are still problems.
pub(super) fn settled(members: &[&Notice], targets: usize, now: Micros) -> Option<Notice> {
    let began = members.iter().map(|notice| notice.at).min()?;
    let entry =
        |notice: &&Notice| Entry { id: 0, notice: (*notice).clone(), attempts: 0, due: now, announced: true };
    let entries: Vec<Entry> = members.iter().map(entry).collect();
    Some(summary(&entries.iter().collect::<Vec<_>>(), began, Phase::Moves, targets, now))
}

/// Whether a cell is a problem after its last change.
fn problems_remain(changes: &[&Entry]) -> bool {
    by_cell(changes)
        .iter()
        .filter_map(|entries| entries.last())
        .any(|last| matches!(last.notice.phase, Phase::Opens | Phase::Moves))
}

/// Whether an entry may be told. One that was written while the clock was ahead waits for no day that is far away.
fn is_due(entry: &Entry, now: Micros) -> bool {
    let ahead = entry.notice.at.saturating_sub(now) > MINUTE;
    let retried_ahead = entry.attempts > 0 && entry.due.saturating_sub(now) > LONGEST_RETRY;
    entry.due <= now || ahead || retried_ahead
}

/// First and last moment of a minute in which so many targets changed.
fn stormy(changes: &[&Entry], storm: &Storm, now: Micros, threshold: usize) -> Option<(Micros, Micros)> {
    // What was written while the clock was ahead belongs to the storm that goes on, and does not make it last.
    let latest = if storm.goes_on() { storm.last } else { now };
    let moment = |at: Micros| if at > now { latest } else { at };
    let mut ordered: Vec<(Micros, &str)> =
        changes.iter().filter_map(|entry| Some((moment(entry.notice.at), entry.notice.target()?))).collect();
    ordered.sort_unstable();
    let mut inside: HashMap<&str, usize> = HashMap::new();
    let mut first = ordered.iter();
    let mut found: Option<(Micros, Micros)> = None;
    for (at, target) in &ordered {
        *inside.entry(target).or_default() += 1;
        while let Some((oldest, name)) = first.as_slice().first() {
            if at.saturating_sub(*oldest) < MINUTE {
                break;
            }
            if let Some(count) = inside.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    inside.remove(name);
                }
            }
            first.next();
        }
        if inside.len() >= threshold {
            let oldest = first.as_slice().first().map_or(*at, |(oldest, _)| *oldest);
            found = Some((found.map_or(oldest, |(began, _)| began), *at));
        }
    }
    found
}

fn summary(changes: &[&Entry], began: Micros, phase: Phase, of: usize, now: Micros) -> Notice {
    let mut names = BTreeSet::new();
    let mut became: BTreeMap<State, usize> = BTreeMap::new();
    for entry in changes {
        if let Subject::Cell { key, after, .. } = &entry.notice.subject {
            names.insert(key.target.clone());
            *became.entry(after.state).or_default() += 1;
        }
    }
    let mut became: Vec<(String, usize)> =
        became.into_iter().map(|(state, count)| (state.name().to_owned(), count)).collect();
    became.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // What a cell went through since it was first told counts as one step; what is again as it was tells nothing.
    let steps: Vec<Notice> = by_cell(changes).iter().filter_map(|entries| merged(entries).notice).collect();
    let kinds = kinds(steps.iter());
    let severity = changes.iter().map(|entry| entry.notice.severity).max().unwrap_or(Severity::Warning);
    let link = changes.iter().find_map(|entry| entry.notice.link.as_deref());
    Notice {
        phase,
        severity,
        at: if phase == Phase::Closes { now } else { began },
        subject: Subject::Storm {
            changed: names.len(),
            of,
            became,
            examples: names.into_iter().take(EXAMPLES).collect(),
            kinds,
        },
        // To the whole, not to one of its targets.
        link: link.map(|link| link.split('#').next().unwrap_or(link).to_owned()),
    }
}

/// The changes of each cell, in the order in which the cells came.
fn by_cell<'e>(changes: &[&'e Entry]) -> Vec<Vec<&'e Entry>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut cells: Vec<Vec<&Entry>> = Vec::new();
    for entry in changes {
        let place = *places.entry(entry.notice.identity()).or_insert(cells.len());
        match cells.get_mut(place) {
            Some(known) => known.push(entry),
            None => cells.push(vec![entry]),
        }
    }
    cells
}

/// Changes of one cell that wait together are one change, and none where it is again what it was.
fn one_by_one(changes: &[&Entry], now: Micros) -> Vec<Parcel> {
    let cells = by_cell(changes);
    // The youngest decides: one that is retried later holds back those after it, so that order is kept.
    cells
        .iter()
        .filter(|entries| entries.iter().all(|entry| is_due(entry, now)))
        .map(|entries| merged(entries))
        .collect()
}

fn merged(entries: &[&Entry]) -> Parcel {
    let ids = entries.iter().map(|entry| entry.id).collect();
    let attempts = entries.iter().map(|entry| entry.attempts).max().unwrap_or_default();
    let notice = match entries {
        [] => None,
        [only] => Some(only.notice.clone()),
        [first, .., last] => join(&first.notice, &last.notice),
    };
    Parcel { notice, ids, attempts }
}

fn join(first: &Notice, last: &Notice) -> Option<Notice> {
    let (Subject::Cell { before, before_since, .. }, Subject::Cell { key, mailbox, after, .. }) =
        (&first.subject, &last.subject)
    else {
        return Some(last.clone());
    };
    let back = match before {
        Some(before) => {
            (before.state, before.standing) == (after.state, after.standing) && before.causes == after.causes
        }
        // Broken when it was first looked at, and in order before anybody was told.
        None => last.phase == Phase::Closes,
    };
    if back {
        return None;
    }
    let phase = match (first.phase, last.phase) {
        // It ended before anybody was told that it began.
        (Phase::Opens, Phase::Closes) => Phase::Tells,
        (Phase::Opens | Phase::Tells, Phase::Moves) => Phase::Opens,
        (Phase::Closes, Phase::Opens) => Phase::Moves,
        (Phase::Moves | Phase::Closes, Phase::Closes) | (Phase::Closes, Phase::Tells) => Phase::Closes,
        (_, last) => last,
    };
    let subject = Subject::Cell {
        key: key.clone(),
        mailbox: mailbox.clone(),
        before: before.clone(),
        after: after.clone(),
        before_since: *before_since,
    };
    Some(Notice { phase, severity: first.severity.max(last.severity), subject, ..last.clone() })
}
