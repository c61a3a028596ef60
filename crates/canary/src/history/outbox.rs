//! The notices that wait, for the deliverer.

use mailprobe_probes::wire::BoxFuture;
use tokio::sync::watch;

use super::store::{Columns, Value};
use super::{History, HistoryError, count};
use crate::alert::{Entry, How, Notice, Outbox, Subject};
use crate::view::Micros;

/// The history as the deliverer sees it.
pub struct Waiting {
    history: History,
    targets: Box<dyn Fn() -> usize + Send + Sync>,
    watched: Box<dyn Fn(&Subject) -> bool + Send + Sync>,
}

impl History {
    /// The outbox of this history; `targets` tells how many there are now, and `watched` what is still watched.
    pub fn outbox(
        &self,
        targets: impl Fn() -> usize + Send + Sync + 'static,
        watched: impl Fn(&Subject) -> bool + Send + Sync + 'static,
    ) -> Waiting {
        Waiting { history: self.clone(), targets: Box::new(targets), watched: Box::new(watched) }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "what map_err hands over")]
fn words(error: HistoryError) -> String {
    error.to_string()
}

impl Outbox for Waiting {
    fn pending<'a>(&'a self, sink: &'a str, most: usize) -> BoxFuture<'a, Result<Vec<Entry>, String>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT id, notice, attempts, due, how FROM alerts WHERE sink = $1 AND done_at IS NULL ORDER BY id LIMIT {}",
                count(most)
            );
            let entry = |row: &dyn Columns| {
                Ok(Entry {
                    id: row.int(0)?,
                    notice: serde_json::from_str(&row.text(1)?)?,
                    attempts: u32::try_from(row.int(2)?).unwrap_or(u32::MAX),
                    due: row.int(3)?,
                    announced: row.maybe_text(4)?.is_some(),
                })
            };
            self.history.store.rows(&sql, &[sink.into()], entry).await.map_err(words)
        })
    }

    fn delivered<'a>(&'a self, ids: &'a [i64], how: How, at: Micros) -> BoxFuture<'a, Result<(), String>> {
        const SQL: &str = "UPDATE alerts SET done_at = $2, how = $3 WHERE id = $1";
        Box::pin(async move { self.each(SQL, ids, &[at.into(), how.name().into()]).await.map_err(words) })
    }

    fn announced<'a>(&'a self, ids: &'a [i64]) -> BoxFuture<'a, Result<(), String>> {
        const SQL: &str = "UPDATE alerts SET how = $2 WHERE id = $1 AND done_at IS NULL";
        Box::pin(async move { self.each(SQL, ids, &[How::Summed.name().into()]).await.map_err(words) })
    }

    fn failed<'a>(
        &'a self,
        ids: &'a [i64],
        error: &'a str,
        next: Micros,
    ) -> BoxFuture<'a, Result<(), String>> {
        const SQL: &str = "UPDATE alerts SET attempts = attempts + 1, error = $2, due = $3 WHERE id = $1";
        Box::pin(async move { self.each(SQL, ids, &[error.into(), next.into()]).await.map_err(words) })
    }

    fn told<'a>(&'a self, sink: &'a str) -> BoxFuture<'a, Result<Vec<(Notice, How)>, String>> {
        const SQL: &str = "SELECT notice, how FROM alerts WHERE sink = $1 AND done_at IS NOT NULL AND how <> 'dropped' ORDER BY id";
        Box::pin(async move {
            let row = |row: &dyn Columns| {
                let how = How::named(&row.text(1)?).unwrap_or(How::Told);
                Ok((serde_json::from_str(&row.text(0)?)?, how))
            };
            self.history.store.rows(SQL, &[sink.into()], row).await.map_err(words)
        })
    }

    fn targets(&self) -> usize {
        (self.targets)()
    }

    fn is_watched(&self, subject: &Subject) -> bool {
        (self.watched)(subject)
    }

    fn news(&self) -> watch::Receiver<()> {
        self.history.news.subscribe()
    }
}

impl Waiting {
    /// One statement for each id, all in one transaction.
    async fn each(&self, sql: &'static str, ids: &[i64], rest: &[Value]) -> Result<(), HistoryError> {
        let mut together = self.history.store.begin().await?;
        for id in ids {
            let values: Vec<Value> = std::iter::once(Value::Int(*id)).chain(rest.iter().cloned()).collect();
            together.execute(sql, &values).await?;
        }
        together.commit().await
    }
}
