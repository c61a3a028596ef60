//! The program, and what it says.

use std::net::SocketAddr;
use std::process::{Command, Output};

use serde_json::Value;

use crate::world::{Dns, Internet};

pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The discovery, held against its schema; or the report of a check.
    pub(crate) fn json(&self) -> Value {
        let found: Value = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err));
        if found.get("sources").is_some() {
            let schema: Value = serde_json::from_str(mailprobe_run::discover::SCHEMA).unwrap();
            let problems: Vec<String> = jsonschema::validator_for(&schema)
                .unwrap()
                .iter_errors(&found)
                .map(|error| error.to_string())
                .collect();
            assert!(problems.is_empty(), "{problems:?}: {found}");
        }
        found
    }
}

pub(crate) fn run(arguments: &[&str], dns: SocketAddr, internet: &Internet) -> Said {
    let proxy = format!("http://me@{}", internet.address);
    run_without_proxy(
        &[arguments, &["--proxy", &proxy, "--proxy-password-env", "PROXY_PASSWORD"]].concat(),
        dns,
        internet,
    )
}

pub(crate) fn run_without_proxy(arguments: &[&str], dns: SocketAddr, internet: &Internet) -> Said {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_mailprobe"))
        .env_clear()
        .env("PROXY_PASSWORD", "hunter2-of-the-proxy")
        // Whoever listened to these would find nobody.
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env("RUST_BACKTRACE", "0")
        .args(arguments)
        .args(["--dns-server", &dns.to_string(), "--ca-file", internet.ca().to_str().unwrap()])
        .output()
        .unwrap();
    let said = Said {
        status: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    };
    assert!(!said.out.contains("hunter2") && !said.err.contains("hunter2"), "{}{}", said.out, said.err);
    assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{}{}", said.out, said.err);
    said
}

pub(crate) fn discover(subject: &str, more: &[&str], dns: &Dns, internet: &Internet) -> Said {
    run(&[&["discover", subject], more].concat(), dns.address, internet)
}

pub(crate) fn urls(found: &Value) -> Vec<&str> {
    found["endpoints"].as_array().unwrap().iter().map(|endpoint| endpoint["url"].as_str().unwrap()).collect()
}

pub(crate) fn request<'a>(found: &'a Value, part: &str) -> &'a Value {
    let requests = found["requests"].as_array().unwrap();
    requests
        .iter()
        .find(|asked| asked["url"].as_str().unwrap().contains(part))
        .unwrap_or_else(|| panic!("{part}: {found}"))
}

pub(crate) fn findings(found: &Value) -> Vec<&str> {
    found["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}
