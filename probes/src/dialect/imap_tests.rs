//! IMAP lines as servers write them, and commands as RFC 9051 wants them.

use super::*;
use crate::model::{Reply, Secret, Status};

fn read(line: &str) -> Heard {
    Imap::expecting("m1").read(format!("{line}\r\n").as_bytes())
}

fn words(list: &str) -> Vec<String> {
    list.split(' ').map(str::to_owned).collect()
}

fn no(code: Option<&str>, text: &str) -> Heard {
    Heard::Final(
        Status::No,
        Reply { status: "NO".into(), code: code.map(str::to_owned), enhanced: None, text: text.into() },
    )
}

#[test]
fn response_codes_known_and_unknown_are_kept_verbatim() {
    assert_eq!(
        read("m1 NO [AUTHENTICATIONFAILED] Authentication failed."),
        no(Some("AUTHENTICATIONFAILED"), "Authentication failed.")
    );
    let alert = "WEBALERT https://accounts.example/continue?a=1";
    assert_eq!(read(&format!("m1 NO [{alert}] Web login required.")), no(Some(alert), "Web login required."));
    assert_eq!(read("m1 NO [X-WEIRD \"a ] b\" (c)] text"), no(Some("X-WEIRD \"a ] b\" (c)"), "text"));
    assert_eq!(read("m1 NO [never closed"), no(None, "[never closed"));
    assert_eq!(read("m1 NO [\"] lone quote"), no(Some("\""), "lone quote"));
    assert_eq!(read("m1 NO LOGIN failed."), no(None, "LOGIN failed."));
    assert_eq!(read("m1 NO"), no(None, ""));
    assert_eq!(read("m1 no lower case"), no(None, "lower case"));
}

#[test]
fn continuations_come_with_and_without_the_blank() {
    for (line, text) in
        [("+ eyJ9", "eyJ9"), ("+", ""), ("+ ", ""), ("+eyJ9", "eyJ9"), ("+ go ahead", "go ahead")]
    {
        assert_eq!(read(line), Heard::Continue(text.into()), "{line:?}");
    }
}

#[test]
fn untagged_lines_answer_nothing_and_a_goodbye_is_told_apart() {
    for line in
        ["* OK [ALERT] quota", "* NO [WEBALERT https://x.example] Web login", "* 3 EXISTS", "* CAPABILITY X"]
    {
        assert_eq!(read(line), Heard::Aside, "{line}");
    }
    assert!(
        matches!(read("* BYE [UNAVAILABLE] later"), Heard::Goodbye(reply) if reply.code.as_deref() == Some("UNAVAILABLE"))
    );
    assert!(matches!(read("* bye"), Heard::Goodbye(_)));
}

#[test]
fn what_has_no_place_is_a_violation_that_quotes_it() {
    for line in [
        "m2 OK other tag",
        "M1 OK tags are case-sensitive",
        "m1 MAYBE",
        "",
        " ",
        "*",
        "* ",
        "\u{1}\u{2} OK x",
    ] {
        assert!(matches!(read(line), Heard::Violation(_)), "{line:?}: {:?}", read(line));
    }
}

#[test]
fn a_capability_list_is_kept_in_order_with_repeats_wherever_it_comes() {
    let list = "IMAP4rev1 auth=plain AUTH=PLAIN AUTH=X-Vendor STARTTLS";
    for line in [
        format!("* CAPABILITY {list}"),
        format!("* OK [CAPABILITY {list}] ready"),
        format!("m1 OK [capability {list}] in"),
    ] {
        let mut dialect = Imap::expecting("m1");
        dialect.read(format!("{line}\r\n").as_bytes());
        assert_eq!(dialect.fresh_capabilities(), Some(words(list)), "{line}");
        assert_eq!(dialect.fresh_capabilities(), None, "handed out once");
    }
}

#[test]
fn offers_keep_the_servers_spelling_and_login_stands_on_the_absence_of_logindisabled() {
    let offers = |list: &str| -> Vec<String> {
        let offers = Imap::new().offers(&words(list));
        offers.iter().map(|offer| format!("{}={}", offer.token, offer.method)).collect()
    };
    assert_eq!(
        offers("IMAP4rev1 auth=xoauth2 AUTH=PLAIN AUTH=ATOKEN"),
        ["IMAP4rev1=LOGIN-COMMAND", "auth=xoauth2=XOAUTH2", "AUTH=PLAIN=PLAIN", "AUTH=ATOKEN=ATOKEN"]
    );
    assert_eq!(offers("IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED"), ["AUTH=XOAUTH2=XOAUTH2"]);
    assert_eq!(
        offers("IMAP4rev2 IMAP4rev1"),
        ["IMAP4rev2=LOGIN-COMMAND"],
        "one offer, however many revisions"
    );
}

#[test]
fn greetings_of_every_kind_are_told_apart() {
    let greet = |line: &str| Imap::new().greeting(format!("{line}\r\n").as_bytes());
    assert_eq!(greet("* OK ready"), Greeting::Ready);
    assert_eq!(greet("* PREAUTH welcome"), Greeting::Preauthenticated);
    assert!(matches!(greet("* BYE too busy"), Greeting::Goodbye(_)));
    assert_eq!(greet("+OK POP3 ready"), Greeting::Foreign("POP3"));
    assert_eq!(greet("220 mail.example.com ESMTP"), Greeting::Foreign("SMTP or FTP"));
    assert_eq!(greet("SSH-2.0-OpenSSH_9.2"), Greeting::Foreign("SSH"));
    assert_eq!(greet("HTTP/1.1 400 Bad Request"), Greeting::Foreign("HTTP"));
    assert!(matches!(greet("hello"), Greeting::Violation(_)));
    assert!(matches!(greet("m1 OK a tag nobody sent"), Greeting::Violation(_)));
}

fn login(user: &str, password: &str, capabilities: &str) -> Vec<(String, String)> {
    let login = Login { authcid: user.into(), password: Some(Secret::new(password)), ..Login::default() };
    let flights = Imap::new().login(&Method::LoginCommand, &login, &words(capabilities)).unwrap();
    flights
        .iter()
        .map(|flight| (String::from_utf8(flight.command.wire().to_vec()).unwrap(), flight.command.shown()))
        .collect()
}

#[test]
fn a_printable_password_is_quoted_with_its_quotes_and_backslashes_escaped() {
    let flights = login("alice", r#"a "b" \c ~{3}"#, "IMAP4rev1");
    assert_eq!(
        flights,
        [(
            "m1 LOGIN \"alice\" \"a \\\"b\\\" \\\\c ~{3}\"\r\n".to_owned(),
            "m1 LOGIN \"alice\" \u{2039}password 13 chars\u{203a}\r\n".to_owned()
        )]
    );
    assert_eq!(login("alice", "", "IMAP4rev1")[0].0, "m1 LOGIN \"alice\" \"\"\r\n");
}

#[test]
fn eight_bit_and_line_breaks_go_as_literals_that_wait_unless_the_server_says_they_need_not() {
    let wire = |capabilities: &str| -> Vec<String> {
        login("jürgen", "pass\r\nwörd", capabilities).into_iter().map(|(wire, _)| wire).collect()
    };
    assert_eq!(wire("IMAP4rev1"), ["m1 LOGIN {7}\r\n", "jürgen {11}\r\n", "pass\r\nwörd\r\n"]);
    for no_wait in ["IMAP4rev1 LITERAL+", "IMAP4rev1 LITERAL-", "IMAP4rev2"] {
        assert_eq!(wire(no_wait), ["m1 LOGIN {7+}\r\njürgen {11+}\r\npass\r\nwörd\r\n"], "{no_wait}");
    }
    let long = "ä".repeat(2049);
    assert_eq!(login("alice", &long, "LITERAL-").len(), 2, "LITERAL- stops at 4,096 octets");
    assert_eq!(login("alice", &long, "LITERAL+").len(), 1);
}

#[test]
fn no_form_of_a_string_holds_a_nul() {
    let login = Login { authcid: "alice".into(), password: Some(Secret::new("a\0b")), ..Login::default() };
    assert_eq!(Imap::new().login(&Method::LoginCommand, &login, &[]).err(), Some(Skip::Unrepresentable));
}

#[test]
fn an_empty_first_message_is_an_equals_sign_and_no_first_message_is_nothing() {
    let wire = |initial: Option<Command>| {
        String::from_utf8(Imap::new().authenticate("EXTERNAL", initial).wire().to_vec()).unwrap()
    };
    assert_eq!(wire(Some(Command::new())), "m1 AUTHENTICATE EXTERNAL =\r\n");
    assert_eq!(wire(None), "m1 AUTHENTICATE EXTERNAL\r\n");
}

#[test]
fn no_bytes_at_all_make_the_reader_panic() {
    let mut seed = 0x9e37_79b9_u32;
    for _ in 0..20_000 {
        let mut line = Vec::new();
        for _ in 0..(seed % 40) {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let alphabet = b"*+ m1OKNBYE[]\"\\{}()\r\n\0\xff\xc3=";
            line.push(alphabet[(seed >> 16) as usize % alphabet.len()]);
        }
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut dialect = Imap::expecting("m1");
        dialect.greeting(&line);
        dialect.read(&line);
        dialect.fresh_capabilities();
    }
}
