//! TCP that acknowledges at once while it waits.
//!
//! A server that writes twice in a row without `TCP_NODELAY` (Postfix: a session ticket, then its greeting) holds the
//! second piece until the first is acknowledged, and Linux delays acknowledgements by 40 ms. The kernel forgets the
//! option as soon as data goes out, so it is set again whenever something has come in and there is nothing more to read.
//! Before anything has come in there is nothing to acknowledge: what goes out takes the acknowledgement of all before it
//! with it, and an answer that is complete is acknowledged by the next command. Setting it there would cost a system call
//! and a packet for each answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A TCP stream that keeps nobody waiting for an acknowledgement.
#[derive(Debug)]
pub(super) struct Prompt {
    stream: TcpStream,
    /// Whether something has come in that no packet of ours has acknowledged for certain.
    owes: bool,
}

impl Prompt {
    pub(super) const fn new(stream: TcpStream) -> Self {
        Self { stream, owes: false }
    }

    /// What went out took the acknowledgement with it.
    fn noting<T>(&mut self, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if matches!(polled, Poll::Ready(Ok(_))) {
            self.owes = false;
        }
        polled
    }
}

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if polled.is_ready() {
            self.owes = true;
        } else if std::mem::take(&mut self.owes) {
            // Without it everything works, only later.
            SockRef::from(&self.stream).set_tcp_quickack(true).ok();
        }
        polled
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.noting(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.noting(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
