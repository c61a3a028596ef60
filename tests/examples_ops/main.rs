//! The files in `examples/` that others read: each is held against the program or the schema that it is for, and every command
//! line in them against ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "the names are ours")]

mod canary;
mod commands;
mod containers;
mod cron;
mod grafana;
mod index;
#[path = "../lab/facts.rs"]
mod lab;
mod live;
mod pipelines;
mod plugins;
mod prometheus;
mod systemd;
mod tools;
#[path = "../watcher/mod.rs"]
mod watcher;
