use super::*;
use crate::scenario::load;

pub(super) fn said(acts: &[Act]) -> String {
    let text = |act: &Act| match act {
        Act::Say(text) => text.clone(),
        Act::Close => "[closes]\r\n".to_owned(),
        Act::StartTls => "[TLS]\r\n".to_owned(),
        _ => String::new(),
    };
    acts.iter().map(text).collect()
}

struct Client(Imap);

impl Client {
    fn of(scenario: &str) -> Self {
        let house = House::new(load(scenario).unwrap(), || 0).unwrap();
        let mut imap = Imap::new(Arc::new(house));
        imap.greet();
        imap.secured();
        Self(imap)
    }

    fn says(&mut self, line: &str) -> String {
        said(&self.0.line(line.as_bytes()))
    }
}

/// `\0alice@rehearsal.test\0correct horse`.
const PLAIN: &str = "AGFsaWNlQHJlaGVhcnNhbC50ZXN0AGNvcnJlY3QgaG9yc2U=";

#[test]
fn before_the_cutover_every_form_of_login_opens_an_empty_inbox() {
    let logins: &[&[&str]] = &[
        &["a LOGIN alice@rehearsal.test \"correct horse\""],
        &["a login {5}", "", " \"correct horse\""],
        &["a AUTHENTICATE PLAIN", PLAIN],
        &[&format!("a authenticate plain {PLAIN}")],
    ];
    for login in logins {
        let mut client = Client::of("before-cutover");
        let mut last = String::new();
        for line in *login {
            last = if client.0.wants() == Want::Octets(5) {
                said(&client.0.octets(b"alice"))
            } else {
                client.says(line)
            };
        }
        assert!(last.ends_with("completed.\r\n") && last.starts_with("a OK"), "{login:?}: {last}");
        let opened = client.says("b EXAMINE inbox");
        assert!(opened.contains("* 0 EXISTS") && opened.ends_with("b OK [READ-ONLY] EXAMINE completed.\r\n"));
    }
}

#[test]
fn today_a_password_is_refused_before_anybody_looks_and_the_server_signs_off() {
    let mut client = Client::of("exchange-online-today");
    let capabilities = client.says("a CAPABILITY");
    assert!(capabilities.contains("LOGINDISABLED") && !capabilities.contains("AUTH=PLAIN"), "{capabilities}");
    let answer = client.says("b LOGIN alice wrong");
    assert_eq!(
        answer,
        "b NO Basic authentication is disabled.\r\n* BYE Microsoft Exchange Server IMAP4 server signing off.\r\n[closes]\r\n"
    );
}

#[test]
fn a_login_too_many_is_answered_with_one_goodbye_that_says_when_to_come_back() {
    let mut client = Client::of("throttled");
    for _ in 0..3 {
        assert!(client.says("a LOGIN alice wrong").starts_with("a NO "));
    }
    let answer = client.says("a LOGIN alice wrong");
    assert!(answer.starts_with("* BYE Connection limit reached."), "{answer}");
    assert_eq!((answer.lines().count(), answer.ends_with("[closes]\r\n")), (2, true), "{answer}");
}

#[test]
fn gmail_sends_its_error_challenge_first_and_refuses_after_whatever_the_client_says_to_it() {
    let mut client = Client::of("gmail");
    let challenge = client.says("a AUTHENTICATE XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB4AQE=");
    assert!(challenge.starts_with("+ eyJzdGF0dXMiOiI0MDAi"), "{challenge}");
    assert_eq!(client.says(""), "a NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n");
}

#[test]
fn a_shut_mailbox_takes_the_login_and_nothing_after_it() {
    let mut client = Client::of("authenticated-but-not-connected");
    let token = "dXNlcj1hbGljZUByZWhlYXJzYWwudGVzdAFhdXRoPUJlYXJlciByZWhlYXJzYWwtdG9rZW4tb2YtYWxpY2UBAQ==";
    assert_eq!(client.says(&format!("a AUTHENTICATE XOAUTH2 {token}")), "a OK AUTHENTICATE completed.\r\n");
    assert_eq!(client.says("b EXAMINE INBOX"), "b BAD User is authenticated but not connected.\r\n");
    assert!(client.says("c CAPABILITY").contains("BACKENDAUTHENTICATE"));
}

#[test]
fn before_tls_a_password_is_refused_and_noted_as_sent_in_clear() {
    let house = House::new(load("before-cutover").unwrap(), || 0).unwrap();
    let mut imap = Imap::new(Arc::new(house));
    let acts = imap.line(b"a LOGIN alice \"correct horse\"");
    assert!(said(&acts).starts_with("a NO [PRIVACYREQUIRED]"));
    let tried = acts.iter().find_map(|act| match act {
        Act::Note(crate::record::Note::Login(tried)) => Some(tried),
        _ => None,
    });
    let tried = tried.unwrap();
    assert!(tried.in_clear && tried.matched && tried.cause == Cause::TlsRequired);
    assert!(!format!("{acts:?}").contains("correct horse"));
}

#[test]
fn nonsense_is_answered_counted_and_in_the_end_not_listened_to() {
    let mut client = Client::of("before-cutover");
    assert_eq!(client.says(""), "");
    assert!(client.says("(((").starts_with("* BAD"));
    assert!(client.says("a \"unfinished").starts_with("a BAD"));
    assert!(client.says("a SELECT INBOX").contains("BAD Command received in Invalid state."));
    assert!(client.says("a LOGIN {999999999}").ends_with("[closes]\r\n"));
    let mut client = Client::of("before-cutover");
    let last = (0..MOST_BAD).map(|_| client.says("x FROBNICATE")).last().unwrap();
    assert!(last.ends_with("[closes]\r\n"), "{last}");
}

#[test]
fn a_secret_where_a_command_belongs_is_not_recorded() {
    let mut client = Client::of("before-cutover");
    let acts = client.0.line(b"Y29ycmVjdA== aG9yc2U=");
    assert!(!format!("{acts:?}").contains("aG9yc2U"), "{acts:?}");
}
