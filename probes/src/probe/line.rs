//! The probe of every line protocol: a dialect, a session check, and the visit that they share.

use super::{Options, Probe, Task, Tools, visit};
use crate::dialect::{Dialect, Imap, Pop3, Smtp};
use crate::model::{EndpointReport, Method, Protocol};
use crate::session::{ImapSession, Pop3Session, SessionCheck, SmtpSession};
use crate::wire::BoxFuture;

/// What makes one line protocol different from another.
pub(super) struct LineProbe {
    protocol: Protocol,
    /// A dialect for a new connection.
    pub(super) dialect: fn(&Options) -> Box<dyn Dialect>,
    /// How its mailbox is opened.
    pub(super) session: &'static dyn SessionCheck,
}

/// IMAP.
pub(super) static IMAP: LineProbe =
    LineProbe { protocol: Protocol::Imap, dialect: |_| Box::new(Imap::new()), session: &ImapSession };

/// POP3.
pub(super) static POP3: LineProbe =
    LineProbe { protocol: Protocol::Pop3, dialect: |_| Box::new(Pop3::new()), session: &Pop3Session };

/// SMTP submission.
pub(super) static SMTP: LineProbe = LineProbe {
    protocol: Protocol::Smtp,
    dialect: |options| Box::new(Smtp::new(&options.ehlo_name)),
    session: &SmtpSession,
};

impl Probe for LineProbe {
    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn login_methods(&self) -> &'static [Method] {
        (self.dialect)(&Options::default()).login_methods()
    }

    fn run<'a>(&'a self, task: &'a Task, tools: &'a Tools) -> BoxFuture<'a, EndpointReport> {
        Box::pin(visit::visit(self, task, tools))
    }
}
