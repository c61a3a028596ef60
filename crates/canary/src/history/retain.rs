//! What is forgotten, and when.

use std::time::Duration;

use super::{History, HistoryError};
use crate::view::Micros;

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Visits that went as before.
    pub visits: Duration,
    /// Changes, visits in which something changed or was not as it should be, and their transcripts.
    pub failures: Duration,
}

impl Default for Keep {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self { visits: Duration::from_secs(30 * DAY), failures: Duration::from_secs(90 * DAY) }
    }
}

impl History {
    /// Forgets what is too old at `now`, in statements of bounded size so that no writer waits long. What the last visit
    /// of a target said is kept however old it is; so are notices that nobody has taken, and alerts
    /// that are open. How many rows went.
    ///
    /// # Errors
    /// The database cannot be written; what was forgotten so far is forgotten.
    pub async fn forget(&self, keep: Keep, now: Micros) -> Result<u64, HistoryError> {
        let before = |span: Duration| now.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX));
        let (visits, failures) = (before(keep.visits), before(keep.failures));
        let statements = [
            (
                "DELETE FROM reports WHERE visit IN (SELECT r.visit FROM reports r JOIN visits v ON v.id = r.visit \
              WHERE r.telling = 1 AND v.started_at < $1 LIMIT 500)",
                failures,
            ),
            (
                "DELETE FROM visits WHERE id IN (SELECT id FROM visits WHERE telling = 0 AND started_at < $1 \
              AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.visit = visits.id) LIMIT 500)",
                visits,
            ),
            (
                "DELETE FROM visits WHERE id IN (SELECT id FROM visits WHERE telling = 1 AND started_at < $1 \
              AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.visit = visits.id) LIMIT 500)",
                failures,
            ),
            ("DELETE FROM changes WHERE id IN (SELECT id FROM changes WHERE at < $1 LIMIT 500)", failures),
            (
                "DELETE FROM alerts WHERE id IN (SELECT a.id FROM alerts a WHERE a.done_at < $1 AND (a.closes = 1 \
              OR a.identity IS NULL OR EXISTS (SELECT 1 FROM alerts b WHERE b.sink = a.sink \
              AND b.identity = a.identity AND b.id > a.id)) LIMIT 500)",
                failures,
            ),
        ];
        let mut gone = 0;
        for (sql, limit) in statements {
            loop {
                let number = self.store.execute(sql, &[limit.into()]).await?;
                gone += number;
                if number == 0 {
                    break;
                }
            }
        }
        Ok(gone)
    }
}
