//! The verdict on a login: under a wrong tag, as a goodbye, as a reset, or with hostile words.

use mailprobe_probes::model::{Cause, Phase, Session, Trouble};

use crate::support::{Script, Visit};

#[test]
fn a_verdict_under_a_wrong_tag_is_none() {
    for wrong in ["zz OK welcome", "m9 OK welcome", "m OK welcome", "m11 OK welcome", "A0001 OK welcome"] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line(wrong));
        let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ProtocolViolation);
        assert!(
            failure.detail.contains("another tag than m1") && failure.detail.contains(wrong),
            "{failure:?}"
        );
        assert_eq!(*proof.last().unwrap(), wrong);
        assert_eq!(seen.unexpected(), [wrong]);
    }
}

#[test]
fn a_verdict_under_the_tag_of_an_earlier_command_is_none() {
    let script = Script::new()
        .line("* OK ready")
        .command("CAPABILITY")
        .line("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN")
        .line("{tag} OK done")
        .command("AUTHENTICATE PLAIN *")
        .line("m1 OK welcome");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ProtocolViolation);
    assert!(failure.detail.contains("another tag than m2"), "{failure:?}");
    assert_eq!(*proof.last().unwrap(), "m1 OK welcome");
}

#[test]
fn an_untagged_yes_is_no_verdict() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line("* OK welcome").close());
    let (_, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ConnectionClosed);
    assert_eq!(*proof.last().unwrap(), "* OK welcome");
}

#[test]
fn a_tagged_word_that_is_no_status_is_a_violation() {
    for wrong in ["m1 MAYBE later", "m1 PREAUTH welcome", "m1 BYE now", "m1 OKAY then", "m1", ""] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line(wrong));
        seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ProtocolViolation);
        assert_eq!(seen.unexpected(), [wrong]);
    }
}

#[test]
fn a_goodbye_in_the_middle_of_a_login_decides_nothing() {
    for (words, cause) in [
        ("* BYE going down", Trouble::ServerClosing),
        ("* BYE [UNAVAILABLE] backend gone", Trouble::Temporary),
        ("* BYE Too many connections", Trouble::Throttled),
    ] {
        let script =
            Script::new().ready("IMAP4rev1 AUTH=PLAIN").command("AUTHENTICATE PLAIN").line("+").client("*");
        let seen = Visit::clear(&["PLAIN"]).run(script.line(words).close());
        let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, cause);
        assert_eq!(failure.detail, words[2..]);
        assert_eq!(*proof.last().unwrap(), words);
        assert_eq!(seen.attempt("PLAIN").outcome.reply().unwrap().status, "BYE");
    }
}

#[test]
fn of_two_goodbyes_the_first_says_why_and_a_farewell_alone_is_no_refusal() {
    let why = "* BYE Connection limit reached. Try again later.";
    let farewell = "* BYE Microsoft Exchange Server IMAP4 server signing off.";
    for (lines, cause) in
        [(&[why, farewell] as &[&str], Trouble::Throttled), (&[farewell], Trouble::ServerClosing)]
    {
        let login = Script::new().ready("IMAP4rev1 AUTH=PLAIN").command("AUTHENTICATE PLAIN").line("+");
        let script = lines.iter().fold(login.client("*"), |script, line| script.line(line));
        let seen = Visit::clear(&["PLAIN"]).run(script.close());
        let (failure, _) = seen.assert_inconclusive("PLAIN", Phase::Auth, cause);
        assert_eq!(failure.detail, lines[0][2..]);
    }
}

#[test]
fn a_goodbye_without_a_close_is_not_waited_for_long() {
    let mut visit = Visit::clear(&["PLAIN"]);
    // Were the goodbye not noticed, the reply would be waited for longer than the whole visit may take.
    visit.options.visit_timeout = std::time::Duration::from_secs(20);
    let seen = visit.run(Script::new().plain().line("* BYE going down"));
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ServerClosing);
}

#[test]
fn a_goodbye_that_says_why_is_a_refusal() {
    let seen = Visit::clear(&["PLAIN"])
        .run(Script::new().plain().line("* BYE IMAP access disabled for this account.").close());
    let (reply, causes, proof) = seen.assert_refused("PLAIN");
    assert_eq!((reply.status.as_str(), causes), ("BYE", &[Cause::ProtocolDisabled][..]));
    assert_eq!(*proof.last().unwrap(), "* BYE IMAP access disabled for this account.");
}

#[test]
fn a_verdict_behind_a_goodbye_counts() {
    let script =
        Script::new().plain().line("* BYE signing off").line("{tag} NO Basic authentication is disabled.");
    let seen = Visit::clear(&["PLAIN"]).run(script.close());
    let (reply, causes, _) = seen.assert_refused("PLAIN");
    assert_eq!((reply.status.as_str(), causes), ("NO", &[Cause::BasicDisabled][..]));
}

#[test]
fn the_lines_behind_a_verdict_are_no_part_of_its_proof() {
    // What happens to be in the same TCP segment must not decide what the evidence is.
    let script = Script::new()
        .plain()
        .raw("{tag} NO Basic authentication is disabled.\r\n* BYE signing off\r\n")
        .close();
    let seen = Visit::clear(&["PLAIN"]).run(script);
    let (_, _, proof) = seen.assert_refused("PLAIN");
    assert_eq!(*proof.last().unwrap(), "m1 NO Basic authentication is disabled.");
}

#[test]
fn a_close_without_a_word_is_a_closed_connection() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().close());
    let (_, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ConnectionClosed);
    assert_eq!(proof.len(), 1, "{proof:?}");
    assert!(proof[0].starts_with("m1 AUTHENTICATE PLAIN ‹"));
}

#[test]
fn half_a_verdict_is_none() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().raw("{tag} OK welco").close());
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ConnectionClosed);
    assert_eq!(seen.unexpected(), ["m1 OK welco (no line end)"]);
}

#[test]
fn the_proof_of_half_a_verdict_is_the_half_that_came() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().raw("{tag} OK welco").close());
    let (_, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ConnectionClosed);
    assert_eq!(*proof.last().unwrap(), "m1 OK welco (no line end)");
}

#[test]
fn a_reset_in_the_middle_of_a_login_is_a_reset() {
    let seen = Visit::clear(&["PLAIN"]).over_tcp().run(Script::new().plain().reset());
    let (_, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ConnectionReset);
    assert!(proof[0].starts_with("m1 AUTHENTICATE PLAIN ‹"), "{proof:?}");
}

#[test]
fn a_literal_of_a_hundred_megabytes_before_the_verdict_is_not_waited_for() {
    let script = Script::new().plain().line("* OK {100000000}").for_ever("a".repeat(1024));
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ReplyTooLarge);
    assert!(seen.heard[0].sent < 256 * 1024, "{} octets were taken", seen.heard[0].sent);
}

#[test]
fn a_verdict_inside_a_literal_is_none() {
    let script = Script::new().plain().raw("* OK {12}\r\nm1 OK fooled\r\n{tag} NO no\r\n");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    assert_eq!(seen.assert_refused("PLAIN").0.text, "no");
}

#[test]
fn terminal_escapes_in_a_refusal_are_shown_and_do_nothing() {
    let words = "{tag} NO [ALERT] \x1b[31mcall\x07 \u{202e}0800\u{202c} now\x1b]8;;http://x\x1b\\";
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line(words));
    let (reply, _, _) = seen.assert_refused("PLAIN");
    assert_eq!(reply.code.as_deref(), Some("ALERT"));
    assert_eq!(reply.text, "\\x1B[31mcall\\x07 \\u{202e}0800\\u{202c} now\\x1B]8;;http://x\\x1B\\");
}

#[test]
fn a_refusal_that_is_not_utf_8_is_kept_as_hexadecimal() {
    let seen =
        Visit::clear(&["PLAIN"]).run(Script::new().plain().raw(b"{tag} NO falsches Pa\xdfwort\r\n".to_vec()));
    let (reply, _, proof) = seen.assert_refused("PLAIN");
    assert_eq!(
        (reply.text.as_str(), *proof.last().unwrap()),
        ("falsches Pa\\xDFwort", "m1 NO falsches Pa\\xDFwort")
    );
}

#[test]
fn a_passing_fault_is_not_a_refusal() {
    for (words, cause) in [
        ("{tag} NO [UNAVAILABLE] Temporary authentication failure.", Trouble::Temporary),
        ("{tag} NO [LIMIT] slow down", Trouble::Throttled),
    ] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line(words));
        seen.assert_inconclusive("PLAIN", Phase::Auth, cause);
    }
}

#[test]
fn a_host_that_takes_one_connection_only_costs_the_other_methods_and_not_the_report() {
    let seen = Visit::clear(&["PLAIN", "XOAUTH2"])
        .run_many(|number| (number == 0).then(|| Script::new().plain().accepted().inbox_opens()));
    let (session, _) = seen.assert_accepted("PLAIN");
    assert!(matches!(session, Session::Opened { .. }));
    seen.assert_inconclusive("XOAUTH2", Phase::Connect, Trouble::ConnectionRefused);
}
