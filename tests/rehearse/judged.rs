//! Each scenario as a user sees it: the cause that leads in every cell, what the fitting policies say of it, and which
//! devices stop and why. The table is in `states/`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::checked::known_at;
use crate::states::{STATES, State};
use crate::tenant::{Tenant, mailprobe};
use crate::web_devices::{PUBLIC, token};

const METHODS: &str = "PLAIN,LOGIN,LOGIN-COMMAND,USER-PASS,XOAUTH2,Basic,Bearer";

fn ask(tenant: &Tenant, state: &State, token: &str, schemes: &[&str], methods: &str) -> (i32, Value) {
    let (address, password, _) = state.mailbox;
    let mut check = mailprobe(tenant.state());
    check.env("PW", password).env("TOKEN", token);
    check.args(["check", address, "--password-env", "PW", "--token-env", "TOKEN", "--attempt-budget", "100"]);
    check.args(["--ca-file", &tenant.file("ca.pem"), "--resolve", "localhost:127.0.0.1"]);
    let url = |scheme: &&str| {
        let door = if ["ews", "eas", "autodiscover"].contains(scheme) { "https" } else { scheme };
        format!("{scheme}://localhost:{}", tenant.port(door))
    };
    let endpoints: Vec<String> = schemes.iter().map(url).collect();
    let methods = known_at(&endpoints, &methods.split(',').collect::<Vec<_>>());
    check.args(["--methods", &methods, "--activesync-post", "--tls-versions", "-o", "json"]);
    check.args(endpoints.iter().flat_map(|endpoint| ["--endpoint", endpoint]));
    let output = check.output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), report)
}

/// `imap PLAIN` -> `usable`, `accepted`, or what became of it and the cause that leads.
fn cells(report: &Value) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::new();
    for endpoint in report["endpoints"].as_array().unwrap() {
        assert_eq!(endpoint["failure"], Value::Null, "{}", endpoint["url"]);
        let attempts = endpoint["attempts"].as_array().unwrap().iter();
        for attempt in attempts.filter(|attempt| attempt["outcome"] != "not-tried") {
            let lead = attempt["causes"].get(0).and_then(Value::as_str).unwrap_or_default();
            let seen = match (attempt["outcome"].as_str().unwrap(), attempt["usable"].as_bool()) {
                ("accepted", Some(true)) => "usable".to_owned(),
                ("accepted", Some(false)) => format!("shut: {lead}"),
                ("accepted", None) => "accepted".to_owned(),
                (outcome, _) => format!("{outcome}: {lead}"),
            };
            let cell =
                format!("{} {}", endpoint["protocol"].as_str().unwrap(), attempt["method"].as_str().unwrap());
            cells.insert(cell, seen);
        }
    }
    cells
}

/// What the token endpoint gives for the password and every scope.
fn issued(tenant: &Tenant, state: &State) -> Value {
    let scopes = ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"];
    let scopes = scopes.into_iter().chain(["EWS.AccessAsUser.All", "EAS.AccessAsUser.All"]);
    let scopes: Vec<String> = scopes.map(|scope| format!("https://outlook.office.com/{scope}")).collect();
    let (address, password, _) = state.mailbox;
    let form = [
        ("grant_type", "password"),
        ("client_id", PUBLIC),
        ("username", address),
        ("password", password),
        ("scope", &scopes.join(" ")),
    ];
    token(tenant, &form)
}

/// Every cause that a cell names.
fn names<'r>(report: &'r Value, cell: &str) -> Vec<&'r str> {
    let (protocol, method) = cell.split_once(' ').unwrap();
    let endpoints = report["endpoints"].as_array().unwrap();
    let endpoint = endpoints.iter().find(|endpoint| endpoint["protocol"] == protocol).unwrap();
    let attempts = endpoint["attempts"].as_array().unwrap();
    let attempt = attempts.iter().find(|attempt| attempt["method"] == method).unwrap();
    attempt["causes"].as_array().unwrap().iter().map(|cause| cause.as_str().unwrap()).collect()
}

/// What a command that reads a stored report says of it.
fn read(tenant: &Tenant, arguments: &[&str]) -> (i32, Value) {
    let output = mailprobe(tenant.state()).args(arguments).output().unwrap();
    let said = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), said)
}

/// `protocol/rule` of what is not met and decides.
fn unmet(report: &Value) -> Vec<String> {
    let rules = report["verdict"]["rules"].as_array().unwrap().iter();
    let failed = rules.filter(|rule| rule["status"] == "fail" && rule["severity"] != "info");
    let mut names: Vec<String> = failed
        .map(|rule| {
            let protocol = rule["rule"].as_str().unwrap().split('/').next().unwrap();
            format!("{protocol}/{}", rule["origin"]["id"].as_str().unwrap())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Everything of a state that is otherwise than written, so that one run shows a whole change of words.
fn departures(state: &State) -> Vec<String> {
    let mut found = Vec::new();
    let mut differs = |place: String, seen: &dyn std::fmt::Debug, wanted: &dyn std::fmt::Debug| {
        let (seen, wanted) = (format!("{seen:?}"), format!("{wanted:?}"));
        if seen != wanted {
            found.push(format!("{place}: {seen}, where {wanted} is right"));
        }
    };
    let name = state.scenario;
    let tenant = Tenant::of(name);
    if name == "throttled" {
        // Three logins are looked at, and this takes them.
        let (status, first) = ask(&tenant, state, state.mailbox.2, &["imaps"], "PLAIN,LOGIN-COMMAND,XOAUTH2");
        let usable = cells(&first).values().filter(|seen| *seen == "usable").count();
        assert_eq!((status, usable), (0, 3), "{first}");
    }
    let (_, mut report) = ask(&tenant, state, state.mailbox.2, state.doors, METHODS);
    let wanted: BTreeMap<String, String> = state
        .cells
        .iter()
        .flat_map(|table| table.iter())
        .map(|(cell, seen)| ((*cell).to_owned(), (*seen).to_owned()))
        .collect();
    let seen = cells(&report);
    for cell in seen.keys().chain(wanted.keys()).collect::<BTreeSet<_>>() {
        differs(format!("{name}, {cell}"), &seen.get(cell), &wanted.get(cell));
    }
    for (cell, cause) in state.among {
        differs(format!("{name}, {cell}, named"), &names(&report, cell).contains(cause), &true);
    }
    if let Some(grant) = state.grant {
        let answer = issued(&tenant, state);
        let own = answer["access_token"].as_str();
        let said = own.map_or_else(|| answer["error_description"].as_str().unwrap(), |_| "a token");
        differs(format!("{name}, token endpoint"), &said.split(':').next().unwrap(), &grant);
        // A token that the tenant issues is worth what the one in the scenario is, in every cell.
        if let Some(own) = own {
            let again = cells(&ask(&tenant, state, own, state.doors, METHODS).1);
            differs(format!("{name}, with a token of its own endpoint"), &again, &seen);
        }
    }
    // As if it had been checked on that day, so that what is announced for later stays later.
    report["started_at"] = format!("{}T12:00:00Z", state.day).into();
    let path = tenant.file("checked.json");
    std::fs::write(&path, report.to_string()).unwrap();
    for (policy, at, wanted) in state.verdicts {
        let (status, judged) = read(&tenant, &["judge", &path, "--policy", policy, "--at", at, "-o", "json"]);
        let place = format!("{name}, {policy} at {at}");
        differs(place.clone(), &unmet(&judged), wanted);
        let expected = if wanted.is_empty() { state.exit } else { 1 };
        differs(format!("{place}, exit status"), &status, &expected);
    }
    let policy = state.verdicts[0].0;
    let (_, devices) = read(&tenant, &["devices", &path, "--policy", policy, "-o", "json"]);
    for (id, standing, why) in state.devices {
        let list = devices[0]["devices"].as_array().unwrap();
        let device = list.iter().find(|device| device["device"] == *id).unwrap();
        differs(format!("{name}, {id}"), &device["standing"].as_str().unwrap(), standing);
        let places = device["places"].to_string();
        differs(format!("{name}, {id}, why: {places}"), &places.contains(why).then_some(why), &Some(why));
    }
    found
}

#[test]
fn every_scenario_gets_the_causes_the_verdict_and_the_devices_that_a_user_acts_on() {
    let found: Vec<String> = STATES.iter().copied().flatten().flat_map(departures).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_table_has_every_shipped_scenario() {
    for shipped in mailprobe_rehearse::scenario::SHIPPED {
        assert!(
            STATES.iter().copied().flatten().any(|state| state.scenario == shipped.name),
            "{}",
            shipped.name
        );
    }
}
