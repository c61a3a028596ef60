//! Addresses to TCP streams.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpSocket;

use super::BoxFuture;

/// A byte stream the probe can hold a conversation over.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug> Io for T {}

/// Makes connections. A probe is handed one, so that a test can hold the other end without a socket.
pub trait Dial: Send + Sync {
    /// Connects to one address.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn dial(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<Box<dyn Io>>>;
}

/// TCP, from a chosen source address where one is given.
#[derive(Debug, Clone, Default)]
pub struct Dialer {
    /// The local address to connect from.
    pub source: Option<IpAddr>,
}

impl Dial for Dialer {
    fn dial(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<Box<dyn Io>>> {
        Box::pin(async move {
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            if let Some(source) = self.source {
                socket.bind(SocketAddr::new(source, 0))?;
            }
            let stream = socket.connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn Io>)
        })
    }
}
