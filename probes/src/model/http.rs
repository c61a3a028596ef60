//! An HTTP request and its answer, as far as a service looks at them (RFC 9110).

/// A request without its credentials: the driver adds `Host`, `Authorization`, `Content-Length` and
/// `Connection`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST` or `OPTIONS`.
    pub verb: &'static str,
    /// Path and query, in ASCII, with its leading slash.
    pub path: String,
    /// Header fields in the order they go out.
    pub headers: Vec<(&'static str, String)>,
    /// The content; empty where there is none.
    pub body: Vec<u8>,
}

/// An answer as it was read, within the driver's bounds. Nothing in it is harmless yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpResponse {
    /// Status code (RFC 9110 section 15).
    pub status: u16,
    /// Reason phrase; Exchange puts news into it.
    pub reason: String,
    /// Header fields in the order they came, names as they came, values as Latin-1 text where they are not UTF-8.
    pub headers: Vec<(String, String)>,
    /// The content, or as much of it as is read.
    pub body: Vec<u8>,
    /// Whether the content went on.
    pub cut: bool,
}

impl HttpResponse {
    /// The first value of a header field; names compare without case (RFC 9110 section 5.1).
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    /// Every value of a header field, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
