//! A request as a listener read it, and an answer as it is to be written (RFC 9110). Both are bounded by the listener.

use std::fmt;

use mailprobe_probes::model::{Cause, Protocol};
use url::form_urlencoded;

/// Parameters of a query or a form that are looked at.
const MOST_PARAMETERS: usize = 64;

/// A request, read whole. `Debug` says nothing of what it presents.
#[derive(Clone, Default)]
pub struct Request {
    /// The method as it came, `GET` or `RPC_IN_DATA`.
    pub verb: String,
    /// The path as it came, percent-encoding and all, with its leading slash.
    pub path: String,
    /// What stands behind the question mark, or nothing.
    pub query: String,
    /// Header fields in order, values as Latin-1 text where they are not UTF-8.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
    /// What the listener calls this request: a UUID, given back as `request-id`.
    pub id: String,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {}, {} octets)", self.verb, self.path, self.body.len())
    }
}

impl Request {
    /// The first value of a header field; names compare without case (RFC 9110 section 5.1).
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, by its name in any case: Exchange does not care either.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut all = form_urlencoded::parse(self.query.as_bytes()).take(MOST_PARAMETERS);
        all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }
}

/// The parameters of a query or a form, decoded, in order.
pub(in super::super) fn parameters(encoded: &[u8]) -> Vec<(String, String)> {
    let all = form_urlencoded::parse(encoded).take(MOST_PARAMETERS);
    all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// What the tenant decided about a request, for the record of what a device tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruled {
    /// On what it was asked.
    pub protocol: Protocol,
    /// What it said.
    pub cause: Cause,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code (RFC 9110 section 15).
    pub status: u16,
    /// Reason phrase; the usual one where there is none.
    pub reason: Option<String>,
    /// Header fields in order. What HTTP cannot carry is left out by the listener.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
    /// How long the server thinks before it says so, milliseconds.
    pub delay_ms: u64,
    /// Whether the server hangs up afterwards.
    pub closes: bool,
    /// What the tenant decided, where it was asked.
    pub ruled: Option<Ruled>,
    /// What else the record is to say of it; no secret.
    pub note: Option<String>,
}

impl Response {
    /// An answer without content.
    pub fn of(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// An answer with content of this media type.
    pub fn with_body(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::of(status) }.field("Content-Type", kind)
    }

    /// With one more header field.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    /// With what the tenant decided.
    #[must_use]
    pub(super) fn ruled(mut self, protocol: Protocol, cause: Cause) -> Self {
        self.ruled = Some(Ruled { protocol, cause });
        self
    }
}
