//! A yes to the question for the mailbox that is none: its words, its code or its shape are not those of a mailbox that
//! opened.

use mailprobe_probes::model::{Phase, Session, Trouble};

use crate::class::{pop3, smtp, undecided};
use crate::http::{INBOX, authorization, challenge, ews, say, visit};
use crate::support::{Script, Seen, TOKEN, Visit};

const FAULT: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>\
    <faultcode>s:Client</faultcode><faultstring>{words}</faultstring></s:Fault></s:Body></s:Envelope>";
const SETTINGS: &str =
    "<Autodiscover><Response><Account><Action>settings</Action></Account></Response></Autodiscover>";

/// The login was taken, and nobody can say whether the mailbox opens: why.
fn not_checked<'a>(seen: &'a Seen, method: &str) -> (Trouble, &'a str) {
    let (session, _) = seen.assert_accepted(method);
    let Session::NotChecked { failure, .. } = session else {
        panic!("{session:#?}\n{}", seen.transcript());
    };
    assert_eq!(failure.phase, Phase::Session, "{failure:?}");
    assert_eq!(seen.attempt(method).outcome.usable(), None);
    (failure.cause, &failure.detail)
}

/// A service that answers in this way to whoever has the token.
fn asked(service: &str, status: &'static str, content: &str) -> Seen {
    let content = content.to_owned();
    let visiting = if service == "ews" { ews(&["Bearer"]) } else { Visit::http_clear(service, &["Bearer"]) };
    visit(visiting, move |head| {
        if authorization(head).contains(TOKEN) {
            say(status, "Content-Type: text/xml", &content)
        } else {
            challenge()
        }
    })
}

fn examined(lines: &[&str]) -> Seen {
    let script = Script::new().plain().accepted().command("EXAMINE INBOX");
    let script = lines.iter().fold(script, |script, line| script.line(line));
    Visit::clear(&["PLAIN"]).run(script)
}

#[test]
fn an_examine_that_says_yes_in_the_words_or_with_the_code_of_a_no_opens_nothing() {
    for words in [
        "Access denied",
        "[NONEXISTENT] no such mailbox",
        "[UNAVAILABLE] x",
        "[NOPERM] x",
        "[INUSE] x",
        "[ALERT] mailbox does not exist",
        "[SERVERBUG] x",
        "Mailbox unavailable",
    ] {
        let seen = examined(&["* 3 EXISTS", &format!("{{tag}} OK {words}")]);
        let (cause, detail) = not_checked(&seen, "PLAIN");
        assert_eq!(cause, Trouble::ProtocolViolation, "{words}");
        assert!(detail.starts_with("the answer says yes and no at once: OK "), "{detail}");
        assert_eq!(seen.attempt("PLAIN").quirks, ["mailbox-yes-in-the-words-of-a-no"], "{words}");
    }
}

#[test]
fn a_goodbye_in_front_of_the_yes_to_examine_opens_nothing() {
    let seen = examined(&["* BYE go away", "{tag} OK x"]);
    assert_eq!(not_checked(&seen, "PLAIN").0, Trouble::ServerClosing);
}

#[test]
fn a_warning_in_place_of_what_an_open_mailbox_brings_opens_nothing() {
    let seen = examined(&["* NO not allowed", "{tag} OK x"]);
    assert_eq!(not_checked(&seen, "PLAIN").0, Trouble::ProtocolViolation);
    // Beside it, a warning is one (RFC 9051 section 7.1.2).
    let seen = examined(&["* NO 95% of the quota is in use", "* 3 EXISTS", "{tag} OK [READ-ONLY] done"]);
    seen.assert_usable("PLAIN");
}

#[test]
fn a_terse_yes_to_examine_opens_the_mailbox_unless_the_login_was_in_doubt() {
    for words in ["", " done", " [READ-ONLY] EXAMINE completed", " [CLOSED] x"] {
        let seen = examined(&[&format!("{{tag}} OK{words}")]);
        assert_eq!(seen.attempt("PLAIN").outcome.usable(), Some(true), "{words}");
        assert!(seen.attempt("PLAIN").quirks.is_empty(), "{words}");
        let script = Script::new().plain().line("{tag} OK [CAPABILITY IMAP4rev1] Unable to authenticate");
        let script = script.command("EXAMINE INBOX").line(&format!("{{tag}} OK{words}"));
        let seen = Visit::clear(&["PLAIN"]).run(script);
        assert_eq!(undecided(&seen, "PLAIN").0.cause, Trouble::ProtocolViolation, "{words}");
    }
}

#[test]
fn a_stat_without_its_two_numbers_opens_nothing() {
    for words in
        ["", " abc def", " -1 5", " 3", " 3 octets", " [SYS/TEMP] try again", " 0x1 2", " Access denied"]
    {
        let script = pop3().line("+OK in").client("STAT").line(&format!("+OK{words}"));
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
        assert_eq!(not_checked(&seen, "USER-PASS").0, Trouble::ProtocolViolation, "{words}");
    }
    for words in [" 0 0", " 2 320", " 2 320 and a comment"] {
        let script = pop3().line("+OK in").client("STAT").line(&format!("+OK{words}"));
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
        assert_eq!(seen.attempt("USER-PASS").outcome.usable(), Some(true), "{words}");
    }
}

#[test]
fn a_sender_that_is_taken_does_not_prove_a_login_in_doubt() {
    let script = smtp().line("235 5.7.8 Authentication failed").client("MAIL FROM:*").line("250 ok");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
    assert_eq!(undecided(&seen, "PLAIN").0.cause, Trouble::ProtocolViolation);
    assert_eq!(seen.attempt("PLAIN").outcome.usable(), None);
    assert_eq!(seen.attempt("PLAIN").quirks, ["yes-in-the-words-of-a-no"]);
    for words in ["250 ok", "250 2.7.0 Authentication successful", "200 OK", "220 mail.example.com ESMTP"] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(smtp().line(words).client("MAIL FROM:*").line("250 ok"));
        let (failure, _) = undecided(&seen, "PLAIN");
        assert_eq!((failure.phase, failure.cause), (Phase::Auth, Trouble::ProtocolViolation), "{words}");
        assert!(failure.detail.contains("235") && failure.detail.contains(words), "{failure:?}");
        assert_eq!(seen.attempt("PLAIN").quirks, ["yes-without-235"], "{words}");
    }
    let script = smtp().line("250 ok").client("MAIL FROM:*").line("530 5.7.0 Authentication required");
    Visit::smtp_clear(&["PLAIN"]).run(script).assert_refused("PLAIN");
    let script = smtp().line("235 2.7.0 ok").client("MAIL FROM:*").line("250 5.7.1 Sender rejected");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
    assert_eq!(not_checked(&seen, "PLAIN").0, Trouble::ProtocolViolation);
}

#[test]
fn a_fault_that_names_a_refusal_shuts_the_mailbox_of_ews() {
    for status in ["200 OK", "500 Internal Server Error"] {
        for words in ["Access denied", "Access is denied.", "The user has no permission", "Not authorized"] {
            let seen = asked("ews", status, &FAULT.replace("{words}", words));
            let (session, _) = seen.assert_accepted("Bearer");
            let Session::Shut { reply, diagnosis, .. } = session else {
                panic!("{status} {words}: {session:#?}")
            };
            assert_eq!(reply.text, words);
            assert!(!diagnosis.rule.contains("accepted") && diagnosis.rule != "done", "{diagnosis:?}");
            assert_eq!(seen.attempt("Bearer").outcome.usable(), Some(false));
        }
    }
}

#[test]
fn a_fault_that_says_something_else_leaves_the_mailbox_of_ews_open_to_question() {
    for status in ["200 OK", "500 Internal Server Error"] {
        for words in ["Bad request.", "xyzzy", ""] {
            let seen = asked("ews", status, &FAULT.replace("{words}", words));
            assert_eq!(not_checked(&seen, "Bearer").0, Trouble::RequestRefused, "{status} {words}");
        }
    }
    let seen = asked(
        "ews",
        "200 OK",
        &INBOX.replace("Success", "Error").replace("NoError", "ErrorSchemaValidation"),
    );
    assert_eq!(not_checked(&seen, "Bearer").0, Trouble::RequestRefused);
}

#[test]
fn a_folder_of_ews_is_opened_by_success_without_an_error_and_with_the_folder() {
    let seen = asked("ews", "200 OK", INBOX);
    assert_eq!(seen.attempt("Bearer").outcome.usable(), Some(true));
    let folders = INBOX.find("<m:Folders>").unwrap()..INBOX.find("</m:GetFolderResponseMessage>").unwrap();
    let message = INBOX.find("<m:GetFolderResponseMessage").unwrap()..folders.end;
    let message = format!("{}</m:GetFolderResponseMessage>", &INBOX[message]);
    let second = message.replace("Success", "Error");
    for (what, content) in [
        ("an error without a code", INBOX.replace("Success", "Error")),
        ("a warning", INBOX.replace("Success", "Warning")),
        ("no class", INBOX.replace(" ResponseClass=\"Success\"", "")),
        ("no code", INBOX.replace("<m:ResponseCode>NoError</m:ResponseCode>", "")),
        ("no folder", INBOX.replace(&INBOX[folders.clone()], "")),
        ("an empty list", INBOX.replace(&INBOX[folders], "<m:Folders/>")),
        ("two answers", INBOX.replace(&message, &format!("{message}{second}"))),
    ] {
        let seen = asked("ews", "200 OK", &content);
        assert_eq!(not_checked(&seen, "Bearer").0, Trouble::ProtocolViolation, "{what}");
    }
    let code = asked("ews", "200 OK", &INBOX.replace("NoError", "ErrorAccessDenied"));
    assert_eq!(code.attempt("Bearer").outcome.usable(), Some(false), "a success with the code of an error");
}

#[test]
fn an_autodiscover_without_settings_has_not_answered() {
    let seen = asked("autodiscover", "200 OK", SETTINGS);
    assert_eq!(not_checked(&seen, "Bearer").0, Trouble::ProtocolViolation);
    let protocol = "<Protocol><Type>EXCH</Type><EwsUrl>https://x.example/EWS/Exchange.asmx</EwsUrl></Protocol></Account>";
    let seen = asked("autodiscover", "200 OK", &SETTINGS.replace("</Account>", protocol));
    assert_eq!(not_checked(&seen, "Bearer").0, Trouble::NotAsked);
}
