//! One connection, from the address to the capability list that counts for logging in.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::greeting;
use super::link::Link;
use super::news::Board;
use super::verdict::passing;
use crate::diagnose::{Answer, Step, diagnose};
use crate::dialect::{Dialect, Frame, Greeting, Heard};
use crate::model::{
    Advertisement, Cause, Command, Failure, LineRange, Phase, Protocol, Reply, Status, Transport, Trouble,
};
use crate::wire::{Io, Place, Tap, from_io};

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// A connection that speaks a line protocol, and everything learned on it.
pub(super) struct Connection<'a> {
    pub(super) link: Link<'a>,
    pub(super) dialect: Box<dyn Dialect>,
    /// Whether anything secret was put on the wire.
    pub(super) presented: bool,
    /// What arrived behind the answer to STARTTLS.
    pub(super) injected: Option<LineRange>,
    pub(super) greeting: Option<String>,
    pub(super) advertised: Vec<Advertisement>,
    pub(super) stream: Option<Tap<Box<dyn Io>>>,
    pub(super) buffer: Vec<u8>,
    lines_taken: usize,
}

impl<'a> Connection<'a> {
    pub(super) fn new(link: Link<'a>, dialect: Box<dyn Dialect>) -> Self {
        Self {
            link,
            dialect,
            presented: false,
            injected: None,
            greeting: None,
            advertised: Vec::new(),
            stream: None,
            buffer: Vec::new(),
            lines_taken: 0,
        }
    }

    /// Brings the connection up to the last phase asked for, `Capability` at most.
    pub(super) async fn open(&mut self, place: &Place, board: Option<&Board>) -> Result<(), Failure> {
        let stop = self.link.task.options.stop_after;
        if stop < Phase::Connect {
            return Ok(());
        }
        let io = self.link.dial(place).await?;
        if let Some(board) = board {
            board.connected();
        }
        let transport = self.link.task.endpoint.transport;
        // On a STARTTLS endpoint the phase `tls` comes after the greeting and the first list.
        let before_greeting = match transport {
            Transport::StartTls => stop <= Phase::Connect,
            Transport::ImplicitTls | Transport::Plaintext => stop < Phase::Greeting,
        };
        if transport == Transport::ImplicitTls && stop >= Phase::Tls {
            let stream = self.link.handshake(io).await?;
            self.stream = Some(stream);
        } else {
            self.stream = Some(self.link.in_clear(io));
        }
        if before_greeting {
            return Ok(());
        }
        self.greet(place).await?;
        if stop == Phase::Greeting {
            return Ok(());
        }
        self.capabilities().await?;
        if transport == Transport::StartTls {
            let io = self.start_tls().await?;
            self.stream = Some(self.link.handshake(io).await?);
            if matches!(stop, Phase::Tls | Phase::StartTls) {
                return Ok(());
            }
            self.capabilities().await?;
        }
        Ok(())
    }

    /// Brings the connection to where TLS would begin, and gives the stream as it is there.
    pub(super) async fn open_for_tls(&mut self, place: &Place) -> Result<Box<dyn Io>, Failure> {
        let io = self.link.dial(place).await?;
        if self.link.task.endpoint.transport == Transport::ImplicitTls {
            return Ok(io);
        }
        self.stream = Some(self.link.in_clear(io));
        self.greet(place).await?;
        self.capabilities().await?;
        self.start_tls().await
    }

    /// The list that counts for logging in on this connection.
    pub(super) fn offers(&self) -> Option<&Advertisement> {
        let stage = self.link.stage();
        self.advertised.iter().rev().find(|advertisement| advertisement.stage == stage)
    }

    async fn greet(&mut self, place: &Place) -> Result<(), Failure> {
        let begun = Instant::now();
        let unit = greeting::first_unit(self, place).await;
        self.link.spent(Phase::Greeting, begun);
        let (unit, lines) = unit?;
        self.greeting = Some(crate::model::harmless(unit.trim_ascii_end()));
        let greeting = self.dialect.greeting(&unit);
        self.note_capabilities(lines);
        match greeting {
            Greeting::Ready => Ok(()),
            Greeting::Preauthenticated => Err(Failure::new(
                Phase::Greeting,
                Trouble::Preauthenticated,
                "the server opened the session without any login (PREAUTH)",
            )),
            Greeting::Goodbye(reply) => {
                self.link.log.mark_unexpected(lines);
                Err(Failure::new(Phase::Greeting, self.closing(&reply), reply.quoted()))
            }
            Greeting::Foreign(name) => {
                self.link.log.mark_unexpected(lines);
                let detail = format!("{name} answers on this port, not {}", self.dialect.protocol());
                Err(Failure::new(Phase::Greeting, Trouble::WrongProtocol, detail))
            }
            Greeting::Violation(what) => {
                self.link.log.mark_unexpected(lines);
                Err(Failure::new(Phase::Greeting, Trouble::ProtocolViolation, what))
            }
        }
    }

    /// Makes sure that the list of this stage is known, and asks only where it was not volunteered.
    async fn capabilities(&mut self) -> Result<(), Failure> {
        if self.offers().is_some() {
            return Ok(());
        }
        let begun = Instant::now();
        let command = self.dialect.capability();
        let asked = self.ask(Phase::Capability, command).await;
        self.link.spent(Phase::Capability, begun);
        let (status, reply, lines) = asked?;
        if self.offers().is_none() {
            self.link.log.mark_unexpected(lines);
            // Where a server says no to EHLO for another reason than that it does not know it, it serves nobody here.
            let smtp = self.dialect.protocol() == Protocol::Smtp;
            let ends = smtp || status == Status::Bye || self.early(&reply).is_transient();
            let cause = if ends { self.closing(&reply) } else { Trouble::ProtocolViolation };
            return Err(Failure::new(
                Phase::Capability,
                cause,
                format!("no capability list came; the server said `{}`", reply.quoted()),
            ));
        }
        Ok(())
    }

    /// STARTTLS up to the server's yes; gives the stream on which the handshake comes next.
    async fn start_tls(&mut self) -> Result<Box<dyn Io>, Failure> {
        let offered = self.offers().is_some_and(|list| self.dialect.offers_starttls(&list.capabilities));
        if !offered {
            let (cause, detail) = match self.offers().and_then(Advertisement::masked) {
                Some(masked) => (
                    Trouble::OfferMasked,
                    format!(
                        "a device on the path masks the server's offer (`{masked}`): STARTTLS may be offered behind it"
                    ),
                ),
                None => (
                    Trouble::StartTlsNotOffered,
                    "the server does not offer STARTTLS on this connection".to_owned(),
                ),
            };
            return Err(Failure::new(Phase::StartTls, cause, detail));
        }
        let begun = Instant::now();
        let command = self.dialect.starttls();
        let asked = self.ask(Phase::StartTls, command).await;
        self.link.spent(Phase::StartTls, begun);
        let (status, reply, lines) = asked?;
        if status != Status::Yes {
            self.link.log.mark_unexpected(lines);
            let cause = if status == Status::Bye { self.closing(&reply) } else { Trouble::StartTlsRefused };
            return Err(Failure::new(Phase::StartTls, cause, reply.quoted()));
        }
        if !self.buffer.is_empty() {
            // What stands here was sent before TLS and would be read as if it came from inside.
            self.link.log.settle();
            let injected =
                self.link.log.inbound(self.lines_taken, self.link.log.inbound_count().saturating_sub(1));
            self.link.log.mark_unexpected(injected);
            self.injected = Some(injected);
            let detail =
                format!("{} octets arrived behind the answer to STARTTLS, before TLS", self.buffer.len());
            return Err(Failure::new(Phase::StartTls, Trouble::StartTlsInjection, detail));
        }
        let Some(tap) = self.stream.take() else {
            return Err(Failure::new(Phase::StartTls, Trouble::Bug, "the stream is gone"));
        };
        let (io, _) = tap.into_parts();
        Ok(io)
    }

    /// Sends a command that is no login and waits for its final answer.
    pub(super) async fn ask(
        &mut self,
        phase: Phase,
        command: Command,
    ) -> Result<(Status, Reply, LineRange), Failure> {
        self.send(phase, &command).await?;
        let mut goodbye = None;
        for _ in 0..self.link.task.options.limits.units {
            let (heard, lines) = match self.next(phase).await {
                Ok(next) => next,
                Err(failure) => {
                    return goodbye.map_or(Err(failure), |(reply, lines)| Ok((Status::Bye, reply, lines)));
                }
            };
            match heard {
                Heard::Final(status, reply) => return Ok((status, reply, lines)),
                Heard::Goodbye(reply) => goodbye = Some((reply, lines)),
                Heard::Aside => {}
                Heard::Continue(_) => {
                    self.link.log.mark_unexpected(lines);
                    return Err(Failure::new(
                        phase,
                        Trouble::ProtocolViolation,
                        "a continuation nobody asked for",
                    ));
                }
                Heard::Violation(what) => {
                    self.link.log.mark_unexpected(lines);
                    return Err(Failure::new(phase, Trouble::ProtocolViolation, what));
                }
            }
        }
        Err(self.too_many(phase))
    }

    /// An answer from before a login.
    fn early<'r>(&self, reply: &'r Reply) -> Answer<'r> {
        Answer::new(self.dialect.protocol(), Step::Greeting, reply)
    }

    /// What kind of goodbye an answer is.
    fn closing(&self, reply: &Reply) -> Trouble {
        let answer = self.early(reply);
        let diagnosis = diagnose(&answer);
        if diagnosis.first() == Cause::TlsVersionTooOld {
            return Trouble::TlsVersion;
        }
        passing(&answer, &diagnosis).unwrap_or(Trouble::ServerClosing)
    }

    pub(super) fn too_many(&self, phase: Phase) -> Failure {
        let most = self.link.task.options.limits.units;
        Failure::new(phase, Trouble::TooManyLines, format!("more than {most} lines and no answer"))
    }

    /// Puts a command on the wire.
    pub(super) async fn send(&mut self, phase: Phase, command: &Command) -> Result<(), Failure> {
        self.link.log.declare(command);
        // From the first octet on: what becomes of the rest, nobody can say.
        self.presented |= command.has_secret();
        let limit = self.link.task.options.reply_timeout;
        let Some(stream) = self.stream.as_mut() else {
            return Err(Failure::new(phase, Trouble::ConnectionClosed, "the connection is closed"));
        };
        let wire = command.wire();
        let sending = async {
            stream.write_all(&wire).await?;
            stream.flush().await
        };
        self.link.patience.wait(phase, limit, sending).await?.map_err(|error| from_io(phase, &error))
    }

    /// The next unit, read by the dialect, with its transcript lines.
    pub(super) async fn next(&mut self, phase: Phase) -> Result<(Heard, LineRange), Failure> {
        let (unit, lines) = self.unit(phase).await?;
        let heard = self.dialect.read(&unit);
        self.note_capabilities(lines);
        Ok((heard, lines))
    }

    fn note_capabilities(&mut self, lines: LineRange) {
        if let Some(capabilities) = self.dialect.fresh_capabilities() {
            let offers = self.dialect.offers(&capabilities);
            let stage = self.link.stage();
            self.advertised.push(Advertisement { stage, offers, capabilities, evidence: lines });
        }
    }

    /// One framed unit, within the time of one reply.
    pub(super) async fn unit(&mut self, phase: Phase) -> Result<(Vec<u8>, LineRange), Failure> {
        let patience = self.link.patience.clone();
        let limit = self.link.task.options.reply_timeout;
        patience.wait(phase, limit, self.read_unit(phase)).await?
    }

    pub(super) async fn read_unit(&mut self, phase: Phase) -> Result<(Vec<u8>, LineRange), Failure> {
        loop {
            match self.dialect.frame(&self.buffer, &self.link.task.options.limits) {
                Frame::Complete(length) => {
                    let unit: Vec<u8> = self.buffer.drain(..length.min(self.buffer.len())).collect();
                    let first = self.lines_taken;
                    self.lines_taken += memchr::memchr_iter(b'\n', &unit).count();
                    return Ok((unit, self.link.log.inbound(first, self.lines_taken.saturating_sub(1))));
                }
                Frame::TooLarge(cause, limit) => {
                    return Err(Failure::new(
                        phase,
                        cause,
                        format!("the server sent more than {limit} octets"),
                    ));
                }
                Frame::Partial => {}
            }
            let Some(stream) = self.stream.as_mut() else {
                return Err(Failure::new(phase, Trouble::ConnectionClosed, "the connection is closed"));
            };
            self.buffer.reserve(1024);
            match stream.read_buf(&mut self.buffer).await {
                Ok(0) => {
                    let detail = if self.buffer.is_empty() {
                        "the server closed the connection".to_owned()
                    } else {
                        "the server closed the connection in the middle of a line".to_owned()
                    };
                    return Err(Failure::new(phase, Trouble::ConnectionClosed, detail));
                }
                Ok(_) => {}
                Err(error) => return Err(from_io(phase, &error)),
            }
        }
    }

    /// How many inbound lines the driver has taken: where a session check goes on.
    pub(super) const fn lines_taken(&self) -> usize {
        self.lines_taken
    }

    /// Says goodbye without waiting for the answer: nothing in it is needed. A server that does not even take it is left.
    pub(super) async fn leave(&mut self) {
        if self.stream.is_none() {
            return;
        }
        let begun = Instant::now();
        let patience = self.link.patience.clone();
        let leaving = async {
            if self.greeting.is_some() {
                let command = self.dialect.logout();
                self.send(Phase::Logout, &command).await?;
            }
            if let Some(stream) = self.stream.as_mut() {
                stream.shutdown().await.ok();
            }
            Ok::<(), Failure>(())
        };
        let _ = patience.wait(Phase::Logout, GOODBYE, leaving).await;
        self.stream = None;
        self.link.spent(Phase::Logout, begun);
    }
}
