//! A real message after the login, and servers that do not take it.

use std::time::Duration;

use mailprobe_probes::model::{Cause, Session, Trouble};

use crate::support::{Script, Seen, Visit};

const TO: &str = "postmaster@example.net";

/// A server that has taken the login, up to its answer to DATA.
fn logged_in() -> Script {
    Script::new()
        .line("220 mail.example.com ESMTP")
        .client("EHLO *")
        .raw("250-mail.example.com\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n")
        .client("AUTH PLAIN *")
        .line("235 2.7.0 in")
        .client("MAIL FROM:<alice@example.com>")
}

fn addressed() -> Script {
    logged_in().line("250 2.1.0 ok").client("RCPT TO:<postmaster@example.net>")
}

/// Reads the message to its final dot, and says this.
fn takes_message(script: Script, answer: &'static str) -> Script {
    script.line("250 2.1.5 ok").client("DATA").line("354 go on").serve(move |line| match line {
        "." => format!("{answer}\r\n").into_bytes(),
        "QUIT" => b"221 bye\r\n".to_vec(),
        _ => Vec::new(),
    })
}

fn sending(script: Script) -> Seen {
    let mut visit = Visit::smtp_clear(&["PLAIN"]);
    visit.options.send_to = Some(TO.to_owned());
    visit.run(script)
}

fn session(seen: &Seen) -> Session {
    seen.assert_accepted("PLAIN").0.clone()
}

#[test]
fn a_message_says_what_it_is_and_whom_to_leave_in_peace() {
    let seen = sending(takes_message(addressed(), "250 2.0.0 queued as 77"));
    let Session::Sent { message_id, evidence } = session(&seen) else { panic!("{}", seen.transcript()) };
    let proof = seen.lines(evidence);
    assert!(proof.last().unwrap().ends_with("250 2.0.0 queued as 77"), "{proof:?}");
    let heard = seen.received();
    assert!(message_id.ends_with("@example.com>"), "{message_id}");
    for line in [
        &format!("Message-ID: {message_id}"),
        "From: alice@example.com",
        "To: postmaster@example.net",
        "X-Mailprobe: probe message",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ] {
        assert!(heard.contains(&line), "{line} is missing in {heard:#?}");
    }
    assert!(heard.iter().any(|line| line.starts_with("Date: ")));
    assert!(heard.iter().any(|line| line.starts_with("Subject: mailprobe: PLAIN at")), "{heard:#?}");
    assert_eq!(heard.iter().filter(|line| line.starts_with("EHLO")).count(), 1, "none after the login");
    assert_eq!(heard.last().copied(), Some("QUIT"));
}

#[test]
fn each_of_the_four_answers_can_be_the_no_and_its_words_are_kept() {
    let cases = [
        (logged_in().line("553 5.7.1 Sender address rejected: not owned by user"), Cause::SendAsDenied),
        (addressed().line("550 5.1.1 User unknown"), Cause::MessageRejected),
        (addressed().line("554 5.7.1 Relay access denied"), Cause::MessageRejected),
        (takes_message(addressed(), "554 5.7.1 message contains a virus"), Cause::MessageRejected),
    ];
    for (script, cause) in cases {
        let seen = sending(script);
        let Session::Shut { diagnosis, reply, evidence } = session(&seen) else {
            panic!("{}", seen.transcript())
        };
        assert_eq!(diagnosis.first(), cause, "{reply:?}");
        assert_eq!(seen.attempt("PLAIN").outcome.usable(), Some(false));
        assert!(seen.lines(evidence)[0].contains(&reply.text), "{reply:?}");
    }
    let seen = sending(addressed().line("250 ok").client("DATA").line("250 no 354"));
    assert!(matches!(session(&seen), Session::Shut { .. }), "{}", seen.transcript());
}

#[test]
fn a_passing_no_decides_nothing() {
    let seen = sending(addressed().line("451 4.3.0 try again later"));
    let Session::NotChecked { failure, .. } = session(&seen) else { panic!("{}", seen.transcript()) };
    assert_eq!(failure.cause, Trouble::Temporary);
}

#[test]
fn a_server_that_goes_or_babbles_in_the_middle_has_taken_nothing() {
    let cases = [
        (addressed().close(), Trouble::ConnectionClosed),
        (addressed().line("250 ok").client("DATA").line("354 go on").close(), Trouble::ConnectionClosed),
        (addressed().line("how are you?"), Trouble::ProtocolViolation),
        (addressed().for_ever("250-and another line\r\n"), Trouble::ReplyTooLarge),
    ];
    for (script, cause) in cases {
        let seen = sending(script);
        let Session::NotChecked { failure, .. } = session(&seen) else { panic!("{}", seen.transcript()) };
        assert_eq!(failure.cause, cause, "{failure:?}\n{}", seen.transcript());
    }
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let mut visit = Visit::smtp_clear(&["PLAIN"]);
    visit.options.send_to = Some(TO.to_owned());
    visit.options.reply_timeout = Duration::from_secs(10);
    let seen = visit.run(addressed());
    let Session::NotChecked { failure, .. } = session(&seen) else { panic!("{}", seen.transcript()) };
    assert_eq!(failure.cause, Trouble::Timeout);
}

#[test]
fn the_name_that_goes_with_ehlo_can_be_chosen() {
    let mut visit = Visit::smtp_clear(&["PLAIN"]);
    visit.options.ehlo_name = "scanner.example.com".to_owned();
    let script = Script::new().line("220 ready").client("EHLO scanner.example.com").line("250 hi");
    visit.run(script.client("AUTH PLAIN *").line("503 no"));
}

#[test]
fn words_that_are_no_utf_8_are_words_all_the_same() {
    let script = logged_in().raw(&b"250 2.1.0 caf\xe9\r\n"[..]).client("RCPT TO:<postmaster@example.net>");
    let seen = sending(takes_message(script, "250 2.0.0 queued"));
    assert!(matches!(session(&seen), Session::Sent { .. }), "{}", seen.transcript());
    let refused = logged_in().raw(&b"550 5.7.60 nicht f\xfcr diesen Absender\r\n"[..]).client("QUIT");
    assert!(matches!(session(&sending(refused)), Session::Shut { .. }));
}
