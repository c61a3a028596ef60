//! A canary whose target has a credential profile: it gets its tokens from the tenant's own endpoint, which writes down every
//! secret that it was shown. A refused one is not shown again until it is another one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use mailprobe_canary::history::{History, SecretVerdict};
use serde_json::Value;

use crate::tenant::{ALICE, PASSWORD, Tenant, mailprobe};
use crate::watcher::Watcher;
use crate::web_devices::{DAEMON, DAEMON_SECRET, PUBLIC};

fn secret(tenant: &Tenant, name: &str, content: &str) {
    fs::write(tenant.file(name), content).unwrap();
    fs::set_permissions(tenant.file(name), fs::Permissions::from_mode(0o600)).unwrap();
}

/// Watches alice's IMAP often, by a profile with these lines.
fn configure(tenant: &Tenant, of_target: &str, of_profile: &str) {
    let text = format!(
        "interval = \"300ms\"\n[http]\nlisten = \"127.0.0.1:0\"\n[network]\nca_file = \"ca.pem\"\nfamily = \"ipv4\"\n\
         [limits]\nrecheck = \"100ms\"\n[oauth.tenant]\nissuer = \"{}\"\n{of_profile}\n\
         [[target]]\nname = \"alice\"\nmailbox = \"{ALICE}\"\nendpoints = [\"{}\"]\noauth = \"tenant\"\n{of_target}\n",
        tenant.url("https", "/11111111-2222-4333-8444-555555555555/v2.0"),
        tenant.url("imaps", ""),
    );
    fs::write(tenant.file("canary.toml"), text).unwrap();
}

fn canary(tenant: &Tenant) -> Watcher {
    Watcher::begin(mailprobe(tenant.state()).args(["canary", "--config", &tenant.file("canary.toml")]))
}

/// The state of a cell of alice's, as soon as it is that.
fn until(canary: &Watcher, method: &str, state: &str) {
    canary.until(|canary| {
        let target: Value = canary.json("/api/v1/targets/alice");
        let cells = target["cells"].as_array().unwrap();
        cells
            .iter()
            .any(|cell| cell["key"]["method"] == method && cell["cell"]["state"] == state)
            .then_some(())
    });
}

/// How the endpoint answered each request for a token, over all connections.
fn answers(mut tenant: Tenant) -> Vec<String> {
    let ended = tenant.end();
    assert!(!ended.everything().contains(DAEMON_SECRET) && !ended.everything().contains(PASSWORD));
    let connections = ended.report["connections"].as_array().unwrap().iter();
    let commands = connections.flat_map(|connection| connection["commands"].as_array().unwrap());
    let asked = commands.filter_map(|command| command.as_str().unwrap().split_once("/oauth2/v2.0/token: "));
    asked.map(|(_, status)| status.to_owned()).collect()
}

/// What the canary's history knows of secrets.
fn known(tenant: &Tenant) -> Vec<SecretVerdict> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let history = History::open(&format!("sqlite:{}", tenant.file("canary.db"))).await.unwrap();
        let known = history.secrets().await.unwrap().iter().map(|row| row.verdict).collect();
        history.close().await;
        known
    })
}

#[test]
fn an_application_shows_its_secret_once_for_a_token_that_lasts_and_a_refused_one_not_again() {
    let tenant = Tenant::of("exchange-online-today");
    secret(&tenant, "secret", "not-the-secret");
    let profile = format!(
        "client_id = \"{DAEMON}\"\nflow = \"client-credentials\"\nclient_secret_file = \"secret\"\n\
         scopes = [\"https://outlook.office365.com/.default\"]"
    );
    configure(&tenant, "", &profile);
    let watching = canary(&tenant);
    watching.visits(6);
    secret(&tenant, "secret", DAEMON_SECRET);
    until(&watching, "XOAUTH2", "usable");
    watching.visits(6);
    watching.end();
    assert_eq!(answers(tenant), ["401", "200"]);
}

#[test]
fn a_password_that_the_issuer_refuses_is_shown_to_nobody_else_and_never_again_restarts_included() {
    let tenant = Tenant::of("before-cutover");
    secret(&tenant, "password", "wrong every time");
    let profile = format!(
        "client_id = \"{PUBLIC}\"\nflow = \"password\"\nscopes = [\"https://outlook.office.com/IMAP.AccessAsUser.All\"]"
    );
    configure(&tenant, "password_file = \"password\"", &profile);
    for _ in 0..2 {
        let watching = canary(&tenant);
        watching.visits(6);
        let target = watching.json("/api/v1/targets/alice");
        let tried = |cell: &Value| cell["cell"]["state"] != "not-tried" && cell["key"]["method"] != "-";
        let cells = target["cells"].as_array().unwrap();
        assert!(!cells.iter().any(|cell| cell["cell"]["state"] == "refused" && tried(cell)), "{target}");
        watching.end();
        assert_eq!(known(&tenant), [SecretVerdict::Refused]);
    }
    secret(&tenant, "password", PASSWORD);
    let watching = canary(&tenant);
    until(&watching, "XOAUTH2", "usable");
    until(&watching, "PLAIN", "usable");
    watching.end();
    assert_eq!(answers(tenant), ["400", "200"]);
}
