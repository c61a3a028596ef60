//! Reading: what the daemon needs when it starts, and what people ask.

use std::collections::HashMap;

use super::rows::{ChangeFilter, ChangeRow, LatencyRow, SecretRow, SecretVerdict, VisitRow};
use super::store::{Columns, Value};
use super::{History, HistoryError, count};
use crate::cell::CellKey;
use crate::view::{CellView, Micros};

const CELLS: &str = "SELECT target, module, endpoint, method, cell, since, seen, turning FROM cells";
const CHANGES: &str = "SELECT target, module, endpoint, method, id, at, visit, before, after, confirmed_after, before_since FROM changes";
const VISITS: &str = "SELECT v.id, v.target, v.module, v.started_at, v.elapsed_ms, v.status, v.telling, \
     CASE WHEN r.visit IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END FROM visits v LEFT JOIN reports r ON r.visit = v.id";
/// The last visit of every target and module, by one step into an index for each: ninety days of visits are tens of millions,
/// and grouping them takes minutes.
const LAST: &str = "SELECT target, module, latest FROM (SELECT k.target AS target, k.module AS module, \
     (SELECT v.started_at FROM visits v WHERE v.target = k.target AND v.module = k.module \
     ORDER BY v.started_at DESC LIMIT 1) AS latest \
     FROM (SELECT target, module FROM cells UNION SELECT target, module FROM reports) k) l WHERE latest IS NOT NULL";
/// Division of whole numbers means the same in both databases; a sum is a whole number for PostgreSQL only when told to be.
const LATENCIES: &str = "SELECT (started_at - $2) / $3 AS stretch, COUNT(*), \
     CAST(SUM(CASE WHEN status = 'pass' THEN 0 ELSE 1 END) AS BIGINT), MIN(elapsed_ms), CAST(SUM(elapsed_ms) AS BIGINT) / COUNT(*), \
     MAX(elapsed_ms) FROM visits WHERE target = $1 AND started_at >= $2 GROUP BY 1 ORDER BY 1";

/// What a question is narrowed to.
#[derive(Default)]
struct Narrowed {
    sql: String,
    values: Vec<Value>,
}

impl Narrowed {
    fn by(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let word = if self.values.len() == 1 { " WHERE " } else { " AND " };
        self.sql.push_str(word);
        self.sql.push_str(&condition.replace('?', &format!("${}", self.values.len())));
    }
}

impl History {
    /// Every cell there is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all_cells(&self) -> Result<Vec<CellView>, HistoryError> {
        self.store.rows(CELLS, &[], cell).await
    }

    /// The cells of a target.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn cells(&self, target: &str) -> Result<Vec<CellView>, HistoryError> {
        let sql = format!("{CELLS} WHERE target = $1 ORDER BY module, endpoint, method");
        self.store.rows(&sql, &[target.into()], cell).await
    }

    /// Confirmed changes, latest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn changes(&self, filter: &ChangeFilter) -> Result<Vec<ChangeRow>, HistoryError> {
        let mut narrowed = Narrowed::default();
        if let Some(target) = &filter.target {
            narrowed.by("target = ?", target.as_str());
        }
        if let Some(since) = filter.since {
            narrowed.by("at >= ?", since);
        }
        if let Some(until) = filter.until {
            narrowed.by("at < ?", until);
        }
        if let Some(id) = filter.before_id {
            narrowed.by("id < ?", id);
        }
        let sql = format!("{CHANGES}{} ORDER BY id DESC LIMIT {}", narrowed.sql, count(filter.limit));
        self.store.rows(&sql, &narrowed.values, change).await
    }

    /// Visits, latest first; of one target, or of all.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn visits(
        &self,
        target: Option<&str>,
        since: Option<Micros>,
        before_id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<VisitRow>, HistoryError> {
        let mut narrowed = Narrowed::default();
        if let Some(target) = target {
            narrowed.by("v.target = ?", target);
        }
        if let Some(since) = since {
            narrowed.by("v.started_at >= ?", since);
        }
        if let Some(id) = before_id {
            narrowed.by("v.id < ?", id);
        }
        // By time within a target: that is the index; and a clock that was set back changes nothing for a page.
        let order = if target.is_some() { "v.started_at DESC, v.id DESC" } else { "v.id DESC" };
        let sql = format!("{VISITS}{} ORDER BY {order} LIMIT {}", narrowed.sql, count(limit));
        self.store.rows(&sql, &narrowed.values, visit).await
    }

    /// One visit, and its report as JSON where that is kept.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn visit(&self, id: i64) -> Result<Option<(VisitRow, Option<String>)>, HistoryError> {
        let found = self.store.rows(&format!("{VISITS} WHERE v.id = $1"), &[id.into()], visit).await?;
        let Some(found) = found.into_iter().next() else { return Ok(None) };
        let sql = "SELECT report FROM reports WHERE visit = $1";
        let reports = self.store.rows(sql, &[id.into()], |row| row.text(0)).await?;
        Ok(Some((found, reports.into_iter().next())))
    }

    /// When each target and module was last visited.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_visits(&self) -> Result<HashMap<(String, String), Micros>, HistoryError> {
        let row = |row: &dyn Columns| Ok(((row.text(0)?, row.text(1)?), row.int(2)?));
        Ok(self.store.rows(LAST, &[], row).await?.into_iter().collect())
    }

    /// How long the visits of a target took, in `stretches` of equal length from `since` to `until`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn latencies(
        &self,
        target: &str,
        (since, until): (Micros, Micros),
        stretches: u32,
    ) -> Result<Vec<LatencyRow>, HistoryError> {
        // No visit was before 1970, and no difference runs over.
        let since = since.max(0);
        let length = (until.saturating_sub(since) / i64::from(stretches.max(1))).max(1);
        let row = |row: &dyn Columns| {
            let number = |column| row.int(column).map(|number| u64::try_from(number).unwrap_or_default());
            Ok(LatencyRow {
                from: since.saturating_add(row.int(0)?.saturating_mul(length)),
                visits: number(1)?,
                not_passed: number(2)?,
                min_ms: number(3)?,
                mean_ms: number(4)?,
                max_ms: number(5)?,
            })
        };
        self.store.rows(LATENCIES, &[target.into(), since.into(), length.into()], row).await
    }

    /// What is known of every secret that was presented.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn secrets(&self) -> Result<Vec<SecretRow>, HistoryError> {
        let row = |row: &dyn Columns| {
            let verdict = SecretVerdict::named(&row.text(2)?);
            Ok(SecretRow { account: row.text(0)?, digest: row.text(1)?, verdict, at: row.int(3)? })
        };
        self.store.rows("SELECT account, digest, verdict, at FROM secrets", &[], row).await
    }

    /// A small thing that was remembered.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn note(&self, name: &str) -> Result<Option<String>, HistoryError> {
        let values = [name.into()];
        let rows =
            self.store.rows("SELECT value FROM notes WHERE name = $1", &values, |row| row.text(0)).await?;
        Ok(rows.into_iter().next())
    }

    /// Small things that were remembered under names that begin like this.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn notes(&self, beginning: &str) -> Result<Vec<(String, String)>, HistoryError> {
        let values = [Value::Text(format!("{beginning}%"))];
        let row = |row: &dyn Columns| Ok((row.text(0)?, row.text(1)?));
        self.store.rows("SELECT name, value FROM notes WHERE name LIKE $1", &values, row).await
    }
}

fn key(row: &dyn Columns) -> Result<CellKey, HistoryError> {
    Ok(CellKey { target: row.text(0)?, module: row.text(1)?, endpoint: row.text(2)?, method: row.text(3)? })
}

fn cell(row: &dyn Columns) -> Result<CellView, HistoryError> {
    Ok(CellView {
        key: key(row)?,
        cell: serde_json::from_str(&row.text(4)?)?,
        since: row.int(5)?,
        seen: row.int(6)?,
        turning: row.maybe_text(7)?.map(|text| serde_json::from_str(&text)).transpose()?,
    })
}

fn change(row: &dyn Columns) -> Result<ChangeRow, HistoryError> {
    Ok(ChangeRow {
        key: key(row)?,
        id: row.int(4)?,
        at: row.int(5)?,
        visit: row.maybe_int(6)?,
        before: row.maybe_text(7)?.map(|text| serde_json::from_str(&text)).transpose()?,
        after: serde_json::from_str(&row.text(8)?)?,
        confirmed_after: u32::try_from(row.int(9)?).unwrap_or(u32::MAX),
        before_since: row.maybe_int(10)?,
    })
}

fn visit(row: &dyn Columns) -> Result<VisitRow, HistoryError> {
    Ok(VisitRow {
        id: row.int(0)?,
        target: row.text(1)?,
        module: row.text(2)?,
        started_at: row.int(3)?,
        elapsed_ms: u64::try_from(row.int(4)?).unwrap_or_default(),
        status: row.text(5)?,
        telling: row.int(6)? != 0,
        kept: row.int(7)? != 0,
    })
}
