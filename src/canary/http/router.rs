//! Which path is answered by whom.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use url::Url;

use super::access::Access;
use super::source::Source;
use super::{api, assets, guard, probe};
use crate::canary::metrics;

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

/// The pages over what the source knows.
pub fn router(source: Arc<dyn Source>, settings: Settings) -> Router {
    let pages = Pages {
        source,
        settings: Arc::new(settings),
        streams: Arc::new(Semaphore::new(STREAMS)),
        probes: Arc::new(Semaphore::new(PROBES)),
    };
    let guarded = Router::new()
        .route("/metrics", get(metrics_page))
        .route("/probe", get(probe::probe))
        .nest("/api/v1", api::router())
        .merge(assets::router())
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is no such page.\n") })
        .layer(from_fn_with_state(pages.clone(), guard::access));
    Router::new()
        // Whoever asks whether the program lives has no password, and is told nothing else.
        .route("/healthz", get(|| async { plain(StatusCode::OK, "ok\n".to_owned()) }))
        .route("/readyz", get(ready))
        .merge(guarded)
        .layer(from_fn_with_state(pages.clone(), guard::host))
        .layer(axum::middleware::map_response(guard::headers))
        .with_state(pages)
}

async fn ready(State(pages): State<Pages>) -> Response {
    if pages.source.health().ready {
        plain(StatusCode::OK, "ready\n".to_owned())
    } else {
        plain(StatusCode::SERVICE_UNAVAILABLE, "not ready: /api/v1/health says why\n".to_owned())
    }
}

async fn metrics_page(State(pages): State<Pages>) -> Response {
    // A page of tens of thousands of lines takes a while; others are answered meanwhile.
    let text = tokio::task::spawn_blocking(move || metrics::render(pages.source.as_ref())).await;
    match text {
        Ok(text) => exposition(text),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "mailprobe itself failed\n".to_owned()),
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
