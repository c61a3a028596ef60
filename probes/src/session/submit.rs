//! A real message, marked as a probe: built by lettre, and submitted by lettre over our recorded stream.
//!
//! The verdict is read from the recorded lines by our own dialect, in the order of the commands, because the
//! library keeps an answer only as text. Nobody asked for an answer to this message: it says so in the fields
//! that automatic responders look at (RFC 3834 section 5, MS-OXCMAIL's X-Auto-Response-Suppress).

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, transport::smtp::commands::Quit};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::shim::{Shim, Unit};
use super::{Checked, Errand, HandOver};
use crate::dialect::{Dialect as _, Frame, Limits, Smtp};
use crate::model::{Failure, LineRange, Phase, Reply, Trouble};
use crate::wire::{Log, from_io};

/// How many times the limit for one reply the whole submission may take: four commands.
const REPLIES: u32 = 4;

/// Submits the message that the errand asks for.
pub(super) async fn submit(hand_over: HandOver, from: Address) -> Checked {
    let HandOver { stream, ahead, lines_taken, login_list, patience, reply_timeout, limits, errand, .. } =
        hand_over;
    let mut random = [0_u8; 16];
    if getrandom::fill(&mut random).is_err() {
        let detail = "this machine's random number generator failed, so no message was sent";
        return Checked::only(Err(Failure::new(Phase::Session, Trouble::Bug, detail)));
    }
    let prepared = errand.and_then(|errand| message(&from, &errand, u128::from_be_bytes(random)));
    let Some((message, message_id)) = prepared else {
        let detail = "the recipient is no address that a message can be sent to";
        return Checked::only(Err(Failure::new(Phase::Session, Trouble::NotAsked, detail)));
    };
    let log = stream.log().clone();
    let reader = move |unread: &[u8]| first_unit(unread, &limits);
    let shim = Shim::new(stream, ahead, &limits, move |_| ehlo_reply(&login_list), reader);
    let lent = Lent(Mutex::new(shim.greeted(b"220 handed over\r\n")));
    let nobody = ClientId::Domain("localhost".to_owned());
    let connecting = AsyncSmtpConnection::connect_with_transport(Box::new(lent), &nobody);
    let Ok(Ok(mut connection)) = patience.wait(Phase::Session, reply_timeout, connecting).await else {
        let failure = Failure::new(Phase::Session, Trouble::Bug, "lettre did not take the stream over");
        return Checked::only(Err(failure));
    };
    let text = message.formatted();
    let sending = connection.send(message.envelope(), &text);
    let sent = patience.wait(Phase::Session, reply_timeout * REPLIES, sending).await;
    if sent.as_ref().is_err() {
        log.settle();
    }
    let verdict = read(&log, lines_taken, &limits).unwrap_or_else(|| {
        Err(match sent {
            Err(failure) => failure,
            Ok(outcome) => failure(outcome.err().as_ref()),
        })
    });
    let taken = matches!(verdict, Ok((true, ..)));
    if taken {
        let leaving = connection.command(Quit);
        let _ = patience.wait(Phase::Logout, Duration::from_secs(1), leaving).await;
    }
    Checked { message_id: taken.then_some(message_id), ..Checked::only(verdict) }
}

/// What the library reads of what has come in: reply by reply, all of it.
fn first_unit(unread: &[u8], limits: &Limits) -> Unit {
    match Smtp::default().frame(unread, limits) {
        Frame::Complete(length) => Unit::Passed(length, length),
        Frame::Partial => Unit::Partial,
        Frame::TooLarge(cause, limit) => {
            Unit::Excessive(cause, format!("the server sent more than {limit} octets"))
        }
    }
}

/// Why the library gave up where the server had not said no.
fn failure(error: Option<&lettre::transport::smtp::Error>) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = error.and_then(Error::source);
    while let Some(inner) = cause {
        match inner.downcast_ref::<io::Error>() {
            Some(error) => return from_io(Phase::Session, error),
            None => cause = inner.source(),
        }
    }
    let detail = "the server ended the conversation before it took the message";
    Failure::new(Phase::Session, Trouble::ConnectionClosed, detail)
}

/// The message, and its `Message-ID`, which holds this random number.
fn message(from: &Address, errand: &Errand, number: u128) -> Option<(Message, String)> {
    let id = format!("<mailprobe.{number:032x}@{}>", from.domain());
    let field = |name: &'static str, value: &str| {
        Some(HeaderValue::new(HeaderName::new_from_ascii(name.to_owned()).ok()?, value.to_owned()))
    };
    let Errand { to, method, url } = errand;
    let body = format!(
        "This message was sent by mailprobe to find out whether {from} may send mail.\r\n\r\n\
         Endpoint: {url}\r\nMethod:   {method}\r\n\r\nIt needs no answer and can be deleted.\r\n"
    );
    let message = Message::builder()
        .from(Mailbox::new(None, from.clone()))
        .to(Mailbox::new(None, to.parse().ok()?))
        .subject(format!("mailprobe: {method} at {url}"))
        .message_id(Some(id.clone()))
        .date_now()
        .raw_header(field("X-Mailprobe", "probe message")?)
        .raw_header(field("Auto-Submitted", "auto-generated")?)
        .raw_header(field("X-Auto-Response-Suppress", "All")?)
        .header(ContentType::TEXT_PLAIN)
        .body(body)
        .ok()?;
    Some((message, id))
}

/// What the library is told about the server in place of a second EHLO: some servers drop the login on one.
fn ehlo_reply(list: &[String]) -> Vec<u8> {
    let keywords = list.iter().flat_map(|line| ["250-", line, "\r\n"]);
    ["250-handed over\r\n"].into_iter().chain(keywords).chain(["250 OK\r\n"]).collect::<String>().into_bytes()
}

type Said = Result<(bool, Reply, LineRange), Failure>;

/// The server's words on the four commands: the first no, or the last yes. `None` where neither came.
fn read(log: &Log, first: usize, limits: &Limits) -> Option<Said> {
    let lines = log.inbound_since(first);
    let text: String = lines.iter().flat_map(|(_, text)| [text, "\r\n"]).collect();
    let (mut rest, mut at, mut last) = (text.as_bytes(), first, None);
    // MAIL FROM, RCPT TO, DATA and the message itself (RFC 5321 section 3.3).
    for wanted in [200..=299, 200..=299, 354..=354, 200..=299_u16] {
        let Frame::Complete(length) = Smtp::default().frame(rest, limits) else { return None };
        let (unit, after) = rest.split_at_checked(length)?;
        rest = after;
        let next = at + memchr::memchr_iter(b'\n', unit).count();
        let range = log.inbound(at, next.saturating_sub(1));
        at = next;
        let Some((code, reply)) = Smtp::reply(unit) else {
            log.mark_unexpected(range);
            let detail = "the answer is not SMTP";
            return Some(Err(Failure::new(Phase::Session, Trouble::ProtocolViolation, detail)));
        };
        if !wanted.contains(&code) {
            return Some(Ok((false, reply, range)));
        }
        last = Some(reply);
    }
    last.map(|reply| Ok((true, reply, log.inbound(first, at - 1))))
}

/// The stream as lettre wants it. lettre asks for `Sync`, which a connection is not; the lock is never taken,
/// since polling has the stream to itself.
struct Lent<S>(Mutex<S>);

impl<S> Lent<S> {
    fn inner(self: Pin<&mut Self>) -> &mut S
    where
        S: Unpin,
    {
        self.get_mut().0.get_mut()
    }
}

impl<S> fmt::Debug for Lent<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lent(..)")
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lent<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.inner()).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Lent<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(self.inner()).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.inner()).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.inner()).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> AsyncTokioStream for Lent<S> {
    /// lettre asks, and uses it for nothing on a stream that it was lent.
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))
    }
}
