//! Alertmanager's API, version 2: an alert is its labels, from `startsAt` to `endsAt`. It keeps alerts in memory and
//! forgets those that are not sent again, so an open one is given an end a little ahead and is sent anew before that.
//!
//! The state is one of the labels. So when a cell moves from one trouble to another, the first alert ends and a second
//! begins, and nobody has to wait for `repeat_interval` to hear of it. The number of labels and of their values is bounded.

use serde_json::{Map, Value, json};

use crate::alert::message::{Message, rfc3339};
use crate::alert::notice::{Notice, Phase, Subject};
use crate::view::Micros;

/// How far ahead an open alert ends, unless it is sent again: five times the pace at which that happens.
const AHEAD: Micros = 5 * 60 * 1_000_000;
/// A change that no rule is about stays visible for so long.
const TOLD: Micros = 24 * 3_600 * 1_000_000;

/// The alerts of a notice: the one that begins or goes on, and the one that ends.
pub(super) fn alerts(notice: &Notice, message: &Message, now: Micros) -> Value {
    let (before, after, since) = match &notice.subject {
        Subject::Cell { before, after, before_since, .. } => (
            before.as_ref().map(|cell| cell.state.name()),
            Some(after.state.name()),
            before_since.unwrap_or(notice.at),
        ),
        _ => (None, None, notice.at),
    };
    let mut all = Vec::new();
    let ends = matches!(notice.phase, Phase::Closes | Phase::Moves | Phase::Tells);
    // The same labels cannot end and begin at once: what goes on in the same state goes on.
    if ends && (notice.phase == Phase::Closes || before.is_some() && before != after) {
        let state = if after.is_some() { before } else { None };
        all.push(alert(message, state, since.min(notice.at), notice.at, notice.link.as_deref()));
    }
    if notice.phase != Phase::Closes {
        let end = match notice.phase {
            Phase::Tells => notice.at.saturating_add(TOLD),
            _ => now.saturating_add(AHEAD),
        };
        all.push(alert(message, after, notice.at, end, notice.link.as_deref()));
    }
    Value::Array(all)
}

fn alert(message: &Message, state: Option<&str>, starts: Micros, ends: Micros, link: Option<&str>) -> Value {
    let mut labels: Map<String, Value> = message
        .labels
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
        .collect();
    if let Some(state) = state {
        labels.insert("state".to_owned(), state.into());
    }
    // A severity among the labels would make two alerts of one whose end is less severe than its beginning.
    let severity = labels.remove("severity");
    let mut annotations = Map::new();
    annotations.insert("summary".to_owned(), message.headline.clone().into());
    annotations.insert("description".to_owned(), message.text().into());
    for (label, line) in &message.lines {
        annotations.insert(label.to_lowercase().replace(' ', "_"), line.clone().into());
    }
    annotations.extend(severity.map(|severity| ("severity".to_owned(), severity)));
    let mut alert = json!({
        "labels": labels, "annotations": annotations, "startsAt": rfc3339(starts), "endsAt": rfc3339(ends),
    });
    if let (Some(link), Some(fields)) = (link, alert.as_object_mut()) {
        fields.insert("generatorURL".to_owned(), link.into());
    }
    alert
}
