//! Writing: several visits in one transaction, each whole or not at all.

use super::rows::{NewChange, Record, SecretRow};
use super::store::{Columns, Together, Value};
use super::{History, HistoryError};
use crate::alert::{NewAlert, Phase};
use crate::cell::CellKey;
use crate::view::{CellView, Micros};

const VISIT: &str = "INSERT INTO visits (target, module, started_at, elapsed_ms, status, telling) \
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
/// Of visits that went as before only the last report is kept: the one that shows how it is now.
const FORGET_REPORT: &str = "DELETE FROM reports WHERE target = $1 AND module = $2 AND telling = 0";
const REPORT: &str =
    "INSERT INTO reports (visit, target, module, telling, report) VALUES ($1, $2, $3, $4, $5)";
const SEEN: &str = "UPDATE cells SET seen = $3 WHERE target = $1 AND module = $2";
const CELL: &str = "INSERT INTO cells (target, module, endpoint, method, cell, since, seen, turning) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (target, module, endpoint, method) \
     DO UPDATE SET cell = excluded.cell, since = excluded.since, seen = excluded.seen, turning = excluded.turning";
const GONE: &str = "DELETE FROM cells WHERE target = $1 AND module = $2 AND endpoint = $3 AND method = $4";
const CHANGE: &str = "INSERT INTO changes (target, module, endpoint, method, at, visit, before, after, confirmed_after, \
     before_since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id";
const ALERT: &str =
    "INSERT INTO alerts (sink, notice, due, attempts, identity, closes) VALUES ($1, $2, $3, 0, $4, $5)";
const SECRET: &str = "INSERT INTO secrets (account, digest, verdict, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (account, digest) DO UPDATE SET verdict = excluded.verdict, at = excluded.at";
const NOTE: &str =
    "INSERT INTO notes (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// The numbers that a record got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Of the visit.
    pub visit: i64,
    /// Of its changes, in their order.
    pub changes: Vec<i64>,
}

impl History {
    /// Writes records in one transaction. When it comes back without an error they are on the disk.
    ///
    /// # Errors
    /// The database cannot be written; nothing of any record is in it then.
    pub async fn write(&self, records: &[Record]) -> Result<Vec<Written>, HistoryError> {
        let mut together = self.store.begin().await?;
        let mut written = Vec::with_capacity(records.len());
        let mut told = false;
        for record in records {
            written.push(one(&mut together, record).await?);
            told |=
                !record.alerts.is_empty() || record.changes.iter().any(|change| !change.alerts.is_empty());
        }
        together.commit().await?;
        if told {
            self.news.send_replace(());
        }
        Ok(written)
    }

    /// Writes down what becomes of a secret before it is presented, so that a crash cannot make the canary forget it.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn note_secret(&self, row: &SecretRow) -> Result<(), HistoryError> {
        self.store.execute(SECRET, &secret_values(row)).await.map(drop)
    }
}

async fn one(together: &mut Together, record: &Record) -> Result<Written, HistoryError> {
    let of_module = [Value::from(record.target.as_str()), record.module.as_str().into()];
    let [target, module] = &of_module;
    let values = [
        target.clone(),
        module.clone(),
        record.started_at.into(),
        i64::try_from(record.elapsed_ms).unwrap_or(i64::MAX).into(),
        record.status.as_str().into(),
        i64::from(record.telling).into(),
    ];
    let visit = if record.status.is_empty() { 0 } else { number(together, VISIT, &values).await? };
    if let Some(report) = &record.report {
        together.execute(FORGET_REPORT, &of_module).await?;
        let telling = i64::from(record.telling).into();
        let values = [visit.into(), target.clone(), module.clone(), telling, report.as_str().into()];
        together.execute(REPORT, &values).await?;
    }
    if let Some(seen) = record.seen {
        together.execute(SEEN, &[target.clone(), module.clone(), seen.into()]).await?;
    }
    for cell in &record.cells {
        together.execute(CELL, &cell_values(cell)?).await?;
    }
    for key in &record.gone {
        together.execute(GONE, &key_values(key)).await?;
    }
    let mut changes = Vec::with_capacity(record.changes.len());
    for change in &record.changes {
        changes.push(number(together, CHANGE, &change_values(change, visit)?).await?);
        alerts(together, &change.alerts).await?;
    }
    alerts(together, &record.alerts).await?;
    for secret in &record.secrets {
        together.execute(SECRET, &secret_values(secret)).await?;
    }
    for (name, value) in &record.notes {
        together.execute(NOTE, &[name.as_str().into(), value.as_str().into()]).await?;
    }
    Ok(Written { visit, changes })
}

async fn number(together: &mut Together, sql: &'static str, values: &[Value]) -> Result<i64, HistoryError> {
    let rows = together.rows(sql, values, |row: &dyn Columns| row.int(0)).await?;
    rows.first().copied().ok_or(HistoryError::Database(sqlx::Error::RowNotFound))
}

async fn alerts(together: &mut Together, alerts: &[NewAlert]) -> Result<(), HistoryError> {
    for alert in alerts {
        let notice = Value::Text(serde_json::to_string(&alert.notice)?);
        let stays_open = matches!(alert.notice.phase, Phase::Opens | Phase::Moves);
        let (identity, closes) = (Value::Text(alert.notice.identity()), i64::from(!stays_open).into());
        let values = [alert.sink.as_str().into(), notice, alert.due.into(), identity, closes];
        together.execute(ALERT, &values).await?;
    }
    Ok(())
}

fn key_values(key: &CellKey) -> [Value; 4] {
    [&key.target, &key.module, &key.endpoint, &key.method].map(|text| Value::from(text.as_str()))
}

fn cell_values(view: &CellView) -> Result<Vec<Value>, HistoryError> {
    let turning = view.turning.as_ref().map(serde_json::to_string).transpose()?;
    let rest = [
        Value::Text(serde_json::to_string(&view.cell)?),
        view.since.into(),
        view.seen.into(),
        Value::MaybeText(turning),
    ];
    Ok(key_values(&view.key).into_iter().chain(rest).collect())
}

fn change_values(change: &NewChange, visit: Micros) -> Result<Vec<Value>, HistoryError> {
    let rest = [
        change.at.into(),
        Value::MaybeInt(Some(visit)),
        Value::MaybeText(change.before.as_ref().map(serde_json::to_string).transpose()?),
        Value::Text(serde_json::to_string(&change.after)?),
        i64::from(change.confirmed_after).into(),
        Value::MaybeInt(change.before_since),
    ];
    Ok(key_values(&change.key).into_iter().chain(rest).collect())
}

fn secret_values(row: &SecretRow) -> [Value; 4] {
    [row.account.as_str().into(), row.digest.as_str().into(), row.verdict.name().into(), row.at.into()]
}
