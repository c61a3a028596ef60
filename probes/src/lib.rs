//! Everything in mailprobe that knows a mail protocol.
//!
//! A [`probe`](probe::Probe) is handed a task and returns a [report](model::EndpointReport), whatever happens
//! out there: which login methods the server advertises at each stage, which it accepts, and whether the mailbox
//! then opens, with the transcript lines that prove every claim.
//!
//! ```text
//!            Task ──► visit ──► connection ──► attempt ──► EndpointReport
//!                                   │             │
//!              wire: resolve, dial, TLS, tap      ├─ gate: may this password be presented?
//!              dialect: framing, capabilities     ├─ sasl: one exchange engine, one file per mechanism
//!              service: HTTP requests, answers    ├─ scheme: one file per HTTP authentication scheme
//!                                                 ├─ diagnose: why the server said no
//!                                                 └─ session: does the mailbox open?
//! ```
//!
//! What it does **not** do: it reads no mail, guesses no password, follows no redirect with a credential, and
//! decides nothing about policy. It presents a password only after asking the [`Gate`](probe::Gate) it was given,
//! and no secret over a connection that is not encrypted and trusted unless the task says so.
//!
//! Without the feature `net`, which is on by default, what is left ([`model`], [`sasl`], [`dialect`], [`scheme`],
//! [`service`], [`diagnose`]) touches no socket, no clock and no runtime. `examples/check_one.rs` of the program shows one whole visit.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod diagnose;
pub mod dialect;
pub mod model;
#[cfg(feature = "net")]
pub mod probe;
pub mod sasl;
pub mod scheme;
pub mod service;
#[cfg(feature = "net")]
pub mod session;
#[cfg(feature = "net")]
pub mod wire;
