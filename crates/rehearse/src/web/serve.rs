//! One connection of HTTP/1.1 (RFC 9112) through hyper, within bounds of size, number and time. HTTP/2 is not offered: schemes
//! that are bound to a connection would not survive it.

use std::convert::Infallible;
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
use mailprobe_probes::wire::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Request, Response, Seen};

/// Answers requests.
pub type Handler = Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;

/// Is told of every request that was answered, and from where it came.
pub type Watcher = Arc<dyn Fn(SocketAddr, &Seen) + Send + Sync>;

/// What a client may not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of a request line with its header fields.
    pub head: usize,
    /// Header fields.
    pub fields: usize,
    /// Octets of content.
    pub body: usize,
    /// For the head of a request from the moment the connection waits for it, and for its content.
    pub read_time: Duration,
    /// Requests on one connection.
    pub requests: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 64 * 1024,
            fields: 100,
            body: 1024 * 1024,
            read_time: Duration::from_secs(30),
            requests: 100,
        }
    }
}

/// What stands behind a door.
pub struct Server {
    /// Who answers.
    pub handler: Handler,
    /// Who is told of requests.
    pub watcher: Watcher,
    /// Bounds.
    pub limits: Limits,
}

impl Server {
    /// Serves one stream, TLS or not, until its end.
    pub async fn talk(&self, stream: impl AsyncRead + AsyncWrite + Unpin, peer: SocketAddr) {
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
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
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
