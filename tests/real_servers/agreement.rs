//! Other clients on the same servers must see the same: openssl and curl what is advertised, curl and
//! imtest what is accepted and usable, async-imap what a stock client can do with our mechanisms.

use mailprobe_probes::model::Stage;

use crate::lab;
use crate::visits::{Visit, cell, offered};

const IMTEST: &str = "/usr/lib/cyrus/bin/imtest";

/// `AUTH=` words of a `* CAPABILITY` line, in order.
fn auth_words(said: &str) -> Vec<String> {
    let line =
        said.lines().map(|line| line.trim_start_matches("< ")).find(|line| line.starts_with("* CAPABILITY"));
    let line = line.unwrap_or_else(|| panic!("no list in {said}"));
    line.split_whitespace().filter_map(|word| word.strip_prefix("AUTH=")).map(str::to_owned).collect()
}

fn without_login_command(mut methods: Vec<String>) -> Vec<String> {
    methods.retain(|method| method != "LOGIN-COMMAND");
    methods
}

/// What a server answers to lines typed into openssl's client.
fn openssl(server: &str, lines: &str) -> String {
    let to = format!("{}:{}", lab::address(server), lab::fact("IMAPS_PORT"));
    let ca = lab::file("certs/ca.pem");
    let arguments = [
        "s_client",
        "-quiet",
        "-crlf",
        "-verify_return_error",
        "-CAfile",
        ca.to_str().unwrap(),
        "-connect",
        &to,
    ];
    lab::program("openssl", &arguments, lines).1
}

/// curl's verdict: whether EXAMINE INBOX went through after this login.
fn curl_opens(server: &str, mechanism: &str, secret: &[&str]) -> bool {
    let ca = lab::file("certs/ca.pem");
    let url = format!("imaps://{}:{}/", lab::address(server), lab::fact("IMAPS_PORT"));
    let option = format!("AUTH={mechanism}");
    let mut arguments =
        vec!["--silent", "--sasl-ir", "--cacert", ca.to_str().unwrap(), "--request", "EXAMINE INBOX"];
    arguments.extend(["--login-options", &option, &url]);
    arguments.extend(secret);
    let (status, said) = lab::program("curl", &arguments, "");
    match status {
        Some(0) => true,
        Some(67) => false,
        other => panic!("curl ended with {other:?} on {server} by {mechanism}: {said}"),
    }
}

#[tokio::test]
async fn openssl_and_curl_are_offered_what_we_are_offered() {
    for server in ["modern", "cutover", "liar", "outage", "cyrus"] {
        let report = Visit::new(&lab::imap(server)).run().await;
        let inside = without_login_command(offered(&report, Stage::AfterTls));
        assert_eq!(inside, auth_words(&openssl(server, "a CAPABILITY\nb LOGOUT\n")), "{server} inside TLS");
        let url = format!("imap://{}:{}/", lab::address(server), lab::fact("IMAP_PORT"));
        let (_, said) = lab::program("curl", &["--silent", "--verbose", &url], "");
        let clear = without_login_command(offered(&report, Stage::BeforeTls));
        assert_eq!(clear, auth_words(&said), "{server} before TLS");
    }
}

#[tokio::test]
async fn curl_opens_the_mailbox_exactly_where_we_do() {
    let right = format!("{}:{}", lab::fact("ALICE"), lab::password("alice"));
    let wrong = format!("{}:wrong", lab::fact("ALICE"));
    for server in ["modern", "liar", "cyrus"] {
        for (password, login) in [(lab::password("alice"), &right), ("wrong".to_owned(), &wrong)] {
            let report = Visit::new(&lab::imaps(server)).password(&password).run().await;
            for method in ["PLAIN", "LOGIN", "CRAM-MD5"] {
                if !report.attempts.iter().any(|attempt| attempt.method.name() == method) {
                    continue;
                }
                let usable = cell(&report, method) == "usable";
                assert_eq!(
                    usable,
                    curl_opens(server, method, &["--user", login]),
                    "{method} on {server}, {password}"
                );
            }
            // curl cannot be made to use the LOGIN command where SASL is offered; a person can.
            let typed = format!("a LOGIN \"{}\" \"{password}\"\nb LOGOUT\n", lab::fact("ALICE"));
            let in_by_hand = openssl(server, &typed).contains("a OK");
            assert_eq!(
                cell(&report, "LOGIN-COMMAND") == "usable",
                in_by_hand,
                "LOGIN command on {server}, {password}"
            );
        }
    }
}

#[tokio::test]
async fn curl_takes_or_loses_a_token_exactly_where_we_do() {
    let user = format!("{}:", lab::fact("ALICE"));
    for server in ["modern", "cutover"] {
        for kind in ["good", "expired", "other-user"] {
            let report = Visit::new(&lab::imaps(server)).token(kind).run().await;
            let usable = cell(&report, "OAUTHBEARER") == "usable";
            assert_eq!(usable, cell(&report, "XOAUTH2") == "usable", "{kind} on {server}");
            let token = lab::token(kind);
            let curl = curl_opens(server, "OAUTHBEARER", &["--user", &user, "--oauth2-bearer", &token]);
            assert_eq!(usable, curl, "{kind} on {server}");
        }
    }
}

#[tokio::test]
async fn imtest_gets_in_by_scram_exactly_where_we_do() {
    let alice = lab::fact("ALICE");
    for server in ["modern", "cyrus"] {
        for password in [lab::password("alice"), "wrong".to_owned()] {
            let report = Visit::new(&lab::imaps(server)).password(&password).run().await;
            for mechanism in ["SCRAM-SHA-1", "SCRAM-SHA-256"] {
                let arguments = [
                    "-s",
                    "-p",
                    lab::fact("IMAPS_PORT"),
                    "-m",
                    mechanism,
                    "-u",
                    alice,
                    "-a",
                    alice,
                    "-w",
                    &password,
                ];
                let arguments: Vec<&str> = arguments.into_iter().chain([lab::address(server)]).collect();
                let (_, said) = lab::program(IMTEST, &arguments, "");
                assert!(
                    said.contains("Authenticated.") || said.contains("Authentication failed"),
                    "{server}: {said}"
                );
                let usable = cell(&report, mechanism) == "usable";
                assert_eq!(
                    usable,
                    said.contains("Authenticated."),
                    "{mechanism} on {server}, {password}: {said}"
                );
            }
        }
    }
}
