//! POP3's session check: STAT, the capability list where it is not known yet, QUIT. Nothing is retrieved and
//! nothing deleted; QUIT without a DELE leaves the maildrop as it is (RFC 1939 section 6).

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Checked, HandOver, SessionCheck};
use crate::dialect::{Dialect as _, Frame, Heard, Pop3};
use crate::model::{Command, Failure, LineRange, Phase, Reply, Status, Trouble};
use crate::wire::{BoxFuture, from_io};

/// Asks for the size of the maildrop.
#[derive(Debug, Clone, Copy)]
pub struct Pop3Session;

impl SessionCheck for Pop3Session {
    fn check(&self, hand_over: HandOver) -> BoxFuture<'_, Checked> {
        Box::pin(async move {
            let mut session = Session { dialect: Pop3::new(), lines: hand_over.lines_taken, hand_over };
            let verdict = session.ask(Command::clear("STAT\r\n")).await;
            let mut capabilities = None;
            if matches!(verdict, Ok((true, ..))) && !session.hand_over.capabilities_known {
                let command = session.dialect.capability();
                let asked = session.ask(command).await;
                let list = session.dialect.fresh_capabilities();
                capabilities = asked.ok().and_then(|(_, _, lines)| Some((list?, lines)));
            }
            session.leave().await;
            Checked { verdict, capabilities }
        })
    }
}

struct Session {
    dialect: Pop3,
    hand_over: HandOver,
    lines: usize,
}

impl Session {
    /// One command and its final answer: whether it is a yes, its words, and where they stand.
    async fn ask(&mut self, command: Command) -> Result<(bool, Reply, LineRange), Failure> {
        let (patience, limit) = (self.hand_over.patience.clone(), self.hand_over.reply_timeout);
        patience.wait(Phase::Session, limit, self.exchange(command)).await?
    }

    async fn exchange(&mut self, command: Command) -> Result<(bool, Reply, LineRange), Failure> {
        let log = self.hand_over.stream.log().clone();
        log.declare(&command);
        let stream = &mut self.hand_over.stream;
        let io = |error: &std::io::Error| from_io(Phase::Session, error);
        stream.write_all(&command.wire()).await.map_err(|error| io(&error))?;
        stream.flush().await.map_err(|error| io(&error))?;
        let buffer = &mut self.hand_over.ahead;
        loop {
            match self.dialect.frame(buffer, &self.hand_over.limits) {
                Frame::Complete(length) => {
                    let unit: Vec<u8> = buffer.drain(..length.min(buffer.len())).collect();
                    let first = self.lines;
                    self.lines += memchr::memchr_iter(b'\n', &unit).count();
                    let lines = log.inbound(first, self.lines.saturating_sub(1));
                    return match self.dialect.read(&unit) {
                        Heard::Final(status, reply) => Ok((status == Status::Yes, reply, lines)),
                        _ => {
                            log.mark_unexpected(lines);
                            Err(Failure::new(
                                Phase::Session,
                                Trouble::ProtocolViolation,
                                "the answer is not POP3",
                            ))
                        }
                    };
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
                Err(error) => return Err(io(&error)),
            }
        }
    }

    /// QUIT, and not a moment's wait: nothing in its answer is needed.
    async fn leave(&mut self) {
        let command = self.dialect.logout();
        let HandOver { stream, patience, .. } = &mut self.hand_over;
        stream.log().declare(&command);
        let leaving = async {
            stream.write_all(&command.wire()).await.ok();
            stream.shutdown().await.ok();
        };
        let _ = patience.wait(Phase::Logout, Duration::from_secs(1), leaving).await;
    }
}
