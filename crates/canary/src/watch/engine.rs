//! The engine: one task that knows when what is due, begins visits within the limits, and takes in what they saw.
//!
//! It waits for four things at once: the next visit that is due, a visit that has ended, a wish, and the end. Once a second
//! it looks at the clock, and where that has jumped it plans everything anew.

mod due;
mod shown;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::Report;
use mailprobe_probes::wire::CancellationToken;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::age::Age;
use super::limits::Going;
use super::live::{Live, Trouble};
use super::settle::{self, Kept, Settled};
use super::visit::{NoVisit, Seen};
use super::watchlist::Watchlist;
use super::writer::{self, WAITING};
use super::{Clock, Probe, Ways, Wish};
use crate::budget::Memory;
use crate::change::Cells;
use crate::config::{Config, Watched};
use crate::expiry::Ends;
use crate::hints;
use crate::history::{History, Record};
use crate::metrics::slim;
use crate::schedule::{Beat, FIRST, micros};
use crate::source::NoProbe;
use crate::view::{CellView, Micros};
use mailprobe_run::Shared;

/// The clock is looked at this often.
const LOOK: Duration = Duration::from_secs(1);
/// A clock that is off by more than this has jumped.
const JUMP: Micros = 5 * 1_000_000;
/// How long a jump of the clock is shown as a problem.
const SHOWN: Duration = Duration::from_secs(600);
/// How often is forgotten what is too old.
const FORGET: Duration = Duration::from_secs(3_600);
/// How long visits may go on after the end was asked for; then they are cut short, and have this long again.
const GRACE: Duration = Duration::from_secs(10);
/// Those that wait are looked through so far for one that may begin.
const LOOKED_THROUGH: usize = 256;

/// What the history knows at the start.
pub(super) struct Known {
    pub(super) cells: Vec<CellView>,
    pub(super) last: HashMap<(String, String), Micros>,
    pub(super) ends: Ends,
}

/// What the engine works with.
pub(super) struct Means {
    pub(super) history: History,
    pub(super) memory: Arc<Memory>,
    pub(super) live: Arc<Live>,
    pub(super) clock: Clock,
    pub(super) stop: CancellationToken,
}

/// Target and module.
type Key = (String, String);

/// One module of one target.
struct Slot {
    watched: Arc<Watched>,
    beat: Beat,
    cells: Cells,
    kept: Kept,
    last: Option<(Micros, u64, &'static str)>,
    /// Until when what an earlier run of the program saw is how it is.
    known_until: Option<Micros>,
    report: Option<Arc<Report>>,
    running: bool,
    lately: Lately,
}

/// What stood in the way of the last visit, where that is no business of the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lately {
    Nothing,
    /// Names could not be resolved.
    Names,
    /// Secrets could not be read.
    Secrets,
    /// A fault of ours.
    Fault,
}

/// A visit that goes on, and who waits for its report.
struct Visit {
    key: Key,
    mailbox: String,
    answer: Option<oneshot::Sender<Result<Report, NoProbe>>>,
}

pub(super) struct Engine {
    config: Config,
    ways: Ways,
    shared: Arc<Shared>,
    slots: BTreeMap<Key, Slot>,
    /// When which slot is due. Entries that no longer fit their slot are passed over.
    due: BinaryHeap<Reverse<(Micros, Key)>>,
    ready: VecDeque<Key>,
    probes: VecDeque<Probe>,
    going: Going,
    running: JoinSet<Seen>,
    visits: HashMap<Id, Visit>,
    ends: Ends,
    means: Means,
    cancel: CancellationToken,
    /// Wall clock and steady clock at the last look.
    looked: (Micros, Instant),
    age: Age,
    jumped: Option<Instant>,
    said: Option<Instant>,
}

impl Engine {
    pub(super) fn new(config: Config, ways: Ways, known: Known, means: Means) -> Self {
        let now = (means.clock)();
        let shared = Arc::new(Shared::new(config.connections));
        let mut engine = Self {
            config,
            ways,
            shared,
            slots: BTreeMap::new(),
            due: BinaryHeap::new(),
            ready: VecDeque::new(),
            probes: VecDeque::new(),
            going: Going::default(),
            running: JoinSet::new(),
            visits: HashMap::new(),
            ends: known.ends,
            means,
            cancel: CancellationToken::new(),
            looked: (now, Instant::now()),
            age: Age::from(known.last.values().max().copied(), now),
            jumped: None,
            said: None,
        };
        let mut cells: HashMap<Key, Vec<CellView>> = HashMap::new();
        for view in known.cells {
            cells.entry((view.key.target.clone(), view.key.module.clone())).or_default().push(view);
        }
        engine.fill(now, &mut cells, &known.last);
        engine
    }

    /// Makes the slots fit the configuration.
    fn fill(&mut self, now: Micros, cells: &mut HashMap<Key, Vec<CellView>>, last: &HashMap<Key, Micros>) {
        self.means.live.watches_by(Watchlist::of(&self.config));
        let mut before = std::mem::take(&mut self.slots);
        for watched in &self.config.watched {
            let key = (watched.target.name.clone(), watched.module.clone());
            let watched = Arc::clone(watched);
            let known = before.remove(&key);
            let visited = known.is_some() || last.contains_key(&key);
            let slot = match known {
                Some(known) => {
                    let same = known.watched.interval == watched.interval;
                    let beat = if same { known.beat } else { beat(&watched, now, true) };
                    Slot { watched, beat, ..known }
                }
                None => Slot {
                    beat: beat(&watched, now, visited),
                    cells: Cells::restored(cells.remove(&key).unwrap_or_default()),
                    kept: Kept::default(),
                    last: None,
                    known_until: last.get(&key).map(|at| known_until(*at, &watched)),
                    watched,
                    report: None,
                    running: false,
                    lately: Lately::Nothing,
                },
            };
            self.slots.insert(key, slot);
        }
        self.plan_anew();
        let names: Vec<String> = {
            let mut names: Vec<String> = self.slots.keys().map(|(target, _)| target.clone()).collect();
            names.dedup();
            names
        };
        for name in &names {
            self.show(name, now);
        }
        self.means.live.keep_only(|name| names.binary_search_by(|known| known.as_str().cmp(name)).is_ok());
    }

    fn plan_anew(&mut self) {
        let next = self.slots.iter().map(|(key, slot)| Reverse((slot.beat.next(), key.clone())));
        self.due = next.collect();
        let slots = &self.slots;
        self.ready.retain(|key| slots.contains_key(key));
    }

    /// Watches until the end is asked for.
    pub(super) async fn run(mut self, mut wishes: mpsc::Receiver<Wish>) {
        let (records, waiting) = mpsc::channel(WAITING);
        let (live, stop) = (Arc::clone(&self.means.live), self.means.stop.clone());
        let written = tokio::spawn(writer::write(self.means.history.clone(), waiting, live, stop.clone()));
        let mut forgetting: Option<tokio::task::JoinHandle<()>> = None;
        while !stop.is_cancelled() {
            let now = (self.means.clock)();
            self.look_at_the_clock(now);
            self.gather(now);
            self.begin(now, &records);
            self.say_how_it_goes(now);
            if self.age.is_due(FORGET) && forgetting.as_ref().is_none_or(tokio::task::JoinHandle::is_finished)
            {
                let aged = self.age.forget(now);
                forgetting = Some(self.forget(aged));
                if let Some(record) = settle::by_hand(&mut self.ends, &self.config, now) {
                    let _ = records.send(record).await;
                }
            }
            let next = self.due.peek().map_or(Micros::MAX, |Reverse((at, _))| *at);
            let wait = u64::try_from(next.saturating_sub(now)).map_or(Duration::ZERO, Duration::from_micros);
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait.min(LOOK)) => {}
                Some(ended) = self.running.join_next_with_id() => self.ended(ended, &records).await,
                wish = wishes.recv() => if let Some(wish) = wish { self.grant(wish); },
            }
        }
        self.finish(&records).await;
        drop(records);
        // Everything that waited is written, or has been tried often enough.
        let _ = tokio::time::timeout(GRACE, written).await;
        if let Some(forgetting) = forgetting {
            forgetting.abort();
        }
    }

    /// Lets visits finish, then cuts them short; both within a bound.
    async fn finish(&mut self, records: &mpsc::Sender<Record>) {
        self.probes.clear();
        for last in [false, true] {
            let until = Instant::now() + GRACE;
            while let Ok(Some(ended)) = tokio::time::timeout_at(until, self.running.join_next_with_id()).await
            {
                self.ended(ended, records).await;
            }
            if last || self.running.is_empty() {
                break;
            }
            self.cancel.cancel();
        }
    }

    fn look_at_the_clock(&mut self, now: Micros) {
        let (wall, steady) = self.looked;
        let passed = Micros::try_from(steady.elapsed().as_micros()).unwrap_or(Micros::MAX);
        let off = now.saturating_sub(wall).saturating_sub(passed);
        if off.abs() > JUMP {
            let words = format!("the clock jumped by {} s; visits were planned anew", off / 1_000_000);
            self.means.live.trouble(Trouble::Clock, words);
            for slot in self.slots.values_mut() {
                // What is too far away, or long gone, is put right by looking at it.
                slot.beat.is_due(now);
            }
            self.plan_anew();
            self.jumped = Some(Instant::now());
        } else if self.jumped.is_some_and(|at| at.elapsed() > SHOWN) {
            self.means.live.resolved(Trouble::Clock);
            self.jumped = None;
        }
        self.looked = (now, Instant::now());
        self.means.live.went_round(now);
    }

    fn grant(&mut self, wish: Wish) {
        let now = (self.means.clock)();
        match wish {
            Wish::Reload(config, ways) => {
                self.config = *config;
                self.ways = ways;
                self.shared = Arc::new(Shared::new(self.config.connections));
                self.fill(now, &mut HashMap::new(), &HashMap::new());
            }
            Wish::Probe(probe) => self.try_probe(probe, now),
        }
    }

    async fn ended(
        &mut self,
        ended: Result<(Id, Seen), tokio::task::JoinError>,
        records: &mpsc::Sender<Record>,
    ) {
        let (id, seen) = match ended {
            Ok((id, seen)) => (id, Some(seen)),
            Err(error) => (error.id(), None),
        };
        let Some(visit) = self.visits.remove(&id) else { return };
        self.going.leave(&visit.mailbox);
        let now = (self.means.clock)();
        let Some(slot) = self.slots.get_mut(&visit.key) else { return };
        slot.running = false;
        // A fault of ours is a look that saw nothing; the next visit is due as ever.
        let seen = seen.unwrap_or_else(|| Seen::nothing(Arc::clone(&slot.watched), now, NoVisit::Fault));
        let settled =
            settle::settle(&seen, &mut slot.cells, &mut slot.kept, &mut self.ends, &self.config, now);
        let Settled { record, turning, status, nameless } = settled;
        slot.last = Some((seen.began, record.elapsed_ms, status));
        slot.lately = match &seen.report {
            Err(NoVisit::Fault) => Lately::Fault,
            Err(NoVisit::Secrets(_)) => Lately::Secrets,
            Ok(_) if nameless => Lately::Names,
            Ok(_) => Lately::Nothing,
        };
        slot.beat.ended(now, turning && status != "throttled", self.config.recheck);
        self.due.push(Reverse((slot.beat.next(), visit.key.clone())));
        self.means.live.count(|counters| {
            counters.passwords = self.means.memory.presented();
            counters.tokens += seen.tokens;
            counters.throttled += u64::from(status == "throttled");
            counters.changes += u64::try_from(record.changes.len()).unwrap_or_default();
            match counters.visits.iter_mut().find(|(known, _)| known == status) {
                Some((_, number)) => *number += 1,
                None => counters.visits.push((status.to_owned(), 1)),
            }
        });
        if let Ok(report) = &seen.report {
            slot.report = Some(Arc::new(slim(report)));
            if let Some(wait) = hints::wait(report) {
                self.hold_off(&visit.mailbox, now, wait);
            }
        } else if let Err(NoVisit::Secrets(words)) = &seen.report {
            let words = format!("target `{}`: {words}", visit.key.0);
            self.means.live.trouble(Trouble::Secrets, words);
        }
        self.show(&visit.key.0, now);
        // There is a place: no visit begins without one.
        let _ = records.send(record).await;
        if let Some(answer) = visit.answer {
            // Whoever asked may have gone.
            let _ = answer.send(seen.report.map_err(|why| NoProbe::NotNow(why.words().to_owned())));
        }
    }

    /// A server that is asked too much is asked by all modules of the mailbox.
    fn hold_off(&mut self, mailbox: &str, now: Micros, wait: Duration) {
        for (key, slot) in &mut self.slots {
            if slot.watched.target.mailbox.eq_ignore_ascii_case(mailbox) {
                slot.beat.hold_off(now, wait);
                self.due.push(Reverse((slot.beat.next(), key.clone())));
            }
        }
    }

    fn forget(&self, now: Micros) -> tokio::task::JoinHandle<()> {
        let (history, keep, live) =
            (self.means.history.clone(), self.config.keep, Arc::clone(&self.means.live));
        tokio::spawn(async move {
            match history.forget(keep, now).await {
                Ok(_) => live.resolved(Trouble::Retention),
                Err(error) => live.trouble(Trouble::Retention, format!("what is too old stays: {error}")),
            }
        })
    }
}

/// What was seen stands until the next visit is due, and for one more that did not come about.
fn known_until(last: Micros, watched: &Watched) -> Micros {
    last.saturating_add(micros(watched.interval).saturating_mul(2)).saturating_add(FIRST)
}

fn beat(watched: &Watched, now: Micros, visited: bool) -> Beat {
    Beat::new(&watched.target.name, &watched.module, watched.interval, now, visited)
}
