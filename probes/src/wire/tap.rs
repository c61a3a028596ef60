//! A stream that tells the log what passes through it. It sits above TLS, where the protocol is.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Log;

/// A stream with a log.
#[derive(Debug)]
pub struct Tap<S> {
    inner: S,
    log: Log,
}

impl<S> Tap<S> {
    /// Lets everything that passes through `inner` be written to `log`.
    pub const fn new(inner: S, log: Log) -> Self {
        Self { inner, log }
    }

    /// The log.
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// The stream without its log, for an upgrade.
    pub fn into_parts(self) -> (S, Log) {
        (self.inner, self.log)
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Log(..)")
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        if let Some(fresh) = buf.filled().get(before..)
            && !fresh.is_empty()
        {
            self.log.received(fresh);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, buf);
        if let Poll::Ready(Ok(n)) = polled {
            self.log.sent(buf.get(..n).unwrap_or(buf));
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
