//! A wrong password costs one bad attempt, over many visits and restarts; by what the server wrote down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

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

/// An IMAP server that takes every login until it turns, and then closes the connection without a reason: no real one can be
/// made to. It counts the logins since it turned.
struct Turning {
    endpoint: String,
    turned: Arc<AtomicBool>,
    since: Arc<AtomicUsize>,
}

impl Turning {
    async fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("imap+plain://{}", listener.local_addr().unwrap());
        let (turned, since) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (has_turned, count) = (Arc::clone(&turned), Arc::clone(&since));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (has_turned, count) = (Arc::clone(&has_turned), Arc::clone(&count));
                tokio::spawn(async move {
                    let (read, mut write) = stream.into_split();
                    write.write_all(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n").await.ok();
                    let mut lines = BufReader::new(read).lines();
                    while let Ok(Some(line)) = lines.next_line().await {
                        let tag = line.split(' ').next().unwrap_or_default();
                        if line.contains("AUTHENTICATE") && has_turned.load(Ordering::SeqCst) {
                            count.fetch_add(1, Ordering::SeqCst);
                            write.write_all(b"* BYE Connection closed.\r\n").await.ok();
                            return;
                        }
                        write.write_all(format!("{tag} OK done\r\n").as_bytes()).await.ok();
                    }
                });
            }
        });
        Self { endpoint, turned, since }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_was_right_and_is_answered_by_goodbyes_is_not_presented_at_every_visit() {
    let folder = tempfile::tempdir().unwrap();
    secret(folder.path(), "password", "right until it was changed");
    let server = Turning::begin().await;
    let text = format!(
        "interval = \"300ms\"\n[limits]\nrecheck = \"100ms\"\n[module.default]\nmethods = [\"PLAIN\"]\nallow_plaintext = true\n\
         [[target]]\nmailbox = \"alice@lab.test\"\nendpoints = [\"{}\"]\npassword_file = \"password\"\n",
        server.endpoint
    );
    let mut canary = Canary::begin(folder.path(), &text).await;
    canary.visits(3).await;
    server.turned.store(true, Ordering::SeqCst);
    assert_eq!(canary.changes(1).await, ["imap+plain - reached>unclear"], "it is told first");
    canary.visits(6).await;
    assert_eq!(server.since.load(Ordering::SeqCst), 4, "and then nobody presents it for an hour");
    canary.end().await;
    let mut canary = Canary::begin(folder.path(), &text).await;
    canary.visits(3).await;
    assert_eq!(server.since.load(Ordering::SeqCst), 4, "a restart does not change that");
    canary.end().await;
}
