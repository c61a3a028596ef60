//! An answer that points elsewhere: the place is looked at once, without a credential.

use std::sync::{Arc, Mutex};

use mailprobe_probes::model::{Login, Report, Secret};
use mailprobe_probes::probe::{OpenGate, Options, Tools};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{CancellationToken, Override, Resolver, ResolverSettings, Tls};
use mailprobe_run::plan::{Beforehand, Family, Limits, Network, Plan, Visit as PlannedVisit};
use mailprobe_run::{self as run, Progress};

use crate::support::{PASSWORD, Script, Server, USER, root};

/// Checks an ActiveSync endpoint at a server that answers every request like this; gives the report, and every
/// request as host and authorization.
fn checked(answer: fn(&str) -> String) -> (Report, Vec<(String, String)>) {
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let asked = Arc::clone(&seen);
    let scripts = move |_| {
        let asked = Arc::clone(&asked);
        Some(Script::new().tls().web(move |head, _| {
            let field = |name: &str| {
                let found = head.lines().find_map(|line| line.strip_prefix(name));
                found.unwrap_or_default().to_owned()
            };
            asked.lock().unwrap().push((field("Host: "), field("Authorization: ")));
            answer(head).into_bytes()
        }))
    };
    let server =
        Server::new(Box::new(scripts), Some(64 * 1024), Arc::new(|bytes: &[u8]| vec![bytes.to_vec()]));
    let at = |host: &str| Override { host: host.into(), port: None, address: [127, 0, 0, 1].into() };
    let settings = ResolverSettings {
        overrides: vec![at("imap.example.com"), at("eas.example.net")],
        ..Default::default()
    };
    let tools = Tools {
        resolver: Arc::new(Resolver::new(settings)),
        dialer: server,
        tls: Tls::new(Some(&[root()])).unwrap(),
        mechanisms: Registry::standard(),
        schemes: Schemes::standard(),
        gate: Arc::new(OpenGate),
        cancel: CancellationToken::new(),
    };
    let login = Login { authcid: USER.into(), password: Some(Secret::new(PASSWORD)), ..Login::default() };
    let plan = Plan {
        visits: vec![PlannedVisit {
            mailbox: USER.into(),
            login: Arc::new(login),
            endpoints: vec!["eas://imap.example.com".parse().unwrap()],
            options: Options { insecure: true, ..Options::default() },
            beforehand: Beforehand::default(),
        }]
        .into(),
        limits: Limits { run: 8, per_host: 8, per_mailbox: 8 },
        budget: 1,
        budget_is_default: true,
        browser: false,
        network: Network {
            overrides: Vec::new(),
            dns_server: None,
            source_address: None,
            family: Family::Any,
            all_addresses: false,
            ca_certs: None,
            proxy: None,
        },
        expectations: Vec::new(),
        policies: Vec::new(),
        at: None,
        notes: Vec::new(),
    };
    let mut reports = Vec::new();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let progress = Progress::new(1, false);
    let run = run::run(&plan, &tools, &progress, |_, report| reports.push(report));
    runtime.block_on(run).unwrap();
    let requests = seen.lock().unwrap().clone();
    (reports.pop().unwrap(), requests)
}

fn answer(head: &str, location: &str) -> String {
    if head.contains("Authorization: Basic") {
        return format!("HTTP/1.1 451 Redirect\r\nX-MS-Location: {location}\r\nContent-Length: 0\r\n\r\n");
    }
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n".to_owned()
}

#[test]
fn the_place_is_asked_what_it_takes_and_shown_no_secret() {
    let (report, requests) =
        checked(|head| answer(head, "https://eas.example.net/Microsoft-Server-ActiveSync"));
    let urls: Vec<&str> = report.endpoints.iter().map(|endpoint| endpoint.url.as_str()).collect();
    assert_eq!(urls[1], "eas://eas.example.net:443/Microsoft-Server-ActiveSync");
    assert!(!report.endpoints[1].advertised.is_empty(), "{:#?}", report.endpoints[1].failure);
    let there: Vec<&str> = requests
        .iter()
        .filter(|(host, _)| host == "eas.example.net")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(there, ["", "Bearer"], "one request without the field, one with an empty one");
}

#[test]
fn a_place_without_tls_and_the_place_one_came_from_are_not_visited() {
    for check in [
        checked(|head| answer(head, "http://eas.example.net/")),
        checked(|head| answer(head, "https://imap.example.com/Microsoft-Server-ActiveSync")),
        checked(|head| answer(head, "/elsewhere")),
    ] {
        assert_eq!(check.0.endpoints.len(), 1, "{:?}", check.1);
    }
}
