//! The members of a storm by kind: what its message says of them. A storm stands for their notices, so it says what they
//! would have said, once for all that tell the same.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::message::clock;
use super::notice::{Notice, Subject};
use crate::cell::{Standing, Wrong};
use crate::view::Micros;

/// Kinds that are told one by one.
const MOST: usize = 8;
/// Targets that are named for each kind, where there are several.
const NAMED: usize = 5;
/// Reasons in a headline.
const REASONS: usize = 3;

/// What some cells have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum What {
    /// They could not be checked when they were first looked at.
    NotChecked {
        /// Why.
        reason: String,
    },
    /// They were against their rules when they were first looked at.
    AgainstRule {
        /// What they are.
        state: String,
    },
    /// They went from one state to another.
    Went {
        /// What they were.
        from: String,
        /// What they are.
        to: String,
        /// Why nobody can say more, where that is so.
        reason: Option<String>,
    },
    /// They are one thing, and were not known before.
    Is {
        /// What they are.
        state: String,
    },
    /// What is beyond the number of kinds that are told.
    Other,
}

/// Cells that tell the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// What they tell.
    #[serde(flatten)]
    pub what: What,
    /// Since when the first of them is so.
    pub since: Micros,
    /// How many cells.
    pub cells: usize,
    /// Their targets, by name: all of them where they are few.
    pub targets: BTreeSet<String>,
}

impl What {
    fn of(notice: &Notice) -> Option<(Self, Micros, &str)> {
        let Subject::Cell { key, before, after, before_since, .. } = &notice.subject else { return None };
        let state = || after.state.name().to_owned();
        let not_checked = after.wrong(&key.method) == Some(Wrong::NotChecked);
        let first_seen = before_since.unwrap_or(notice.at);
        let (what, since) = match before {
            None if not_checked => (Self::NotChecked { reason: after.reason() }, first_seen),
            None if after.standing == Standing::NotMet => (Self::AgainstRule { state: state() }, first_seen),
            None => (Self::Is { state: state() }, notice.at),
            Some(before) => {
                let from = before.state.name().to_owned();
                let reason = not_checked.then(|| after.reason());
                (Self::Went { from, to: state(), reason }, notice.at)
            }
        };
        Some((what, since, &key.target))
    }

    /// Whether something became another thing, rather than being seen for the first time.
    const fn is_change(&self) -> bool {
        matches!(self, Self::Went { .. })
    }
}

/// The kinds among some notices, the most frequent first.
pub(super) fn kinds<'n>(notices: impl Iterator<Item = &'n Notice>) -> Vec<Alike> {
    let mut kinds: Vec<Alike> = Vec::new();
    for (what, since, target) in notices.filter_map(What::of) {
        // What every server says in words of its own makes no kind of its own for ever.
        let full = kinds.len() >= MOST && !kinds.iter().any(|kind| kind.what == what);
        let what = if full { What::Other } else { what };
        let place = kinds.iter().position(|kind| kind.what == what).unwrap_or_else(|| {
            kinds.push(Alike { what, since, cells: 0, targets: BTreeSet::new() });
            kinds.len() - 1
        });
        if let Some(kind) = kinds.get_mut(place) {
            kind.since = kind.since.min(since);
            kind.cells += 1;
            if kind.targets.len() <= NAMED {
                kind.targets.insert(target.to_owned());
            }
        }
    }
    kinds.sort_by_key(|kind| (kind.what == What::Other, std::cmp::Reverse(kind.cells)));
    kinds
}

impl Alike {
    /// What they do, for a sentence whose subject they are.
    fn words(&self, read: Micros) -> String {
        let since = clock(self.since, read);
        match &self.what {
            What::NotChecked { reason } => format!("cannot be checked since {since}: {reason}"),
            What::AgainstRule { state } => format!("{state} since {since}, against the rule"),
            What::Went { from, to, reason: None } => format!("went from {from} to {to}"),
            What::Went { from, to, reason: Some(reason) } => format!("went from {from} to {to}: {reason}"),
            What::Is { state } => format!("became {state}"),
            What::Other => "with other answers".to_owned(),
        }
    }
}

/// The headline of a storm of so many targets, by what its cells have in common; nothing where all of them changed.
pub(super) fn headline(kinds: &[Alike], (told, of): (usize, usize), read: Micros) -> Option<String> {
    if kinds.iter().all(|kind| kind.what.is_change()) {
        return None;
    }
    let mut reasons: Vec<&str> = Vec::new();
    let mut other = false;
    for kind in kinds {
        match &kind.what {
            What::NotChecked { reason } if reasons.len() < REASONS => reasons.push(reason),
            What::NotChecked { .. } => other = true,
            _ => {
                let counted = kinds.iter().map(|kind| format!("{} {}", kind.cells, kind.words(read)));
                let counted = counted.collect::<Vec<_>>().join("; ");
                return Some(format!("{told} of {of} targets have alerts: {counted}"));
            }
        }
    }
    if other {
        reasons.push("and other reasons");
    }
    let since = clock(kinds.iter().map(|kind| kind.since).min()?, read);
    Some(format!("{told} of {of} targets cannot be checked since {since}: {}", reasons.join(", ")))
}

/// All kinds with their numbers, and with names where there is more than one.
pub(super) fn listed(kinds: &[Alike], read: Micros) -> String {
    let one = |kind: &Alike| {
        let mut names: Vec<&str> = kind.targets.iter().take(NAMED).map(String::as_str).collect();
        if kind.targets.len() > NAMED {
            names.push("and others");
        }
        let names = if kinds.len() > 1 { format!(" ({})", names.join(", ")) } else { String::new() };
        format!("{} {}{names}", kind.cells, kind.words(read))
    };
    kinds.iter().map(one).collect::<Vec<_>>().join("; ")
}
