//! SMTP submission on Postfix with Dovecot's SASL: the cells, and one attempt budget over all three protocols.
//! `submission.rs` holds them against other clients.

use std::sync::Arc;

use mailprobe_probes::model::{Outcome, Stage};
use mailprobe_run::AttemptGate;

use crate::lab;
use crate::visits::{Visit, attempt, cell, offered};

const PASSWORD_METHODS: [&str; 5] = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];

#[tokio::test]
async fn every_method_may_send_as_itself_over_either_transport() {
    for url in [lab::smtps("postfix"), lab::smtp("postfix")] {
        let report = Visit::new(&url).run().await;
        for method in PASSWORD_METHODS.iter().chain(&["XOAUTH2", "OAUTHBEARER"]) {
            assert_eq!(cell(&report, method), "usable", "{method} on {url}: {:?}", report.failure);
        }
    }
}

#[tokio::test]
async fn a_login_is_offered_only_inside_tls() {
    let report = Visit::new(&lab::smtp("postfix")).run().await;
    assert!(offered(&report, Stage::BeforeTls).is_empty());
    let inside = offered(&report, Stage::AfterTls);
    let to = format!("{}:{}", lab::address("postfix"), lab::fact("SMTPS_PORT"));
    let (_, said) =
        lab::program("openssl", &["s_client", "-quiet", "-crlf", "-connect", &to], "EHLO test\nQUIT\n");
    let line =
        said.lines().find_map(|line| line.strip_prefix("250-AUTH ")).unwrap_or_else(|| panic!("{said}"));
    assert_eq!(inside, line.split_whitespace().collect::<Vec<_>>(), "openssl is offered the same");
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_token_are_told_apart() {
    let report = Visit::new(&lab::smtps("postfix")).password("wrong").token("expired").run().await;
    for method in PASSWORD_METHODS {
        assert_eq!(cell(&report, method), "bad-credentials", "{method}");
    }
    for method in ["XOAUTH2", "OAUTHBEARER"] {
        match &attempt(&report, method).outcome {
            Outcome::Refused { challenge: Some(challenge), diagnosis, .. } => {
                assert!(challenge.contains(lab::fact("OPENID_CONFIGURATION")), "{challenge}");
                assert_eq!(diagnosis.first().name(), "token-invalid", "{method}");
            }
            other => panic!("{method}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_too_long_for_the_auth_line_goes_in_two_steps() {
    let report = Visit::new(&lab::smtps("postfix")).run().await;
    assert_eq!(attempt(&report, "PLAIN").initial_response, Some(true));
    assert_eq!(
        attempt(&report, "XOAUTH2").initial_response,
        Some(false),
        "RFC 5321 promises 512 octets a line"
    );
}

#[tokio::test]
async fn one_wrong_password_costs_one_bad_attempt_across_imap_pop3_and_smtp() {
    let source = "127.77.1.10";
    // Dovecot's authentication stands behind all three, and names the client of each.
    let bad = || {
        let log = lab::log("modern");
        let lines = log.lines().filter(|line| line.contains(&format!(",{source}")));
        lines.filter(|line| line.to_lowercase().contains("password mismatch")).count()
    };
    let before = bad();
    let gate = Arc::new(AttemptGate::new(1));
    let visit = |url: String| {
        let mut visit = Visit::new(&url).password("wrong").from(source);
        visit.gate = gate.clone();
        visit.run()
    };
    let (imap, pop3, smtp) =
        tokio::join!(visit(lab::imaps("modern")), visit(lab::pop3s("modern")), visit(lab::smtps("postfix")));
    assert_eq!(bad() - before, 1, "by the server's own count");
    let reports = [imap, pop3, smtp];
    let refused = reports.iter().flat_map(|report| &report.attempts);
    assert_eq!(refused.filter(|attempt| matches!(attempt.outcome, Outcome::Refused { .. })).count(), 1);
    for report in &reports {
        assert_eq!(cell(report, "XOAUTH2"), "usable", "{}", report.url);
    }
}
