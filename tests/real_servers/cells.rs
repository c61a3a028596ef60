//! Every cell of every server, by what the server is known to do.

use mailprobe_probes::model::{Outcome, Stage};

use crate::lab;
use crate::visits::{Visit, attempt, cell, offered};

const PASSWORD_METHODS: [&str; 6] =
    ["PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];

#[tokio::test]
async fn a_modern_server_opens_the_mailbox_by_every_method_over_either_transport() {
    for url in [lab::imaps("modern"), lab::imap("modern")] {
        let report = Visit::new(&url).run().await;
        for method in PASSWORD_METHODS.iter().chain(&["XOAUTH2", "OAUTHBEARER"]) {
            assert_eq!(cell(&report, method), "usable", "{method} on {url}");
            assert!(attempt(&report, method).advertised, "{method} on {url}");
        }
        assert_eq!(cell(&report, "DIGEST-MD5"), "- unimplemented", "offered, and said to be out of reach");
        assert_eq!(
            offered(&report, Stage::AfterLogin),
            ["LOGIN-COMMAND"],
            "Dovecot keeps its AUTH= to itself then"
        );
    }
}

#[tokio::test]
async fn what_is_hidden_before_tls_is_offered_after_it() {
    let report = Visit::new(&lab::imap("modern")).run().await;
    assert_eq!(
        offered(&report, Stage::BeforeTls),
        ["CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
    );
    let after = offered(&report, Stage::AfterTls);
    assert!(
        ["PLAIN", "LOGIN", "XOAUTH2", "LOGIN-COMMAND"].iter().all(|name| after.iter().any(|m| m == name))
    );
    let implicit = Visit::new(&lab::imaps("modern")).run().await;
    assert!(offered(&implicit, Stage::BeforeTls).is_empty(), "nothing is said in the clear on 993");
}

#[tokio::test]
async fn after_the_cutover_tokens_open_the_mailbox_and_passwords_are_refused_unlooked_at() {
    let report = Visit::new(&lab::imaps("cutover")).run().await;
    assert_eq!(offered(&report, Stage::AfterTls), ["XOAUTH2", "OAUTHBEARER"]);
    for method in ["XOAUTH2", "OAUTHBEARER"] {
        assert_eq!(cell(&report, method), "usable", "{method}");
    }
    for method in ["PLAIN", "LOGIN", "LOGIN-COMMAND"] {
        assert!(!attempt(&report, method).advertised, "{method}");
        assert_eq!(cell(&report, method), "mechanism-unsupported", "{method}");
    }
}

#[tokio::test]
async fn a_server_that_advertises_what_it_refuses_is_shown_as_that() {
    let report = Visit::new(&lab::imaps("liar")).run().await;
    for method in ["PLAIN", "LOGIN", "LOGIN-COMMAND"] {
        assert!(attempt(&report, method).advertised, "{method}");
        assert_eq!(cell(&report, method), "bad-credentials", "{method}");
    }
    assert!(attempt(&report, "XOAUTH2").advertised);
    assert_eq!(cell(&report, "XOAUTH2"), "token-invalid");
}

#[tokio::test]
async fn an_outage_of_the_backend_is_neither_yes_nor_no() {
    let report = Visit::new(&lab::imaps("outage")).run().await;
    for method in ["PLAIN", "LOGIN", "LOGIN-COMMAND"] {
        assert_eq!(cell(&report, method), "? temporary", "{method}");
        assert_eq!(attempt(&report, method).outcome.reply().unwrap().code.as_deref(), Some("UNAVAILABLE"));
    }
}

#[tokio::test]
async fn without_tls_nothing_is_presented_unless_asked_to() {
    let url = lab::imap("legacy").replace("imap://", "imap+plain://");
    let report = Visit::new(&url).run().await;
    assert_eq!(offered(&report, Stage::BeforeTls), ["LOGIN-COMMAND", "PLAIN", "LOGIN", "CRAM-MD5"]);
    for method in ["PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5"] {
        assert_eq!(cell(&report, method), "- plaintext-forbidden", "{method}");
    }
    let mut visit = Visit::new(&url);
    visit.options.allow_plaintext = true;
    let report = visit.run().await;
    for method in ["PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5"] {
        assert_eq!(cell(&report, method), "usable", "{method}");
    }
}

#[tokio::test]
async fn a_server_without_starttls_stops_the_visit_there() {
    let report = Visit::new(&lab::imap("legacy")).run().await;
    let failure = report.failure.unwrap();
    assert_eq!((failure.phase.name(), failure.cause.name().as_str()), ("starttls", "starttls-not-offered"));
    assert!(report.attempts.is_empty());
    assert_eq!(report.advertised.len(), 1, "what was offered in the clear is still recorded");
}

#[tokio::test]
async fn another_make_of_server_gives_the_same_cells() {
    for url in [lab::imaps("cyrus"), lab::imap("cyrus")] {
        let report = Visit::new(&url).run().await;
        for method in PASSWORD_METHODS {
            assert_eq!(cell(&report, method), "usable", "{method} on {url}");
        }
        assert_eq!(cell(&report, "XOAUTH2"), "mechanism-unsupported");
        // Cyrus 3.6 binds by tls-unique, which no TLS library of ours has any more.
        for method in ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"] {
            assert_eq!(cell(&report, method), "client-protocol-error", "{method}");
        }
        for method in ["NTLM", "DIGEST-MD5", "SCRAM-SHA-512"] {
            assert_eq!(cell(&report, method), "- unimplemented", "{method}");
        }
    }
}

#[tokio::test]
async fn a_password_with_quotes_backslash_blanks_tilde_and_umlaut_opens_by_every_method() {
    for server in ["modern", "cyrus"] {
        let visit =
            Visit::new(&lab::imaps(server)).user(lab::fact("QUIRKY")).password(&lab::password("quirky"));
        let report = visit.only(&PASSWORD_METHODS).run().await;
        for method in PASSWORD_METHODS {
            assert_eq!(cell(&report, method), "usable", "{method} on {server}");
        }
    }
}

#[tokio::test]
async fn every_wrong_token_is_refused_with_the_error_report_decoded() {
    for kind in ["expired", "wrong-audience", "wrong-issuer", "missing-scope", "other-user", "rogue-key"] {
        let report =
            Visit::new(&lab::imaps("cutover")).token(kind).only(&["XOAUTH2", "OAUTHBEARER"]).run().await;
        for method in ["XOAUTH2", "OAUTHBEARER"] {
            assert_eq!(cell(&report, method), "token-invalid", "{kind}");
            match &attempt(&report, method).outcome {
                Outcome::Refused { challenge: Some(challenge), .. } => {
                    assert!(challenge.contains(lab::fact("OPENID_CONFIGURATION")), "{kind}: {challenge}");
                }
                other => panic!("{kind}: {other:?}"),
            }
        }
    }
    let report = Visit::new(&lab::imaps("cutover")).token("no-username").only(&["XOAUTH2"]).run().await;
    assert_eq!(cell(&report, "XOAUTH2"), "? temporary");
}

#[tokio::test]
async fn a_disabled_account_is_told_from_a_wrong_password() {
    let visit = || Visit::new(&lab::imaps("modern")).user(lab::fact("DISABLED")).only(&["PLAIN"]);
    assert_eq!(cell(&visit().password(&lab::password("disabled")).run().await, "PLAIN"), "account-disabled");
    assert_eq!(cell(&visit().password("wrong").run().await, "PLAIN"), "bad-credentials");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_lets_the_advertisement_through_and_no_secret() {
    let mut visit = Visit::new(&lab::imaps("modern"));
    visit.trust = false;
    let report = visit.run().await;
    let tls = report.tls.as_ref().unwrap();
    assert!(!tls.trusted && tls.problems == ["the chain leads to no trusted root"], "{:?}", tls.problems);
    assert!(!offered(&report, Stage::AfterTls).is_empty());
    assert!(report.attempts.iter().all(|attempt| attempt.outcome.word() == "not-tried"));
    assert!(report.findings.iter().any(|finding| finding.id == "certificate-untrusted"));
}
