//! The program as people and scripts use it: the real binary, its exit status, and what it prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../lab/facts.rs"]
mod lab;

#[path = "../support/identity.rs"]
#[allow(dead_code, reason = "other suites need the rest")]
mod identity;

mod bad_input;
mod devices;
mod diff;
mod five_protocols;
mod harmless;
#[cfg(feature = "canary")]
mod history;
mod host;
mod killed;
mod language;
mod not_checked;
mod policy;
mod readme;
mod report;
mod runs;
mod stopped;
mod tls_host;
mod tool;
mod written;
