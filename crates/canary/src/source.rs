//! What the pages need to know, and nothing of where it comes from: the canary's live state and its history stand behind
//! this, and a test puts a fleet of its own there.

use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::Report;
use mailprobe_probes::wire::BoxFuture;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::alert::Mood;
pub use crate::history::{
    ChangeFilter as Wanted, ChangeRow as Change, LatencyRow as Latency, VisitRow as Visit,
};
use crate::view::{Micros, TargetView};

/// Whether the canary does its work.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Health {
    /// Whether visits are made and written down.
    pub ready: bool,
    /// What is not as it should be, in sentences.
    pub problems: Vec<String>,
}

/// Sums since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counters {
    /// Passwords presented.
    pub passwords: u64,
    /// Tokens presented.
    pub tokens: u64,
    /// Visits by what came of them.
    pub visits: Vec<(String, u64)>,
    /// Confirmed changes.
    pub changes: u64,
    /// Visits that a server asked to come back later.
    pub throttled: u64,
    /// When the program began.
    pub started: Micros,
    /// Whether the last reading of the configuration was accepted.
    pub reload_accepted: bool,
    /// When a configuration was accepted last.
    pub reloaded: Micros,
    /// How long the most overdue visit is overdue, milliseconds.
    pub overdue_ms: u64,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A target was visited, or its status is another.
    Target(String),
    /// A change was confirmed.
    Change(Box<Change>),
    /// The configuration was read anew: targets came or went.
    Fleet,
}

/// Why there is no report of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoProbe {
    /// No target of that name.
    Target,
    /// No module of that name.
    Module,
    /// It cannot be done now: the mailbox's budget, the stop of the program.
    NotNow(String),
}

/// An answer of the history; the error is a sentence for the log.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, String>>;

/// Whoever knows.
pub trait Source: Send + Sync {
    /// Every target, ordered by name. Cheap: the views are shared.
    fn targets(&self) -> Vec<Arc<TargetView>>;

    /// One target.
    fn target(&self, name: &str) -> Option<Arc<TargetView>>;

    /// The last report of each module of a target, without transcripts ([`slim`](crate::metrics::slim)).
    fn last(&self, target: &str) -> Vec<(String, Arc<Report>)>;

    /// Whether the canary does its work.
    fn health(&self) -> Health;

    /// Sums since the start.
    fn counters(&self) -> Counters;

    /// How the sinks are, by name.
    fn sinks(&self) -> Vec<(String, Mood)>;

    /// What happens from now on. Who is too slow misses some of it.
    fn news(&self) -> broadcast::Receiver<News>;

    /// Visits a target now, within this time; through the same locks and budgets as the schedule's visits.
    fn probe<'a>(
        &'a self,
        target: &'a str,
        module: &'a str,
        within: Duration,
    ) -> BoxFuture<'a, Result<Report, NoProbe>>;

    /// Changes, latest first.
    fn changes(&self, wanted: Wanted) -> Answer<'_, Vec<Change>>;

    /// Visits of a target, latest first.
    fn visits<'a>(&'a self, target: &'a str, before_id: Option<i64>, limit: usize) -> Answer<'a, Vec<Visit>>;

    /// A visit and, where it is kept, its report as JSON.
    fn visit(&self, id: i64) -> Answer<'_, Option<(Visit, Option<String>)>>;

    /// How long the visits of a target took, in so many stretches since then.
    fn latencies<'a>(&'a self, target: &'a str, since: Micros, stretches: u32) -> Answer<'a, Vec<Latency>>;
}
