//! What is settled for itself and cannot be meant together. Each complaint names both sides and the way out.

use mailprobe_probes::model::{Kind, Method, Phase, Protocol};
use mailprobe_probes::wire::Override;

use super::Abilities;
use super::drafts::Draft;
use super::error::{PlanError, Setting, words};
use super::rules::Numbered;

/// A message goes out only after an SMTP login.
pub(super) fn sending(
    to: Option<&str>,
    last: Phase,
    drafts: &[Draft],
    notes: &mut Vec<String>,
) -> Result<(), PlanError> {
    let Some(to) = to else { return Ok(()) };
    let sends = |draft: &Draft| draft.endpoints.iter().any(|endpoint| endpoint.protocol == Protocol::Smtp);
    if !drafts.iter().any(sends) {
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
    drafts: &[Draft],
    is_narrow: bool,
    written_for: WrittenFor,
    abilities: &Abilities<'_>,
) -> Result<(), PlanError> {
    for method in drafts.iter().flat_map(|draft| &draft.methods) {
        let asked_for = || drafts.iter().filter(|draft| draft.methods.contains(method));
        let endpoints = || asked_for().flat_map(|draft| &draft.endpoints);
        if endpoints().any(|endpoint| method.is_of(endpoint.protocol)) {
            continue;
        }
        let mut protocols: Vec<&str> = Vec::new();
        let mut able: Vec<&str> = Vec::new();
        for endpoint in endpoints() {
            let known = abilities.methods.iter().map(|it| &it.method);
            let names = known.filter(|method| method.is_of(endpoint.protocol)).map(Method::name);
            able.extend(names.filter(|name| !able.contains(name)).collect::<Vec<_>>());
            if !protocols.contains(&endpoint.protocol.name()) {
                protocols.push(endpoint.protocol.name());
            }
        }
        if written_for == WrittenFor::Several && asked_for().any(Draft::knows_one) {
            continue;
        }
        let unknown = format!(": no endpoint of this run knows {method} ({})", protocols.join(", "));
        // Else they stand in the list of targets, whose field has that name.
        let what = if is_narrow { words![Setting::Methods, unknown] } else { words!["methods", unknown] };
        return Err(PlanError::new(Setting::Methods, what).remedy(words![format!("use {}", able.join(", "))]));
    }
    Ok(())
}

/// A rule about a protocol that nobody visits would hold for ever.
pub(super) fn protocols(rules: &[Numbered], drafts: &[Draft]) -> Result<(), PlanError> {
    for numbered in rules {
        let rule = &numbered.rule;
        let visited = |draft: &Draft| draft.endpoints.iter().any(|endpoint| rule.is_about(endpoint.protocol));
        if !drafts.iter().any(visited) {
            let words = format!(" {rule} is about a protocol that no endpoint speaks");
            return Err(PlanError::new(numbered.setting(), words![numbered.setting(), words]));
        }
    }
    Ok(())
}

/// A rule that needs a credential nobody has could never be decided.
pub(super) fn credentials(
    rules: &[Numbered],
    drafts: &[Draft],
    abilities: &Abilities<'_>,
) -> Result<(), PlanError> {
    for numbered in rules.iter().filter(|numbered| numbered.rule.wanted.needs_attempt()) {
        let rule = &numbered.rule;
        let Some(kind) = abilities.kind(&rule.method) else { continue };
        if !drafts.iter().any(|draft| draft.has(kind)) {
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
pub(super) fn pinned_hosts(overrides: &[Override], drafts: &[Draft], notes: &mut Vec<String>) {
    for (number, pinned) in overrides.iter().enumerate() {
        let used = drafts.iter().flat_map(|draft| &draft.endpoints).any(|endpoint| {
            endpoint.host == pinned.host && pinned.port.is_none_or(|port| port == endpoint.port)
        });
        let of_issuer = drafts.iter().any(|draft| draft.asks_at(&pinned.host));
        if !used && !of_issuer {
            let port = pinned.port.map_or(String::new(), |port| format!(":{port}"));
            let words = format!(" {}{port} fits no endpoint", pinned.host);
            notes.push(words![Setting::Resolve(number), words].to_string());
        }
    }
}
