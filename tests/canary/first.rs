//! What is broken when the canary first looks: it is told once, after the usual confirmation, with the time and the reason; it is
//! on every page as unclear; a restart tells nothing again, and the first good visit ends it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use mailprobe_canary::alert::Outbox as _;
use mailprobe_canary::cell::{Cell, CellKey, Standing, State};
use mailprobe_canary::history::{ChangeFilter, History, Record};
use mailprobe_canary::source::Source as _;
use mailprobe_canary::view::CellView;
use serde_json::Value;
use sqlx::{Connection as _, Executor as _};

use crate::kit::{Canary, Tenant, closed, now, secret};
use crate::receiver::{Manner, Taker, taker};
use crate::watcher::Watcher;

/// No notice takes so long, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);
const HOUR: i64 = 3_600 * 1_000_000;
const RULES: &str = "expect = [\"imap/PLAIN=refused\", \"imap/XOAUTH2=usable\"]";

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(folder).args(arguments);
    command
}

fn begin(folder: &Path) -> Watcher {
    Watcher::begin(&mut program(folder, &["canary", "--config", "canary.toml"]))
}

/// Pages, and a sink that takes everything.
fn told_to(taker: &Taker) -> String {
    format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[alerts]\ngroup_wait = \"0s\"\n\
         [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n",
        taker.url
    )
}

/// The next so many messages, as `firing HEADLINE`, sorted; each moment of a day is one.
fn messages(taker: &Taker, number: usize) -> Vec<String> {
    let message = |_| {
        let (_, body) = taker.got.recv_timeout(PATIENCE).expect("nobody is told");
        let word = |name: &str| body["message"][name].as_str().unwrap().to_owned();
        let headline = word("headline");
        let plain =
            match headline.split_once("since ").map(|(before, rest)| (before, rest.split_once(" UTC"))) {
                Some((before, Some((_, after)))) => format!("{before}since HH:MM UTC{after}"),
                _ => headline,
            };
        format!("{} {plain}", word("status"))
    };
    let mut all: Vec<String> = (0..number).map(message).collect();
    all.sort();
    all
}

async fn history(folder: &Path) -> History {
    History::open(&format!("sqlite:{}", folder.join("canary.db").display())).await.unwrap()
}

/// Changes that are written down, and entries of the sink's, waiting ones among them.
async fn written(folder: &Path) -> (usize, usize) {
    let history = history(folder).await;
    let changes =
        history.changes(&ChangeFilter { limit: 99, ..ChangeFilter::default() }).await.unwrap().len();
    let outbox = history.outbox(|| 1, |_| true);
    let entries = outbox.pending("hook", 99).await.unwrap().len() + outbox.told("hook").await.unwrap().len();
    history.close().await;
    (changes, entries)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fleet_that_is_down_from_the_first_look_on_is_told_once_over_restarts_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    secret(folder, "password", "correct horse");
    let held = closed(0);
    let gone = held.local_addr().unwrap().port();
    let sink = taker(Manner::Takes);
    let mut text = format!(
        "interval = \"400ms\"\n[limits]\nrecheck = \"100ms\"\n{}",
        told_to(&sink).replace("group_wait = \"0s\"", "group_wait = \"1h\"")
    );
    for number in 0..6 {
        let target = format!(
            "[[target]]\nname = \"t{number}\"\nmailbox = \"a{number}@x.test\"\n\
             endpoints = [\"imaps://127.0.0.1:{gone}\"]\npassword_file = \"password\"\n"
        );
        text.push_str(&target);
    }
    std::fs::write(folder.join("canary.toml"), text).unwrap();
    let canary = begin(folder);
    let told = messages(&sink, 1).remove(0);
    assert!(told.ends_with(" of 6 targets cannot be checked since HH:MM UTC: connection refused"), "{told}");
    canary.end();
    for _ in 0..2 {
        let canary = begin(folder);
        canary.visits(8);
        canary.end();
        // Whatever it said was said before its end.
        let again = sink.got.try_recv().map(|(_, body)| body["message"]["headline"].clone());
        assert!(again.is_err(), "{again:?}");
    }
}

/// The value of a series without other labels than the target.
fn success(page: &str) -> Option<&str> {
    page.lines().find_map(|line| line.strip_prefix("probe_success{target=\"alice\"} "))
}

fn target(canary: &Watcher) -> Value {
    canary.json("/api/v1/targets")["targets"][0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_is_down_when_the_canary_begins_is_told_once_over_restarts_and_resolved_when_it_is_up()
{
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut tenant = Tenant::open("exchange-online-today", folder).await;
    tenant.end().await;
    let sink = taker(Manner::Takes);
    let text = tenant.watched(folder, &format!("{RULES}\n{}", told_to(&sink)));
    std::fs::write(folder.join("canary.toml"), text).unwrap();
    let endpoints = ["imaps", "pop3s", "smtps"].map(|scheme| tenant.endpoint(scheme));

    let canary = begin(folder);
    assert_eq!(success(&canary.page("/metrics")), Some("0"), "from the first scrape");
    let down = messages(&sink, 3);
    let wanted = endpoints
        .clone()
        .map(|url| format!("firing alice: {url} cannot be checked since HH:MM UTC: connection refused"));
    assert_eq!(down, wanted);
    canary.visits(4);
    assert_eq!(success(&canary.page("/metrics")), Some("0"));
    assert_eq!(target(&canary)["status"], "unknown");
    canary.end();

    let canary = begin(folder);
    assert_eq!(success(&canary.page("/metrics")), Some("0"));
    canary.visits(8);
    canary.end();
    assert_eq!(written(folder).await, (3, 3), "a restart tells nothing again");

    tenant.play("exchange-online-today").await;
    let canary = begin(folder);
    let up = messages(&sink, 3);
    let wanted = endpoints
        .map(|url| format!("resolved alice: The endpoint on {url} went from unreachable to reached"));
    assert_eq!(up, wanted);
    canary.until(|canary| (success(&canary.page("/metrics")) == Some("1")).then_some(()));
    assert_eq!(target(&canary)["status"], "pass");
    canary.visits(4);
    canary.end();
    assert_eq!(written(folder).await, (6, 6), "what the methods do is how it is");

    let canary = begin(folder);
    assert_eq!(
        success(&canary.page("/metrics")),
        Some("1"),
        "what was seen good before a restart stays good"
    );
    canary.end();
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_with_one_endpoint_that_nobody_reaches_is_unclear_everywhere_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut tenant = Tenant::open("exchange-online-today", folder).await;
    let sink = taker(Manner::Takes);
    let held = closed(0);
    let gone = held.local_addr().unwrap().port();
    let (pop3s, gone) = (tenant.endpoint("pop3s"), format!("imaps://localhost:{gone}"));
    let text = tenant.watched(folder, &format!("{RULES}\n{}", told_to(&sink)));
    let text = text.replace(&tenant.endpoint("imaps"), &gone);
    std::fs::write(folder.join("canary.toml"), text).unwrap();
    let canary = begin(folder);
    assert_eq!(
        messages(&sink, 1),
        [format!("firing alice: {gone} cannot be checked since HH:MM UTC: connection refused")]
    );
    let seen = target(&canary);
    assert_eq!(seen["status"], "unknown", "{seen}");
    assert_eq!(
        (&seen["wrong"]["endpoint"], &seen["wrong"]["reason"]),
        (&gone.as_str().into(), &"connection refused".into())
    );
    let page = canary.page("/metrics");
    assert_eq!(success(&page), Some("0"));
    for line in ["mailprobe_targets{status=\"unknown\"} 1", "mailprobe_targets{status=\"pass\"} 0"] {
        assert!(page.lines().any(|had| had == line), "{line}\n{page}");
    }
    let all = canary.json("/api/v1/targets/alice");
    let cell = |endpoint: &str, method: &str| {
        let mut cells = all["cells"].as_array().unwrap().iter();
        cells
            .find(|cell| cell["key"]["endpoint"] == endpoint && cell["key"]["method"] == method)
            .unwrap_or_else(|| panic!("{method} on {endpoint} is not drawn: {all}"))
    };
    for method in ["PLAIN", "XOAUTH2"] {
        let cell = cell(&gone, method);
        assert_eq!(
            (&cell["cell"]["state"], &cell["reason"]),
            (&"not-known".into(), &"connection refused".into())
        );
    }
    assert_eq!(cell(&gone, "-")["cell"]["state"], "unreachable");
    assert_eq!(
        (&cell(&pop3s, "-")["cell"]["state"], &cell(&pop3s, "-")["reason"]),
        (&"reached".into(), &Value::Null)
    );
    let probe = canary.page("/probe?target=alice");
    assert!(probe.lines().any(|line| line == "probe_success 0"), "{probe}");
    canary.end();
    let said = program(folder, &["history", "targets", "--config", "canary.toml"]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.starts_with("alice: unclear\n"), "{said}");
    assert!(said.contains(&format!("PLAIN on {gone}: not checked: connection refused since ")), "{said}");
    assert_eq!(written(folder).await, (1, 1));
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_its_first_visit_a_target_shows_what_it_is_to_be_checked_for_and_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut tenant = Tenant::open("exchange-online-today", folder).await;
    // Held by a server that has a visit wait: no visit ends before the page is looked at.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let held = format!("imaps://localhost:{}", silent.local_addr().unwrap().port());
    let text = tenant.watched(folder, &format!("{RULES}\n[http]\nlisten = \"127.0.0.1:0\"\n"));
    let text = text.replace(&tenant.endpoint("imaps"), &held).replace("400ms", "1h");
    std::fs::write(folder.join("canary.toml"), text).unwrap();
    let canary = begin(folder);
    assert_eq!(success(&canary.page("/metrics")), Some("0"));
    assert_eq!(target(&canary)["status"], "waiting");
    let all = canary.json("/api/v1/targets/alice");
    let drawn: Vec<String> = all["cells"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|cell| cell["key"]["endpoint"] == held.as_str())
        .map(|cell| {
            assert_eq!(cell["reason"], Value::Null);
            format!("{} {}", cell["key"]["method"].as_str().unwrap(), cell["cell"]["state"].as_str().unwrap())
        })
        .collect();
    assert_eq!(drawn, ["- not-known", "PLAIN not-known", "XOAUTH2 not-known"]);
    drop(canary);
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_taken_at_the_first_look_against_its_rule_is_told_after_a_second_look_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let text = tenant.watched(folder.path(), RULES);
    let mut canary = Canary::begin(folder.path(), &text).await;
    assert_eq!(canary.changes(1).await, ["imaps PLAIN >usable"]);
    assert_eq!(canary.visits(6).await, Vec::<String>::new(), "once");
    let changes =
        canary.history.changes(&ChangeFilter { limit: 9, ..ChangeFilter::default() }).await.unwrap();
    let change = &changes[0];
    assert_eq!((change.before.as_ref(), change.confirmed_after), (None, 2), "a second look shows it, too");
    let first =
        canary.history.visits(Some("alice"), None, None, 99).await.unwrap().last().unwrap().started_at;
    let since = change.before_since.unwrap();
    assert!(first <= since && since < change.at, "since it was first seen: {first} {since} {}", change.at);
    assert_eq!(canary.live.target("alice").unwrap().status, "fail");
    canary.end().await;
    tenant.end().await;
}

/// Answers every password over IMAP with a temporary error.
const UNAVAILABLE: &str = "title = \"an outage\"\nabout = \"Passwords get a temporary error over IMAP.\"\n\
    extends = \"exchange-online-today\"\nsource = \"https://www.rfc-editor.org/rfc/rfc5530\"\n\
    [[words]]\nprotocol = \"imap\"\ncause = \"basic-disabled\"\ntext = \"NO [UNAVAILABLE] The backend is down\"\n\
    source = \"https://www.rfc-editor.org/rfc/rfc5530#section-3\"\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_answers_and_decides_nothing_from_the_first_look_on_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("outage.toml");
    std::fs::write(&scenario, UNAVAILABLE).unwrap();
    let mut tenant = Tenant::open(scenario.to_str().unwrap(), folder.path()).await;
    let text = tenant.watched(folder.path(), RULES);
    let mut canary = Canary::begin(folder.path(), &text).await;
    assert_eq!(canary.changes(1).await, ["imaps PLAIN >unclear"]);
    assert_eq!(canary.visits(6).await, Vec::<String>::new());
    assert_eq!(canary.live.target("alice").unwrap().status, "unknown");
    tenant.play("exchange-online-today").await;
    assert_eq!(canary.changes(1).await, ["imaps PLAIN unclear>refused"], "the first good visit ends it");
    canary.end().await;
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_a_reload_brings_is_told_of_like_any_other_and_what_was_there_is_not_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let text = tenant.watched(folder.path(), RULES);
    let mut canary = Canary::begin(folder.path(), &text).await;
    assert_eq!(canary.changes(1).await, ["imaps PLAIN >usable"]);
    let held = closed(0);
    let gone = held.local_addr().unwrap().port();
    let more = format!(
        "{text}[[target]]\nname = \"scanner\"\nmailbox = \"scanner@rehearsal.test\"\nendpoints = [\"smtps://localhost:{gone}\"]\n"
    );
    canary.reload(folder.path(), &more).await;
    assert_eq!(canary.changes(1).await, ["smtps - >unreachable"]);
    assert_eq!(canary.visits(8).await, Vec::<String>::new());
    canary.end().await;
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_broken_at_the_first_look_in_a_maintenance_window_is_told_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("exchange-online-today", folder.path()).await;
    tenant.end().await;
    let more = "[alerts]\ngroup_wait = \"0s\"\n[[sink]]\nname = \"script\"\nkind = \"command\"\ncommand = [\"/bin/true\"]\n\
                [[maintenance]]\nfrom = \"02:00\"\nto = \"04:00\"\ntimezone = \"UTC\"";
    let midnight = now() / (24 * HOUR) * 24 * HOUR;
    let off = Arc::new(AtomicI64::new(midnight + 5 * HOUR / 2 - now()));
    let clock = Arc::new(move || now() + off.load(Ordering::Relaxed));
    let mut canary = Canary::with_clock(folder.path(), &tenant.watched(folder.path(), more), clock).await;
    let down = ["imaps - >unreachable", "pop3s - >unreachable", "smtps - >unreachable"];
    assert_eq!(canary.changes(3).await, down);
    assert_eq!(canary.live.target("alice").unwrap().status, "maintenance");
    let waiting = canary.history.outbox(|| 1, |_| true).pending("script", 99).await.unwrap();
    assert_eq!(waiting.len(), 3);
    for entry in &waiting {
        assert_eq!(entry.due, midnight + 4 * HOUR, "not before the end of the window");
    }
    canary.end().await;
}

/// An earlier version wrote down what it saw when it first looked, and told nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_upgrade_what_is_broken_is_told_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("exchange-online-today", folder.path()).await;
    let held = closed(0);
    let gone = held.local_addr().unwrap().port();
    let gone = format!("imaps://localhost:{gone}");
    let text = tenant.watched(folder.path(), "").replace(&tenant.endpoint("imaps"), &gone);
    let row = |endpoint: String, method: &str, state, standing| {
        let (target, module) = ("alice".into(), "default".into());
        let key = CellKey { target, module, endpoint, method: method.into() };
        let unknown = Cell::not_known(standing, Vec::new(), String::new());
        let cell = Cell { state, advertised: state == State::Reached, ..unknown };
        CellView { key, cell, since: 5, seen: 7, turning: None }
    };
    let cells = vec![
        row(gone.clone(), "-", State::Unreachable, Standing::Undecided),
        row(tenant.endpoint("pop3s"), "-", State::Reached, Standing::Met),
    ];
    let older = history(folder.path()).await;
    let visit = Record {
        target: "alice".into(),
        module: "default".into(),
        status: "pass".into(),
        ..Record::default()
    };
    older.write(&[Record { cells, ..visit }]).await.unwrap();
    older.close().await;
    let file = format!("sqlite:{}", folder.path().join("canary.db").display());
    let mut other = sqlx::SqliteConnection::connect(&file).await.unwrap();
    other.execute("DELETE FROM _sqlx_migrations WHERE version = 3").await.unwrap();
    other.close().await.unwrap();

    let mut canary = Canary::begin(folder.path(), &text).await;
    assert_eq!(canary.changes(1).await, ["imaps - >unreachable"]);
    let changes =
        canary.history.changes(&ChangeFilter { limit: 9, ..ChangeFilter::default() }).await.unwrap();
    assert_eq!(changes[0].before_since, Some(5), "it has been so since the version before saw it first");
    assert_eq!(canary.visits(8).await, Vec::<String>::new());
    canary.end().await;
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_cannot_be_read_is_told_like_a_server_that_cannot_be_reached() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("exchange-online-today", folder.path()).await;
    let text = tenant.watched(folder.path(), "");
    std::fs::remove_file(folder.path().join("password")).unwrap();
    let mut canary = Canary::begin(folder.path(), &text).await;
    assert_eq!(canary.changes(3).await, ["imaps - >unclear", "pop3s - >unclear", "smtps - >unclear"]);
    let view = canary.live.target("alice").unwrap();
    assert_eq!(view.status, "unknown");
    let cell = view.cells.iter().find(|view| view.cell.state == State::Unclear).unwrap();
    assert!(cell.cell.reason().contains("password"), "{}", cell.cell.answer);
    secret(folder.path(), "password", "correct horse");
    assert_eq!(
        canary.changes(3).await,
        ["imaps - unclear>reached", "pop3s - unclear>reached", "smtps - unclear>reached"]
    );
    canary.end().await;
    tenant.end().await;
}
