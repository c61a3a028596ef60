//! The pages: `/metrics`, `/probe`, `/healthz`, `/readyz`, a JSON API and the dashboard.
//!
//! axum routes; sockets, TLS and time limits are ours ([`serve`](mod@serve)), so that a slow client holds nothing and the crypto
//! provider is the one of the probes. Everything is read-only but `/probe`, which visits a configured target. What the
//! pages know comes through [`source`](crate::source); they keep nothing.

pub mod access;
mod api;
mod assets;
mod expose;
mod guard;
mod pages;
mod patient;
mod probe;
mod router;
pub mod serve;

pub use access::{Access, AccessFiles};
pub use expose::Exposure;
pub use pages::Settings;
pub use router::router;
pub use serve::{Limits, serve, tls};
