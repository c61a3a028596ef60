//! One canary at a time for a history. Two would visit every mailbox twice, tell everything twice, and each send the password
//! that the other has seen refused.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use mailprobe_probes::model::harmless;
#[cfg(feature = "postgres")]
use sqlx::{Connection as _, PgConnection, PgPool};
#[cfg(feature = "postgres")]
use tokio::time::Instant;

use super::store::Store;
use super::{History, HistoryError};
use mailprobe_oauth::lock;

/// How long is waited for the one before, which may be ending.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often PostgreSQL is asked again.
#[cfg(feature = "postgres")]
const PAUSE: Duration = Duration::from_millis(200);
/// The number of the advisory lock in PostgreSQL; of no meaning but its being ours.
#[cfg(feature = "postgres")]
const NUMBER: i64 = i64::from_be_bytes(*b"mailprob");

/// The right to write a history as its canary, until it is dropped or the program ends, however it ends.
#[derive(Debug)]
#[allow(dead_code, reason = "held, and never asked")]
pub enum Claim {
    /// A locked file beside SQLite's.
    File(File),
    /// A session that has PostgreSQL's advisory lock.
    #[cfg(feature = "postgres")]
    Session(PgConnection),
}

impl History {
    /// Takes the history for this canary.
    ///
    /// # Errors
    /// Another canary has it, or the lock cannot be had.
    pub async fn claim(&self) -> Result<Claim, HistoryError> {
        match &self.store {
            Store::Sqlite(_) => of_file(&self.beside("")).await,
            #[cfg(feature = "postgres")]
            Store::Postgres(pool) => of_session(pool).await,
        }
    }
}

async fn of_file(database: &Path) -> Result<Claim, HistoryError> {
    let shown = || harmless(database.as_os_str().as_encoded_bytes());
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    match lock::exclusive(Path::new(&path), PATIENCE).await {
        Ok(Some(file)) => Ok(Claim::File(file)),
        Ok(None) => Err(HistoryError::Taken(shown())),
        Err(error) => Err(HistoryError::Key(format!("{}.lock cannot be locked: {error}", shown()))),
    }
}

#[cfg(feature = "postgres")]
async fn of_session(pool: &PgPool) -> Result<Claim, HistoryError> {
    let options = pool.connect_options();
    let mut session = PgConnection::connect_with(&options).await?;
    let begun = Instant::now();
    loop {
        let asked = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(NUMBER);
        if asked.fetch_one(&mut session).await? {
            return Ok(Claim::Session(session));
        }
        if begun.elapsed() >= PATIENCE {
            let place = format!("{}:{}", options.get_host(), options.get_port());
            return Err(HistoryError::Taken(harmless(place.as_bytes())));
        }
        tokio::time::sleep(PAUSE).await;
    }
}
