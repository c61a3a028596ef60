//! The capability list: too long, never ending, spelled oddly, volunteered or withheld.

use mailprobe_probes::model::{Method, Phase, Skip, Stage, Trouble};

use crate::support::{Script, Visit};

fn asked() -> Script {
    Script::new().line("* OK ready").command("CAPABILITY")
}

#[test]
fn never_ending_lines_in_place_of_the_list_are_cut_off() {
    let seen = Visit::clear(&["PLAIN"]).run(asked().for_ever("* OK still thinking\r\n"));
    let failure = seen.assert_failed(Phase::Capability, Trouble::TooManyLines);
    assert!(failure.detail.contains("500 lines"), "{failure:?}");
    assert!(seen.heard[0].sent < 256 * 1024, "{} octets were taken", seen.heard[0].sent);
    assert!(seen.report.transcript.len() < 5_000, "{} lines", seen.report.transcript.len());
}

#[test]
fn a_list_of_a_hundred_thousand_words_is_cut_off() {
    let list = format!("* CAPABILITY IMAP4rev1{}\r\n{{tag}} OK done\r\n", " AUTH=PLAIN".repeat(100_000));
    let script = Script::new().line("* OK ready").command("CAPABILITY").for_ever(list);
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_failed(Phase::Capability, Trouble::LineTooLong);
    assert!(seen.report.advertised.is_empty(), "half a list is no list");
    assert!(serde_json::to_string(&seen.report).unwrap().len() < 16 * 1024);
}

#[test]
fn a_literal_of_a_hundred_megabytes_is_not_waited_for() {
    let seen =
        Visit::clear(&["PLAIN"]).run(asked().line("* CAPABILITY {100000000}").for_ever("a".repeat(1024)));
    let failure = seen.assert_failed(Phase::Capability, Trouble::ReplyTooLarge);
    assert!(failure.detail.contains("65536 octets"), "{failure:?}");
    assert!(seen.heard[0].sent < 256 * 1024, "{} octets were taken", seen.heard[0].sent);
}

#[test]
fn an_answer_without_a_list_is_a_violation_that_quotes_it() {
    let seen = Visit::clear(&["PLAIN"]).run(asked().line("{tag} OK nothing to say"));
    let failure = seen.assert_failed(Phase::Capability, Trouble::ProtocolViolation);
    assert!(failure.detail.contains("OK nothing to say"), "{failure:?}");
    assert_eq!(seen.unexpected(), ["m1 OK nothing to say"]);
}

#[test]
fn a_goodbye_in_place_of_the_list_is_told_apart_by_its_words() {
    for (words, cause) in [
        ("* BYE going down", Trouble::ServerClosing),
        ("* BYE [UNAVAILABLE] try again", Trouble::Temporary),
        ("* BYE too many simultaneous sessions", Trouble::Throttled),
    ] {
        let seen = Visit::clear(&["PLAIN"]).run(asked().line(words).close());
        let failure = seen.assert_failed(Phase::Capability, cause);
        assert!(failure.detail.contains(&words[2..]), "{failure:?}");
        assert_eq!(seen.unexpected(), [words]);
    }
}

#[test]
fn the_answer_to_another_command_is_not_the_answer_to_this_one() {
    for wrong in ["x9 OK done", "m2 OK done", "M1 OK done", "m OK done"] {
        let seen = Visit::clear(&["PLAIN"]).run(asked().line(wrong).close());
        let failure = seen.assert_failed(Phase::Capability, Trouble::ProtocolViolation);
        assert!(failure.detail.contains("another tag than m1"), "{failure:?}");
        assert_eq!(seen.unexpected(), [wrong]);
    }
}

#[test]
fn an_untagged_answer_is_waited_past() {
    let seen = Visit::clear(&["PLAIN"]).run(asked().line("* OK m1 done").close());
    seen.assert_failed(Phase::Capability, Trouble::ConnectionClosed);
}

#[test]
fn a_continuation_nobody_asked_for_is_a_violation() {
    let seen = Visit::clear(&["PLAIN"]).run(asked().line("+ go ahead"));
    seen.assert_failed(Phase::Capability, Trouble::ProtocolViolation);
    assert_eq!(seen.unexpected(), ["+ go ahead"]);
}

#[test]
fn nul_octets_change_the_name_of_a_mechanism_and_stop_nothing() {
    let script = Script::new()
        .line("* OK he\0llo")
        .command("CAPABILITY")
        .line("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PL\0AIN AUTH=PLAIN")
        .line("{tag} OK do\0ne")
        .command("AUTHENTICATE PLAIN *")
        .line("{tag} NO no\0pe");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    let (reply, _, proof) = seen.assert_refused("PLAIN");
    assert_eq!((reply.text.as_str(), proof.last()), ("no\\x00pe", Some(&"m2 NO no\\x00pe")));
    assert_eq!(seen.report.greeting.as_deref(), Some("* OK he\\x00llo"));
    assert_eq!(seen.report.advertised[0].capabilities[2..], ["AUTH=PL\\x00AIN", "AUTH=PLAIN"]);
}

#[test]
fn a_status_word_with_a_nul_is_none() {
    let seen = Visit::clear(&["PLAIN"]).run(asked().line("{tag} OK\0 done"));
    seen.assert_failed(Phase::Capability, Trouble::ProtocolViolation);
    assert_eq!(seen.unexpected(), ["m1 OK\\x00 done"]);
}

#[test]
fn lower_case_and_repeated_offers_are_kept_verbatim() {
    let script = Script::new()
        .line("* OK ready")
        .command("CAPABILITY")
        .line("* capability imap4rev1 auth=plain AUTH=Xyzzy-9 auth=plain sasl-ir")
        .line("{tag} ok done")
        .command("AUTHENTICATE PLAIN *")
        .line("{tag} no go away");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    let list = &seen.report.advertised[0];
    assert_eq!(list.capabilities, ["imap4rev1", "auth=plain", "AUTH=Xyzzy-9", "auth=plain", "sasl-ir"]);
    let offers: Vec<(&str, &str)> =
        list.offers.iter().map(|offer| (offer.token.as_str(), offer.method.name())).collect();
    let login = ("imap4rev1", "LOGIN-COMMAND");
    assert_eq!(
        offers,
        [login, ("auth=plain", "PLAIN"), ("AUTH=Xyzzy-9", "XYZZY-9"), ("auth=plain", "PLAIN")]
    );
    assert_eq!(
        seen.lines(list.evidence),
        ["* capability imap4rev1 auth=plain AUTH=Xyzzy-9 auth=plain sasl-ir"]
    );
    assert!(seen.attempt("PLAIN").advertised);
    assert_eq!(seen.assert_refused("PLAIN").0.status, "NO");
}

#[test]
fn a_greeting_with_the_list_is_not_asked_for_one() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line("{tag} NO bad"));
    seen.assert_refused("PLAIN");
    let commands: Vec<&str> = seen.received().iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(commands, ["AUTHENTICATE", "LOGOUT"]);
    let list = &seen.report.advertised[0];
    assert_eq!((list.stage, list.evidence.first), (Stage::BeforeTls, 1));
}

#[test]
fn a_greeting_without_the_list_is_asked_for_it_once() {
    let script = asked()
        .line("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN")
        .line("{tag} OK done")
        .command("AUTHENTICATE PLAIN *")
        .line("{tag} NO bad");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_refused("PLAIN");
    let commands: Vec<&str> = seen.received().iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(commands, ["CAPABILITY", "AUTHENTICATE", "LOGOUT"]);
}

#[test]
fn logindisabled_is_not_an_offer_and_the_refusal_is_still_heard() {
    let script = Script::new()
        .ready("IMAP4rev1 LOGINDISABLED AUTH=PLAIN")
        .command("LOGIN *")
        .line("{tag} NO [PRIVACYREQUIRED] not like this");
    let seen = Visit::clear(&["LOGIN-COMMAND"]).run(script);
    assert!(!seen.attempt("LOGIN-COMMAND").advertised);
    assert!(!seen.report.advertised[0].offers_method(&Method::LoginCommand));
    seen.assert_refused("LOGIN-COMMAND");
}

#[test]
fn logindisabled_keeps_the_password_back_where_only_offers_are_tried() {
    let mut visit = Visit::clear(&["LOGIN-COMMAND"]);
    visit.options.unadvertised = false;
    let seen = visit.run(Script::new().ready("IMAP4rev1 LOGINDISABLED AUTH=PLAIN"));
    seen.assert_not_tried("LOGIN-COMMAND", Skip::NotAdvertised);
    assert!(!seen.received_a_secret());
}

#[test]
fn two_servers_behind_one_address_that_offer_different_methods_are_found_out() {
    let seen = Visit::clear(&["PLAIN", "XOAUTH2"]).run_many(|number| {
        let offer = ["AUTH=PLAIN", "AUTH=XOAUTH2"][number];
        let script = Script::new().ready(&format!("IMAP4rev1 SASL-IR {offer}")).command("AUTHENTICATE * *");
        Some(script.line("{tag} NO [AUTHENTICATIONFAILED] no"))
    });
    let finding = seen.finding("connections-disagree");
    let proof = seen.lines(finding.evidence.unwrap());
    assert!(proof.first().unwrap().contains("AUTH=PLAIN") && proof.last().unwrap().contains("AUTH=XOAUTH2"));
    assert!(seen.attempt("PLAIN").advertised && seen.attempt("XOAUTH2").advertised);
}
