//! Running the binary with an environment of its own.

use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};

use crate::lab;

pub(crate) struct Run {
    command: Command,
    input: Vec<u8>,
}

pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// `mailprobe` with these arguments and alice's password in `PW`.
pub(crate) fn mailprobe(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("PW", lab::password("alice")).args(arguments);
    command.env("PASSWORD", lab::password("alice")).env("TOKEN", lab::token("good"));
    Run { command, input: Vec::new() }
}

/// `check alice@lab.test` on one endpoint of the lab, with trust in the lab's certificates.
pub(crate) fn check(endpoint: &str, more: &[&str]) -> Run {
    let ca = lab::file("certs/ca.pem");
    let arguments = ["check", lab::fact("ALICE"), "--endpoint", endpoint, "--ca-file", ca.to_str().unwrap()];
    mailprobe(&[&arguments, more].concat())
}

impl Run {
    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.command.env(key, value);
        self
    }

    pub(crate) fn input(mut self, input: &str) -> Self {
        self.input = input.into();
        self
    }

    pub(crate) fn start(mut self) -> Child {
        let mut child =
            self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that refuses its arguments does not read; that is not this test's business.
        drop(child.stdin.take().unwrap().write_all(&self.input));
        child
    }

    pub(crate) fn say(self) -> Said {
        Said::from(self.start().wait_with_output().unwrap())
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// `method -> word` of the first endpoint of a JSON report.
pub(crate) fn outcome(report: &serde_json::Value, method: &str) -> String {
    let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
    let attempt = attempts.iter().find(|attempt| attempt["method"] == method);
    attempt.map_or_else(
        || format!("{method} is not there"),
        |attempt| attempt["outcome"].as_str().unwrap().to_owned(),
    )
}
