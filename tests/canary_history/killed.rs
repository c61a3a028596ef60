//! Killed by SIGKILL while it writes: what was acknowledged is there, and nothing is there by half.
//!
//! The writer is this test program again, told by a variable where to write; it prints the numbers of every record that is
//! acknowledged. What a power cut does is not shown here: that is the file system's and `synchronous = FULL`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use mailprobe_canary::alert::Outbox as _;
use mailprobe_canary::history::{ChangeFilter, History};
use sqlx::{Connection as _, SqliteConnection};

use crate::place::Place;
use crate::sample::change;

const WHERE: &str = "MAILPROBE_TEST_HISTORY";
const FROM: &str = "MAILPROBE_TEST_FROM";

/// Visit and change of every acknowledged record, by the time that the record says.
type Acknowledged = BTreeMap<i64, (i64, i64)>;

/// Writes transactions of one to four records, and says each as soon as it is acknowledged. Never ends by itself where
/// `most` is nothing.
async fn write(history: &History, from: i64, most: Option<usize>, mut say: impl FnMut(i64, i64, i64)) {
    let mut at = from;
    for round in (0..).take_while(|round| most.is_none_or(|most| *round < most)) {
        let size = i64::try_from(round % 4 + 1).unwrap();
        let records: Vec<_> = (at..at + size).map(|at| change("sales", at)).collect();
        for (record, written) in records.iter().zip(history.write(&records).await.unwrap()) {
            say(record.started_at, written.visit, written.changes[0]);
        }
        at += size;
    }
}

/// The writer. By itself it writes a little and looks at that; as a child of the others it writes until it is killed.
#[tokio::test]
async fn the_writer_says_what_was_acknowledged() {
    if let (Ok(url), Ok(from)) = (std::env::var(WHERE), std::env::var(FROM)) {
        let history = History::open(&url).await.unwrap();
        let mut out = std::io::stdout();
        write(&history, from.parse().unwrap(), None, |at, visit, change| {
            writeln!(out, "written {at} {visit} {change}").unwrap();
            out.flush().unwrap();
        })
        .await;
    }
    let place = Place::sqlite();
    let history = place.open().await;
    let mut acknowledged = Acknowledged::new();
    write(&history, 1, Some(4), |at, visit, change| {
        acknowledged.insert(at, (visit, change));
    })
    .await;
    history.close().await;
    assert_eq!(sound(&place, &acknowledged).await, 10);
}

/// Starts a writer and kills it after so many acknowledged records.
fn kill_after(number: usize, place: &Place, acknowledged: &mut Acknowledged, from: i64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::the_writer_says_what_was_acknowledged", "--nocapture", "--test-threads=1"])
        .env(WHERE, &place.url)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut take = |line: String| {
        // libtest's own words stand before the first.
        let Some((_, line)) = line.split_once("written ") else { return false };
        let numbers: Vec<i64> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
        // The last line may be cut off: then nobody was told.
        if let [at, visit, change] = numbers[..] {
            acknowledged.insert(at, (visit, change));
        }
        true
    };
    let mut seen = 0;
    while seen < number {
        let line = lines.next().expect("the writer ended by itself").unwrap();
        seen += usize::from(take(line));
    }
    child.kill().unwrap();
    // What it still said before it died counts.
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let whole = rest.len().saturating_sub(1);
    for line in rest.into_iter().take(whole) {
        take(line);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        assert_eq!(child.wait().unwrap().signal(), Some(9), "it was killed, and did not fail before");
    }
}

/// Everything acknowledged is there with the numbers that were said, every record is whole, and how many there are.
async fn sound(place: &Place, acknowledged: &Acknowledged) -> usize {
    let history = place.open().await;
    let visits = history.visits(None, None, None, 1_000_000).await.unwrap();
    let changes =
        history.changes(&ChangeFilter { limit: 1_000_000, ..ChangeFilter::default() }).await.unwrap();
    let by_time: BTreeMap<i64, (i64, i64)> =
        changes.iter().map(|row| (row.at, (row.visit.unwrap(), row.id))).collect();
    for (at, numbers) in acknowledged {
        assert_eq!(by_time.get(at), Some(numbers), "the record of {at} was acknowledged");
    }
    let of_visits: BTreeSet<(i64, i64)> = visits.iter().map(|row| (row.id, row.started_at)).collect();
    let of_changes: BTreeSet<(i64, i64)> = changes.iter().map(|row| (row.visit.unwrap(), row.at)).collect();
    assert_eq!(of_visits, of_changes, "no visit without its change, and no change without its visit");
    assert!(visits.iter().all(|row| row.kept), "no visit without its report");
    let waiting = history.outbox(|| 1, |_| true).pending("pager", 1_000_000).await.unwrap();
    assert_eq!(waiting.len(), changes.len(), "no change without its notice");
    if let Some(last) = by_time.keys().last() {
        assert_eq!(history.note("last").await.unwrap(), Some(last.to_string()));
    }
    history.close().await;
    changes.len()
}

async fn integrity(place: &Place) -> String {
    let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
    let said: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    said
}

/// Kills so many writers of one history, each after another number of records; how many records there were in the end.
async fn kill(times: usize, place: &Place) -> (usize, usize) {
    let (mut acknowledged, mut from) = (Acknowledged::new(), 1);
    let mut there = 0;
    for round in 0..times {
        // From none, when it has hardly begun, to twenty-two.
        kill_after(round * 7 % 23, place, &mut acknowledged, from);
        there = sound(place, &acknowledged).await;
        // Apart from every number that a killed writer may have come to.
        from += 1_000_000;
    }
    assert!(acknowledged.len() >= times, "{} records in {times} rounds", acknowledged.len());
    (there, acknowledged.len())
}

#[tokio::test]
async fn killed_a_hundred_times_sqlite_has_all_that_was_acknowledged() {
    let place = Place::sqlite();
    let mut acknowledged = Acknowledged::new();
    // Killed, it leaves its log behind: what is read next is recovered from that.
    kill_after(5, &place, &mut acknowledged, 1);
    let log = place.file().with_extension("db-wal");
    assert!(log.metadata().unwrap().len() > 0);
    assert!(sound(&place, &acknowledged).await >= 5);
    place.end().await;

    let place = Place::sqlite();
    let (there, acknowledged) = kill(100, &place).await;
    assert!(there >= acknowledged);
    assert_eq!(integrity(&place).await, "ok");
    place.end().await;
}

#[tokio::test]
async fn killed_ten_times_postgresql_has_all_that_was_acknowledged() {
    let place = Place::postgresql("killed").await;
    let (there, acknowledged) = kill(10, &place).await;
    assert!(there >= acknowledged);
    place.end().await;
}
