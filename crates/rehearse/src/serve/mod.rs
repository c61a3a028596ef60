//! The listeners: sockets, TLS, bounds on connections, and the record of what came.

mod connection;
mod fingerprint;
mod handshake;
mod hello;
mod identity;
mod web;

pub use identity::{Certificate, Identity};

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::House;
use super::record::{Connection, Record, Spoken};
use connection::Served;
use web::WebSide;

pub use crate::doors::{DOORS, Door, Manner};

/// Why the tenant does not start; one message that names the flag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ServeError(String);

impl ServeError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }
}

/// What is said while it runs: one line each, harmless.
pub type Say = Box<dyn Fn(&str) + Send + Sync>;

/// How the tenant is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address to listen on.
    pub listen: IpAddr,
    /// A port for each of [`DOORS`]; 0 is any.
    pub ports: Vec<u16>,
    /// The name that stands in addresses that the tenant gives.
    pub host: String,
    /// Connections at a time.
    pub most: usize,
    /// Connections at a time from one address.
    pub most_of_one: usize,
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) house: Arc<House>,
    web: WebSide,
    tls: TlsAcceptor,
    say: Say,
    stop: watch::Receiver<bool>,
    record: Mutex<Record>,
    open: Mutex<HashMap<IpAddr, usize>>,
    begun: AtomicUsize,
    over: AtomicUsize,
    news: Notify,
    most: usize,
    most_of_one: usize,
}

/// The tenant, its ports open.
pub struct Serving {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    listeners: Vec<(Door, TcpListener)>,
}

impl Serving {
    /// Opens the ports.
    ///
    /// # Errors
    /// A port that cannot be had, by the flag that chooses it.
    pub async fn open(
        house: Arc<House>,
        identity: &Identity,
        settings: &Settings,
        say: Say,
    ) -> Result<Self, ServeError> {
        let mut listeners = Vec::new();
        for (door, port) in DOORS.iter().zip(&settings.ports) {
            let address = SocketAddr::new(settings.listen, *port);
            let listener = TcpListener::bind(address).await.map_err(|error| {
                let remedy = match error.kind() {
                    std::io::ErrorKind::AddrInUse => {
                        "is in use by another program; choose another port, or 0 for any"
                    }
                    std::io::ErrorKind::PermissionDenied => {
                        "may not be opened by this user; choose a port above 1023"
                    }
                    std::io::ErrorKind::AddrNotAvailable => "is no address of this machine (--listen)",
                    _ => "cannot be opened",
                };
                ServeError::new(format!("{} {port}: {address} {remedy} ({error})", door.flag))
            })?;
            listeners.push((*door, listener));
        }
        let (stop, watching) = watch::channel(false);
        let ports = listeners.iter().filter_map(|(door, listener)| {
            listener.local_addr().ok().map(|address| (door.scheme, address.port()))
        });
        let web = WebSide::new(&house, &ports.collect(), &settings.host)?;
        let shared = Arc::new(Shared {
            house,
            web,
            tls: TlsAcceptor::from(Arc::clone(&identity.config)),
            say,
            stop: watching,
            record: Mutex::default(),
            open: Mutex::default(),
            begun: AtomicUsize::new(0),
            over: AtomicUsize::new(0),
            news: Notify::new(),
            most: settings.most,
            most_of_one: settings.most_of_one,
        });
        Ok(Self { shared, stop, listeners })
    }

    /// The open ports.
    pub fn doors(&self) -> Vec<(Door, SocketAddr)> {
        let address = |listener: &TcpListener| listener.local_addr().ok();
        self.listeners.iter().filter_map(|(door, listener)| Some((*door, address(listener)?))).collect()
    }

    /// Serves until `stop` comes, or so many connections are over, and hands the record back.
    pub async fn until(self, stop: impl Future<Output = ()>, connections: Option<usize>) -> Record {
        let Self { shared, stop: stopping, listeners } = self;
        let mut loops = JoinSet::new();
        for (door, listener) in listeners {
            loops.spawn(accept(Arc::clone(&shared), door.manner, listener));
        }
        let enough = async {
            loop {
                let news = shared.news.notified();
                if connections.is_some_and(|most| shared.over.load(Ordering::Acquire) >= most) {
                    return;
                }
                news.await;
            }
        };
        tokio::select! {
            () = stop => {}
            () = enough => {}
        }
        stopping.send_replace(true);
        // Connections that are still open write their record and end; nobody waits long for one that does not.
        tokio::time::timeout(Duration::from_secs(3), async { while loops.join_next().await.is_some() {} })
            .await
            .ok();
        std::mem::take(&mut *shared.record.lock())
    }
}

async fn accept(shared: Arc<Shared>, manner: Manner, listener: TcpListener) {
    let mut running = JoinSet::new();
    let mut stop = shared.stop.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(&shared, manner, stream, peer, &mut running),
                // Out of descriptors, most likely: what is open must end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = running.join_next() => {}
            () = stopped(&mut stop) => break,
        }
    }
    while running.join_next().await.is_some() {}
}

/// Comes back when the tenant is told to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

fn admit(
    shared: &Arc<Shared>,
    manner: Manner,
    stream: TcpStream,
    peer: SocketAddr,
    running: &mut JoinSet<()>,
) {
    let Some(place) = Place::take(shared, peer.ip()) else {
        shared.record.lock().turned_away += 1;
        return;
    };
    let number = shared.begun.fetch_add(1, Ordering::Relaxed) + 1;
    let most = shared.house.tenant.scenario().throttle.connections;
    let busy = most.is_some_and(|most| number > usize::try_from(most).unwrap_or(usize::MAX));
    running.spawn(async move {
        let shared = Arc::clone(&place.0);
        let connections = match manner {
            Manner::Line { protocol, implicit } => {
                let how = (protocol, implicit);
                Served::serve(Arc::clone(&shared), stream, peer, how, number, busy)
                    .await
                    .into_iter()
                    .collect()
            }
            Manner::Https => web::serve(&shared, stream, peer, number, busy).await,
        };
        let mut record = shared.record.lock();
        for connection in connections {
            record.add(connection);
        }
        drop(record);
        drop(place);
        shared.over.fetch_add(1, Ordering::Release);
        shared.news.notify_waiters();
    });
}

/// The record of a connection that has just come.
fn begun(stream: &TcpStream, peer: SocketAddr, number: usize, spoken: Spoken) -> Connection {
    let port = stream.local_addr().map_or(0, |address| address.port());
    Connection::new(number, spoken, port, peer.ip().to_canonical().to_string())
}

/// One connection's place among those that may be open; given back when dropped.
struct Place(Arc<Shared>, IpAddr);

impl Place {
    fn take(shared: &Arc<Shared>, peer: IpAddr) -> Option<Self> {
        let mut open = shared.open.lock();
        let all: usize = open.values().sum();
        let own = open.entry(peer).or_default();
        if all >= shared.most || *own >= shared.most_of_one {
            return None;
        }
        *own += 1;
        Some(Self(Arc::clone(shared), peer))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.0.open.lock();
        if let Some(own) = open.get_mut(&self.1) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.1);
            }
        }
    }
}
