//! How long one waits: a limit per step inside one absolute deadline per visit, and a run that can be
//! cancelled at any await.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::model::{Failure, Phase, Trouble};

/// The patience of one visit.
#[derive(Debug, Clone)]
pub struct Patience {
    deadline: Instant,
    cancel: CancellationToken,
}

impl Patience {
    /// Until `visit` from now, or until cancelled.
    pub fn new(visit: Duration, cancel: CancellationToken) -> Self {
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
