//! Policies and correlation by the program, against the lab's servers and stored reports.

use std::fs;

use crate::lab;
use crate::tool::{check, mailprobe};

const BOTH: &[&str] =
    &["--password-env", "PW", "--token-env", "TOKEN", "--methods", "PLAIN,LOGIN,LOGIN-COMMAND,XOAUTH2"];

#[test]
fn the_server_after_the_cutover_is_as_wanted_and_the_one_before_is_not() {
    let after =
        check(&lab::imaps("cutover"), &[BOTH, &["--policy", "modern-only", "-o", "json"]].concat()).say();
    assert_eq!(after.status, 0, "{}{}", after.out, after.err);
    let report = after.json();
    assert_eq!(report["verdict"]["policy"], "modern-only");
    let rule = &report["verdict"]["rules"][1];
    assert_eq!(rule["rule"], "imap/every password=not-accepted");
    assert_eq!(
        (rule["status"].as_str(), rule["origin"]["id"].as_str()),
        (Some("pass"), Some("password-off"))
    );
    assert!(
        rule["origin"]["source"].as_str().unwrap().starts_with("https://") && rule["evidence"][0].is_u64()
    );

    let before = check(&lab::imaps("modern"), &[BOTH, &["--policy", "modern-only"]].concat()).say();
    assert_eq!(before.status, 1, "{}{}", before.out, before.err);
    assert!(
        before.out.contains("LOGIN-COMMAND: accepted") && before.out.contains("[password-off]"),
        "{}",
        before.out
    );
}

#[test]
fn a_day_ahead_shows_what_would_fail_then() {
    let more = ["--password-env", "PW", "--token-env", "TOKEN", "--methods", "PLAIN,LOGIN,XOAUTH2"];
    let on = |day: &str| {
        let policy = ["--policy", "exchange-online-2026-12", "--at", day];
        check(&lab::smtp("postfix"), &[&more[..], &policy].concat()).say()
    };
    let before = on("2026-12-30");
    assert_eq!(before.status, 0, "{}{}", before.out, before.err);
    // What comes later, and what this check does not look at, is said and not left to be found out.
    assert!(
        before.err.contains("smtp-password-off") && before.err.contains("--at 2026-12-31"),
        "{}",
        before.err
    );
    assert!(before.err.contains("imap, pop3, ews, activesync"), "{}", before.err);
    // Dates move: a policy that nobody compared with its sources for ninety days is named.
    assert!(!before.err.contains("days before"), "{}", before.err);
    let late = on("2027-03-01").err;
    assert!(late.contains("exchange-online-2026-12 (2026-11-30, 91 days before 2027-03-01)"), "{late}");
    let then = on("2026-12-31");
    assert_eq!(then.status, 1, "{}{}", then.out, then.err);
    assert!(then.out.contains("smtp/every password=not-accepted"), "{}", then.out);
}

#[test]
fn a_policy_learned_from_one_server_holds_for_it_and_fails_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let stored = |server: &str| {
        let said = check(&lab::imaps(server), &[BOTH, &["-o", "json"]].concat()).say();
        fs::write(file(server), &said.out).unwrap();
        file(server)
    };
    let (good, other) = (stored("cutover"), stored("modern"));
    let learned = mailprobe(&["policy", "learn", &good, "--name", "as-cutover"]).say();
    assert_eq!(learned.status, 0, "{}", learned.err);
    let policy = file("learned.toml");
    fs::write(&policy, &learned.out).unwrap();
    let checked = mailprobe(&["policy", "check", &policy]).say();
    assert!(checked.status == 0 && checked.out.starts_with("as-cutover: "), "{}{}", checked.out, checked.err);
    let again = check(&lab::imaps("cutover"), &[BOTH, &["--policy", &policy]].concat()).say();
    assert_eq!(again.status, 0, "{}{}", again.out, again.err);
    let stored = mailprobe(&["judge", &other, "--policy", &policy]).say();
    assert_eq!(stored.status, 1, "{}{}", stored.out, stored.err);
    assert!(stored.out.contains("imap/PLAIN=refused"), "{}", stored.out);
}

#[test]
fn a_stored_report_is_judged_again_by_rules_and_by_policies_together() {
    let after = "examples/after-cutover.json";
    let arguments = ["judge", after, "--policy", "modern-only", "--expect", "XOAUTH2=usable", "-o", "json"];
    let judged = mailprobe(&arguments).say();
    assert_eq!(judged.status, 0, "{}", judged.err);
    assert_eq!(judged.json()["verdict"]["policy"], "modern-only, command line");
    let failed = mailprobe(&["judge", after, "--expect", "PLAIN=usable"]).say();
    assert_eq!(failed.status, 1, "{}{}", failed.out, failed.err);
    // A policy that says nothing of this report is no success.
    let silent =
        mailprobe(&["judge", after, "--policy", "gmail-workspace", "--at", "2020-01-01", "-o", "json"]).say();
    assert_eq!(silent.status, 0, "{}", silent.err);
    assert!(
        silent.json()["verdict"]["rules"]
            .as_array()
            .unwrap()
            .iter()
            .all(|rule| rule["origin"]["id"] != "password-off")
    );
}

#[test]
fn every_shipped_policy_can_be_listed_shown_and_checked() {
    let listed = mailprobe(&["policy", "list"]).say();
    let names: Vec<&str> = listed.out.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names.len(), 7, "{}", listed.out);
    for name in names {
        let shown = mailprobe(&["policy", "show", name]).say();
        assert!(
            shown.status == 0 && shown.out.contains(&format!("name = \"{name}\"")),
            "{name}: {}",
            shown.err
        );
        assert_eq!(mailprobe(&["policy", "check", name]).say().status, 0);
    }
}

#[test]
fn the_list_of_policies_tells_their_age_and_who_is_old_is_noted() {
    let young = mailprobe(&["policy", "list", "--at", "2026-12-12"]).say();
    let line = young.out.lines().find(|line| line.starts_with("exchange-online-2026-12")).unwrap();
    assert!(line.contains("2026-11-30") && line.contains("12 days old"), "{line}");
    assert_eq!((young.status, young.err.as_str()), (0, ""));
    let last = mailprobe(&["policy", "list", "--at", "2027-02-28"]).say();
    assert!(last.out.contains("90 days old") && last.err.is_empty(), "{}{}", last.out, last.err);
    let old = mailprobe(&["policy", "list", "--at", "2027-03-01"]).say();
    assert_eq!(old.status, 0);
    for part in
        ["note: ", "exchange-online-2026-12 (2026-11-30, 91 days before 2027-03-01)", "may have moved"]
    {
        assert!(old.err.contains(part), "{part}: {}", old.err);
    }
    let wrong = mailprobe(&["policy", "list", "--at", "soon"]).say();
    assert!(wrong.status == 2 && wrong.err.contains("2026-12-31"), "{}", wrong.err);
}

#[test]
fn a_judgement_by_an_old_policy_says_so_and_stays_what_it_is() {
    let after = "examples/after-cutover.json";
    let judge = |at: &str, more: &[&str]| {
        mailprobe(&[&["judge", after, "--policy", "modern-only", "--at", at], more].concat()).say()
    };
    let (young, old) = (judge("2027-02-28", &[]), judge("2027-03-01", &[]));
    assert_eq!((young.status, young.err.as_str()), (0, ""));
    assert_eq!((old.status, &old.out), (0, &young.out));
    assert!(old.err.contains("modern-only (2026-11-30, 91 days before 2027-03-01)"), "{}", old.err);
    // Each rule in a report says when its source was read.
    let report = judge("2027-02-28", &["-o", "json"]).json();
    assert_eq!(report["verdict"]["rules"][0]["origin"]["reviewed"], "2026-11-30");
    let before = ["judge", "examples/before-cutover.json", "--policy", "modern-only", "--at", "2027-02-28"];
    let failed = mailprobe(&before).say();
    assert!(failed.status == 1 && failed.out.contains("(read 2026-11-30)"), "{}{}", failed.out, failed.err);
    let devices = ["devices", after, "--policy", "exchange-online-2026-12", "--at", "2027-03-01"];
    let devices = mailprobe(&devices).say();
    assert!(devices.err.contains("exchange-online-2026-12 (2026-11-30, 91 days"), "{}", devices.err);
}

#[test]
fn the_policy_in_the_documentation_is_one() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/judging.md")).unwrap();
    let text = page.split("```toml\n").find(|block| block.contains("[[rule]]")).unwrap();
    let text = text.split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("readme.toml");
    fs::write(&file, text).unwrap();
    let said = mailprobe(&["policy", "check", file.to_str().unwrap()]).say();
    assert_eq!(said.out, "contoso: 1 rule; smtp-password-off from 2026-12-31\n", "{}", said.err);
}

#[test]
fn a_mistake_in_a_policy_or_a_day_is_named_with_its_remedy_before_anything_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    fs::write(
        &file,
        "name = \"mine\"\n\n[[rule]]\nid = \"it\"\nmethods = [\"PLIAN\"]\nstate = \"refused\"\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let url = lab::imaps("cutover");
    let with = |more: &[&str]| check(&url, &[&["--token-env", "TOKEN"], more].concat()).say();
    for (said, expected) in [
        (with(&["--policy", path]), &[path, ":5:12: unknown method `PLIAN`", "password, token"] as &[&str]),
        (mailprobe(&["policy", "check", path]).say(), &[":5:"]),
        (with(&["--policy", "modern"]), &["unknown policy `modern`", "modern-only", "TOML file"]),
        (with(&["--policy", "/no/such.toml"]), &["/no/such.toml"]),
        (with(&["--policy", "modern-only", "--policy", "modern-only"]), &["twice"]),
        (with(&["--policy", "modern-only", "--at", "31.12.2026"]), &["31.12.2026", "2026-12-31"]),
        (with(&["--at", "2026-12-31"]), &["--policy"]),
        (mailprobe(&["judge", "examples/after-cutover.json"]).say(), &["--policy", "--expect"]),
        (mailprobe(&["policy", "learn", path]).say(), &[path, "json=FILE"]),
        (mailprobe(&["policy", "show", "nope"]).say(), &["unknown policy `nope`"]),
    ] {
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.err);
        for part in expected {
            assert!(said.err.contains(part), "{part}: {}", said.err);
        }
    }
    fs::write(
        &file,
        "name = \"mine\"\n[[rule]]\nid = \"it\"\nprotocols = [\"smtp\"]\ntls-at-least = \"1.2\"\n",
    )
    .unwrap();
    let unspoken = with(&["--policy", path]);
    assert!(unspoken.status == 2 && unspoken.err.contains("no endpoint speaks"), "{}", unspoken.err);
    fs::write(&file, "name = \"mine\"\n[[rule]]\nid = \"it\"\ntls-at-least = \"1.2\"\nfrom = 2100-01-01\n")
        .unwrap();
    let never = with(&["--policy", path]);
    assert!(never.status == 2 && never.err.contains("--at 2100-01-01"), "{}", never.err);
}

#[test]
fn a_password_that_opens_one_server_is_not_called_wrong_by_the_one_that_refuses_everybody() {
    let dns = format!("{}:{}", lab::fact("DNS_ADDRESS"), lab::fact("DNS_PORT"));
    let liar = format!("imaps://liar.lab.test:{}", lab::fact("IMAPS_PORT"));
    let modern = format!("imaps://modern.lab.test:{}", lab::fact("IMAPS_PORT"));
    let more = ["--endpoint", &modern, "--dns-server", &dns, "--password-env", "PW", "--methods", "PLAIN"];
    let said = check(&liar, &[&more[..], &["--attempt-budget", "5", "-o", "json"]].concat()).say();
    let report = said.json();
    let refusal = &report["endpoints"][0]["attempts"][0];
    assert_eq!(
        (refusal["outcome"].as_str(), refusal["rule"].as_str()),
        (Some("refused"), Some("bad-credentials"))
    );
    assert_eq!(refusal["causes"][0], "basic-disabled");
    let causes = refusal["causes"].as_array().unwrap();
    assert!(causes.iter().all(|cause| cause != "bad-credentials"), "{causes:?}");
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == "correlated-password-known-good").unwrap();
    assert!(finding["explanation"].as_str().unwrap().contains(&modern), "{finding}");
    // Alone, the same answer stays what it says.
    let alone =
        check(&liar, &["--dns-server", &dns, "--password-env", "PW", "--methods", "PLAIN", "-o", "json"])
            .say();
    assert_eq!(alone.json()["endpoints"][0]["attempts"][0]["causes"][0], "bad-credentials");
}
