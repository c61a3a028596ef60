//! The probe of every line protocol: a dialect, a session check, and the visit that they share.

use super::{Probe, Task, Tools, visit};
use crate::dialect::{Dialect, Imap};
use crate::model::{EndpointReport, Protocol};
use crate::session::{ImapSession, SessionCheck};
use crate::wire::BoxFuture;

/// What makes one line protocol different from another.
pub(super) struct LineProbe {
    protocol: Protocol,
    /// A dialect for a new connection.
    pub(super) dialect: fn() -> Box<dyn Dialect>,
    /// How its mailbox is opened.
    pub(super) session: &'static dyn SessionCheck,
}

/// IMAP.
pub(super) static IMAP: LineProbe =
    LineProbe { protocol: Protocol::Imap, dialect: || Box::new(Imap::new()), session: &ImapSession };

impl Probe for LineProbe {
    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn run<'a>(&'a self, task: &'a Task, tools: &'a Tools) -> BoxFuture<'a, EndpointReport> {
        Box::pin(visit::visit(self, task, tools))
    }
}
