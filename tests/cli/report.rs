//! Reports in other forms: from a stored file, as a plugin, and as a bundle.

use std::fs;
use std::thread;

use crate::host::Host;
use crate::tool::mailprobe;

const STORED: &str = "examples/after-cutover.json";

#[test]
fn a_stored_report_is_shown_in_every_form_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let forms = ["wide", "json", "jsonl", "junit", "nagios", "prometheus", "html", "markdown", "csv"];
    let outputs: Vec<String> =
        forms.iter().map(|form| format!("{form}={}", folder.path().join(form).display())).collect();
    let mut arguments = vec!["report", STORED, "-o", "text"];
    arguments.extend(outputs.iter().flat_map(|output| ["-o", output.as_str()]));
    let said = mailprobe(&arguments).say();
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.out.starts_with("alice@lab.test"), "{}", said.out);
    let read = |form: &str| fs::read_to_string(folder.path().join(form)).unwrap();
    let begins = [
        ("junit", "<?xml"),
        ("nagios", "MAILPROBE "),
        ("prometheus", "# HELP "),
        ("html", "<!doctype html>"),
        ("markdown", "## alice"),
        ("csv", "\"mailbox\""),
    ];
    for (form, begin) in begins {
        assert!(read(form).starts_with(begin), "{form}: {}", read(form));
    }
    let stored: serde_json::Value = serde_json::from_str(&fs::read_to_string(STORED).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&read("json")).unwrap(), stored);
    let piped = mailprobe(&["report", "-"]).input(&read("jsonl")).say();
    assert_eq!(piped.out, said.out, "a report that went through a file says the same");
}

/// A report as earlier versions wrote it: a judgement in words alone.
fn in_words_alone() -> String {
    let mut tree: serde_json::Value = serde_json::from_str(&fs::read_to_string(STORED).unwrap()).unwrap();
    let verdict = tree["verdict"].as_object_mut().unwrap();
    assert!(verdict.remove("policies").is_some());
    for rule in verdict["rules"].as_array_mut().unwrap() {
        let rule = rule.as_object_mut().unwrap();
        assert!(rule.remove("subject").is_some() && rule.remove("reason").is_some());
    }
    tree.to_string()
}

#[test]
fn a_report_of_an_earlier_version_says_the_same_in_both_languages() {
    let earlier = in_words_alone();
    for lang in ["en", "ja"] {
        let now = mailprobe(&["report", STORED, "--lang", lang]).say();
        let then = mailprobe(&["report", "-", "--lang", lang]).input(&earlier).say();
        assert_eq!((then.status, then.out), (0, now.out), "{lang}: {}", then.err);
    }
    let json = mailprobe(&["report", "-", "-o", "json"]).input(&earlier).say().out;
    let rule = &serde_json::from_str::<serde_json::Value>(&json).unwrap()["verdict"]["rules"][0];
    assert_eq!(rule["because"], "XOAUTH2 opened the mailbox");
    assert!(rule.get("reason").is_none(), "nobody said why, and nothing is made up: {rule}");
}

#[test]
fn a_report_of_a_later_version_is_told_in_its_own_words() {
    let mut tree: serde_json::Value = serde_json::from_str(&in_words_alone()).unwrap();
    let rule = &mut tree["verdict"]["rules"][0];
    rule["rule"] = "imap/PLAIN~refused".into();
    rule["subject"] = serde_json::json!({"kind": "a-later-kind"});
    rule["because"] = "the moon was full".into();
    rule["reason"] = serde_json::json!({"id": "moon", "phase": "full"});
    let said = mailprobe(&["report", "-"]).input(&tree.to_string()).say();
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(
        said.out.contains("imap/PLAIN~refused") && said.out.contains("the moon was full"),
        "{}",
        said.out
    );
}

#[test]
fn a_plugin_ends_as_nagios_wants_it() {
    let report = fs::read_to_string(STORED).unwrap();
    let judged = |status: &str| {
        let mut tree: serde_json::Value = serde_json::from_str(&report).unwrap();
        tree["verdict"] = serde_json::json!({"policy": "command line", "status": status, "rules": [
            {"rule": "PLAIN=refused", "status": status, "severity": "critical", "because": "it is so",
             "endpoint": null, "evidence": null}]});
        mailprobe(&["report", "-", "-o", "nagios"]).input(&tree.to_string()).say()
    };
    for (status, code, word) in [("pass", 0, "OK"), ("fail", 2, "CRITICAL"), ("unknown", 3, "UNKNOWN")] {
        let said = judged(status);
        assert_eq!(said.status, code, "{}", said.out);
        assert!(said.out.starts_with(&format!("MAILPROBE {word} - ")), "{}", said.out);
    }
    let folder = tempfile::tempdir().unwrap();
    let beside = format!("nagios={}", folder.path().join("plugin").display());
    assert_eq!(
        mailprobe(&["report", STORED, "-o", &beside]).say().status,
        0,
        "standard output is no plugin's"
    );
}

#[test]
fn a_mistake_in_a_plugins_command_is_unknown_and_not_critical() {
    let host = Host::new();
    let url = host.url();
    let cases: [&[&str]; 4] = [
        &["check", "a@b.example", "--endpoint", &url, "--no-such-flag", "-o", "nagios"],
        &["check", "a@b.example", "--endpoint", &url, "--password-env", "NOT_SET", "-onagios"],
        &["check", "alice", "--endpoint", &url, "--output=nagios"],
        &["report", "/no/such.json", "-o", "NAGIOS"],
    ];
    for arguments in cases {
        let said = mailprobe(arguments).say();
        assert_eq!(said.status, 3, "{arguments:?}: {}{}", said.out, said.err);
        assert!(
            said.out.starts_with("MAILPROBE UNKNOWN - ") && said.out.lines().count() == 1,
            "{}",
            said.out
        );
    }
    assert!(!host.was_visited());
    let inherited =
        mailprobe(&["check", "alice", "--endpoint", &url]).env("MAILPROBE_OUTPUT", "nagios").say();
    assert_eq!(inherited.status, 3, "{}", inherited.err);
}

#[test]
fn a_check_leaves_its_evidence_in_a_bundle_and_never_replaces_one() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case.zip");
    let case = case.to_str().unwrap();
    let host = Host::new();
    let url = host.url();
    let serving = thread::spawn(move || host.refuse(1, 1));
    let asked =
        ["check", "a@b.example", "--endpoint", &url, "--advertised-only", "-o", "jsonl", "--bundle", case];
    let said = mailprobe(&asked).say();
    serving.join().unwrap();
    assert_ne!(said.status, 2, "{}", said.err);
    let mut archive = zip::ZipArchive::new(fs::File::open(case).unwrap()).unwrap();
    let mut read = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&read("report.json")).unwrap(),
        serde_json::from_str::<serde_json::Value>(&said.out).unwrap()
    );
    assert!(read("README.txt").contains("transcripts/") && read("report.html").contains("a@b.example"));
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let name = names.iter().find(|name| name.starts_with("transcripts/")).unwrap();
    let talk = std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    assert!(talk.contains("<-   * OK [CAPABILITY IMAP4rev1 SASL-IR] hello"), "{talk}");
    let before = fs::read(case).unwrap();
    let again = Host::new();
    let url = again.url();
    let said = mailprobe(&["check", "a@b.example", "--endpoint", &url, "--bundle", case]).say();
    assert!(said.status == 2 && said.err.contains("does not replace"), "{}", said.err);
    assert!(!again.was_visited());
    assert_eq!(fs::read(case).unwrap(), before);
    let said = mailprobe(&["report", STORED, "--bundle", case]).say();
    assert!(said.status == 2 && said.out.is_empty(), "{}", said.out);
}

#[test]
fn a_forecast_leaves_the_files_of_a_run_alone() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("run.html");
    let output = format!("html={}", page.display());
    let asked = ["plan", "a@b.example", "--endpoint", "imaps://h", "--advertised-only", "-o", &output];
    let said = mailprobe(&asked).say();
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(!said.out.is_empty() && !page.exists());
}
