//! Lets a client library start on a stream that is already authenticated.
//!
//! async-imap has no entry point for that. The shim swallows the one login line that the library insists on
//! sending, answers it from memory, and is transparent from then on: not a byte of the library's own opening
//! reaches the server. It also keeps what the server says, for a second reading; bounds it, which the library
//! does only at 512 MiB; and gathers what the library writes in pieces until it flushes.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::dialect::Limits;

/// A stream that pretends its first written line was a login that succeeded.
#[derive(Debug)]
pub(super) struct Shim<S> {
    inner: S,
    swallowed: bool,
    ahead: VecDeque<u8>,
    outgoing: Vec<u8>,
    heard: Vec<u8>,
    octets_left: usize,
    lines_left: usize,
}

impl<S> Shim<S> {
    /// `ahead` is what was already read from `inner`.
    pub(super) fn new(inner: S, ahead: Vec<u8>, limits: &Limits) -> Self {
        Self {
            inner,
            swallowed: false,
            heard: ahead.clone(),
            ahead: ahead.into(),
            outgoing: Vec::new(),
            octets_left: limits.unit * 4,
            lines_left: limits.units,
        }
    }

    /// Everything the server has said since the login.
    pub(super) fn heard(&self) -> &[u8] {
        &self.heard
    }

    fn answer_login(&mut self) {
        let tag = self.outgoing.split(|byte| *byte == b' ').next().unwrap_or_default();
        let answer: Vec<u8> = [tag, b" OK handed over\r\n"].concat();
        for byte in answer.into_iter().rev() {
            self.ahead.push_front(byte);
        }
        self.outgoing.clear();
        self.swallowed = true;
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
        if !this.swallowed && this.outgoing.ends_with(b"\n") {
            this.answer_login();
        }
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
