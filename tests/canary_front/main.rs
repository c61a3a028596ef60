//! The canary's outward half: the pages over HTTP and in a browser, and the sinks that alerts go to.
#![cfg(feature = "canary")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod dashboard;
mod delivery;
mod devtools;
mod fleet;
#[path = "../lab/facts.rs"]
mod lab;
mod network;
mod pages;
mod readme;
mod real;
mod receiver;
mod served;
mod story;
