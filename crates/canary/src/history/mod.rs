//! The history: visits, cells, changes, notices that wait, and what is known of presented secrets.
//!
//! A file of SQLite beside the configuration, or a PostgreSQL server by URL; `store` is where they differ. Everything that
//! follows from one visit is written in one transaction (`write`), which is on the disk when it is acknowledged:
//! killed at any moment, the canary loses at most visits that nobody was told of. What is *not* kept is any secret: only a
//! keyed hash of those that were presented, under a key that stands elsewhere (`key`).

mod claim;
mod key;
mod outbox;
mod private;
mod read;
mod retain;
mod rows;
mod store;
mod write;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

pub use claim::Claim;
pub use key::SecretKey;
pub use retain::Keep;
pub use rows::{ChangeFilter, ChangeRow, LatencyRow, NewChange, Record, SecretRow, SecretVerdict, VisitRow};
pub use write::Written;

/// The history. Clones share everything.
#[derive(Clone)]
pub struct History {
    store: store::Store,
    url: Arc<str>,
    /// Changes when a notice was written.
    news: watch::Sender<()>,
}

/// Why the history cannot be read or written. Never holds a password of the database.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The URL names no database.
    #[error("the history's url is neither sqlite:PATH nor postgres://[USER@]HOST/DATABASE")]
    Url,
    /// This program can use none of that kind.
    #[cfg(not(feature = "postgres"))]
    #[error(
        "this mailprobe was built without PostgreSQL: use sqlite:PATH, or build it with --features postgres"
    )]
    NotBuilt,
    /// The database's server cannot be reached, or lets us not in.
    #[error("the history's database at {at}: {why}")]
    NoServer {
        /// Its address.
        at: String,
        /// What it, or the system, said.
        why: String,
    },
    /// The database said no, or was not there.
    #[error("the history's database: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables cannot be brought up to date.
    #[error("the history's tables: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row does not say what it should.
    #[error("the history holds something that this version cannot read: {0}")]
    Row(#[from] serde_json::Error),
    /// Another canary writes it.
    #[error("another canary writes the history at {0}: end it, or give this one a history of its own")]
    Taken(String),
    /// The key of the secrets' hashes, or the lock, cannot be had.
    #[error("{0}")]
    Key(String),
}

impl History {
    /// Opens the history, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// A URL that names no database, or a database that cannot be used.
    pub async fn open(url: &str) -> Result<Self, HistoryError> {
        let store = store::Store::open(url).await?;
        Ok(Self { store, url: url.into(), news: watch::Sender::default() })
    }

    /// A file beside SQLite's, named after it.
    fn beside(&self, ending: &str) -> PathBuf {
        let mut path = embedded(&self.url).unwrap_or(Path::new(&*self.url)).as_os_str().to_owned();
        path.push(ending);
        path.into()
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

/// The file of a history in SQLite; nothing where its URL is another database's.
pub fn embedded(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// The exact opposite of reading a count out of a column.
fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
