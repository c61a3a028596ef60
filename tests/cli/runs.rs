//! Whole runs against the lab.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::host::Host;
use crate::lab;
use crate::tool::{check, mailprobe, outcome};

#[test]
fn the_exit_status_tells_what_the_matrix_tells() {
    let modern = lab::imaps("modern");
    let opens = check(&modern, &["--password-env", "PW", "--methods", "PLAIN"]).say();
    assert_eq!(opens.status, 0, "{}", opens.out);
    let refused =
        check(&modern, &["--password-env", "WRONG", "--methods", "PLAIN"]).env("WRONG", "wrong").say();
    assert_eq!(refused.status, 1, "{}", refused.out);
    let outage = check(&lab::imaps("outage"), &["--password-env", "PW", "--methods", "PLAIN"]).say();
    assert_eq!(outage.status, 3, "{}", outage.out);
    let nobody = check("imaps://127.0.10.99:1", &["--password-env", "PW"]).say();
    assert_eq!(nobody.status, 3, "{}", nobody.out);
    let budget =
        check(&modern, &["--password-env", "PW", "--methods", "PLAIN", "--attempt-budget", "0"]).say();
    assert_eq!(budget.status, 4, "{}", budget.out);
}

#[test]
fn the_versions_of_tls_are_told_where_they_are_asked_for() {
    let endpoint = lab::imap("modern");
    let said = check(&endpoint, &["--advertised-only", "--tls-versions"]).say();
    assert!(said.out.contains("\n  TLS accepted: 1.2 1.3 (1.0, 1.1 refused)\n"), "{}{}", said.out, said.err);
    let report = check(&endpoint, &["--stop-after", "connect", "--tls-versions", "-o", "json"]).say().json();
    let asked = report["endpoints"][0]["tls_versions"].as_array().unwrap();
    let facts: Vec<_> =
        asked.iter().map(|one| (one["version"].as_str().unwrap(), &one["accepted"])).collect();
    let (yes, no) = (serde_json::json!(true), serde_json::json!(false));
    assert_eq!(facts, [("TLSv1.0", &no), ("TLSv1.1", &no), ("TLSv1.2", &yes), ("TLSv1.3", &yes)]);
    let silent = check(&endpoint, &["--advertised-only", "-o", "json"]).say().json();
    assert_eq!(silent["endpoints"][0]["tls_versions"], serde_json::json!([]));
}

#[test]
fn an_expected_refusal_is_a_pass() {
    let cutover = lab::imaps("cutover");
    let secrets = ["--password-env", "PW", "--token-env", "TOKEN"];
    let met = [&secrets[..], &["--expect", "PLAIN=refused", "--expect", "XOAUTH2=usable"]].concat();
    assert_eq!(check(&cutover, &met).say().status, 0);
    let unmet = [&secrets[..], &["--expect", "PLAIN=usable"]].concat();
    let said = check(&cutover, &unmet).say();
    assert_eq!(said.status, 1);
    assert!(said.out.contains("✗ PLAIN=usable"), "{}", said.out);
}

#[test]
fn json_is_as_the_published_schema_says_and_reads_back_to_the_same_matrix() {
    let arguments = ["--password-env", "PW", "--token-env", "TOKEN", "-o", "json"];
    let report = check(&lab::imap("modern"), &arguments).say().json();
    let schema: serde_json::Value = mailprobe(&["schema"]).say().json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((report["schema"].as_u64(), report["mailbox"].as_str()), (Some(1), Some("alice@lab.test")));
    for attempt in report["endpoints"][0]["attempts"].as_array().unwrap() {
        if attempt["outcome"] == "accepted" {
            let lines: Vec<u64> =
                attempt["evidence"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
            let transcript = report["endpoints"][0]["transcript"].as_array().unwrap();
            let last = transcript.iter().find(|line| line["n"] == lines[1]).unwrap();
            assert!(last["text"].as_str().unwrap().contains("OK"), "evidence points at the answer: {last}");
        }
    }
    let stored: mailprobe_probes::model::Report = serde_json::from_value(report.clone()).unwrap();
    assert_eq!(serde_json::to_value(&stored).unwrap(), report, "a stored report loses nothing");
}

#[test]
fn every_source_of_a_password_opens_the_mailbox() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    fs::write(&file, "correct horse\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let sources: [&[&str]; 4] = [
        &["--password-env", "PW"],
        &["--password-file", file.to_str().unwrap()],
        &["--password-command", "echo 'correct horse'"],
        &["--password-stdin"],
    ];
    for source in sources {
        let arguments = [source, &["--methods", "LOGIN-COMMAND", "-o", "json"]].concat();
        let said = check(&lab::imaps("modern"), &arguments).input("correct horse\n").say();
        assert_eq!(outcome(&said.json(), "LOGIN-COMMAND"), "accepted", "{source:?}");
    }
}

#[test]
fn a_list_of_mailboxes_gives_one_line_each() {
    let csv = format!(
        "mailbox,endpoint,password_env\n# a remark\nalice@lab.test,{0},PW\nquirky@lab.test,{0};{1},QUIRKY\n",
        lab::imaps("modern"),
        lab::imap("cyrus")
    );
    let ca = lab::file("certs/ca.pem");
    let arguments = [
        "check",
        "--targets",
        "-",
        "--ca-file",
        ca.to_str().unwrap(),
        "--methods",
        "PLAIN",
        "-o",
        "jsonl",
        "-q",
    ];
    let said = mailprobe(&arguments).env("QUIRKY", &lab::password("quirky")).input(&csv).say();
    assert_eq!(said.status, 0, "{}", said.err);
    let mut lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.sort_by_key(|line| line["mailbox"].as_str().unwrap().to_owned());
    assert_eq!(
        (&lines[0]["mailbox"], &lines[1]["mailbox"]),
        (&"alice@lab.test".into(), &"quirky@lab.test".into())
    );
    assert_eq!(lines[1]["endpoints"].as_array().unwrap().len(), 2);
    assert!(lines.iter().all(|line| outcome(line, "PLAIN") == "accepted"));
}

#[test]
fn two_front_ends_behind_one_name_are_visited_and_found_to_disagree() {
    let dns = format!("{}:{}", lab::fact("DNS_ADDRESS"), lab::fact("DNS_PORT"));
    let url = format!("imaps://twofaced.lab.test:{}", lab::fact("IMAPS_PORT"));
    let arguments = ["--dns-server", &dns, "--all-addresses", "--advertised-only", "-o", "json"];
    let report = check(&url, &arguments).say().json();
    let mut peers: Vec<&str> = report["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| endpoint["peer"].as_str().unwrap())
        .collect();
    peers.sort_unstable();
    assert_eq!(peers, ["127.0.10.11:10993", "127.0.10.12:10993"]);
    assert!(report["findings"].to_string().contains("front-ends-disagree"), "{}", report["findings"]);
}

#[test]
fn advertised_only_presents_nothing_although_it_could() {
    let arguments = ["--password-env", "PW", "--token-env", "TOKEN", "--advertised-only", "-o", "json"];
    let report = check(&lab::imap("modern"), &arguments).say().json();
    let endpoint = &report["endpoints"][0];
    assert_eq!(endpoint["advertised"].as_array().unwrap().len(), 2, "before and after TLS");
    for attempt in endpoint["attempts"].as_array().unwrap() {
        assert_eq!(
            (attempt["outcome"].as_str(), attempt["skip"].as_str()),
            (Some("not-tried"), Some("not-asked"))
        );
    }
    assert!(!endpoint["transcript"].to_string().contains("AUTHENTICATE"));
}

#[test]
fn each_stop_ends_where_it_says() {
    let last_phase = |phase: &str| {
        let report = check(&lab::imap("modern"), &["--stop-after", phase, "-o", "json"]).say().json();
        let endpoint = report["endpoints"][0].clone();
        assert!(endpoint["failure"].is_null(), "{phase}: {}", endpoint["failure"]);
        (
            endpoint["advertised"].as_array().unwrap().len(),
            endpoint["tls"].is_object(),
            endpoint["peer"].is_string(),
        )
    };
    assert_eq!(last_phase("resolve"), (0, false, false));
    assert_eq!(last_phase("connect"), (0, false, true));
    assert_eq!(last_phase("tls"), (1, true, true));
    assert_eq!(last_phase("capability"), (2, true, true));
}

#[test]
fn no_more_connections_are_open_at_a_time_than_asked_for_and_as_many_as_that() {
    let host = Host::new();
    let arguments =
        ["check", "a@b.example", "--endpoint", &host.url(), "--allow-plaintext", "--token-env", "TOKEN"];
    let more =
        ["--methods", "XOAUTH2,PLAIN,LOGIN,LOGIN-COMMAND", "--password-env", "PW", "--per-mailbox", "2"];
    let running = mailprobe(&[&arguments[..], &more].concat()).start();
    assert_eq!(host.refuse(4, 2), 2);
    assert_eq!(running.wait_with_output().unwrap().status.code(), Some(1));
}

#[test]
fn what_a_plan_says_is_what_would_be_done_and_nothing_is() {
    let host = Host::new();
    let said = mailprobe(&[
        "plan",
        "a@b.example",
        "--endpoint",
        &host.url(),
        "--password-env",
        "PW",
        "--allow-plaintext",
    ])
    .say();
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(
        said.out.contains("at most 1 bad attempt") && said.out.contains("Nothing was sent."),
        "{}",
        said.out
    );
    assert!(!host.was_visited());
}

#[test]
fn no_secret_is_in_any_output_at_any_verbosity() {
    let token = lab::token("good");
    let signature = token.rsplit('.').next().unwrap();
    for format in ["text", "wide", "json", "jsonl"] {
        let arguments = ["--password-env", "PW", "--token-env", "TOKEN", "-vv", "-o", format];
        let said = check(&lab::imaps("modern"), &arguments).say();
        let all = said.out + &said.err;
        assert!(all.contains("XOAUTH2"));
        for secret in ["correct horse", "Y29ycmVjdCBob3JzZ", "dXNlcj1hbGljZUBsYWIu", signature] {
            assert!(!all.contains(secret), "{format} shows {secret}");
        }
    }
}

#[test]
fn completions_and_the_manual_page_are_there() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(mailprobe(&["completions", shell]).say().out.contains("mailprobe"), "{shell}");
    }
    let page = mailprobe(&["man"]).say();
    assert!(page.status == 0 && page.out.contains(".TH mailprobe 1"), "{}", page.out);
}

#[test]
fn a_pinned_address_is_visited_under_the_name_and_the_certificate_is_held_against_the_name() {
    let url = format!("imaps://imap.example.com:{}", lab::fact("IMAPS_PORT"));
    let pin = format!("imap.example.com:{}", lab::address("modern"));
    let arguments = ["--resolve", &pin, "--password-env", "PW", "--methods", "PLAIN", "-o", "json"];
    let report = check(&url, &arguments).say().json();
    let tls = &report["endpoints"][0]["tls"];
    assert_eq!(tls["problems"][0], "the certificate is not for imap.example.com");
    assert_eq!(report["endpoints"][0]["attempts"][0]["skip"], "untrusted-forbidden");
    let insecure = check(&url, &[&arguments[..], &["--insecure"]].concat()).say().json();
    assert_eq!(outcome(&insecure, "PLAIN"), "accepted");
}

#[test]
fn the_server_sees_us_come_from_the_source_address_we_chose() {
    let arguments = ["--source-address", "127.77.2.1", "--password-env", "PW", "--methods", "PLAIN"];
    assert_eq!(check(&lab::imaps("modern"), &arguments).say().status, 0);
    assert!(lab::log("modern").contains("rip=127.77.2.1,"));
}

#[test]
fn the_examples_run() {
    let cargo = |example: &str, arguments: &[&str]| {
        let command = [&["run", "--quiet", "--example", example, "--"][..], arguments].concat();
        let mut run = std::process::Command::new(env!("CARGO"));
        run.current_dir(env!("CARGO_MANIFEST_DIR")).env("MAILBOX_PASSWORD", lab::password("alice"));
        let output = run.args(command).output().unwrap();
        assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(cargo("custom_mechanism", &[]).ends_with("m1 AUTHENTICATE EXTERNAL =\n"));
    let ca = lab::file("certs/ca.pem");
    let said = cargo("check_one", &[&lab::imaps("modern"), lab::fact("ALICE"), ca.to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(report["attempts"].as_array().unwrap().iter().any(|attempt| attempt["usable"] == true));
}
