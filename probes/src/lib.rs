//! Everything in mailprobe that knows a mail protocol.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod diagnose;
pub mod dialect;
pub mod model;
#[cfg(feature = "net")]
pub mod probe;
pub mod sasl;
#[cfg(feature = "net")]
pub mod session;
#[cfg(feature = "net")]
pub mod wire;
