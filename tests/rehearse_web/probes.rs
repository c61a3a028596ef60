//! curl and this program's own probes against the tenant.

use mailprobe_probes::model::{Cause, Protocol};
use mailprobe_rehearse::web::serve::Limits;
use mailprobe_rehearse::web::{Policy, SecretKind};
use serde_json::Value;

use crate::kit::{PASSWORD, Tenant, USER, ca, output, run};

const SCOPES: &str =
    "https://outlook.office.com/EWS.AccessAsUser.All https://outlook.office.com/EAS.AccessAsUser.All";
const GET_INBOX: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
    xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\" \
    xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\"><s:Body><m:GetFolder><m:FolderShape>\
    <t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></m:FolderIds>\
    </m:GetFolder></s:Body></s:Envelope>";

/// Status and header of what curl gets.
fn curl(tenant: &Tenant, path: &str, more: &[&str]) -> String {
    let (ca, url) = (ca(), tenant.web(path));
    run("curl", &[&["-s", "-i", "--cacert", &ca, &url], more].concat())
}

/// A report of `check` on one endpoint.
fn check(tenant: &Tenant, endpoint: &str, token: &str, more: &[&str]) -> Value {
    let ca = ca();
    let arguments = [
        "check",
        USER,
        "--endpoint",
        endpoint,
        "--ca-file",
        &ca,
        "--resolve",
        "localhost:127.0.0.1",
        "--password-env",
        "PW",
        "--token-env",
        "TOKEN",
        "-o",
        "json",
    ];
    let env = [("PW", PASSWORD), ("TOKEN", token)];
    let output = output(env!("CARGO_BIN_EXE_mailprobe"), &[&arguments, more].concat(), &env);
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let _ = tenant;
    report
}

/// Outcome and usability of a method.
fn cell(report: &Value, method: &str) -> (String, Value) {
    let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
    let attempt = attempts.iter().find(|attempt| attempt["method"] == method);
    let attempt = attempt.unwrap_or_else(|| panic!("no {method}: {report:#}"));
    (attempt["outcome"].as_str().unwrap().to_owned(), attempt["usable"].clone())
}

#[test]
fn curl_opens_ews_with_a_password_and_with_a_token_over_tls() {
    let tenant = Tenant::new();
    let post = ["-H", "Content-Type: text/xml; charset=utf-8", "--data", GET_INBOX];
    let login = format!("{USER}:{PASSWORD}");
    let said = curl(&tenant, "/EWS/Exchange.asmx", &[&post[..], &["--user", &login]].concat());
    assert!(said.starts_with("HTTP/1.1 200 OK") && said.contains("NoError"), "{said}");
    let token = format!("Authorization: Bearer {}", tenant.token(SCOPES));
    let said = curl(&tenant, "/ews/exchange.asmx", &[&post[..], &["-H", &token]].concat());
    assert!(said.starts_with("HTTP/1.1 200 OK") && said.contains("NoError"), "{said}");
    let wrong =
        curl(&tenant, "/EWS/Exchange.asmx", &[&post[..], &["--user", "alice@contoso.example:x"]].concat());
    assert!(wrong.starts_with("HTTP/1.1 401 Unauthorized"), "{wrong}");
    assert!(wrong.contains("Bearer client_id=") && wrong.contains("Basic Realm=\"\""), "{wrong}");
    let seen = tenant.seen();
    let matched: Vec<_> = seen
        .iter()
        .filter(|seen| seen.protocol == Some(Protocol::Ews))
        .map(|seen| seen.secret.map(|secret| (secret.kind, secret.matched)))
        .collect();
    assert_eq!(
        matched,
        [
            Some((SecretKind::Password, Some(true))),
            Some((SecretKind::Token, Some(true))),
            Some((SecretKind::Password, Some(false)))
        ]
    );
    assert!(seen.iter().all(|seen| seen.user_agent.as_deref().unwrap_or_default().starts_with("curl/")));
    assert!(!format!("{seen:?}").contains(PASSWORD));
}

#[test]
fn a_token_for_graph_is_refused_with_the_reason_in_the_header() {
    let tenant = Tenant::new();
    let token = format!("Authorization: Bearer {}", tenant.token("User.Read"));
    let said = curl(&tenant, "/EWS/Exchange.asmx", &["-H", &token, "--data", GET_INBOX]);
    let lower = said.to_lowercase();
    assert!(said.starts_with("HTTP/1.1 401") && lower.contains("x-ms-diagnostics: 2000003;"), "{said}");
}

#[test]
fn our_own_probe_finds_both_open_before_the_cutover() {
    let tenant = Tenant::new();
    let token = tenant.token(SCOPES);
    let report = check(&tenant, &format!("ews://localhost:{}", tenant.https), &token, &[]);
    for method in ["Basic", "Bearer"] {
        assert_eq!(cell(&report, method), ("accepted".to_owned(), Value::Bool(true)), "{method}: {report:#}");
    }
    let report = check(&tenant, &format!("autodiscover://localhost:{}", tenant.https), &token, &[]);
    for method in ["Basic", "Bearer"] {
        assert_eq!(cell(&report, method).0, "accepted", "{method}: {report:#}");
    }
}

#[test]
fn our_own_probe_finds_basic_offered_and_refused_after_the_cutover() {
    let tenant = Tenant::with(Cause::BasicDisabled, |_| {}, Limits::default());
    let report = check(&tenant, &format!("ews://localhost:{}", tenant.https), &tenant.token(SCOPES), &[]);
    assert_eq!(cell(&report, "Basic").0, "refused", "{report:#}");
    assert_eq!(cell(&report, "Bearer"), ("accepted".to_owned(), Value::Bool(true)));
    let offers = report["endpoints"][0]["advertised"][0]["offers"].as_array().unwrap();
    let offered: Vec<_> = offers.iter().map(|offer| offer["method"].as_str().unwrap()).collect();
    assert_eq!(offered, ["Bearer", "Basic"]);
}

#[test]
fn our_own_probe_takes_the_policy_and_then_sees_the_folders() {
    let tenant =
        Tenant::with(Cause::Accepted, |site| site.activesync.policy = Policy::Status, Limits::default());
    let endpoint = format!("eas://localhost:{}", tenant.https);
    let token = tenant.token(SCOPES);
    let only = check(&tenant, &endpoint, &token, &[]);
    assert_eq!(cell(&only, "Bearer"), ("accepted".to_owned(), Value::Null), "OPTIONS shows no mailbox");
    let shut = check(&tenant, &endpoint, &token, &["--activesync-post"]);
    assert_eq!(cell(&shut, "Bearer"), ("accepted".to_owned(), Value::Bool(false)), "{shut:#}");
    let opened = check(&tenant, &endpoint, &token, &["--activesync-post", "--activesync-provision"]);
    for method in ["Basic", "Bearer"] {
        assert_eq!(cell(&opened, method), ("accepted".to_owned(), Value::Bool(true)), "{opened:#}");
    }
    let commands: Vec<_> = tenant.seen().into_iter().filter_map(|seen| seen.command).collect();
    assert!(commands.contains(&"Provision".to_owned()) && commands.contains(&"FolderSync".to_owned()));
}
