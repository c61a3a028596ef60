//! SMTP replies as servers write them, and commands as the RFCs want them.

use super::*;
use crate::model::{Reply, Trouble};

fn read(lines: &str) -> Heard {
    Smtp::default().read(lines.replace('\n', "\r\n").as_bytes())
}

fn reply(status: &str, enhanced: Option<&str>, text: &str) -> Reply {
    Reply { status: status.into(), code: None, enhanced: enhanced.map(str::to_owned), text: text.into() }
}

fn words(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn replies_keep_number_enhanced_code_and_every_line() {
    assert_eq!(read("235 2.7.0 in\n"), Heard::Final(Status::Yes, reply("235", Some("2.7.0"), "in")));
    assert_eq!(
        read("535-5.7.8 Username and Password not accepted.\n535 5.7.8  https://help.example x1\n"),
        Heard::Final(
            Status::No,
            reply("535", Some("5.7.8"), "Username and Password not accepted.\nhttps://help.example x1")
        )
    );
    let exchange =
        "Authentication unsuccessful, basic authentication is disabled. [A12.prod.outlook.com 08DE]";
    assert_eq!(
        read(&format!("535 5.7.139 {exchange}\n")),
        Heard::Final(Status::No, reply("535", Some("5.7.139"), exchange))
    );
    assert_eq!(read("250\n"), Heard::Final(Status::Yes, reply("250", None, "")));
    assert_eq!(
        read("504 6.7.8 no class 6\n"),
        Heard::Final(Status::No, reply("504", None, "6.7.8 no class 6"))
    );
    assert_eq!(read("421 4.7.0 busy\n"), Heard::Final(Status::Bye, reply("421", Some("4.7.0"), "busy")));
}

#[test]
fn challenges_come_with_and_without_text() {
    for (line, text) in [("334 VXNlcm5hbWU6\n", "VXNlcm5hbWU6"), ("334 \n", ""), ("334\n", "")] {
        assert_eq!(read(line), Heard::Continue(text.into()), "{line:?}");
    }
}

#[test]
fn what_is_no_reply_is_a_violation() {
    for line in ["hello\n", "2500 x\n", "25 x\n", "* OK\n", "\n", "999 x\n", "334x\n"] {
        assert!(matches!(read(line), Heard::Violation(_)), "{line:?}");
    }
}

#[test]
fn a_reply_ends_with_its_first_line_that_does_not_go_on() {
    let dialect = Smtp::default();
    let ehlo = b"250-mail\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n";
    assert_eq!(dialect.frame(ehlo, &Limits::DEFAULT), Frame::Complete(ehlo.len()));
    for cut in 1..ehlo.len() {
        assert_eq!(dialect.frame(&ehlo[..cut], &Limits::DEFAULT), Frame::Partial, "{cut}");
    }
    assert_eq!(dialect.frame(b"220 a\n220 b\n", &Limits::DEFAULT), Frame::Complete(6));
    let small = Limits { line: 64, unit: 256, units: 10, rounds: 3 };
    assert_eq!(
        dialect.frame(&b"250-x\r\n".repeat(100), &small),
        Frame::TooLarge(Trouble::ReplyTooLarge, 256)
    );
    assert_eq!(dialect.frame(&[b'2'; 65], &small), Frame::TooLarge(Trouble::LineTooLong, 64));
}

fn offered(lines: &[&str]) -> Vec<String> {
    Smtp::default().offers(&words(lines)).iter().map(|offer| offer.method.name().to_owned()).collect()
}

#[test]
fn offers_are_read_in_both_forms_any_case_and_every_repeat() {
    assert_eq!(offered(&["SIZE 1", "AUTH LOGIN XOAUTH2", "8BITMIME"]), ["LOGIN", "XOAUTH2"]);
    assert_eq!(offered(&["auth plain", "AUTH=LOGIN PLAIN"]), ["PLAIN", "LOGIN", "PLAIN"]);
    assert_eq!(offered(&["AUTH", "XAUTH PLAIN", "AUTHX PLAIN"]), [""; 0]);
}

#[test]
fn the_list_is_that_of_ehlo_without_its_greeting_and_a_refused_ehlo_offers_nothing() {
    let mut dialect = Smtp::default();
    dialect.capability();
    dialect.read(b"250-AUTH.example.com at your service\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n");
    let list = dialect.fresh_capabilities().unwrap();
    assert_eq!(list, words(&["STARTTLS", "AUTH PLAIN"]));
    assert!(dialect.offers_starttls(&list));
    dialect.read(b"250 2.0.0 ok\r\n");
    assert_eq!(dialect.fresh_capabilities(), None, "only an answer to EHLO is a list");
    dialect.capability();
    dialect.read(b"502 5.5.1 EHLO not known\r\n");
    assert_eq!(dialect.fresh_capabilities(), Some(Vec::new()));
}

#[test]
fn greetings_of_every_kind_are_told_apart() {
    let greet = |line: &str| Smtp::default().greeting(format!("{line}\r\n").as_bytes());
    assert_eq!(greet("220 mail.example.com ESMTP Postfix"), Greeting::Ready);
    assert_eq!(greet("220"), Greeting::Ready);
    assert_eq!(greet("220 ProFTPD Server ready"), Greeting::Foreign("FTP"));
    assert!(matches!(greet("421 4.3.2 busy"), Greeting::Goodbye(_)));
    assert!(matches!(greet("554 5.7.1 not for you"), Greeting::Goodbye(_)));
    assert_eq!(greet("* OK IMAP4rev1"), Greeting::Foreign("IMAP"));
    assert_eq!(greet("+OK POP3"), Greeting::Foreign("POP3"));
    assert!(matches!(greet("hello"), Greeting::Violation(_)));
}

#[test]
fn a_first_message_goes_with_auth_where_the_line_stays_within_512_octets() {
    let limit = Smtp::default().initial_response_limit("XOAUTH2", Kind::Token, &[]);
    assert_eq!("AUTH XOAUTH2 ".len() + limit + "\r\n".len(), 512);
    let wire = |initial: Option<Command>| {
        String::from_utf8(Smtp::default().authenticate("EXTERNAL", initial).wire().to_vec()).unwrap()
    };
    assert_eq!(wire(None), "AUTH EXTERNAL\r\n");
    assert_eq!(wire(Some(Command::new())), "AUTH EXTERNAL =\r\n");
}
