//! POP3 (RFC 1939, RFC 2449, RFC 5034), server side: logins, and an empty maildrop.

use std::sync::Arc;

use mailprobe_probes::model::{Cause, Method, Protocol, harmless};

use super::house::House;
use super::login::{Inside, Logins, Step};
use super::record::{LoginTry, Note, Offer};
use super::sasl::Credentials;
use super::talk::{Act, MOST_BAD, MOST_COMMANDS, Talk, command_note, say};

/// Commands that are recorded by name.
const KNOWN: &[&str] = &[
    "APOP", "AUTH", "CAPA", "DELE", "LIST", "NOOP", "PASS", "QUIT", "RETR", "RSET", "STAT", "STLS", "TOP",
    "UIDL", "USER", "UTF8",
];

/// POP3 on one connection.
pub struct Pop3 {
    house: Arc<House>,
    logins: Logins,
    secured: bool,
    inside: Inside,
    user: Option<Vec<u8>>,
    commands: usize,
    bad: usize,
}

impl Pop3 {
    /// A new connection.
    pub fn new(house: Arc<House>) -> Self {
        Self {
            logins: Logins::new(Arc::clone(&house), Protocol::Pop3),
            house,
            secured: false,
            inside: Inside::Not,
            user: None,
            commands: 0,
            bad: 0,
        }
    }

    fn words(&self, cause: Cause) -> Vec<Act> {
        let words = self.logins.words(cause);
        let mut acts = say(&words, None, "");
        if words.closes {
            acts.push(Act::Close);
        }
        acts
    }

    fn step(&mut self, step: Step) -> Vec<Act> {
        match step {
            Step::Challenge(challenge) => vec![Act::Say(format!("+ {challenge}\r\n"))],
            Step::Answer(ruling, words) => {
                if ruling.cause == Cause::Accepted {
                    self.inside = Inside::after(&ruling);
                }
                let mut acts = say(&words, None, "");
                if words.closes {
                    acts.push(Act::Close);
                }
                acts
            }
        }
    }

    fn capabilities(&self) -> Vec<Act> {
        let line = &self.house.tenant.scenario().pop3;
        let list = match (self.inside, self.secured) {
            (Inside::Open | Inside::Shut(_), _) if !line.after_login.is_empty() => &line.after_login,
            (_, false) => &line.before_tls,
            _ => &line.after_tls,
        };
        let said = Act::Say(lines("+OK Capability list follows", list));
        let offer = Offer::of(Protocol::Pop3, list, self.secured);
        let noted = (self.inside == Inside::Not).then_some(Act::Note(Note::Offered(offer)));
        noted.into_iter().chain([said]).collect()
    }

    fn perform(&mut self, verb: &str, rest: &[u8]) -> Vec<Act> {
        let ok = |text: &str| vec![Act::Say(format!("+OK{text}\r\n"))];
        match verb {
            "CAPA" => self.capabilities(),
            "NOOP" | "UTF8" => ok(""),
            "QUIT" => {
                let goodbye = &self.house.tenant.scenario().pop3.goodbye;
                vec![Act::Say(format!("+OK {goodbye}\r\n")), Act::Close]
            }
            "STLS" if !self.secured && self.inside == Inside::Not => {
                vec![Act::Say("+OK Begin TLS negotiation now.\r\n".to_owned()), Act::StartTls]
            }
            "USER" | "PASS" | "AUTH" | "APOP" if self.inside == Inside::Not => self.login(verb, rest),
            _ => match self.inside {
                Inside::Not => self.words(Cause::NotAuthenticated),
                Inside::Shut(cause) => self.words(cause),
                Inside::Open => match verb {
                    "STAT" => ok(" 0 0"),
                    "LIST" | "UIDL" if rest.is_empty() => vec![Act::Say("+OK\r\n.\r\n".to_owned())],
                    "RSET" => ok(""),
                    _ => vec![Act::Say(
                        "-ERR no such message: the maildrop of a rehearsal is empty\r\n".to_owned(),
                    )],
                },
            },
        }
    }

    fn login(&mut self, verb: &str, rest: &[u8]) -> Vec<Act> {
        let mut notes = Vec::new();
        let step = match verb {
            "USER" => {
                self.user = Some(rest.to_vec());
                return vec![Act::Say("+OK\r\n".to_owned())];
            }
            "PASS" => {
                let Some(user) = self.user.take() else { return self.words(Cause::NotAuthenticated) };
                let credentials = Credentials::password(&user, rest);
                self.logins.judge(&credentials, &Method::UserPass, None, self.secured, &mut notes)
            }
            "AUTH" if rest.is_empty() => {
                let known = &self.house.tenant.scenario().pop3.mechanisms;
                let offer = Offer { methods: known.clone(), login_disabled: false, in_tls: self.secured };
                return vec![Act::Note(Note::Offered(offer)), Act::Say(lines("+OK", known))];
            }
            "AUTH" => {
                let mut parts = rest.splitn(2, |byte| *byte == b' ');
                let mechanism = cut(parts.next().unwrap_or_default());
                let initial = parts.next().map(<[u8]>::trim_ascii).filter(|text| !text.is_empty());
                self.logins.begin(&mechanism, initial, self.secured, &mut notes)
            }
            // No tenant offers a challenge in its greeting, so there is nothing to hold APOP's digest against.
            _ => {
                let cause = Cause::MechanismUnsupported;
                let tried = LoginTry::empty(Protocol::Pop3, Method::Apop, None, !self.secured, cause);
                let refused = self.words(cause);
                return [Act::Note(Note::Login(Box::new(tried)))].into_iter().chain(refused).collect();
            }
        };
        notes.extend(self.step(step));
        notes
    }
}

/// An answer of several lines (RFC 1939 section 3).
fn lines(first: &str, list: &[String]) -> String {
    let mut lines = vec![first];
    lines.extend(list.iter().map(String::as_str));
    lines.push(".\r\n");
    lines.join("\r\n")
}

fn cut(text: &[u8]) -> String {
    harmless(text.get(..40).unwrap_or(text))
}

impl Talk for Pop3 {
    fn protocol(&self) -> Protocol {
        Protocol::Pop3
    }

    fn greet(&mut self) -> Vec<Act> {
        vec![Act::Say(format!("+OK {}\r\n", self.house.tenant.scenario().pop3.greeting))]
    }

    fn line(&mut self, line: &[u8]) -> Vec<Act> {
        if self.logins.waiting() {
            let mut notes = Vec::new();
            let step = self.logins.hear(line, self.secured, &mut notes);
            notes.extend(self.step(step));
            return notes;
        }
        if line.trim_ascii().is_empty() {
            return Vec::new();
        }
        let line = line.trim_ascii_start();
        let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        let (verb, rest) = line.split_at_checked(end).unwrap_or((line, b""));
        let verb = String::from_utf8_lossy(verb).to_ascii_uppercase();
        // A password may begin or end with a space; names of users and mechanisms do not.
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let rest = if verb == "PASS" { rest } else { rest.trim_ascii() };
        let mechanism =
            rest.split(|byte| *byte == b' ').next().map(cut).filter(|_| verb == "AUTH" && !rest.is_empty());
        let mut acts = vec![command_note(KNOWN, &verb, mechanism.as_deref(), line.len())];
        self.commands += 1;
        if KNOWN.contains(&verb.as_str()) && self.commands <= MOST_COMMANDS {
            acts.extend(self.perform(&verb, rest));
            return acts;
        }
        self.bad += 1;
        acts.push(Act::Say("-ERR Protocol error. 19\r\n".to_owned()));
        if self.bad >= MOST_BAD || self.commands > MOST_COMMANDS {
            acts.push(Act::Close);
        }
        acts
    }

    fn secured(&mut self) {
        self.secured = true;
        self.user = None;
    }

    fn busy(&self) -> Vec<Act> {
        let mut acts = say(&self.logins.words(Cause::Throttled), None, "");
        acts.push(Act::Close);
        acts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn client(scenario: &str) -> impl FnMut(&str) -> String {
        let house = House::new(load(scenario).unwrap(), || 0).unwrap();
        let mut pop3 = Pop3::new(Arc::new(house));
        pop3.secured();
        move |line| {
            let acts = pop3.line(line.as_bytes());
            let text = acts.iter().map(|act| match act {
                Act::Say(text) => text.as_str(),
                Act::Close => "[closes]",
                _ => "",
            });
            text.collect()
        }
    }

    #[test]
    fn a_password_with_spaces_logs_in_and_the_maildrop_is_empty() {
        let mut says = client("before-cutover");
        assert_eq!(says("user alice"), "+OK\r\n");
        assert_eq!(says("PASS correct horse"), "+OK User successfully logged on.\r\n");
        assert_eq!(says("STAT"), "+OK 0 0\r\n");
        assert_eq!(says("UIDL"), "+OK\r\n.\r\n");
        assert!(says("RETR 1").starts_with("-ERR"));
        assert!(says("QUIT").ends_with("[closes]"));
    }

    #[test]
    fn a_token_in_the_line_of_auth_ends_the_connection_as_exchange_ends_it() {
        let mut says = client("exchange-online-today");
        assert_eq!(
            says("AUTH XOAUTH2 dXNlcj0="),
            "-ERR Protocol error. Connection is closed. 10\r\n[closes]"
        );
        let mut says = client("exchange-online-today");
        assert_eq!(says("AUTH XOAUTH2"), "+ \r\n");
        let token =
            "dXNlcj1hbGljZUByZWhlYXJzYWwudGVzdAFhdXRoPUJlYXJlciByZWhlYXJzYWwtdG9rZW4tb2YtYWxpY2UBAQ==";
        assert_eq!(says(token), "+OK User successfully logged on.\r\n");
    }

    #[test]
    fn today_a_password_is_refused_in_either_form() {
        let mut says = client("exchange-online-today");
        says("USER alice");
        assert_eq!(says("PASS correct horse"), "-ERR Basic authentication is disabled\r\n[closes]");
        let mut says = client("on-premises-hybrid");
        assert!(says("AUTH XOAUTH2").starts_with("-ERR Unsupported"));
        assert_eq!(says("AUTH"), "+OK\r\nPLAIN\r\n.\r\n");
    }

    #[test]
    fn out_of_place_and_unknown_commands_are_answered() {
        let mut says = client("before-cutover");
        assert!(says("STAT").starts_with("-ERR Command is not valid"));
        assert!(says("PASS x").starts_with("-ERR"));
        assert!(says("GET / HTTP/1.1").starts_with("-ERR Protocol error"));
        assert_eq!(says("  "), "");
    }
}
