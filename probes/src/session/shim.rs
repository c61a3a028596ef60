//! Lets a client library start on a stream that is already authenticated, and decides what it gets to read there.
//!
//! Neither async-imap nor lettre has an entry point for that. The shim swallows the one opening line that the
//! library insists on sending (LOGIN, EHLO), answers it from memory, and is transparent for what is written from then on: not a byte
//! of the library's own opening reaches the server. What the library writes in pieces is gathered until it flushes.
//!
//! In the other direction the library is given whole units, found by our own framing within its bounds, and of those only
//! what a [`Reader`] lets pass, in ASCII: both libraries have gone wrong on more than that (a stack without end, slices
//! within a character, text that is no UTF-8). Everything is kept as it came, for a second reading.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::dialect::Limits;
use crate::model::Trouble;
use crate::wire::Excess;

/// From the opening line to the answer that the library waits for.
type Answer = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;
/// Finds the first unit of what has come in and decides about it.
type Reader = Box<dyn Fn(&[u8]) -> Unit + Send + Sync>;

/// The first unit of what has come in.
pub(super) enum Unit {
    /// It is so long, and the library reads so much of it.
    Passed(usize, usize),
    /// It is so long, and none of the library's business.
    Withheld(usize),
    /// It has not come completely.
    Partial,
    /// It is beyond a bound; nothing is read any more.
    Excessive(Trouble, String),
}

/// A stream that answers the first line written to it by itself.
pub(super) struct Shim<S> {
    inner: S,
    /// Until the opening line has come.
    answer: Option<Answer>,
    reader: Reader,
    /// What has come in and is not yet looked at.
    unread: Vec<u8>,
    /// What the library reads next.
    ahead: VecDeque<u8>,
    outgoing: Vec<u8>,
    heard: Vec<u8>,
    octets_left: usize,
    lines_left: usize,
}

impl<S> Shim<S> {
    /// `ahead` is what was already read from `inner`.
    pub(super) fn new(
        inner: S,
        ahead: Vec<u8>,
        limits: &Limits,
        answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
        reader: impl Fn(&[u8]) -> Unit + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            answer: Some(Box::new(answer)),
            reader: Box::new(reader),
            heard: ahead.clone(),
            unread: ahead,
            ahead: VecDeque::new(),
            outgoing: Vec::new(),
            octets_left: limits.unit * 4,
            lines_left: limits.units,
        }
    }

    /// The library reads this before it writes anything.
    pub(super) fn greeted(mut self, greeting: &[u8]) -> Self {
        self.ahead.extend(greeting);
        self
    }

    /// The units that the server has said since the login, as far as they were looked at. What stands behind one that is
    /// beyond a bound is not.
    pub(super) fn heard(&self) -> &[u8] {
        self.heard.get(..self.heard.len() - self.unread.len()).unwrap_or_default()
    }

    fn swallow_opening(&mut self) {
        if self.outgoing.ends_with(b"\n")
            && let Some(answer) = self.answer.take()
        {
            let line = std::mem::take(&mut self.outgoing);
            self.ahead.extend(answer(&line));
        }
    }

    /// Takes the next unit that the library gets to read; false where more has to come in for that.
    fn pass_on(&mut self) -> io::Result<bool> {
        loop {
            match (self.reader)(&self.unread) {
                Unit::Passed(length, read) => {
                    let unit = self.unread.drain(..length.min(self.unread.len())).take(read);
                    self.ahead.extend(unit.map(|octet| if octet.is_ascii() { octet } else { b'?' }));
                    return Ok(true);
                }
                Unit::Withheld(length) => drop(self.unread.drain(..length.min(self.unread.len()))),
                Unit::Partial => return Ok(false),
                Unit::Excessive(cause, detail) => return Err(Excess::error(cause, detail)),
            }
        }
    }

    fn take_in(&mut self, fresh: &[u8]) -> io::Result<()> {
        let lines = memchr::memchr_iter(b'\n', fresh).count();
        let octets_left = self.octets_left.checked_sub(fresh.len());
        let Some(left) = octets_left.zip(self.lines_left.checked_sub(lines)) else {
            let detail = "the server sent more than a session check takes";
            return Err(Excess::error(Trouble::ReplyTooLarge, detail));
        };
        (self.octets_left, self.lines_left) = left;
        self.heard.extend_from_slice(fresh);
        self.unread.extend_from_slice(fresh);
        Ok(())
    }
}

impl<S> fmt::Debug for Shim<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shim(..)")
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Shim<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        // As long as the library has not opened the session, nothing but the greeting is for it.
        while this.ahead.is_empty() && !(this.answer.is_none() && this.pass_on()?) {
            let mut room = [0; 4096];
            let mut fresh = ReadBuf::new(&mut room);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut fresh))?;
            if fresh.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.take_in(fresh.filled())?;
        }
        let take = this.ahead.len().min(buf.remaining());
        let bytes: Vec<u8> = this.ahead.drain(..take).collect();
        buf.put_slice(&bytes);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Shim<S> {
    fn poll_write(mut self: Pin<&mut Self>, _cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.outgoing.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.swallow_opening();
        while !this.outgoing.is_empty() {
            let written = ready!(Pin::new(&mut this.inner).poll_write(cx, &this.outgoing))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            this.outgoing.drain(..written);
        }
        Pin::new(&mut this.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
