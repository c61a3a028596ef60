//! Tokens: got from our own simulated authority by every flow, from issuers that misbehave, kept, and judged.
#![cfg(feature = "rehearse")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod check;
mod exchange;
mod flows;
mod hostile;
mod issuer;
mod keep;
#[path = "../lab/facts.rs"]
mod lab;
