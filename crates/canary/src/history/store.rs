//! Two databases behind one SQL: the same text with `$1` goes to SQLite and to PostgreSQL, whole numbers are `BIGINT` and
//! everything else is `TEXT`. What differs between the two stands in this file and in the migrations, and nowhere else.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
#[cfg(feature = "postgres")]
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqlSafeStr as _, Sqlite, SqlitePool, Transaction};
#[cfg(feature = "postgres")]
use sqlx::{PgConnection, PgPool, Postgres};

#[cfg(feature = "postgres")]
use mailprobe_probes::model::harmless;
use tokio::time::Instant;

use super::HistoryError;

/// How long a writer waits for another program that holds the file.
const BUSY: Duration = Duration::from_secs(10);
/// How long a connection to the database may take.
const ACQUIRE: Duration = Duration::from_secs(15);
/// Until it is tried again where waiting is not SQLite's own business.
const PAUSE: Duration = Duration::from_millis(50);
/// Connections that read beside the writer.
const CONNECTIONS: u32 = 5;

/// Migrations in order: what they do, for SQLite, for PostgreSQL.
const MIGRATIONS: &[(&str, &str, &str)] = &[
    ("history", include_str!("migrations/sqlite/0001.sql"), include_str!("migrations/postgres/0001.sql")),
    // The same words for both.
    (
        "since when, and what is open",
        include_str!("migrations/0002.sql"),
        include_str!("migrations/0002.sql"),
    ),
    ("what nobody was told of", include_str!("migrations/0003.sql"), include_str!("migrations/0003.sql")),
];

/// Where the rows are.
#[derive(Clone)]
pub(super) enum Store {
    Sqlite(SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

/// A value on its way into a statement.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Int(i64),
    MaybeInt(Option<i64>),
    Text(String),
    MaybeText(Option<String>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// One row, whichever database it is from.
pub(super) trait Columns {
    fn int(&self, column: usize) -> Result<i64, HistoryError>;
    fn maybe_int(&self, column: usize) -> Result<Option<i64>, HistoryError>;
    fn text(&self, column: usize) -> Result<String, HistoryError>;
    fn maybe_text(&self, column: usize) -> Result<Option<String>, HistoryError>;
}

macro_rules! columns {
    ($row:ty) => {
        impl Columns for $row {
            fn int(&self, column: usize) -> Result<i64, HistoryError> {
                Ok(self.try_get(column)?)
            }
            fn maybe_int(&self, column: usize) -> Result<Option<i64>, HistoryError> {
                Ok(self.try_get(column)?)
            }
            fn text(&self, column: usize) -> Result<String, HistoryError> {
                Ok(self.try_get(column)?)
            }
            fn maybe_text(&self, column: usize) -> Result<Option<String>, HistoryError> {
                Ok(self.try_get(column)?)
            }
        }
    };
}

columns!(SqliteRow);
#[cfg(feature = "postgres")]
columns!(PgRow);

/// A statement with its values; the same tokens for both databases.
macro_rules! statement {
    ($sql:expr, $values:expr) => {{
        let mut statement = sqlx::query(AssertSqlSafe($sql).into_sql_str());
        for value in $values {
            statement = match value {
                Value::Int(value) => statement.bind(*value),
                Value::MaybeInt(value) => statement.bind(*value),
                Value::Text(value) => statement.bind(value.clone()),
                Value::MaybeText(value) => statement.bind(value.clone()),
            };
        }
        statement
    }};
}

macro_rules! all_rows {
    ($executor:expr, $sql:expr, $values:expr, $map:expr) => {{
        let rows = statement!($sql, $values).fetch_all($executor).await?;
        rows.iter().map(|row| ($map)(row as &dyn Columns)).collect::<Result<Vec<_>, HistoryError>>()
    }};
}

impl Store {
    /// Opens the database and brings its tables up to date.
    pub(super) async fn open(url: &str) -> Result<Self, HistoryError> {
        if let Some(path) = super::embedded(url) {
            let begun = Instant::now();
            loop {
                match of_file(path).await {
                    // Of two that open a new file in the same moment one is told so at once, whatever it may wait.
                    Err(error) if is_busy(&error) && begun.elapsed() < BUSY => {
                        tokio::time::sleep(PAUSE).await;
                    }
                    opened => return opened.map(Self::Sqlite),
                }
            }
        }
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(HistoryError::Url);
        }
        #[cfg(feature = "postgres")]
        return of_server(url).await.map(Self::Postgres);
        #[cfg(not(feature = "postgres"))]
        Err(HistoryError::NotBuilt)
    }

    /// All rows of a question.
    pub(super) async fn rows<T>(
        &self,
        sql: &str,
        values: &[Value],
        map: impl Fn(&dyn Columns) -> Result<T, HistoryError>,
    ) -> Result<Vec<T>, HistoryError> {
        let rows = async {
            match self {
                Self::Sqlite(pool) => all_rows!(pool, sql.to_owned(), values, map),
                #[cfg(feature = "postgres")]
                Self::Postgres(pool) => all_rows!(pool, sql.to_owned(), values, map),
            }
        };
        self.told(rows.await).await
    }

    /// Carries a statement out by itself; how many rows it met.
    pub(super) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, HistoryError> {
        let done = async {
            Ok(match self {
                Self::Sqlite(pool) => statement!(sql.to_owned(), values).execute(pool).await?.rows_affected(),
                #[cfg(feature = "postgres")]
                Self::Postgres(pool) => {
                    statement!(sql.to_owned(), values).execute(pool).await?.rows_affected()
                }
            })
        };
        self.told(done.await).await
    }

    /// Begins a transaction that takes the right to write at once, so that it cannot fail half-way for another writer.
    pub(super) async fn begin(&self) -> Result<Together, HistoryError> {
        let begun = async {
            Ok(match self {
                Self::Sqlite(pool) => Together::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
                #[cfg(feature = "postgres")]
                Self::Postgres(pool) => Together::Postgres(pool.begin().await?),
            })
        };
        self.told(begun.await).await
    }

    /// What a server that is gone says by itself, where the pool says only that time ran out.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unused_async, reason = "a server alone is asked once more")
    )]
    async fn told<T>(&self, outcome: Result<T, HistoryError>) -> Result<T, HistoryError> {
        match (self, outcome) {
            #[cfg(feature = "postgres")]
            (Self::Postgres(pool), Err(HistoryError::Database(error @ sqlx::Error::PoolTimedOut))) => {
                let gone = introduce(&pool.connect_options()).await.err();
                Err(gone.unwrap_or(HistoryError::Database(error)))
            }
            (_, outcome) => outcome,
        }
    }

    /// Lets go of the database; what was begun is finished.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.close().await,
        }
    }

    pub(super) const fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// Statements that count together or not at all. Dropped without [`commit`](Self::commit), they never were.
pub(super) enum Together {
    Sqlite(Transaction<'static, Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Transaction<'static, Postgres>),
}

impl Together {
    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, HistoryError> {
        Ok(match self {
            Self::Sqlite(one) => statement!(sql, values).execute(&mut **one).await?.rows_affected(),
            #[cfg(feature = "postgres")]
            Self::Postgres(one) => statement!(sql, values).execute(&mut **one).await?.rows_affected(),
        })
    }

    pub(super) async fn rows<T>(
        &mut self,
        sql: &'static str,
        values: &[Value],
        map: impl Fn(&dyn Columns) -> Result<T, HistoryError>,
    ) -> Result<Vec<T>, HistoryError> {
        match self {
            Self::Sqlite(one) => all_rows!(&mut **one, sql, values, map),
            #[cfg(feature = "postgres")]
            Self::Postgres(one) => all_rows!(&mut **one, sql, values, map),
        }
    }

    /// Makes them count.
    pub(super) async fn commit(self) -> Result<(), HistoryError> {
        match self {
            Self::Sqlite(one) => one.commit().await?,
            #[cfg(feature = "postgres")]
            Self::Postgres(one) => one.commit().await?,
        }
        Ok(())
    }
}

/// The pool of a file, which is made and brought up to date.
async fn of_file(path: &Path) -> Result<SqlitePool, HistoryError> {
    super::private::make(path);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit is on the disk when it is acknowledged, also when the power goes.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY);
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        // On a full disk SQLite ends a transaction by itself, and sqlx believes in it for ever after: such a connection would
        // begin no other.
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
    let pool = pool.connect_with(options).await?;
    // Together, and with the right to write from the beginning: two programs that open a new file in the same moment would both
    // make its tables. (For PostgreSQL sqlx takes a lock by itself.)
    let mut together = pool.begin_with("BEGIN IMMEDIATE").await?;
    migrator(|(_, sqlite, _)| sqlite).run(&mut *together).await?;
    together.commit().await?;
    Ok(pool)
}

/// The pool of a server, whose tables are brought up to date.
#[cfg(feature = "postgres")]
async fn of_server(url: &str) -> Result<PgPool, HistoryError> {
    let options: PgConnectOptions = url.parse().map_err(|_| HistoryError::Url)?;
    introduce(&options).await?;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE);
    let pool = pool.connect_with(options).await?;
    migrator(|(_, _, postgres)| postgres).run(&pool).await?;
    Ok(pool)
}

/// Whether SQLite says that somebody else has the file: `SQLITE_BUSY`, whatever the extended code.
fn is_busy(error: &HistoryError) -> bool {
    let HistoryError::Database(sqlx::Error::Database(error)) = error else { return false };
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// Connects once. The pool takes a refused connection for a server that starts, and tells in the end only that time ran out;
/// what is wrong with a password or a certificate is told better with the server's name, too.
#[cfg(feature = "postgres")]
async fn introduce(options: &PgConnectOptions) -> Result<(), HistoryError> {
    let failed = |why: String| {
        let host = options.get_socket().map_or_else(
            || format!("{}:{}", options.get_host(), options.get_port()),
            |path| path.display().to_string(),
        );
        HistoryError::NoServer { at: harmless(host.as_bytes()), why }
    };
    let connection = tokio::time::timeout(ACQUIRE, PgConnection::connect_with(options)).await;
    let connection = connection.map_err(|_| failed(format!("no answer within {} s", ACQUIRE.as_secs())))?;
    connection.map_err(|error| failed(error.to_string()))?.close().await.map_err(HistoryError::from)
}

fn migrator(text: impl Fn(&(&'static str, &'static str, &'static str)) -> &'static str) -> Migrator {
    let migrations = MIGRATIONS.iter().zip(1..).map(|(migration, version)| {
        Migration::new(
            version,
            migration.0.into(),
            MigrationType::Simple,
            AssertSqlSafe(text(migration)).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}
