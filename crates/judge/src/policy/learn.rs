//! A policy made from the report of a host that is as it should be.

use std::fmt::Write as _;

use mailprobe_probes::model::{Cause, EndpointReport, Method, Outcome, Protocol, Report, TlsProtocol};

use crate::decision::is_about_credential;
use crate::{login_lists, login_offers};

/// The policy as TOML: for every protocol the state of each method, where the report shows one on all its endpoints.
///
/// What was inconclusive or not tried is left out: it cannot be wanted of others. A refusal that may be this
/// password's alone is written as `not-accepted`, which asks for no reason.
pub fn learn(reports: &[Report], name: &str) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# Learned from {} of {}.", plural(reports.len(), "report"), day(reports));
    let _ = writeln!(text, "name = \"{name}\"\ntitle = \"Learned from a host that is as it should be\"");
    let endpoints = || reports.iter().flat_map(|report| &report.endpoints);
    for protocol in Protocol::ALL {
        let spoken: Vec<&EndpointReport> =
            endpoints().filter(|endpoint| endpoint.protocol == *protocol).collect();
        for method in methods(&spoken) {
            if let Some(state) = state(&spoken, &method) {
                rule(&mut text, *protocol, &method, state);
            }
        }
        if let Some(floor) = floor(&spoken) {
            let _ = write!(
                text,
                "\n[[rule]]\nid = \"{protocol}-tls\"\nprotocols = [\"{protocol}\"]\ntls-at-least = \"{}\"\n",
                floor.number()
            );
        }
    }
    text
}

fn rule(text: &mut String, protocol: Protocol, method: &Method, state: &str) {
    let _ = write!(
        text,
        "\n[[rule]]\nid = \"{protocol}-{}\"\nprotocols = [\"{protocol}\"]\nmethods = [\"{}\"]\nstate = \"{state}\"\n",
        method.name().to_ascii_lowercase(),
        method.name()
    );
}

/// Methods in the order of the report, those whose names a policy can hold.
fn methods(endpoints: &[&EndpointReport]) -> Vec<Method> {
    let mut found: Vec<Method> = Vec::new();
    for endpoint in endpoints {
        let tried = endpoint.attempts.iter().map(|attempt| &attempt.method);
        for method in tried.chain(login_offers(endpoint).map(|offer| &offer.method)) {
            let known = crate::kind::names().any(|name| name.eq_ignore_ascii_case(method.name()));
            if known && !found.contains(method) {
                found.push(method.clone());
            }
        }
    }
    found
}

/// The one state that every endpoint shows.
fn state(endpoints: &[&EndpointReport], method: &Method) -> Option<&'static str> {
    let mut states = endpoints.iter().map(|endpoint| state_on(endpoint, method));
    let first = states.next()??;
    states.all(|other| other == Some(first)).then_some(first)
}

fn state_on(endpoint: &EndpointReport, method: &Method) -> Option<&'static str> {
    let attempt = endpoint.attempts.iter().find(|attempt| attempt.method == *method);
    match attempt.map(|attempt| &attempt.outcome) {
        Some(outcome @ Outcome::Accepted { .. }) => {
            Some(if outcome.usable() == Some(true) { "usable" } else { "accepted" })
        }
        Some(Outcome::Refused { diagnosis, .. }) => {
            let cause: Cause = diagnosis.first();
            Some(if is_about_credential(cause) { "not-accepted" } else { "refused" })
        }
        Some(Outcome::Inconclusive { .. }) => None,
        Some(Outcome::NotTried { .. }) | None => {
            login_lists(endpoint).next()?;
            let offered = login_offers(endpoint).any(|offer| offer.method == *method);
            Some(if offered { "advertised" } else { "not-advertised" })
        }
    }
}

/// The oldest version that every endpoint takes, where all were asked and something older is refused.
fn floor(endpoints: &[&EndpointReport]) -> Option<TlsProtocol> {
    let of_each = |endpoint: &&EndpointReport| {
        let asked = &endpoint.tls_versions;
        let known = !asked.is_empty() && asked.iter().all(|version| version.accepted().is_some());
        known.then(|| {
            asked.iter().find(|version| version.accepted() == Some(true)).map(|found| found.version)
        })?
    };
    let floors: Option<Vec<TlsProtocol>> = endpoints.iter().map(of_each).collect();
    floors?.into_iter().min().filter(|floor| *floor > TlsProtocol::Tls10)
}

fn day(reports: &[Report]) -> String {
    let days = reports.first().map_or("", |report| report.started_at.as_str());
    mailprobe_probes::model::harmless(days.chars().take(10).collect::<String>().as_bytes())
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("one {word}") } else { format!("{count} {word}s") }
}
