//! Certificates nobody should trust: everything is recorded, nothing secret is sent.

use mailprobe_probes::model::{Severity, Skip, Stage};

use crate::support::{Flaw, Script, Visit};

const LIST: &str = "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2";

/// Visits a server with this flaw; nothing may be presented, everything must be recorded.
fn assert_kept_back(flaw: Flaw, problems: &[&str]) {
    let methods = ["PLAIN", "XOAUTH2"];
    let seen = Visit::tls(&methods).run_many(move |_| Some(Script::new().tls_as(flaw).ready(LIST)));
    assert_eq!(seen.heard.len(), 2);
    assert!(!seen.received_a_secret(), "{:?}", seen.heard);
    for heard in &seen.heard {
        assert!(heard.tls);
        assert!(heard.lines.iter().all(|line| line.ends_with("LOGOUT")), "{:?}", heard.lines);
    }
    for method in methods {
        seen.assert_not_tried(method, Skip::UntrustedForbidden);
        assert!(seen.attempt(method).advertised, "the advertisement is recorded all the same");
    }
    assert_eq!(seen.report.advertised[0].stage, Stage::AfterTls);
    let tls = seen.report.tls.as_ref().unwrap();
    assert!(!tls.trusted);
    assert_eq!(tls.problems.len(), problems.len(), "{:?}", tls.problems);
    let finding = seen.finding("certificate-untrusted");
    assert_eq!(finding.severity, Severity::Critical);
    for (said, expected) in tls.problems.iter().zip(problems) {
        assert!(said.contains(expected), "{:?}", tls.problems);
        assert!(finding.explanation.contains(said.as_str()), "{finding:?}");
    }
}

#[test]
fn an_expired_certificate_gets_no_secret() {
    assert_kept_back(Flaw::Expired, &["expired on 2021-01-01"]);
}

#[test]
fn a_certificate_of_the_future_gets_no_secret() {
    assert_kept_back(Flaw::NotYetValid, &["not valid before 2200-01-01"]);
}

#[test]
fn a_self_signed_certificate_gets_no_secret() {
    assert_kept_back(Flaw::SelfSigned, &["self-signed"]);
}

#[test]
fn a_certificate_from_an_unknown_root_gets_no_secret() {
    assert_kept_back(Flaw::UnknownRoot, &["leads to no trusted root"]);
}

#[test]
fn a_certificate_for_another_name_gets_no_secret() {
    assert_kept_back(Flaw::WrongName, &["not for imap.example.com"]);
}

#[test]
fn a_certificate_that_is_expired_and_for_another_name_has_two_problems() {
    assert_kept_back(Flaw::ExpiredAndWrongName, &["expired on 2021-01-01", "not for imap.example.com"]);
}

#[test]
fn starttls_does_not_weaken_the_check() {
    let script = Script::new()
        .ready("IMAP4rev1 STARTTLS LOGINDISABLED")
        .command("STARTTLS")
        .line("{tag} OK begin")
        .tls_as(Flaw::SelfSigned)
        .command("CAPABILITY")
        .line("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        .line("{tag} OK done");
    let seen = Visit::starttls(&["PLAIN"]).run(script);
    seen.assert_not_tried("PLAIN", Skip::UntrustedForbidden);
    assert!(!seen.received_a_secret());
    seen.finding("certificate-untrusted");
}

#[test]
fn who_insists_may_log_in_and_the_finding_stays() {
    for flaw in
        [Flaw::Expired, Flaw::SelfSigned, Flaw::WrongName, Flaw::ExpiredAndWrongName, Flaw::UnknownRoot]
    {
        let script =
            Script::new().tls_as(flaw).ready(LIST).command("AUTHENTICATE PLAIN *").accepted().inbox_opens();
        let seen = Visit::tls(&["PLAIN"]).insecure().run(script);
        seen.assert_usable("PLAIN");
        assert!(seen.received_a_secret());
        seen.finding("certificate-untrusted");
    }
}

#[test]
fn the_finding_points_at_the_handshake_that_showed_the_certificate() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().tls_as(Flaw::Expired).ready(LIST));
    let evidence = seen.finding("certificate-untrusted").evidence.expect("no claim without lines");
    assert!(seen.lines(evidence).iter().any(|line| line.contains("certificate NOT trusted")));
}

#[test]
fn without_tls_nothing_secret_is_sent_unless_allowed() {
    let mut visit = Visit::clear(&["PLAIN", "XOAUTH2"]);
    visit.options.allow_plaintext = false;
    let seen = visit.run_many(|_| Some(Script::new().ready(LIST)));
    for method in ["PLAIN", "XOAUTH2"] {
        seen.assert_not_tried(method, Skip::PlaintextForbidden);
        assert!(seen.attempt(method).advertised);
    }
    assert!(!seen.received_a_secret());
}
