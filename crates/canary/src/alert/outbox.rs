//! What delivery needs of the history: the entries that wait, and somebody to tell what became of them.

use mailprobe_probes::wire::BoxFuture;
use tokio::sync::watch;

use super::notice::{Notice, Subject};
use crate::view::Micros;

/// An entry that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the history; a later entry has a higher one.
    pub id: i64,
    /// What to tell.
    pub notice: Notice,
    /// How often that was tried.
    pub attempts: u32,
    /// Not before.
    pub due: Micros,
    /// Whether the sink has taken the beginning of a storm that it is part of. It waits for the end of that.
    pub announced: bool,
}

/// What became of an entry that waits no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The sink took it.
    Told,
    /// The sink took a summary that stands for it.
    Summed,
    /// The cell went back before anybody was told.
    Dropped,
}

impl How {
    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Summed => "summed",
            Self::Dropped => "dropped",
        }
    }

    /// What that word means.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Told, Self::Summed, Self::Dropped].into_iter().find(|how| how.name() == name)
    }
}

/// The history's outbox. Errors are sentences for the log and for health.
pub trait Outbox: Send + Sync {
    /// Entries of one sink that were not delivered, oldest first, those that are not due yet among them.
    fn pending<'a>(&'a self, sink: &'a str, most: usize) -> BoxFuture<'a, Result<Vec<Entry>, String>>;

    /// They wait no longer.
    fn delivered<'a>(&'a self, ids: &'a [i64], how: How, at: Micros) -> BoxFuture<'a, Result<(), String>>;

    /// The sink took the beginning of a storm that they are part of. They wait for its end, and no restart begins it anew.
    fn announced<'a>(&'a self, ids: &'a [i64]) -> BoxFuture<'a, Result<(), String>>;

    /// It has not; the next attempt is not before `next`.
    fn failed<'a>(
        &'a self,
        ids: &'a [i64],
        error: &'a str,
        next: Micros,
    ) -> BoxFuture<'a, Result<(), String>>;

    /// Everything that is kept of what a sink was told of ([`How::Told`], [`How::Summed`]), oldest first: what is open follows
    /// from it after a restart, so what is open is kept however old it is.
    fn told<'a>(&'a self, sink: &'a str) -> BoxFuture<'a, Result<Vec<(Notice, How)>, String>>;

    /// Targets there are.
    fn targets(&self) -> usize;

    /// Whether what an alert is about is still watched.
    fn is_watched(&self, subject: &Subject) -> bool;

    /// Changes whenever there may be something new.
    fn news(&self) -> watch::Receiver<()>;
}
