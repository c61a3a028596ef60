//! What DNS says about a domain's mail services.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use mailprobe_probes::model::{Endpoint, Failure, Phase, Protocol, Transport};
use mailprobe_probes::wire::{Patience, Resolver, Srv};

use super::endpoints::Endpoints;
use super::found::{Outcome, Source, SourceReport};

/// Services: RFC 6186, RFC 8314 section 5.1, and Exchange's own.
const SERVICES: [(&str, Option<(Protocol, Transport)>); 7] = [
    ("_imaps._tcp", Some((Protocol::Imap, Transport::ImplicitTls))),
    ("_imap._tcp", Some((Protocol::Imap, Transport::StartTls))),
    ("_pop3s._tcp", Some((Protocol::Pop3, Transport::ImplicitTls))),
    ("_pop3._tcp", Some((Protocol::Pop3, Transport::StartTls))),
    ("_submissions._tcp", Some((Protocol::Smtp, Transport::ImplicitTls))),
    ("_submission._tcp", Some((Protocol::Smtp, Transport::StartTls))),
    ("_autodiscover._tcp", None),
];

/// One service's records.
pub(super) struct Service {
    name: String,
    pub(super) speaks: Option<(Protocol, Transport)>,
    pub(super) records: Result<Vec<Srv>, Failure>,
}

impl Service {
    /// Whether the records say that there is no such service (RFC 6186 section 3.4).
    pub(super) fn is_denied(&self) -> bool {
        self.records
            .as_ref()
            .is_ok_and(|found| !found.is_empty() && found.iter().all(|srv| srv.target.is_empty()))
    }

    /// The places named.
    pub(super) fn places(&self) -> impl Iterator<Item = &Srv> {
        let places = self.records.iter().flatten();
        places.filter(|srv| !srv.target.is_empty() && srv.port != 0 && is_host(&srv.target))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// Everything DNS says.
pub(super) struct Named {
    pub(super) exists: Option<bool>,
    domain: String,
    pub(super) services: Vec<Service>,
    mx: Result<Vec<String>, Failure>,
    cname: Result<Option<String>, Failure>,
}

/// Asks all of it at once.
pub(super) async fn ask(domain: &str, resolver: &Resolver, patience: &Patience, limit: Duration) -> Named {
    let services = SERVICES.iter().map(|(service, speaks)| async move {
        let name = format!("{service}.{domain}");
        let records = within(patience, limit, resolver.srv(&name)).await;
        Service { name, speaks: *speaks, records }
    });
    let alias = format!("autodiscover.{domain}");
    let (exists, services, mx, cname) = tokio::join!(
        within(patience, limit, resolver.exists(domain)),
        join_all(services),
        within(patience, limit, resolver.mx(domain)),
        within(patience, limit, resolver.cname(&alias)),
    );
    let mut named = Named { exists: exists.ok(), domain: domain.to_owned(), services, mx, cname };
    // A name server may deny a name that has others below it.
    if named.exists == Some(false) && !named.hosts().is_empty() {
        named.exists = Some(true);
    }
    named
}

async fn within<T>(
    patience: &Patience,
    limit: Duration,
    asking: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    patience.wait(Phase::Resolve, limit, asking).await?
}

impl Named {
    /// Every host that a record names.
    pub(super) fn hosts(&self) -> BTreeSet<String> {
        let targets = self.services.iter().flat_map(Service::places).map(|srv| srv.target.clone());
        targets.chain(self.exchangers().iter().cloned()).chain(self.alias().map(str::to_owned)).collect()
    }

    /// The mail exchangers.
    pub(super) fn exchangers(&self) -> &[String] {
        self.mx.as_deref().unwrap_or_default()
    }

    /// What `autodiscover.DOMAIN` is an alias of.
    pub(super) fn alias(&self) -> Option<&str> {
        self.cname.as_ref().ok()?.as_deref().filter(|name| is_host(name))
    }

    /// Where `_autodiscover._tcp` points to.
    pub(super) fn autodiscover(&self) -> impl Iterator<Item = &Srv> {
        self.services.iter().filter(|service| service.speaks.is_none()).flat_map(Service::places)
    }

    /// Adds what was found.
    pub(super) fn report_to(&self, sources: &mut Vec<SourceReport>, endpoints: &mut Endpoints) {
        for service in &self.services {
            let (outcome, detail) = self.said(service);
            sources.push(SourceReport { source: Source::Srv, asked: service.name.clone(), outcome, detail });
            let Some((protocol, transport)) = service.speaks else { continue };
            for srv in service.places() {
                let endpoint = Endpoint {
                    protocol,
                    transport,
                    host: srv.target.clone(),
                    port: srv.port,
                    path: String::new(),
                };
                endpoints.add(endpoint, Source::Srv, &service.name);
            }
        }
        let (outcome, detail) = match &self.mx {
            Ok(found) if found.iter().all(String::is_empty) && !found.is_empty() => {
                (Outcome::NotOffered, "the domain takes no mail (RFC 7505)".to_owned())
            }
            Ok(found) if found.is_empty() => (Outcome::Nothing, self.nothing("no MX record")),
            Ok(found) => (Outcome::Found, found.join(", ")),
            Err(failure) => (Outcome::Failed, failure.detail.clone()),
        };
        sources.push(SourceReport { source: Source::Mx, asked: self.domain.clone(), outcome, detail });
        let (outcome, detail) = match &self.cname {
            Ok(Some(name)) => (Outcome::Found, name.clone()),
            Ok(None) => (Outcome::Nothing, self.nothing("no alias")),
            Err(failure) => (Outcome::Failed, failure.detail.clone()),
        };
        let asked = format!("autodiscover.{}", self.domain);
        sources.push(SourceReport { source: Source::Cname, asked, outcome, detail });
    }

    fn said(&self, service: &Service) -> (Outcome, String) {
        match &service.records {
            Err(failure) => (Outcome::Failed, failure.detail.clone()),
            Ok(found) if found.is_empty() => (Outcome::Nothing, self.nothing("no record")),
            Ok(_) if service.is_denied() => {
                (Outcome::NotOffered, "the record says that there is no such service".to_owned())
            }
            Ok(_) => {
                let places: Vec<String> =
                    service.places().map(|srv| format!("{}:{}", srv.target, srv.port)).collect();
                let nothing = places.is_empty();
                let outcome = if nothing { Outcome::Nothing } else { Outcome::Found };
                (
                    outcome,
                    if nothing { "the record names no usable host".to_owned() } else { places.join(", ") },
                )
            }
        }
    }

    fn nothing(&self, what: &str) -> String {
        match self.exists {
            Some(false) => "the domain does not exist".to_owned(),
            _ => what.to_owned(),
        }
    }
}

/// DNS names may hold anything; hosts do not.
fn is_host(name: &str) -> bool {
    name.len() <= 253 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}
