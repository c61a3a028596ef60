//! What a history is for, told of both databases: the same calls, the same answers.

use std::time::Duration;

use mailprobe_canary::alert::{How, Outbox as _};
use mailprobe_canary::cell::{Cell, CellKey, Standing, State};
use mailprobe_canary::history::{ChangeFilter, History, Keep, Record, SecretRow, SecretVerdict};
use mailprobe_canary::view::CellView;

use crate::place::Place;
use crate::sample::{DAY, cell, change, key, visit};

macro_rules! told_of_both {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $story() {
                let place = super::Place::sqlite();
                super::$story(&place).await;
                place.end().await;
            })*
        }
        mod postgresql {
            $(#[tokio::test] async fn $story() {
                let place = super::Place::postgresql(stringify!($story)).await;
                super::$story(&place).await;
                place.end().await;
            })*
        }
    };
}

told_of_both!(
    after_a_restart_all_is_there,
    a_record_is_written_whole_or_not_at_all,
    the_old_is_forgotten_and_the_last_report_is_not,
    latencies_are_the_same_numbers,
    the_outbox_keeps_until_delivered,
    secrets_keep_their_key_and_their_latest_verdict,
    two_openings_write_side_by_side,
    changes_are_narrowed_and_paged,
    one_of_an_older_version_is_brought_up_to_date,
    what_an_older_version_told_nobody_of_is_not_known_again_and_the_rest_is_as_it_was,
    a_time_that_no_visit_can_have_is_no_fault_of_the_history,
    one_canary_at_a_time_has_it,
);

fn all() -> ChangeFilter {
    ChangeFilter { limit: 1000, ..ChangeFilter::default() }
}

async fn after_a_restart_all_is_there(place: &Place) {
    let first = place.open().await;
    let written = first.write(&[change("sales", 5), visit("sales", 7)]).await.unwrap();
    first.close().await;

    let again = place.open().await;
    let view = CellView { key: key("sales"), cell: cell(State::Refused), since: 5, seen: 7, turning: None };
    assert_eq!(again.cells("sales").await.unwrap(), [view]);
    let changes = again.changes(&all()).await.unwrap();
    assert_eq!(changes.iter().map(|row| row.id).collect::<Vec<_>>(), written[0].changes);
    assert_eq!((changes[0].visit, changes[0].confirmed_after), (Some(written[0].visit), 2));
    assert_eq!(changes[0].before_since, Some(4));
    assert_eq!(
        (changes[0].before.as_ref(), &changes[0].after),
        (Some(&cell(State::Usable)), &cell(State::Refused))
    );
    let visits = again.visits(Some("sales"), None, None, 9).await.unwrap();
    let told: Vec<_> = visits.iter().map(|row| (row.id, row.started_at, row.telling, row.kept)).collect();
    assert_eq!(told, [(written[1].visit, 7, false, true), (written[0].visit, 5, true, true)]);
    let (_, report) = again.visit(written[0].visit).await.unwrap().unwrap();
    assert_eq!(report.as_deref(), Some("{\"at\":5}"));
    assert_eq!(again.note("last").await.unwrap().as_deref(), Some("5"));
    assert_eq!(again.last_visits().await.unwrap()[&("sales".into(), "default".into())], 7);
    again.close().await;
}

/// No visit has two reports. A record about no visit stands under the number 0, so a second one with a report is refused,
/// when everything of two records and half of the third has been written.
async fn a_record_is_written_whole_or_not_at_all(place: &Place) {
    let history = place.open().await;
    history.write(&[change("sales", 5)]).await.unwrap();
    let twice = |at| Record { status: String::new(), telling: true, ..change("other", at) };
    let refused = history.write(&[change("sales", 6), twice(7), twice(8)]).await;
    assert!(refused.is_err(), "two reports of one visit were written");
    assert_eq!(history.visits(None, None, None, 9).await.unwrap().len(), 1);
    assert_eq!(history.changes(&all()).await.unwrap().len(), 1);
    assert_eq!(history.outbox(|| 1, |_| true).pending("pager", 9).await.unwrap().len(), 1);
    assert_eq!(history.note("last").await.unwrap().as_deref(), Some("5"));
    assert!(history.cells("other").await.unwrap().is_empty());
    history.write(&[change("sales", 9)]).await.unwrap();
    assert_eq!(history.changes(&all()).await.unwrap().len(), 2, "and it goes on");
    history.close().await;
}

async fn the_old_is_forgotten_and_the_last_report_is_not(place: &Place) {
    let history = place.open().await;
    history.write(&[visit("sales", 0), change("sales", 0), visit("sales", DAY)]).await.unwrap();
    // More than one statement forgets at a time.
    let many: Vec<Record> = (1..=1100).map(|at| visit("sales", DAY + at)).collect();
    history.write(&many).await.unwrap();
    history.write(&[change("sales", 50 * DAY), visit("sales", 51 * DAY)]).await.unwrap();
    let keep = Keep { visits: Duration::from_hours(30 * 24), failures: Duration::from_hours(90 * 24) };
    let left = async |now| {
        history.forget(keep, now).await.unwrap();
        let visits = history.visits(Some("sales"), None, None, 2000).await.unwrap();
        visits.iter().map(|row| (row.started_at / DAY, row.telling)).collect::<Vec<_>>()
    };
    assert_eq!(left(60 * DAY).await, [(51, false), (50, true), (0, true)]);
    assert_eq!(history.changes(&all()).await.unwrap().len(), 2);
    assert_eq!(left(200 * DAY).await, [(51, false)]);
    assert!(history.changes(&all()).await.unwrap().is_empty());
    let outbox = history.outbox(|| 1, |_| true);
    let waiting = outbox.pending("pager", 9).await.unwrap();
    assert_eq!(waiting.len(), 2, "nobody has taken them");
    let ids: Vec<i64> = waiting.iter().map(|entry| entry.id).collect();
    outbox.delivered(&ids, How::Told, 50 * DAY).await.unwrap();
    history.forget(keep, 300 * DAY).await.unwrap();
    let open: Vec<_> = outbox.told("pager").await.unwrap().into_iter().map(|(notice, _)| notice.at).collect();
    assert_eq!(open, [50 * DAY], "the alert that is open is as it was told last");
    history.close().await;
}

async fn latencies_are_the_same_numbers(place: &Place) {
    let history = place.open().await;
    for (at, elapsed_ms, status) in [(0, 10, "pass"), (9, 31, "fail"), (10, 50, "pass"), (25, 70, "pass")] {
        let one = Record { elapsed_ms, status: status.into(), ..visit("sales", at) };
        history.write(&[one]).await.unwrap();
    }
    let rows = history.latencies("sales", (0, 30), 3).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.from, row.visits, row.not_passed, row.min_ms, row.mean_ms, row.max_ms))
        .collect();
    assert_eq!(told, [(0, 2, 1, 10, 20, 31), (10, 1, 0, 50, 50, 50), (20, 1, 0, 70, 70, 70)]);
    history.close().await;
}

async fn the_outbox_keeps_until_delivered(place: &Place) {
    let history = place.open().await;
    history.write(&[change("sales", 5), change("sales", 6)]).await.unwrap();
    let outbox = history.outbox(|| 1, |_| true);
    let ids: Vec<i64> = outbox.pending("pager", 9).await.unwrap().iter().map(|entry| entry.id).collect();
    outbox.failed(&ids, "503", 60).await.unwrap();
    outbox.delivered(&ids[..1], How::Told, 61).await.unwrap();
    history.close().await;
    let again = place.open().await;
    let outbox = again.outbox(|| 1, |_| true);
    let waiting = outbox.pending("pager", 9).await.unwrap();
    let told: Vec<_> = waiting.iter().map(|entry| (entry.id, entry.due, entry.attempts)).collect();
    assert_eq!(told, [(ids[1], 60, 1)]);
    assert_eq!(outbox.told("pager").await.unwrap().len(), 1);
    again.close().await;
}

async fn secrets_keep_their_key_and_their_latest_verdict(place: &Place) {
    let secret = mailprobe_probes::model::Secret::new("correct horse");
    let history = place.open().await;
    let digest = history.secret_key().await.unwrap().digest("alice", &secret);
    let row = |verdict| SecretRow { account: "alice".into(), digest: digest.clone(), verdict, at: 5 };
    history.note_secret(&row(SecretVerdict::Pending)).await.unwrap();
    let later = Record { secrets: vec![row(SecretVerdict::Refused)], ..visit("sales", 6) };
    history.write(&[later]).await.unwrap();
    history.close().await;
    let again = place.open().await;
    assert_eq!(again.secrets().await.unwrap(), [row(SecretVerdict::Refused)]);
    assert_eq!(again.secret_key().await.unwrap().digest("alice", &secret), digest, "the key stays");
    again.close().await;
}

async fn two_openings_write_side_by_side(place: &Place) {
    let (one, other) = tokio::join!(place.open(), place.open());
    let write = async |history: &History, target: &str| {
        for at in 1..=25 {
            history.write(&[change(target, at)]).await.unwrap();
        }
    };
    tokio::join!(write(&one, "sales"), write(&other, "support"));
    assert_eq!(one.changes(&all()).await.unwrap(), other.changes(&all()).await.unwrap());
    for (history, target) in [(&one, "support"), (&other, "sales")] {
        assert_eq!(history.visits(Some(target), None, None, 99).await.unwrap().len(), 25);
    }
    one.close().await;
    other.close().await;
}

async fn changes_are_narrowed_and_paged(place: &Place) {
    let history = place.open().await;
    for at in 1..=6 {
        history.write(&[change(if at % 2 == 0 { "even" } else { "odd" }, at)]).await.unwrap();
    }
    let at = async |filter: ChangeFilter| {
        let rows = history.changes(&filter).await.unwrap();
        rows.into_iter().map(|row| (row.id, row.at)).collect::<Vec<_>>()
    };
    let first = at(ChangeFilter { limit: 4, ..ChangeFilter::default() }).await;
    assert_eq!(first.iter().map(|row| row.1).collect::<Vec<_>>(), [6, 5, 4, 3]);
    let rest = at(ChangeFilter { before_id: Some(first[3].0), ..all() }).await;
    assert_eq!(rest.iter().map(|row| row.1).collect::<Vec<_>>(), [2, 1]);
    let filter = ChangeFilter { target: Some("odd".into()), since: Some(2), until: Some(5), ..all() };
    assert_eq!(at(filter).await.iter().map(|row| row.1).collect::<Vec<_>>(), [3]);
    history.close().await;
}

/// As the first version left it: without the column of the second.
async fn one_of_an_older_version_is_brought_up_to_date(place: &Place) {
    let first = place.open().await;
    first.write(&[change("sales", 5)]).await.unwrap();
    first.close().await;
    place.meddle("ALTER TABLE changes DROP COLUMN before_since").await;
    place.meddle("DROP INDEX alerts_by_identity").await;
    place.meddle("ALTER TABLE alerts DROP COLUMN identity").await;
    place.meddle("ALTER TABLE alerts DROP COLUMN closes").await;
    place.meddle("DELETE FROM _sqlx_migrations WHERE version = 2").await;

    let now = place.open().await;
    now.write(&[change("sales", 9)]).await.unwrap();
    let since: Vec<_> =
        now.changes(&all()).await.unwrap().iter().map(|row| (row.at, row.before_since)).collect();
    assert_eq!(since, [(9, Some(8)), (5, None)]);
    now.close().await;
}

/// An older version wrote down what was out of reach when it first looked, and told nobody; what it told of it had a change.
async fn what_an_older_version_told_nobody_of_is_not_known_again_and_the_rest_is_as_it_was(place: &Place) {
    use State::{NotKnown, Offered, Reached, Refused, Throttled, Unclear, Unreachable, Usable};
    let of = |target: &str, state, standing| {
        let (key, cell) = (CellKey { target: target.into(), ..key("x") }, Cell { standing, ..cell(state) });
        CellView { key, cell, since: 5, seen: 7, turning: None }
    };
    let older = place.open().await;
    let cells = vec![
        of("down at first", Unreachable, Standing::NoRule),
        of("down later", Unreachable, Standing::NoRule),
        of("unclear", Unclear, Standing::Undecided),
        of("no token", Offered, Standing::Undecided),
        of("turned undecided", Refused, Standing::Undecided),
        of("throttled", Throttled, Standing::Undecided),
        of("good", Usable, Standing::Met),
        of("broken", Usable, Standing::NotMet),
        of("up", Reached, Standing::NoRule),
    ];
    older.write(&[Record { cells, ..visit("x", 7) }]).await.unwrap();
    // Told when it happened, or as far as anybody knows.
    for target in ["down later", "turned undecided"] {
        older.write(&[Record { cells: Vec::new(), ..change(target, 5) }]).await.unwrap();
    }
    older.close().await;
    place.meddle("DELETE FROM _sqlx_migrations WHERE version = 3").await;

    let now = place.open().await;
    let mut states: Vec<_> = now.all_cells().await.unwrap();
    states.sort_by(|one, other| one.key.cmp(&other.key));
    let states: Vec<_> =
        states.iter().map(|view| (view.key.target.as_str(), view.cell.state, view.cell.standing)).collect();
    assert_eq!(
        states,
        [
            ("broken", Usable, Standing::NotMet),
            ("down at first", NotKnown, Standing::NoRule),
            ("down later", Unreachable, Standing::NoRule),
            ("good", Usable, Standing::Met),
            ("no token", NotKnown, Standing::Undecided),
            ("throttled", Throttled, Standing::Undecided),
            ("turned undecided", Refused, Standing::Undecided),
            ("unclear", NotKnown, Standing::Undecided),
            ("up", Reached, Standing::NoRule),
        ]
    );
    assert!(now.all_cells().await.unwrap().iter().all(|view| view.since == 5), "since when it has been so");
    now.close().await;
}

async fn a_time_that_no_visit_can_have_is_no_fault_of_the_history(place: &Place) {
    let history = place.open().await;
    history.write(&[visit("sales", 5)]).await.unwrap();
    for (since, until) in [(i64::MIN, 30), (i64::MIN, i64::MAX), (0, i64::MAX), (i64::MAX, 0)] {
        let rows = history.latencies("sales", (since, until), 3).await;
        assert!(rows.is_ok(), "{since} to {until}: {:?}", rows.err().map(|error| error.to_string()));
    }
    for moment in [i64::MIN, i64::MAX] {
        let filter =
            ChangeFilter { since: Some(moment), until: Some(moment), before_id: Some(moment), ..all() };
        history.changes(&filter).await.unwrap();
        history.visits(Some("sales"), Some(moment), Some(moment), 9).await.unwrap();
    }
    history.close().await;
}

async fn one_canary_at_a_time_has_it(place: &Place) {
    let (one, other) = (place.open().await, place.open().await);
    let claim = one.claim().await.unwrap();
    let message = other.claim().await.unwrap_err().to_string();
    assert!(
        message.starts_with("another canary writes the history at ") && message.contains("end it"),
        "{message}"
    );
    assert!(!message.contains(&crate::lab::password("database")), "{message}");
    // It reads, as `mailprobe history` does.
    assert!(other.changes(&all()).await.unwrap().is_empty());
    drop(claim);
    other.claim().await.unwrap();
    one.close().await;
    other.close().await;
}
