//! The SASL exchange of a password: challenges that are none, too many of them, and lines in between.

use mailprobe_probes::model::{Phase, Skip, Trouble};

use crate::support::{PASSWORD, Script, USER, Visit};

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// LOGIN with these two prompts.
fn prompts(first: &str, second: &str) -> Script {
    Script::new()
        .ready("IMAP4rev1 AUTH=LOGIN")
        .command("AUTHENTICATE LOGIN")
        .line(first)
        .client(&base64(USER))
        .line(second)
        .client(&base64(PASSWORD))
}

#[test]
fn prompts_in_clear_text_are_a_quirk_and_the_login_goes_on() {
    let script = prompts("+ Username:", "+ Password:").accepted().inbox_opens();
    let seen = Visit::clear(&["LOGIN"]).run(script);
    seen.assert_usable("LOGIN");
    let quirks = &seen.attempt("LOGIN").quirks;
    assert!(!quirks.is_empty() && quirks.iter().all(|quirk| quirk == "challenge-not-base64"), "{quirks:?}");
}

#[test]
fn a_prompt_without_its_padding_is_a_quirk_and_the_login_goes_on() {
    // `User Name` with the NUL that Exchange puts behind it.
    let script = prompts("+ VXNlciBOYW1lAA", "+ UGFzc3dvcmQA").accepted().inbox_opens();
    let seen = Visit::clear(&["LOGIN"]).run(script);
    seen.assert_usable("LOGIN");
    assert_eq!(seen.attempt("LOGIN").quirks, ["base64-padding"]);
}

#[test]
fn prompts_without_text_without_a_blank_or_in_the_wrong_order_are_answered_by_position() {
    for [first, second] in
        [["+", "+"], ["+ ", "+ "], ["+VXNlcm5hbWU6", "+UGFzc3dvcmQ6"], ["+ UGFzc3dvcmQ6", "+ VXNlcm5hbWU6"]]
    {
        let seen = Visit::clear(&["LOGIN"]).run(prompts(first, second).accepted().inbox_opens());
        seen.assert_usable("LOGIN");
        assert!(seen.attempt("LOGIN").quirks.is_empty(), "{first}");
    }
}

#[test]
fn a_third_prompt_is_cancelled_and_nothing_is_repeated() {
    let script = prompts("+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6")
        .line("+ UElOOg==")
        .client("*")
        .line("{tag} BAD cancelled");
    let seen = Visit::clear(&["LOGIN"]).run(script);
    let (failure, proof) = seen.assert_inconclusive("LOGIN", Phase::Auth, Trouble::MechanismFailed);
    assert!(failure.detail.contains("two prompts"), "{failure:?}");
    assert_eq!(proof[proof.len() - 3..], ["+ UElOOg==", "*", "m1 BAD cancelled"]);
}

#[test]
fn a_server_that_ignores_the_cancellation_is_left() {
    let script =
        prompts("+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6").line("+").client("*").line("+").client("* LOGOUT");
    let seen = Visit::clear(&["LOGIN"]).run(script);
    seen.assert_inconclusive("LOGIN", Phase::Auth, Trouble::MechanismFailed);
}

#[test]
fn a_hundred_challenges_are_not_answered() {
    // After an error report only the refusal is left; every further challenge is cancelled, and twelve
    // rounds are the bound.
    let script = Script::new()
        .ready("IMAP4rev1 SASL-IR AUTH=XOAUTH2")
        .command("AUTHENTICATE XOAUTH2 *")
        .raw("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n".repeat(100));
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    let (failure, _) = seen.assert_inconclusive("XOAUTH2", Phase::Auth, Trouble::TooManyRounds);
    assert!(failure.detail.contains("12 challenges"), "{failure:?}");
    assert!(seen.received().len() <= 15, "{:?}", seen.received());
}

#[test]
fn a_second_challenge_to_plain_gives_nothing_away() {
    let script = Script::new().plain().line("+ UGFzc3dvcmQ6").client("*").line("{tag} BAD cancelled");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::MechanismFailed);
}

#[test]
fn untagged_lines_before_the_go_ahead_and_before_the_verdict_are_skipped() {
    let script = Script::new()
        .ready("IMAP4rev1 AUTH=PLAIN")
        .command("AUTHENTICATE PLAIN")
        .line("* OK [ALERT] maintenance tonight")
        .line("+ ")
        .client("*")
        .line("* 4 EXISTS")
        .line("* NO [ALERT] your quota is nearly used up")
        .line("* CAPABILITY IMAP4rev1 IDLE MOVE")
        .line("{tag} OK welcome")
        .inbox_opens();
    let seen = Visit::clear(&["PLAIN"]).run(script);
    let (_, proof) = seen.assert_accepted("PLAIN");
    assert!(proof.contains(&"* NO [ALERT] your quota is nearly used up"), "{proof:?}");
    assert_eq!(*proof.last().unwrap(), "m1 OK welcome");
    seen.assert_usable("PLAIN");
    assert_eq!(seen.report.advertised.last().unwrap().capabilities, ["IMAP4rev1", "IDLE", "MOVE"]);
}

#[test]
fn untagged_lines_without_an_end_are_cut_off() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().for_ever("* OK still thinking\r\n"));
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::TooManyLines);
    assert!(seen.heard[0].sent < 256 * 1024, "{} octets were taken", seen.heard[0].sent);
}

#[test]
fn without_sasl_ir_the_password_waits_for_the_go_ahead() {
    let script = Script::new()
        .ready("IMAP4rev1 AUTH=PLAIN")
        .command("AUTHENTICATE PLAIN")
        .line("+")
        .client(&base64(&format!("\0{USER}\0{PASSWORD}")))
        .line("{tag} NO no");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_refused("PLAIN");
    assert_eq!(seen.attempt("PLAIN").initial_response, Some(false));
}

#[test]
fn with_sasl_ir_it_travels_with_the_command() {
    let message = base64(&format!("\0{USER}\0{PASSWORD}"));
    let script = Script::new()
        .ready("IMAP4rev1 SASL-IR AUTH=PLAIN")
        .command(&format!("AUTHENTICATE PLAIN {message}"))
        .line("{tag} NO no");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    seen.assert_refused("PLAIN");
    assert_eq!(seen.attempt("PLAIN").initial_response, Some(true));
}

#[test]
fn a_go_ahead_with_text_is_a_quirk() {
    let script = Script::new()
        .ready("IMAP4rev1 AUTH=PLAIN")
        .command("AUTHENTICATE PLAIN")
        .line("+ go ahead")
        .client("*");
    let seen = Visit::clear(&["PLAIN"]).run(script.line("{tag} NO no"));
    seen.assert_refused("PLAIN");
    assert_eq!(seen.attempt("PLAIN").quirks, ["go-ahead-with-text"]);
}

#[test]
fn a_yes_before_the_password_was_sent_is_no_acceptance() {
    // RFC 9051 section 6.2.2: the mechanism is not over before the client's response was taken.
    let script =
        Script::new().ready("IMAP4rev1 AUTH=PLAIN").command("AUTHENTICATE PLAIN").line("{tag} OK welcome");
    let seen = Visit::clear(&["PLAIN"]).run(script);
    assert!(!seen.received_a_secret());
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ProtocolViolation);
}

#[test]
fn a_yes_after_the_user_name_alone_is_no_acceptance() {
    let script = Script::new()
        .ready("IMAP4rev1 AUTH=LOGIN")
        .command("AUTHENTICATE LOGIN")
        .line("+ VXNlcm5hbWU6")
        .client(&base64(USER))
        .line("{tag} OK welcome");
    let seen = Visit::clear(&["LOGIN"]).run(script);
    assert!(!seen.received_a_secret());
    seen.assert_inconclusive("LOGIN", Phase::Auth, Trouble::ProtocolViolation);
}

#[test]
fn a_password_with_a_nul_is_not_presented() {
    let seen = Visit::clear(&["PLAIN"])
        .password("correct\0horse")
        .run(Script::new().ready("IMAP4rev1 SASL-IR AUTH=PLAIN"));
    seen.assert_not_tried("PLAIN", Skip::Unrepresentable);
    assert!(!seen.received_a_secret());
}
