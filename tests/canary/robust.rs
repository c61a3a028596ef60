//! What goes wrong around the canary: a locked database, names that cannot be resolved, a clock that jumps, another
//! configuration.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use mailprobe_canary::alert::Subject;
use mailprobe_canary::history::ChangeFilter;
use mailprobe_canary::source::Source as _;
use mailprobe_canary::view::CellView;
use sqlx::{Connection as _, Executor as _};

use crate::kit::{Canary, Tenant, now};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_locked_visits_wait_to_be_written_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let mut canary = Canary::begin(folder.path(), &tenant.watched(folder.path(), "")).await;
    canary.visits(2).await;
    let file = format!("sqlite:{}", folder.path().join("canary.db").display());
    let mut other = sqlx::SqliteConnection::connect(&file).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    tenant.play("exchange-online-today").await;
    // The changes are seen and cannot be written: the writer gives up waiting, and says so.
    while !canary.live.health().problems.iter().any(|words| words.contains("wait to be written down")) {
        canary.visits(1).await;
    }
    assert!(!canary.live.health().ready);
    other.execute("COMMIT").await.unwrap();
    assert_eq!(canary.changes(4).await.len(), 4);
    assert_eq!(canary.live.health().problems, Vec::<String>::new());
    let filter = ChangeFilter { limit: 100, ..ChangeFilter::default() };
    assert_eq!(canary.history.changes(&filter).await.unwrap().len(), 4);
    canary.end().await;
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_cannot_be_resolved_are_a_problem_of_the_canary_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody answers there: a port that was free a moment ago.
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = socket.local_addr().unwrap();
    drop(socket);
    let text = format!(
        "interval = \"500ms\"\n[network]\ndns_server = \"{server}\"\n[module.default]\nconnect_timeout = \"1s\"\n\
         [[target]]\nmailbox = \"a@lab.test\"\nendpoints = [\"imaps://imap.lab.test\"]\n"
    );
    let mut canary = Canary::begin(folder.path(), &text).await;
    while !canary.live.health().problems.iter().any(|words| words.contains("cannot be resolved")) {
        canary.visits(1).await;
    }
    canary.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_a_year_forward_or_back_stops_no_visit_and_forgets_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let off = Arc::new(AtomicI64::new(0));
    let by = Arc::clone(&off);
    let clock = Arc::new(move || now() + by.load(Ordering::Relaxed));
    let mut canary = Canary::with_clock(folder.path(), &tenant.watched(folder.path(), ""), clock).await;
    canary.visits(2).await;
    for jump in [365_i64, -365] {
        off.store(jump * 86_400 * 1_000_000, Ordering::Relaxed);
        assert_eq!(canary.visits(4).await, Vec::<String>::new());
        assert!(canary.live.health().problems.iter().any(|words| words.contains("the clock jumped")));
    }
    let visits = canary.history.visits(None, None, None, 1000).await.unwrap();
    assert!(visits.iter().any(|visit| visit.id == 1), "nothing has become too old: {visits:?}");
    canary.end().await;
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_configuration_leaves_alone_what_is_in_both() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let text = tenant.watched(folder.path(), "");
    let mut canary = Canary::begin(folder.path(), &text).await;
    canary.visits(3).await;
    let cells = canary.live.target("alice").unwrap().cells.clone();
    let more = format!(
        "{text}[[target]]\nname = \"scanner\"\nmailbox = \"scanner@rehearsal.test\"\nendpoints = [\"{}\"]\n",
        tenant.endpoint("smtps")
    );
    canary.reload(folder.path(), &more).await;
    while canary.live.target("scanner").is_none_or(|view| view.cells.is_empty()) {
        assert_eq!(canary.visits(1).await, Vec::<String>::new());
    }
    let since =
        |cells: &[CellView]| cells.iter().map(|view| (view.key.clone(), view.since)).collect::<Vec<_>>();
    assert_eq!(since(&canary.live.target("alice").unwrap().cells), since(&cells));
    let scanner = canary.live.target("scanner").unwrap();
    let about = |view: &CellView| Subject::Cell {
        key: view.key.clone(),
        mailbox: String::new(),
        before: None,
        after: view.cell.clone(),
        before_since: None,
    };
    assert!(canary.live.watches(&about(&scanner.cells[0])) && canary.live.watches(&about(&cells[0])));
    canary.reload(folder.path(), &text).await;
    while canary.live.target("scanner").is_some() {
        canary.visits(1).await;
    }
    assert!(!canary.live.watches(&about(&scanner.cells[0])), "an alert about it would never end");
    assert!(canary.live.watches(&about(&cells[0])));
    canary.end().await;
    tenant.end().await;
}
