//! Policies by name or file, and what a run leaves them unable to decide.

use std::io::Read as _;
use std::path::Path;

use mailprobe_probes::model::{Protocol, harmless};
use time::{Date, OffsetDateTime};

use super::UserError;
use super::visits::Draft;
use crate::judge::{LARGEST_FILE, OLD_AFTER_DAYS, Policy, PolicyRule, SHIPPED};

/// The day by this machine's clock.
pub fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

/// Reads every policy: a shipped name, else a file.
pub fn policies(typed: &[String]) -> Result<Vec<Policy>, UserError> {
    let mut found: Vec<Policy> = Vec::new();
    for name in typed {
        let policy = policy(name)?;
        if found.iter().any(|known| known.name == policy.name) {
            return Err(UserError::new(format!("--policy names `{}` twice", policy.name)));
        }
        found.push(policy);
    }
    Ok(found)
}

fn policy(typed: &str) -> Result<Policy, UserError> {
    if let Some(policy) = Policy::shipped(typed) {
        return Ok(policy);
    }
    let path = Path::new(typed);
    let named_like_a_file = typed.contains(['/', '\\', '.']);
    if !named_like_a_file && !path.exists() {
        let names = SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let shown = harmless(typed.as_bytes());
        return Err(UserError::new(format!("unknown policy `{shown}`: use {names}, or name a TOML file")));
    }
    Policy::read(typed, &text(path)?).map_err(|error| UserError::new(error.to_string()))
}

/// A TOML file's text; its size is bounded.
pub fn text(path: &Path) -> Result<String, UserError> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let mut text = String::new();
    let limit = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
    std::fs::File::open(path)
        // One byte more than is allowed, so that a file that is too large is refused and not cut.
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_string(&mut text))
        .map_err(|error| UserError::new(format!("cannot read {shown}: {error}")))?;
    Ok(text)
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
    drafts: &[Draft],
    notes: &mut Vec<String>,
) -> Result<(), UserError> {
    let spoken: Vec<Protocol> =
        drafts.iter().flat_map(|draft| &draft.endpoints).map(|endpoint| endpoint.protocol).collect();
    notes.extend(note_on_age(policies, at));
    let has_host = |rule: &PolicyRule| {
        let mut hosts = drafts.iter().flat_map(|draft| &draft.endpoints);
        hosts.any(|endpoint| rule.is_about_host(&endpoint.host))
    };
    for policy in policies {
        let name = &policy.name;
        let in_force = || policy.rules.iter().filter(|rule| rule.in_force(at));
        if in_force().next().is_none() {
            let later = policy.rules.iter().filter_map(|rule| rule.from).filter(|from| *from > at).min();
            let hint =
                later.map_or(String::new(), |from| format!("; the next is on {from}: ask with --at {from}"));
            return Err(UserError::new(format!("no rule of the policy {name} is in force on {at}{hint}")));
        }
        let judged = |protocol: Protocol| in_force().any(|rule| rule.is_about(protocol));
        if !spoken.iter().any(|protocol| judged(*protocol)) {
            return Err(UserError::new(format!(
                "the policy {name} is about protocols that no endpoint speaks"
            )));
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
        for rule in later.filter(|rule| has_host(rule)) {
            let (wanted, from) = (rule.wanted(), rule.from.unwrap_or(at));
            let spoken = rule.protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
            notes.push(format!(
                "{name}: {spoken} {wanted} [{}] holds from {from} on; --at {from} asks what would fail then",
                rule.id
            ));
        }
    }
    Ok(())
}
