//! One mailbox over every protocol, in one matrix.

use crate::lab;
use crate::tool::{Said, mailprobe};

/// IMAP, POP3, SMTP, EWS and `ActiveSync`, each on a server of its own, by name.
fn endpoints() -> [String; 5] {
    [
        format!("imaps://imap.lab.test:{}", lab::fact("IMAPS_PORT")),
        format!("pop3s://modern.lab.test:{}", lab::fact("POP3S_PORT")),
        format!("smtps://smtp.lab.test:{}", lab::fact("SMTPS_PORT")),
        format!("ews://exchange.lab.test:{}", lab::fact("HTTPS_PORT")),
        format!("eas://sogo.lab.test:{}", lab::fact("HTTPS_PORT")),
    ]
}

fn check(more: &[&str]) -> Said {
    let dns = format!("{}:{}", lab::fact("DNS_ADDRESS"), lab::fact("DNS_PORT"));
    let ca = lab::file("certs/ca.pem");
    let mut arguments =
        vec!["check", lab::fact("ALICE"), "--dns-server", &dns, "--ca-file", ca.to_str().unwrap()];
    let endpoints = endpoints();
    for endpoint in &endpoints {
        arguments.extend(["--endpoint", endpoint]);
    }
    arguments.extend([
        "--password-env",
        "PW",
        "--token-env",
        "TOKEN",
        "--methods",
        "PLAIN,XOAUTH2,Basic,Bearer",
    ]);
    arguments.extend(more);
    mailprobe(&arguments).say()
}

#[test]
fn one_mailbox_over_five_protocols_is_one_report() {
    let report = check(&["--activesync-post", "-o", "json"]).json();
    let columns = report["endpoints"].as_array().unwrap();
    let protocols: Vec<_> = columns.iter().map(|column| column["protocol"].as_str().unwrap()).collect();
    assert_eq!(protocols, ["imap", "pop3", "smtp", "ews", "activesync"]);
    let cell = |column: usize, method: &str| {
        let attempts = columns[column]["attempts"].as_array().unwrap();
        let found = attempts.iter().find(|attempt| attempt["method"] == method);
        found.map(|attempt| (attempt["outcome"].as_str().unwrap(), attempt["usable"].as_bool()))
    };
    for (column, protocol) in protocols.iter().take(3).enumerate() {
        for method in ["PLAIN", "XOAUTH2"] {
            assert_eq!(cell(column, method), Some(("accepted", Some(true))), "{method} on {protocol}");
        }
        assert_eq!(cell(column, "Basic"), None, "no scheme of HTTP on {protocol}");
    }
    assert_eq!(cell(3, "Basic"), Some(("accepted", Some(true))));
    assert_eq!(cell(3, "Bearer"), Some(("accepted", Some(true))));
    assert_eq!(cell(4, "Basic"), Some(("accepted", Some(true))));
    assert_eq!(
        cell(4, "Bearer").map(|(outcome, _)| outcome),
        Some("inconclusive"),
        "SOGo drops the connection"
    );
    assert_eq!(cell(3, "PLAIN"), None, "no SASL mechanism on EWS");
}

#[test]
fn the_matrix_has_a_column_for_each_within_80_characters() {
    let said = check(&["--activesync-post"]);
    let matrix = said.out.split("● offered   ○ not offered").next().unwrap();
    for title in ["imaps :10993", "pop3s :10995", "smtps :10465", "ews :10443", "eas :10443"] {
        assert_eq!(matrix.matches(title).count(), 1, "{title} in\n{matrix}");
    }
    let cells = |method: &str| {
        let rows = matrix.lines().filter(|line| line.split_whitespace().next() == Some(method));
        rows.flat_map(|row| row.split("   ").skip(1))
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect::<Vec<_>>()
    };
    // The matrix is folded: three columns and two; a row without any cell in a part is left out there.
    assert_eq!(cells("PLAIN"), ["● ✓ usable"; 3]);
    assert_eq!(cells("Basic"), ["● ✓ usable"; 2]);
    assert_eq!(cells("Bearer"), ["● ✓ usable", "○ ? unclear"]);
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
}
