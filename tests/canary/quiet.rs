//! A maintenance window while something changes: it is written down and shown as ever, and told when the window is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use mailprobe_canary::alert::Outbox as _;
use mailprobe_canary::source::Source as _;

use crate::kit::{Canary, Tenant, now};

const HOUR: i64 = 3_600 * 1_000_000;
const DAY: i64 = 24 * HOUR;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_in_a_maintenance_window_is_written_down_then_and_told_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("exchange-online-today", folder.path()).await;
    let more = "expect = [\"imap/PLAIN=refused\"]\ngroups = [\"europe\"]\n[alerts]\ngroup_wait = \"0s\"\n\
                [[sink]]\nname = \"script\"\nkind = \"command\"\ncommand = [\"/bin/true\"]\n\
                [[maintenance]]\ngroups = [\"europe\"]\nfrom = \"02:00\"\nto = \"04:00\"\ntimezone = \"UTC\"";
    // Half past two of some day, and it goes on from there.
    let midnight = now() / DAY * DAY;
    let off = Arc::new(AtomicI64::new(midnight + 5 * HOUR / 2 - now()));
    let by = Arc::clone(&off);
    let clock = Arc::new(move || now() + by.load(Ordering::Relaxed));
    let mut canary = Canary::with_clock(folder.path(), &tenant.watched(folder.path(), more), clock).await;
    canary.visits(2).await;
    tenant.play("before-cutover").await;
    let taken = [
        "imaps LOGIN-COMMAND refused>usable",
        "imaps PLAIN refused>usable",
        "pop3s PLAIN refused>usable",
        "pop3s USER-PASS refused>usable",
    ];
    assert_eq!(canary.changes(taken.len()).await, taken);
    assert_eq!(canary.live.target("alice").unwrap().status, "maintenance");
    let told = canary.history.outbox(|| 1, |_| true).pending("script", 99).await.unwrap();
    assert_eq!(told.len(), taken.len());
    for entry in &told {
        assert_eq!(entry.due, midnight + 4 * HOUR, "not before the end of the window");
    }
    off.fetch_add(2 * HOUR, Ordering::Relaxed);
    canary.visits(2).await;
    assert_eq!(canary.live.target("alice").unwrap().status, "fail", "what is still so is so");
    canary.end().await;
    tenant.end().await;
}
