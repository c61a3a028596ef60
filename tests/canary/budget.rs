//! A wrong password costs one bad attempt, over many visits and restarts; by what the server wrote down.

use crate::kit::{Canary, secret};
use crate::lab;

/// Refused logins of an account in the log of the lab's server `modern`.
fn refusals(account: &str) -> usize {
    let log = std::fs::read(lab::file("modern/log")).unwrap();
    let log = String::from_utf8_lossy(&log);
    // A passwd-file says so of a name that it does not have: no other suite uses this one.
    log.lines().filter(|line| line.contains(account) && line.contains("unknown user")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_password_is_presented_once_over_many_visits_and_restarts_until_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let account = format!("canary-{}-{}@lab.test", std::process::id(), crate::kit::now());
    secret(folder.path(), "password", "wrong every time");
    let ca = lab::file("certs/ca.pem");
    let (imaps, pop3s) = (lab::imaps("modern"), lab::pop3s("modern"));
    let text = format!(
        "interval = \"500ms\"\n[limits]\nrecheck = \"100ms\"\n[network]\nca_file = \"{}\"\n\
         [module.default]\nmethods = [\"PLAIN\", \"LOGIN\"]\n\
         [[target]]\nmailbox = \"{account}\"\nendpoints = [\"{imaps}\", \"{pop3s}\"]\n\
         password_file = \"password\"\n",
        ca.display()
    );
    for _ in 0..3 {
        let mut canary = Canary::begin(folder.path(), &text).await;
        canary.visits(5).await;
        canary.end().await;
        assert_eq!(refusals(&account), 1);
    }
    secret(folder.path(), "password", "wrong in another way");
    let mut canary = Canary::begin(folder.path(), &text).await;
    canary.visits(5).await;
    canary.end().await;
    assert_eq!(refusals(&account), 2, "another password is another attempt");
    let kept = std::fs::read(folder.path().join("canary.db")).unwrap();
    let holds = |needle: &[u8]| kept.windows(needle.len()).any(|part| part == needle);
    assert!(!holds(b"wrong every time") && !holds(b"wrong in another way"));
}
