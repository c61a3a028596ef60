//! Conversations with real servers, delivered in every way in which TCP may cut them: the report must not
//! depend on it. The files and their origins are in `tests/transcripts`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where they fail"
)]

#[allow(dead_code, unused_imports, reason = "every suite uses its part of the kit")]
#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use mailprobe_probes::model::{Outcome, Reply, Session};
use serde_json::Value;
use support::{Script, Seen, Step, Visit};

/// One test per file, and a list of them all.
macro_rules! transcripts {
    ($($test:ident: $file:literal,)*) => {
        const NAMED: &[&str] = &[$($file,)*];
        $(#[test] fn $test() { replay(include_str!(concat!("transcripts/", $file, ".txt"))); })*
    };
}

transcripts! {
    exchange_online_refuses_login_before_it_looks_at_the_account: "imap/exchange-online-login-closed",
    exchange_online_refuses_plain_before_it_looks_at_the_account: "imap/exchange-online-plain-closed",
    exchange_online_takes_a_token_and_opens_the_mailbox: "imap/exchange-online-token-opens",
    exchange_online_takes_a_token_and_leaves_the_mailbox_shut: "imap/exchange-online-token-not-connected",
    exchange_online_refuses_a_token_without_an_error_report: "imap/exchange-online-token-refused",
    outlook_com_says_not_connected_as_the_answer_to_the_token: "imap/outlook-personal-token-not-connected-at-once",
    exchange_online_before_the_shutdown_offered_login_and_refused_it: "imap/exchange-online-2025-login-failed",
    exchange_online_before_the_shutdown_offered_plain_and_refused_it: "imap/exchange-online-2025-plain-failed",
    gmail_reports_the_error_and_then_refuses_the_token: "imap/gmail-token-refused",
    gmail_reports_the_error_and_then_refuses_oauthbearer: "imap/gmail-oauthbearer-refused",
    gmail_wants_an_app_password: "imap/gmail-app-password-wanted",
    gmail_wants_a_sign_in_in_a_browser: "imap/gmail-web-login-wanted",
    gmail_takes_a_token_and_volunteers_its_new_list: "imap/gmail-token-opens",
    gmail_has_enough_connections: "imap/gmail-too-many-connections",
    dovecot_takes_a_password_and_opens_the_mailbox: "imap/dovecot-plain-opens",
    dovecot_refuses_a_password: "imap/dovecot-wrong-password",
    dovecot_without_its_back_end_decides_nothing: "imap/dovecot-backend-down",
    dovecot_refuses_login_in_the_clear: "imap/dovecot-login-needs-tls",
    cyrus_takes_a_password_and_opens_the_mailbox: "imap/cyrus-plain-opens",
    cyrus_refuses_login_in_the_clear: "imap/cyrus-login-needs-tls",
    courier_says_goodbye_to_an_account_without_imap: "imap/courier-imap-switched-off",
    courier_without_its_back_end_decides_nothing: "imap/courier-backend-down",
    icloud_takes_an_app_password_and_opens_the_mailbox: "imap/icloud-plain-opens",
    icloud_refuses_a_password: "imap/icloud-wrong-password",
    netease_opens_mailboxes_only_to_clients_on_its_list: "imap/netease-unsafe-login",
    exchange_online_takes_user_and_refuses_pass_before_it_looks: "pop3/exchange-online-user-pass-closed",
    exchange_online_takes_a_token_in_two_steps_over_pop3: "pop3/exchange-online-token-opens",
    exchange_online_refuses_a_token_over_pop3_in_words_of_a_password: "pop3/exchange-online-token-refused",
    gmail_reports_the_error_over_pop3_and_that_is_no_success: "pop3/gmail-token-refused",
    dovecot_is_asked_anew_inside_stls: "pop3/dovecot-stls-plain-opens",
    a_server_without_capa_is_entered_by_apop: "pop3/old-server-without-capa-apop-opens",
    a_maildrop_in_use_decides_nothing: "pop3/maildrop-in-use",
    a_login_too_soon_after_the_last_decides_nothing: "pop3/login-too-soon",
    exchange_online_refuses_a_password_for_sending_unlooked_at: "smtp/exchange-online-login-basic-disabled",
    exchange_online_says_that_smtp_auth_is_off_for_the_tenant: "smtp/exchange-online-tenant-off",
    exchange_online_names_a_wrong_password_where_it_looks_at_one: "smtp/exchange-online-wrong-password",
    exchange_online_does_not_know_plain_for_sending: "smtp/exchange-online-plain-unrecognized",
    exchange_online_takes_a_token_for_sending: "smtp/exchange-online-token-may-send",
    exchange_online_takes_a_token_and_forbids_the_sender: "smtp/exchange-online-token-may-not-send",
    gmail_reports_the_error_over_smtp_and_refuses: "smtp/gmail-token-refused",
    gmail_wants_an_app_password_for_sending: "smtp/gmail-app-password-wanted",
}

#[test]
fn every_transcript_is_replayed() {
    let mut files = BTreeSet::new();
    for protocol in ["imap", "pop3", "smtp"] {
        let folder = format!("{}/tests/transcripts/{protocol}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().replace(".txt", "");
            files.insert(format!("{protocol}/{name}"));
        }
    }
    assert_eq!(files, NAMED.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_transcript_names_its_origin() {
    for name in NAMED {
        let path = format!("{}/tests/transcripts/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with("# ") && header(&text, "Source").starts_with("https://"), "{name}");
    }
}

/// How what the server says is cut into pieces.
#[derive(Debug, Clone, Copy)]
enum Delivery {
    Whole,
    Lines,
    Octets,
    Random(u64),
}

/// Plays a transcript in every delivery and compares.
fn replay(transcript: &str) {
    let whole = play(transcript, Delivery::Whole);
    expect(transcript, &whole);
    let random = (1..=8).map(Delivery::Random);
    for delivery in [Delivery::Lines, Delivery::Octets].into_iter().chain(random) {
        let seen = play(transcript, delivery);
        expect(transcript, &seen);
        let (here, there) = (timeless(&seen), timeless(&whole));
        let differs = here != there;
        assert!(
            !differs,
            "{delivery:?}:\n{}whole:\n{}{}",
            seen.transcript(),
            whole.transcript(),
            first_difference(&here, &there)
        );
    }
}

fn play(transcript: &str, delivery: Delivery) -> Seen {
    let method = header(transcript, "Method");
    let (mut visit, mut script) = match header(transcript, "Transport") {
        "tls" => (Visit::tls(&[method]), Script::new().tls()),
        "starttls" => (Visit::starttls(&[method]), Script::new()),
        "clear" => (Visit::clear(&[method]), Script::new()),
        "pop3-tls" => (Visit::pop3s(&[method]), Script::new().tls()),
        "pop3-stls" => (Visit::pop3(&[method]), Script::new()),
        "smtps" => (Visit::smtps(&[method]), Script::new().tls()),
        "smtp-starttls" => (Visit::smtp(&[method]), Script::new()),
        "pop3-clear" => (Visit::pop3_clear(&[method]), Script::new()),
        other => panic!("transport {other}"),
    };
    visit.cut = Arc::new(move |bytes| cut(delivery, bytes));
    let (_, lines) = transcript.split_once("\n\n").expect("an empty line behind the header");
    let mut said = String::new();
    for line in lines.lines() {
        if let Some(text) = line.strip_prefix("S: ") {
            said.push_str(text);
            said.push_str("\r\n");
            continue;
        }
        script = say(script, &mut said);
        script = if line == "TLS" {
            script.tls()
        } else if line == "CLOSE" {
            script.close()
        } else if let Some(pattern) = line.strip_prefix("C: {tag} ") {
            script.command(pattern)
        } else {
            script.client(line.strip_prefix("C:").unwrap_or_else(|| panic!("`{line}`")).trim_start())
        };
    }
    let goodbye = said.contains("* BYE");
    script = say(script, &mut said);
    if goodbye {
        script = script.close();
    }
    visit.run(script)
}

/// What stands together is sent together. The client may leave before the end of it.
fn say(script: Script, said: &mut String) -> Script {
    if said.is_empty() {
        return script;
    }
    script.step(Step::Repeat(std::mem::take(said).into_bytes(), Some(1)))
}

fn cut(delivery: Delivery, bytes: &[u8]) -> Vec<Vec<u8>> {
    match delivery {
        Delivery::Whole => vec![bytes.to_vec()],
        Delivery::Lines => bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect(),
        Delivery::Octets => bytes.iter().map(|byte| vec![*byte]).collect(),
        Delivery::Random(seed) => {
            // xorshift64: the same pieces in every run, so that a failure can be looked at again.
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ bytes.len() as u64;
            let mut pieces = Vec::new();
            let mut rest = bytes;
            while !rest.is_empty() {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let size = usize::try_from(state % 40).unwrap() + 1;
                let (piece, after) = rest.split_at(size.min(rest.len()));
                pieces.push(piece.to_vec());
                rest = after;
            }
            pieces
        }
    }
}

/// What the header promises.
fn expect(transcript: &str, seen: &Seen) {
    let attempt = seen.attempt(header(transcript, "Method"));
    let outcome = &attempt.outcome;
    let shown = seen.transcript();
    assert_eq!(attempt.advertised, header(transcript, "Advertised") == "yes", "{shown}");
    assert_eq!(outcome.word(), header(transcript, "Outcome"), "{shown}");
    assert_eq!(yes_or_no(outcome.usable()), header(transcript, "Usable"), "{shown}");
    let causes: Vec<&str> = outcome
        .diagnosis()
        .iter()
        .flat_map(|diagnosis| &diagnosis.causes)
        .map(|cause| cause.name())
        .collect();
    let first: Vec<&str> = list(header(transcript, "Causes"));
    assert_eq!(causes.get(..first.len()), Some(first.as_slice()), "{causes:?}\n{shown}");
    for also in list(header(transcript, "Also")) {
        assert!(causes.contains(&also), "{also} of {causes:?}");
    }
    let reply = header(transcript, "Reply");
    let quoted = outcome.reply().map(Reply::quoted).unwrap_or_default();
    assert!(reply.is_empty() || quoted == reply, "{quoted}");
    let (mut challenge, mut failure) = ("", String::new());
    match outcome {
        Outcome::Refused { challenge: said, .. } => challenge = said.as_deref().unwrap_or_default(),
        Outcome::Inconclusive { failure: why, .. } => failure = format!("{} {}", why.phase, why.cause.name()),
        Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => {
            panic!("{failure:?}\n{shown}")
        }
        _ => {}
    }
    assert_eq!(challenge, header(transcript, "Challenge"));
    assert_eq!(failure, header(transcript, "Failure"), "{shown}");
    assert!(outcome.evidence().is_some(), "{shown}");
}

fn yes_or_no(usable: Option<bool>) -> &'static str {
    usable.map_or("", |usable| if usable { "yes" } else { "no" })
}

fn list(text: &str) -> Vec<&str> {
    text.split(", ").filter(|word| !word.is_empty()).collect()
}

/// The first value of a key, or nothing.
fn header<'a>(transcript: &'a str, key: &str) -> &'a str {
    let (head, _) = transcript.split_once("\n\n").unwrap_or_default();
    head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).unwrap_or_default()
}

/// The report without anything that a clock decides, and without the lines behind the last one that proves
/// something: nobody waits for those, so they are in the transcript or not.
fn timeless(seen: &Seen) -> Value {
    let mut tree = serde_json::to_value(&seen.report).unwrap();
    let proofs = seen.report.attempts.iter().flat_map(|attempt| {
        let opened = match &attempt.outcome {
            Outcome::Accepted {
                session: Session::Opened { evidence } | Session::Shut { evidence, .. },
                ..
            } => Some(*evidence),
            _ => None,
        };
        [attempt.outcome.evidence(), opened]
    });
    let last = proofs.flatten().map(|lines| lines.last).max().expect("an attempt with evidence");
    let lines = tree["transcript"].as_array_mut().unwrap();
    lines.truncate(usize::try_from(last).unwrap());
    stop_clocks(&mut tree);
    tree
}

fn stop_clocks(tree: &mut Value) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), &mut *value) {
                    ("at_ms" | "elapsed_ms", _) => *value = Value::from(0),
                    ("phases_ms", Value::Object(phases)) => {
                        phases.values_mut().for_each(|ms| *ms = Value::from(0));
                    }
                    _ => stop_clocks(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(stop_clocks),
        _ => {}
    }
}

fn first_difference(here: &Value, there: &Value) -> String {
    let (here, there) = (format!("{here:#}"), format!("{there:#}"));
    let differing = here.lines().zip(there.lines()).find(|(a, b)| a != b);
    differing.map_or_else(|| "one is longer".to_owned(), |(a, b)| format!("first difference: {a} / {b}"))
}
