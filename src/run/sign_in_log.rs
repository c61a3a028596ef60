//! Where a run's logins stand in Entra's sign-in log: the names it knows the protocols by, and the request ids that
//! a support case is found by.

use mailprobe_probes::model::{EndpointReport, Finding, Kind, Outcome, Report, Severity};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;

/// One finding for a report in which a Microsoft front end was logged in to.
pub(super) fn filter(report: &Report) -> Option<Finding> {
    let microsoft: Vec<&EndpointReport> = report
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.is_microsoft_cloud() && was_presented(endpoint))
        .collect();
    let mut apps: Vec<&str> = Vec::new();
    let mut tokens = false;
    for endpoint in &microsoft {
        let kinds = presented(endpoint);
        if kinds.contains(&Kind::Password) && !apps.contains(&endpoint.protocol.sign_in_name()) {
            apps.push(endpoint.protocol.sign_in_name());
        }
        tokens |= kinds.contains(&Kind::Token);
    }
    if tokens {
        // Tokens are issued to an app; the protocol they are used over is not in the log.
        apps.push("Mobile Apps and Desktop clients");
    }
    if apps.is_empty() {
        return None;
    }
    let mut ids: Vec<&str> = microsoft
        .iter()
        .flat_map(|endpoint| &endpoint.facts)
        .filter(|fact| fact.name == "request-id")
        .map(|fact| fact.value.as_str())
        .collect();
    ids.dedup();
    let ids = if ids.is_empty() { String::new() } else { format!(" Request ids: {}.", ids.join(", ")) };
    Some(Finding {
        id: "sign-in-log".into(),
        severity: Severity::Info,
        title: "These logins are in the tenant's sign-in log".into(),
        explanation: format!(
            "User {}, from {} on, client app {}.{ids}",
            report.mailbox,
            report.started_at,
            apps.join(" or ")
        ),
        remedy: "Entra admin center, Sign-in logs: add the filters User, Date and Client app; the entry's failure \
                 reason says which rule decided."
            .into(),
        endpoint: None,
        evidence: None,
    })
}

fn was_presented(endpoint: &EndpointReport) -> bool {
    !presented(endpoint).is_empty()
}

/// What kinds of secret an endpoint was shown.
fn presented(endpoint: &EndpointReport) -> Vec<Kind> {
    let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
    let tried =
        endpoint.attempts.iter().filter(|attempt| !matches!(attempt.outcome, Outcome::NotTried { .. }));
    let kind = |method| mechanisms.kind(method).or_else(|| schemes.kind(method));
    tried.filter_map(|attempt| kind(&attempt.method)).collect()
}

#[cfg(test)]
mod tests {
    use mailprobe_probes::model::{Attempt, Endpoint, Fact, LineRange, Method, Reply, Session};

    use super::*;

    fn endpoint(url: &str, method: Method) -> EndpointReport {
        let mut report = EndpointReport::new(&url.parse::<Endpoint>().unwrap());
        let evidence = LineRange::new(1, 1);
        let reply = Reply { status: "200".into(), code: None, enhanced: None, text: String::new() };
        report.attempts.push(Attempt {
            method,
            advertised: true,
            initial_response: None,
            outcome: Outcome::Accepted { reply, evidence, session: Session::Opened { evidence } },
            elapsed_ms: 1,
            connection: 1,
            quirks: Vec::new(),
        });
        report
    }

    fn explanation(endpoints: Vec<EndpointReport>) -> Option<String> {
        let mut report = crate::run::mailbox::empty_report("alice@contoso.com");
        report.endpoints = endpoints;
        filter(&report).map(|finding| finding.explanation)
    }

    #[test]
    fn protocols_are_named_as_the_log_names_them_with_the_ids_that_were_told() {
        let mut ews = endpoint("ews://outlook.office365.com", Method::http("Bearer"));
        let evidence = LineRange::new(1, 1);
        ews.facts.push(Fact { name: "request-id".into(), value: "5cd2".into(), evidence });
        let imap = endpoint("imaps://outlook.office365.com", Method::sasl("PLAIN"));
        let said = explanation(vec![imap, ews]).unwrap();
        assert!(said.contains("IMAP4 or Mobile Apps and Desktop clients") && said.contains("5cd2"), "{said}");
    }

    #[test]
    fn a_server_that_is_not_microsofts_has_no_such_log() {
        assert_eq!(explanation(vec![endpoint("imaps://imap.example.com", Method::sasl("PLAIN"))]), None);
    }
}
