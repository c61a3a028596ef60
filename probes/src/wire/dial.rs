//! Addresses to TCP streams.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpSocket;

use super::{BoxFuture, Redactor};

/// A byte stream the probe can hold a conversation over.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug> Io for T {}

/// Where a connection goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The host as asked for.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Its address; `None` where somebody on the way finds it out (a proxy).
    pub address: Option<IpAddr>,
}

impl Place {
    /// Address and port, where the address is known.
    pub fn socket(&self) -> Option<SocketAddr> {
        self.address.map(|address| SocketAddr::new(address, self.port))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.socket() {
            Some(socket) => socket.fmt(f),
            None => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// Makes connections. A probe is handed one, so that a test can hold the other end without a socket.
pub trait Dial: Send + Sync {
    /// Connects to one place.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn dial<'a>(&'a self, place: &'a Place) -> BoxFuture<'a, io::Result<Box<dyn Io>>>;

    /// Whether it finds out addresses by itself, so that nobody need ask DNS.
    fn resolves(&self) -> bool {
        false
    }

    /// The proxy that connections go through, as a URL without its user.
    fn via(&self) -> Option<String> {
        None
    }

    /// Adds what nobody may see of how it connects.
    fn teach(&self, _: &mut Redactor) {}
}

/// TCP, from a chosen source address where one is given.
#[derive(Debug, Clone, Default)]
pub struct Dialer {
    /// The local address to connect from.
    pub source: Option<IpAddr>,
}

impl Dial for Dialer {
    fn dial<'a>(&'a self, place: &'a Place) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        Box::pin(async move {
            let address = place.socket().ok_or_else(|| io::Error::other("no address to connect to"))?;
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            if let Some(source) = self.source {
                socket.bind(SocketAddr::new(source, 0))?;
            }
            let stream = socket.connect(address).await?;
            stream.set_nodelay(true)?;
            #[cfg(target_os = "linux")]
            let stream = super::prompt::Prompt::new(stream);
            Ok(Box::new(stream) as Box<dyn Io>)
        })
    }
}
