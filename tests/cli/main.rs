//! The program as people and scripts use it: the real binary, its exit status, and what it prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../lab/facts.rs"]
mod lab;

mod bad_input;
mod devices;
mod diff;
mod five_protocols;
mod history;
mod host;
mod language;
mod policy;
mod readme;
mod report;
mod runs;
mod stopped;
mod tool;
mod written;
