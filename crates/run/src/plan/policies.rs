//! Policies by name or file, and what a run leaves them unable to decide.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mailprobe_probes::model::{Protocol, harmless};

use super::error::{PlanError, Setting, words};
use super::survey::Survey;
use mailprobe_judge::{self as judge, OLD_AFTER_DAYS, Policy, SHIPPED};

/// The day in UTC by this machine's clock.
pub fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// Reads every policy: a shipped name, else a file.
pub fn policies(typed: &[String]) -> Result<Vec<Policy>, PlanError> {
    let mut found: Vec<Policy> = Vec::new();
    for (number, name) in typed.iter().enumerate() {
        let policy = policy(number, name)?;
        if found.iter().any(|known| known.name == policy.name) {
            let what = words![Setting::Policy(number), format!(" names `{}` twice", policy.name)];
            return Err(PlanError::new(Setting::Policy(number), what));
        }
        found.push(policy);
    }
    Ok(found)
}

fn policy(number: usize, typed: &str) -> Result<Policy, PlanError> {
    if let Some(policy) = Policy::shipped(typed) {
        return Ok(policy);
    }
    let refused = |what: String| PlanError::new(Setting::Policy(number), words![what]);
    let path = Path::new(typed);
    let named_like_a_file = typed.contains(['/', '\\', '.']);
    if !named_like_a_file && !path.exists() {
        let names = SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let what = format!("unknown policy `{}`", harmless(typed.as_bytes()));
        return Err(refused(what).remedy(words![format!("use {names}, or name a TOML file")]));
    }
    let text = judge::text(path).map_err(|error| refused(error.to_string()))?;
    Policy::read(typed, &text).map_err(|error| refused(error.to_string()))
}

/// What to say of policies whose sources were last read too long before a day: announced dates have moved before.
pub fn note_on_age(policies: &[Policy], at: Date) -> Option<String> {
    let old: Vec<String> = policies
        .iter()
        .filter(|policy| policy.is_old(at))
        .filter_map(|policy| {
            let (reviewed, days) = (policy.reviewed?, policy.age(at)?);
            Some(format!("{} ({reviewed}, {days} days before {at})", policy.name))
        })
        .collect();
    (!old.is_empty()).then(|| {
        format!(
            "the sources were last read more than {OLD_AFTER_DAYS} days before {at}: {}; announced dates may have moved, so read \
             the sources again or update mailprobe",
            old.join(", ")
        )
    })
}

/// Holds the policies of a run, as they stand on a day, against what it visits, and notes what is left out of the verdict.
pub(super) fn hold_against(
    policies: &[Policy],
    at: Date,
    survey: &Survey<'_>,
    notes: &mut Vec<String>,
) -> Result<(), PlanError> {
    let spoken = &survey.protocols;
    notes.extend(note_on_age(policies, at));
    for (number, policy) in policies.iter().enumerate() {
        let refused = |what: String| PlanError::new(Setting::Policy(number), words![what]);
        let name = &policy.name;
        let in_force = || policy.rules.iter().filter(|rule| rule.in_force(at));
        if in_force().next().is_none() {
            let later = policy.rules.iter().filter_map(|rule| rule.from).filter(|from| *from > at).min();
            let none = format!("no rule of the policy {name} is in force on {at}");
            return Err(match later {
                None => refused(none),
                Some(from) => refused(format!("{none}; the next is on {from}")).remedy(words![
                    "ask with ",
                    Setting::At,
                    format!(" {from}")
                ]),
            });
        }
        let judged = |protocol: Protocol| in_force().any(|rule| rule.is_about(protocol));
        if !spoken.iter().any(|protocol| judged(*protocol)) {
            return Err(refused(format!("the policy {name} is about protocols that no endpoint speaks")));
        }
        let unvisited: Vec<&str> = Protocol::ALL
            .iter()
            .filter(|protocol| in_force().any(|rule| rule.protocols.contains(protocol)))
            .filter(|protocol| !spoken.contains(protocol))
            .map(|protocol| protocol.name())
            .collect();
        if !unvisited.is_empty() {
            notes.push(format!(
                "the policy {name} is about {} too, which no endpoint speaks",
                unvisited.join(", ")
            ));
        }
        let later = policy.rules.iter().filter(|rule| rule.from.is_some_and(|from| from > at));
        for rule in later.filter(|rule| survey.has_host_of(rule)) {
            let (wanted, from) = (rule.demand.to_string(), rule.from.unwrap_or(at));
            let spoken = rule.protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
            let note = words![
                format!("{name}: {spoken} {wanted} [{}] holds from {from} on; ", rule.id),
                Setting::At,
                format!(" {from} asks what would fail then")
            ];
            notes.push(note.to_string());
        }
    }
    Ok(())
}
