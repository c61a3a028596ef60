//! Endpoints, each once, with everybody who says so; and which of them a check visits.

use mailprobe_probes::model::{Endpoint, Protocol, Transport};

use super::found::{Discovery, FoundEndpoint, Said, Source};
use mailprobe_oauth::providers;

/// Endpoints that are kept.
const MOST: usize = 64;

/// Endpoints as they are found.
#[derive(Default)]
pub(super) struct Endpoints(Vec<FoundEndpoint>);

impl Endpoints {
    pub(super) fn add(&mut self, endpoint: Endpoint, source: Source, at: &str) {
        let said = Said { source, at: at.to_owned() };
        if let Some(known) = self.0.iter_mut().find(|known| known.endpoint == endpoint) {
            if !known.said_by.contains(&said) {
                known.said_by.push(said);
            }
        } else if self.0.len() < MOST {
            let (url, protocol) = (endpoint.url(), endpoint.protocol);
            self.0.push(FoundEndpoint { url, protocol, said_by: vec![said], endpoint });
        }
    }

    /// By protocol, implicit TLS first, otherwise as they were found.
    pub(super) fn sorted(mut self) -> Vec<FoundEndpoint> {
        self.0.sort_by_key(|found| (found.protocol, found.endpoint.transport));
        self.0
    }
}

/// What a check visits of a discovery, and what it should be told. Nothing is presented to a host that neither the
/// domain nor the provider table vouches for: DNS is easily forged (RFC 6186 section 6).
pub fn to_check(discovery: &Discovery, able: &[Protocol]) -> (Vec<Endpoint>, Vec<String>) {
    let mut notes = Vec::new();
    let mut chosen = Vec::new();
    for found in &discovery.endpoints {
        let Endpoint { protocol, host, .. } = &found.endpoint;
        if !able.contains(protocol) {
            notes.push(format!("{} was found; mailprobe cannot probe {protocol} yet", found.url));
        } else if !providers::is_below(host, &discovery.domain) && !providers::knows(host) {
            let by = found.said_by.first().map_or("somebody", |said| said.source.name());
            notes.push(format!(
                "{} is not checked: {by} names it, and it is outside {} and of no provider that is known; give it \
                 with --endpoint if it is yours",
                found.url, discovery.domain
            ));
        } else {
            chosen.push(found);
        }
    }
    let preferred = preferred(&chosen);
    for left in chosen.iter().filter(|found| !preferred.contains(&&found.endpoint)) {
        notes.push(format!("{} is left out: the same service has implicit TLS", left.url));
    }
    (preferred.into_iter().cloned().collect(), notes)
}

/// Leaves out STARTTLS beside implicit TLS of one service, unless the domain itself announces both.
fn preferred<'a>(chosen: &[&'a FoundEndpoint]) -> Vec<&'a Endpoint> {
    let announced =
        |found: &FoundEndpoint| found.said_by.iter().any(|said| said.source != Source::ProviderTable);
    let has_better = |one: &FoundEndpoint| {
        one.endpoint.transport == Transport::StartTls
            && !announced(one)
            && chosen.iter().any(|other| {
                other.endpoint.transport == Transport::ImplicitTls
                    && (other.protocol, &other.endpoint.host) == (one.protocol, &one.endpoint.host)
            })
    };
    chosen.iter().filter(|found| !has_better(found)).map(|found| &found.endpoint).collect()
}
