//! A stream on which nothing may wait for ever: a client that does not take what it asked for loses the connection.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A stream whose writes get on within a time.
pub(super) struct Patient<S> {
    inner: S,
    limit: Duration,
    /// Runs while a write waits.
    clock: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub(super) fn new(inner: S, limit: Duration) -> Self {
        Self { inner, limit, clock: None }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, got: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if got.is_ready() {
            self.clock = None;
            return got;
        }
        let limit = self.limit;
        let clock =
            self.clock.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + limit)));
        match clock.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let got = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.watch(cx, got)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let got = Pin::new(&mut self.inner).poll_flush(cx);
        self.watch(cx, got)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let got = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.watch(cx, got)
    }
}
