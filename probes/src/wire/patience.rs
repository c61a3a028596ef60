//! How long one waits: a limit per step inside one absolute deadline per visit, and a run that can be
//! cancelled at any await.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::model::{Failure, Phase, Trouble};

/// A switch that ends every visit of a run. Clones share it.
#[derive(Debug, Clone)]
pub struct Cancel {
    sender: std::sync::Arc<watch::Sender<bool>>,
    receiver: watch::Receiver<bool>,
}

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Self {
        let (sender, receiver) = watch::channel(false);
        Self { sender: std::sync::Arc::new(sender), receiver }
    }

    /// Ends everything that waits on it.
    pub fn cancel(&self) {
        self.sender.send_replace(true);
    }

    /// Whether it was pressed.
    pub fn is_cancelled(&self) -> bool {
        *self.receiver.borrow()
    }

    /// Comes back when it is pressed.
    pub async fn cancelled(&self) {
        let mut receiver = self.receiver.clone();
        // The sender lives in `self`, so an error cannot happen; were it to, waiting for ever is right.
        if receiver.wait_for(|pressed| *pressed).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

/// The patience of one visit.
#[derive(Debug, Clone)]
pub struct Patience {
    deadline: Instant,
    cancel: Cancel,
}

impl Patience {
    /// Until `visit` from now, or until cancelled.
    pub fn new(visit: Duration, cancel: Cancel) -> Self {
        Self { deadline: Instant::now() + visit, cancel }
    }

    /// Waits for `work` no longer than `limit`, the deadline or the cancellation.
    ///
    /// # Errors
    /// Which of the three ended the wait, as a failure of `phase`. Where the deadline ends a wait that has had three
    /// quarters of its limit, it is that one silence which used up the time, and it is named so.
    pub async fn wait<T>(
        &self,
        phase: Phase,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        let until = self.deadline.min(begun + limit);
        let by_deadline = until.saturating_duration_since(begun) < limit * 3 / 4;
        tokio::select! {
            biased;
            done = timeout_at(until, work) => done.map_err(|_| {
                if by_deadline {
                    Failure::new(phase, Trouble::Deadline, "the time for the whole visit was used up")
                } else {
                    let seconds = limit.as_secs_f32();
                    Failure::new(phase, Trouble::Timeout, format!("no answer within {seconds} s"))
                }
            }),
            () = self.cancel.cancelled() => Err(Failure::new(phase, Trouble::Cancelled, "the run was cancelled")),
        }
    }
}
