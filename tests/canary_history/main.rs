//! The canary's history, the same stories in SQLite and in the lab's PostgreSQL, and killed a hundred times while it writes.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod gone;
mod killed;
#[path = "../lab/facts.rs"]
mod lab;
mod place;
mod refused;
mod sample;
mod stories;
