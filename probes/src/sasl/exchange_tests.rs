//! Exchange tables: what the server says on the left, what we do about it on the right. IMAP lends the
//! syntax; the mechanisms are the real ones.

use super::*;
use crate::dialect::Imap;
use crate::model::{Login, Secret};
use crate::sasl::tests::context;
use crate::sasl::{Flaw, Registry};

/// One exchange over IMAP.
struct Table {
    dialect: Imap,
    exchange: Exchange,
}

/// What came of one server line.
#[derive(Debug, PartialEq)]
enum Did {
    Sent(String),
    Read,
    Ended(End),
}

fn alice() -> Login {
    Login {
        authcid: "alice".into(),
        password: Some(Secret::new("secret99")),
        token: Some(Secret::new("opaque-token")),
        ..Login::default()
    }
}

impl Table {
    fn new(mechanism: &str, initial_limit: usize) -> (Self, String) {
        let login = alice();
        let client = Registry::standard().find(mechanism).unwrap().start(&context(&login)).unwrap();
        let mut table = Self { dialect: Imap::new(), exchange: Exchange::sasl(mechanism, client, 5) };
        let first = table.exchange.begin(&mut table.dialect, initial_limit);
        let first = wire(&first);
        (table, first)
    }

    fn hear(&mut self, line: &str) -> Did {
        let heard = self.dialect.read(format!("{line}\r\n").as_bytes());
        match self.exchange.hear(&mut self.dialect, heard) {
            Next::Send(command) => Did::Sent(wire(&command)),
            Next::Read => Did::Read,
            Next::Done(end) => Did::Ended(end),
        }
    }
}

fn wire(command: &Command) -> String {
    String::from_utf8(command.wire().to_vec()).unwrap()
}

fn sent(text: &str) -> Did {
    Did::Sent(format!("{text}\r\n"))
}

fn is_yes(did: &Did) -> bool {
    matches!(did, Did::Ended(End::Yes(_)))
}

const EVERYTHING: usize = usize::MAX;
/// `\0alice\0secret99`
const PLAIN: &str = "AGFsaWNlAHNlY3JldDk5";

#[test]
fn with_sasl_ir_the_first_message_travels_with_the_command() {
    let (mut table, first) = Table::new("PLAIN", EVERYTHING);
    assert_eq!(first, format!("m1 AUTHENTICATE PLAIN {PLAIN}\r\n"));
    assert!(table.exchange.initial_sent());
    assert!(is_yes(&table.hear("m1 OK done")));
}

#[test]
fn without_it_the_first_message_waits_for_the_go_ahead() {
    let (mut table, first) = Table::new("PLAIN", 0);
    assert_eq!(first, "m1 AUTHENTICATE PLAIN\r\n");
    assert_eq!(table.hear("+ "), sent(PLAIN));
    assert!(is_yes(&table.hear("m1 OK done")));
    assert!(!table.exchange.initial_sent() && table.exchange.quirks().is_empty());
}

#[test]
fn a_first_message_that_is_too_long_is_withheld() {
    let (_, first) = Table::new("PLAIN", PLAIN.len() - 1);
    assert_eq!(first, "m1 AUTHENTICATE PLAIN\r\n");
    let (_, first) = Table::new("PLAIN", PLAIN.len());
    assert_eq!(first, format!("m1 AUTHENTICATE PLAIN {PLAIN}\r\n"));
}

#[test]
fn untagged_lines_end_nothing_before_or_after_the_go_ahead() {
    let (mut table, _) = Table::new("PLAIN", 0);
    assert_eq!(table.hear("* CAPABILITY IMAP4rev1"), Did::Read);
    assert_eq!(table.hear("+"), sent(PLAIN));
    assert_eq!(table.hear("* OK still thinking"), Did::Read);
    assert!(is_yes(&table.hear("m1 OK done")));
}

#[test]
fn a_challenge_after_the_token_is_the_error_report_and_the_refusal_comes_after_it() {
    // {"status":"400"}
    let (mut table, _) = Table::new("XOAUTH2", EVERYTHING);
    assert_eq!(table.hear("+ eyJzdGF0dXMiOiI0MDAifQ=="), sent(""));
    match table.hear("m1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)") {
        Did::Ended(End::No { reply, challenge }) => {
            assert_eq!(challenge.as_deref(), Some("{\"status\":\"400\"}"));
            assert_eq!(reply.code.as_deref(), Some("AUTHENTICATIONFAILED"));
        }
        other => panic!("{other:?}"),
    }
    let (mut table, _) = Table::new("OAUTHBEARER", EVERYTHING);
    assert_eq!(table.hear("+ eyJzdGF0dXMiOiI0MDAifQ=="), sent("AQ=="), "RFC 7628 section 3.2.3");
}

#[test]
fn an_error_report_is_never_a_success_by_itself() {
    let (mut table, _) = Table::new("XOAUTH2", EVERYTHING);
    assert_eq!(table.hear("+ eyJzdGF0dXMiOiI0MDAifQ=="), sent(""));
    assert_eq!(table.exchange.closed(), End::Silence);
    let (mut table, _) = Table::new("XOAUTH2", EVERYTHING);
    table.hear("+ eyJzdGF0dXMiOiI0MDAifQ==");
    assert!(is_yes(&table.hear("m1 OK nonetheless")));
    assert_eq!(table.exchange.quirks(), ["yes-after-error-report"]);
}

#[test]
fn base64_is_taken_strictly_then_leniently_then_as_text_and_each_departure_has_a_name() {
    for (prompt, quirk) in [
        ("VXNlcm5hbWU6", None),
        ("VXNlciBOYW1lAA==", None),
        ("VXNlciBOYW1lAA", Some("base64-padding")),
        ("Username:", Some("challenge-not-base64")),
    ] {
        let (mut table, _) = Table::new("LOGIN", EVERYTHING);
        assert_eq!(table.hear(&format!("+ {prompt}")), sent("YWxpY2U="), "{prompt}");
        assert_eq!(table.exchange.quirks().first().copied(), quirk, "{prompt}");
        assert_eq!(table.hear("+ UGFzc3dvcmQ6"), sent("c2VjcmV0OTk="));
        assert!(is_yes(&table.hear("m1 OK in")));
    }
}

#[test]
fn what_a_mechanism_cannot_answer_is_cancelled_and_the_reaction_read() {
    let (mut table, _) = Table::new("PLAIN", EVERYTHING);
    assert_eq!(table.hear("+ bW9yZT8="), sent("*"));
    let end = table.hear("m1 BAD cancelled");
    assert!(matches!(end, Did::Ended(End::Flawed(Flaw::Unanswerable(_)))), "{end:?}");
}

#[test]
fn endless_challenges_end_at_the_bound() {
    let (mut table, _) = Table::new("XOAUTH2", EVERYTHING);
    let mut did = Did::Read;
    for _ in 0..6 {
        did = table.hear("+ e30=");
    }
    assert_eq!(did, Did::Ended(End::TooManyRounds(5)));
}

#[test]
fn a_goodbye_is_kept_for_the_end_and_a_final_answer_stands_above_it() {
    let (mut table, _) = Table::new("PLAIN", EVERYTHING);
    assert_eq!(table.hear("* BYE shutting down"), Did::Read);
    assert!(
        matches!(table.exchange.closed(), End::Goodbye { reply, challenge: None } if reply.text == "shutting down")
    );
    let (mut table, _) = Table::new("PLAIN", EVERYTHING);
    table.hear("* BYE signing off");
    assert!(matches!(table.hear("m1 NO Basic authentication is disabled."), Did::Ended(End::No { .. })));
}

#[test]
fn another_commands_answer_is_nobodys_answer() {
    let (mut table, _) = Table::new("PLAIN", EVERYTHING);
    assert!(matches!(table.hear("m7 OK welcome"), Did::Ended(End::Violation(_))));
}

#[test]
fn a_login_command_goes_flight_by_flight_and_ends_on_no() {
    let mut dialect = Imap::new();
    let mut login = alice();
    login.password = Some(Secret::new("pässword"));
    let flights =
        dialect.login(&crate::model::Method::LoginCommand, &login, &["IMAP4rev1".to_owned()]).unwrap();
    let mut exchange = Exchange::flights(flights, 5);
    assert_eq!(wire(&exchange.begin(&mut dialect, 0)), "m1 LOGIN \"alice\" {9}\r\n");
    let mut table = Table { dialect, exchange };
    assert_eq!(table.hear("* OK untagged first"), Did::Read);
    assert_eq!(table.hear("+ go ahead"), sent("pässword"));
    assert!(matches!(table.hear("m1 NO LOGIN failed."), Did::Ended(End::No { challenge: None, .. })));
}

#[test]
fn a_yes_in_the_middle_of_a_literal_is_a_violation_and_so_is_a_go_ahead_nobody_needs() {
    let mut dialect = Imap::new();
    let mut login = alice();
    login.password = Some(Secret::new("pässword"));
    let flights = dialect.login(&crate::model::Method::LoginCommand, &login, &[]).unwrap();
    let mut exchange = Exchange::flights(flights, 5);
    exchange.begin(&mut dialect, 0);
    let mut table = Table { dialect, exchange };
    assert!(matches!(table.hear("m1 OK already?"), Did::Ended(End::Violation(_))));

    let mut dialect = Imap::new();
    let flights = dialect.login(&crate::model::Method::LoginCommand, &alice(), &[]).unwrap();
    let mut exchange = Exchange::flights(flights, 5);
    exchange.begin(&mut dialect, 0);
    let mut table = Table { dialect, exchange };
    assert!(matches!(table.hear("+ and?"), Did::Ended(End::Violation(_))));
}
