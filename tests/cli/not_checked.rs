//! A secret that was given and that no server saw is never exit status 0, and the last line says why.

use std::fs;

use crate::host::Host;
use crate::identity::Flaw;
use crate::lab;
use crate::tls_host::{TlsHost, write_root};
use crate::tool::{Said, check, mailprobe};

/// The last statement of a report as it was before it was folded.
fn last_line(said: &Said) -> String {
    let from = said.out.rfind("\n? ").map_or(0, |at| at + 1);
    said.out[from..].split_whitespace().collect::<Vec<_>>().join(" ")
}

fn at(host: &TlsHost, more: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("root.pem");
    write_root(&ca);
    let host = host.arguments(&ca);
    let arguments = ["check", "alice@example.com", "--password-env", "PW", "--methods", "PLAIN"];
    let all: Vec<&str> =
        arguments.into_iter().chain(host.iter().map(String::as_str)).chain(more.iter().copied()).collect();
    mailprobe(&all).say()
}

#[test]
fn a_certificate_that_is_not_trusted_leaves_the_password_unseen_and_each_flaw_is_named() {
    for (flaw, expected) in [
        (Flaw::UnknownRoot, "the certificate is not trusted (--ca-file, or --insecure)"),
        (Flaw::SelfSigned, "the certificate is self-signed (--ca-file, or --insecure)"),
        (Flaw::Expired, "the certificate expired on 2021-01-01 (renew it, or --insecure)"),
        (
            Flaw::NotYetValid,
            "the certificate is not valid before 2200-01-01 (check the clocks, or --insecure)",
        ),
        (
            Flaw::WrongName,
            "the certificate is for pop.example.net, not for imap.example.com (use a name that it covers, or \
             --insecure)",
        ),
    ] {
        let host = TlsHost::new(flaw);
        // With nothing expected, and with what a capability list and a refusal would decide.
        for more in [&[][..], &["--expect", "XOAUTH2=not-advertised"], &["--expect", "PLAIN=not-accepted"]] {
            let said = at(&host, more);
            assert_eq!(said.status, 3, "{flaw:?} {more:?}: {}{}", said.out, said.err);
            assert_eq!(last_line(&said), format!("? Nothing was presented: {expected}."), "{more:?}");
        }
        assert!(!host.saw_a_login(), "{flaw:?}");
    }
    let host = TlsHost::new(Flaw::None);
    let said = at(&host, &[]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(host.saw_a_login());
}

#[test]
fn the_untrusted_server_of_the_lab_is_told_alike_in_every_form() {
    let endpoint = lab::imaps("modern");
    let check = |format: &str, more: &[&str]| {
        let arguments =
            ["check", lab::fact("ALICE"), "--endpoint", &endpoint, "--password-env", "PW", "-o", format];
        mailprobe(&[&arguments[..], more].concat()).say()
    };
    for more in [&[][..], &["--expect", "PLAIN=advertised"]] {
        let text = check("text", more);
        assert_eq!(text.status, 3, "{more:?} {}", text.out);
        let last = last_line(&text);
        assert!(last.starts_with("? Nothing was presented: the certificate is"), "{more:?} {last}");
        let plugin = check("nagios", more);
        assert_eq!(plugin.status, 3, "{}", plugin.out);
        assert!(
            plugin.out.starts_with("MAILPROBE UNKNOWN - alice@lab.test: Nothing was presented: "),
            "{}",
            plugin.out
        );
        let junit = check("junit", more);
        assert!(junit.status == 3 && junit.out.contains("<error type=\"not-checked\""), "{}", junit.out);
        let csv = check("csv", more);
        assert!(
            csv.status == 3 && csv.out.contains(",\"not-checked\",\"not checked: the certificate "),
            "{}",
            csv.out
        );
        let page = check("html", more);
        assert!(page.status == 3 && page.out.contains("<p class=\"verdict doubt\">"));
        let markdown = check("markdown", more);
        assert!(markdown.out.contains("**? Nothing was presented"), "{}", markdown.out);
        let report = check("json", more).json();
        assert_eq!(
            (&report["given"], &report["verdict"]["status"]),
            (&serde_json::json!(["password"]), &"unknown".into())
        );
    }
}

#[test]
fn a_password_is_not_seen_in_clear_and_a_plain_endpoint_is_not_green() {
    let host = Host::new();
    let running =
        mailprobe(&["check", "a@b.example", "--endpoint", &host.url(), "--password-env", "PW"]).start();
    let visits = host.serve_until(running);
    assert_eq!(visits.status, 3, "{}{}", visits.out, visits.err);
    assert_eq!(
        last_line(&visits),
        "? Nothing was presented: the connection is not encrypted (use TLS, or --allow-plaintext)."
    );
}

#[test]
fn a_budget_that_is_spent_before_the_first_try_is_for_later() {
    let said = check(
        &lab::imaps("modern"),
        &[
            "--password-env",
            "PW",
            "--methods",
            "PLAIN",
            "--attempt-budget",
            "0",
            "--expect",
            "XOAUTH2=advertised",
        ],
    )
    .say();
    assert_eq!(said.status, 4, "{}{}", said.out, said.err);
    assert_eq!(
        last_line(&said),
        "? Nothing was presented: the attempt budget is used up or 0 (--attempt-budget)."
    );
}

#[test]
fn each_secret_counts_for_itself() {
    let modern = lab::imaps("modern");
    let both = ["--password-env", "PW", "--token-env", "TOKEN"];
    let said = check(&modern, &[&both[..], &["--methods", "XOAUTH2"]].concat()).say();
    assert_eq!(said.status, 3, "{}", said.out);
    assert_eq!(
        last_line(&said),
        "? The password was not presented: no method that was tried presents a password (--methods, or \
         methods in --targets)."
    );
    let said = check(&modern, &[&both[..], &["--methods", "PLAIN"]].concat()).say();
    assert!(
        said.status == 3 && last_line(&said).starts_with("? The token was not presented: "),
        "{}",
        said.out
    );
    let said = check(&modern, &["--password-env", "PW", "--methods", "XOAUTH2"]).say();
    assert!(said.status == 3 && last_line(&said).starts_with("? Nothing was presented: "), "{}", said.out);
    assert_eq!(check(&modern, &[&both[..], &["--methods", "PLAIN,XOAUTH2"]].concat()).say().status, 0);
}

#[test]
fn whoever_asks_for_nothing_is_answered_with_nothing_to_judge() {
    let modern = lab::imaps("modern");
    for more in [&["--advertised-only"][..], &["--stop-after", "tls"], &["--stop-after", "capability"]] {
        let said = check(&modern, &[&["--password-env", "PW"], more].concat()).say();
        assert_eq!(said.status, 0, "{more:?} {}", said.out);
        assert!(!said.out.contains("Nothing was presented"), "{}", said.out);
    }
    assert_eq!(check(&modern, &[]).say().status, 0);
    let dead = check("imaps://127.0.10.99:1", &["--advertised-only"]).say();
    assert_eq!(
        (dead.status, last_line(&dead).as_str()),
        (3, "? Not checked: connection refused on imaps 127.0.10.99:1.")
    );
}

#[test]
fn one_endpoint_of_two_that_could_not_be_reached_is_named_although_the_expectation_is_met() {
    let more =
        ["--endpoint", "pop3s://127.0.10.99:1", "--password-env", "PW", "--expect", "imap/PLAIN=usable"];
    let said = check(&lab::imaps("modern"), &more).say();
    assert_eq!(said.status, 3, "{}", said.out);
    assert_eq!(last_line(&said), "? Not checked: connection refused on pop3s 127.0.10.99:1.");
}

#[test]
fn mailboxes_that_could_not_be_reached_are_counted_and_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("three.csv");
    let dns = format!("{}:{}", lab::fact("DNS_ADDRESS"), lab::fact("DNS_PORT"));
    fs::write(
        &list,
        format!(
            "mailbox,endpoint\nalice@lab.test,{}\nbob@lab.test,imaps://127.0.99.99:993\ncarol@lab.test,imaps://nowhere.lab.test\n",
            lab::imaps("modern")
        ),
    )
    .unwrap();
    let ca = lab::file("certs/ca.pem");
    let list = list.to_str().unwrap();
    let base =
        ["check", "--targets", list, "--methods", "PLAIN", "--password-env", "PW", "--dns-server", &dns];
    let run = |more: &[&str]| {
        let trust = ["--ca-file", ca.to_str().unwrap(), "-q"];
        mailprobe(&[&base[..], &trust, more].concat()).say()
    };
    let said = run(&[]);
    assert_eq!(said.status, 3, "{}{}", said.out, said.err);
    assert!(
        said.out.ends_with(
            "3 mailboxes · 1 opens · 2 not checked\n\
             ✓ alice@lab.test  The mailbox opens.\n\
             ? bob@lab.test    not checked: connection refused on imaps 127.0.99.99:993\n\
             ? carol@lab.test  not checked: no such host on imaps nowhere.lab.test:993\n"
        ),
        "{}",
        said.out
    );
    let met = run(&["--expect", "PLAIN=usable"]);
    assert!(met.out.contains("3 mailboxes · 1 met · 2 not checked\n"), "{}", met.out);
    let judged = run(&["--policy", "modern-only"]);
    assert!(judged.out.contains("2 not checked\n"), "{}", judged.out);
    let page = run(&["-o", "html"]).out;
    assert_eq!(page.matches("<tr><td class=\"tag doubt\">").count(), 2);
    assert!(!page.contains("nothing to judge"), "{page}");
    let plugin = run(&["-o", "nagios"]);
    assert!(
        plugin.out.starts_with("MAILPROBE UNKNOWN - 3 mailbox reports: 2 UNKNOWN, 1 OK"),
        "{}",
        plugin.out
    );
}

#[test]
fn a_method_that_no_endpoint_knows_is_a_mistake_and_nothing_is_connected_to() {
    let host = Host::new();
    let url = host.url();
    for (more, expected) in [
        (&["--methods", "basic"][..], "--methods: no endpoint of this run knows Basic (imap): use PLAIN"),
        (&["--methods", "PLAIN,bearer"], "no endpoint of this run knows Bearer"),
        (&["--methods", "user-pass"], "no endpoint of this run knows USER-PASS"),
        (&["--expect", "Basic=refused"], "--expect Basic=refused"),
        (&["--expect", "Basic=not-advertised"], "--expect Basic=not-advertised"),
    ] {
        for command in ["check", "plan"] {
            let arguments = [command, "a@b.example", "--endpoint", &url, "--password-env", "PW"];
            let said = mailprobe(&[&arguments[..], more].concat()).say();
            assert_eq!(said.status, 2, "{command} {more:?}: {}{}", said.out, said.err);
            assert!(said.out.is_empty() && said.err.contains(expected), "{}", said.err);
            assert!(!host.was_visited());
        }
    }
    // One that another endpoint of the run knows is none.
    let both =
        ["plan", "a@b.example", "--endpoint", &url, "--endpoint", "ews://h", "--methods", "PLAIN,Basic"];
    assert_eq!(mailprobe(&both).say().status, 0);
}
