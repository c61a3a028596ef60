//! A webhook: a notice as JSON, in the form that the receiver reads.

use mailprobe_probes::wire::BoxFuture;
use serde_json::{Value, json};

use super::{Poster, Refusal, Sink, alertmanager, slack, teams};
use crate::alert::message::Message;
use crate::alert::notice::Notice;
use crate::view::Micros;

/// Which JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Our own, documented in docs/canary.md: message and notice.
    Json,
    /// Alertmanager's API, version 2 (`POST /api/v2/alerts`).
    Alertmanager,
    /// Slack's incoming webhooks, and what takes the same.
    Slack,
    /// Teams: an Adaptive Card, as workflows take it.
    Teams,
}

/// A webhook.
pub struct Webhook {
    /// Which JSON.
    pub form: Form,
    /// Where to.
    pub poster: Poster,
}

impl Sink for Webhook {
    fn take<'a>(&'a self, notice: &'a Notice, now: Micros) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move { self.poster.post(&self.form.document(notice, now)).await })
    }

    fn forgets(&self) -> bool {
        self.form == Form::Alertmanager
    }
}

impl Form {
    /// The document for a notice.
    pub fn document(self, notice: &Notice, now: Micros) -> Value {
        let message = Message::of(notice);
        match self {
            Self::Json => json!({ "version": 1, "message": message, "notice": notice }),
            Self::Alertmanager => alertmanager::alerts(notice, &message, now),
            Self::Slack => slack::document(&message),
            Self::Teams => teams::document(&message),
        }
    }
}
