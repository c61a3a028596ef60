//! What was: changes, visits, timelines, latencies.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::asked::{Asked, MOST, Named, Numbered, now};
use super::{answer, broken, raw, timeline, wrong};
use crate::http::pages::Pages;
use crate::source::Wanted;

pub(super) async fn changes(State(pages): State<Pages>, asked: Asked) -> Response {
    let wanted = Wanted {
        limit: asked.limit(),
        target: asked.target,
        since: asked.since,
        until: asked.until,
        before_id: asked.before_id,
    };
    match pages.source.changes(wanted).await {
        Ok(changes) => answer(&json!({ "changes": changes })),
        Err(words) => broken(&words),
    }
}

pub(super) async fn visits(State(pages): State<Pages>, Named(name): Named, asked: Asked) -> Response {
    match pages.source.visits(&name, asked.before_id, asked.limit()).await {
        Ok(visits) => answer(&json!({ "visits": visits })),
        Err(words) => broken(&words),
    }
}

pub(super) async fn visit(State(pages): State<Pages>, Numbered(id): Numbered) -> Response {
    match pages.source.visit(id).await {
        Ok(Some((visit, report))) => {
            // The report is JSON as it is stored; whatever else it is shows as none.
            let report = report.filter(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
            let visit = serde_json::to_string(&visit).unwrap_or_default();
            raw(format!("{{\"visit\":{visit},\"report\":{}}}", report.as_deref().unwrap_or("null")))
        }
        Ok(None) => wrong(StatusCode::NOT_FOUND, "There is no such visit, or it is no longer kept."),
        Err(words) => broken(&words),
    }
}

pub(super) async fn timeline(State(pages): State<Pages>, asked: Asked) -> Response {
    let name = asked.target.clone().unwrap_or_default();
    let Some(target) = pages.source.target(&name) else {
        return wrong(StatusCode::NOT_FOUND, "There is no such target in the configuration.");
    };
    let (since, now) = (asked.since(), now());
    let wanted = Wanted { target: Some(name), since: Some(since), until: None, before_id: None, limit: MOST };
    match pages.source.changes(wanted).await {
        Ok(changes) => {
            // What is older than the oldest of as many as are looked at is not known.
            let reach = if changes.len() < MOST {
                since
            } else {
                changes.iter().map(|c| c.at).min().unwrap_or(since)
            };
            let rows = timeline::rows(&target.cells, &changes, reach, now);
            answer(&json!({ "since": reach, "until": now, "rows": rows }))
        }
        Err(words) => broken(&words),
    }
}

pub(super) async fn latency(State(pages): State<Pages>, asked: Asked) -> Response {
    let name = asked.target.clone().unwrap_or_default();
    if pages.source.target(&name).is_none() {
        return wrong(StatusCode::NOT_FOUND, "There is no such target in the configuration.");
    }
    let since = asked.since();
    let stretches = asked.stretches();
    match pages.source.latencies(&name, since, stretches).await {
        Ok(latencies) => answer(&json!({ "since": since, "until": now(), "stretches": latencies })),
        Err(words) => broken(&words),
    }
}
