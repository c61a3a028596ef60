//! Servers that take their time: `--timeout` is the time of the whole visit where no other is given.

use std::time::Duration;

use crate::program::check;
use crate::server::{Line, Server, good};

const TIMEOUT: Duration = Duration::from_secs(4);
const GRACE: Duration = Duration::from_secs(2);

/// Visits this server and a good one with `--timeout 4`, and gives the cause of the failure.
fn slow(scheme: &str, more: &[&str], talk: impl Fn(&mut Line) + Send + Sync + 'static) -> String {
    let (hostile, good) = (Server::new(talk), good());
    let urls = [hostile.url(scheme), good.url("imap+plain")];
    let said = check(&urls, &[&["--timeout", "4"], more].concat());
    assert!(said.took < TIMEOUT + GRACE, "{scheme} {more:?} took {:?}", said.took);
    let endpoint = said.endpoint(&urls[0]);
    if let Some(cause) = endpoint["failure"]["cause"].as_str() {
        return cause.to_owned();
    }
    let attempts = endpoint["attempts"].as_array().unwrap();
    let failures = attempts.iter().map(|attempt| match attempt["outcome"].as_str().unwrap() {
        "accepted" => &attempt["session"]["failure"],
        _ => &attempt["failure"],
    });
    let causes: Vec<&str> = failures.filter_map(|failure| failure["cause"].as_str()).collect();
    causes.first().unwrap_or_else(|| panic!("nothing failed: {endpoint:#}")).to_string()
}

/// One octet after the other, a tenth of a second apart, for ever.
fn drip(line: &mut Line, text: &str) {
    for octet in text.bytes().cycle() {
        std::thread::sleep(Duration::from_millis(100));
        if !line.say([octet]) {
            return;
        }
    }
}

#[test]
fn silence_where_a_greeting_belongs() {
    assert_eq!(slow("imap+plain", &[], Line::wait), "timeout");
    assert_eq!(slow("imap", &[], Line::wait), "timeout");
    assert_eq!(slow("smtp", &["--tls-versions"], Line::wait), "timeout");
}

#[test]
fn silence_where_tls_belongs() {
    assert_eq!(slow("imaps", &[], Line::wait), "timeout");
    assert_eq!(slow("ews", &[], Line::wait), "timeout");
    assert_eq!(slow("imaps", &["--tls-versions"], Line::wait), "timeout");
}

#[test]
fn drops() {
    assert_eq!(slow("imap+plain", &[], |line| drip(line, "* OK ready ")), "timeout");
    let lines = |line: &mut Line| {
        line.say("* OK ready\r\n");
        drip(line, "* 3 EXISTS\r\n");
    };
    assert!(["timeout", "deadline"].contains(&slow("imap+plain", &[], lines).as_str()));
    let interim = |line: &mut Line| {
        line.request();
        drip(line, "HTTP/1.1 100 Continue\r\n\r\n");
    };
    assert!(["timeout", "deadline"].contains(&slow("ews+plain", &[], interim).as_str()));
}

#[test]
fn every_step_in_time_for_itself_and_all_of_them_late() {
    // Two and a half seconds for a greeting, and again for every answer.
    let dawdler = |line: &mut Line| {
        let wait = || std::thread::sleep(Duration::from_millis(2500));
        wait();
        line.say("* OK ready\r\n");
        while let Some(command) = line.hear() {
            wait();
            let tag = command.split(' ').next().unwrap_or_default().to_owned();
            line.say(format!("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n"));
        }
    };
    assert_eq!(slow("imap+plain", &[], dawdler), "deadline");
}

#[test]
fn silence_after_the_login_and_at_the_goodbye() {
    let at = |word: &'static str| {
        move |line: &mut Line| {
            line.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n");
            while let Some(command) = line.hear() {
                if command.contains(word) {
                    return line.wait();
                }
                let tag = command.split(' ').next().unwrap_or_default().to_owned();
                line.say(format!("{tag} OK [CAPABILITY IMAP4rev1] done\r\n"));
            }
        }
    };
    assert_eq!(slow("imap+plain", &["--methods", "PLAIN"], at("AUTHENTICATE")), "timeout");
    assert_eq!(slow("imap+plain", &["--methods", "PLAIN"], at("EXAMINE")), "timeout");
}
