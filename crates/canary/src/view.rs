//! What the canary knows at this moment, for whoever asks over HTTP: plain data, no store and no socket.

use serde::{Deserialize, Serialize};

use super::cell::{Cell, CellKey};

/// Microseconds since 1970-01-01 UTC.
pub type Micros = i64;

/// How one target stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetView {
    /// Its name in the configuration.
    pub name: String,
    /// The mailbox.
    pub mailbox: String,
    /// Groups it belongs to.
    pub groups: Vec<String>,
    /// `pass`, `fail`, `unknown`, `throttled`, `maintenance`, or `waiting` before the first visit.
    pub status: String,
    /// When it was last visited.
    pub last_visit: Option<Micros>,
    /// When it is visited next.
    pub next_visit: Option<Micros>,
    /// How long the last visit took, milliseconds.
    pub elapsed_ms: Option<u64>,
    /// Its cells.
    pub cells: Vec<CellView>,
}

/// How one cell stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellView {
    /// Which.
    pub key: CellKey,
    /// What it is, confirmed.
    pub cell: Cell,
    /// Since when it is that.
    pub since: Micros,
    /// When it was last seen.
    pub seen: Micros,
    /// What it may be turning into, and how often that was seen.
    pub turning: Option<(Cell, u32)>,
}
