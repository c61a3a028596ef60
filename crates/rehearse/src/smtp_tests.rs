use super::*;
use crate::record::Fate;
use crate::scenario::load;

struct Client(Smtp);

impl Client {
    fn of(scenario: &str) -> Self {
        let house = House::new(load(scenario).unwrap(), || 0).unwrap();
        let mut smtp = Smtp::new(Arc::new(house));
        smtp.secured();
        Self(smtp)
    }

    fn says(&mut self, line: &str) -> String {
        let acts = self.sends(line);
        said(&acts)
    }

    /// A command, or a line of content.
    fn sends(&mut self, line: &str) -> Vec<Act> {
        match self.0.wants() {
            Want::Content => self.0.content(format!("{line}\r\n").as_bytes()).1,
            _ => self.0.line(line.as_bytes()),
        }
    }

    fn logged_in() -> Self {
        let mut client = Self::of("exchange-online-today");
        client.says("AUTH LOGIN YWxpY2VAcmVoZWFyc2FsLnRlc3Q=");
        assert_eq!(client.says("Y29ycmVjdCBob3JzZQ=="), "235 2.7.0 Authentication successful\r\n");
        client
    }
}

fn said(acts: &[Act]) -> String {
    let text = acts.iter().map(|act| match act {
        Act::Say(text) => text.as_str(),
        Act::Close => "[closes]",
        _ => "",
    });
    text.collect()
}

#[test]
fn today_login_works_plain_is_unknown_and_nothing_is_offered_before_tls() {
    let mut client = Client::of("exchange-online-today");
    assert!(client.says("EHLO scanner").contains("250-AUTH LOGIN XOAUTH2\r\n"));
    assert_eq!(client.says("AUTH PLAIN AGEAYg=="), "504 5.7.4 Unrecognized authentication type\r\n");
    assert_eq!(client.says("auth login"), "334 VXNlcm5hbWU6\r\n");
    assert_eq!(client.says("YWxpY2VAcmVoZWFyc2FsLnRlc3Q="), "334 UGFzc3dvcmQ6\r\n");
    assert_eq!(client.says("Y29ycmVjdCBob3JzZQ=="), "235 2.7.0 Authentication successful\r\n");
    let house = House::new(load("exchange-online-today").unwrap(), || 0).unwrap();
    let mut bare = Smtp::new(Arc::new(house));
    let offered = said(&bare.line(b"EHLO x"));
    assert!(offered.contains("STARTTLS") && !offered.contains("AUTH"), "{offered}");
    assert!(said(&bare.line(b"AUTH LOGIN")).starts_with("530 5.7.0 Must issue a STARTTLS"));
}

#[test]
fn a_message_is_taken_and_thrown_away_by_lines_and_by_chunks() {
    let mut client = Client::logged_in();
    assert!(client.says("MAIL FROM:<alice@rehearsal.test> SIZE=10").starts_with("250"));
    assert!(client.says("rcpt to: someone@example.com").starts_with("250"));
    assert!(client.says("DATA").starts_with("354"));
    assert_eq!(client.says("Subject: QUIT"), "");
    assert_eq!(client.says(".QUIT"), "");
    let acts = client.sends(".");
    let message = acts.iter().find_map(|act| match act {
        Act::Note(Note::Message(message)) => Some(message),
        _ => None,
    });
    let message = message.unwrap_or_else(|| panic!("{acts:?}"));
    assert_eq!((message.octets, message.recipients, &message.fate), (Some(21), 1, &Fate::Accepted));
    client.says("MAIL FROM:<alice@rehearsal.test>");
    client.says("RCPT TO:<a@example.com>");
    assert_eq!(client.says("BDAT 5"), "");
    assert_eq!(client.0.wants(), Want::Skip(5));
    assert!(said(&client.0.octets(b"")).starts_with("250 2.6.0 CHUNK"));
    client.says("BDAT 0 LAST");
    assert!(said(&client.0.octets(b"")).starts_with("250 2.6.0 Queued"));
}

#[test]
fn nobody_sends_without_a_login_and_nobody_sends_as_another() {
    let mut client = Client::of("exchange-online-today");
    client.says("EHLO x");
    for line in ["MAIL FROM:<alice@rehearsal.test>", "RCPT TO:<a@example.com>", "DATA"] {
        assert!(client.says(line).starts_with("530 5.7.57 Client not authenticated"), "{line}");
    }
    let mut client = Client::logged_in();
    client.says("MAIL FROM:<boss@rehearsal.test>");
    client.says("RCPT TO:<a@example.com>");
    client.says("DATA");
    assert!(client.says(".").starts_with("550 5.7.60"));
}

#[test]
fn after_2026_the_password_is_refused_and_the_token_works() {
    let mut client = Client::of("smtp-auth-off-2027");
    client.says("AUTH LOGIN YWxpY2VAcmVoZWFyc2FsLnRlc3Q=");
    assert_eq!(
        client.says("Y29ycmVjdCBob3JzZQ=="),
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n"
    );
    let token = "dXNlcj1hbGljZUByZWhlYXJzYWwudGVzdAFhdXRoPUJlYXJlciByZWhlYXJzYWwtdG9rZW4tb2YtYWxpY2UBAQ==";
    assert!(client.says(&format!("AUTH XOAUTH2 {token}")).starts_with("235"));
}

#[test]
fn a_client_that_lost_its_place_leaves_no_secret_in_the_record() {
    let mut client = Client::of("exchange-online-today");
    let mut acts = client.0.line(b"AUTH CRAM-MD5");
    acts.extend(client.0.line(b"YWxpY2VAcmVoZWFyc2FsLnRlc3Q="));
    acts.extend(client.0.line(b"Y29ycmVjdCBob3JzZQ=="));
    let shown = format!("{acts:?}");
    assert!(!shown.contains("Y29ycmVjdC") && shown.contains("unknown command of 20 octets"), "{shown}");
}

#[test]
fn gmail_refuses_the_account_password_in_two_lines() {
    let mut client = Client::of("gmail");
    // \0personal@rehearsal.test\0correct horse
    let answer = client.says("AUTH PLAIN AHBlcnNvbmFsQHJlaGVhcnNhbC50ZXN0AGNvcnJlY3QgaG9yc2U=");
    assert!(
        answer.starts_with("534-5.7.9 Application-specific password required. Learn more at\r\n534 5.7.9 ")
    );
}

#[test]
fn bad_order_bad_commands_and_too_many_of_them_end_with_421() {
    let mut client = Client::logged_in();
    assert!(client.says("DATA").starts_with("503"));
    assert!(client.says("MAIL alice").starts_with("501"));
    assert!(client.says("BDAT x").starts_with("503"));
    let last = (0..MOST_BAD).map(|_| client.says("WIZ")).last().unwrap();
    assert!(last.contains("421 4.7.0") && last.ends_with("[closes]"), "{last}");
}

#[test]
fn a_slow_and_rude_answer_waits_is_said_and_hangs_up_in_that_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("slow.toml");
    let text = "extends = \"exchange-online-today\"\n[[words]]\nprotocol = \"smtp\"\ncause = \"bad-credentials\"\n\
                text = \"535 5.7.3 no\"\ndelay_ms = 17500\ncloses = true\nsource = \"ours\"\n";
    std::fs::write(&path, text).unwrap();
    let mut client = Client::of(path.to_str().unwrap());
    client.says("AUTH LOGIN YWxpY2U=");
    let acts = client.0.line(b"d3Jvbmc=");
    let acts: Vec<&Act> = acts.iter().filter(|act| !matches!(act, Act::Note(_))).collect();
    let wait = Act::Wait(std::time::Duration::from_millis(17_500));
    assert_eq!(acts, [&wait, &Act::Say("535 5.7.3 no\r\n".into()), &Act::Close]);
}
