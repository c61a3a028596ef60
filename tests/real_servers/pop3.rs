//! POP3 on the same servers: the cells, and what curl and openssl make of them.

use mailprobe_probes::model::{Outcome, Stage};

use crate::lab;
use crate::visits::{Visit, attempt, cell, offered};

const PASSWORD_METHODS: [&str; 6] =
    ["PLAIN", "LOGIN", "USER-PASS", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];

#[tokio::test]
async fn every_method_opens_the_maildrop_over_either_transport() {
    for url in [lab::pop3s("modern"), lab::pop3("modern")] {
        let report = Visit::new(&url).run().await;
        for method in PASSWORD_METHODS.iter().chain(&["XOAUTH2", "OAUTHBEARER"]) {
            assert_eq!(cell(&report, method), "usable", "{method} on {url}");
        }
        assert!(offered(&report, Stage::AfterLogin).is_empty(), "Dovecot offers no login to who is in");
        assert!(report.advertised.iter().any(|list| list.stage == Stage::AfterLogin));
    }
}

#[tokio::test]
async fn cyrus_opens_by_the_same_methods_and_by_apop() {
    for url in [lab::pop3s("cyrus"), lab::pop3("cyrus")] {
        let report = Visit::new(&url).run().await;
        for method in PASSWORD_METHODS.iter().chain(&["APOP"]) {
            assert_eq!(cell(&report, method), "usable", "{method} on {url}");
        }
        assert_eq!(cell(&report, "XOAUTH2"), "mechanism-unsupported");
    }
}

#[tokio::test]
async fn after_the_cutover_user_is_advertised_and_refused_unlooked_at() {
    let report = Visit::new(&lab::pop3s("cutover")).run().await;
    assert!(attempt(&report, "USER-PASS").advertised, "CAPA says USER all the same");
    for method in ["PLAIN", "LOGIN", "USER-PASS"] {
        assert_eq!(cell(&report, method), "mechanism-unsupported", "{method}");
    }
    for method in ["XOAUTH2", "OAUTHBEARER"] {
        assert_eq!(cell(&report, method), "usable", "{method}");
    }
}

#[tokio::test]
async fn a_wrong_token_is_refused_after_its_error_report_and_never_taken_for_a_success() {
    let report = Visit::new(&lab::pop3s("cutover")).token("expired").run().await;
    for method in ["XOAUTH2", "OAUTHBEARER"] {
        match &attempt(&report, method).outcome {
            Outcome::Refused { challenge: Some(challenge), diagnosis, reply, .. } => {
                assert!(challenge.contains(lab::fact("OPENID_CONFIGURATION")), "{challenge}");
                assert_eq!((diagnosis.first().name(), reply.status.as_str()), ("token-invalid", "-ERR"));
            }
            other => panic!("{method}: {other:?}"),
        }
        assert_eq!(attempt(&report, method).initial_response, Some(false), "tokens go in two steps");
    }
}

#[tokio::test]
async fn an_outage_a_liar_and_a_server_without_tls_are_what_they_are() {
    let outage = Visit::new(&lab::pop3s("outage")).run().await;
    let liar = Visit::new(&lab::pop3s("liar")).run().await;
    for method in ["PLAIN", "LOGIN", "USER-PASS"] {
        assert_eq!(cell(&outage, method), "? temporary", "{method}");
        assert_eq!(attempt(&outage, method).outcome.reply().unwrap().code.as_deref(), Some("SYS/TEMP"));
        assert_eq!(cell(&liar, method), "bad-credentials", "{method}");
    }
    let legacy = Visit::new(&lab::pop3("legacy")).run().await;
    assert_eq!(legacy.failure.unwrap().cause.name(), "starttls-not-offered");
}

#[tokio::test]
async fn a_password_with_quotes_backslash_blanks_tilde_and_umlaut_opens_by_every_method() {
    for server in ["modern", "cyrus"] {
        let visit =
            Visit::new(&lab::pop3s(server)).user(lab::fact("QUIRKY")).password(&lab::password("quirky"));
        let report = visit.only(&PASSWORD_METHODS).run().await;
        for method in PASSWORD_METHODS {
            assert_eq!(cell(&report, method), "usable", "{method} on {server}");
        }
    }
}

#[tokio::test]
async fn openssl_is_offered_what_we_are_offered() {
    for server in ["modern", "cutover", "liar", "cyrus"] {
        let report = Visit::new(&lab::pop3s(server)).run().await;
        let mut ours = offered(&report, Stage::AfterTls);
        ours.retain(|method| !matches!(method.as_str(), "USER-PASS" | "APOP"));
        let to = format!("{}:{}", lab::address(server), lab::fact("POP3S_PORT"));
        let arguments = ["s_client", "-quiet", "-crlf", "-connect", &to];
        let (_, said) = lab::program("openssl", &arguments, "CAPA\nQUIT\n");
        let line =
            said.lines().find_map(|line| line.strip_prefix("SASL ")).unwrap_or_else(|| panic!("{said}"));
        assert_eq!(ours, line.split_whitespace().collect::<Vec<_>>(), "{server}");
    }
}

#[tokio::test]
async fn curl_opens_the_maildrop_exactly_where_we_do() {
    let ca = lab::file("certs/ca.pem");
    for server in ["modern", "cutover", "liar", "cyrus"] {
        for password in [lab::password("alice"), "wrong".to_owned()] {
            let report = Visit::new(&lab::pop3s(server)).password(&password).run().await;
            for (method, option) in [
                ("PLAIN", "AUTH=PLAIN"),
                ("LOGIN", "AUTH=LOGIN"),
                ("CRAM-MD5", "AUTH=CRAM-MD5"),
                ("APOP", "AUTH=+APOP"),
            ] {
                // What is not offered, curl does not try.
                if !report
                    .attempts
                    .iter()
                    .any(|attempt| attempt.method.name() == method && attempt.advertised)
                {
                    continue;
                }
                let user = format!("{}:{password}", lab::fact("ALICE"));
                let url = format!("{}/", lab::pop3s(server));
                let arguments = [
                    "--silent",
                    "--cacert",
                    ca.to_str().unwrap(),
                    "--user",
                    &user,
                    "--login-options",
                    option,
                    &url,
                ];
                let (status, said) = lab::program("curl", &arguments, "");
                assert!(matches!(status, Some(0 | 67)), "curl on {server} by {method}: {status:?} {said}");
                assert_eq!(
                    cell(&report, method) == "usable",
                    status == Some(0),
                    "{method} on {server}, {password}"
                );
            }
        }
    }
}
