//! The same misbehaviours over POP3, where its lines make them different.

use mailprobe_probes::model::{Cause, Phase, Session, Skip, Stage, Trouble};

use crate::support::{PASSWORD, Script, Visit};

/// Greeting and list, up to the first login command.
fn ready(list: &str) -> Script {
    Script::new().line("+OK ready").client("CAPA").raw(format!("+OK\r\n{list}\r\n.\r\n"))
}

fn user_pass() -> Script {
    ready("USER").client("USER *").line("+OK").client("PASS *")
}

#[test]
fn another_protocol_on_the_port_is_named() {
    for (greeting, name) in [
        ("* OK [CAPABILITY IMAP4rev1] ready", "IMAP"),
        ("220 mail.example.com ESMTP", "SMTP or FTP"),
        ("SSH-2.0-OpenSSH_9.2p1", "SSH"),
        ("HTTP/1.1 400 Bad Request", "HTTP"),
    ] {
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(Script::new().line(greeting));
        let failure = seen.assert_failed(Phase::Greeting, Trouble::WrongProtocol);
        assert_eq!(failure.detail, format!("{name} answers on this port, not pop3"));
        assert!(!seen.received_a_secret());
    }
}

#[test]
fn a_refusal_in_place_of_a_greeting_says_what_it_says() {
    for (words, cause) in [
        ("-ERR [SYS/TEMP] come back", Trouble::Temporary),
        ("-ERR Too many connections", Trouble::Throttled),
        ("-ERR go away", Trouble::ServerClosing),
    ] {
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(Script::new().line(words));
        let failure = seen.assert_failed(Phase::Greeting, cause);
        assert!(failure.detail.starts_with("-ERR"), "{failure:?}");
    }
}

#[test]
fn a_list_without_end_is_cut_off() {
    let script = Script::new().line("+OK ready").client("CAPA").line("+OK").for_ever("X-NOISE\r\n");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
    seen.assert_failed(Phase::Capability, Trouble::ReplyTooLarge);
    assert!(seen.report.transcript.len() < 1100, "{}", seen.report.transcript.len());
}

#[test]
fn a_dot_that_never_comes_is_waited_for_no_longer_than_one_reply() {
    let script = Script::new().line("+OK ready").client("CAPA").line("+OK").line("USER");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
    seen.assert_failed(Phase::Capability, Trouble::Timeout);
}

#[test]
fn silence_and_hanging_up_after_the_password_are_no_refusals() {
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(user_pass());
    seen.assert_inconclusive("USER-PASS", Phase::Auth, Trouble::Timeout);
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(user_pass().close());
    seen.assert_inconclusive("USER-PASS", Phase::Auth, Trouble::ConnectionClosed);
}

#[test]
fn a_refused_user_is_a_refusal_and_the_password_stays_here() {
    let seen =
        Visit::pop3_clear(&["USER-PASS"]).run(ready("USER").client("USER *").line("-ERR unknown user"));
    let (reply, causes, _) = seen.assert_refused("USER-PASS");
    assert_eq!((reply.text.as_str(), causes[0]), ("unknown user", Cause::NoSuchUser));
    assert!(!seen.received_a_secret());
}

#[test]
fn octets_behind_the_answer_to_stls_are_an_injection() {
    let list = "+OK\r\nSTLS\r\n.\r\n";
    let script = Script::new().line("+OK ready").client("CAPA").raw(list).client("STLS");
    let seen = Visit::pop3(&["USER-PASS"]).run(script.raw("+OK begin\r\n+OK injected\r\n"));
    seen.assert_failed(Phase::StartTls, Trouble::StartTlsInjection);
    let evidence = seen.finding("starttls-injection").evidence.unwrap();
    assert_eq!(seen.lines(evidence), ["+OK injected"]);
}

#[test]
fn stls_that_is_missing_or_refused_ends_the_visit() {
    let seen = Visit::pop3(&["USER-PASS"]).run(ready("USER"));
    seen.assert_failed(Phase::StartTls, Trouble::StartTlsNotOffered);
    let seen = Visit::pop3(&["USER-PASS"]).run(ready("STLS").client("STLS").line("-ERR no certificate"));
    let failure = seen.assert_failed(Phase::StartTls, Trouble::StartTlsRefused);
    assert_eq!(failure.detail, "-ERR no certificate");
}

#[test]
fn a_yes_before_the_token_was_sent_is_no_acceptance() {
    let seen = Visit::pop3s(&["XOAUTH2"]).run(
        Script::new()
            .tls()
            .line("+OK ready")
            .client("CAPA")
            .raw("+OK\r\nSASL XOAUTH2\r\n.\r\n")
            .client("AUTH XOAUTH2")
            .line("+OK welcome"),
    );
    seen.assert_inconclusive("XOAUTH2", Phase::Auth, Trouble::ProtocolViolation);
    assert!(!seen.received_a_secret());
}

#[test]
fn a_hundred_challenges_end_at_the_bound() {
    let script = ready("SASL LOGIN").client("AUTH LOGIN").for_ever("+ VXNlcm5hbWU6\r\n");
    let seen = Visit::pop3_clear(&["LOGIN"]).run(script);
    let (failure, _) = seen.assert_inconclusive("LOGIN", Phase::Auth, Trouble::MechanismFailed);
    assert!(failure.detail.contains("third"), "{failure:?}");
}

#[test]
fn a_maildrop_that_does_not_open_is_accepted_and_not_usable() {
    let script = user_pass().line("+OK logged in").client("STAT").line("-ERR no such mailbox");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
    let (session, _) = seen.assert_accepted("USER-PASS");
    match session {
        Session::Shut { diagnosis, .. } => assert_eq!(diagnosis.first(), Cause::NoSuchMailbox),
        other => panic!("{other:?}"),
    }
}

#[test]
fn silence_at_stat_leaves_the_question_open() {
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(user_pass().line("+OK logged in").client("STAT"));
    let (session, _) = seen.assert_accepted("USER-PASS");
    assert!(
        matches!(session, Session::NotChecked { failure, .. } if failure.cause == Trouble::Timeout),
        "{session:?}"
    );
}

#[test]
fn a_password_that_is_repeated_is_replaced_and_reported() {
    let seen =
        Visit::pop3_clear(&["USER-PASS"]).run(user_pass().line(&format!("-ERR `{PASSWORD}` is wrong")));
    let (reply, ..) = seen.assert_refused("USER-PASS");
    assert!(!reply.text.contains(PASSWORD), "{reply:?}");
    let evidence = seen.finding("secret-echoed").evidence.unwrap();
    assert!(seen.lines(evidence)[0].starts_with("-ERR"), "{}", seen.transcript());
}

#[test]
fn apop_without_a_timestamp_and_a_line_break_in_the_password_are_never_sent() {
    Visit::pop3_clear(&["APOP"]).run(ready("USER")).assert_not_tried("APOP", Skip::NotAdvertised);
    let seen = Visit::pop3_clear(&["USER-PASS"]).password("one\r\nDELE 1").run(ready("USER"));
    seen.assert_not_tried("USER-PASS", Skip::Unrepresentable);
    assert!(!seen.received().iter().any(|line| line.contains("DELE")), "{:?}", seen.received());
}

#[test]
fn a_server_that_takes_pipelining_gets_both_questions_in_one_flight() {
    let logged_in = ready("USER\r\nPIPELINING").client("USER *").line("+OK").client("PASS *").line("+OK in");
    // Nothing is said before both have come.
    let script = logged_in.client("STAT").client("CAPA").raw("+OK 0 0\r\n+OK\r\nTOP\r\n.\r\n");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script.client("QUIT"));
    assert_eq!(seen.attempt("USER-PASS").outcome.usable(), Some(true), "{}", seen.transcript());
    let after = seen.report.advertised.last().unwrap();
    assert_eq!((after.stage, after.capabilities.as_slice()), (Stage::AfterLogin, &["TOP".to_owned()][..]));
    let logged_in = ready("USER\r\nPIPELINING").client("USER *").line("+OK").client("PASS *").line("+OK in");
    let script = logged_in.client("STAT").client("CAPA").raw("-ERR [SYS/PERM] no maildrop\r\n");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script.client("QUIT"));
    assert_eq!(seen.attempt("USER-PASS").outcome.usable(), Some(false), "{}", seen.transcript());
}
