//! IMAP's session check, through async-imap: CAPABILITY where the list is not known yet, EXAMINE INBOX,
//! LOGOUT.
//!
//! async-imap drives the wire. The verdict is read from the same bytes by our own dialect, because the library
//! keeps the words of an answer only as a formatted string, and gives up on untagged lines it does not know,
//! which a client must ignore (RFC 9051 section 2.2.2). LOGOUT is sent and not waited for: nothing in its
//! answer is needed.

use std::time::Duration;

use async_imap::{Client, Session, error::Error};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::shim::Shim;
use super::{Checked, HandOver, SessionCheck};
use crate::dialect::{Dialect as _, Frame, Heard, Imap, Limits};
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
    let HandOver { stream, ahead, lines_taken, capabilities_known, patience, reply_timeout, limits, .. } =
        hand_over;
    let log = stream.log().clone();
    // async-imap counts its tags from A0001, which the shim swallows.
    let tag = if capabilities_known { "A0002" } else { "A0003" };
    let client = Client::new(Shim::new(stream, ahead, &limits, |login| {
        let tag = login.split(|byte| *byte == b' ').next().unwrap_or_default();
        [tag, b" OK handed over\r\n"].concat()
    }));
    let Ok(Ok(mut session)) = patience.wait(Phase::Session, reply_timeout, client.login("-", "-")).await
    else {
        let failure = Failure::new(Phase::Session, Trouble::Bug, "async-imap did not take the stream over");
        return Checked::only(Err(failure));
    };
    let asking = ask(&mut session, capabilities_known, tag, &limits);
    let asked = patience.wait(Phase::Session, reply_timeout, asking).await;
    let seen = Seen::read(session.as_mut().heard(), tag, &limits, &log, lines_taken);
    if seen.verdict.is_none() {
        log.settle();
    }
    let verdict = seen.verdict.ok_or_else(|| match asked {
        Ok(outcome) => failure(outcome.err()),
        Err(failure) => failure,
    });
    let leaving = async {
        session.run_command("LOGOUT").await.ok();
        session.as_mut().shutdown().await.ok();
    };
    let _ = patience.wait(Phase::Logout, Duration::from_secs(1), leaving).await;
    Checked { capabilities: seen.capabilities.filter(|_| !capabilities_known), ..Checked::only(verdict) }
}

/// Both requests in one flight; comes back when the last is answered.
async fn ask(
    session: &mut Session<Stream>,
    capabilities_known: bool,
    tag: &str,
    limits: &Limits,
) -> Result<(), Error> {
    if !capabilities_known {
        session.run_command("CAPABILITY").await?;
    }
    let examine = session.run_command("EXAMINE INBOX").await?;
    loop {
        match session.read_response().await {
            Ok(Some(response)) if response.request_id() == Some(&examine) => return Ok(()),
            Ok(Some(_)) => {}
            Ok(None) => return Err(Error::ConnectionLost),
            // Its parser has met a line it does not know. The answer may stand behind it.
            Err(error) if error.kind() == std::io::ErrorKind::Other => break,
            Err(error) => return Err(error.into()),
        }
    }
    let stream = session.as_mut();
    let mut chunk = [0; 1024];
    loop {
        match answered(stream.heard(), tag, limits) {
            Some(true) => return Ok(()),
            Some(false) => return Err(Error::Bad("not IMAP".to_owned())),
            None if stream.read(&mut chunk).await? == 0 => return Err(Error::ConnectionLost),
            None => {}
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
        Some(Error::ConnectionLost) => {
            Failure::new(Phase::Session, Trouble::ConnectionClosed, "the server closed the connection")
        }
        // Not the library's own words: they quote the server, octet by octet.
        Some(_) | None => Failure::new(Phase::Session, Trouble::ProtocolViolation, "the answer is not IMAP"),
    }
}

/// Whether the tagged answer has come; false where something came that is no IMAP.
fn answered(heard: &[u8], tag: &str, limits: &Limits) -> Option<bool> {
    units(heard, limits).find_map(|unit| match Imap::expecting(tag).read(unit) {
        Heard::Final(..) => Some(true),
        // The answer to CAPABILITY carries a tag of its own.
        Heard::Violation(_) if !unit.starts_with(b"A0002 ") => Some(false),
        _ => None,
    })
}

/// The framed units of what was heard.
fn units<'a>(heard: &'a [u8], limits: &Limits) -> impl Iterator<Item = &'a [u8]> {
    let (mut rest, limits) = (heard, *limits);
    std::iter::from_fn(move || match Imap::new().frame(rest, &limits) {
        Frame::Complete(length) => {
            let (unit, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(unit)
        }
        Frame::Partial | Frame::TooLarge(..) => None,
    })
}

/// What the server has said since the hand-over.
#[derive(Default)]
struct Seen {
    /// Its words on EXAMINE: the tagged answer, or a goodbye in place of one.
    verdict: Option<(bool, Reply, LineRange)>,
    capabilities: Option<(Vec<String>, LineRange)>,
}

impl Seen {
    fn read(heard: &[u8], tag: &str, limits: &Limits, log: &Log, first_line: usize) -> Self {
        let mut seen = Self::default();
        let mut line = first_line;
        for unit in units(heard, limits) {
            let next = line + memchr::memchr_iter(b'\n', unit).count();
            let lines = log.inbound(line, next.saturating_sub(1));
            let mut dialect = Imap::expecting(tag);
            match dialect.read(unit) {
                Heard::Final(status, reply) => {
                    seen.verdict = Some((status == Status::Yes, reply, log.inbound(first_line, next - 1)));
                    break;
                }
                Heard::Goodbye(reply) => seen.verdict = Some((false, reply, lines)),
                _ => {}
            }
            if let Some(list) = dialect.fresh_capabilities() {
                seen.capabilities = Some((list, lines));
            }
            line = next;
        }
        seen
    }
}
