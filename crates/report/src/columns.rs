//! The endpoints of a report as columns: short labels that are still unique.

use mailprobe_probes::model::{EndpointReport, Report, Transport};

use super::layout::{GLUE, clean, cut};
use super::style::Role;
use crate::lang::Lang;

/// One endpoint with its names.
pub(super) struct Column<'r> {
    pub(super) endpoint: &'r EndpointReport,
    /// Lines above the column, each with its colour.
    pub(super) head: Vec<(String, Role)>,
    /// The name in sentences.
    pub(super) label: String,
}

/// Widest line of a head.
const HEAD: usize = 24;

/// The host that all endpoints share, if they do.
pub(super) fn common_host(report: &Report) -> Option<String> {
    let first = report.endpoints.first()?;
    report.endpoints.iter().all(|endpoint| endpoint.host == first.host).then(|| clean(&first.host))
}

/// One column for each endpoint.
pub(super) fn columns(report: &Report, lang: Lang) -> Vec<Column<'_>> {
    let shared = common_host(report).is_some();
    report
        .endpoints
        .iter()
        .map(|endpoint| {
            let twice = report.endpoints.iter().filter(|other| other.url == endpoint.url).count() > 1;
            column(endpoint, shared, twice, lang)
        })
        .collect()
}

fn column(endpoint: &EndpointReport, shared: bool, twice: bool, lang: Lang) -> Column<'_> {
    let url = clean(&endpoint.url);
    let scheme = url.split_once("://").map_or(endpoint.protocol.name(), |(scheme, _)| scheme).to_owned();
    let short = format!("{scheme} :{}", endpoint.port);
    let mut head = Vec::new();
    if !shared {
        head.push((cut(&clean(&endpoint.host), HEAD), Role::Plain));
    }
    head.push((cut(&short, HEAD), Role::Strong));
    let mut label = if shared { short.replace(' ', &GLUE.to_string()) } else { url };
    if twice {
        let peer = endpoint.peer.as_deref().map_or_else(|| "?".to_owned(), |peer| clean(&address(peer)));
        head.push((cut(&peer, HEAD), Role::Plain));
        label = lang.fill("{} at {}", &[&label, &peer]).replace(' ', &GLUE.to_string());
    }
    head.push(security(endpoint, lang));
    Column { endpoint, head, label: cut(&label, 80) }
}

/// The address without the port, which the head already says.
fn address(peer: &str) -> String {
    peer.parse::<std::net::SocketAddr>().map_or_else(|_| peer.to_owned(), |peer| peer.ip().to_string())
}

fn security(endpoint: &EndpointReport, lang: Lang) -> (String, Role) {
    if let Some(failure) = endpoint.failure.as_ref().filter(|_| endpoint.attempts.is_empty()) {
        return (lang.fill("stopped in {}", &[lang.say(failure.phase.name())]), Role::Bad);
    }
    match &endpoint.tls {
        None if endpoint.transport == Transport::Plaintext => (lang.say("no TLS").to_owned(), Role::Doubt),
        None => (lang.say("TLS unknown").to_owned(), Role::Doubt),
        Some(facts) => {
            let version = cut(&clean(&facts.version).replace("TLSv", "TLS "), 10);
            if facts.trusted {
                (version, Role::Faint)
            } else {
                (lang.fill("{} untrusted", &[&version]), Role::Bad)
            }
        }
    }
}
