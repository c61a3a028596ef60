//! Ctrl-C in the middle of a run leaves a valid report of what is known.

use std::process::Command;

use crate::host::Host;
use crate::tool::{Said, mailprobe};

#[test]
fn an_interrupted_run_says_what_it_knows_and_that_it_is_partial() {
    let host = Host::new();
    let arguments = ["check", "a@b.example", "c@d.example", "--endpoint", &host.url(), "--advertised-only"];
    let running = mailprobe(&[&arguments[..], &["--concurrency", "1", "-o", "json"]].concat()).start();
    let line = host.silent_visitor();
    let stopped = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let said = Said::from(running.wait_with_output().unwrap());
    drop(line);
    assert_eq!(said.status, 3, "{}", said.err);
    assert!(said.err.contains("1 of 2 mailboxes"), "{}", said.err);
    let report = said.json();
    assert_eq!((report["mailbox"].as_str(), report["partial"].as_bool()), (Some("a@b.example"), Some(true)));
    assert_eq!(report["endpoints"][0]["failure"]["cause"], "cancelled");
}
