//! An application's token without a role: looked at, presented to a server that answers as Exchange does, and looked for in
//! the sign-in log.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::issuer::Said;

const CLIENT: &str = "aaaaaaaa-0000-4000-8000-000000000007";

/// A token of an application that Entra gave this, beside what all have.
fn token(more: &Value) -> String {
    let mut claims = json!({
        "aud": "https://outlook.office365.com", "iss": "https://sts.windows.net/t/", "tid": "t", "appid": CLIENT,
        "appidacr": "2", "oid": "o", "sub": "o", "idtyp": "app", "iat": 1_795_000_000, "exp": 4_000_000_000_u64,
        "uti": "HjwPCxERSkqcnAAAAAAAAg",
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.c2lnbmF0dXJl", part(r#"{"alg":"RS256","typ":"JWT"}"#), part(&claims.to_string()))
}

fn mailprobe(arguments: &[&str], token: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("TOKEN", token).args(arguments);
    command.args(["--token-env", "TOKEN", "-o", "json"]);
    Said::of(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

fn read(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err))
}

/// Submission that takes no token and gives no reason; its port.
fn exchange() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let host = "FR3P281CA0157.outlook.office365.com";
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    write!(stream, "220 {host} Microsoft ESMTP MAIL Service ready\r\n").unwrap();
    for line in lines.map_while(Result::ok) {
        let said = match line.split(' ').next().unwrap() {
            "EHLO" => format!("250-{host} Hello\r\n250-AUTH LOGIN XOAUTH2\r\n250 8BITMIME\r\n"),
            "AUTH" => {
                format!("535 5.7.3 Authentication unsuccessful [{host} 2026-11-30T12:00:00.000Z 08DE]\r\n")
            }
            _ => "221 2.0.0 Service closing transmission channel\r\n".to_owned(),
        };
        if stream.write_all(said.as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn without_a_role_the_status_is_unclear_where_exchange_may_grant_it_and_a_fault_where_it_cannot() {
    let inspect = |protocols: &str, more: &Value| {
        let arguments =
            ["token", "inspect", "a@contoso.example", "--provider", "exchange-online", "--protocol"];
        mailprobe(&[&arguments[..], &[protocols]].concat(), &token(more))
    };
    for (protocols, more, exit, status) in [
        ("smtp,ews", json!({}), 3, "unclear"),
        ("imap", json!({}), 1, "refused"),
        ("pop3,smtp", json!({}), 1, "refused"),
        ("smtp", json!({"roles": ["SMTP.SendAsApp"]}), 0, "fits"),
        ("smtp", json!({"aud": "https://graph.microsoft.com"}), 1, "refused"),
        ("smtp", json!({"exp": 1_795_000_100}), 1, "refused"),
        ("smtp", json!({"idtyp": "user"}), 1, "refused"),
    ] {
        let said = inspect(protocols, &more);
        assert_eq!(
            (said.status, &read(&said)["status"]),
            (exit, &json!(status)),
            "{protocols} {more}: {}",
            said.out
        );
    }
    assert_eq!(read(&inspect("smtp", &json!({})))["request_id"], "0b0f3c1e-1111-4a4a-9c9c-000000000002");
}

#[test]
fn a_bare_refusal_of_it_is_left_open_and_its_issue_is_found_among_the_service_principals() {
    let endpoint = format!("smtp+plain://smtp.office365.com:{}", exchange());
    let arguments = [
        "check",
        "scanner@contoso.example",
        "--endpoint",
        &endpoint,
        "--resolve",
        "smtp.office365.com:127.0.0.1",
        "--allow-plaintext",
        "--methods",
        "XOAUTH2",
    ];
    let report = read(&mailprobe(&arguments, &token(&json!({}))));
    let attempt = &report["endpoints"][0]["attempts"][0];
    assert_eq!(
        (&attempt["outcome"], &attempt["reply"]["enhanced"]),
        (&json!("refused"), &json!("5.7.3")),
        "{attempt}"
    );
    let causes = attempt["causes"].as_array().unwrap();
    assert_eq!(causes[..2], ["no-mailbox-permission", "token-missing-scope"], "{causes:?}");
    let finding = |id: &str| {
        let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id);
        found.unwrap_or_else(|| panic!("no {id}: {:#}", report["findings"])).clone()
    };
    assert_eq!(finding("token-no-role")["severity"], "warning");
    assert!(finding("correlated-right-in-exchange")["explanation"].as_str().unwrap().contains("Leaves open"));
    let issue = finding("sign-in-log-token");
    let said = issue["explanation"].as_str().unwrap();
    assert!(said.starts_with(&format!("Issued to {CLIENT}, ")), "{said}");
    assert!(said.ends_with("Request ID 0b0f3c1e-1111-4a4a-9c9c-000000000002."), "{said}");
    assert!(issue["title"].as_str().unwrap().contains("service principal sign-ins"), "{issue}");
    for absent in ["token-missing-scope", "correlated-token-preflight", "sign-in-log"] {
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["id"] != absent), "{absent}: {findings:#?}");
    }
}

#[test]
fn ews_in_exchange_online_is_told_with_the_app_of_the_token_and_a_server_of_ones_own_is_not() {
    let (cloud, own) = (exchange(), exchange());
    let cloud = format!("ews://outlook.office365.com:{cloud}");
    let own = format!("ews://mail.contoso.example:{own}");
    let check = |endpoints: &[&str]| {
        let mut arguments =
            vec!["check", "scanner@contoso.example", "--allow-plaintext", "--methods", "Bearer"];
        for host in ["outlook.office365.com:127.0.0.1", "mail.contoso.example:127.0.0.1"] {
            arguments.extend(["--resolve", host]);
        }
        for endpoint in endpoints {
            arguments.extend(["--endpoint", endpoint]);
        }
        let said = mailprobe(&arguments, &token(&json!({"roles": ["full_access_as_app"]})));
        let findings = read(&said)["findings"].as_array().unwrap().clone();
        findings.into_iter().filter(|finding| finding["id"] == "ews-app-list").collect::<Vec<_>>()
    };
    let found = check(&[&cloud, &own]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0]["endpoint"].as_str().unwrap().starts_with(&cloud), "{found:#?}");
    assert_eq!(check(&[&own]), Vec::<Value>::new());
}
