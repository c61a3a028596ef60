//! A run that is told to stop leaves a valid report of what is known: by Ctrl-C, by a service manager, by a terminal that
//! closes.

use std::process::{Child, Command, Stdio};

use crate::host::Host;
use crate::tool::Said;

fn send(signal: &str, running: &Child) {
    let sent = Command::new("kill").args([signal, &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn stopped_by(signal: &str) {
    let host = Host::new();
    let arguments = ["check", "a@b.example", "c@d.example", "--endpoint", &host.url(), "--advertised-only"];
    // Whoever runs the tests by nohup has told all that they start to ignore SIGHUP.
    let mut command = Command::new("/usr/bin/env");
    command.args(["--default-signal=HUP,INT,TERM", env!("CARGO_BIN_EXE_mailprobe")]);
    command.args([&arguments[..], &["--concurrency", "1", "-o", "json"]].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = command.spawn().unwrap();
    let line = host.silent_visitor();
    send(signal, &running);
    let said = Said::from(running.wait_with_output().unwrap());
    drop(line);
    assert_eq!(said.status, 3, "{signal}: {}", said.err);
    assert!(said.err.contains("stopped: 0 of 2 mailboxes were checked"), "{signal}: {}", said.err);
    let report = said.json();
    assert_eq!((report["mailbox"].as_str(), report["partial"].as_bool()), (Some("a@b.example"), Some(true)));
    assert_eq!(report["endpoints"][0]["failure"]["cause"], "cancelled");
}

#[test]
fn an_interrupted_run_says_what_it_knows_and_that_it_is_partial() {
    stopped_by("-INT");
}

#[test]
fn a_run_that_a_service_manager_ends_says_what_it_knows_and_that_it_is_partial() {
    stopped_by("-TERM");
}

#[test]
fn a_run_whose_terminal_closes_says_what_it_knows_and_that_it_is_partial() {
    stopped_by("-HUP");
}

#[test]
fn a_run_that_is_to_outlive_its_terminal_goes_on_and_is_ended_by_sigterm() {
    let host = Host::new();
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_mailprobe")]);
    command.args(["check", "a@b.example", "c@d.example", "--endpoint", &host.url(), "--advertised-only"]);
    command.args(["--concurrency", "1", "-q", "-o", "json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = command.spawn().unwrap();
    let first = host.silent_visitor();
    send("-HUP", &running);
    drop(first);
    // It comes on to the second mailbox, which it would not after a signal that ends it.
    let second = host.silent_visitor();
    send("-TERM", &running);
    let said = Said::from(running.wait_with_output().unwrap());
    drop(second);
    assert_eq!(said.status, 3, "{}", said.err);
    let reports = said.json();
    assert_eq!(reports[0]["endpoints"][0]["failure"]["cause"], "connection-closed", "{reports}");
    assert_eq!(reports[1]["endpoints"][0]["failure"]["cause"], "cancelled", "{reports}");
}
