//! IMAP's session check, through async-imap: CAPABILITY where the list is not known yet, EXAMINE INBOX,
//! LOGOUT.
//!
//! async-imap drives the wire. The verdict is read from the same bytes by our own dialect, because the library
//! keeps the words of an answer only as a formatted string, and gives up on untagged lines it does not know,
//! which a client must ignore (RFC 9051 section 2.2.2). LOGOUT is sent and not waited for: nothing in its
//! answer is needed.
//!
//! Its parser recurses in what FETCH brings, with a stack for every parenthesis, and reads some of it beyond the end of
//! the line. Nobody asks for messages here: of untagged data it is given what the two commands bring, and the rest is
//! none of its business. Whatever nests deeper than any real answer ends the check.

use std::time::Duration;

use async_imap::{Client, Session, error::Error};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::shim::{Shim, Unit};
use super::{Checked, HandOver, Proof, SessionCheck};
use crate::dialect::{Dialect as _, Frame, Heard, Imap, Limits};
use crate::model::{Failure, LineRange, Phase, Reply, Status, Trouble};
use crate::wire::{BoxFuture, Io, Log, Tap, from_io};

/// Untagged responses that CAPABILITY and EXAMINE bring (RFC 9051 sections 6.1.1 and 6.3.3), and those that come at any
/// time. `EXISTS` and `RECENT` stand behind a number.
const PASSED_ON: [&[u8]; 10] =
    [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH", b"CAPABILITY", b"FLAGS", b"EXISTS", b"RECENT", b"LIST"];

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
    let answer = |login: &[u8]| {
        let tag = login.split(|byte| *byte == b' ').next().unwrap_or_default();
        [tag, b" OK handed over\r\n"].concat()
    };
    let client =
        Client::new(Shim::new(stream, ahead, &limits, answer, move |unread| first_unit(unread, &limits)));
    let Ok(Ok(mut session)) = patience.wait(Phase::Session, reply_timeout, client.login("-", "-")).await
    else {
        let failure = Failure::new(Phase::Session, Trouble::Bug, "async-imap did not take the stream over");
        return Checked::only(Err(failure));
    };
    let asking = ask(&mut session, capabilities_known, tag, &limits);
    let asked = patience.wait(Phase::Session, reply_timeout, asking).await;
    let heard = session.as_mut().heard();
    let seen = Seen::read(heard, tag, &limits, &log, lines_taken);
    if seen.verdict.is_none() {
        log.settle();
        if matches!(asked, Ok(Err(_))) {
            mark_what_stopped_it(&log, lines_taken + memchr::memchr_iter(b'\n', heard).count());
        }
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
    let proof = match (seen.shown, seen.warned) {
        (true, _) => Proof::Shown,
        (false, true) => Proof::Contradicted,
        (false, false) => Proof::Bare,
    };
    Checked {
        capabilities: seen.capabilities.filter(|_| !capabilities_known),
        proof,
        ..Checked::only(verdict)
    }
}

/// Marks the inbound line that was not read any more, where there is one.
fn mark_what_stopped_it(log: &Log, line: usize) {
    if line < log.inbound_count() {
        log.mark_unexpected(log.inbound(line, line));
    }
}

/// What the library reads of what has come in.
fn first_unit(unread: &[u8], limits: &Limits) -> Unit {
    let length = match Imap::new().frame(unread, limits) {
        Frame::Complete(length) => length,
        Frame::Partial => return Unit::Partial,
        Frame::TooLarge(cause, limit) => {
            return Unit::Excessive(cause, format!("the server sent more than {limit} octets"));
        }
    };
    let unit = unread.get(..length).unwrap_or(unread);
    if let Some(depth) = Imap::nests_too_deeply(unit) {
        let detail = format!("the server sent a response of {depth} lists inside each other");
        return Unit::Excessive(Trouble::NestedTooDeeply, detail);
    }
    if is_passed_on(unit) { Unit::Passed(length, Imap::by_the_grammar(unit)) } else { Unit::Withheld(length) }
}

/// Whether the library gets to read a response. What has a tag, and what is no IMAP at all, it does.
fn is_passed_on(unit: &[u8]) -> bool {
    untagged(unit).is_none_or(|word| PASSED_ON.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// What kind of untagged response this is, in its own case; nothing where it has a tag, or is no IMAP at all.
fn untagged(unit: &[u8]) -> Option<&[u8]> {
    let data = unit.strip_prefix(b"* ")?;
    let mut words = data.trim_ascii_end().split(|byte| *byte == b' ');
    let first = words.next().unwrap_or_default();
    let is_number = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
    Some(if is_number { words.next().unwrap_or_default() } else { first })
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
    let (mut chunk, mut looked_at) = ([0; 1024], 0);
    loop {
        match answered(stream.heard(), &mut looked_at, tag, limits) {
            Some(true) => return Ok(()),
            Some(false) => return Err(Error::Bad("not IMAP".to_owned())),
            None if stream.read(&mut chunk).await? == 0 => return Err(Error::ConnectionLost),
            None => {}
        }
    }
}

fn failure(error: Option<Error>) -> Failure {
    match error {
        Some(Error::Io(error)) => from_io(Phase::Session, &error),
        Some(Error::ConnectionLost) => {
            Failure::new(Phase::Session, Trouble::ConnectionClosed, "the server closed the connection")
        }
        // Not the library's own words: they quote the server, octet by octet.
        Some(_) | None => Failure::new(Phase::Session, Trouble::ProtocolViolation, "the answer is not IMAP"),
    }
}

/// Whether the tagged answer has come; false where something came that is no IMAP. What was looked at before is not
/// looked at again.
fn answered(heard: &[u8], looked_at: &mut usize, tag: &str, limits: &Limits) -> Option<bool> {
    let fresh = heard.get(*looked_at..).unwrap_or_default();
    units(fresh, limits).inspect(|unit| *looked_at += unit.len()).find_map(|unit| {
        match Imap::expecting(tag).read(unit) {
            Heard::Final(..) => Some(true),
            // The answer to CAPABILITY carries a tag of its own.
            Heard::Violation(_) if !unit.starts_with(b"A0002 ") => Some(false),
            _ => None,
        }
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
    /// Whether it has shown what EXAMINE brings (RFC 9051 section 6.3.3).
    shown: bool,
    /// Whether it has complained outside of its answer.
    warned: bool,
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
                // What was open is closed by now.
                Heard::Final(Status::Yes, _) if seen.verdict.is_some() => break,
                Heard::Final(status, reply) => {
                    seen.verdict = Some((status == Status::Yes, reply, log.inbound(first_line, next - 1)));
                    break;
                }
                Heard::Goodbye(reply) => seen.verdict = Some((false, reply, lines)),
                _ => {}
            }
            let is = |words: &[&str]| {
                let word = untagged(unit).unwrap_or_default();
                words.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
            };
            seen.shown |= is(&["FLAGS", "EXISTS", "RECENT"]);
            seen.warned |= is(&["NO", "BAD"]);
            if let Some(list) = dialect.fresh_capabilities() {
                seen.capabilities = Some((list, lines));
            }
            line = next;
        }
        seen
    }
}
