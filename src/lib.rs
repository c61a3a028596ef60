//! mailprobe opens real mail sessions to a mailbox and tells which login mechanisms the server advertises,
//! which it accepts, and whether the mailbox is then usable.
//!
//! This crate is the program: the command line ([`args`]), reading pasted answers ([`explain`](mod@explain)), the commands
//! themselves. What to do and doing it, and finding out where endpoints are, is in `mailprobe-run`; scheduled checks in
//! `mailprobe-canary`, judging in `mailprobe-judge`, saying it in `mailprobe-report`, tokens and secrets in `mailprobe-oauth`,
//! the simulated tenant in `mailprobe-rehearse`, and everything that knows a mail protocol in `mailprobe-probes`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod app;
pub mod args;
#[cfg(feature = "rehearse")]
pub mod demo;
pub mod explain;
pub mod mistake;
mod offline;
pub mod output;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(app::main(arguments))
}
