//! The binary, what it said, and how long it took.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) struct Said {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) took: Duration,
}

/// `mailprobe check a@b.example` on these endpoints, with a password that may go out in the clear.
pub(crate) fn check(endpoints: &[String], more: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("PW", "correct horse");
    command.args([
        "check",
        "a@b.example",
        "--allow-plaintext",
        "--password-env",
        "PW",
        "-o",
        "json",
        "--quiet",
    ]);
    // A flood in place of the answer to a password may mean anything; the good server is to be asked all the same.
    command.args(["--attempt-budget", "9"]);
    for endpoint in endpoints {
        command.args(["--endpoint", endpoint]);
    }
    let begun = Instant::now();
    let output = command.args(more).stdin(Stdio::null()).output().unwrap();
    Said {
        took: begun.elapsed(),
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Said {
    /// The JSON report. A program that was killed by a signal has none.
    pub(crate) fn report(&self) -> Value {
        assert!(self.status.is_some(), "ended by a signal: {}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// What became of the endpoint with this URL.
    pub(crate) fn endpoint(&self, url: &str) -> Value {
        let report = self.report();
        let endpoints = report["endpoints"].as_array().unwrap();
        // The report may add a path.
        let here = |endpoint: &&Value| endpoint["url"].as_str().is_some_and(|named| named.starts_with(url));
        endpoints.iter().find(here).unwrap_or_else(|| panic!("{url} is not there: {}", self.out)).clone()
    }

    /// What became of a method there.
    pub(crate) fn attempt(&self, url: &str, method: &str) -> Value {
        let endpoint = self.endpoint(url);
        let attempts = endpoint["attempts"].as_array().unwrap();
        let attempt = attempts.iter().find(|attempt| attempt["method"] == method);
        attempt.unwrap_or_else(|| panic!("{method} is not there: {endpoint:#}")).clone()
    }
}
