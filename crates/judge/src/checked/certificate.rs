//! What is wrong with a certificate that is not trusted, read from the facts that the report holds.

use std::net::IpAddr;

use mailprobe_probes::model::{CertFacts, EndpointReport, Flaw, TlsFacts, moment};

/// Names of a certificate that are told.
const NAMES: usize = 3;

/// Every flaw that the facts show, those of the certificate itself before those of its chain.
pub(super) fn flaws(endpoint: &EndpointReport, started_at: &str) -> Vec<Flaw> {
    let Some(tls) = &endpoint.tls else { return Vec::new() };
    let mut flaws = Vec::new();
    if let Some(leaf) = tls.chain.first() {
        flaws.extend(of_time(leaf, started_at));
        flaws.extend(of_name(leaf, tls));
        if flaws.is_empty() && leaf.subject == leaf.issuer && !leaf.subject.is_empty() {
            flaws.push(Flaw::SelfSigned);
        }
    }
    if flaws.is_empty() {
        flaws.extend(tls.problems.first().map(|problem| Flaw::Other(problem.clone())));
    }
    flaws
}

fn of_time(leaf: &CertFacts, started_at: &str) -> Option<Flaw> {
    let now = moment::parse(started_at)?;
    let day = |text: &str| text.split('T').next().unwrap_or(text).to_owned();
    if moment::parse(&leaf.not_after)? < now {
        return Some(Flaw::Expired(day(&leaf.not_after)));
    }
    (now < moment::parse(&leaf.not_before)?).then(|| Flaw::NotYetValid(day(&leaf.not_before)))
}

fn of_name(leaf: &CertFacts, tls: &TlsFacts) -> Option<Flaw> {
    let wanted = &tls.server_name;
    // A certificate without names has a flaw, and it is not the name that was asked for.
    if wanted.is_empty() || leaf.sans.is_empty() || leaf.sans.iter().any(|name| covers(name, wanted)) {
        return None;
    }
    let names = leaf.sans.iter().take(NAMES).cloned().collect();
    Some(Flaw::WrongName { wanted: wanted.clone(), names })
}

/// Whether a name of a certificate covers a host (RFC 9525 section 6.3): the same, or a wildcard for its first label.
fn covers(name: &str, host: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>() {
        return name.parse() == Ok(address);
    }
    let host = host.trim_end_matches('.');
    match name.strip_prefix("*.") {
        Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(host),
    }
}
