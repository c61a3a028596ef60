//! IMAP's LOGIN command: how the password is written, and servers that do not follow.

use mailprobe_probes::model::{Cause, Phase, Skip, Trouble};

use crate::support::{PASSWORD, Script, USER, Visit};

fn ready() -> Script {
    Script::new().ready("IMAP4rev1")
}

fn visit(password: &str) -> Visit {
    Visit::clear(&["LOGIN-COMMAND"]).password(password)
}

#[test]
fn an_ordinary_password_goes_quoted() {
    let script = ready().command(&format!("LOGIN \"{USER}\" \"{PASSWORD}\"")).accepted().inbox_opens();
    visit(PASSWORD).run(script).assert_usable("LOGIN-COMMAND");
}

#[test]
fn quotes_and_backslashes_are_escaped_and_the_rest_is_left_alone() {
    let seen = visit("a\"b\\c d~e {7}").run(ready().command("LOGIN *").accepted().inbox_opens());
    seen.assert_usable("LOGIN-COMMAND");
    assert_eq!(seen.received()[0], format!("m1 LOGIN \"{USER}\" \"a\\\"b\\\\c d~e {{7}}\""));
}

#[test]
fn a_password_with_eight_bit_characters_waits_for_the_go_ahead() {
    let script = ready()
        .command(&format!("LOGIN \"{USER}\" {{8}}"))
        .line("+ ready for literal")
        .client("pässwö")
        .line("{tag} NO [AUTHENTICATIONFAILED] no");
    let seen = visit("pässwö").run(script);
    assert_eq!(seen.assert_refused("LOGIN-COMMAND").1[0], Cause::BadCredentials);
}

#[test]
fn with_literal_plus_it_goes_at_once() {
    for capability in ["LITERAL+", "LITERAL-"] {
        let script = Script::new()
            .ready(&format!("IMAP4rev1 {capability}"))
            .command(&format!("LOGIN \"{USER}\" {{8+}}"))
            .client("pässwö")
            .line("{tag} NO [AUTHENTICATIONFAILED] no");
        visit("pässwö").run(script).assert_refused("LOGIN-COMMAND");
    }
}

#[test]
fn a_refusal_of_the_literal_is_the_verdict_and_the_password_stays_here() {
    let seen = visit("pässwö").run(ready().command("LOGIN *").line("{tag} BAD no literals here"));
    assert_eq!(seen.assert_refused("LOGIN-COMMAND").0.status, "BAD");
    assert!(!seen.received_a_secret());
}

#[test]
fn a_yes_before_the_literal_was_sent_is_no_acceptance() {
    let seen = visit("pässwö").run(ready().command("LOGIN *").line("{tag} OK welcome"));
    seen.assert_inconclusive("LOGIN-COMMAND", Phase::Auth, Trouble::ProtocolViolation);
    assert!(!seen.received_a_secret());
}

#[test]
fn a_go_ahead_that_no_literal_asked_for_is_a_violation() {
    let seen = visit(PASSWORD).run(ready().command("LOGIN *").line("+ go on"));
    let (failure, proof) = seen.assert_inconclusive("LOGIN-COMMAND", Phase::Auth, Trouble::ProtocolViolation);
    assert!(failure.detail.contains("a continuation where an answer was due"), "{failure:?}");
    assert_eq!(*proof.last().unwrap(), "+ go on");
}

#[test]
fn the_line_of_a_go_ahead_that_no_literal_asked_for_is_marked() {
    let seen = visit(PASSWORD).run(ready().command("LOGIN *").line("+ go on"));
    assert_eq!(seen.unexpected(), ["+ go on"]);
}

#[test]
fn a_password_with_a_line_break_is_a_literal_and_never_a_command() {
    let script = ready()
        .command(&format!("LOGIN \"{USER}\" {{21}}"))
        .line("+")
        .client("secret-1")
        .client("m9 DELETE x")
        .line("{tag} NO no");
    visit("secret-1\r\nm9 DELETE x").run(script).assert_refused("LOGIN-COMMAND");
}

#[test]
fn a_password_with_a_nul_is_not_presented() {
    let seen = visit("correct\0horse").run(ready());
    seen.assert_not_tried("LOGIN-COMMAND", Skip::Unrepresentable);
}

#[test]
fn the_transcript_shows_the_user_and_the_length_of_the_password() {
    let seen = visit("pässwö").run(ready().command("LOGIN *").line("+").client("*").line("{tag} NO no"));
    let (_, _, proof) = seen.assert_refused("LOGIN-COMMAND");
    let said = [&format!("m1 LOGIN \"{USER}\" {{8}}"), "+", "‹password 6 chars›", "m1 NO no"];
    assert_eq!(proof, said);
}
