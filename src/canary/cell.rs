//! A cell: what one method does on one endpoint of one target, as one visit saw it.
//!
//! Cells are read from a report and from nothing else, so that a stored report gives the same cells again.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellKey {
    /// The target's name in the configuration.
    pub target: String,
    /// The module's name in the configuration.
    pub module: String,
    /// The endpoint as a URL.
    pub endpoint: String,
    /// The method as reports name it; [`CellKey::ENDPOINT`] for the endpoint itself.
    pub method: String,
}

impl CellKey {
    /// The method of the cell that stands for the endpoint: whether a visit got as far as trying anything.
    pub const ENDPOINT: &'static str = "-";
}

/// What a method does. The first seven are answers; the others say that there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Accepted, and the mailbox opened.
    Usable,
    /// Accepted; whether the mailbox opens was not asked, or nobody can say.
    Accepted,
    /// Accepted, and the mailbox would not open.
    Shut,
    /// The server said no.
    Refused,
    /// Offered, and not tried.
    Offered,
    /// Offered no longer, and not tried.
    NotOffered,
    /// The endpoint was reached ([`CellKey::ENDPOINT`] only).
    Reached,
    /// The endpoint could not be reached, or spoke no protocol ([`CellKey::ENDPOINT`] only).
    Unreachable,
    /// No reliable answer: a timeout, a passing fault.
    Unclear,
    /// The server asked to be left alone for a while: neither pass nor fail.
    Throttled,
    /// Nothing was presented.
    NotTried,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Usable,
        Self::Accepted,
        Self::Shut,
        Self::Refused,
        Self::Offered,
        Self::NotOffered,
        Self::Reached,
        Self::Unreachable,
        Self::Unclear,
        Self::Throttled,
        Self::NotTried,
    ];

    /// The word used in the history, in metrics and in alerts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Accepted => "accepted",
            Self::Shut => "shut",
            Self::Refused => "refused",
            Self::Offered => "offered",
            Self::NotOffered => "not-offered",
            Self::Reached => "reached",
            Self::Unreachable => "unreachable",
            Self::Unclear => "unclear",
            Self::Throttled => "throttled",
            Self::NotTried => "not-tried",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether somebody said something that can be relied on.
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::Usable
                | Self::Accepted
                | Self::Shut
                | Self::Refused
                | Self::Offered
                | Self::NotOffered
                | Self::Reached
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the policy of a target says of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is as it should be; refused counts, where it is meant to be.
    Met,
    /// It is not.
    NotMet,
    /// A rule is about it, and nobody can say.
    Undecided,
    /// No rule is about it.
    #[default]
    NoRule,
}

/// One cell as one visit saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What it does.
    pub state: State,
    /// Whether the server offered it where it is used.
    pub advertised: bool,
    /// Causes of a refusal, most likely first.
    pub causes: Vec<String>,
    /// The server's own words, harmless and in one line; what stopped the visit where it said nothing.
    pub answer: String,
    /// What to do.
    pub remedy: String,
    /// What the policy says of it.
    pub standing: Standing,
}
