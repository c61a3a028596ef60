//! HTTP/1.1 on one connection (RFC 9112), through hyper's connection and nothing above it: no pool, no redirect,
//! no retry, no proxy from the environment. What goes out is declared to the log beforehand, what comes in is
//! written down by the tap.

mod bounded;

use std::error::Error;
use std::io;
use std::pin::Pin;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper::header::{HeaderName, HeaderValue};
use hyper_util::rt::TokioIo;

use super::{Io, Log, Tap, from_io};
use crate::model::{Command, Failure, HttpRequest, HttpResponse, LineRange, Phase, Trouble, harmless};
use bounded::{Bounded, Count};

/// Octets of a header block, request line included: more than any real server sends.
const MOST_HEAD: usize = 64 * 1024;
/// Header fields of one answer.
const MOST_FIELDS: usize = 100;

type Running = http1::Connection<TokioIo<Bounded<Tap<Box<dyn Io>>>>, Full<Bytes>>;

/// A connection that speaks HTTP/1.1.
pub struct HttpConnection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// `None` once it has ended.
    running: Option<Pin<Box<Running>>>,
    log: Log,
    /// What an answer has sent so far.
    count: Count,
    /// Octets of content that are read.
    most_content: usize,
}

/// An answer, and the transcript lines of its request and of itself.
#[derive(Debug, Clone)]
pub struct Answered {
    /// What came back.
    pub response: HttpResponse,
    /// From the request line to the last line of the answer.
    pub lines: LineRange,
}

impl HttpConnection {
    /// Takes a stream over. Nothing is sent yet.
    ///
    /// # Errors
    /// Never for anything a server did.
    pub async fn new(stream: Tap<Box<dyn Io>>, most_content: usize) -> Result<Self, Failure> {
        let log = stream.log().clone();
        let (bounded, count) = Bounded::new(stream, most_content);
        let handshake = http1::Builder::new()
            .title_case_headers(true)
            .max_headers(MOST_FIELDS)
            .max_buf_size(MOST_HEAD)
            .allow_spaces_after_header_name_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .handshake(TokioIo::new(bounded));
        let (sender, running) = handshake.await.map_err(|error| {
            Failure::new(Phase::Connect, Trouble::Bug, harmless(error.to_string().as_bytes()))
        })?;
        Ok(Self { sender, running: Some(Box::pin(running)), log, count, most_content })
    }

    /// One request and its answer. `authority` is the `Host` field; `authorization` is the value of that field.
    ///
    /// # Errors
    /// A failure of `phase` where no complete answer came.
    pub async fn ask(
        &mut self,
        phase: Phase,
        request: &HttpRequest,
        authority: &str,
        authorization: Option<&Command>,
    ) -> Result<Answered, Failure> {
        let (message, declared) = message(request, authority, authorization)
            .ok_or_else(|| Failure::new(phase, Trouble::Bug, "the request cannot be written as HTTP"))?;
        let first = self.log.last_line() + 1;
        self.log.declare(&declared);
        self.count.begin();
        let answered = self.exchange(message).await;
        self.log.finish_line();
        match answered {
            Ok(response) => {
                Ok(Answered { response, lines: LineRange::new(first, self.log.last_line().max(first)) })
            }
            Err(error) => {
                self.log.settle();
                Err(failure(phase, &error))
            }
        }
    }

    async fn exchange(&mut self, message: hyper::Request<Full<Bytes>>) -> hyper::Result<HttpResponse> {
        let Self { sender, running, most_content, .. } = self;
        let answering = async {
            sender.ready().await?;
            read(sender.send_request(message).await?, *most_content).await
        };
        let mut answering = std::pin::pin!(answering);
        while let Some(connection) = running {
            tokio::select! {
                biased;
                answer = &mut answering => return answer,
                // What is wrong with the connection reaches the request, too.
                _ = connection.as_mut() => *running = None,
            }
        }
        answering.await
    }

    /// Whether the server has kept the connection open, as far as anybody has heard.
    pub fn is_open(&self) -> bool {
        self.running.is_some() && !self.sender.is_closed()
    }
}

/// The request for hyper, and the same octets as the log is to show them.
fn message(
    request: &HttpRequest,
    authority: &str,
    authorization: Option<&Command>,
) -> Option<(hyper::Request<Full<Bytes>>, Command)> {
    let mut declared = Command::clear(format!("{} {} HTTP/1.1\r\n", request.verb, request.path));
    let mut message = hyper::Request::builder().method(request.verb).uri(request.path.as_str());
    let length = request.body.len().to_string();
    let has_length = !request.body.is_empty() || request.verb == "POST";
    let before = [("host", authority)];
    let after = [("content-length", length.as_str())];
    let own = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    for (name, value) in before.into_iter().chain(own).chain(after.into_iter().filter(|_| has_length)) {
        let name = HeaderName::try_from(name).ok()?;
        declared = declared.and(format!("{}: {value}\r\n", title_case(name.as_str())));
        message = message.header(name, HeaderValue::try_from(value).ok()?);
    }
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_bytes(&authorization.wire()).ok()?;
        value.set_sensitive(true);
        message = message.header("authorization", value);
        declared = declared.and("Authorization: ").and_all(authorization.clone()).and("\r\n");
    }
    declared = declared.and("\r\n").and(request.body.clone());
    Some((message.body(Full::new(Bytes::from(request.body.clone()))).ok()?, declared))
}

/// As hyper writes names on the wire.
fn title_case(name: &str) -> String {
    let mut upper = true;
    name.chars()
        .map(|c| {
            let shown = if upper { c.to_ascii_uppercase() } else { c };
            upper = c == '-';
            shown
        })
        .collect()
}

async fn read(response: hyper::Response<hyper::body::Incoming>, most: usize) -> hyper::Result<HttpResponse> {
    let (head, mut content) = response.into_parts();
    let reason = head.extensions.get::<hyper::ext::ReasonPhrase>();
    let reason = reason.map_or_else(
        || head.status.canonical_reason().unwrap_or_default().to_owned(),
        |reason| text(reason.as_bytes()),
    );
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())));
    let mut response = HttpResponse {
        status: head.status.as_u16(),
        reason,
        headers: headers.collect(),
        body: Vec::new(),
        cut: false,
    };
    while let Some(frame) = content.frame().await {
        // The status was said; content that breaks off is cut content.
        let Ok(frame) = frame else {
            response.cut = true;
            break;
        };
        let Some(data) = frame.data_ref() else { continue };
        let room = most.saturating_sub(response.body.len());
        response.body.extend_from_slice(data.get(..room).unwrap_or(data));
        if data.len() > room {
            response.cut = true;
            break;
        }
    }
    Ok(response)
}

/// UTF-8 where it is, Latin-1 otherwise (RFC 9110 section 5.5).
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

fn failure(phase: Phase, error: &hyper::Error) -> Failure {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(error) = inner.downcast_ref::<io::Error>() {
            return from_io(phase, error);
        }
        said = inner.to_string();
        source = inner.source();
    }
    // hyper has a predicate for it, for servers only.
    if error.is_parse() && error.to_string().contains("too large") {
        let detail =
            format!("the header of the answer has more than {MOST_FIELDS} fields or {MOST_HEAD} octets");
        return Failure::new(phase, Trouble::ReplyTooLarge, detail);
    }
    if error.is_parse_version_h2() {
        return Failure::new(
            phase,
            Trouble::WrongProtocol,
            "HTTP/2 answers here, and it was asked in HTTP/1.1",
        );
    }
    if error.is_parse() {
        let detail = format!("the answer is not HTTP: {}", harmless(error.to_string().as_bytes()));
        return Failure::new(phase, Trouble::ProtocolViolation, detail);
    }
    if said.contains("unexpected message") {
        let detail = "the server spoke before it was asked, which HTTP does not know";
        return Failure::new(phase, Trouble::ProtocolViolation, detail);
    }
    let detail = "the server closed the connection without an answer";
    Failure::new(phase, Trouble::ConnectionClosed, detail)
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
