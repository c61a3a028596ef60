//! Where a history is during a test: a file in a folder of its own, or a database of its own in the lab's PostgreSQL.

use std::fmt::Write as _;

use mailprobe_canary::history::History;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqlSafeStr as _, SqliteConnection};
use tempfile::TempDir;

use crate::lab;

pub(crate) struct Place {
    pub(crate) url: String,
    folder: Option<TempDir>,
    database: String,
}

/// A URL of the lab's PostgreSQL, whose certificate is verified.
pub(crate) fn server(password: &str, database: &str) -> String {
    let mut encoded = String::new();
    for byte in password.bytes() {
        write!(encoded, "%{byte:02X}").unwrap();
    }
    format!(
        "postgres://{}:{encoded}@{}:{}/{database}?sslmode=verify-ca&sslrootcert={}",
        lab::fact("DATABASE_USER"),
        lab::address("postgresql"),
        lab::fact("POSTGRESQL_PORT"),
        lab::file("certs/ca.pem").display(),
    )
}

async fn command(sql: String) {
    of_postgresql(&server(&lab::password("database"), "postgres"), sql).await;
}

async fn of_postgresql(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql).into_sql_str()).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("canary.db").display());
        Self { url, folder: Some(folder), database: String::new() }
    }

    /// A new database; what an earlier run left under its name is removed.
    pub(crate) async fn postgresql(story: &str) -> Self {
        let database = format!("test_{story}_{}", std::process::id());
        command(format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await;
        command(format!("CREATE DATABASE {database}")).await;
        Self { url: server(&lab::password("database"), &database), folder: None, database }
    }

    pub(crate) async fn open(&self) -> History {
        History::open(&self.url).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Does something to the database that no history would do.
    pub(crate) async fn meddle(&self, sql: &str) {
        if self.folder.is_none() {
            return of_postgresql(&self.url, sql.to_owned()).await;
        }
        let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql).into_sql_str()).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The file of SQLite.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.url.strip_prefix("sqlite:").unwrap().into()
    }

    pub(crate) async fn end(self) {
        if self.folder.is_none() {
            command(format!("DROP DATABASE {} WITH (FORCE)", self.database)).await;
        }
    }
}
