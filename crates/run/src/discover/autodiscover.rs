//! Autodiscover without credentials: the second version, which answers, and the older places, which say only what
//! they take.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use mailprobe_probes::model::{Endpoint, Protocol, Transport, harmless};
use mailprobe_probes::service::Subject as Whose;
use mailprobe_probes::service::autodiscover::{json, soap};
use url::{Host, Url};

use super::ask::{Answer, Asker, shown};
use super::dns::Named;
use super::found::{Asked, Outcome};
use super::subject::Subject;
use mailprobe_oauth::providers::Provider;

const POX: &str = "/autodiscover/autodiscover.xml";
const PROTOCOLS: [Protocol; 3] = [Protocol::Ews, Protocol::ActiveSync, Protocol::Autodiscover];
/// Characters of an answer that is none which are shown.
const HEAD: usize = 40;

/// What was asked, and the endpoints that came of it with the URL that said so.
pub(super) struct Places {
    pub(super) asked: Vec<Asked>,
    pub(super) found: Vec<(Endpoint, String)>,
}

/// Asks everywhere at once.
pub(super) async fn ask(
    subject: &Subject,
    named: &Named,
    provider: Option<&Provider>,
    with: &Asker<'_>,
) -> Places {
    let domain = &subject.domain;
    let own = format!("autodiscover.{domain}");
    let mut older = vec![
        format!("https://{domain}{POX}"),
        format!("https://{own}{POX}"),
        format!("https://{own}{}", soap::PATH),
    ];
    let announced: Vec<String> = named
        .autodiscover()
        .map(|srv| match srv.port {
            443 => srv.target.clone(),
            port => format!("{}:{port}", srv.target),
        })
        .collect();
    older.extend(announced.iter().map(|authority| format!("https://{authority}{POX}")));
    let table = provider.iter().flat_map(|row| row.endpoints());
    older.extend(
        table
            .filter(|endpoint| endpoint.protocol == Protocol::Autodiscover)
            .map(|endpoint| format!("https://{}{}", endpoint.host, endpoint.path)),
    );
    let mut seen = BTreeSet::new();
    older.retain(|url| seen.insert(url.clone()));
    let mut newer: Vec<(Protocol, String)> = Vec::new();
    if let Some(address) = subject.address() {
        let hosts = [own.as_str()]
            .into_iter()
            .chain(announced.iter().map(String::as_str))
            .chain(provider.iter().flat_map(|row| row.autodiscover.iter().copied()));
        for host in hosts {
            let whose = Whose {
                host: host.to_owned(),
                path: POX.to_owned(),
                mailbox: address.clone(),
                account: address.clone(),
                impersonate: false,
                user_agent: String::new(),
            };
            let paths =
                PROTOCOLS.iter().filter_map(|p| json::request(&whose, *p).map(|request| (*p, request.path)));
            newer.extend(paths.map(|(protocol, path)| (protocol, format!("https://{host}{path}"))));
        }
    }
    let without_tls = format!("http://{own}{POX}");
    let (newer, older, plain) = tokio::join!(
        join_all(newer.iter().map(|(protocol, url)| second(*protocol, url, with))),
        join_all(older.iter().map(|url| place(url, with))),
        pointed(&without_tls, with),
    );
    let (mut asked, mut found) = (Vec::new(), Vec::new());
    for (request, endpoints) in newer.into_iter().chain(older) {
        found.extend(endpoints.into_iter().map(|endpoint| (endpoint, request.url.clone())));
        asked.push(request);
    }
    asked.push(plain);
    Places { asked, found }
}

/// The second version: it answers with one URL.
async fn second(protocol: Protocol, url: &str, with: &Asker<'_>) -> (Asked, Vec<Endpoint>) {
    let Answer { mut asked, response } = with.get(url, "application/json").await;
    let Some(response) = response else { return (asked, Vec::new()) };
    if response.cut {
        "the answer is larger than any of this service".clone_into(&mut asked.detail);
        return (asked, Vec::new());
    }
    let Some(discovery) = json::read(&response.body) else {
        let head: String = harmless(response.body.trim_ascii()).chars().take(HEAD).collect();
        asked.detail = format!("{} and no answer of this service: {head}", response.status);
        // Web servers that know nothing of it say so in many ways.
        asked.outcome = if response.status >= 500 { Outcome::Failed } else { Outcome::Nothing };
        return (asked, Vec::new());
    };
    if let Some(complaint) = discovery.complaint {
        asked.outcome = Outcome::Nothing;
        asked.detail = format!("{}: {}", complaint.code, complaint.message);
        return (asked, Vec::new());
    }
    let urls: Vec<String> = discovery.found.iter().map(|found| found.url.clone()).collect();
    let endpoints: Vec<Endpoint> =
        discovery.found.iter().filter_map(|found| endpoint(found.protocol, &found.url)).collect();
    asked.outcome = if endpoints.is_empty() { Outcome::Nothing } else { Outcome::Found };
    asked.detail = match (urls.first(), endpoints.is_empty()) {
        (Some(url), true) => format!("{url} is no https address, and not taken"),
        (Some(url), false) => url.clone(),
        (None, _) => format!("nothing about {protocol}"),
    };
    (asked, endpoints)
}

/// An older place: it wants credentials, and says which.
async fn place(url: &str, with: &Asker<'_>) -> (Asked, Vec<Endpoint>) {
    let Answer { mut asked, response } = with.get(url, "text/xml").await;
    let Some(response) = response else { return (asked, Vec::new()) };
    if response.status == 401 && !asked.schemes.is_empty() {
        asked.outcome = Outcome::Found;
        asked.detail = format!("wants credentials: {}", asked.schemes.join(", "));
        let last = asked.redirects.last().unwrap_or(&asked.url);
        let is_pox = Url::parse(last).is_ok_and(|url| url.path().eq_ignore_ascii_case(POX));
        let endpoint = endpoint(Protocol::Autodiscover, last).filter(|_| is_pox);
        return (asked, endpoint.into_iter().collect());
    }
    asked.outcome = if response.status >= 500 { Outcome::Failed } else { Outcome::Nothing };
    asked.detail = match shown(&response.reason) {
        reason if reason.is_empty() => response.status.to_string(),
        reason => format!("{} {reason}", response.status),
    };
    (asked, Vec::new())
}

/// The place without TLS: only where it points to counts, and that only for the report.
async fn pointed(url: &str, with: &Asker<'_>) -> Asked {
    let mut asked = Asked {
        url: url.to_owned(),
        redirects: Vec::new(),
        status: None,
        schemes: Vec::new(),
        location: None,
        outcome: Outcome::Nothing,
        detail: String::new(),
        failure: None,
    };
    let response = match with.once(url, "text/xml").await {
        Ok(response) => response,
        Err(failure) => {
            asked.detail = format!("{}: {}", failure.phase, failure.detail);
            asked.failure = Some(failure);
            return asked;
        }
    };
    asked.status = Some(response.status);
    let moved = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    let location = response.header("location").filter(|_| moved);
    asked.location = location.map(shown);
    asked.detail = match location {
        None => format!("{} and no redirect", response.status),
        Some(target) if !target.starts_with("https://") => "the redirect leads out of TLS".to_owned(),
        Some(target) if !with.admits_url(target) => format!(
            "not followed to {}: neither the address nor DNS nor the provider table names that host",
            shown(target)
        ),
        Some(target) => {
            let Answer { asked: there, .. } = with.get(target, "text/xml").await;
            asked.redirects = std::iter::once(there.url).chain(there.redirects).collect();
            let schemes = there.schemes.join(", ");
            (asked.status, asked.schemes, asked.failure) = (there.status, there.schemes, there.failure);
            asked.location = there.location;
            asked.outcome = if asked.status == Some(401) { Outcome::Found } else { there.outcome };
            if schemes.is_empty() { there.detail } else { format!("wants credentials: {schemes}") }
        }
    };
    asked
}

/// An `https` address as an endpoint.
fn endpoint(protocol: Protocol, url: &str) -> Option<Endpoint> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https" && url.username().is_empty())?;
    let host = match url.host()? {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    };
    let endpoint = Endpoint {
        protocol,
        transport: Transport::ImplicitTls,
        host,
        port: url.port_or_known_default()?,
        path: url.path().to_owned(),
    };
    // Through the parser: what it does not take is none.
    endpoint.url().parse().ok()
}
