//! The canary: checks that run on a schedule, what changed between them, and who is told.
//!
//! The unit of everything is a [`Cell`](cell::Cell): one method on one endpoint of one target. A cell that is refused because it is meant
//! to be is as it should be; what matters is that a cell *changes*. The parts, each in a room of its own: `config` (TOML as
//! written and what it means), `schedule` (when), `watch` (one visit, through `mailprobe-run`), `change` (what
//! counts as changed, and how often it must be seen), `history` (what is kept), `alert` (who is told, until it is
//! delivered) and `http` (metrics, probe, API, dashboard).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod alert;
pub mod budget;
pub mod cell;
pub mod change;
pub mod config;
pub mod expiry;
pub mod hints;
pub mod history;
pub mod http;
pub mod look;
pub mod metrics;
pub mod schedule;
pub mod source;
pub mod status;
pub mod view;
pub mod watch;
