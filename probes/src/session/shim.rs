//! Lets a client library start on a stream that is already authenticated.
//!
//! Neither async-imap nor lettre has an entry point for that. The shim swallows the one opening line that the
//! library insists on sending (LOGIN, EHLO), answers it from memory, and is transparent from then on: not a byte
//! of the library's own opening reaches the server. It also keeps what the server says, for a second reading; bounds it, which the library
//! does only at 512 MiB; and gathers what the library writes in pieces until it flushes.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::dialect::Limits;

/// From the opening line to the answer that the library waits for.
type Answer = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// A stream that answers the first line written to it by itself.
pub(super) struct Shim<S> {
    inner: S,
    /// Until the opening line has come.
    answer: Option<Answer>,
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
    ) -> Self {
        Self {
            inner,
            answer: Some(Box::new(answer)),
            heard: ahead.clone(),
            ahead: ahead.into(),
            outgoing: Vec::new(),
            octets_left: limits.unit * 4,
            lines_left: limits.units,
        }
    }

    /// The library reads this before it writes anything.
    pub(super) fn greeted(mut self, greeting: &[u8]) -> Self {
        self.put_first(greeting);
        self
    }

    fn put_first(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().rev() {
            self.ahead.push_front(*byte);
        }
    }

    /// Everything the server has said since the login.
    pub(super) fn heard(&self) -> &[u8] {
        &self.heard
    }

    fn swallow_opening(&mut self) {
        if self.outgoing.ends_with(b"\n")
            && let Some(answer) = self.answer.take()
        {
            let line = std::mem::take(&mut self.outgoing);
            self.put_first(&answer(&line));
        }
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
        if !this.ahead.is_empty() {
            let take = this.ahead.len().min(buf.remaining());
            let bytes: Vec<u8> = this.ahead.drain(..take).collect();
            buf.put_slice(&bytes);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.inner).poll_read(cx, buf))?;
        let fresh = buf.filled().get(before..).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', fresh).count();
        match (this.octets_left.checked_sub(fresh.len()), this.lines_left.checked_sub(lines)) {
            (Some(octets), Some(lines)) => (this.octets_left, this.lines_left) = (octets, lines),
            _ => {
                return Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    "the reply is too large",
                )));
            }
        }
        this.heard.extend_from_slice(fresh);
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
