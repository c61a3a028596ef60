//! Which devices keep working, by the program.

use std::fs;

use crate::lab;
use crate::tool::{check, mailprobe};

fn standing(devices: &serde_json::Value, id: &str) -> String {
    let list = devices[0]["devices"].as_array().unwrap();
    let device =
        list.iter().find(|device| device["device"] == id).unwrap_or_else(|| panic!("{id} is not there"));
    device["standing"].as_str().unwrap().to_owned()
}

#[test]
fn the_cutover_stops_those_that_know_passwords_alone() {
    let said = |report: &str| {
        let said = mailprobe(&["devices", report, "-o", "json"]).say();
        assert_eq!(said.status, 0, "{}", said.err);
        said.json()
    };
    let (before, after) = (said("examples/before-cutover.json"), said("examples/after-cutover.json"));
    for (id, was, is) in [
        ("thunderbird", "works", "works"),
        ("python-imaplib", "cannot-be-told", "stops-at-login"),
        ("ios-mail", "not-in-report", "not-in-report"),
    ] {
        assert_eq!((standing(&before, id), standing(&after, id)), (was.to_owned(), is.to_owned()), "{id}");
    }
}

#[test]
fn a_scanner_with_old_tls_stops_at_tls_and_an_announced_day_stops_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smtp.json");
    let more = ["--password-env", "PW", "--methods", "LOGIN,PLAIN", "--tls-versions", "-o", "json"];
    fs::write(&file, check(&lab::smtp("nodemailer"), &more).say().out).unwrap();
    let path = file.to_str().unwrap();
    let now = mailprobe(&["devices", path, "-o", "json"]).say().json();
    assert_eq!(standing(&now, "scanner-tls-1.0"), "stops-at-tls");
    assert_eq!(standing(&now, "brother-password"), "works");
    // This host is nobody's cloud: the day counts for it only where the policy is named.
    let named = ["devices", path, "-o", "json", "--policy", "exchange-online-2026-12"];
    let then = mailprobe(&named).say().json();
    assert_eq!(standing(&then, "brother-password"), "stops-on-date");
    let place =
        &then[0]["devices"].as_array().unwrap().iter().find(|it| it["device"] == "brother-password").unwrap()
            ["places"][0];
    assert_eq!(place["on"], "2026-12-31");
    let eve = mailprobe(&[&named[..], &["--at", "2026-12-30"]].concat()).say().json();
    assert_eq!(standing(&eve, "brother-password"), "works");
    let text = mailprobe(&["devices", path]).say().out;
    assert!(
        text.contains("Stop at TLS") && text.contains("[scanner-tls-1.0]") && text.contains("Do: "),
        "{text}"
    );
}

#[test]
fn profiles_are_listed_shown_and_added_from_a_file() {
    let all = mailprobe(&["devices", "-o", "json"]).say().json();
    assert!(all.as_array().unwrap().len() >= 40);
    let listed = mailprobe(&["devices"]).say().out;
    assert!(listed.contains("scanner\n") && listed.contains("lexmark-fw24"), "{listed}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.toml");
    let ours = "[[device]]\nid = \"ours\"\nname = \"our \\u001B[31mrobot\"\nclass = \"appliance\"\nprotocols = [\"imap\"]\nmechanisms = [\"CRAM-MD5\"]\n";
    fs::write(&file, ours).unwrap();
    let arguments =
        ["devices", "examples/after-cutover.json", "--profiles", file.to_str().unwrap(), "--device", "ours"];
    let said = mailprobe(&arguments).say();
    assert!(
        said.out.contains("Stop at the login") && said.out.contains("our \\x1B[31mrobot"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn a_mistake_in_a_profile_or_an_id_is_named_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.toml");
    fs::write(&file, "[[device]]\nid = \"ours\"\nname = \"n\"\nclass = \"toaster\"\nprotocols = [\"imap\"]\nmechanisms = [\"PLAIN\"]\n").unwrap();
    let path = file.to_str().unwrap();
    for (arguments, expected) in [
        (
            &["devices", "--device", "toaster"] as &[&str],
            &["unknown device `toaster`", "mailprobe devices"] as &[&str],
        ),
        (&["devices", "--profiles", path], &[path, ":4:9: unknown class `toaster`: use scanner"]),
        (&["devices", "--profiles", "/no/such.toml"], &["/no/such.toml"]),
        (&["devices", path], &[path, "json=FILE"]),
        (&["devices", "--at", "2026-12-31"], &["REPORT"]),
    ] {
        let said = mailprobe(arguments).say();
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{arguments:?}: {}", said.err);
        for part in expected {
            assert!(said.err.contains(part), "{part}: {}", said.err);
        }
    }
}
