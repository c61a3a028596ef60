//! Listens: HTTP/1.1 (RFC 9112) through hyper, with or without TLS, within bounds of size, number and time. HTTP/2 is
//! not offered: schemes that are bound to a connection would not survive it.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::ext::ReasonPhrase;
use hyper::header::{CONNECTION, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use mailprobe_probes::model::harmless;
use mailprobe_probes::wire::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::{Request, Response, Seen};

/// Answers requests.
pub type Handler = Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;

/// Is told of every request that was answered, and from where it came.
pub type Watcher = Arc<dyn Fn(SocketAddr, &Seen) + Send + Sync>;

/// Is told why a client came to no TLS session, and from where it came: for an old device that is the whole story.
pub type TlsWatcher = Arc<dyn Fn(SocketAddr, &str) + Send + Sync>;

/// What a client may not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of a request line with its header fields.
    pub head: usize,
    /// Header fields.
    pub fields: usize,
    /// Octets of content.
    pub body: usize,
    /// For the TLS handshake, for the head of a request from the moment the connection waits for it, and for its
    /// content.
    pub read_time: Duration,
    /// For one connection from beginning to end.
    pub connection_time: Duration,
    /// Requests on one connection.
    pub requests: u32,
    /// Connections at a time; the next one waits.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 64 * 1024,
            fields: 100,
            body: 1024 * 1024,
            read_time: Duration::from_secs(30),
            connection_time: Duration::from_secs(600),
            requests: 100,
            connections: 256,
        }
    }
}

/// One listener.
#[derive(Clone)]
pub struct Server {
    /// Who answers.
    pub handler: Handler,
    /// Who is told of requests.
    pub watcher: Watcher,
    /// Who is told of handshakes that failed.
    pub tls_watcher: TlsWatcher,
    /// TLS from the first octet, where there is a configuration. Its ALPN list should be `http/1.1` or empty.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Bounds.
    pub limits: Limits,
}

impl Server {
    /// Serves a listening socket until `stop` is ready; connections that are open then are dropped.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(self.limits.connections));
        let server = Arc::new(self);
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
                    Ok((stream, peer)) => {
                        let server = Arc::clone(&server);
                        visits.spawn(async move {
                            let time = server.limits.connection_time;
                            let _ = tokio::time::timeout(time, server.visit(stream, peer)).await;
                            drop(place);
                        });
                    }
                    // Out of descriptors mostly: what helps is that others end.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
    }

    async fn visit(&self, stream: TcpStream, peer: SocketAddr) {
        // Small answers go out at once; that it may not be set is no matter.
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.talk(stream, peer).await,
            Some(config) => {
                // Both are told before the client hears the end of it.
                let accepting = TlsAcceptor::from(Arc::clone(config)).accept(stream).into_fallible();
                let mut accepting = std::pin::pin!(accepting);
                match tokio::time::timeout(self.limits.read_time, &mut accepting).await {
                    Ok(Ok(stream)) => self.talk(stream, peer).await,
                    Ok(Err((error, _open))) => {
                        (self.tls_watcher)(peer, &harmless(error.to_string().as_bytes()));
                    }
                    Err(_) => (self.tls_watcher)(peer, "no handshake in time"),
                }
            }
        }
    }

    /// Serves one stream, TLS or not, until its end.
    pub(in super::super) async fn talk(&self, stream: impl AsyncRead + AsyncWrite + Unpin, peer: SocketAddr) {
        let asked = AtomicU32::new(0);
        let service = service_fn(|request: hyper::Request<Incoming>| {
            let last = asked.fetch_add(1, Ordering::Relaxed) + 1 >= self.limits.requests;
            self.exchange(request, peer, last)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.read_time)
            .max_buf_size(self.limits.head.max(8192))
            .max_headers(self.limits.fields)
            .title_case_headers(true)
            .serve_connection(TokioIo::new(stream), service);
        // What a client did wrong has been answered, or is not worth an answer.
        let _ = connection.await;
    }

    async fn exchange(
        &self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
        last: bool,
    ) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
        let (head, content) = request.into_parts();
        let mut request = Request {
            verb: head.method.as_str().to_owned(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: fields(&head.headers),
            body: Vec::new(),
            id: fresh_id(),
        };
        let shown = request.clone();
        let announced = content.size_hint().lower();
        let too_long = usize::try_from(announced).map_or(true, |announced| announced > self.limits.body);
        let reading = async {
            if too_long {
                return Err(None);
            }
            Limited::new(content, self.limits.body).collect().await.map_err(Some)
        };
        let response = match tokio::time::timeout(self.limits.read_time, reading).await {
            Ok(Ok(body)) => {
                request.body = body.to_bytes().to_vec();
                (self.handler)(request).await
            }
            Ok(Err(Some(error))) if !error.is::<LengthLimitError>() => {
                Response { closes: true, ..Response::of(400) }
            }
            // What was not read cannot be skipped either.
            Ok(Err(_)) => Response { closes: true, ..Response::of(413) },
            Err(_) => Response { closes: true, ..Response::of(408) },
        };
        (self.watcher)(peer, &Seen::of(&shown, &response));
        if response.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(response.delay_ms)).await;
        }
        Ok(written(response, last))
    }
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| {
        let bytes = value.as_bytes();
        std::str::from_utf8(bytes)
            .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
    };
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// A UUID of version 4 (RFC 9562 section 5.4). Without randomness it is the same every time, which harms nobody.
fn fresh_id() -> String {
    let mut bytes = [0_u8; 16];
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    super::super::oauth::uuid(bytes)
}

/// The answer for hyper. What HTTP cannot carry is left out.
fn written(response: Response, last: bool) -> hyper::Response<Full<Bytes>> {
    let closes = response.closes || last;
    let mut message = hyper::Response::new(Full::new(Bytes::from(response.body)));
    *message.status_mut() =
        hyper::StatusCode::from_u16(response.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(reason) = response.reason
        && let Ok(reason) = ReasonPhrase::try_from(reason.into_bytes())
    {
        message.extensions_mut().insert(reason);
    }
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            message.headers_mut().append(name, value);
        }
    }
    if closes {
        message.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    message
}
