//! POP3 lines as servers write them, and commands as the RFCs want them.

use super::*;
use crate::model::{Reply, Secret};

fn read(line: &str) -> Heard {
    Pop3::new().read(format!("{line}\r\n").as_bytes())
}

fn no(code: Option<&str>, text: &str) -> Heard {
    let reply =
        Reply { status: "-ERR".into(), code: code.map(str::to_owned), enhanced: None, text: text.into() };
    Heard::Final(Status::No, reply)
}

fn words(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn answers_continuations_and_nonsense_are_told_apart() {
    assert!(matches!(read("+OK"), Heard::Final(Status::Yes, reply) if reply.text.is_empty()));
    assert!(matches!(read("+ok Logged in."), Heard::Final(Status::Yes, reply) if reply.text == "Logged in."));
    assert_eq!(read("-ERR [AUTH] Authentication failed."), no(Some("AUTH"), "Authentication failed."));
    assert_eq!(read("-ERR [SYS/TEMP] later"), no(Some("SYS/TEMP"), "later"));
    assert_eq!(read("-err"), no(None, ""));
    assert_eq!(read("+ "), Heard::Continue(Vec::new()));
    assert_eq!(read("+"), Heard::Continue(Vec::new()));
    assert_eq!(read("+ eyJ9"), Heard::Continue(b"eyJ9".to_vec()));
    for nonsense in ["", "OK", "* OK IMAP", "-ERROR x", "535 no"] {
        assert!(matches!(read(nonsense), Heard::Violation(_)), "{nonsense:?}");
    }
}

#[test]
fn a_list_ends_with_a_lone_dot_and_loses_its_stuffing() {
    let mut dialect = Pop3::new();
    dialect.capability();
    let unit = b"+OK list\r\nUSER\r\nSASL PLAIN XOAUTH2\r\n..dotted\r\n.\r\n";
    assert_eq!(dialect.frame(unit, &Limits::DEFAULT), Frame::Complete(unit.len()));
    for cut in 1..unit.len() {
        assert_eq!(dialect.frame(&unit[..cut], &Limits::DEFAULT), Frame::Partial, "{cut}");
    }
    dialect.read(unit);
    assert_eq!(dialect.fresh_capabilities(), Some(words(&["USER", "SASL PLAIN XOAUTH2", ".dotted"])));
    assert_eq!(
        dialect.frame(b"+OK\r\nmore", &Limits::DEFAULT),
        Frame::Complete(5),
        "the next answer is a line"
    );
}

#[test]
fn a_server_without_capa_has_an_empty_list_and_its_refusal_is_one_line() {
    let mut dialect = Pop3::new();
    dialect.capability();
    let refusal = b"-ERR unknown command\r\n+OK";
    assert_eq!(dialect.frame(refusal, &Limits::DEFAULT), Frame::Complete(22));
    dialect.read(&refusal[..22]);
    assert_eq!(dialect.fresh_capabilities(), Some(Vec::new()));
}

#[test]
fn a_list_without_end_is_bounded() {
    let small = Limits { line: 64, unit: 256, units: 10, rounds: 3 };
    let mut dialect = Pop3::new();
    dialect.capability();
    let endless = [b"+OK\r\n".as_slice(), &b"X\r\n".repeat(200)].concat();
    assert_eq!(dialect.frame(&endless, &small), Frame::TooLarge(Trouble::ReplyTooLarge, 256));
    assert_eq!(dialect.frame(&[b'a'; 65], &small), Frame::TooLarge(Trouble::LineTooLong, 64));
}

#[test]
fn offers_are_the_sasl_line_user_and_the_timestamp_of_the_greeting() {
    let mut dialect = Pop3::new();
    assert_eq!(dialect.greeting(b"+OK POP3 ready <1896.697170952@dbc.mtview.ca.us>\r\n"), Greeting::Ready);
    let offers = dialect.offers(&words(&["TOP", "SASL PLAIN XOAUTH2, LOGIN", "user"]));
    let methods: Vec<&str> = offers.iter().map(|offer| offer.method.name()).collect();
    assert_eq!(methods, ["PLAIN", "XOAUTH2", "LOGIN", "USER-PASS", "APOP"]);
    assert!(Pop3::new().offers(&words(&["SASL"])).is_empty(), "an empty SASL line offers nothing");
}

#[test]
fn greetings_of_every_kind_are_told_apart() {
    let greet = |line: &str| Pop3::new().greeting(format!("{line}\r\n").as_bytes());
    assert_eq!(greet("+OK The Microsoft Exchange POP3 service is ready. [QQBCAEMA]"), Greeting::Ready);
    assert!(matches!(greet("-ERR [SYS/TEMP] later"), Greeting::Goodbye(_)));
    assert_eq!(greet("* OK IMAP4rev1 ready"), Greeting::Foreign("IMAP"));
    assert_eq!(greet("220 smtp.example.com ESMTP"), Greeting::Foreign("SMTP or FTP"));
    assert!(matches!(greet("+OKAY"), Greeting::Violation(_)));
}

fn login(method: &Method, user: &str, password: &str) -> Result<Vec<String>, Skip> {
    let mut dialect = Pop3::new();
    dialect.greeting(b"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n");
    let login = Login { authcid: user.into(), password: Some(Secret::new(password)), ..Login::default() };
    let flights = dialect.login(method, &login, &[])?;
    Ok(flights.iter().map(|flight| String::from_utf8(flight.command.wire().to_vec()).unwrap()).collect())
}

#[test]
fn apop_is_that_of_rfc_1939_section_7() {
    let sent = login(&Method::Apop, "mrose", "tanstaaf").unwrap();
    assert_eq!(sent, ["APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"]);
    let login = Login { authcid: "a".into(), password: Some(Secret::new("b")), ..Login::default() };
    assert_eq!(Pop3::new().login(&Method::Apop, &login, &[]).err(), Some(Skip::NotAdvertised));
}

#[test]
fn user_and_pass_carry_what_a_line_can_and_nothing_else() {
    assert_eq!(
        login(&Method::UserPass, "alice", "a b \"c\"").unwrap(),
        ["USER alice\r\n", "PASS a b \"c\"\r\n"]
    );
    for password in ["a\r\nDELE 1", "a\nb", "a\0b"] {
        assert_eq!(login(&Method::UserPass, "alice", password), Err(Skip::Unrepresentable), "{password:?}");
    }
    assert_eq!(login(&Method::UserPass, "alice\r\nQUIT", "x"), Err(Skip::Unrepresentable));
    assert_eq!(login(&Method::LoginCommand, "alice", "x"), Err(Skip::Unimplemented));
}

#[test]
fn tokens_go_in_two_steps_and_a_long_first_message_is_withheld() {
    let dialect = Pop3::new();
    let sasl = words(&["SASL PLAIN XOAUTH2"]);
    assert_eq!(dialect.initial_response_limit("XOAUTH2", Kind::Token, &sasl), 0);
    assert_eq!(
        dialect.initial_response_limit("PLAIN", Kind::Password, &[]),
        0,
        "who lists nothing knows no RFC 5034"
    );
    let limit = dialect.initial_response_limit("PLAIN", Kind::Password, &sasl);
    assert_eq!("AUTH PLAIN ".len() + limit + "\r\n".len(), 255, "RFC 5034 section 4");
}
