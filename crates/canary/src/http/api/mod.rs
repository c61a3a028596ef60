//! The JSON API, version 1, which the dashboard lives on. Times are microseconds since 1970-01-01 UTC.
//!
//! | path under `/api/v1` | answer |
//! |---|---|
//! | `/targets` | every target without its cells: name, mailbox, groups, status, what is wrong with it and since when, times, how many cells are how |
//! | `/targets/{name}` | one target with its cells, each with the `reason` where nobody can say |
//! | `/targets/{name}/visits?before_id=&limit=` | its visits, latest first |
//! | `/changes?target=&since=&until=&before_id=&limit=` | changes of cells, latest first |
//! | `/visits/{id}` | a visit with its report, where that is kept |
//! | `/timeline?target=&since=` | the states of each cell of a target, as stretches of time |
//! | `/latency?target=&since=&stretches=` | how long its visits took |
//! | `/health` | whether the canary works, what does not, and how the sinks are |
//! | `/events` | server-sent events: `target` (as in `/targets`), `change`, `fleet` (read `/targets` again) |
//!
//! a `limit` above 1000 counts as 1000, and `stretches` above 500 as 500; `since` lies between 1970 and now. Names stand in paths percent-encoded. What is not there is 404, what cannot be understood 400, each with
//! `{"error": "..."}`.

mod asked;
mod events;
mod history;
mod targets;
mod timeline;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde_json::json;

use super::pages::Pages;

pub(super) fn router() -> Router<Pages> {
    Router::new()
        .route("/targets", get(targets::all))
        .route("/targets/{name}", get(targets::one))
        .route("/targets/{name}/visits", get(history::visits))
        .route("/changes", get(history::changes))
        .route("/visits/{id}", get(history::visit))
        .route("/timeline", get(history::timeline))
        .route("/latency", get(history::latency))
        .route("/health", get(targets::health))
        .route("/events", get(events::stream))
        .method_not_allowed_fallback(|| async {
            wrong(StatusCode::METHOD_NOT_ALLOWED, "The API is only read: ask with GET.")
        })
        .fallback(|| async {
            wrong(StatusCode::NOT_FOUND, "There is no such page; docs/canary.md lists them.")
        })
}

fn answer(value: &impl Serialize) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(value)).into_response()
}

fn raw(text: String) -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], text).into_response()
}

fn wrong(status: StatusCode, text: &str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(json!({ "error": text }))).into_response()
}

/// The history did not answer. What it said goes to the log, not to whoever asks.
fn broken(words: &str) -> Response {
    tracing::warn!(%words, "the history cannot be read");
    wrong(StatusCode::SERVICE_UNAVAILABLE, "The history cannot be read now; the program's log says why.")
}
