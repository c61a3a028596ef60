//! The time by which the history ages. A clock that jumps a year ahead must not make ninety days of history too old, so
//! this one goes on from the latest visit that is on record, no faster than time passes here; after a time in which nobody
//! watched, what is kept is kept for longer by that much, until the next start.

use std::time::Duration;

use tokio::time::Instant;

use crate::schedule::micros;
use crate::view::Micros;

#[derive(Debug, Clone, Copy)]
pub(super) struct Age {
    from: Micros,
    since: Instant,
    /// When something was last forgotten.
    forgot: Option<Instant>,
}

impl Age {
    /// From the latest visit on record, or from now where there is none.
    pub(super) fn from(latest: Option<Micros>, now: Micros) -> Self {
        Self { from: latest.unwrap_or(now), since: Instant::now(), forgot: None }
    }

    /// Whether it is time to forget: at once, since it may have been off for long, and then every so often.
    pub(super) fn is_due(&self, every: Duration) -> bool {
        self.forgot.is_none_or(|at| at.elapsed() >= every)
    }

    /// What the time is for the history, where a clock says `now`; something is forgotten by it.
    pub(super) fn forget(&mut self, now: Micros) -> Micros {
        self.forgot = Some(Instant::now());
        now.min(self.from.saturating_add(micros(self.since.elapsed())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_follows_time_and_no_clock_that_is_ahead() {
        let (second, hour, year) = (1_000_000, Duration::from_hours(1), 365 * 86_400 * 1_000_000);
        let mut age = Age::from(Some(100 * second), 105 * second);
        assert!(age.is_due(hour), "at once");
        assert_eq!(age.forget(105 * second), 100 * second);
        assert!(!age.is_due(hour));
        tokio::time::advance(hour).await;
        assert!(age.is_due(hour));
        assert_eq!(age.forget(3_705 * second), 3_700 * second, "an hour later");
        assert_eq!(age.forget(3_705 * second + year), 3_700 * second, "a clock a year ahead");
        assert_eq!(age.forget(50 * second), 50 * second, "a clock that went back forgets less");
        assert_eq!(Age::from(None, 7).forget(7), 7);
    }
}
