//! What the canary knows at this moment, for whoever asks: cheap to read, and never in the way of the visits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use mailprobe_probes::model::Report;
use parking_lot::{Mutex, MutexGuard, RwLock};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::watchlist::Watchlist;
use super::{Clock, Probe, Wish};
use crate::alert::{Deliverer, Mood, Subject};
use crate::history::History;
use crate::source::{Answer, Change, Counters, Health, Latency, News, NoProbe, Source, Visit, Wanted};
use crate::view::{Micros, TargetView};

/// Events that a slow listener may be behind.
const NEWS: usize = 1024;

/// What can be wrong, one sentence each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The history cannot be written.
    History,
    /// No visit begins.
    Paused,
    /// Visits come late.
    Late,
    /// Names cannot be resolved.
    Names,
    /// The clock jumped.
    Clock,
    /// Secrets cannot be read.
    Secrets,
    /// The configuration was refused.
    Config,
    /// What is too old cannot be forgotten.
    Retention,
    /// A visit failed by a fault of ours.
    Fault,
}

/// The last report of each module.
type Reports = Vec<(String, Arc<Report>)>;

/// The canary as it is seen from outside.
pub struct Live {
    targets: RwLock<BTreeMap<String, (Arc<TargetView>, Reports)>>,
    troubles: Mutex<BTreeMap<Trouble, String>>,
    counters: Mutex<Counters>,
    news: broadcast::Sender<News>,
    history: History,
    wishes: mpsc::Sender<Wish>,
    deliverer: RwLock<Option<Deliverer>>,
    watchlist: RwLock<Watchlist>,
    clock: Clock,
    /// When the engine last went round.
    alive: AtomicI64,
}

impl Live {
    pub(super) fn new(history: History, wishes: mpsc::Sender<Wish>, clock: Clock) -> Self {
        let now = clock();
        let counters = Counters { started: now, reload_accepted: true, reloaded: now, ..Counters::default() };
        Self {
            targets: RwLock::default(),
            troubles: Mutex::default(),
            counters: Mutex::new(counters),
            news: broadcast::channel(NEWS).0,
            history,
            wishes,
            deliverer: RwLock::default(),
            watchlist: RwLock::default(),
            clock,
            alive: AtomicI64::new(now),
        }
    }

    /// Something is wrong, until it is resolved.
    pub fn trouble(&self, what: Trouble, words: String) {
        self.troubles().insert(what, words);
    }

    /// It is wrong no longer.
    pub fn resolved(&self, what: Trouble) {
        self.troubles().remove(&what);
    }

    fn troubles(&self) -> MutexGuard<'_, BTreeMap<Trouble, String>> {
        self.troubles.lock()
    }

    /// Who delivers notices, for the state of the sinks.
    pub fn delivered_by(&self, deliverer: Deliverer) {
        *self.deliverer.write() = Some(deliverer);
    }

    /// A configuration was accepted, or refused with these words.
    pub fn reloaded(&self, outcome: Result<(), String>) {
        let now = (self.clock)();
        self.count(|counters| {
            counters.reload_accepted = outcome.is_ok();
            if outcome.is_ok() {
                counters.reloaded = now;
            }
        });
        match outcome {
            Ok(()) => self.resolved(Trouble::Config),
            Err(words) => {
                self.trouble(Trouble::Config, format!("the configuration in force is an older one: {words}"));
            }
        }
    }

    /// How long ago the engine last went round.
    pub fn idle(&self) -> Micros {
        ((self.clock)() - self.alive.load(Ordering::Relaxed)).abs()
    }

    pub(super) fn watches_by(&self, watchlist: Watchlist) {
        *self.watchlist.write() = watchlist;
    }

    /// Whether the configuration in force still watches what an alert is about.
    pub fn watches(&self, subject: &Subject) -> bool {
        self.watchlist.read().holds(subject)
    }

    /// How many targets there are.
    pub fn number(&self) -> usize {
        self.targets.read().len()
    }

    pub(super) fn went_round(&self, now: Micros) {
        self.alive.store(now, Ordering::Relaxed);
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counters)) {
        change(&mut self.counters.lock());
    }

    pub(super) fn tell(&self, news: News) {
        // Nobody listens most of the time.
        let _ = self.news.send(news);
    }

    pub(super) fn put(&self, view: TargetView, reports: Reports) {
        let name = view.name.clone();
        let mut targets = self.targets.write();
        targets.insert(name.clone(), (Arc::new(view), reports));
        drop(targets);
        self.tell(News::Target(name));
    }

    pub(super) fn keep_only(&self, wanted: impl Fn(&str) -> bool) {
        self.targets.write().retain(|name, _| wanted(name));
        self.tell(News::Fleet);
    }
}

impl Source for Live {
    fn targets(&self) -> Vec<Arc<TargetView>> {
        let targets = self.targets.read();
        targets.values().map(|(view, _)| Arc::clone(view)).collect()
    }

    fn target(&self, name: &str) -> Option<Arc<TargetView>> {
        let targets = self.targets.read();
        targets.get(name).map(|(view, _)| Arc::clone(view))
    }

    fn last(&self, target: &str) -> Reports {
        let targets = self.targets.read();
        targets.get(target).map(|(_, reports)| reports.clone()).unwrap_or_default()
    }

    fn health(&self) -> Health {
        let troubles = self.troubles();
        let ready = ![Trouble::History, Trouble::Paused].iter().any(|grave| troubles.contains_key(grave));
        Health { ready, problems: troubles.values().cloned().collect() }
    }

    fn counters(&self) -> Counters {
        self.counters.lock().clone()
    }

    fn sinks(&self) -> Vec<(String, Mood)> {
        let deliverer = self.deliverer.read();
        deliverer.as_ref().map(Deliverer::moods).unwrap_or_default()
    }

    fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    fn probe<'a>(&'a self, target: &'a str, module: &'a str, within: Duration) -> Probing<'a> {
        Box::pin(async move {
            let (answer, heard) = oneshot::channel();
            let probe = Probe { target: target.to_owned(), module: module.to_owned(), within, answer };
            let stopping = || NoProbe::NotNow("the canary is stopping".to_owned());
            self.wishes.send(Wish::Probe(probe)).await.map_err(|_| stopping())?;
            heard.await.unwrap_or_else(|_| Err(stopping()))
        })
    }

    fn changes(&self, wanted: Wanted) -> Answer<'_, Vec<Change>> {
        Box::pin(async move { self.history.changes(&wanted).await.map_err(|error| error.to_string()) })
    }

    fn visits<'a>(&'a self, target: &'a str, before_id: Option<i64>, limit: usize) -> Answer<'a, Vec<Visit>> {
        Box::pin(async move {
            let rows = self.history.visits(Some(target), None, before_id, limit).await;
            rows.map_err(|error| error.to_string())
        })
    }

    fn visit(&self, id: i64) -> Answer<'_, Option<(Visit, Option<String>)>> {
        Box::pin(async move { self.history.visit(id).await.map_err(|error| error.to_string()) })
    }

    fn latencies<'a>(&'a self, target: &'a str, since: Micros, stretches: u32) -> Answer<'a, Vec<Latency>> {
        Box::pin(async move {
            let span = (since, (self.clock)());
            self.history.latencies(target, span, stretches).await.map_err(|error| error.to_string())
        })
    }
}

/// A visit that somebody waits for.
pub(super) type Probing<'a> = mailprobe_probes::wire::BoxFuture<'a, Result<Report, NoProbe>>;
