//! Where a mailbox's endpoints are, found out without a credential, and who says so.
//!
//! Sources: the provider table, SRV (RFC 6186, RFC 8314), MX, an alias of `autodiscover.DOMAIN`, the second version of
//! Autodiscover, and the provider's `OpenID` configuration. Each fails for itself. A host is spoken to only where the
//! address, DNS or the provider table names it; a redirect to another one is reported and not followed.

mod ask;
mod autodiscover;
mod compare;
mod dns;
mod endpoints;
mod found;
mod openid;
mod subject;
mod text;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mailprobe_probes::model::{Proxy, SCHEMA_VERSION, Tool, moment};
use mailprobe_probes::wire::{CancellationToken, Patience};

use ask::Asker;
use mailprobe_oauth::Mistake;
use mailprobe_oauth::providers::{self, Provider};
use mailprobe_oauth::web::Web;
use mailprobe_probes::wire::Reach;

pub use endpoints::to_check;
pub use found::{
    Asked, Discovery, FoundEndpoint, FoundProvider, OpenId, Outcome, Said, Source, SourceReport,
};
pub use subject::Subject;
pub use text::text;

/// The published JSON Schema of a discovery.
pub const SCHEMA: &str = include_str!("schema.json");

/// Longest time for everything, where nobody gives less.
pub const WHOLE: Duration = Duration::from_secs(60);

/// What a discovery works with.
pub struct Means {
    /// How hosts are found and reached.
    pub reach: Reach,
    /// What connections go through; `reach` knows it too.
    pub proxy: Option<Proxy>,
    /// Longest wait for TCP, for TLS, and for an answer of DNS.
    pub connect_timeout: Duration,
    /// Longest wait for an answer.
    pub timeout: Duration,
    /// Longest time for everything.
    pub whole: Duration,
    /// Whether to ask where the certificate is not trusted.
    pub insecure: bool,
    /// Ends it.
    pub cancel: CancellationToken,
}

/// Finds out what there is to find out.
///
/// # Errors
/// HTTP that cannot be set up on this machine; nothing that happens out there.
pub async fn discover(subject: &Subject, means: &Means) -> Result<Discovery, Mistake> {
    let begun = Instant::now();
    let web = Web::new(&means.reach, means.proxy.as_ref(), means.connect_timeout, means.timeout)?;
    let patience = Patience::new(means.whole, means.cancel.clone());
    let domain = subject.domain.as_str();

    let named = dns::ask(domain, &means.reach.resolver, &patience, means.connect_timeout).await;
    let (provider, because) = recognise(domain, &named);
    let hosts: BTreeSet<String> = named.hosts();
    let admits =
        |host: &str| providers::is_below(host, domain) || hosts.contains(host) || providers::knows(host);
    let asker = Asker { means, patience: patience.clone(), begun, admits: &admits };
    let (places, openid) = tokio::join!(
        autodiscover::ask(subject, &named, provider, &asker),
        openid::ask(domain, provider, &web, &patience, means.timeout)
    );

    let mut endpoints = endpoints::Endpoints::default();
    let mut sources = Vec::new();
    if let Some(row) = provider {
        for endpoint in row.endpoints() {
            endpoints.add(endpoint, Source::ProviderTable, row.name);
        }
    }
    sources.push(SourceReport::table(domain, provider, &because));
    named.report_to(&mut sources, &mut endpoints);
    let autodiscover::Places { asked, found } = places;
    for (endpoint, url) in found {
        endpoints.add(endpoint, Source::Autodiscover, &url);
    }
    sources.extend(asked.iter().map(SourceReport::of_request));
    sources.extend(openid.report);
    let endpoints = endpoints.sorted();
    let findings = compare::findings(subject, provider, &named, &endpoints, &asked);
    Ok(Discovery {
        schema: SCHEMA_VERSION,
        tool: Tool { name: "mailprobe".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        asked: subject.to_string(),
        domain: domain.to_owned(),
        exists: named.exists,
        started_at: moment::rfc3339(Timestamp::now().as_second()),
        elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        provider: provider.map(|row| FoundProvider {
            name: row.name.to_owned(),
            title: row.title.to_owned(),
            because,
            source: row.source.to_owned(),
        }),
        endpoints,
        sources,
        requests: asked,
        openid: openid.found,
        findings,
    })
}

/// The provider, and what tells it. An alias is told by the domain's owner on purpose for this; mail exchangers may be
/// a filter's in front.
fn recognise(domain: &str, named: &dns::Named) -> (Option<&'static Provider>, String) {
    if let Some(row) = providers::of_domain(domain) {
        return (Some(row), format!("{domain} is one of its own domains"));
    }
    if let Some((row, alias)) = named.alias().and_then(|alias| Some((providers::of_alias(alias)?, alias))) {
        return (Some(row), format!("autodiscover.{domain} is an alias of {alias}"));
    }
    let of_mx = named.exchangers().iter().find_map(|mx| Some((*providers::of_mx(mx).first()?, mx)));
    match of_mx {
        Some((row, mx)) => (Some(row), format!("mail for {domain} goes to {mx}")),
        None => (None, String::new()),
    }
}
