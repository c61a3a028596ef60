//! The simulated tenant as devices meet it: the real binary, and curl, swaks and Python's own clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod agreement;
mod clients;
mod crowd;
mod demo;
mod devices;
mod judged;
mod mistakes;
mod states;
mod tenant;
mod thousand;
mod web_devices;
