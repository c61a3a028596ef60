//! STARTTLS: not offered, refused, answered with a goodbye, with too much, or with something else.

use mailprobe_probes::model::{Phase, Stage, Trouble};

use crate::support::{Script, Visit};

const OFFER: &str = "IMAP4rev1 STARTTLS LOGINDISABLED";

fn asked() -> Script {
    Script::new().ready(OFFER).command("STARTTLS")
}

#[test]
fn starttls_that_is_not_offered_is_not_asked_for() {
    let seen = Visit::starttls(&["PLAIN"]).run(Script::new().ready("IMAP4rev1 AUTH=PLAIN"));
    seen.assert_failed(Phase::StartTls, Trouble::StartTlsNotOffered);
    assert!(seen.received().is_empty(), "{:?}", seen.received());
    let [list] = &seen.report.advertised[..] else { panic!("the list in the clear is kept") };
    assert_eq!((list.stage, list.offers.len()), (Stage::BeforeTls, 2));
    let finding = seen.finding("secrets-offered-in-clear");
    assert_eq!(seen.lines(finding.evidence.unwrap()), ["* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready"]);
}

#[test]
fn starttls_that_is_refused_ends_the_visit_with_the_servers_words() {
    let seen = Visit::starttls(&["PLAIN"]).run(asked().line("{tag} NO no certificate here"));
    let failure = seen.assert_failed(Phase::StartTls, Trouble::StartTlsRefused);
    assert_eq!(failure.detail, "NO no certificate here");
    assert_eq!(seen.unexpected(), ["m1 NO no certificate here"]);
    assert!(!seen.received_a_secret());
}

#[test]
fn a_goodbye_in_place_of_an_answer_to_starttls_is_not_a_refusal_of_starttls() {
    for (words, cause) in [
        ("* BYE going down", Trouble::ServerClosing),
        ("* BYE [UNAVAILABLE] try again", Trouble::Temporary),
        ("* BYE Too many connections", Trouble::Throttled),
    ] {
        let seen = Visit::starttls(&["PLAIN"]).run(asked().line(words).close());
        let failure = seen.assert_failed(Phase::StartTls, cause);
        assert_eq!(failure.detail, words[2..]);
        assert_eq!(seen.unexpected(), [words]);
    }
}

#[test]
fn octets_behind_the_answer_to_starttls_are_an_injection_and_end_the_visit() {
    for behind in ["* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", "m2 OK fooled\r\n", "half a line", "\0"] {
        let seen = Visit::starttls(&["PLAIN"]).run(asked().raw(format!("{{tag}} OK begin\r\n{behind}")));
        let failure = seen.assert_failed(Phase::StartTls, Trouble::StartTlsInjection);
        assert!(failure.detail.starts_with(&format!("{} octets", behind.len())), "{failure:?}");
        seen.finding("starttls-injection");
        assert_eq!(seen.received(), ["m1 STARTTLS"], "not one octet more is said");
        assert!(!seen.heard[0].tls);
        assert!(seen.report.advertised.iter().all(|list| list.stage == Stage::BeforeTls));
    }
}

#[test]
fn the_injection_is_proved_by_the_lines_that_were_injected() {
    let seen = Visit::starttls(&["PLAIN"]).run(asked().raw("{tag} OK begin\r\n* OK injected\r\n"));
    let evidence = seen.finding("starttls-injection").evidence.expect("no claim without lines");
    assert!(seen.lines(evidence).contains(&"* OK injected"), "{}", seen.transcript());
    assert_eq!(seen.unexpected(), ["* OK injected"]);
}

#[test]
fn plaintext_in_place_of_the_handshake_is_quoted() {
    let script = asked().line("{tag} OK begin").octets(5).line("* OK still in the clear");
    let seen = Visit::starttls(&["PLAIN"]).run(script);
    let failure = seen.assert_failed(Phase::Tls, Trouble::NotTls);
    assert!(failure.detail.contains("* OK still in the clear"), "{failure:?}");
    assert!(!seen.received_a_secret());
}

#[test]
fn what_was_heard_before_tls_is_kept_and_not_believed() {
    let script = Script::new()
        .line("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR] ready")
        .command("STARTTLS")
        .line("{tag} OK begin")
        .tls()
        .command("CAPABILITY")
        .line("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
        .line("{tag} OK done")
        .command("AUTHENTICATE PLAIN")
        .line("{tag} NO [CANNOT] not here");
    let seen = Visit::starttls(&["PLAIN"]).run(script);
    assert!(!seen.attempt("PLAIN").advertised, "it was offered only before TLS");
    assert_eq!(seen.attempt("PLAIN").initial_response, Some(false), "SASL-IR was offered only before TLS");
    seen.assert_refused("PLAIN");
    let stages: Vec<Stage> = seen.report.advertised.iter().map(|list| list.stage).collect();
    assert_eq!(stages, [Stage::BeforeTls, Stage::AfterTls]);
    assert_eq!(seen.finding_ids(), ["secrets-offered-in-clear"]);
}

#[test]
fn a_server_that_falls_silent_after_its_yes_to_starttls_times_out_in_the_handshake() {
    let seen = Visit::starttls(&["PLAIN"]).run(asked().line("{tag} OK begin").octets(5));
    let failure = seen.assert_failed(Phase::Tls, Trouble::Timeout);
    assert_eq!(failure.detail, "no answer within 15 s");
}
