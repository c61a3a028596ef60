//! The one writer of the history. Records that wait are written together; what cannot be written waits, and is tried again
//! with longer and longer pauses. The queue before it is bounded, so a full disk fills no memory.

use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::wire::CancellationToken;
use tokio::sync::mpsc;

use super::live::{Live, Trouble};
use crate::history::{History, Record};
use crate::source::{Change, News};

/// Records that wait at most, beside those that are being written.
pub(super) const WAITING: usize = 256;
/// Records of one transaction.
const TOGETHER: usize = 32;
/// The longest pause after a failure.
const LONGEST: Duration = Duration::from_secs(30);
/// How often what cannot be written is tried again when the program ends.
const LAST_TRIES: u32 = 3;

/// Writes until nobody sends any more.
pub(super) async fn write(
    history: History,
    mut records: mpsc::Receiver<Record>,
    live: Arc<Live>,
    stop: CancellationToken,
) {
    let mut together = Vec::with_capacity(TOGETHER);
    while records.recv_many(&mut together, TOGETHER).await > 0 {
        let mut pause = Duration::from_millis(200);
        let mut last_tries = 0;
        loop {
            match history.write(&together).await {
                Ok(written) => {
                    live.resolved(Trouble::History);
                    for (record, numbers) in together.iter().zip(written) {
                        tell(&live, record, numbers.visit, &numbers.changes);
                    }
                    break;
                }
                Err(error) => {
                    live.trouble(Trouble::History, format!("visits wait to be written down: {error}"));
                    if stop.is_cancelled() {
                        last_tries += 1;
                        if last_tries > LAST_TRIES {
                            break;
                        }
                    }
                    tokio::time::sleep(pause).await;
                    pause =
                        (pause * 2).min(if stop.is_cancelled() { Duration::from_secs(1) } else { LONGEST });
                }
            }
        }
        together.clear();
    }
}

fn tell(live: &Live, record: &Record, visit: i64, changes: &[i64]) {
    for (change, id) in record.changes.iter().zip(changes) {
        live.tell(News::Change(Box::new(Change {
            id: *id,
            key: change.key.clone(),
            at: change.at,
            visit: Some(visit),
            before: change.before.clone(),
            before_since: change.before_since,
            after: change.after.clone(),
            confirmed_after: change.confirmed_after,
        })));
    }
}
