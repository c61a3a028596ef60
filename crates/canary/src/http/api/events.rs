//! Server-sent events: what changes is sent as it changes, so that nobody needs to ask again and again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;

use super::targets::Summary;
use super::wrong;
use crate::http::pages::Pages;
use crate::source::News;

pub(super) async fn stream(State(pages): State<Pages>) -> Response {
    let Ok(place) = Arc::clone(&pages.streams).try_acquire_owned() else {
        return wrong(StatusCode::SERVICE_UNAVAILABLE, "Too many dashboards are open.");
    };
    let news = pages.source.news();
    let events = stream::unfold((news, pages, place), |(mut news, pages, place)| async move {
        loop {
            let event = match news.recv().await {
                Ok(News::Target(name)) => match pages.source.target(&name) {
                    Some(target) => Event::default().event("target").json_data(Summary::of(&target)),
                    None => continue,
                },
                Ok(News::Change(change)) => Event::default().event("change").json_data(&*change),
                // Who missed something reads all of it again.
                Ok(News::Fleet) | Err(RecvError::Lagged(_)) => Ok(Event::default().event("fleet").data("{}")),
                Err(RecvError::Closed) => return None,
            };
            let Ok(event) = event else { continue };
            return Some((Ok::<_, Infallible>(event), (news, pages, place)));
        }
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(15)).text("here");
    Sse::new(events).keep_alive(alive).into_response()
}
