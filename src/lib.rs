//! mailprobe opens real mail sessions to a mailbox and tells which login mechanisms the server advertises,
//! which it accepts, and whether the mailbox is then usable.
//!
//! This crate is the program: what to do ([`plan`]), doing it ([`run`](mod@run)), judging it ([`judge`]) and saying it
//! ([`report`]) in one of its languages ([`lang`]); getting and inspecting tokens ([`oauth`]); finding out where the
//! endpoints are ([`discover`], with the table in [`providers`]); reading pasted answers
//! ([`explain`](mod@explain)). Everything that knows a mail protocol is in `mailprobe-probes`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod app;
pub mod canary;
pub mod demo;
pub mod discover;
pub mod explain;
pub mod judge;
mod jws;
pub mod lang;
mod lock;
pub mod oauth;
mod offline;
pub mod plan;
pub mod providers;
mod publish;
pub mod rehearse;
pub mod report;
pub mod run;
mod stored;
pub mod web;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(app::main(arguments))
}
