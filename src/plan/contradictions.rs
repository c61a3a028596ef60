//! Flags that cannot be meant together. Each complaint names both sides and the way out.

use std::net::IpAddr;

use mailprobe_probes::model::{Kind, Method, Phase, Protocol};

use super::args::{CheckArgs, NetworkArgs};
use super::visits::{Draft, last_phase};
use super::{Abilities, Family, Network, Override, UserError, methods as known, proxy};
use crate::judge::{Rule, Wanted};

/// Address families.
pub(super) fn network(args: &NetworkArgs) -> Result<Network, UserError> {
    let family = match (args.reach.ipv4, args.reach.ipv6) {
        (true, true) => {
            return Err(UserError::new("-4 and -6 contradict each other: give one, or neither for both"));
        }
        (true, false) => Family::V4,
        (false, true) => Family::V6,
        (false, false) => Family::Any,
    };
    let mismatch = |what: &str, address: IpAddr| {
        let flag = if family == Family::V4 { "-4" } else { "-6" };
        UserError::new(format!("{what} {address} contradicts {flag}: give an address of that family"))
    };
    let fits = |address: IpAddr| match family {
        Family::Any => true,
        Family::V4 => address.is_ipv4(),
        Family::V6 => address.is_ipv6(),
    };
    if let Some(source) = args.reach.source_address.filter(|source| !fits(*source)) {
        return Err(mismatch("--source-address", source));
    }
    if let Some(pinned) = args.reach.resolve.iter().find(|pinned| !fits(pinned.address)) {
        return Err(mismatch(&format!("--resolve {}", pinned.host), pinned.address));
    }
    Ok(Network {
        overrides: args.reach.resolve.clone(),
        dns_server: args.reach.dns_server,
        source_address: args.reach.source_address,
        family,
        all_addresses: args.all_addresses,
        ca_certs: None,
        proxy: proxy::named(args)?,
    })
}

/// Reads the expectations and compares them with how far visits go.
pub(super) fn expectations(args: &CheckArgs, abilities: &Abilities<'_>) -> Result<Vec<Rule>, UserError> {
    let last = last_phase(args);
    if args.methods.advertised_only && last >= Phase::Auth {
        return Err(UserError::new(format!(
            "--advertised-only and --stop-after {last} contradict each other: give one"
        )));
    }
    if args.network.tls_versions && last < Phase::Connect {
        return Err(UserError::new(format!(
            "--tls-versions needs connections, and --stop-after {last} allows none: use --stop-after connect"
        )));
    }
    let mut rules: Vec<Rule> = Vec::new();
    for typed in args.output.expect.iter().flat_map(|typed| typed.split_whitespace()) {
        let rule: Rule = typed.parse().map_err(|error| UserError::new(format!("--expect: {error}")))?;
        if rule.wanted.needs_attempt() {
            known::known(rule.method.name(), abilities)
                .map_err(|error| UserError::new(format!("--expect {rule}: {error}")))?;
            if args.methods.attempt_budget() == 0 && abilities.kind(&rule.method) == Some(Kind::Password) {
                return Err(UserError::new(format!(
                    "--expect {rule} needs a password to be presented, and --attempt-budget 0 forbids it"
                )));
            }
        }
        let needed = rule.wanted.needs_phase();
        if last < needed {
            let flag = if args.methods.stop_after.is_some() {
                format!("--stop-after {last}")
            } else {
                "--advertised-only".into()
            };
            return Err(UserError::new(format!(
                "--expect {rule} cannot be decided with {flag}: it needs the phase {needed}"
            )));
        }
        if let Some(other) = rules.iter().find(|other| other.contradicts(&rule)) {
            return Err(UserError::new(format!(
                "--expect {other} and --expect {rule} contradict each other"
            )));
        }
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    let selected = match &args.methods.methods {
        Some(typed) => known::methods(typed, abilities).unwrap_or_default(),
        None => Vec::new(),
    };
    if let Some(rule) = rules
        .iter()
        .find(|rule| rule.wanted.needs_attempt() && !selected.is_empty() && !selected.contains(&rule.method))
    {
        return Err(UserError::new(format!("--expect {rule} needs {} in --methods", rule.method)));
    }
    Ok(rules)
}

/// A message goes out only after an SMTP login.
pub(super) fn sending(args: &CheckArgs, drafts: &[Draft], notes: &mut Vec<String>) -> Result<(), UserError> {
    let Some(to) = &args.send.send_to else { return Ok(()) };
    let sends = |draft: &Draft| draft.endpoints.iter().any(|endpoint| endpoint.protocol == Protocol::Smtp);
    if !drafts.iter().any(sends) {
        return Err(UserError::new(format!(
            "--send-to {to} needs an SMTP endpoint: add --endpoint smtp://HOST or smtps://HOST"
        )));
    }
    let last = last_phase(args);
    if last < Phase::Session {
        return Err(UserError::new(format!(
            "--send-to {to} needs the phase session, and the visits end with {last}"
        )));
    }
    notes.push(format!("a message goes to {to} after every accepted SMTP login"));
    Ok(())
}

/// A method that no endpoint knows would never be tried, and a run of such methods would look at nothing. `shared` are
/// methods that were written down for other runs, too.
pub(super) fn methods(
    args: &CheckArgs,
    drafts: &[Draft],
    abilities: &Abilities<'_>,
    shared: bool,
) -> Result<(), UserError> {
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
        let flag = if args.methods.methods.is_some() { "--methods" } else { "methods" };
        // The methods of a module are for all its targets, and one of them is enough here.
        if shared && asked_for().any(Draft::knows_one) {
            continue;
        }
        return Err(UserError::new(format!(
            "{flag}: no endpoint of this run knows {method} ({}): use {}",
            protocols.join(", "),
            able.join(", ")
        )));
    }
    Ok(())
}

/// A rule about a protocol that nobody visits would hold for ever.
pub(super) fn protocols(rules: &[Rule], drafts: &[Draft]) -> Result<(), UserError> {
    for rule in rules {
        let visited = |draft: &Draft| draft.endpoints.iter().any(|endpoint| rule.is_about(endpoint.protocol));
        if !drafts.iter().any(visited) {
            return Err(UserError::new(format!(
                "--expect {rule} is about a protocol that no endpoint speaks"
            )));
        }
    }
    Ok(())
}

/// A rule that needs a credential nobody has could never be decided.
pub(super) fn credentials(
    rules: &[Rule],
    drafts: &[Draft],
    abilities: &Abilities<'_>,
) -> Result<(), UserError> {
    for rule in rules.iter().filter(|rule| rule.wanted.needs_attempt()) {
        let Some(kind) = abilities.kind(&rule.method) else { continue };
        if !drafts.iter().any(|draft| draft.has(kind)) {
            let what = match kind {
                Kind::Password => "password",
                Kind::Token => "token",
            };
            return Err(UserError::new(format!(
                "--expect {rule} needs a {what}: add --{what}-env, -file or -command{}",
                if kind == Kind::Token { ", or --config with --oauth" } else { "" }
            )));
        }
    }
    Ok(())
}

/// Notes pinned addresses that pin nothing: almost always a misspelt host.
pub(super) fn pinned_hosts(overrides: &[Override], drafts: &[Draft], notes: &mut Vec<String>) {
    for pinned in overrides {
        let used = drafts.iter().flat_map(|draft| &draft.endpoints).any(|endpoint| {
            endpoint.host == pinned.host && pinned.port.is_none_or(|port| port == endpoint.port)
        });
        let of_issuer = drafts.iter().any(|draft| draft.asks_at(&pinned.host));
        if !used && !of_issuer {
            let port = pinned.port.map_or(String::new(), |port| format!(":{port}"));
            notes.push(format!("--resolve {}{port} fits no endpoint", pinned.host));
        }
    }
}

impl Wanted {
    /// The phase a visit must go through before this can be decided.
    const fn needs_phase(self) -> Phase {
        match self {
            Self::Usable => Phase::Session,
            Self::Accepted | Self::Refused | Self::NotAccepted => Phase::Auth,
            Self::Advertised | Self::NotAdvertised => Phase::Capability,
        }
    }
}
