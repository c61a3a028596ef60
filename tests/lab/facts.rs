//! The lab's facts for Rust tests: what `lab.env` says, and what `lab up` made. A test that needs the lab
//! fails without it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const ENV: &str = include_str!("lab.env");

/// A value of `lab.env`.
pub(crate) fn fact(key: &str) -> &'static str {
    let line = ENV.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("tests/lab/lab.env has no {key}"))
}

/// A file that `lab up` made.
pub(crate) fn file(path: &str) -> PathBuf {
    let folder =
        std::env::var_os("MAILPROBE_LAB").map_or_else(|| PathBuf::from("/tmp/mailprobe-lab"), PathBuf::from);
    let file = folder.join(path);
    assert!(file.exists(), "{} is not there: run `tests/lab/lab up`, or all of `tests/run`", file.display());
    file
}

pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(file(path)).unwrap().trim_end_matches('\n').to_owned()
}

pub(crate) fn password(account: &str) -> String {
    text(&format!("secrets/{account}.password"))
}

pub(crate) fn token(kind: &str) -> String {
    text(&format!("tokens/{kind}.jwt"))
}

/// `imaps://ADDRESS:PORT` of a server by name.
pub(crate) fn imaps(server: &str) -> String {
    format!("imaps://{}:{}", address(server), fact("IMAPS_PORT"))
}

/// `imap://ADDRESS:PORT`, with STARTTLS.
pub(crate) fn imap(server: &str) -> String {
    format!("imap://{}:{}", address(server), fact("IMAP_PORT"))
}

/// `pop3s://ADDRESS:PORT` of a server by name.
pub(crate) fn pop3s(server: &str) -> String {
    format!("pop3s://{}:{}", address(server), fact("POP3S_PORT"))
}

/// `pop3://ADDRESS:PORT`, with STLS.
pub(crate) fn pop3(server: &str) -> String {
    format!("pop3://{}:{}", address(server), fact("POP3_PORT"))
}

/// `smtps://ADDRESS:PORT` of a server by name.
pub(crate) fn smtps(server: &str) -> String {
    format!("smtps://{}:{}", address(server), fact("SMTPS_PORT"))
}

/// `smtp://ADDRESS:PORT`, with STARTTLS.
pub(crate) fn smtp(server: &str) -> String {
    format!("smtp://{}:{}", address(server), fact("SMTP_PORT"))
}

/// `SCHEME://ADDRESS:PORT` of an HTTP server by name: `ews`, `eas`, `autodiscover`, `https`.
pub(crate) fn web(scheme: &str, server: &str) -> String {
    format!("{scheme}://{}:{}", address(server), fact("HTTPS_PORT"))
}

/// The same of the scripted Exchange after the cutover.
pub(crate) fn web_after_cutover(scheme: &str) -> String {
    format!("{scheme}://{}:{}", address("exchange"), fact("HTTPS_CUTOVER_PORT"))
}

pub(crate) fn address(server: &str) -> &'static str {
    fact(&format!("{}_ADDRESS", server.to_uppercase().replace('-', "_")))
}

/// The log of a server.
pub(crate) fn log(server: &str) -> String {
    fs::read_to_string(file(&format!("{server}/log"))).unwrap()
}

/// Runs a program of the lab's and gives its exit status with everything it printed.
pub(crate) fn program(name: &str, arguments: &[&str], input: &str) -> (Option<i32>, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name}: {error}; tests/lab/install installs it"));
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}
