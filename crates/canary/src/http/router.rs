//! Which path is answered by whom.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;

use super::pages::{Pages, Settings, exposition, plain};
use super::{api, assets, guard, probe};
use crate::metrics;
use crate::source::Source;

/// The pages over what the source knows.
pub fn router(source: Arc<dyn Source>, settings: Settings) -> Router {
    let pages = Pages::new(source, settings);
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
