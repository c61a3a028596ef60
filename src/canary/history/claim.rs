//! One canary at a time for a history. Two would visit every mailbox twice, tell everything twice, and each send the password
//! that the other has seen refused.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::time::Duration;

use mailprobe_probes::model::harmless;
use sqlx::{Connection as _, PgConnection};
use tokio::time::Instant;

use super::store::Store;
use super::{History, HistoryError};

/// How long is waited for the one before, which may be ending.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(200);
/// The number of the advisory lock in PostgreSQL; of no meaning but its being ours.
const NUMBER: i64 = i64::from_be_bytes(*b"mailprob");

/// The right to write a history as its canary, until it is dropped or the program ends, however it ends.
#[derive(Debug)]
pub struct Claim {
    _held: Held,
}

#[derive(Debug)]
#[allow(dead_code, reason = "held, and never asked")]
enum Held {
    File(File),
    Session(PgConnection),
}

impl History {
    /// Takes the history for this canary: a lock on a file beside SQLite's, an advisory lock of a session of its own in
    /// PostgreSQL.
    ///
    /// # Errors
    /// Another canary has it, or the lock cannot be had.
    pub async fn claim(&self) -> Result<Claim, HistoryError> {
        let begun = Instant::now();
        loop {
            let (held, place) = match &self.store {
                Store::Sqlite(_) => of_file(&self.file()),
                Store::Postgres(pool) => {
                    let options = pool.connect_options();
                    let mut session = PgConnection::connect_with(&options).await?;
                    let locked: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
                        .bind(NUMBER)
                        .fetch_one(&mut session)
                        .await?;
                    let place = format!("{}:{}", options.get_host(), options.get_port());
                    Ok((locked.then_some(Held::Session(session)), place))
                }
            }?;
            if let Some(held) = held {
                return Ok(Claim { _held: held });
            }
            if begun.elapsed() >= PATIENCE {
                return Err(HistoryError::Taken(harmless(place.as_bytes())));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The lock, unless somebody else has it, and what it is called.
fn of_file(database: &Path) -> Result<(Option<Held>, String), HistoryError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let shown = database.display().to_string();
    let failed = |error: &std::io::Error| {
        HistoryError::Key(format!("the lock {}.lock cannot be taken: {error}", harmless(shown.as_bytes())))
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| failed(&error))?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok((Some(Held::File(file)), shown)),
        Err(fs4::TryLockError::WouldBlock) => Ok((None, shown)),
        Err(fs4::TryLockError::Error(error)) => Err(failed(&error)),
    }
}
