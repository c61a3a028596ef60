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
mod forecast;
mod front_end;
mod gate;
mod greeting;
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

pub use forecast::{Forecast, Presentation, Prospect, Repertoire, Withheld};
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

    /// What a visit of the endpoint presents at most. It opens no connection.
    fn forecast(&self, prospect: &Prospect<'_>) -> Forecast;

    /// Visits the endpoint. It returns a report whatever happened: failure is data.
    fn run<'a>(&'a self, task: &'a Task, tools: &'a Tools) -> BoxFuture<'a, EndpointReport>;
}

/// Every probe: one line a line protocol; the HTTP services have a table of their own.
fn probes() -> impl Iterator<Item = &'static dyn Probe> {
    let lines: [&dyn Probe; 3] = [&line::IMAP, &line::POP3, &line::SMTP];
    lines.into_iter().chain(http::SERVICES.iter().map(|probe| probe as &dyn Probe))
}

/// The probe for a protocol, where there is one yet.
pub fn probe_for(protocol: Protocol) -> Option<&'static dyn Probe> {
    probes().find(|probe| probe.protocol() == protocol)
}

/// The logins that are not SASL, of every protocol that can be checked.
pub fn login_methods() -> impl Iterator<Item = Method> {
    probes().flat_map(|probe| probe.login_methods().iter().cloned())
}

/// The protocols that can be checked.
pub fn protocols() -> impl Iterator<Item = Protocol> {
    probes().map(Probe::protocol)
}
