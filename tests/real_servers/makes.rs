//! Exim, Postfix with Cyrus SASL, and nodemailer's smtp-server: every cell by what the server is known to do, in its
//! own words, and held against its own log.

use mailprobe_probes::model::{EndpointReport, Outcome, Session, Stage};

use crate::lab;
use crate::visits::{Visit, attempt, cell, gets_in, offered, until};

const PASSWORD_METHODS: [&str; 5] = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];

/// Lines of a server's log about one source address that have all these pieces.
fn lines(server: &str, source: &str, pieces: &[&str]) -> usize {
    let source = format!("[{source}]");
    let log = lab::log(server);
    let about = log.lines().filter(|line| line.contains(&source));
    about.filter(|line| pieces.iter().all(|piece| line.contains(piece))).count()
}

/// Connections from one source address whose end is in the log. Postfix and Exim write about what they refused
/// after they have said so; at its end all of a connection is written. nodemailer's log is written before the answer.
fn ended(server: &str, source: &str) -> usize {
    match server {
        "exim" => {
            let about = |more: &str| lines(server, source, &["SMTP connection from", more]);
            about("") - about("(TCP/IP connection count") - about("no MAIL in")
        }
        _ => lines(server, source, &["disconnect from"]),
    }
}

/// Waits until the log has the end of every connection of this visit.
fn settled(server: &str, source: &str, earlier: usize, report: &EndpointReport) {
    if server != "nodemailer" {
        let connections = report.transcript.iter().map(|line| line.connection).max().unwrap() as usize;
        until("the ends of all sessions are in the log", || ended(server, source) == earlier + connections);
    }
}

/// What each server writes about a wrong password, and about a sender that it takes.
fn marks(server: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match server {
        "exim" => (&["authenticator failed for", ": 535 "], &["accepted MAIL <alice@lab.test>"]),
        "postfix-cyrus" => {
            (&["SASL", "authentication failed: authentication failure"], &["disconnect from", " mail=1 "])
        }
        "nodemailer" => (&["AUTH ", " refused"], &["MAIL \"alice@lab.test\" accepted"]),
        other => panic!("{other}"),
    }
}

/// Password methods that are offered and that we speak.
fn spoken(report: &EndpointReport) -> Vec<&'static str> {
    let offered = offered(report, Stage::AfterTls);
    let spoken: Vec<_> =
        PASSWORD_METHODS.into_iter().filter(|method| offered.iter().any(|name| name == method)).collect();
    assert!(!spoken.is_empty(), "{}: {:?}", report.url, report.failure);
    spoken
}

#[tokio::test]
async fn exim_offers_its_digest_before_tls_and_passwords_only_inside() {
    let report = Visit::new(&lab::smtp("exim")).run().await;
    assert_eq!(offered(&report, Stage::BeforeTls), ["CRAM-MD5"]);
    assert_eq!(offered(&report, Stage::AfterTls), ["PLAIN", "LOGIN", "CRAM-MD5"]);
    assert_eq!(cell(&report, "XOAUTH2"), "mechanism-unsupported", "not offered, and 504 when asked for");
}

#[tokio::test]
async fn postfix_with_cyrus_sasl_offers_more_than_we_speak_and_says_so() {
    let report = Visit::new(&lab::smtps("postfix-cyrus")).run().await;
    assert_eq!(spoken(&report), PASSWORD_METHODS);
    for method in ["DIGEST-MD5", "SCRAM-SHA-512", "NTLM"] {
        assert_eq!(cell(&report, method), "- unimplemented", "{method}");
    }
    // "535 5.7.8 Error: authentication failed: no mechanism available": nobody has looked at the token.
    assert!(!attempt(&report, "XOAUTH2").advertised);
    assert_eq!(cell(&report, "XOAUTH2"), "mechanism-unsupported");
}

#[tokio::test]
async fn every_offered_method_sends_over_either_transport_on_every_make() {
    for server in ["exim", "postfix-cyrus", "nodemailer"] {
        for url in [lab::smtps(server), lab::smtp(server)] {
            let report = Visit::new(&url).run().await;
            for method in spoken(&report) {
                assert_eq!(cell(&report, method), "usable", "{method} on {url}");
            }
        }
    }
    assert_eq!(cell(&Visit::new(&lab::smtps("nodemailer")).run().await, "XOAUTH2"), "usable");
}

#[tokio::test]
async fn each_make_takes_quotes_backslash_blanks_tilde_and_umlaut() {
    for server in ["exim", "postfix-cyrus", "nodemailer"] {
        let visit = Visit::new(&lab::smtps(server)).user(lab::fact("QUIRKY"));
        let report = visit.password(&lab::password("quirky")).run().await;
        for method in spoken(&report) {
            assert_eq!(cell(&report, method), "usable", "{method} on {server}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_is_one_in_the_words_of_every_make() {
    for server in ["exim", "postfix-cyrus", "nodemailer"] {
        let report = Visit::new(&lab::smtps(server)).password("astray").run().await;
        for method in spoken(&report) {
            assert_eq!(cell(&report, method), "bad-credentials", "{method} on {server}");
        }
    }
}

#[tokio::test]
async fn a_refused_token_comes_with_its_error_report_decoded() {
    let report = Visit::new(&lab::smtps("nodemailer")).token("expired").run().await;
    match &attempt(&report, "XOAUTH2").outcome {
        Outcome::Refused { challenge: Some(challenge), diagnosis, reply, .. } => {
            let sent =
                format!(r#"{{"status":"401","schemes":"bearer","scope":"{}"}}"#, lab::fact("TOKEN_SCOPE"));
            assert_eq!(*challenge, sent);
            assert_eq!((diagnosis.first().name(), reply.status.as_str()), ("token-invalid", "535"));
        }
        other => panic!("{other:?}"),
    }
    assert!(gets_in(&report, "PLAIN"), "the password is another matter");
}

#[tokio::test]
async fn exims_435_is_neither_yes_nor_no() {
    let report = Visit::new(&lab::smtps("exim")).user(lab::fact("UNJUDGED")).run().await;
    for method in spoken(&report) {
        assert_eq!(cell(&report, method), "? temporary", "{method}");
    }
}

#[tokio::test]
async fn who_may_log_in_and_not_send_is_shown_as_that_and_the_log_agrees() {
    for (server, source, first, rejected) in [
        ("exim", "127.77.2.1", "account-disabled", "rejected MAIL <disabled@lab.test>"),
        ("postfix-cyrus", "127.77.2.2", "send-as-denied", "NOQUEUE: reject: MAIL from"),
    ] {
        let earlier = (lines(server, source, &[rejected]), ended(server, source));
        let visit = Visit::new(&lab::smtps(server)).user(lab::fact("DISABLED")).from(source);
        let report = visit.password(&lab::password("disabled")).only(&["PLAIN", "LOGIN"]).run().await;
        for method in ["PLAIN", "LOGIN"] {
            assert_eq!(cell(&report, method), "shut", "{method} on {server}");
            match &attempt(&report, method).outcome {
                Outcome::Accepted { session: Session::Shut { diagnosis, .. }, .. } => {
                    assert_eq!(diagnosis.first().name(), first, "{server}");
                }
                other => panic!("{method} on {server}: {other:?}"),
            }
        }
        settled(server, source, earlier.1, &report);
        assert_eq!(lines(server, source, &[rejected]) - earlier.0, 2, "{server}");
    }
}

#[tokio::test]
async fn what_we_call_usable_is_a_sender_that_the_log_calls_taken() {
    for (server, source) in
        [("exim", "127.77.2.3"), ("postfix-cyrus", "127.77.2.4"), ("nodemailer", "127.77.2.5")]
    {
        let (_, taken) = marks(server);
        let earlier = (lines(server, source, taken), ended(server, source));
        let report = Visit::new(&lab::smtps(server)).from(source).run().await;
        settled(server, source, earlier.1, &report);
        let usable = report.attempts.iter().filter(|attempt| attempt.outcome.usable() == Some(true)).count();
        assert!(usable >= 3, "{server}");
        assert_eq!(lines(server, source, taken) - earlier.0, usable, "{server}");
    }
}

#[tokio::test]
async fn one_wrong_password_costs_exactly_one_bad_attempt_by_every_servers_own_count() {
    for (server, source) in
        [("exim", "127.77.2.6"), ("postfix-cyrus", "127.77.2.7"), ("nodemailer", "127.77.2.8")]
    {
        let (wrong, _) = marks(server);
        let mut costs = Vec::new();
        for gated in [true, false] {
            let earlier = (lines(server, source, wrong), ended(server, source));
            let visit = Visit::new(&lab::smtps(server)).password("astray").from(source);
            let visit = if gated { visit.gated(1) } else { visit };
            let report = visit.run().await;
            settled(server, source, earlier.1, &report);
            costs.push((lines(server, source, wrong) - earlier.0, spoken(&report).len()));
        }
        assert_eq!(costs[0].0, 1, "{server}");
        assert_eq!(costs[1].0, costs[1].1, "{server}: without the gate the count sees each of them");
    }
}
