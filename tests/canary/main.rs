//! The canary against servers that change while it watches: the tenant of `rehearse`, and the lab's Dovecot and Postfix.
#![cfg(all(feature = "canary", feature = "rehearse"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod budget;
mod daemon;
mod disk;
mod first;
mod flip;
mod kit;
#[path = "../lab/facts.rs"]
mod lab;
mod private;
mod quiet;
#[path = "../canary_front/receiver.rs"]
mod receiver;
mod reconfigured;
mod robust;
#[path = "../watcher/mod.rs"]
mod watcher;
