//! IMAP's session check, through async-imap: CAPABILITY where the list is not known yet, EXAMINE INBOX,
//! LOGOUT.
//!
//! async-imap drives the wire and decides when an answer is complete. The words of the answer are taken
//! from the log, because the library keeps them only as a formatted string. LOGOUT is sent and not waited
//! for: nothing in its answer is needed.

use std::time::Duration;

use async_imap::{Client, Session, error::Error};
use tokio::io::AsyncWriteExt as _;

use super::shim::Shim;
use super::{Checked, HandOver, SessionCheck};
use crate::dialect::{Dialect as _, Heard, Imap};
use crate::model::{Failure, LineRange, Phase, Reply, Status, Trouble};
use crate::wire::{BoxFuture, Io, Log, Tap, from_io};

/// Asks for INBOX, read-only.
#[derive(Debug, Clone, Copy)]
pub struct ImapSession;

type Stream = Shim<Tap<Box<dyn Io>>>;

impl SessionCheck for ImapSession {
    fn check(&self, hand_over: HandOver) -> BoxFuture<'_, Checked> {
        Box::pin(check(hand_over))
    }
}

async fn check(hand_over: HandOver) -> Checked {
    let HandOver { stream, ahead, lines_taken, capabilities_known, patience, reply_timeout, most_octets } =
        hand_over;
    let log = stream.log().clone();
    let mut seen = Seen { log, from: lines_taken };
    let client = Client::new(Shim::new(stream, ahead, most_octets));
    let limit = reply_timeout;
    let Ok(Ok(mut session)) = patience.wait(Phase::Session, limit, client.login("-", "-")).await else {
        let failure = Failure::new(Phase::Session, Trouble::Bug, "async-imap did not take the stream over");
        return Checked { verdict: Err(failure), capabilities: None };
    };
    let asked = patience.wait(Phase::Session, limit, ask(&mut session, capabilities_known)).await;
    let verdict = match asked {
        // What the log holds counts, whatever the library made of it: its parser gives up on lines that
        // say nothing about the mailbox.
        Ok(outcome) => seen.answer_to_examine(capabilities_known).ok_or_else(|| failure(outcome.err())),
        Err(failure) => Err(failure),
    };
    let capabilities = if capabilities_known { None } else { seen.capabilities() };
    let leaving = async {
        session.run_command("LOGOUT").await.ok();
        session.as_mut().shutdown().await.ok();
    };
    let _ = patience.wait(Phase::Logout, Duration::from_secs(1), leaving).await;
    Checked { verdict, capabilities }
}

/// Both requests in one flight; comes back when the last is answered.
async fn ask(session: &mut Session<Stream>, capabilities_known: bool) -> Result<(), Error> {
    if !capabilities_known {
        session.run_command("CAPABILITY").await?;
    }
    let examine = session.run_command("EXAMINE INBOX").await?;
    loop {
        let Some(response) = session.read_response().await? else { return Err(Error::ConnectionLost) };
        if response.request_id() == Some(&examine) {
            return Ok(());
        }
    }
}

fn failure(error: Option<Error>) -> Failure {
    match error {
        Some(Error::Io(error)) if error.kind() == std::io::ErrorKind::FileTooLarge => Failure::new(
            Phase::Session,
            Trouble::ReplyTooLarge,
            "the server sent more than a session check takes",
        ),
        Some(Error::Io(error)) => from_io(Phase::Session, &error),
        Some(Error::ConnectionLost) | None => {
            Failure::new(Phase::Session, Trouble::ConnectionClosed, "the server closed the connection")
        }
        Some(_) => Failure::new(Phase::Session, Trouble::ProtocolViolation, "the answer is not IMAP"),
    }
}

/// What the log has since the hand-over.
struct Seen {
    log: Log,
    from: usize,
}

impl Seen {
    /// The server's words on EXAMINE: its tagged answer, or a goodbye in place of one. async-imap counts
    /// its tags from A0001, which the shim swallowed.
    fn answer_to_examine(&mut self, capabilities_known: bool) -> Option<(bool, Reply, LineRange)> {
        let tag = if capabilities_known { "A0002" } else { "A0003" };
        let mut goodbye = None;
        let mut first = None;
        for (n, line) in self.log.inbound_since(self.from) {
            first.get_or_insert(n);
            let lines = LineRange::new(first.unwrap_or(n), n);
            match Imap::expecting(tag).read(line.as_bytes()) {
                Heard::Final(status, reply) => return Some((status == Status::Yes, reply, lines)),
                Heard::Goodbye(reply) => goodbye = Some((false, reply, lines)),
                _ => {}
            }
        }
        goodbye
    }

    fn capabilities(&self) -> Option<(Vec<String>, LineRange)> {
        self.log.inbound_since(self.from).into_iter().find_map(|(n, line)| {
            let mut dialect = Imap::expecting("A0002");
            dialect.read(line.as_bytes());
            dialect.fresh_capabilities().map(|list| (list, LineRange::new(n, n)))
        })
    }
}
