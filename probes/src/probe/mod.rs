//! A probe turns one task into one report, whatever happens out there.
//!
//! `visit.rs` orders the connections of a visit and `link.rs` opens one; `line.rs` drives IMAP, POP3 and SMTP alike,
//! `http/` the HTTP services: each has a `connection.rs` that brings one up to its offers and an `attempt.rs` that
//! tries one method on it. `tls_versions.rs` asks for one version of TLS in place of that.

mod admission;
mod attempt;
mod choose;
mod connection;
mod findings;
mod front_end;
mod gate;
mod http;
mod line;
mod link;
mod mailbox;
mod merge;
mod news;
mod scrub;
mod story;
mod task;
mod tls_versions;
mod verdict;
mod visit;

pub use gate::{Admission, Gate, OpenGate, Pass, PasswordVerdict};
pub use task::{HttpOptions, Options, Slots, Task, Tools};

use crate::model::{EndpointReport, Method, Protocol};
use crate::wire::BoxFuture;

/// Something that can check one kind of endpoint.
pub trait Probe: Send + Sync {
    /// The protocol it speaks.
    fn protocol(&self) -> Protocol;

    /// Logins of its protocol that are not SASL.
    fn login_methods(&self) -> &'static [Method];

    /// Visits the endpoint. It returns a report whatever happened: failure is data.
    fn run<'a>(&'a self, task: &'a Task, tools: &'a Tools) -> BoxFuture<'a, EndpointReport>;
}

/// Every probe: one line a protocol.
static PROBES: &[&dyn Probe] =
    &[&line::IMAP, &line::POP3, &line::SMTP, &http::EWS, &http::ACTIVESYNC, &http::AUTODISCOVER];

/// The probe for a protocol, where there is one yet.
pub fn probe_for(protocol: Protocol) -> Option<&'static dyn Probe> {
    PROBES.iter().find(|probe| probe.protocol() == protocol).copied()
}

/// The logins that are not SASL, of every protocol that can be checked.
pub fn login_methods() -> impl Iterator<Item = Method> {
    PROBES.iter().flat_map(|probe| probe.login_methods().iter().cloned())
}

/// The protocols that can be checked.
pub fn protocols() -> impl Iterator<Item = Protocol> {
    PROBES.iter().map(|probe| probe.protocol())
}
