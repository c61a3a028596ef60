//! The class of an answer comes before its sentence: what a server's code calls temporary decides nothing, whatever
//! the words beside it say; and a yes in the words of a no is not trusted before the mailbox was seen.

use mailprobe_probes::model::{Cause, Failure, Outcome, Phase, Session, Trouble};

use crate::support::{Script, Seen, TOKEN, Visit};

/// An SMTP server up to its answer to PLAIN.
fn smtp() -> Script {
    let offer = "250-mail.example.com\r\n250 AUTH PLAIN\r\n";
    Script::new().line("220 mail.example.com ESMTP").client("EHLO *").raw(offer).client("AUTH PLAIN *")
}

/// A POP3 server up to its answer to PASS.
fn pop3() -> Script {
    let list = "+OK\r\nUSER\r\n.\r\n";
    Script::new().line("+OK ready").client("CAPA").raw(list).client("USER *").line("+OK").client("PASS *")
}

/// What stopped the login, and the causes that its words name.
fn undecided<'s>(seen: &'s Seen, method: &str) -> (&'s Failure, &'s [Cause]) {
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

/// An answer with this status line, header block and content.
fn http(status: &str, headers: &str, content: &str) -> Vec<u8> {
    let fields: String = headers.lines().flat_map(|line| [line.trim(), "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}

/// A visit to a service that challenges, and answers so to a credential.
fn web(service: &str, method: &str, status: &'static str, headers: &'static str, content: &'static str) -> Seen {
    let challenge = "WWW-Authenticate: Basic realm=\"mail\"\nWWW-Authenticate: Bearer realm=\"mail\"";
    Visit::http_clear(service, &[method]).run_many(move |_| {
        Some(Script::new().web(move |head, _| {
            let shown = head.lines().find_map(|line| line.strip_prefix("Authorization: ")).unwrap_or_default();
            let has_secret = shown.starts_with("Basic ") || shown.contains(TOKEN);
            if has_secret { http(status, headers, content) } else { http("401 Unauthorized", challenge, "") }
        }))
    })
}

#[test]
fn what_http_calls_temporary_decides_nothing_whatever_it_says() {
    for service in ["ews", "eas", "autodiscover"] {
        for (status, cause) in [
            ("429 Too Many Requests", Trouble::Throttled),
            ("503 Service Unavailable", Trouble::Throttled),
            ("504 Gateway Timeout", Trouble::Temporary),
        ] {
            for words in ["", "Basic authentication is disabled.", "Invalid credentials", "Bad Request"] {
                let seen = web(service, "Basic", status, "Content-Type: text/plain", words);
                let (failure, causes) = undecided(&seen, "Basic");
                let fits = failure.cause == cause || failure.cause == Trouble::Temporary;
                assert!(failure.phase == Phase::Auth && fits, "{service} {status} {words}: {failure:?}");
                let passing = matches!(causes[0], Cause::Throttled | Cause::Temporary);
                assert!(passing, "{service} {status} {words}: {causes:?}");
            }
        }
    }
}

#[test]
fn activesync_does_not_contradict_itself_about_a_request_that_it_does_not_take() {
    for (status, causes) in [
        ("400 Bad Request", &[Cause::BadRequest][..]),
        ("406 Not Acceptable", &[Cause::BadRequest]),
        ("413 Content Too Large", &[Cause::BadRequest]),
        ("415 Unsupported Media Type", &[Cause::BadRequest]),
        ("440 Login Timeout", &[Cause::WebLoginRequired, Cause::TokenExpired]),
        ("419 Authentication Timeout", &[Cause::WebLoginRequired, Cause::TokenExpired]),
        ("449 Retry after sending a PROVISION command", &[Cause::ProvisioningRequired]),
    ] {
        for method in ["Basic", "Bearer"] {
            let seen = web("eas", method, status, "", "");
            let (failure, found) = undecided(&seen, method);
            assert!(causes.contains(&found[0]), "{status}: {found:?}");
            // "Ask again later" would be wrong advice: the same request gets the same answer.
            assert_eq!(failure.cause.name(), "request-refused", "{status}");
        }
    }
}

#[test]
fn ews_that_offers_only_windows_logins_takes_no_basic() {
    for offer in [
        "WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM",
        "WWW-Authenticate: Negotiate, NTLM",
        "WWW-Authenticate: NTLM",
        "WWW-Authenticate: Digest realm=\"mail\", nonce=\"x\", qop=\"auth, auth-int\"",
    ] {
        for service in ["ews", "eas", "autodiscover"] {
            let seen = Visit::http_clear(service, &["Basic"])
                .run_many(move |_| Some(Script::new().web(move |_, _| http("401 Unauthorized", offer, ""))));
            let (_, causes, _) = seen.assert_refused("Basic");
            assert_eq!(causes[0], Cause::MechanismUnsupported, "{service} {offer}: {causes:?}");
        }
    }
    let seen = Visit::http_clear("ews", &["Basic"]).run_many(|_| {
        let offer = "WWW-Authenticate: Negotiate, NTLM, Basic realm=\"mail\"";
        Some(Script::new().web(move |_, _| http("401 Unauthorized", offer, "")))
    });
    assert_eq!(seen.assert_refused("Basic").1[0], Cause::BadCredentials, "Basic is offered in the same field");
}

#[test]
fn a_greeting_that_names_the_version_of_tls_is_about_tls() {
    let words = "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2.";
    let seen = Visit::smtp_clear(&["PLAIN"]).run(Script::new().line(words));
    let failure = seen.assert_failed(Phase::Greeting, Trouble::TlsVersion);
    assert_eq!(failure.detail, words);
    let words = "* BYE TLS 1.0 and 1.1 are not supported";
    Visit::clear(&["PLAIN"]).run(Script::new().line(words)).assert_failed(Phase::Greeting, Trouble::TlsVersion);
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
        assert_eq!((failure.cause.name().as_str(), causes[0].as_str()), ("mailbox-in-use", "mailbox-in-use"), "{words}");
        assert_eq!(failure.detail, format!("-ERR {words}"));
        let seen = Visit::pop3_clear(&["USER-PASS"]).run(pop3().line(&format!("-ERR {words}")));
        assert_eq!(undecided(&seen, "USER-PASS").0.cause.name(), "mailbox-in-use", "{words}");
    }
}

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
        "{tag} NO Too many simultaneous connections. (Failure)",
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
    // The class still comes first, and so does a report that speaks of the server itself.
    let script = presented().line(&format!("+ {REPORT}")).client("").line("{tag} NO [UNAVAILABLE] Lookup failed");
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
    let script = smtp().line("235 2.7.0 Authentication failed").client("MAIL FROM:*").line("250 ok");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
    assert_eq!(seen.attempt("PLAIN").outcome.usable(), Some(true));
    assert_eq!(seen.attempt("PLAIN").quirks, ["yes-in-the-words-of-a-no"]);
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
    let seen = Visit::clear(&["PLAIN"]).run(asked("Unable to authenticate").line("{tag} BAD Please login first"));
    let (reply, causes, _) = seen.assert_refused("PLAIN");
    assert_eq!((reply.quoted().as_str(), causes[0]), ("OK Unable to authenticate", Cause::BadCredentials));
    assert_eq!(seen.attempt("PLAIN").quirks, ["yes-in-the-words-of-a-no"]);
    let script = pop3().line("+OK authentication failed").client("STAT").line("-ERR not logged in");
    let seen = Visit::pop3_clear(&["USER-PASS"]).run(script);
    assert_eq!(seen.assert_refused("USER-PASS").1[0], Cause::BadCredentials);
    let script = smtp().line("235 5.7.8 authentication failed").client("MAIL FROM:*");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script.line("530 5.7.57 Client not authenticated to send mail"));
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
fn a_login_page_in_place_of_the_service_is_no_yes() {
    for service in ["ews", "eas", "autodiscover"] {
        let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>";
        let seen = web(service, "Basic", "200 OK", "Content-Type: text/html", page);
        seen.assert_inconclusive("Basic", Phase::Auth, Trouble::WrongProtocol);
    }
}

#[test]
fn a_masked_offer_is_a_box_on_the_path_and_not_a_missing_one() {
    for masked in ["XXXXXXXA", "XXXXXXXXA", "XXXA", "XXXXXXXX", "XXXX XXXXX XXXXA", "AUTH XXXXX XXXXA"] {
        let offer = format!("250-mail.example.com\r\n250-SIZE 10240000\r\n250-{masked}\r\n250 8BITMIME\r\n");
        let script = || Script::new().line("220 ready").client("EHLO *").raw(offer.clone());
        let seen = Visit::smtp(&["PLAIN"]).run(script());
        let failure = seen.assert_failed(Phase::StartTls, Trouble::OfferMasked);
        assert!(failure.detail.contains(masked), "{failure:?}");
        let finding = seen.finding("offer-masked");
        assert!(finding.explanation.contains(masked), "{finding:?}");
        assert!(seen.lines(finding.evidence.unwrap()).iter().any(|line| line.contains(masked)));
        let script = script().client("AUTH PLAIN *").line("235 in").client("MAIL FROM:*").line("250 ok");
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script);
        seen.finding("offer-masked");
    }
    for quoted in ["500 5.3.3 Unrecognized command 'XXXX'", "502 5.5.1 Unimplemented: XXXX"] {
        let script = Script::new().line("220 ready").client("EHLO *").line(quoted).client("AUTH PLAIN *");
        let seen = Visit::smtp_clear(&["PLAIN"]).run(script.line("535 5.7.8 no"));
        assert!(seen.lines(seen.finding("offer-masked").evidence.unwrap()).contains(&quoted));
    }
    let stars = "220 **************************************2******200**********0*00";
    let script = Script::new().line(stars).client("EHLO *").raw("250-mail\r\n250 AUTH PLAIN\r\n");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(script.client("AUTH PLAIN *").line("535 no"));
    seen.finding("offer-masked");
    let seen = Visit::smtp_clear(&["PLAIN"]).run(smtp().line("535 no"));
    assert!(!seen.finding_ids().contains(&"offer-masked"));
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
            let script = Script::new().ready(&format!("IMAP4rev1 SASL-IR AUTH={method}")).command("AUTHENTICATE * *");
            let seen = Visit::clear(&[method]).run(script.line(words));
            let (_, causes, _) = seen.assert_refused(method);
            let policy = matches!(causes[0], Cause::ConditionalAccess | Cause::ProtocolDisabled);
            assert!(policy && !causes.contains(&Cause::TokenInvalid), "{method} {words}: {causes:?}");
        }
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

#[test]
fn a_web_service_does_not_contradict_itself() {
    // Whatever is answered in place of the service, nothing was accepted.
    for (status, headers, content) in [
        ("200 OK", "", ""),
        ("204 No Content", "", ""),
        ("200 OK", "Content-Type: text/plain", "authentication failed"),
    ] {
        for service in ["ews", "eas", "autodiscover"] {
            let seen = web(service, "Basic", status, headers, content);
            let (failure, causes) = undecided(&seen, "Basic");
            assert_eq!((failure.cause, causes), (Trouble::WrongProtocol, &[Cause::Unexplained][..]), "{service}");
        }
    }
    for (service, status) in [
        ("ews", "400 Bad Request"),
        ("ews", "415 Unsupported Media Type"),
        ("autodiscover", "440 Login Timeout"),
        ("eas", "505 HTTP Version Not Supported"),
        ("eas", "511 Network Authentication Required"),
    ] {
        let seen = web(service, "Basic", status, "", "");
        assert_eq!(undecided(&seen, "Basic").0.cause.name(), "request-refused", "{service} {status}");
    }
    // What a number means to us is no word of the server's.
    for words in ["Access denied by conditional access policy", "Sign-in is disabled by your organisation"] {
        for (service, method) in [("ews", "Basic"), ("eas", "Basic"), ("eas", "Bearer")] {
            let seen = web(service, method, "403 Forbidden", "Content-Type: text/plain", words);
            let (_, causes, _) = seen.assert_refused(method);
            assert_eq!(causes[0], Cause::ConditionalAccess, "{service} {words}: {causes:?}");
        }
    }
    let seen = Visit::http_clear("ews", &["Bearer"]).run_many(|_| {
        Some(Script::new().web(|_, _| http("401 Unauthorized", "WWW-Authenticate: Negotiate, NTLM", "")))
    });
    assert_eq!(seen.assert_refused("Bearer").1, [Cause::MechanismUnsupported]);
}
