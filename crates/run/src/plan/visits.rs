//! The visits of a run. Those of a list are made from its rows one by one, whenever they are gone through: a run holds the ones
//! that go on and no others, however long its list is.

use super::drafts::Drafts;
use super::error::{PlanError, Setting, words};
use super::secrets::Common;
use super::{Abilities, Visit};
use mailprobe_oauth::Kept;

/// The visits of a run, in the order given. They can be gone through as often as one likes and are the same each time.
#[derive(Debug, Clone)]
pub struct Visits {
    given: Vec<Visit>,
    made: Option<Made>,
}

/// What visits are made from.
#[derive(Debug, Clone)]
struct Made {
    drafts: Drafts,
    common: Common,
    secrets: Kept,
    len: usize,
}

impl Visits {
    /// The visits of these drafts, whose secrets were read and whose number is `len`.
    pub(super) const fn of_drafts(drafts: Drafts, common: Common, secrets: Kept, len: usize) -> Self {
        Self { given: Vec::new(), made: Some(Made { drafts, common, secrets, len }) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.given.len() + self.made.as_ref().map_or(0, |made| made.len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Goes through them from the first. Each is made when it is asked for.
    ///
    /// An error is a list whose copy cannot be read again: nothing is known of what comes behind it.
    pub fn iter(&self, abilities: &Abilities<'_>) -> impl Iterator<Item = Result<Visit, PlanError>> {
        let given = self.given.iter().cloned().map(Ok);
        given.chain(self.made.iter().flat_map(|made| made.iter(abilities)))
    }
}

impl From<Vec<Visit>> for Visits {
    fn from(given: Vec<Visit>) -> Self {
        Self { given, made: None }
    }
}

impl Made {
    fn iter(&self, abilities: &Abilities<'_>) -> impl Iterator<Item = Result<Visit, PlanError>> {
        self.drafts.iter(abilities).map(|draft| {
            let mut visit = self.common.visit(draft?, |kind, source, mailbox| {
                let unread = || PlanError::new(Setting::Secret(kind), words!["a secret was not read"]);
                self.secrets.secret(kind, source, mailbox).cloned().ok_or_else(unread)
            })?;
            visit.beforehand.protocols = abilities.token_protocols(&visit);
            Ok(visit)
        })
    }
}
