//! Submission servers of four makes: other clients must be offered what we are offered, and get in where we do.

use mailprobe_probes::model::Stage;

use crate::lab;
use crate::visits::{Visit, gets_in, offered};

const MAKES: [&str; 4] = ["postfix", "exim", "postfix-cyrus", "nodemailer"];
/// What both curl and swaks speak.
const COMMON_METHODS: [&str; 3] = ["PLAIN", "LOGIN", "CRAM-MD5"];

fn swaks(server: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let to = ["--server", lab::address(server), "--port", lab::fact("SMTP_PORT")];
    lab::program("swaks", &[&to[..], arguments].concat(), "")
}

fn curl(server: &str, method: &str, secret: &[&str]) -> bool {
    let ca = lab::file("certs/ca.pem");
    let (url, option) = (format!("{}/", lab::smtps(server)), format!("AUTH={method}"));
    // Without a recipient curl logs in and sends this; 8 is what it makes of Postfix's answer to it.
    let fixed = ["--silent", "--sasl-ir", "--request", "NOOP", "--cacert", ca.to_str().unwrap()];
    let arguments = [&fixed[..], &["--login-options", &option, &url], secret].concat();
    let (status, said) = lab::program("curl", &arguments, "");
    assert!(matches!(status, Some(0 | 8 | 67)), "curl on {server} by {method}: {status:?} {said}");
    status != Some(67)
}

#[tokio::test]
async fn swaks_is_offered_what_we_are_offered_before_and_inside_tls() {
    for server in MAKES {
        let report = Visit::new(&lab::smtp(server)).run().await;
        for (stage, mark, arguments) in [
            (Stage::BeforeTls, "<-  250", &["--quit-after", "FIRST-HELO"][..]),
            (Stage::AfterTls, "<~  250", &["--tls", "--quit-after", "HELO"][..]),
        ] {
            let (_, said) = swaks(server, arguments);
            let list = said.lines().find_map(|line| line.strip_prefix(mark)?.get(1..)?.strip_prefix("AUTH "));
            let list: Vec<_> = list.unwrap_or_default().split_whitespace().collect();
            assert_eq!(offered(&report, stage), list, "{server}: {said}");
        }
    }
}

#[tokio::test]
async fn swaks_gets_in_exactly_where_we_do() {
    for server in MAKES {
        for password in [lab::password("alice"), "astray".to_owned()] {
            let report = Visit::new(&lab::smtp(server)).password(&password).run().await;
            for method in COMMON_METHODS {
                let who = ["--auth", method, "--auth-user", lab::fact("ALICE"), "--auth-password", &password];
                let (status, said) = swaks(server, &[&["--tls", "--quit-after", "AUTH"][..], &who].concat());
                assert!(matches!(status, Some(0 | 28)), "swaks on {server} by {method}: {status:?} {said}");
                assert_eq!(gets_in(&report, method), status == Some(0), "{method} on {server}, {password}");
                let advertised = report.attempts.iter().any(|a| a.method.name() == method && a.advertised);
                assert_eq!(advertised, !said.contains("Auth not attempted"), "{method} on {server}: {said}");
            }
        }
    }
}

#[tokio::test]
async fn curl_gets_in_exactly_where_we_do() {
    for server in MAKES {
        for password in [lab::password("alice"), "astray".to_owned()] {
            let report = Visit::new(&lab::smtps(server)).password(&password).run().await;
            for method in COMMON_METHODS {
                let user = format!("{}:{password}", lab::fact("ALICE"));
                let in_by_curl = curl(server, method, &["--user", &user]);
                assert_eq!(gets_in(&report, method), in_by_curl, "{method} on {server}, {password}");
            }
        }
    }
}

#[tokio::test]
async fn curl_takes_or_loses_a_token_exactly_where_we_do() {
    let user = format!("{}:", lab::fact("ALICE"));
    for server in MAKES {
        for kind in ["good", "expired", "other-user"] {
            let report = Visit::new(&lab::smtps(server)).token(kind).only(&["XOAUTH2"]).run().await;
            let token = lab::token(kind);
            let in_by_curl = curl(server, "XOAUTH2", &["--user", &user, "--oauth2-bearer", &token]);
            assert_eq!(gets_in(&report, "XOAUTH2"), in_by_curl, "{kind} on {server}");
        }
    }
}

#[tokio::test]
async fn gsasl_gets_in_by_scram_exactly_where_we_do() {
    let ca = format!("--x509-ca-file={}", lab::file("certs/ca.pem").display());
    for server in ["postfix", "postfix-cyrus"] {
        let to = format!("--connect={}:{}", lab::address(server), lab::fact("SMTP_PORT"));
        let name = format!("--hostname={}", lab::address(server));
        for password in [lab::password("alice"), "astray".to_owned()] {
            let report = Visit::new(&lab::smtp(server)).password(&password).run().await;
            for method in ["SCRAM-SHA-1", "SCRAM-SHA-256"] {
                let who = ["-m", method, "-a", lab::fact("ALICE"), "-p", &password];
                let how = ["--smtp", "--verbose", "--no-cb", &ca, &name, &to];
                let (_, said) = lab::program("gsasl", &[&how[..], &who].concat(), "");
                let (accepted, refused) = (said.contains("\n235 "), said.contains("\n535 "));
                assert!(accepted != refused, "gsasl on {server} by {method}: {said}");
                assert_eq!(gets_in(&report, method), accepted, "{method} on {server}, {password}");
            }
        }
    }
}
