//! Listens: HTTP/1.1 through hyper, with or without TLS, within bounds of number, size and time.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::patient::Patient;

/// What a client may not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of a request line with its header fields.
    pub head: usize,
    /// Header fields.
    pub fields: usize,
    /// For the handshake, and for the head of a request from the moment the connection waits for it.
    pub read_time: Duration,
    /// For a write to get on.
    pub write_time: Duration,
    /// For one connection from beginning to end; a stream of events is taken up again after it.
    pub connection_time: Duration,
    /// Connections at a time; the next one waits.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 16 * 1024,
            fields: 64,
            read_time: Duration::from_secs(15),
            write_time: Duration::from_secs(20),
            connection_time: Duration::from_hours(1),
            connections: 256,
        }
    }
}

/// The server's side of TLS, from a chain and a key in PEM files.
///
/// # Errors
/// What is wrong with which file.
pub fn tls(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
    let of = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| of(certificate, &error))?;
    if chain.is_empty() {
        return Err(of(certificate, &"it has no certificate; it should be a chain in PEM form"));
    }
    let secret = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| of(key, &format!("{error}; it should be a key in PEM form")))?;
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(|error| of(certificate, &format!("certificate and key: {error}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Serves a listening socket until `stop` is ready; what is being answered then is dropped.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<ServerConfig>>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let acceptor = tls.map(TlsAcceptor::from);
    let mut visits = tokio::task::JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            // Never closed, so there is always a place some day.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        tokio::select! {
            () = &mut stop => return,
            // What has ended is forgotten.
            Some(_) = visits.join_next() => {}
            (place, accepted) = accepted => match accepted {
                Ok((stream, _)) => {
                    let (router, acceptor) = (router.clone(), acceptor.clone());
                    visits.spawn(async move {
                        let _ = tokio::time::timeout(limits.connection_time, visit(stream, router, acceptor, limits)).await;
                        drop(place);
                    });
                }
                // Out of descriptors mostly: what helps is that others end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
}

async fn visit(stream: TcpStream, router: Router, acceptor: Option<TlsAcceptor>, limits: Limits) {
    // Events go out at once; that it may not be set is no matter.
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => talk(stream, router, limits).await,
        Some(acceptor) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(limits.read_time, acceptor.accept(stream)).await {
                talk(stream, router, limits).await;
            }
        }
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin + Send, router: Router, limits: Limits) {
    let stream = Patient::new(stream, limits.write_time);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.read_time)
        .max_buf_size(limits.head.max(8192))
        .max_headers(limits.fields)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // What a client did wrong has been answered, or is not worth an answer.
    let _ = connection.await;
}
