//! From a confirmed change to notices, one for each sink that wants it. Pure: it is called inside the transaction that
//! writes the change.
//!
//! Refused counts as well where it is meant to be: what decides is the standing of the cell, and its state only where no
//! rule is about it. That nobody can say is a problem as well, and a lesser one than a broken rule.

use std::time::Duration;

use url::Url;

use super::notice::{Expiring, Notice, Phase, Severity, Subject};
use crate::cell::{Cell, CellKey, Standing, Wrong};
use crate::view::Micros;

/// A confirmed change.
#[derive(Debug, Clone, Copy)]
pub struct Change<'c> {
    /// Which cell.
    pub key: &'c CellKey,
    /// When it was confirmed.
    pub at: Micros,
    /// What it was; nothing where it was not known.
    pub before: Option<&'c Cell>,
    /// Since when it had been that; where it was not known, since when what it is was seen.
    pub before_since: Option<Micros>,
    /// What it is.
    pub after: &'c Cell,
}

/// What is known of the target.
#[derive(Debug, Clone, Copy)]
pub struct About<'c> {
    /// Its mailbox.
    pub mailbox: &'c str,
    /// Its groups.
    pub groups: &'c [String],
    /// The end of the maintenance window that it is in. What lasts longer than the window is told then.
    pub quiet_until: Option<Micros>,
}

/// Which sink wants what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The sink's name.
    pub sink: String,
    /// Groups it is for; all targets where empty.
    pub groups: Vec<String>,
    /// Nothing less than this.
    pub least: Severity,
}

/// What composing needs of the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Sinks and their wishes.
    pub routes: Vec<Route>,
    /// Where the dashboard is reached from outside.
    pub external_url: Option<Url>,
    /// How long a notice waits for others before it is delivered: long enough to see that all targets changed.
    pub group_wait: Duration,
}

/// An entry for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// Whom to tell.
    pub sink: String,
    /// What.
    pub notice: Notice,
    /// Not before.
    pub due: Micros,
}

/// The notices of a change; none where it means nothing to anybody.
pub fn compose(change: &Change<'_>, about: &About<'_>, settings: &Settings) -> Vec<NewAlert> {
    let Some((phase, severity)) = meaning(&change.key.method, change.before, change.after) else {
        return Vec::new();
    };
    let notice = Notice {
        phase,
        severity,
        at: change.at,
        subject: Subject::Cell {
            key: change.key.clone(),
            mailbox: about.mailbox.to_owned(),
            before: change.before.cloned(),
            after: change.after.clone(),
            before_since: change.before_since,
        },
        link: settings.external_url.as_ref().map(|base| link(base, &change.key.target)),
    };
    addressed(&notice, about, settings)
}

/// The notices of something that expires. `renewed` ends the alert.
pub fn expiry(
    (what, name, at): (Expiring, &str, Micros),
    remedy: &str,
    now: Micros,
    renewed: bool,
    about: &About<'_>,
    settings: &Settings,
) -> Vec<NewAlert> {
    const SOON: Micros = 3 * 86_400 * 1_000_000;
    let notice = Notice {
        phase: if renewed { Phase::Closes } else { Phase::Opens },
        severity: if at.saturating_sub(now) <= SOON { Severity::Critical } else { Severity::Warning },
        at: now,
        subject: Subject::Expiry { what, name: name.to_owned(), at, remedy: remedy.to_owned() },
        link: settings.external_url.as_ref().map(ToString::to_string),
    };
    addressed(&notice, about, settings)
}

fn addressed(notice: &Notice, about: &About<'_>, settings: &Settings) -> Vec<NewAlert> {
    let wait = i64::try_from(settings.group_wait.as_micros()).unwrap_or(i64::MAX);
    let due = notice.at.saturating_add(wait).max(about.quiet_until.unwrap_or(notice.at));
    let wants = |route: &&Route| {
        notice.severity >= route.least
            && (route.groups.is_empty() || route.groups.iter().any(|group| about.groups.contains(group)))
    };
    let to = |route: &Route| NewAlert { sink: route.sink.clone(), notice: notice.clone(), due };
    settings.routes.iter().filter(wants).map(to).collect()
}

/// The page of a target. The name is data, so it stands in the fragment, which no server and no proxy reads.
fn link(base: &Url, target: &str) -> String {
    let mut url = base.clone();
    let name: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
    url.set_fragment(Some(&format!("/target/{}", name.replace('+', "%20"))));
    url.to_string()
}

/// What the step from one cell to another means.
fn meaning(method: &str, before: Option<&Cell>, after: &Cell) -> Option<(Phase, Severity)> {
    let weight = |wrong| match wrong {
        Wrong::NotMet => Severity::Critical,
        Wrong::NotChecked => Severity::Warning,
    };
    let was = before.and_then(|cell| cell.wrong(method)).map(weight);
    match (before, was, after.wrong(method).map(weight)) {
        (_, Some(was), Some(is)) => Some((Phase::Moves, was.max(is))),
        (_, None, Some(is)) => Some((Phase::Opens, is)),
        // What was not known, and is as it should be.
        (None, ..) => None,
        (Some(before), Some(was), None) => {
            // A server that asks for patience is there again, and takes no broken rule back.
            let over = after.is_settled() || before.standing != Standing::NotMet;
            over.then_some((Phase::Closes, was))
        }
        // Nobody said anything: the answer before still stands.
        (Some(_), None, None) if !after.state.is_answer() => None,
        (Some(_), None, None) if after.standing == Standing::Met => Some((Phase::Tells, Severity::Info)),
        (Some(_), None, None) => Some((Phase::Tells, Severity::Warning)),
    }
}
