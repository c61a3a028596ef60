use super::*;
use crate::alert::{How, Outbox as _};
use crate::cell::{Cell, CellKey, Standing, State};
use crate::view::{CellView, Micros};
use std::time::Duration;

const DAY: Micros = 86_400 * 1_000_000;

fn key(method: &str) -> CellKey {
    CellKey {
        target: "sales".into(),
        module: "default".into(),
        endpoint: "imaps://a.test:993".into(),
        method: method.into(),
    }
}

fn cell(state: State) -> Cell {
    Cell {
        state,
        advertised: true,
        causes: Vec::new(),
        answer: "NO".into(),
        remedy: String::new(),
        standing: Standing::Met,
    }
}

fn record(at: Micros, telling: bool) -> Record {
    Record {
        target: "sales".into(),
        module: "default".into(),
        started_at: at,
        elapsed_ms: 40,
        status: "pass".into(),
        telling,
        report: Some(format!("{{\"at\":{at}}}")),
        seen: Some(at),
        ..Record::default()
    }
}

fn change(at: Micros) -> NewChange {
    NewChange {
        key: key("PLAIN"),
        at,
        before_since: None,
        before: Some(cell(State::Usable)),
        after: cell(State::Refused),
        confirmed_after: 2,
        alerts: Vec::new(),
    }
}

async fn fresh(folder: &tempfile::TempDir) -> History {
    History::open(&format!("sqlite:{}", folder.path().join("canary.db").display())).await.unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let view = CellView { key: key("PLAIN"), cell: cell(State::Refused), since: 5, seen: 5, turning: None };
    let first = fresh(&folder).await;
    let mut one = record(5, true);
    one.cells.push(view.clone());
    one.changes.push(change(5));
    let written = first.write(&[one, record(7, false)]).await.unwrap();
    first.close().await;

    let again = fresh(&folder).await;
    assert_eq!(again.cells("sales").await.unwrap(), [CellView { seen: 7, ..view }], "seen by both visits");
    let changes = again.changes(&ChangeFilter { limit: 9, ..ChangeFilter::default() }).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].visit, changes[0].id), (Some(written[0].visit), written[0].changes[0]));
    assert_eq!(changes[0].after.state, State::Refused);
    assert_eq!(again.last_visits().await.unwrap().values().copied().collect::<Vec<_>>(), [7]);
}

#[tokio::test]
async fn of_visits_that_went_as_before_only_the_last_report_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let history = fresh(&folder).await;
    for at in 1..=3 {
        history.write(&[record(at, at == 1)]).await.unwrap();
    }
    let visits = history.visits(Some("sales"), None, None, 9).await.unwrap();
    let kept: Vec<_> = visits.iter().map(|visit| (visit.started_at, visit.kept)).collect();
    assert_eq!(kept, [(3, true), (2, false), (1, true)]);
    let (_, report) = history.visit(visits[2].id).await.unwrap().unwrap();
    assert_eq!(report.as_deref(), Some("{\"at\":1}"));
}

#[tokio::test]
async fn failures_outlive_what_went_as_before_and_the_last_report_outlives_all() {
    let folder = tempfile::tempdir().unwrap();
    let history = fresh(&folder).await;
    for (day, telling) in [(0, false), (0, true), (50, true), (50, false), (51, false)] {
        history.write(&[record(day * DAY, telling)]).await.unwrap();
    }
    let keep = Keep { visits: Duration::from_secs(30 * 86_400), failures: Duration::from_secs(90 * 86_400) };
    let days = async |history: &History| {
        let visits = history.visits(Some("sales"), None, None, 9).await.unwrap();
        visits.iter().map(|visit| (visit.started_at / DAY, visit.telling)).collect::<Vec<_>>()
    };
    history.forget(keep, 60 * DAY).await.unwrap();
    assert_eq!(days(&history).await, [(51, false), (50, false), (50, true), (0, true)]);
    history.forget(keep, 200 * DAY).await.unwrap();
    assert_eq!(days(&history).await, [(51, false)], "how it is now is known however long ago that was seen");
}

#[tokio::test]
async fn latencies_come_in_stretches_of_equal_length() {
    let folder = tempfile::tempdir().unwrap();
    let history = fresh(&folder).await;
    for (at, elapsed_ms, status) in [(0, 10, "pass"), (9, 30, "fail"), (10, 50, "pass"), (25, 70, "pass")] {
        let visit = Record { elapsed_ms, status: status.into(), ..record(at, false) };
        history.write(&[visit]).await.unwrap();
    }
    let rows = history.latencies("sales", (0, 30), 3).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.from, row.visits, row.not_passed, row.mean_ms)).collect();
    assert_eq!(told, [(0, 2, 1, 20), (10, 1, 0, 50), (20, 1, 0, 70)]);
}

#[tokio::test]
async fn the_outbox_gives_a_notice_until_it_is_delivered_and_then_remembers_it() {
    let folder = tempfile::tempdir().unwrap();
    let history = fresh(&folder).await;
    let outbox = history.outbox(|| 7, |_| true);
    let every_sink = [outbox.news(), outbox.news()];
    let mut one = record(5, true);
    let mut told = change(5);
    told.alerts.push(crate::alert::NewAlert {
        sink: "pager".into(),
        notice: serde_json::from_value(serde_json::json!({
            "phase": "opens", "severity": "critical", "at": 5, "link": null,
            "subject": {"about": "expiry", "what": "token", "name": "sales", "at": 9, "remedy": "renew it"}
        }))
        .unwrap(),
        due: 6,
    });
    one.changes.push(told);
    history.write(&[one]).await.unwrap();
    assert!(every_sink.iter().all(|news| news.has_changed().unwrap()), "each of them hears of it");
    let waiting = outbox.pending("pager", 9).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].due, waiting[0].attempts), (1, 6, 0));
    outbox.failed(&[waiting[0].id], "503", 60).await.unwrap();
    let waiting = outbox.pending("pager", 9).await.unwrap();
    assert_eq!((waiting[0].due, waiting[0].attempts), (60, 1));
    outbox.delivered(&[waiting[0].id], How::Told, 61).await.unwrap();
    assert!(outbox.pending("pager", 9).await.unwrap().is_empty());
    assert_eq!(outbox.told("pager").await.unwrap().len(), 1);
    assert_eq!(outbox.targets(), 7);
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_of_the_hashes_is_a_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let secret = mailprobe_probes::model::Secret::new("correct horse");
    let history = fresh(&folder).await;
    let digest = history.secret_key().await.unwrap().digest("alice", &secret);
    assert_eq!(history.secret_key().await.unwrap().digest("alice", &secret), digest, "the key stays");
    assert_ne!(history.secret_key().await.unwrap().digest("bob", &secret), digest);
    let path = folder.path().join("canary.db.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let seen = |bytes: &[u8]| bytes.windows(5).any(|part| part == b"horse");
    assert!(!seen(digest.as_bytes()) && !seen(&std::fs::read(&path).unwrap()));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let message = history.secret_key().await.unwrap_err().to_string();
    assert!(message.contains("mode 0644") && message.contains("chmod 600"), "{message}");
}

#[tokio::test]
async fn a_url_of_no_known_database_is_refused_without_saying_its_password() {
    let message = History::open("mysql://u:hunter2@h/d").await.err().unwrap().to_string();
    assert!(message.contains("sqlite:PATH") && !message.contains("hunter2"), "{message}");
}
