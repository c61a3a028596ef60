//! What the history keeps, row by row, as plain data.

use serde::{Deserialize, Serialize};

use crate::alert::NewAlert;
use crate::cell::{Cell, CellKey};
use crate::view::{CellView, Micros};

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRow {
    /// Its number; a later visit has a higher one.
    pub id: i64,
    /// The target's name.
    pub target: String,
    /// The module's name.
    pub module: String,
    /// When it began.
    pub started_at: Micros,
    /// How long it took.
    pub elapsed_ms: u64,
    /// `pass`, `fail`, `unknown` or `throttled`.
    pub status: String,
    /// Whether it is kept longer: something changed in it, or was not as it should be.
    pub telling: bool,
    /// Whether its report is still there.
    pub kept: bool,
}

/// A confirmed change of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// Its number; a later change has a higher one.
    pub id: i64,
    /// Which cell.
    pub key: CellKey,
    /// When it was confirmed.
    pub at: Micros,
    /// The visit that confirmed it.
    pub visit: Option<i64>,
    /// What the cell was; nothing where it was not known.
    pub before: Option<Cell>,
    /// Since when it was that, as far as it was looked at; where it was not known, since when what it is was seen.
    pub before_since: Option<Micros>,
    /// What it is.
    pub after: Cell,
    /// How many looks agreed.
    pub confirmed_after: u32,
}

/// A visit with all that follows from it, to be written in one transaction.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The target's name.
    pub target: String,
    /// The module's name.
    pub module: String,
    /// When it began.
    pub started_at: Micros,
    /// How long it took.
    pub elapsed_ms: u64,
    /// What came of it; empty where the record is about no visit, and what follows is all of it.
    pub status: String,
    /// Whether it is kept longer than others.
    pub telling: bool,
    /// The whole report as JSON.
    pub report: Option<String>,
    /// When its cells were looked at; after a visit that reached nobody there is no such time.
    pub seen: Option<Micros>,
    /// Cells that are not what they were when they were last written.
    pub cells: Vec<CellView>,
    /// Cells that are no more: their endpoint has left the configuration.
    pub gone: Vec<CellKey>,
    /// What changed.
    pub changes: Vec<NewChange>,
    /// Notices that are about no change.
    pub alerts: Vec<NewAlert>,
    /// What became of secrets.
    pub secrets: Vec<SecretRow>,
    /// Small things to remember, by name.
    pub notes: Vec<(String, String)>,
}

/// A change that is about to be written, and who is told of it.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// Which cell.
    pub key: CellKey,
    /// When it was confirmed.
    pub at: Micros,
    /// What the cell was.
    pub before: Option<Cell>,
    /// Since when.
    pub before_since: Option<Micros>,
    /// What it is.
    pub after: Cell,
    /// How many looks agreed.
    pub confirmed_after: u32,
    /// Notices of it.
    pub alerts: Vec<NewAlert>,
}

/// What is known of a secret that was presented. The secret is in no form in it: `digest` is a keyed hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// The account that it was presented for, in lower case.
    pub account: String,
    /// HMAC-SHA-256 under the history's own key, in hexadecimal.
    pub digest: String,
    /// What became of it.
    pub verdict: SecretVerdict,
    /// Since when.
    pub at: Micros,
}

/// What became of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretVerdict {
    /// It is about to be presented, or was, and nobody lived to write down the answer.
    Pending,
    /// It was accepted.
    Proven,
    /// It was refused by a policy that does not say whether it is right.
    Open,
    /// It was refused as wrong, or in words that may mean so.
    Refused,
}

impl SecretVerdict {
    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Proven => "proven",
            Self::Open => "open",
            Self::Refused => "refused",
        }
    }

    /// What the word means. A word of a later version is the most careful of these.
    pub fn named(name: &str) -> Self {
        [Self::Pending, Self::Proven, Self::Open]
            .into_iter()
            .find(|verdict| verdict.name() == name)
            .unwrap_or(Self::Refused)
    }
}

/// Which changes are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Of this target only.
    pub target: Option<String>,
    /// Not older.
    pub since: Option<Micros>,
    /// Older than this.
    pub until: Option<Micros>,
    /// With a lower number.
    pub before_id: Option<i64>,
    /// At most so many, latest first.
    pub limit: usize,
}

/// How long the visits within a stretch of time took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LatencyRow {
    /// Begin of the stretch.
    pub from: Micros,
    /// Visits in it.
    pub visits: u64,
    /// Of them, those that did not pass.
    pub not_passed: u64,
    /// Shortest, milliseconds.
    pub min_ms: u64,
    /// On average.
    pub mean_ms: u64,
    /// Longest.
    pub max_ms: u64,
}
