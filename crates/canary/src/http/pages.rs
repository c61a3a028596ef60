//! What every handler has, and the plain forms of an answer.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use url::Url;

use super::access::Access;
use crate::source::Source;

/// Streams of events at a time.
const STREAMS: usize = 64;
/// Visits asked for over HTTP at a time.
const PROBES: usize = 16;

/// How the pages are served.
pub struct Settings {
    /// Who may see them; everybody, where there is nothing.
    pub access: Option<Access>,
    /// Where they are reached from outside.
    pub external_url: Option<Url>,
    /// Taken off the time that a scraper gives, so that the answer is there before it gives up.
    pub timeout_offset: Duration,
    /// For a probe, where the scraper gives no time.
    pub probe_timeout: Duration,
}

/// What every handler has.
#[derive(Clone)]
pub(super) struct Pages {
    pub(super) source: Arc<dyn Source>,
    pub(super) settings: Arc<Settings>,
    pub(super) streams: Arc<Semaphore>,
    pub(super) probes: Arc<Semaphore>,
}

impl Pages {
    pub(super) fn new(source: Arc<dyn Source>, settings: Settings) -> Self {
        Self {
            source,
            settings: Arc::new(settings),
            streams: Arc::new(Semaphore::new(STREAMS)),
            probes: Arc::new(Semaphore::new(PROBES)),
        }
    }
}

/// Plain text that nobody keeps.
pub(super) fn plain(status: StatusCode, text: String) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response()
}

/// A page for Prometheus.
pub(super) fn exposition(text: String) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
}
