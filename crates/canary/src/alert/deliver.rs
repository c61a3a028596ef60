//! Delivery: one task a sink, so that one that hangs or refuses delays nobody else. A task reads what waits for its sink,
//! lets `hold` decide what to say, says it within a bounded time, and writes down what came of it. After a failure it
//! waits longer and longer, with jitter, and health says why.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::wire::CancellationToken;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::hold::{Parcel, Storm, Storminess, beginning, parcels, settled};
use super::message::Message;
use super::notice::{Notice, Phase, Severity, Subject};
use super::open::Open;
use super::outbox::{How, Outbox};
use super::sink::{Refusal, Sink};
use crate::view::Micros;

/// Entries read at a time.
const MOST: usize = 10_000;
/// How often those that forget are told again.
const AGAIN: Duration = Duration::from_mins(1);
/// Alerts named in a reminder.
const NAMED: usize = 10;

/// How fast, how often, how patient.
#[derive(Debug, Clone)]
pub struct Pace {
    /// For one message.
    pub timeout: Duration,
    /// Wait after the first failure; it doubles, up to `longest`.
    pub first_wait: Duration,
    /// Longest wait after a failure.
    pub longest_wait: Duration,
    /// How often the outbox is looked at, whether or not it said anything.
    pub look: Duration,
    /// How often people are reminded of what is open; never, where there is none.
    pub repeat: Option<Duration>,
    /// Of one, the share of all targets whose change within a minute is told as one.
    pub storm_share: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            first_wait: Duration::from_secs(5),
            longest_wait: Duration::from_mins(15),
            look: Duration::from_secs(5),
            repeat: Some(Duration::from_hours(24)),
            storm_share: 0.2,
        }
    }
}

/// How a sink is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mood {
    /// Messages it took.
    pub taken: u64,
    /// Attempts that failed.
    pub failures: u64,
    /// Entries that wait.
    pub waiting: usize,
    /// What the last attempt failed with; nothing where it succeeded.
    pub trouble: Option<String>,
}

/// Delivers what waits in the outbox.
#[derive(Clone)]
pub struct Deliverer {
    outbox: Arc<dyn Outbox>,
    pace: Pace,
    moods: Arc<Mutex<HashMap<String, Mood>>>,
    clock: fn() -> Micros,
}

impl Deliverer {
    /// Nothing is delivered before [`run`](Self::run).
    pub fn new(outbox: Arc<dyn Outbox>, pace: Pace, clock: fn() -> Micros) -> Self {
        Self { outbox, pace, moods: Arc::default(), clock }
    }

    /// How the sinks are, by name.
    pub fn moods(&self) -> Vec<(String, Mood)> {
        let moods = self.moods.lock().clone();
        let mut moods: Vec<(String, Mood)> = moods.into_iter().collect();
        moods.sort_by(|(one, _), (other, _)| one.cmp(other));
        moods
    }

    /// Delivers to all sinks until cancelled. What is being said then is said to its end or to its time limit.
    pub async fn run(&self, sinks: Vec<(String, Arc<dyn Sink>)>, cancel: CancellationToken) {
        let tasks = sinks.into_iter().map(|(name, sink)| {
            let this = self.clone();
            let cancel = cancel.clone();
            tokio::spawn(async move { this.serve(&name, sink.as_ref(), &cancel).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            // A task that panicked has nothing more to say; the others go on.
            let _ = task.await;
        }
    }

    async fn serve(&self, name: &str, sink: &dyn Sink, cancel: &CancellationToken) {
        self.mood(name, |_| {});
        let mut courier = Courier {
            deliverer: self,
            name,
            sink,
            cancel,
            storm: Storm::default(),
            open: Open::default(),
            failed_in_a_row: 0,
            refreshed: tokio::time::Instant::now(),
            reminded: tokio::time::Instant::now(),
        };
        match self.outbox.told(name).await {
            Ok(told) => {
                for (notice, how) in &told {
                    courier.open.note(notice, *how);
                }
                // One that had settled with problems is known from these.
                let storm = settled(&courier.open.parts(), self.outbox.targets(), (self.clock)());
                if let Some(storm) = storm {
                    courier.open.note(&storm, How::Told);
                }
            }
            Err(words) => self.mood(name, |mood| mood.trouble = Some(words)),
        }
        let mut news = self.outbox.news();
        while !cancel.is_cancelled() {
            let wait = match courier.round().await {
                Ok(()) => {
                    courier.failed_in_a_row = 0;
                    self.pace.look
                }
                Err(wait) => wait,
            };
            let changed = async {
                // After a failure nothing new makes the sink well; and who cannot hear looks now and then.
                let hears = courier.failed_in_a_row == 0 && !courier.storm.goes_on();
                if !hears || news.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
                () = changed => {}
            }
        }
    }

    fn mood(&self, name: &str, change: impl FnOnce(&mut Mood)) {
        change(self.moods.lock().entry(name.to_owned()).or_default());
    }
}

/// Delivery to one sink.
struct Courier<'d> {
    deliverer: &'d Deliverer,
    name: &'d str,
    sink: &'d dyn Sink,
    cancel: &'d CancellationToken,
    storm: Storm,
    open: Open,
    failed_in_a_row: u32,
    refreshed: tokio::time::Instant,
    reminded: tokio::time::Instant,
}

impl Courier<'_> {
    /// Says everything that is to be said now; or how long to wait because the sink is not well.
    async fn round(&mut self) -> Result<(), Duration> {
        let Deliverer { outbox, pace, clock, .. } = self.deliverer;
        let now = clock();
        let pending = match outbox.pending(self.name, MOST).await {
            Ok(pending) => pending,
            Err(words) => {
                self.deliverer.mood(self.name, |mood| mood.trouble = Some(words));
                return Err(pace.first_wait);
            }
        };
        self.deliverer.mood(self.name, |mood| mood.waiting = pending.len());
        let storminess = Storminess { targets: outbox.targets(), share: pace.storm_share };
        let parcels = {
            let knew = self.storm.is_told();
            let parcels = parcels(&pending, now, &mut self.storm, storminess);
            if !knew && self.storm.is_told() {
                // It was told before a restart, so it is open, and its parts are.
                self.note_parts(&pending);
                let begun = beginning(&pending, &self.storm, storminess.targets, now);
                if let Some(begun) = begun {
                    self.open.note(&begun, How::Told);
                }
            }
            parcels
        };
        if self.storm.is_told() {
            self.announce(&pending).await?;
        }
        for parcel in parcels {
            // What is not said before the end waits for the next beginning.
            if self.cancel.is_cancelled() {
                return Ok(());
            }
            self.hand_over(parcel, &pending).await?;
        }
        self.tell_again().await
    }

    async fn hand_over(&mut self, mut parcel: Parcel, pending: &[super::Entry]) -> Result<(), Duration> {
        let outbox = &self.deliverer.outbox;
        let Some(notice) = &mut parcel.notice else {
            return self.written(outbox.delivered(&parcel.ids, How::Dropped, (self.deliverer.clock)()).await);
        };
        if matches!(notice.subject, Subject::Storm { .. }) && notice.phase == Phase::Closes {
            // All of its own parts are over; those of one before it need not be, and it stands for them too.
            self.note_parts(pending);
            if !self.open.parts().is_empty() {
                notice.phase = Phase::Moves;
            }
        }
        match self.say(notice).await {
            Ok(()) => {
                let storm = matches!(notice.subject, Subject::Storm { .. });
                let how = if storm { How::Summed } else { How::Told };
                if storm {
                    self.storm.told(notice.phase);
                    self.note_parts(pending);
                }
                self.open.note(notice, How::Told);
                if storm && self.storm.is_told() {
                    self.announce(pending).await?;
                }
                // Before this is written: after a crash in between both are told again, and neither is lost.
                self.end_storm().await?;
                self.written(outbox.delivered(&parcel.ids, how, (self.deliverer.clock)()).await)
            }
            Err(refusal) => {
                let wait = self.wait(parcel.attempts.max(self.failed_in_a_row), refusal.wait);
                let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
                let next = (self.deliverer.clock)().saturating_add(micros);
                let written = outbox.failed(&parcel.ids, &refusal.words, next).await;
                if refusal.this_one_only {
                    return self.written(written);
                }
                self.failed_in_a_row = self.failed_in_a_row.saturating_add(1);
                Err(wait)
            }
        }
    }

    /// The parts of a storm are open or over like anything else.
    fn note_parts(&mut self, pending: &[super::Entry]) {
        let parts = pending.iter().filter(|entry| entry.notice.target().is_some());
        parts.for_each(|entry| self.open.note(&entry.notice, How::Summed));
    }

    /// Tells the end of a storm that had settled with problems, once the last of them is over.
    async fn end_storm(&mut self) -> Result<(), Duration> {
        let Some(end) = self.open.end_of_storm((self.deliverer.clock)()) else { return Ok(()) };
        match self.say(&end).await {
            Err(refusal) if !refusal.this_one_only => {
                let wait = self.wait(self.failed_in_a_row, refusal.wait);
                self.failed_in_a_row = self.failed_in_a_row.saturating_add(1);
                Err(wait)
            }
            // A receiver that will not take this one holds back nothing else for it.
            Ok(()) | Err(_) => {
                self.open.note(&end, How::Told);
                Ok(())
            }
        }
    }

    /// Writes down that the storm was told, unless that is written.
    async fn announce(&self, pending: &[super::Entry]) -> Result<(), Duration> {
        if pending.iter().any(|entry| entry.announced) {
            return Ok(());
        }
        let parts = pending.iter().filter(|entry| entry.notice.target().is_some());
        let ids: Vec<i64> = parts.map(|entry| entry.id).collect();
        self.written(self.deliverer.outbox.announced(&ids).await)
    }

    /// Tells those that forget what is open, and reminds people of it.
    async fn tell_again(&mut self) -> Result<(), Duration> {
        let now = (self.deliverer.clock)();
        self.open.keep_only(|subject| self.deliverer.outbox.is_watched(subject));
        self.end_storm().await?;
        if self.sink.forgets() {
            if self.refreshed.elapsed() >= AGAIN {
                self.refreshed = tokio::time::Instant::now();
                let open: Vec<Notice> = self.open.told(now).into_iter().cloned().collect();
                for notice in open {
                    self.say(&notice).await.map_err(|refusal| self.wait(0, refusal.wait))?;
                }
            }
            return Ok(());
        }
        let Some(repeat) = self.deliverer.pace.repeat else { return Ok(()) };
        if self.reminded.elapsed() < repeat {
            return Ok(());
        }
        self.reminded = tokio::time::Instant::now();
        let open = self.open.problems(now);
        if open.is_empty() {
            return Ok(());
        }
        let link = open.iter().find_map(|notice| notice.link.as_deref());
        let reminder = Notice {
            phase: Phase::Tells,
            severity: open.iter().map(|notice| notice.severity).max().unwrap_or(Severity::Warning),
            at: now,
            link: link.map(|link| link.split('#').next().unwrap_or(link).to_owned()),
            subject: Subject::Reminder {
                open: open.len(),
                examples: open
                    .iter()
                    .take(NAMED)
                    .map(|notice| Message::later(notice, now).headline)
                    .collect(),
            },
        };
        // One that is not taken comes with the next round of reminders.
        self.say(&reminder).await.map_err(|refusal| self.wait(0, refusal.wait))
    }

    async fn say(&self, notice: &Notice) -> Result<(), Refusal> {
        let limit = self.deliverer.pace.timeout;
        let saying = tokio::time::timeout(limit, self.sink.take(notice, (self.deliverer.clock)()));
        let said = saying
            .await
            .unwrap_or_else(|_| Err(Refusal::down(format!("it took longer than {} s", limit.as_secs_f32()))));
        self.deliverer.mood(self.name, |mood| match &said {
            Ok(()) => {
                mood.taken += 1;
                mood.trouble = None;
            }
            Err(refusal) => {
                mood.failures += 1;
                mood.trouble = Some(refusal.words.clone());
            }
        });
        said
    }

    /// Delivered, and not written down: it will be said twice, and the history is what is not well.
    fn written(&self, written: Result<(), String>) -> Result<(), Duration> {
        written.map_err(|words| {
            self.deliverer.mood(self.name, |mood| mood.trouble = Some(words));
            self.deliverer.pace.first_wait
        })
    }

    /// Twice as long after each failure, and a quarter of that more by chance: sinks that went down together do not come
    /// back to a crowd.
    fn wait(&self, failures: u32, asked: Option<u64>) -> Duration {
        let pace = &self.deliverer.pace;
        let doubled = pace.first_wait.saturating_mul(2_u32.saturating_pow(failures.min(16)));
        let wait = doubled.min(pace.longest_wait);
        let mut chance = [0_u8; 1];
        // Without randomness there is no jitter, which harms nobody.
        let _ = aws_lc_rs::rand::fill(&mut chance);
        let wait = wait.saturating_add(wait / 1024 * u32::from(u8::from_ne_bytes(chance)));
        wait.max(Duration::from_secs(asked.unwrap_or_default().min(3600)))
    }
}
