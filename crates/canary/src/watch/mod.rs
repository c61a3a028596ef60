//! Watching: visits when they are due, through [`run`](mod@mailprobe_run), and what follows from them.
//!
//! One task, the `engine`, holds the schedule and the cells and starts visits; each visit is a task of its own on the same
//! few threads. A finished visit becomes a record, which the `writer` puts into the history, several at a time where they
//! come fast; while it cannot, records wait in a bounded queue, and when that is full no visit begins. `live` is what
//! everybody else sees. Nothing here decides what counts as a change (`change`), or knows how to deliver a notice (`alert`).

mod age;
mod engine;
mod limits;
mod live;
mod settle;
mod visit;
mod watchlist;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::Report;
use mailprobe_probes::wire::CancellationToken;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::budget::Memory;
use super::config::Config;
use super::expiry::{Ends, NOTES};
use super::history::{History, HistoryError};
use super::view::Micros;
use crate::source::NoProbe;
use mailprobe_oauth::Tokens;
use mailprobe_probes::wire::Reach;

pub use live::Live;

/// What the time is.
pub type Clock = Arc<dyn Fn() -> Micros + Send + Sync>;

/// How visits come to servers, and to the tokens of profiles.
#[derive(Clone)]
pub struct Ways {
    /// To servers.
    pub reach: Reach,
    /// To tokens; `None` where no target has a profile.
    pub tokens: Option<Arc<Tokens>>,
}

/// Something that the engine is asked for.
pub(super) enum Wish {
    /// Another configuration.
    Reload(Box<Config>, Ways),
    /// A visit out of turn.
    Probe(Probe),
}

/// A visit out of turn.
pub(super) struct Probe {
    pub(super) target: String,
    pub(super) module: String,
    pub(super) within: Duration,
    pub(super) answer: oneshot::Sender<Result<Report, NoProbe>>,
}

/// A canary that watches.
pub struct Watch {
    live: Arc<Live>,
    wishes: mpsc::Sender<Wish>,
    stop: CancellationToken,
    engine: JoinHandle<()>,
}

impl Watch {
    /// Begins to watch, with what the history knows.
    ///
    /// # Errors
    /// A history that cannot be read.
    pub async fn begin(
        config: Config,
        ways: Ways,
        history: History,
        clock: Clock,
    ) -> Result<Self, HistoryError> {
        let (wishes, heard) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let live = Arc::new(Live::new(history.clone(), wishes.clone(), Arc::clone(&clock)));
        let memory = Memory::new(history.secret_key().await?, history.secrets().await?);
        let known = engine::Known {
            cells: history.all_cells().await?,
            last: history.last_visits().await?,
            ends: Ends::restored(history.notes(NOTES).await?),
        };
        let engine = engine::Engine::new(
            config,
            ways,
            known,
            engine::Means {
                history,
                memory: Arc::new(memory),
                live: Arc::clone(&live),
                clock,
                stop: stop.clone(),
            },
        );
        Ok(Self { live, wishes, stop, engine: tokio::spawn(engine.run(heard)) })
    }

    /// What is seen of it.
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live)
    }

    /// Goes on with another configuration: what did not change is not disturbed.
    pub async fn reload(&self, config: Config, ways: Ways) {
        // The engine ends only when it is told to.
        let _ = self.wishes.send(Wish::Reload(Box::new(config), ways)).await;
    }

    /// Ends: visits in progress finish or are cut short, and everything is written down, each within a bound.
    pub async fn end(self) {
        self.stop.cancel();
        // An engine that failed has nothing more to say.
        let _ = self.engine.await;
    }
}
