//! Time: servers that are slow, visits that are over, runs that are cancelled.

use std::time::Duration;

use mailprobe_probes::model::{Phase, Session, Trouble};

use crate::support::{Script, Step, Visit};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_greeting_at_one_octet_a_second_ends_with_the_time_for_a_reply() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().slowly(&"* OK welcome ".repeat(20), SECOND));
    let failure = seen.assert_failed(Phase::Greeting, Trouble::Timeout);
    assert_eq!(failure.detail, "no answer within 60 s");
    assert!(seen.unexpected()[0].ends_with("(no line end)"), "{}", seen.transcript());
}

#[test]
fn a_verdict_at_one_octet_a_second_ends_with_the_time_for_a_reply() {
    let script = Script::new().plain().slowly(&"* OK still thinking ".repeat(20), SECOND);
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::Timeout);
}

#[test]
fn slow_is_not_dead() {
    // As slow as mail servers that punish a bad password (RFC 4954 says nothing against it).
    let script = Script::new()
        .slowly("* OK [CAPABILITY IMAP4rev1 SASL-IR]\r\n", SECOND)
        .command("AUTHENTICATE PLAIN *")
        .slowly("{tag} NO [AUTHENTICATIONFAILED] no\r\n", SECOND);
    Visit::clear(&["PLAIN"]).run(script).assert_refused("PLAIN");
}

#[test]
fn untagged_lines_do_not_stretch_the_visit_beyond_its_deadline() {
    // Every line is in time for itself; together they would take for ever.
    let script = Script::new().plain().step(Step::Slowly(b"* OK wait\r\n".repeat(100), SECOND));
    let mut visit = Visit::clear(&["PLAIN"]);
    visit.options.visit_timeout = Duration::from_secs(90);
    let seen = visit.run(script);
    let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::Deadline);
    assert_eq!(failure.detail, "the time for the whole visit was used up");
    assert!(proof.contains(&"* OK wait"), "{proof:?}");
}

#[test]
fn the_deadline_of_the_visit_ends_a_silence() {
    let mut visit = Visit::clear(&["PLAIN"]);
    visit.options.visit_timeout = Duration::from_secs(10);
    let seen = visit.run(Script::new());
    seen.assert_failed(Phase::Greeting, Trouble::Deadline);
}

#[test]
fn one_silence_that_takes_up_the_time_is_named_and_not_the_deadline() {
    let mut visit = Visit::clear(&["PLAIN"]);
    visit.options.visit_timeout = Duration::from_secs(62);
    let script = Script::new().run(|| ()).slowly("* OK ready\r\n", Duration::from_millis(500));
    let seen = visit.run(script);
    let failure = seen.assert_failed(Phase::Capability, Trouble::Timeout);
    assert_eq!(failure.detail, "no answer within 60 s");
}

#[test]
fn asking_a_silent_server_whether_it_waits_for_tls_takes_no_time_of_its_own() {
    let begun = std::sync::Arc::new(std::sync::Mutex::new(None));
    let clock = std::sync::Arc::clone(&begun);
    let seen = Visit::clear(&["PLAIN"]).run_many(move |_| {
        clock.lock().unwrap().get_or_insert_with(tokio::time::Instant::now);
        Some(Script::new())
    });
    seen.assert_failed(Phase::Greeting, Trouble::Timeout);
    assert_eq!(seen.heard.len(), 2, "the visit, and the question");
    let spent: u64 = seen.report.phases_ms.0.iter().map(|(_, ms)| *ms).sum();
    assert!(begun.lock().unwrap().is_some() && spent < 61_000, "{:?}", seen.report.phases_ms);
}

#[test]
fn a_greeting_that_comes_while_tls_is_asked_for_is_taken() {
    let seen = Visit::clear(&["PLAIN"]).run_many(|number| {
        let late = Script::new().slowly("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\r\n", SECOND);
        Some(match number {
            0 => late.command("AUTHENTICATE PLAIN *").line("{tag} NO no"),
            _ => Script::new(),
        })
    });
    seen.assert_refused("PLAIN");
}

#[test]
fn cancelling_in_the_middle_of_a_login_still_gives_a_report() {
    let visit = Visit::clear(&["PLAIN"]);
    let cancel = visit.cancel.clone();
    let seen = visit.run(Script::new().plain().run(move || cancel.cancel()));
    let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::Cancelled);
    assert_eq!(failure.detail, "the run was cancelled");
    assert!(proof[0].starts_with("m1 AUTHENTICATE PLAIN"), "{proof:?}");
}

#[test]
fn cancelling_before_the_login_presents_nothing() {
    let visit = Visit::clear(&["PLAIN"]);
    let cancel = visit.cancel.clone();
    let script = Script::new().line("* OK ready").command("CAPABILITY").run(move || cancel.cancel());
    let seen = visit.run(script);
    seen.assert_failed(Phase::Capability, Trouble::Cancelled);
    assert!(!seen.received_a_secret());
}

#[test]
fn nothing_is_presented_once_the_run_is_cancelled_even_where_nothing_has_to_be_waited_for() {
    let visit = Visit::clear(&["PLAIN"]);
    let cancel = visit.cancel.clone();
    let seen = visit.run(Script::new().run(move || cancel.cancel()).ready("IMAP4rev1 SASL-IR AUTH=PLAIN"));
    assert!(!seen.received_a_secret(), "{:?}", seen.received());
}

#[test]
fn cancelling_at_examine_leaves_the_question_open() {
    let visit = Visit::clear(&["PLAIN"]);
    let cancel = visit.cancel.clone();
    let script = Script::new().plain().accepted().command("EXAMINE INBOX").run(move || cancel.cancel());
    let seen = visit.run(script);
    let (session, _) = seen.assert_accepted("PLAIN");
    let Session::NotChecked { failure, .. } = session else { panic!("{session:#?}") };
    assert_eq!((failure.phase, failure.cause), (Phase::Session, Trouble::Cancelled));
}
