//! Answers that contradict themselves, or each other: a yes in the words of a no, a fault that follows the error report on
//! a token, and one sentence for password and token.

use mailprobe_probes::model::{Cause, Phase, Trouble};

use crate::class::{pop3, smtp, undecided};
use crate::support::{Script, Visit};

/// `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`
const REPORT: &str =
    "eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";

#[test]
fn what_follows_an_error_report_is_the_answer_to_a_token_whatever_words_it_uses() {
    let presented =
        || Script::new().ready("IMAP4rev1 SASL-IR AUTH=XOAUTH2").command("AUTHENTICATE XOAUTH2 *");
    for words in [
        "{tag} NO Lookup failed h2mb123",
        "{tag} NO Internal error",
        "{tag} NO Temporary failure, try again later",
        "{tag} NO Connection closed",
        "{tag} NO Mailbox is locked",
        "{tag} BAD Invalid SASL argument",
        "{tag} NO xyzzy",
        "* BYE Connection closed. 14",
        "* BYE xyzzy",
    ] {
        let script = presented().line(&format!("+ {REPORT}")).client("").line(words);
        let seen = Visit::clear(&["XOAUTH2"]).run(script.close());
        let (_, causes, _) = seen.assert_refused("XOAUTH2");
        assert_eq!(causes[0], Cause::TokenInvalid, "{words}: {causes:?}");
    }
    // A limit that is named is one, as Gmail's is on record.
    let script = presented().line(&format!("+ {REPORT}")).client("");
    let seen = Visit::clear(&["XOAUTH2"])
        .run(script.line("{tag} NO [ALERT] Too many simultaneous connections. (Failure)"));
    assert_eq!(undecided(&seen, "XOAUTH2").0.cause, Trouble::Throttled);
    // The class still comes first, and so does a report that speaks of the server itself.
    let script =
        presented().line(&format!("+ {REPORT}")).client("").line("{tag} NO [UNAVAILABLE] Lookup failed");
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    assert_eq!(undecided(&seen, "XOAUTH2").0.cause, Trouble::Temporary);
    for report in [r#"{"status":"500"}"#, r#"{"status":503}"#, r#"{"status":"temporarily_unavailable"}"#] {
        let script = presented().line(&format!("+ {report}")).client("").line("{tag} NO Lookup failed");
        let seen = Visit::clear(&["XOAUTH2"]).run(script);
        assert_eq!(undecided(&seen, "XOAUTH2").0.cause, Trouble::Temporary, "{report}");
    }
}

#[test]
fn a_yes_in_the_words_of_a_no_is_a_quirk_where_the_mailbox_opens() {
    for words in ["Unable to authenticate", "[AUTHENTICATIONFAILED] xyzzy", "Login failed", "access denied"] {
        let script = Script::new().plain().line(&format!("{{tag}} OK {words}"));
        let script = script.command("CAPABILITY").line("* CAPABILITY IMAP4rev1").line("{tag} OK done");
        let seen = Visit::clear(&["PLAIN"]).run(script.inbox_opens());
        seen.assert_usable("PLAIN");
        assert_eq!(seen.attempt("PLAIN").quirks, ["yes-in-the-words-of-a-no"], "{words}");
    }
    let script = Script::new().plain().line("{tag} OK Logged in, last failed login 3 days ago");
    let script = script.command("CAPABILITY").line("* CAPABILITY IMAP4rev1").line("{tag} OK done");
    let seen = Visit::clear(&["PLAIN"]).run(script.inbox_opens());
    assert!(seen.attempt("PLAIN").quirks.is_empty(), "a yes that tells of earlier failures is a yes");
}

#[test]
fn a_yes_in_the_words_of_a_no_is_a_no_where_the_mailbox_wants_a_login() {
    let asked = |words: &str| {
        let script = Script::new().plain().line(&format!("{{tag}} OK {words}")).command("CAPABILITY");
        script.line("* CAPABILITY IMAP4rev1").line("{tag} OK done").command("EXAMINE INBOX")
    };
    let seen =
        Visit::clear(&["PLAIN"]).run(asked("Unable to authenticate").line("{tag} BAD Please login first"));
    let (reply, causes, _) = seen.assert_refused("PLAIN");
    assert_eq!((reply.quoted().as_str(), causes[0]), ("OK Unable to authenticate", Cause::BadCredentials));
    assert_eq!(seen.attempt("PLAIN").quirks, ["yes-in-the-words-of-a-no"]);
    let script = pop3().line("+OK authentication failed").client("STAT").line("-ERR not logged in");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
    assert_eq!(seen.assert_refused("USER-PASS").1[0], Cause::BadCredentials);
    let script = smtp().line("235 5.7.8 authentication failed").client("MAIL FROM:*");
    let seen =
        Visit::smtp_clear(&["PLAIN"]).run(script.line("530 5.7.57 Client not authenticated to send mail"));
    seen.assert_refused("PLAIN");
}

#[test]
fn a_yes_in_the_words_of_a_no_decides_nothing_where_nobody_looked() {
    let said = || Script::new().plain().line("{tag} OK Unable to authenticate");
    let mut visit = Visit::clear(&["PLAIN"]);
    visit.options.stop_after = Phase::Auth;
    let (failure, _) = {
        let seen = visit.run(said());
        let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ProtocolViolation);
        (failure.clone(), proof.len())
    };
    assert!(failure.detail.contains("OK Unable to authenticate"), "{failure:?}");
    let seen = Visit::clear(&["PLAIN"]).run(said().close());
    seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ProtocolViolation);
}

#[test]
fn one_sentence_of_an_organisation_for_password_and_token_is_its_policy() {
    for words in [
        "{tag} NO [ALERT] sign-in is disabled by your organisation",
        "{tag} NO Sign in has been blocked by your organization",
        "{tag} NO Access to this service is not allowed by your administrator",
        "{tag} NO IMAP access is turned off by your domain administrator",
        "{tag} BAD logins are prohibited by company policy",
    ] {
        for method in ["PLAIN", "XOAUTH2"] {
            let script =
                Script::new().ready(&format!("IMAP4rev1 SASL-IR AUTH={method}")).command("AUTHENTICATE * *");
            let seen = Visit::clear(&[method]).run(script.line(words));
            let (_, causes, _) = seen.assert_refused(method);
            let policy = matches!(causes[0], Cause::ConditionalAccess | Cause::ProtocolDisabled);
            assert!(policy && !causes.contains(&Cause::TokenInvalid), "{method} {words}: {causes:?}");
        }
    }
}
