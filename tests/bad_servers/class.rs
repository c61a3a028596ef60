//! The class of an answer comes before its sentence: what a server's code calls temporary decides nothing, whatever
//! the words beside it say, at every step of a line protocol.

use mailprobe_probes::model::{Cause, Failure, Outcome, Phase, Session, Trouble};

use crate::support::{Script, Seen, Visit};

/// An SMTP server up to its answer to PLAIN.
pub(crate) fn smtp() -> Script {
    let offer = "250-mail.example.com\r\n250 AUTH PLAIN\r\n";
    Script::new().line("220 mail.example.com ESMTP").client("EHLO *").raw(offer).client("AUTH PLAIN *")
}

/// A POP3 server up to its answer to PASS.
pub(crate) fn pop3() -> Script {
    let list = "+OK\r\nUSER\r\n.\r\n";
    Script::new().line("+OK ready").client("CAPA").raw(list).client("USER *").line("+OK").client("PASS *")
}

/// What stopped the login, and the causes that its words name.
pub(crate) fn undecided<'s>(seen: &'s Seen, method: &str) -> (&'s Failure, &'s [Cause]) {
    match &seen.attempt(method).outcome {
        Outcome::Inconclusive { failure, answer: Some(answer), .. } => (failure, &answer.1.causes),
        other => panic!("{other:#?}\n{}", seen.transcript()),
    }
}

/// What kept anybody from saying whether the mailbox opens, and the causes that the server's words name.
fn not_checked(seen: &Seen, method: &str) -> (Failure, Vec<String>) {
    let (session, _) = seen.assert_accepted(method);
    let Session::NotChecked { failure, .. } = session else { panic!("{session:#?}\n{}", seen.transcript()) };
    let json = serde_json::to_value(seen.attempt(method)).unwrap();
    (failure.clone(), serde_json::from_value(json["causes"].clone()).unwrap())
}

#[test]
fn any_4yz_to_a_login_over_smtp_decides_nothing_whatever_it_says() {
    for (words, leads) in [
        ("421 4.7.0 mail.example.com Error: too many errors", Cause::Temporary),
        ("450 4.7.1 unknown command", Cause::Temporary),
        ("421 4.4.0 mail.example.com Failed to connect to relay server (connect)", Cause::Temporary),
        ("454 4.7.0 Authentication failed", Cause::Temporary),
        ("450 4.7.1 Client not authenticated", Cause::Temporary),
        ("451 4.7.1 relay not allowed", Cause::Temporary),
        ("499 xyzzy", Cause::Temporary),
        // The words may name what is behind it, and stay the explanation.
        ("454 4.7.0 invalid username or password", Cause::BadCredentials),
        ("432 4.7.12 A password transition is needed", Cause::MechanismUnsupported),
        ("451 5.7.3 STARTTLS is required to send mail", Cause::TlsRequired),
        ("454 4.7.0 Basic authentication is disabled.", Cause::BasicDisabled),
        ("421 4.7.1 SmtpClientAuthentication is disabled for the Tenant", Cause::SmtpAuthDisabledTenant),
        ("450 4.7.1 Client host rejected: cannot find your hostname", Cause::LocationBlocked),
    ] {
        let script = smtp().line(words);
        let script = if words.starts_with("421") { script.close() } else { script };
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
        let (failure, causes) = undecided(&seen, "PLAIN");
        assert_eq!((failure.phase, failure.cause), (Phase::Auth, Trouble::Temporary), "{words}");
        assert_eq!(causes[0], leads, "{words}: {causes:?}");
        assert!(causes.contains(&Cause::Temporary), "{words}: {causes:?}");
    }
}

#[test]
fn what_imap_and_pop3_call_temporary_decides_nothing_whatever_it_says() {
    for (words, cause) in [
        ("{tag} NO [UNAVAILABLE] Basic authentication is disabled.", "temporary"),
        ("{tag} NO [UNAVAILABLE] Account is temporarily disabled.", "temporary"),
        ("{tag} NO [UNAVAILABLE] Authentication failed.", "temporary"),
        ("{tag} NO [unavailable] xyzzy", "temporary"),
        ("{tag} NO [INUSE] Authentication failed", "mailbox-in-use"),
        ("{tag} BAD [UNAVAILABLE] unknown command", "temporary"),
        ("* BYE [UNAVAILABLE] IMAP access disabled for this account.", "temporary"),
    ] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line(words).close());
        let (failure, _) = undecided(&seen, "PLAIN");
        assert_eq!((failure.phase, failure.cause.name().as_str()), (Phase::Auth, cause), "{words}");
    }
    for (words, cause) in [
        ("-ERR [SYS/TEMP] Unable to open maildrop: Mailbox does not exist", "temporary"),
        ("-ERR [SYS/TEMP] Logon failure: unknown user name or bad password.", "temporary"),
        ("-ERR [IN-USE] xyzzy", "mailbox-in-use"),
        ("-ERR [LOGIN-DELAY] POP3 access is disabled", "temporary"),
        ("-ERR [LOGIN-DELAY] Logins must be at least 10 minutes apart", "throttled"),
    ] {
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(pop3().line(words));
        let (failure, _) = undecided(&seen, "USER-PASS");
        assert_eq!((failure.phase, failure.cause.name().as_str()), (Phase::Auth, cause), "{words}");
    }
}

#[test]
fn a_greeting_that_names_the_version_of_tls_is_about_tls() {
    let words =
        "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2.";
    let seen = Visit::smtp_clear(&["PLAIN"]).run(Script::new().line(words));
    let failure = seen.assert_failed(Phase::Greeting, Trouble::TlsVersion);
    assert_eq!(failure.detail, words);
    let words = "* BYE TLS 1.0 and 1.1 are not supported";
    Visit::clear(&["PLAIN"])
        .run(Script::new().line(words))
        .assert_failed(Phase::Greeting, Trouble::TlsVersion);
    let words = "-ERR TLS version too old";
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(Script::new().line(words));
    seen.assert_failed(Phase::Greeting, Trouble::TlsVersion);
    let words = "421 4.7.66 TLS 1.0 and 1.1 are not supported.";
    let seen = Visit::smtp_clear(&["PLAIN"]).run(smtp().line(words).close());
    let (failure, causes) = undecided(&seen, "PLAIN");
    assert_eq!((failure.cause, causes[0]), (Trouble::TlsVersion, Cause::TlsVersionTooOld));
}

#[test]
fn a_4yz_before_the_login_ends_the_visit_and_nothing_is_presented() {
    for words in ["450 4.7.1 unknown command", "421 4.7.0 too many errors", "451 4.7.1 relay access denied"] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(Script::new().line(words));
        seen.assert_failed(Phase::Greeting, Trouble::Temporary);
        let script = Script::new().line("220 ready").client("EHLO *").line(words);
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
        let failure = seen.assert_failed(Phase::Capability, Trouble::Temporary);
        assert!(failure.detail.contains(words) && !seen.received_a_secret(), "{failure:?}");
    }
    let script = Script::new().line("* OK ready").command("CAPABILITY");
    let seen = Visit::clear(&["PLAIN"]).run(script.line("{tag} NO [UNAVAILABLE] unknown command"));
    seen.assert_failed(Phase::Capability, Trouble::Temporary);
    let script = Script::new().line("+OK ready").client("CAPA").line("-ERR [SYS/TEMP] unknown command");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
    seen.assert_failed(Phase::Capability, Trouble::Temporary);
    assert!(!seen.received_a_secret());
}

#[test]
fn a_4yz_after_the_login_does_not_keep_the_mailbox_shut() {
    for words in [
        "421 4.4.0 mail.example.com Failed to connect to relay server (connect)",
        "450 4.7.1 Client does not have permissions to send as this sender",
        "450 4.1.8 <alice@example.com>: Sender address rejected: Domain not found",
        "451 4.7.1 relay access denied",
        "454 4.7.0 authentication required",
    ] {
        let script = smtp().line("235 2.7.0 in").client("MAIL FROM:<alice@example.com>").line(words);
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
        let (failure, causes) = not_checked(&seen, "PLAIN");
        assert_eq!((failure.phase, failure.cause), (Phase::Session, Trouble::Temporary), "{words}");
        assert!(failure.detail.contains(words) && !causes.is_empty(), "{failure:?} {causes:?}");
    }
    let examined = Script::new().plain().accepted().command("EXAMINE INBOX");
    let seen = Visit::clear(&["PLAIN"])
        .run(examined.line("{tag} NO [UNAVAILABLE] User is authenticated but not connected."));
    let (failure, causes) = not_checked(&seen, "PLAIN");
    assert_eq!((failure.cause, causes[0].as_str()), (Trouble::Temporary, "no-mailbox-permission"));
}

#[test]
fn a_mailbox_that_another_client_holds_is_named_as_that() {
    for words in [
        "The mailbox is locked",
        "maildrop already locked",
        "Mail drop is locked",
        "[IN-USE] Do you have another POP session running?",
        "[IN-USE] xyzzy",
        "/usr/spool/mail/.alice.pop lock busy!  Is another session active? (11)",
        "Mailbox is already opened by another user",
        "Mailbox is already open",
        "unable to acquire lock",
        "Unable to create lock",
        "Can't get exclusive lock",
        "Account currently in use",
        "Maildrop is being accessed by another process",
        "POP3 session already active",
        "there is already a session for this mailbox",
    ] {
        let script = pop3().line("+OK in").client("STAT").line(&format!("-ERR {words}"));
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
        let (failure, causes) = not_checked(&seen, "USER-PASS");
        assert_eq!(
            (failure.cause.name().as_str(), causes[0].as_str()),
            ("mailbox-in-use", "mailbox-in-use"),
            "{words}"
        );
        assert_eq!(failure.detail, format!("-ERR {words}"));
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(pop3().line(&format!("-ERR {words}")));
        assert_eq!(undecided(&seen, "USER-PASS").0.cause.name(), "mailbox-in-use", "{words}");
    }
}

#[test]
fn a_server_that_serves_nobody_at_ehlo_gets_no_password() {
    for words in ["550 5.7.1 helo rejected", "554 5.7.1 access denied", "521 5.3.2 no mail here"] {
        let seen =
            Visit::smtp_clear(&["PLAIN"]).run(Script::new().line("220 ready").client("EHLO *").line(words));
        let failure = seen.assert_failed(Phase::Capability, Trouble::ServerClosing);
        assert!(failure.detail.contains(words) && !seen.received_a_secret(), "{failure:?}");
    }
    for words in ["250 ok", "200 ok", "354 go"] {
        let seen = Visit::smtp_clear(&["PLAIN"]).run(Script::new().line(words));
        seen.assert_failed(Phase::Greeting, Trouble::ProtocolViolation);
    }
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().line("* BYE Server too busy"));
    seen.assert_failed(Phase::Greeting, Trouble::Throttled);
}
