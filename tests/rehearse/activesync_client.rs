//! An `ActiveSync` client with libwbxml's codec sees the folders where the scenario and our own check say so; so does
//! `PyPI`'s, where there is a policy, without which it gives up.

use std::process::Command;

use crate::checked::{check, verdict};
use crate::tenant::{ALICE, PASSWORD, TOKEN, Tenant, client, installed};

/// What the client says, a line for each visit; tests/rehearse/activesync.py tells which.
fn visits(tenant: &Tenant, password: &str, token: &str) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rehearse/activesync.py");
    let (port, ca) = (tenant.port("https").to_string(), tenant.file("ca.pem"));
    let (status, said) = client("/usr/bin/python3", &[script, &port, &ca, ALICE, password, token]);
    assert_eq!(status, 0, "{said}");
    // The tools of libwbxml chat.
    said.lines().filter(|line| !line.contains("succeeded")).map(str::to_owned).collect()
}

/// The versions on offer, and the verdicts of a scenario: with the password in 14.1, in 16.1; with the token likewise.
struct Row(&'static str, &'static str, [&'static str; 4]);

const ROWS: [Row; 3] = [
    Row("before-cutover", "2.5,12.0,12.1,14.0,14.1,16.0,16.1", ["in", "in", "in", "in"]),
    Row("exchange-online-today", "16.1", ["out", "out", "status 138", "in"]),
    Row("eas-16-1-only", "16.1", ["out", "out", "status 138", "in"]),
];

#[test]
fn an_activesync_client_of_another_make_gets_in_where_the_scenario_and_our_check_say_so() {
    for Row(scenario, versions, [old, new, old_by_token, new_by_token]) in ROWS {
        let tenant = Tenant::of(scenario);
        let said = visits(&tenant, PASSWORD, TOKEN);
        let expected = [
            format!("offers {versions}"),
            format!("password 14.1 {old}"),
            format!("password 16.1 {new}"),
            format!("token 14.1 {old_by_token}"),
            format!("token 16.1 {new_by_token}"),
        ];
        assert_eq!(said, expected, "{scenario}");

        // Our check speaks the newest version on offer.
        let endpoint = format!("eas://localhost:{}", tenant.port("https"));
        let report = check(&tenant, PASSWORD, &[endpoint], &["--activesync-post"]);
        for (kind, theirs) in [("password", new), ("token", new_by_token)] {
            assert_eq!(verdict(&report, 0, kind), theirs, "{scenario} {kind}: our check and the client");
        }
        let offered = format!(r#""{versions}""#);
        assert!(report["endpoints"][0]["facts"].to_string().contains(&offered), "{scenario}: {report}");
    }
}

#[test]
fn a_wrong_password_and_a_wrong_token_keep_the_activesync_client_out() {
    let said = visits(&Tenant::of("before-cutover"), "wrong", "not-a-token");
    assert_eq!(said, ["password 14.1 out", "password 16.1 out", "token 14.1 out", "token 16.1 out"]);
}

/// The scenario, with a policy that devices have to take before anything else.
fn with_policy(scenario: &str) -> Tenant {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("policy.toml");
    std::fs::write(&path, format!("extends = \"{scenario}\"\n\n[site.activesync]\npolicy = \"status\"\n"))
        .unwrap();
    Tenant::with(path.to_str().unwrap(), &["--ca-out", "CA"])
}

#[test]
fn where_a_policy_is_demanded_both_activesync_clients_take_it_and_get_in() {
    let tenant = with_policy("before-cutover");
    let said = visits(&tenant, PASSWORD, TOKEN);
    assert_eq!(said[1..], ["password 14.1 in", "password 16.1 in", "token 14.1 in", "token 16.1 in"]);
    assert_eq!(pyactivesync(&tenant, PASSWORD), "in");
    assert_eq!(pyactivesync(&tenant, "wrong"), "out");
    assert_eq!(pyactivesync(&with_policy("exchange-online-today"), PASSWORD), "out");
}

/// The verdict of the package.
fn pyactivesync(tenant: &Tenant, password: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rehearse/pyactivesync_client.py");
    let mut python = Command::new(installed("pyactivesync_tree") + "/bin/python");
    python.env("REQUESTS_CA_BUNDLE", tenant.file("ca.pem"));
    let output = python.args([script, &tenant.port("https").to_string(), ALICE, password]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned()
}
