//! The simulated tenant's web side and token endpoint over real sockets: against curl, against this program's own
//! probes, and against other implementations of what they speak.
#![cfg(feature = "rehearse")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where they fail"
)]

mod exchangelib;
mod hostile;
mod kit;
mod oauth;
mod probes;
