//! The same misbehaviours over SMTP, where its replies make them different.

use std::time::Duration;

use mailprobe_probes::model::{Cause, Phase, Session, Skip, Trouble};

use crate::support::{PASSWORD, Script, Visit};

fn ready(auth: &str) -> Script {
    Script::new()
        .line("220 mail.example.com ESMTP")
        .client("EHLO *")
        .raw(format!("250-mail.example.com\r\n250 {auth}\r\n"))
}

fn plain() -> Script {
    ready("AUTH PLAIN").client("AUTH PLAIN *")
}

#[test]
fn another_protocol_on_the_port_is_named() {
    for (greeting, name) in [
        ("* OK [CAPABILITY IMAP4rev1] ready", "IMAP"),
        ("+OK POP3 ready", "POP3"),
        ("220 ProFTPD Server", "FTP"),
        ("SSH-2.0-OpenSSH_9.2p1", "SSH"),
        ("HTTP/1.1 400 Bad Request", "HTTP"),
    ] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(Script::new().line(greeting));
        let failure = seen.assert_failed(Phase::Greeting, Trouble::WrongProtocol);
        assert_eq!(failure.detail, format!("{name} answers on this port, not smtp"));
    }
}

#[test]
fn a_busy_server_is_busy_and_one_that_serves_nobody_is_closing() {
    for (words, cause) in [
        ("421 4.7.0 Too many connections", Trouble::Throttled),
        ("421 4.3.2 try again later", Trouble::Temporary),
        ("554 5.7.1 not for you", Trouble::ServerClosing),
    ] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(Script::new().line(words));
        seen.assert_failed(Phase::Greeting, cause);
    }
}

#[test]
fn a_reply_to_ehlo_without_end_is_cut_off() {
    let script = Script::new().line("220 ready").client("EHLO *").for_ever("250-X-NOISE\r\n");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
    seen.assert_failed(Phase::Capability, Trouble::ReplyTooLarge);
}

#[test]
fn a_server_that_does_not_know_ehlo_offers_nothing_and_is_asked_all_the_same() {
    let script =
        Script::new().line("220 ready").client("EHLO *").line("502 5.5.1 what?").client("AUTH PLAIN *");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script.line("503 5.5.1 AUTH not available"));
    let (_, causes, _) = seen.assert_refused("PLAIN");
    assert_eq!(causes[0], Cause::MechanismUnsupported);
    assert!(!seen.attempt("PLAIN").advertised);
}

#[test]
fn a_refusal_that_takes_twenty_seconds_is_waited_for() {
    let pause = Duration::from_millis(500);
    let refusal = "535 5.7.139 Authentication unsuccessful\r\n";
    let seen = Visit::smtp_clear(&["PLAIN"]).run(plain().slowly(refusal, pause));
    seen.assert_refused("PLAIN");
}

#[test]
fn a_421_in_the_middle_of_a_login_is_no_refusal() {
    let seen = Visit::smtp_clear(&["PLAIN"]).run(plain().line("421 4.4.2 shutting down").close());
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::Temporary);
}

#[test]
fn temporary_failures_decide_nothing() {
    for words in ["454 4.7.0 Temporary authentication failure", "451 4.3.0 later", "432 4.3.0 later"] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(plain().line(words));
        seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::Temporary);
    }
}

#[test]
fn numbers_speak_for_sentences_nobody_has_on_record() {
    for (words, cause) in [
        ("504 nope", Cause::MechanismUnsupported),
        ("538 erst verschluesseln", Cause::TlsRequired),
        ("530 erst anmelden", Cause::NotAuthenticated),
        ("535 falsch", Cause::BadCredentials),
        ("501 wie bitte", Cause::ClientProtocolError),
        ("550 raetselhaft", Cause::Unexplained),
    ] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(plain().line(words));
        let (_, causes, _) = seen.assert_refused("PLAIN");
        assert_eq!(causes[0], cause, "{words}");
    }
}

#[test]
fn login_prompts_of_any_wording_are_answered_by_position() {
    for (first, second) in [("VXNlciBOYW1lAA==", "UGFzc3dvcmQA"), ("", ""), ("User:", "Pass:")] {
        let script = ready("AUTH LOGIN")
            .client("AUTH LOGIN")
            .line(&format!("334 {first}"))
            .client("YWxpY2VAZXhhbXBsZS5jb20=")
            .line(&format!("334 {second}"))
            .client("*")
            .line("535 5.7.8 no");
        Visit::smtp_clear(&["LOGIN"]).run(script).assert_refused("LOGIN");
    }
}

#[test]
fn octets_behind_the_answer_to_starttls_are_an_injection() {
    let script = ready("STARTTLS").client("STARTTLS").raw("220 go\r\n250 injected\r\n");
    let seen = Visit::smtp(&["PLAIN"]).run(script);
    seen.assert_failed(Phase::StartTls, Trouble::StartTlsInjection);
    assert_eq!(seen.unexpected(), ["250 injected"]);
}

#[test]
fn starttls_that_is_missing_or_refused_ends_the_visit() {
    let seen = Visit::smtp(&["PLAIN"]).run(ready("AUTH PLAIN"));
    seen.assert_failed(Phase::StartTls, Trouble::StartTlsNotOffered);
    let seen =
        Visit::smtp(&["PLAIN"]).run(ready("STARTTLS").client("STARTTLS").line("454 4.7.0 no TLS today"));
    seen.assert_failed(Phase::StartTls, Trouble::StartTlsRefused);
}

#[test]
fn an_account_that_may_not_send_as_itself_is_accepted_and_not_usable() {
    let script = plain().line("235 2.7.0 in").client("MAIL FROM:<alice@example.com>");
    let seen = Visit::smtp_clear(&["PLAIN"])
        .run(script.line("553 5.7.1 Sender address rejected: not owned by user"));
    let (session, _) = seen.assert_accepted("PLAIN");
    match session {
        Session::Shut { diagnosis, .. } => assert_eq!(diagnosis.first(), Cause::SendAsDenied),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_ehlo_is_sent_after_a_login() {
    let script = plain().line("235 2.7.0 in").client("MAIL FROM:<alice@example.com>").line("250 2.1.0 ok");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script.client("RSET").client("QUIT"));
    let (session, _) = seen.assert_accepted("PLAIN");
    assert!(matches!(session, Session::Opened { .. }), "{session:?}");
    assert_eq!(seen.received().iter().filter(|line| line.starts_with("EHLO")).count(), 1);
}

#[test]
fn a_password_that_is_repeated_is_replaced_and_reported() {
    let seen =
        Visit::smtp_clear(&["PLAIN"]).run(plain().line(&format!("535-5.7.8 no\r\n535 5.7.8 not {PASSWORD}")));
    let (reply, ..) = seen.assert_refused("PLAIN");
    assert!(!reply.text.contains(PASSWORD), "{reply:?}");
    seen.finding("secret-echoed");
}

#[test]
fn nothing_secret_goes_out_in_the_clear_unasked() {
    let mut visit = Visit::smtp_clear(&["PLAIN"]);
    visit.options.allow_plaintext = false;
    visit.run(ready("AUTH PLAIN")).assert_not_tried("PLAIN", Skip::PlaintextForbidden);
}
