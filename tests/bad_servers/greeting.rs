//! Before anything was asked: silence, halves, goodbyes, strangers and hostile bytes.

use mailprobe_probes::model::{Phase, Trouble};

use crate::support::{Script, Visit};

#[test]
fn silence_after_connect_is_a_timeout_of_the_greeting() {
    let seen = Visit::clear(&["PLAIN"]).run_many(|number| (number == 0).then(Script::new));
    let failure = seen.assert_failed(Phase::Greeting, Trouble::Timeout);
    assert_eq!(failure.detail, "no answer within 60 s");
    assert!(seen.received().is_empty(), "nothing is said to a silent server");
    assert_eq!(seen.transcript(), "1 -- greeting: no answer within 60 s\n");
}

#[test]
fn silence_of_a_whole_host_is_one_failure_and_not_one_per_method() {
    let seen = Visit::clear(&[]).run_many(|_| Some(Script::new()));
    seen.assert_failed(Phase::Greeting, Trouble::Timeout);
    assert_eq!(
        seen.heard.len(),
        5,
        "PLAIN, LOGIN, the LOGIN command, XOAUTH2, and a hello in TLS each knocked"
    );
}

#[test]
fn tls_on_a_port_where_the_server_should_speak_first_is_named() {
    for visit in [Visit::starttls(&["PLAIN"]), Visit::pop3(&["PLAIN"]), Visit::smtp_clear(&["PLAIN"])] {
        // Nobody finishes the handshake, which the server's side notices.
        let seen = visit.unchecked(Box::new(|_| Some(Script::new().tls())));
        seen.check_report();
        let failure = seen.assert_failed(Phase::Greeting, Trouble::WrongProtocol);
        assert!(failure.detail.starts_with("TLS answers on this port, not "), "{failure:?}");
        assert!(!seen.received_a_secret());
    }
}

#[test]
fn half_a_greeting_and_then_the_end_is_a_closed_connection() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().raw("* OK half a gre").close());
    let failure = seen.assert_failed(Phase::Greeting, Trouble::ConnectionClosed);
    assert!(failure.detail.contains("in the middle of a line"), "{failure:?}");
    assert_eq!(seen.unexpected(), ["* OK half a gre (no line end)"]);
}

#[test]
fn a_connection_that_is_closed_at_once_is_not_a_reset() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().close());
    let failure = seen.assert_failed(Phase::Greeting, Trouble::ConnectionClosed);
    assert_eq!(failure.detail, "the server closed the connection");
}

#[test]
fn an_endless_line_is_cut_off() {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().raw("* OK ").for_ever("a".repeat(1024)));
    seen.assert_failed(Phase::Greeting, Trouble::LineTooLong);
    assert!(seen.heard[0].sent < 256 * 1024, "{} octets were taken", seen.heard[0].sent);
    let [line] = seen.unexpected()[..] else { panic!("{}", seen.transcript()) };
    assert!(line.starts_with("* OK aaaa") && line.len() < 4096, "{}", line.len());
}

#[test]
fn a_goodbye_in_place_of_a_greeting_is_told_apart_by_its_words() {
    for (words, cause) in [
        ("* BYE see you later", Trouble::ServerClosing),
        ("* BYE [UNAVAILABLE] backend not reachable", Trouble::Temporary),
        ("* BYE Too many connections from your address", Trouble::Throttled),
    ] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().line(words).close());
        let failure = seen.assert_failed(Phase::Greeting, cause);
        assert_eq!(failure.detail, words[2..], "the server's own words");
        assert_eq!(seen.unexpected(), [words]);
        assert!(seen.received().is_empty(), "{words}");
    }
}

#[test]
fn another_protocol_on_the_port_is_named() {
    for (opening, name) in [
        ("HTTP/1.1 400 Bad Request", "HTTP"),
        ("SSH-2.0-OpenSSH_9.6", "SSH"),
        ("220 mx.example.com ESMTP Postfix", "SMTP"),
        ("+OK POP3 server ready <1896.697170952@pop.example.com>", "POP3"),
        ("-ERR maximum number of sessions", "POP3"),
    ] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().line(opening));
        let failure = seen.assert_failed(Phase::Greeting, Trouble::WrongProtocol);
        assert!(failure.detail.contains(name) && failure.detail.contains("not imap"), "{failure:?}");
        assert_eq!(seen.unexpected(), [opening]);
        assert!(seen.received().is_empty(), "nothing is said to a stranger");
    }
}

#[test]
fn another_protocol_inside_tls_is_named_too() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().tls().line("220 mx.example.com ESMTP"));
    let failure = seen.assert_failed(Phase::Greeting, Trouble::WrongProtocol);
    assert!(failure.detail.contains("SMTP"), "{failure:?}");
    assert!(seen.report.tls.as_ref().is_some_and(|tls| tls.trusted));
}

#[test]
fn a_greeting_in_no_protocol_is_a_violation() {
    for opening in ["welcome to the machine", "* NO go away", "m1 OK hello", "+ go ahead", ""] {
        let seen = Visit::clear(&["PLAIN"]).run(Script::new().line(opening));
        let failure = seen.assert_failed(Phase::Greeting, Trouble::ProtocolViolation);
        assert_eq!(failure.detail, format!("not an IMAP greeting: `{opening}`"));
        assert_eq!(seen.unexpected(), [opening]);
    }
}

#[test]
fn a_session_that_is_already_open_gets_no_password() {
    let seen =
        Visit::clear(&["PLAIN"]).run(Script::new().line("* PREAUTH [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello"));
    seen.assert_failed(Phase::Greeting, Trouble::Preauthenticated);
    assert!(!seen.received_a_secret() && seen.received().is_empty(), "{:?}", seen.received());
}

#[test]
fn a_session_that_is_open_before_starttls_is_not_used() {
    // RFC 9051 section 11.1: PREAUTH before TLS hinders STARTTLS.
    let seen = Visit::starttls(&["PLAIN"])
        .run(Script::new().line("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello"));
    seen.assert_failed(Phase::Greeting, Trouble::Preauthenticated);
    assert!(seen.received().is_empty(), "{:?}", seen.received());
}

#[test]
fn terminal_escapes_in_a_greeting_are_shown_and_do_nothing() {
    let script = Script::new().line("* OK \x1b]0;owned\x07\x1b[2J [31mready\u{202e}").command("CAPABILITY");
    let seen = Visit::clear(&["PLAIN"]).run(script.line("* BYE").close());
    let greeting = seen.report.greeting.as_deref().unwrap();
    assert_eq!(greeting, "* OK \\x1B]0;owned\\x07\\x1B[2J [31mready\\u{202e}");
    assert_eq!(seen.report.transcript[0].text, greeting);
}

#[test]
fn a_greeting_that_is_not_utf_8_is_kept_as_hexadecimal() {
    let script = Script::new().raw(b"* OK caf\xe9 \xff\xfe ready\r\n".to_vec()).command("CAPABILITY");
    let seen = Visit::clear(&["PLAIN"]).run(script.line("* BYE").close());
    assert_eq!(seen.report.greeting.as_deref(), Some("* OK caf\\xE9 \\xFF\\xFE ready"));
}

#[test]
fn a_server_that_ends_lines_with_a_line_feed_alone_is_understood() {
    let script = Script::new()
        .raw("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\n")
        .command("AUTHENTICATE PLAIN *")
        .raw("{tag} OK [CAPABILITY IMAP4rev1] welcome\n")
        .command("EXAMINE INBOX")
        .raw("* 3 EXISTS\r\n{tag} OK done\r\n")
        .command("LOGOUT");
    Visit::clear(&["PLAIN"]).run(script).assert_usable("PLAIN");
}
