//! One connection below its protocol: TCP, TLS, the log and the clock.

use std::net::SocketAddr;
use std::time::Instant;

use super::{Task, Tools};
use crate::model::{Failure, LineRange, Phase, PhaseTimes, Stage, TlsFacts, Trouble};
use crate::sasl::ChannelBinding;
use crate::wire::{Io, Log, Patience, Place, Tap, from_io};

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// This address.
    At(SocketAddr),
    /// Whomever the proxy has found.
    BehindProxy,
}

impl Peer {
    /// Its address, where it is known.
    pub(super) const fn address(self) -> Option<SocketAddr> {
        match self {
            Self::At(address) => Some(address),
            Self::BehindProxy => None,
        }
    }
}

/// A connection that has not been opened, or what is known of one that has.
pub(super) struct Link<'a> {
    pub(super) task: &'a Task,
    pub(super) tools: &'a Tools,
    pub(super) patience: Patience,
    pub(super) log: Log,
    /// Its number in the visit, from 1.
    pub(super) number: u32,
    /// Who answered TCP.
    pub(super) peer: Option<Peer>,
    pub(super) tls: Option<TlsFacts>,
    /// The transcript's note on the handshake.
    pub(super) tls_note: Option<LineRange>,
    pub(super) binding: Option<ChannelBinding>,
    pub(super) times: PhaseTimes,
}

impl<'a> Link<'a> {
    pub(super) fn new(task: &'a Task, tools: &'a Tools, patience: Patience, log: Log, number: u32) -> Self {
        Self {
            task,
            tools,
            patience,
            log,
            number,
            peer: None,
            tls: None,
            tls_note: None,
            binding: None,
            times: PhaseTimes::default(),
        }
    }

    /// TCP.
    pub(super) async fn dial(&mut self, place: &Place) -> Result<Box<dyn Io>, Failure> {
        let limit = self.task.options.connect_timeout;
        let begun = Instant::now();
        let dialed = self.patience.wait(Phase::Connect, limit, self.tools.dialer.dial(place)).await;
        self.spent(Phase::Connect, begun);
        let io = dialed.and_then(|dialed| dialed.map_err(|error| from_io(Phase::Connect, &error))).map_err(
            |failure| match self.tools.dialer.via() {
                // The proxy names itself where it speaks; it is silent where time runs out.
                Some(via) if matches!(failure.cause, Trouble::Timeout | Trouble::Deadline) => Failure {
                    detail: format!("{place} through the proxy {via}: {}", failure.detail),
                    ..failure
                },
                _ => Failure { detail: format!("{place}: {}", failure.detail), ..failure },
            },
        )?;
        self.peer = match self.tools.dialer.via() {
            Some(_) => Some(Peer::BehindProxy),
            None => place.socket().map(Peer::At),
        };
        Ok(io)
    }

    /// TLS, and everything there is to know about it.
    pub(super) async fn handshake(&mut self, io: Box<dyn Io>) -> Result<Tap<Box<dyn Io>>, Failure> {
        let begun = Instant::now();
        let host = &self.task.endpoint.host;
        let limit = self.task.options.connect_timeout;
        let outcome = self.patience.wait(Phase::Tls, limit, self.tools.tls.handshake(io, host)).await;
        self.spent(Phase::Tls, begun);
        let session = outcome?.map_err(|failure| {
            self.log.note(&format!("TLS: {}", failure.detail));
            Failure::new(Phase::Tls, failure.cause, failure.detail)
        })?;
        let facts = session.facts;
        let note = self.log.note(&format!(
            "{} {} {}, certificate {}",
            facts.version,
            facts.cipher,
            facts.group.as_deref().unwrap_or("-"),
            if facts.trusted { "trusted" } else { "NOT trusted" }
        ));
        self.tls_note = Some(note);
        self.log.enter_tls();
        self.tls = Some(facts);
        self.binding =
            Some(ChannelBinding { exporter: session.exporter, server_end_point: session.server_end_point });
        Ok(Tap::new(Box::new(session.stream), self.log.clone()))
    }

    /// A stream without TLS.
    pub(super) fn in_clear(&self, io: Box<dyn Io>) -> Tap<Box<dyn Io>> {
        Tap::new(io, self.log.clone())
    }

    /// The stage that a list heard now belongs to.
    pub(super) const fn stage(&self) -> Stage {
        if self.tls.is_some() { Stage::AfterTls } else { Stage::BeforeTls }
    }

    pub(super) fn spent(&mut self, phase: Phase, since: Instant) {
        self.times.add(phase, u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX));
    }
}
