//! From what a visit saw to what is written and told. No clock, no socket, no database.

use mailprobe_probes::model::{Phase, Report};

use super::visit::Seen;
use crate::alert::{self, About, NewAlert};
use crate::change::{Cells, Changed};
use crate::config::{Config, TargetInfo};
use crate::expiry::{self, End, Ends};
use crate::history::{NewChange, Record};
use crate::look::{look, unmade};
use crate::view::Micros;

/// How often a failure that lasts is kept with its transcript.
const AGAIN: Micros = 3_600 * 1_000_000;

/// What was last kept of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) status: String,
    pub(super) at: Option<Micros>,
}

/// What a visit came to.
pub(super) struct Settled {
    pub(super) record: Record,
    /// Whether a second look should come soon.
    pub(super) turning: bool,
    pub(super) status: &'static str,
    /// Whether names could not be resolved.
    pub(super) nameless: bool,
}

/// Takes a visit into account.
pub(super) fn settle(
    seen: &Seen,
    cells: &mut Cells,
    kept: &mut Kept,
    ends: &mut Ends,
    config: &Config,
    now: Micros,
) -> Settled {
    let watched = &seen.watched;
    let info = &watched.target;
    let mut record = Record {
        target: info.name.clone(),
        module: watched.module.clone(),
        started_at: seen.began,
        secrets: seen.secrets.clone(),
        ..Record::default()
    };
    let about =
        About { mailbox: &info.mailbox, groups: &info.groups, quiet_until: config.quiet_until(info, now) };
    let place = (info.name.as_str(), watched.module.as_str());
    let look = match &seen.report {
        Ok(report) => look(report, place, &watched.endpoints, cells.keys()),
        Err(why) => unmade(place, &watched.endpoints, why.cause(), why.words()),
    };
    let status = look.status;
    let outcome = cells.take(look, &watched.endpoints, now, config.confirm);
    status.clone_into(&mut record.status);
    record.cells = outcome.dirty.iter().filter_map(|key| cells.view(key)).collect();
    record.gone = outcome.gone;
    record.changes = outcome.changed.into_iter().map(|change| told(change, now, &about, config)).collect();
    let lasting = status == "fail" || status == "unknown";
    let due = kept.at.is_none_or(|at| (now - at).abs() >= AGAIN);
    record.telling = !record.changes.is_empty()
        || outcome.turning
        || (!kept.status.is_empty() && kept.status != status)
        || (lasting && due);
    if record.telling {
        kept.at = Some(now);
    }
    status.clone_into(&mut kept.status);
    let Ok(report) = &seen.report else {
        return Settled { record, turning: outcome.turning, status, nameless: false };
    };
    record.elapsed_ms = report.elapsed_ms;
    record.seen = Some(now);
    record.report = serde_json::to_string(report).ok();
    for end in expiry::certificates(report, config.ahead).into_iter().chain(seen.token.clone()) {
        let (alerts, note) = expiring(ends, end, now, &about, config);
        record.alerts.extend(alerts);
        record.notes.extend(note);
    }
    Settled { turning: outcome.turning, status, nameless: nameless(report), record }
}

fn told(change: Changed, now: Micros, about: &About<'_>, config: &Config) -> NewChange {
    let said = alert::Change {
        key: &change.key,
        at: now,
        before: change.before.as_ref(),
        before_since: change.before_since,
        after: &change.after,
    };
    let alerts = alert::compose(&said, about, &config.alerts);
    let Changed { key, before, before_since, after, confirmed_after } = change;
    NewChange { key, at: now, before, before_since, after, confirmed_after, alerts }
}

/// The notices of an end that comes near, and what the history remembers of it.
fn expiring(
    ends: &mut Ends,
    end: End,
    now: Micros,
    about: &About<'_>,
    config: &Config,
) -> (Vec<NewAlert>, Option<(String, String)>) {
    let Some(told) = ends.look(end, now) else { return (Vec::new(), None) };
    let end = &told.end;
    let what = (end.what, end.name.as_str(), end.at);
    let alerts = alert::compose::expiry(what, &end.remedy, now, told.renewed, about, &config.alerts);
    (alerts, Some(told.note))
}

/// Ends that are known by hand, as a record of their own; nothing where there is nothing to tell.
pub(super) fn by_hand(ends: &mut Ends, config: &Config, now: Micros) -> Option<Record> {
    let nobody = TargetInfo { name: String::new(), mailbox: String::new(), groups: Vec::new() };
    let about = About { mailbox: &nobody.mailbox, groups: &nobody.groups, quiet_until: None };
    let mut record = Record::default();
    for (name, at, remedy) in &config.ends {
        let end = End {
            what: alert::Expiring::ClientSecret,
            name: name.clone(),
            at: *at,
            ahead: crate::schedule::micros(config.ahead),
            remedy: remedy.clone(),
        };
        let (alerts, note) = expiring(ends, end, now, &about, config);
        record.alerts.extend(alerts);
        record.notes.extend(note);
    }
    (!record.notes.is_empty()).then_some(record)
}

/// Whether every endpoint failed for want of an address: that is about the names, hardly about the servers.
fn nameless(report: &Report) -> bool {
    let failed = |endpoint: &mailprobe_probes::model::EndpointReport| {
        endpoint.failure.as_ref().is_some_and(|failure| failure.phase == Phase::Resolve)
    };
    !report.endpoints.is_empty() && report.endpoints.iter().all(failed)
}
