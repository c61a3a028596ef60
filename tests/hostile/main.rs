//! Servers that mean harm, against the program itself: it ends with a report, in time, in little memory, and what other
//! servers said is in that report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod canary;
mod files;
mod floods;
mod imap;
mod names;
mod page;
mod program;
mod server;
mod time;
mod tls;
