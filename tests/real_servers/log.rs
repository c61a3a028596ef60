//! What the server's own log says about us.

use crate::lab;
use crate::visits::{Visit, cell};

/// Lines of the modern server's log that speak of one source address.
fn lines_about(source: &str) -> Vec<String> {
    let marks = [format!(",{source},"), format!("rip={source},")];
    let log = lab::log("modern");
    log.lines().filter(|line| marks.iter().any(|mark| line.contains(mark))).map(str::to_owned).collect()
}

fn bad_attempts(source: &str) -> usize {
    let lines = lines_about(source);
    let wrong = |line: &&String| line.contains("Password mismatch") || line.contains("password mismatch");
    lines.iter().filter(wrong).count()
}

#[tokio::test]
async fn one_wrong_password_costs_exactly_one_bad_attempt_by_the_servers_own_count() {
    let source = "127.77.1.1";
    let before = bad_attempts(source);
    let report = Visit::new(&lab::imaps("modern")).password("wrong").from(source).gated(1).run().await;
    assert_eq!(cell(&report, "PLAIN"), "bad-credentials");
    for method in ["LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"] {
        assert_eq!(cell(&report, method), "- budget", "{method}");
    }
    assert_eq!(cell(&report, "XOAUTH2"), "usable", "tokens do not wait for passwords");
    assert_eq!(bad_attempts(source) - before, 1);
}

#[tokio::test]
async fn without_the_gate_the_log_shows_what_it_saves() {
    let source = "127.77.1.2";
    let before = bad_attempts(source);
    Visit::new(&lab::imaps("modern")).password("wrong").from(source).only(&["PLAIN", "LOGIN"]).run().await;
    assert_eq!(bad_attempts(source) - before, 2, "the count above can see more than one");
}

#[tokio::test]
async fn a_right_password_opens_the_gate_for_every_method() {
    let report = Visit::new(&lab::imaps("modern")).gated(1).run().await;
    for method in ["PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"] {
        assert_eq!(cell(&report, method), "usable", "{method}");
    }
}

#[tokio::test]
async fn every_session_ends_with_a_logout_that_the_server_read() {
    let source = "127.77.1.3";
    let earlier = lines_about(source).len();
    let report = Visit::new(&lab::imaps("modern")).from(source).only(&["PLAIN", "XOAUTH2"]).run().await;
    assert_eq!((cell(&report, "PLAIN").as_str(), cell(&report, "XOAUTH2").as_str()), ("usable", "usable"));
    let lines = lines_about(source);
    let logins: Vec<_> = lines.iter().skip(earlier).filter(|line| line.contains("Login: user=<")).collect();
    assert_eq!(logins.len(), 2, "{logins:?}");
    let sessions =
        logins.iter().map(|line| line.split("session=<").nth(1).unwrap().split('>').next().unwrap());
    for session in sessions {
        // The log names the session again when it ends, in a line without the source address.
        let ended = |log: &str| log.lines().any(|line| line.contains(session) && line.contains("Logged out"));
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while !ended(&lab::log("modern")) {
            assert!(std::time::Instant::now() < deadline, "session {session} did not end by LOGOUT");
            tokio::task::yield_now().await;
        }
    }
}
