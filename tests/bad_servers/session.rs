//! After an accepted login: mailboxes that do not open, and servers that do not answer.

use mailprobe_probes::model::{Cause, Phase, Session, Stage, Trouble};

use crate::support::{Script, Seen, Visit, once};

fn examined() -> Script {
    Script::new().plain().accepted().command("EXAMINE INBOX")
}

fn run(script: Script) -> Seen {
    Visit::clear(&["PLAIN"]).run(script)
}

/// Accepted, and nobody can say whether the mailbox opens.
fn assert_not_checked(seen: &Seen, cause: Trouble) {
    let (session, _) = seen.assert_accepted("PLAIN");
    let Session::NotChecked { failure, .. } = session else { panic!("{session:#?}\n{}", seen.transcript()) };
    assert_eq!((failure.phase, failure.cause), (Phase::Session, cause), "{failure:?}\n{}", seen.transcript());
    assert_eq!(seen.attempt("PLAIN").outcome.usable(), None);
}

/// Accepted, and the server would not open the mailbox: the causes and the proof.
fn assert_shut(seen: &Seen) -> (&[Cause], Vec<&str>) {
    let (session, _) = seen.assert_accepted("PLAIN");
    let Session::Shut { evidence, diagnosis, .. } = session else {
        panic!("{session:#?}\n{}", seen.transcript())
    };
    assert_eq!(seen.attempt("PLAIN").outcome.usable(), Some(false));
    (&diagnosis.causes, seen.lines(*evidence))
}

#[test]
fn authenticated_but_not_connected_is_accepted_and_not_usable() {
    for words in [
        "{tag} BAD User is authenticated but not connected.",
        "{tag} NO User is authenticated but not connected",
    ] {
        let seen = run(examined().line(words));
        let (causes, proof) = assert_shut(&seen);
        assert_eq!(causes[0], Cause::NoMailboxPermission);
        assert!(proof.last().unwrap().contains("authenticated but not connected"), "{proof:?}");
        let json = serde_json::to_value(&seen.report).unwrap();
        let attempt = &json["attempts"][0];
        assert_eq!(
            (attempt["outcome"].as_str(), attempt["usable"].as_bool()),
            (Some("accepted"), Some(false))
        );
    }
}

#[test]
fn a_mailbox_that_opens_is_usable_and_the_list_after_the_login_is_asked_for_once() {
    let script = Script::new()
        .plain()
        .line("{tag} OK welcome")
        .command("CAPABILITY")
        .line("* CAPABILITY IMAP4rev1 IDLE MOVE")
        .line("{tag} OK done")
        .inbox_opens();
    let seen = run(script);
    seen.assert_usable("PLAIN");
    let last = seen.report.advertised.last().unwrap();
    assert_eq!((last.stage, last.capabilities.len()), (Stage::AfterLogin, 3));
    assert_eq!(seen.lines(last.evidence), ["* CAPABILITY IMAP4rev1 IDLE MOVE"]);
}

#[test]
fn silence_at_examine_leaves_the_question_open() {
    let seen = run(examined());
    assert_not_checked(&seen, Trouble::Timeout);
    let json = serde_json::to_value(&seen.report).unwrap();
    assert_eq!(json["attempts"][0]["session"]["state"], "not-checked");
    assert!(json["attempts"][0]["usable"].is_null());
}

#[test]
fn a_close_at_examine_leaves_the_question_open() {
    assert_not_checked(&run(examined().close()), Trouble::ConnectionClosed);
}

#[test]
fn a_reset_at_examine_leaves_the_question_open() {
    let seen = Visit::clear(&["PLAIN"]).over_tcp().run(examined().reset());
    assert_not_checked(&seen, Trouble::ConnectionReset);
}

#[test]
fn a_goodbye_at_examine_that_gives_no_reason_leaves_the_question_open() {
    assert_not_checked(&run(examined().line("* BYE and farewell").close()), Trouble::ServerClosing);
}

#[test]
fn a_goodbye_at_examine_of_a_passing_kind_leaves_the_question_open() {
    assert_not_checked(&run(examined().line("* BYE [UNAVAILABLE] backend gone").close()), Trouble::Temporary);
    let seen =
        run(examined().line("* BYE [OVERQUOTA] Account exceeded command or bandwidth limits.").close());
    assert_not_checked(&seen, Trouble::Throttled);
}

#[test]
fn the_goodbye_with_which_exchange_shuts_a_mailbox_is_understood() {
    // https://github.com/simonrob/email-oauth2-proxy/issues/74
    let seen = run(examined().line("* BYE Connection closed. 14").close());
    let (causes, proof) = assert_shut(&seen);
    assert_eq!(causes[0], Cause::NoMailboxPermission);
    assert_eq!(*proof.last().unwrap(), "* BYE Connection closed. 14");
}

#[test]
fn a_goodbye_right_behind_the_acceptance_leaves_the_question_open() {
    let seen = run(Script::new().plain().accepted().line("* BYE server shutting down").close());
    let (session, _) = seen.assert_accepted("PLAIN");
    assert!(matches!(session, Session::NotChecked { .. }), "{session:#?}");
    assert_eq!(seen.attempt("PLAIN").outcome.usable(), None);
}

#[test]
fn a_literal_of_a_hundred_megabytes_at_examine_is_cut_off() {
    let seen = run(examined().line("* LIST () \"/\" {100000000}").for_ever("a".repeat(1024)));
    assert_not_checked(&seen, Trouble::ReplyTooLarge);
    assert!(seen.heard[0].sent < 2 * 1024 * 1024, "{} octets were taken", seen.heard[0].sent);
    assert!(serde_json::to_string(&seen.report).unwrap().len() < 64 * 1024);
}

#[test]
fn lines_without_end_at_examine_are_cut_off() {
    let seen = run(examined().for_ever("* 3 EXISTS\r\n"));
    let (session, _) = seen.assert_accepted("PLAIN");
    let Session::NotChecked { failure, .. } = session else { panic!("{session:#?}") };
    // Too many octets or too many lines: both are bounds, and which is reached first is nobody's business.
    assert!(matches!(failure.cause, Trouble::ReplyTooLarge | Trouble::TooManyLines), "{failure:?}");
    assert!(seen.heard[0].sent < 2 * 1024 * 1024, "{} octets were taken", seen.heard[0].sent);
}

#[test]
fn a_report_on_lines_without_end_at_examine_stays_readable() {
    let seen = run(examined().for_ever("* 3 EXISTS\r\n"));
    seen.assert_accepted("PLAIN");
    assert!(seen.report.transcript.len() < 5_000, "{} lines", seen.report.transcript.len());
}

#[test]
fn an_answer_inside_a_literal_is_not_the_answer_to_examine() {
    let script = examined().raw("* LIST () \"/\" {15}\r\n{tag} OK fooled\r\n{tag} NO no such mailbox\r\n");
    let seen = run(script);
    let (causes, proof) = assert_shut(&seen);
    assert_eq!(causes[0], Cause::NoSuchMailbox);
    assert!(proof.last().unwrap().ends_with("NO no such mailbox"), "{proof:?}");
}

#[test]
fn a_wrong_tag_at_examine_is_no_answer() {
    let seen = run(examined().line("m1 OK welcome again").line("A9999 OK done").close());
    let (session, _) = seen.assert_accepted("PLAIN");
    assert!(matches!(session, Session::NotChecked { .. }), "{session:#?}");
}

#[test]
fn an_answer_that_is_not_imap_leaves_the_question_open() {
    assert_not_checked(
        &run(examined().line("HTTP/1.1 500 Internal Server Error")),
        Trouble::ProtocolViolation,
    );
}

#[test]
fn untagged_lines_that_nobody_knows_do_not_hide_the_answer() {
    // RFC 9051 section 2.2.2: a client must be prepared to accept any server response at all times.
    for odd in [
        &b"* OK [X-UNKNOWN \"a]b\"] odd"[..],
        b"* XYZZY 1 (2 3)",
        b"* OK caf\xe9",
        b"* OK",
        b"* 3 XYZZY",
        b"* NO",
    ] {
        let script =
            examined().raw([odd, b"\r\n"].concat()).line("* 3 EXISTS").line("{tag} OK [READ-ONLY] done");
        let seen = Visit::clear(&["PLAIN"]).unchecked(once(script));
        let shown = String::from_utf8_lossy(odd);
        assert_eq!(seen.attempt("PLAIN").outcome.usable(), Some(true), "{shown}:\n{}", seen.transcript());
        seen.check();
    }
}

#[test]
fn lists_without_end_inside_each_other_are_not_read_and_the_line_is_the_proof() {
    for (depth, deep) in [(32, false), (33, true), (2000, true)] {
        let nested = format!("* 1 FETCH {}{}", "(".repeat(depth), ")".repeat(depth));
        let script = examined().line(&nested).line("{tag} OK [READ-ONLY] done");
        // Nobody reads on behind it, which the server may notice.
        let seen = Visit::clear(&["PLAIN"]).unchecked(once(script));
        seen.check_report();
        if !deep {
            seen.assert_usable("PLAIN");
            continue;
        }
        assert_not_checked(&seen, Trouble::NestedTooDeeply);
        assert!(
            seen.unexpected().iter().any(|line| line.starts_with("* 1 FETCH ((((")),
            "{}",
            seen.transcript()
        );
    }
}

#[test]
fn parentheses_within_strings_are_no_lists() {
    let quoted = format!("* LIST () \"/\" \"{}\"", "(".repeat(2000));
    let literal = format!("* LIST () \"/\" {{2000}}\r\n{}", "(".repeat(2000));
    let sentence = format!("* OK [ALERT] {}", "(".repeat(2000));
    for odd in [quoted, literal, sentence] {
        run(examined().line(&odd).line("{tag} OK [READ-ONLY] done")).assert_usable("PLAIN");
    }
}

#[test]
fn what_a_stock_client_stumbles_over_does_not_hide_the_answer() {
    for odd in [
        "* 1 FETCH (INTERNALDATE NIL)",
        "* OK [ALERT]\u{e9}",
        "* 1 FETCH (X (a) BODYSTRUCTURE ((((",
        "* THREAD (1)(2",
    ] {
        run(examined().line(odd).line("{tag} OK [READ-ONLY] done")).assert_usable("PLAIN");
    }
}

#[test]
fn a_slow_mailbox_is_waited_for() {
    let script = examined().slowly("* 3 EXISTS\r\n{tag} OK done\r\n", std::time::Duration::from_secs(1));
    run(script).assert_usable("PLAIN");
}
