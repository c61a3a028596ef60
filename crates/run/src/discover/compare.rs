//! What the sources say against each other.

use mailprobe_probes::model::{Finding, Protocol, Severity};

use super::dns::Named;
use super::found::{Asked, FoundEndpoint, Outcome, Source};
use super::subject::Subject;
use mailprobe_oauth::providers::{self, Provider};

/// Contradictions, most severe first.
pub(super) fn findings(
    subject: &Subject,
    provider: Option<&Provider>,
    named: &Named,
    endpoints: &[FoundEndpoint],
    asked: &[Asked],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for service in &named.services {
        let Some((protocol, transport)) = service.speaks else { continue };
        let other = |found: &&FoundEndpoint| {
            (found.protocol, found.endpoint.transport) == (protocol, transport)
                && found.said_by.iter().any(|said| said.source != Source::Srv)
        };
        let elsewhere: Vec<&FoundEndpoint> = endpoints.iter().filter(other).collect();
        let Some(first) = elsewhere.first() else { continue };
        let by = first
            .said_by
            .iter()
            .find(|said| said.source != Source::Srv)
            .map_or("", |said| said.source.name());
        if service.is_denied() {
            findings.push(finding(
                "srv-denies-service",
                "An SRV record says that a service does not exist, and there is one",
                format!("{} says that there is no such service; {by} names {}.", service.name(), first.url),
                "Take the record away, or the service.",
                &first.url,
            ));
        } else if let Some(srv) = service.places().find(|srv| {
            !elsewhere
                .iter()
                .any(|found| (found.endpoint.host.as_str(), found.endpoint.port) == (&srv.target, srv.port))
        }) {
            findings.push(finding(
                "srv-contradicts",
                "An SRV record names another place than the provider's",
                format!("{} names {}:{}; {by} names {}.", service.name(), srv.target, srv.port, first.url),
                "Correct the record if it is left from an earlier provider.",
                &first.url,
            ));
        }
    }
    findings.extend(autodiscover(subject, named, asked));
    findings.extend(ews(provider, endpoints));
    findings.extend(two_providers(subject, named));
    for found in endpoints {
        let host = &found.endpoint.host;
        if !providers::is_below(host, &subject.domain) && !providers::knows(host) {
            findings.push(Finding {
                severity: Severity::Info,
                ..finding(
                    "outside-the-domain",
                    "An endpoint is outside the domain and of no provider that is known",
                    format!(
                        "{} names {}.",
                        found.said_by.first().map_or("", |said| said.at.as_str()),
                        found.url
                    ),
                    "Make sure that it is yours before you present a password there: DNS is easily forged.",
                    &found.url,
                )
            });
        }
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// The SRV record points to one place, and another one answers.
fn autodiscover(subject: &Subject, named: &Named, asked: &[Asked]) -> Option<Finding> {
    let own = format!("https://autodiscover.{}/", subject.domain);
    let answering =
        asked.iter().find(|asked| asked.url.starts_with(&own) && asked.outcome == Outcome::Found)?;
    let same = format!("autodiscover.{}", subject.domain);
    let srv = named.autodiscover().find(|srv| srv.target != same && named.alias() != Some(&srv.target))?;
    Some(finding(
        "autodiscover-places-differ",
        "Autodiscover is in two places",
        format!(
            "_autodiscover._tcp.{} names {}:{}; {} answers, too.",
            subject.domain, srv.target, srv.port, answering.url
        ),
        "Clients that ask in another order find another server: keep one.",
        &answering.url,
    ))
}

/// Autodiscover names another server than the provider's.
fn ews(provider: Option<&Provider>, endpoints: &[FoundEndpoint]) -> Option<Finding> {
    let row = provider?;
    let of_row = row.endpoints().find(|endpoint| endpoint.protocol == Protocol::Ews)?;
    let other = endpoints.iter().find(|found| {
        found.protocol == Protocol::Ews
            && found.endpoint.host != of_row.host
            && found.said_by.iter().any(|said| said.source == Source::Autodiscover)
    })?;
    Some(finding(
        "autodiscover-contradicts-provider",
        "Autodiscover names another server than the provider's",
        format!("{} is what Autodiscover says; {} has {}.", other.url, row.title, of_row.url()),
        "In a hybrid the mailbox may be on premises: check where it is before the cutover.",
        &other.url,
    ))
}

fn two_providers(subject: &Subject, named: &Named) -> Option<Finding> {
    let of_alias = providers::of_alias(named.alias()?)?;
    let (mx, of_mx) =
        named.exchangers().iter().map(|mx| (mx, providers::of_mx(mx))).find(|(_, rows)| !rows.is_empty())?;
    if of_mx.iter().any(|row| row.name == of_alias.name) {
        return None;
    }
    let rows: Vec<&str> = of_mx.iter().map(|row| row.name).collect();
    Some(Finding {
        endpoint: None,
        ..finding(
            "providers-differ",
            "Mail goes to one provider, and Autodiscover to another",
            format!(
                "Mail for {} goes to {mx} ({}); autodiscover.{} is an alias of {} ({}).",
                subject.domain,
                rows.join(" or "),
                subject.domain,
                named.alias().unwrap_or_default(),
                of_alias.name
            ),
            "Correct the one that is left from before a move.",
            "",
        )
    })
}

fn finding(id: &str, title: &str, explanation: String, remedy: &str, url: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        severity: Severity::Warning,
        title: title.to_owned(),
        explanation,
        remedy: remedy.to_owned(),
        endpoint: Some(url.to_owned()),
        evidence: None,
    }
}
