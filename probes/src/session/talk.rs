//! Commands and answers on an authenticated stream, for protocols that need no client library for it.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::HandOver;
use crate::dialect::{Dialect, Frame, Heard};
use crate::model::{Command, Failure, LineRange, Phase, Reply, Status, Trouble};
use crate::wire::from_io;

/// A conversation that goes on where the login ended.
pub(super) struct Talk<D> {
    pub(super) dialect: D,
    pub(super) hand_over: HandOver,
    lines: usize,
}

impl<D: Dialect> Talk<D> {
    pub(super) fn new(dialect: D, hand_over: HandOver) -> Self {
        Self { dialect, lines: hand_over.lines_taken, hand_over }
    }

    /// One command and its final answer: whether it is a yes, its words, and where they stand.
    pub(super) async fn ask(&mut self, command: Command) -> Result<(bool, Reply, LineRange), Failure> {
        self.send(&[command]).await?;
        self.answer().await
    }

    /// Commands in one flight.
    pub(super) async fn send(&mut self, commands: &[Command]) -> Result<(), Failure> {
        let HandOver { stream, patience, reply_timeout, .. } = &mut self.hand_over;
        let mut wire = Vec::new();
        for command in commands {
            stream.log().declare(command);
            wire.extend_from_slice(&command.wire());
        }
        let sending = async {
            stream.write_all(&wire).await?;
            stream.flush().await
        };
        let sent = patience.wait(Phase::Session, *reply_timeout, sending).await?;
        sent.map_err(|error| from_io(Phase::Session, &error))
    }

    /// The final answer to the next command that was sent.
    pub(super) async fn answer(&mut self) -> Result<(bool, Reply, LineRange), Failure> {
        let (patience, limit) = (self.hand_over.patience.clone(), self.hand_over.reply_timeout);
        patience.wait(Phase::Session, limit, self.read()).await?
    }

    async fn read(&mut self) -> Result<(bool, Reply, LineRange), Failure> {
        let log = self.hand_over.stream.log().clone();
        let stream = &mut self.hand_over.stream;
        let buffer = &mut self.hand_over.ahead;
        loop {
            match self.dialect.frame(buffer, &self.hand_over.limits) {
                Frame::Complete(length) => {
                    let unit: Vec<u8> = buffer.drain(..length.min(buffer.len())).collect();
                    let first = self.lines;
                    self.lines += memchr::memchr_iter(b'\n', &unit).count();
                    let lines = log.inbound(first, self.lines.saturating_sub(1));
                    if let Heard::Final(status, reply) = self.dialect.read(&unit) {
                        return Ok((status == Status::Yes, reply, lines));
                    }
                    log.mark_unexpected(lines);
                    let detail = format!("the answer is not {}", self.dialect.protocol());
                    return Err(Failure::new(Phase::Session, Trouble::ProtocolViolation, detail));
                }
                Frame::TooLarge(cause, limit) => {
                    let detail = format!("the server sent more than {limit} octets");
                    return Err(Failure::new(Phase::Session, cause, detail));
                }
                Frame::Partial => {}
            }
            buffer.reserve(512);
            match stream.read_buf(buffer).await {
                Ok(0) => {
                    log.settle();
                    let detail = "the server closed the connection";
                    return Err(Failure::new(Phase::Session, Trouble::ConnectionClosed, detail));
                }
                Ok(_) => {}
                Err(error) => return Err(from_io(Phase::Session, &error)),
            }
        }
    }

    /// Last commands, and not a moment's wait: nothing in their answers is needed.
    pub(super) async fn leave(&mut self, commands: &[Command]) {
        let HandOver { stream, patience, .. } = &mut self.hand_over;
        let mut wire = Vec::new();
        for command in commands {
            stream.log().declare(command);
            wire.extend_from_slice(&command.wire());
        }
        let leaving = async {
            stream.write_all(&wire).await.ok();
            stream.shutdown().await.ok();
        };
        let _ = patience.wait(Phase::Logout, Duration::from_secs(1), leaving).await;
    }
}
