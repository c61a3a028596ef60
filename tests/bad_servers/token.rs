//! Token mechanisms: the error report before the refusal, and servers that contradict themselves.

use mailprobe_probes::model::{Cause, Outcome, Phase, Trouble};

use crate::support::{Script, Visit};

/// `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`
const REPORT: &str =
    "+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";

fn presented(mechanism: &str) -> Script {
    Script::new()
        .ready(&format!("IMAP4rev1 SASL-IR AUTH={mechanism}"))
        .command(&format!("AUTHENTICATE {mechanism} *"))
}

fn challenge(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Refused { challenge, .. } => challenge.as_deref(),
        other => panic!("{other:#?}"),
    }
}

#[test]
fn the_error_report_of_xoauth2_is_answered_with_an_empty_line_and_kept() {
    let script = presented("XOAUTH2")
        .line(REPORT)
        .client("")
        .line("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)");
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    let (_, causes, proof) = seen.assert_refused("XOAUTH2");
    assert_eq!(causes[0], Cause::TokenInvalid);
    assert!(proof.contains(&REPORT), "{proof:?}");
    assert_eq!(
        challenge(&seen.attempt("XOAUTH2").outcome),
        Some(r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#)
    );
}

#[test]
fn the_error_report_of_oauthbearer_is_answered_with_one_octet() {
    let script =
        presented("OAUTHBEARER").line(REPORT).client("AQ==").line("{tag} NO SASL authentication failed");
    let seen = Visit::clear(&["OAUTHBEARER"]).run(script);
    seen.assert_refused("OAUTHBEARER");
    assert!(challenge(&seen.attempt("OAUTHBEARER").outcome).unwrap().contains("\"status\":\"400\""));
}

#[test]
fn an_error_report_in_clear_text_is_a_quirk_and_is_kept() {
    let script = presented("XOAUTH2").line("+ {\"status\":\"401\"}").client("").line("{tag} NO no");
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    seen.assert_refused("XOAUTH2");
    assert_eq!(seen.attempt("XOAUTH2").quirks, ["challenge-not-base64"]);
    assert_eq!(challenge(&seen.attempt("XOAUTH2").outcome), Some("{\"status\":\"401\"}"));
}

#[test]
fn an_error_report_and_then_the_end_is_never_a_success() {
    let seen = Visit::clear(&["XOAUTH2"]).run(presented("XOAUTH2").line(REPORT).client("").close());
    let (_, proof) = seen.assert_inconclusive("XOAUTH2", Phase::Auth, Trouble::ConnectionClosed);
    assert!(proof.contains(&REPORT), "{proof:?}");
}

#[test]
fn a_yes_after_the_error_report_is_a_quirk() {
    let script = presented("XOAUTH2").line(REPORT).client("").accepted().inbox_opens();
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    seen.assert_usable("XOAUTH2");
    assert_eq!(seen.attempt("XOAUTH2").quirks, ["yes-after-error-report"]);
}

#[test]
fn a_second_challenge_after_the_report_is_cancelled_and_the_refusal_counts() {
    let script =
        presented("XOAUTH2").line(REPORT).client("").line("+ bW9yZQ==").client("*").line("{tag} NO no");
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    seen.assert_refused("XOAUTH2");
    assert_eq!(seen.attempt("XOAUTH2").quirks, ["challenge-after-error-report"]);
}

#[test]
fn terminal_escapes_in_an_error_report_do_nothing() {
    // ESC ] 0 ; x BEL
    let script = presented("XOAUTH2").line("+ G10wO3gH").client("").line("{tag} NO no");
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    seen.assert_refused("XOAUTH2");
    assert_eq!(challenge(&seen.attempt("XOAUTH2").outcome), Some("\\x1B]0;x\\x07"));
}

#[test]
fn the_transcript_tells_whose_token_it_was_and_not_what_it_is() {
    let seen = Visit::clear(&["XOAUTH2"]).run(presented("XOAUTH2").line("{tag} NO AUTHENTICATE failed."));
    let (_, _, proof) = seen.assert_refused("XOAUTH2");
    assert_eq!(proof[0], "m1 AUTHENTICATE XOAUTH2 ‹user alice@example.com, token 32 chars›");
}
