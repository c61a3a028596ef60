//! What our own check finds, in the words of the clients that are not ours.

use mailprobe_probes::model::{Endpoint, Method};
use serde_json::Value;

use crate::tenant::{ALICE, TOKEN, Tenant, mailprobe};

/// What clients log in with a password by, and with a token.
const BY_PASSWORD: &[&str] = &["PLAIN", "LOGIN", "LOGIN-COMMAND", "Basic"];
const BY_TOKEN: &[&str] = &["XOAUTH2", "Bearer"];

/// Those of `methods` that an endpoint among `urls` knows: any other is a mistake.
pub(crate) fn known_at(urls: &[String], methods: &[&str]) -> String {
    let endpoints: Vec<Endpoint> = urls.iter().map(|url| url.parse().unwrap()).collect();
    let known = |name: &&&str| endpoints.iter().any(|at| Method::from_name(name).is_of(at.protocol));
    methods.iter().filter(known).copied().collect::<Vec<_>>().join(",")
}

/// The report of a check of `endpoints` as alice, with her password and her token.
pub(crate) fn check(tenant: &Tenant, password: &str, endpoints: &[String], more: &[&str]) -> Value {
    let mut check = mailprobe(tenant.state());
    check.env("PW", password).env("TOKEN", TOKEN);
    check.args(["check", ALICE, "--password-env", "PW", "--token-env", "TOKEN", "--attempt-budget", "100"]);
    check.args(["--methods", &known_at(endpoints, &[BY_PASSWORD, BY_TOKEN].concat())]).args(more);
    check.args(["--ca-file", &tenant.file("ca.pem"), "--resolve", "localhost:127.0.0.1", "-o", "json"]);
    check.args(endpoints.iter().flat_map(|endpoint| ["--endpoint", endpoint]));
    let output = check.output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The verdict of a client that logs in at the endpoint with what is `kind`, if it uses whatever works.
pub(crate) fn verdict(report: &Value, endpoint: usize, kind: &str) -> &'static str {
    let methods = if kind == "password" { BY_PASSWORD } else { BY_TOKEN };
    let endpoint = &report["endpoints"][endpoint];
    assert_eq!(endpoint["failure"], Value::Null, "{endpoint}");
    let attempts = endpoint["attempts"].as_array().unwrap();
    let by_it = attempts.iter().filter(|attempt| methods.contains(&attempt["method"].as_str().unwrap()));
    let opened: Vec<&Value> =
        by_it.filter(|attempt| attempt["outcome"] == "accepted").map(|attempt| &attempt["usable"]).collect();
    match opened[..] {
        [] => "out",
        _ if opened.contains(&&Value::Bool(true)) => "in",
        _ => "in, not connected",
    }
}
