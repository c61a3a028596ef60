//! The cutover as the canary sees it: the tenant of before, then that of today, on the same ports.

use crate::kit::{Canary, Tenant};

/// What the cutover changes for a password, and for nothing else: by the words of the two scenarios.
const CUTOVER: &[&str] = &[
    "imaps LOGIN-COMMAND usable>refused",
    "imaps PLAIN usable>refused",
    "pop3s PLAIN usable>refused",
    "pop3s USER-PASS usable>refused",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flipping_the_tenant_from_before_the_cutover_to_today_shows_the_right_changes_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let mut canary = Canary::begin(folder.path(), &tenant.watched(folder.path(), "")).await;
    assert_eq!(canary.visits(4).await, Vec::<String>::new(), "the first looks are how it is");
    tenant.play("exchange-online-today").await;
    assert_eq!(canary.changes(CUTOVER.len()).await, CUTOVER);
    assert_eq!(canary.visits(6).await, Vec::<String>::new(), "and nothing else");
    tenant.play("before-cutover").await;
    let back: Vec<String> =
        CUTOVER.iter().map(|line| line.replace("usable>refused", "refused>usable")).collect();
    assert_eq!(canary.changes(back.len()).await, back, "a password that is taken again is seen");
    canary.end().await;
    tenant.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_is_away_is_one_change_for_each_endpoint_and_one_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let text = tenant.watched(folder.path(), "[alerts]\nconfirm = { failures = 2, of = 3, silent = 3 }");
    let mut canary = Canary::begin(folder.path(), &text).await;
    canary.visits(3).await;
    tenant.end().await;
    let away = ["imaps - reached>unreachable", "pop3s - reached>unreachable", "smtps - reached>unreachable"];
    assert_eq!(canary.changes(3).await, away);
    tenant.play("before-cutover").await;
    let back = ["imaps - unreachable>reached", "pop3s - unreachable>reached", "smtps - unreachable>reached"];
    assert_eq!(canary.changes(3).await, back);
    assert_eq!(canary.visits(4).await, Vec::<String>::new(), "what the methods do did not change");
    canary.end().await;
    tenant.end().await;
}
