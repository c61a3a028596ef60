//! imapflow reads and nodemailer sends as the scenario says, and as our own check found.

use std::process::Command;

use crate::checked::{check, verdict};
use crate::tenant::{ALICE, PASSWORD, TOKEN, Tenant, installed};

const DOORS: [&str; 4] = ["imap", "imaps", "smtp", "smtps"];

/// What the clients say of every door, a line for each login: `DOOR KIND VERDICT`.
fn logins(tenant: &Tenant, password: &str, token: &str) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rehearse/node/clients.js");
    let mut node = Command::new("node");
    node.env("NODE_PATH", installed("rehearse_node_tree") + "/node_modules").args([
        script,
        &tenant.file("ca.pem"),
        ALICE,
        password,
        token,
    ]);
    node.args(DOORS.map(|door| format!("{door}={}", tenant.port(door))));
    let output = node.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The verdicts of a scenario: reading with a password, with a token; sending with a password, with a token.
struct Row(&'static str, &'static str, [&'static str; 4]);

const ROWS: [Row; 5] = [
    Row("before-cutover", PASSWORD, ["in", "in", "in", "in"]),
    Row("exchange-online-today", PASSWORD, ["out", "in", "in", "in"]),
    Row("smtp-auth-off-2027", PASSWORD, ["out", "in", "out", "in"]),
    Row("gmail", "abcdefghijklmnop", ["in", "in", "in", "in"]),
    Row("authenticated-but-not-connected", PASSWORD, ["out", "in, not connected", "in", "in"]),
];

#[test]
fn imapflow_and_nodemailer_get_in_where_the_scenario_and_our_check_say_so() {
    for Row(scenario, password, [read, read_by_token, send, send_by_token]) in ROWS {
        let tenant = Tenant::of(scenario);
        let said = logins(&tenant, password, TOKEN);
        let reading =
            |door: &str| [format!("{door} password {read}"), format!("{door} token {read_by_token}")];
        let sending =
            |door: &str| [format!("{door} password {send}"), format!("{door} token {send_by_token}")];
        let expected = [reading("imap"), reading("imaps"), sending("smtp"), sending("smtps")].concat();
        assert_eq!(said, expected, "{scenario}");

        let report = check(&tenant, password, &DOORS.map(|door| tenant.url(door, "")), &[]);
        let found: Vec<String> = DOORS
            .iter()
            .enumerate()
            .flat_map(|(at, door)| ["password", "token"].map(|kind| (at, door, kind)))
            .map(|(at, door, kind)| format!("{door} {kind} {}", verdict(&report, at, kind)))
            .collect();
        assert_eq!(found, said, "{scenario}: our check and the clients");
    }
}

#[test]
fn a_wrong_password_and_a_wrong_token_keep_imapflow_and_nodemailer_out_of_every_door() {
    for scenario in ["before-cutover", "gmail"] {
        let said = logins(&Tenant::of(scenario), "wrong", "not a token");
        let expected =
            DOORS.map(|door| [format!("{door} password out"), format!("{door} token out")]).concat();
        assert_eq!(said, expected, "{scenario}");
    }
}
