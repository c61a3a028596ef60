//! What is settled for itself and cannot be meant together. Each complaint names both sides and the way out.

use mailprobe_probes::model::{Kind, Method, Phase, Protocol};

use super::Abilities;
use super::error::{PlanError, Setting, words};
use super::rules::Numbered;
use super::survey::{AskedFor, Survey};

/// A message goes out only after an SMTP login.
pub(super) fn sending(
    to: Option<&str>,
    last: Phase,
    survey: &Survey<'_>,
    notes: &mut Vec<String>,
) -> Result<(), PlanError> {
    let Some(to) = to else { return Ok(()) };
    if !survey.protocols.contains(&Protocol::Smtp) {
        let what = words![Setting::SendTo, format!(" {to} needs an SMTP endpoint")];
        let remedy = words!["add ", Setting::Endpoint(0), " smtp://HOST or smtps://HOST"];
        return Err(PlanError::new(Setting::SendTo, what).remedy(remedy));
    }
    if last < Phase::Session {
        let words = format!(" {to} needs the phase session, and the visits end with {last}");
        return Err(PlanError::new(Setting::SendTo, words![Setting::SendTo, words]));
    }
    notes.push(format!("a message goes to {to} after every accepted SMTP login"));
    Ok(())
}

/// For whom methods were written down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenFor {
    /// This run.
    Run,
    /// Other runs, too: one of them is enough here.
    Several,
}

/// A method that no endpoint knows would never be tried, and a run of such methods would look at nothing. `is_narrow` tells
/// whether methods were asked for by a setting of the run.
pub(super) fn methods(
    survey: &Survey<'_>,
    is_narrow: bool,
    written_for: WrittenFor,
    abilities: &Abilities<'_>,
) -> Result<(), PlanError> {
    for AskedFor { method, protocols, is_useful } in &survey.methods {
        let is_known = protocols.iter().any(|protocol| method.is_of(*protocol));
        if is_known || (written_for == WrittenFor::Several && *is_useful) {
            continue;
        }
        let mut able: Vec<&str> = Vec::new();
        for protocol in protocols {
            let known = abilities.methods.iter().map(|it| &it.method);
            let names = known.filter(|method| method.is_of(*protocol)).map(Method::name);
            able.extend(names.filter(|name| !able.contains(name)).collect::<Vec<_>>());
        }
        let protocols: Vec<&str> = protocols.iter().map(|protocol| protocol.name()).collect();
        let unknown = format!(": no endpoint of this run knows {method} ({})", protocols.join(", "));
        // Else they stand in the list of targets, whose field has that name.
        let what = if is_narrow { words![Setting::Methods, unknown] } else { words!["methods", unknown] };
        return Err(PlanError::new(Setting::Methods, what).remedy(words![format!("use {}", able.join(", "))]));
    }
    Ok(())
}

/// A rule about a protocol that nobody visits would hold for ever.
pub(super) fn protocols(rules: &[Numbered], survey: &Survey<'_>) -> Result<(), PlanError> {
    for numbered in rules {
        let rule = &numbered.rule;
        if !survey.protocols.iter().any(|protocol| rule.is_about(*protocol)) {
            let words = format!(" {rule} is about a protocol that no endpoint speaks");
            return Err(PlanError::new(numbered.setting(), words![numbered.setting(), words]));
        }
    }
    Ok(())
}

/// A rule that needs a credential nobody has could never be decided.
pub(super) fn credentials(
    rules: &[Numbered],
    survey: &Survey<'_>,
    abilities: &Abilities<'_>,
) -> Result<(), PlanError> {
    for numbered in rules.iter().filter(|numbered| numbered.rule.wanted.needs_attempt()) {
        let rule = &numbered.rule;
        let Some(kind) = abilities.kind(&rule.method) else { continue };
        if !survey.has(kind) {
            let what = match kind {
                Kind::Password => "password",
                Kind::Token => "token",
            };
            let what = words![numbered.setting(), format!(" {rule} needs a {what}")];
            let remedy = match kind {
                Kind::Password => words!["add ", Setting::Secret(kind)],
                Kind::Token => {
                    words!["add ", Setting::Secret(kind), ", or ", Setting::Config, " with ", Setting::Oauth]
                }
            };
            return Err(PlanError::new(numbered.setting(), what).remedy(remedy));
        }
    }
    Ok(())
}

/// Notes pinned addresses that pin nothing: almost always a misspelt host.
pub(super) fn pinned_hosts(survey: &Survey<'_>, notes: &mut Vec<String>) {
    for (number, (pinned, _)) in survey.pinned.iter().enumerate().filter(|(_, (_, used))| !used) {
        let port = pinned.port.map_or(String::new(), |port| format!(":{port}"));
        let words = format!(" {}{port} fits no endpoint", pinned.host);
        notes.push(words![Setting::Resolve(number), words].to_string());
    }
}
