//! SMTP submission (RFC 6409, RFC 4954), server side. Every message is taken and thrown away: nothing is relayed, to
//! nobody, and there is no code here that could.

mod commands;
mod content;

use std::fmt::Write as _;
use std::sync::Arc;

use mailprobe_probes::model::{Cause, Protocol};

use super::house::House;
use super::login::{Logins, Step};
use super::record::{Note, Offer, Stage, Transaction};
use super::sending::Sending;
use super::talk::{Act, MOST_BAD, MOST_COMMANDS, Talk, Want, command_note, say};
use commands::{Chunk, announced, chunk, cut, path, stage};
use content::Content;

/// Commands that are recorded by name.
const KNOWN: &[&str] = &[
    "AUTH", "BDAT", "DATA", "EHLO", "EXPN", "HELO", "HELP", "MAIL", "NOOP", "QUIT", "RCPT", "RSET",
    "STARTTLS", "VRFY",
];
/// Largest message that is swallowed, octets.
const LARGEST: u64 = 150 * 1024 * 1024;
/// Recipients of one message.
const MOST_RECIPIENTS: usize = 500;
/// Said to a message that is larger than it may be.
const TOO_LARGE: &str = "552 5.3.4 Message is too large";

/// SMTP on one connection.
pub struct Smtp {
    house: Arc<House>,
    logins: Logins,
    secured: bool,
    mailbox: Option<String>,
    from: Option<String>,
    recipients: usize,
    /// The transaction as the record tells it.
    sending: Sending,
    /// The content of the message so far, while one comes after DATA.
    data: Option<Content>,
    /// Octets of the message so far by chunks, and what the next chunk has and whether it is the last.
    chunks: u64,
    chunk: Option<Chunk>,
    commands: usize,
    bad: usize,
}

impl Smtp {
    /// A new connection.
    pub fn new(house: Arc<House>) -> Self {
        Self {
            logins: Logins::new(Arc::clone(&house), Protocol::Smtp),
            house,
            secured: false,
            mailbox: None,
            from: None,
            recipients: 0,
            sending: Sending::default(),
            data: None,
            chunks: 0,
            chunk: None,
            commands: 0,
            bad: 0,
        }
    }

    fn words(&self, cause: Cause) -> Vec<Act> {
        let words = self.logins.words(cause);
        let mut acts = say(&words, None, "AUTH");
        if words.closes {
            acts.push(Act::Close);
        }
        acts
    }

    fn reset(&mut self) {
        self.from = None;
        self.recipients = 0;
        self.chunks = 0;
    }

    /// Ends the transaction, if there is one, and tells what became of it.
    fn ended(&mut self) -> Vec<Act> {
        self.reset();
        self.sending.over(self.mailbox.as_deref()).map(noted).into_iter().collect()
    }

    /// Octets that a message may have: what the tenant says (RFC 1870), and never more than is swallowed.
    fn largest(&self) -> u64 {
        let mut list = self.house.tenant.scenario().smtp.after_tls.iter();
        let named = list.find_map(|entry| entry.strip_prefix("SIZE ")?.trim().parse::<u64>().ok());
        named.filter(|octets| *octets > 0).map_or(LARGEST, |octets| octets.min(LARGEST))
    }

    fn hello(&mut self, verb: &str, name: &str) -> Vec<Act> {
        let mut acts = self.ended();
        acts.push(Act::Note(Note::Name(cut(name))));
        let line = &self.house.tenant.scenario().smtp;
        let host = line.greeting.split(' ').next().unwrap_or_default();
        if verb == "HELO" {
            acts.push(Act::Say(format!("250 {host} Hello\r\n")));
            return acts;
        }
        let list = if self.secured { &line.after_tls } else { &line.before_tls };
        let mut said = format!("250-{host} Hello\r\n");
        for (at, capability) in list.iter().enumerate() {
            let between = if at + 1 == list.len() { ' ' } else { '-' };
            let _ = write!(said, "250{between}{capability}\r\n");
        }
        if self.mailbox.is_none() {
            acts.push(Act::Note(Note::Offered(Offer::of(Protocol::Smtp, list, self.secured))));
        }
        acts.push(Act::Say(said));
        acts
    }

    fn step(&mut self, step: Step) -> Vec<Act> {
        match step {
            Step::Challenge(challenge) => vec![Act::Say(format!("334 {challenge}\r\n"))],
            Step::Answer(ruling, words) => {
                if ruling.cause == Cause::Accepted {
                    self.mailbox = ruling.mailbox;
                }
                let mut acts = say(&words, None, "AUTH");
                if words.closes {
                    acts.push(Act::Close);
                }
                acts
            }
        }
    }

    fn perform(&mut self, verb: &str, rest: &str) -> Vec<Act> {
        let tell = |text: &str| vec![Act::Say(format!("{text}\r\n"))];
        match verb {
            "EHLO" | "HELO" => self.hello(verb, rest),
            "STARTTLS" if !self.secured => {
                vec![Act::Say("220 2.0.0 SMTP server ready\r\n".to_owned()), Act::StartTls]
            }
            "AUTH" if self.mailbox.is_some() => tell("503 5.5.1 Already authenticated"),
            "AUTH" => {
                let mut parts = rest.split_ascii_whitespace();
                let Some(mechanism) = parts.next() else { return tell("501 5.5.4 Invalid arguments") };
                let (mechanism, initial) = (cut(mechanism), parts.next().map(str::as_bytes));
                let mut notes = Vec::new();
                let step = self.logins.begin(&mechanism, initial, self.secured, &mut notes);
                notes.extend(self.step(step));
                notes
            }
            "NOOP" => tell("250 2.0.0 OK"),
            "RSET" => {
                let mut acts = self.ended();
                acts.extend(tell("250 2.0.0 Resetting"));
                acts
            }
            "VRFY" | "EXPN" => tell("252 2.1.5 Cannot VRFY user"),
            "HELP" => tell("214 This is a rehearsal: every message is thrown away"),
            "QUIT" => {
                let goodbye = &self.house.tenant.scenario().smtp.goodbye;
                vec![Act::Say(format!("221 {goodbye}\r\n")), Act::Close]
            }
            "MAIL" | "RCPT" | "DATA" | "BDAT" if self.mailbox.is_none() => {
                // The octets of a chunk come whatever is said (RFC 3030 section 2).
                if verb == "BDAT" {
                    self.chunk = chunk(rest);
                }
                let acts = self.words(Cause::NotAuthenticated);
                let sender = path(rest, "FROM:").filter(|_| verb == "MAIL");
                self.turned_away(stage(verb), sender.as_deref(), acts)
            }
            _ => self.message(verb, rest),
        }
    }

    fn message(&mut self, verb: &str, rest: &str) -> Vec<Act> {
        let tell = |text: &str| vec![Act::Say(format!("{text}\r\n"))];
        let largest = self.largest();
        let refusal = match (verb, self.from.is_some(), self.recipients > 0) {
            ("MAIL", ..) => return self.sender(rest, largest),
            ("RCPT", true, _) if self.recipients >= MOST_RECIPIENTS => tell("452 4.5.3 Too many recipients"),
            ("RCPT", true, _) => match path(rest, "TO:").filter(|address| !address.is_empty()) {
                Some(_) => {
                    self.recipients += 1;
                    self.sending.recipient();
                    return tell("250 2.1.5 Recipient OK");
                }
                None => tell("501 5.5.4 Invalid arguments"),
            },
            ("DATA", true, true) => {
                self.data = Some(Content::new());
                self.sending.content(Stage::Data, 0);
                return tell("354 Start mail input; end with <CRLF>.<CRLF>");
            }
            ("BDAT", true, true) => match chunk(rest) {
                Some(Chunk { octets, .. }) if self.chunks.saturating_add(octets) > largest => {
                    self.sending.content(Stage::Bdat, self.chunks.saturating_add(octets));
                    let mut acts = tell(TOO_LARGE);
                    acts.push(Act::Close);
                    acts
                }
                Some(chunk) => {
                    self.sending.content(Stage::Bdat, self.chunks);
                    self.chunk = Some(chunk);
                    return Vec::new();
                }
                None => tell("501 5.5.4 Invalid arguments"),
            },
            _ => tell("503 5.5.1 Bad sequence of commands"),
        };
        self.sending.refuse(stage(verb), &refusal);
        refusal
    }

    fn sender(&mut self, rest: &str, largest: u64) -> Vec<Act> {
        let tell = |text: &str| vec![Act::Say(format!("{text}\r\n"))];
        let mut acts = self.ended();
        let address = path(rest, "FROM:");
        let refusal = match &address {
            None => tell("501 5.5.4 Invalid arguments"),
            Some(_) if announced(rest).is_some_and(|octets| octets > largest) => tell(TOO_LARGE),
            Some(address) => {
                self.sending.begin(address);
                self.from = Some(address.clone());
                acts.extend(tell("250 2.1.0 Sender OK"));
                return acts;
            }
        };
        acts.extend(self.turned_away(Stage::Mail, address.as_deref(), refusal));
        acts
    }

    /// A refusal before there was a transaction, with its line in the record.
    fn turned_away(&mut self, stage: Stage, sender: Option<&str>, refusal: Vec<Act>) -> Vec<Act> {
        let mut message = self.sending.turn_away(stage, sender, &refusal);
        if let Some(message) = &mut message {
            message.account.clone_from(&self.mailbox);
        }
        message.map(noted).into_iter().chain(refusal).collect()
    }

    /// The message is complete.
    fn taken(&mut self, octets: u64) -> Vec<Act> {
        let own = |from: &String| {
            let scenario = self.house.tenant.scenario();
            let sender = scenario.mailbox_of(from).map(|mailbox| &mailbox.address);
            from.is_empty() || sender.is_some_and(|sender| Some(sender) == self.mailbox.as_ref())
        };
        let allowed = self.from.as_ref().is_some_and(own);
        self.reset();
        self.sending.content(Stage::EndOfData, octets);
        let refusal = if octets > self.largest() {
            vec![Act::Say(format!("{TOO_LARGE}\r\n"))]
        } else if allowed {
            let message = self.sending.accepted(self.mailbox.as_deref());
            return vec![noted(message), Act::Say("250 2.6.0 Queued mail for delivery\r\n".to_owned())];
        } else {
            self.words(Cause::SendAsDenied)
        };
        self.sending.refuse(Stage::EndOfData, &refusal);
        let mut acts = self.ended();
        acts.extend(refusal);
        acts
    }
}

fn noted(message: Transaction) -> Act {
    Act::Note(Note::Message(Box::new(message)))
}

impl Talk for Smtp {
    fn protocol(&self) -> Protocol {
        Protocol::Smtp
    }

    fn greet(&mut self) -> Vec<Act> {
        vec![Act::Say(format!("220 {}\r\n", self.house.tenant.scenario().smtp.greeting))]
    }

    fn wants(&self) -> Want {
        match (&self.data, &self.chunk) {
            (Some(_), _) => Want::Content,
            (None, Some(chunk)) => Want::Skip(chunk.left),
            (None, None) => Want::Line,
        }
    }

    fn skipped(&mut self, left: u64) {
        if let Some(chunk) = &mut self.chunk {
            chunk.left = left;
            let here = chunk.octets.saturating_sub(left);
            if self.from.is_some() {
                self.sending.content(Stage::Bdat, self.chunks.saturating_add(here));
            }
        }
    }

    fn content(&mut self, octets: &[u8]) -> (usize, Vec<Act>) {
        let Some(content) = &mut self.data else { return (0, Vec::new()) };
        let (taken, over) = content.take(octets);
        let total = content.octets();
        if over {
            self.data = None;
            return (taken, self.taken(total));
        }
        self.sending.content(Stage::Data, total);
        if total > LARGEST {
            let refusal = vec![Act::Say(format!("{TOO_LARGE}\r\n")), Act::Close];
            self.sending.refuse(Stage::Data, &refusal);
            return (taken, refusal);
        }
        (taken, Vec::new())
    }

    fn line(&mut self, line: &[u8]) -> Vec<Act> {
        if self.logins.waiting() {
            let mut notes = Vec::new();
            let step = self.logins.hear(line, self.secured, &mut notes);
            notes.extend(self.step(step));
            return notes;
        }
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (verb, rest) = (verb.to_ascii_uppercase(), rest.trim());
        let mechanism = rest.split(' ').next().map(cut).filter(|_| verb == "AUTH" && !rest.is_empty());
        let mut acts = vec![command_note(KNOWN, &verb, mechanism.as_deref(), text.len())];
        self.commands += 1;
        if KNOWN.contains(&verb.as_str()) && self.commands <= MOST_COMMANDS {
            acts.extend(self.perform(&verb, rest));
            return acts;
        }
        self.bad += 1;
        acts.push(Act::Say("500 5.3.3 Unrecognized command\r\n".to_owned()));
        if self.bad >= MOST_BAD || self.commands > MOST_COMMANDS {
            acts.push(Act::Say(
                "421 4.7.0 Too many errors on this connection, closing transmission channel\r\n".to_owned(),
            ));
            acts.push(Act::Close);
        }
        acts
    }

    fn octets(&mut self, _octets: &[u8]) -> Vec<Act> {
        let Some(Chunk { octets, last, .. }) = self.chunk.take() else { return Vec::new() };
        if self.from.is_none() {
            return Vec::new();
        }
        self.chunks += octets;
        self.sending.content(Stage::Bdat, self.chunks);
        if last {
            let total = self.chunks;
            return self.taken(total);
        }
        vec![Act::Say(format!("250 2.6.0 CHUNK received OK, {octets} octets\r\n"))]
    }

    fn secured(&mut self) {
        self.secured = true;
        self.reset();
    }

    fn over(&mut self) -> Vec<Note> {
        self.sending
            .over(self.mailbox.as_deref())
            .map(|message| Note::Message(Box::new(Transaction { left: true, ..message })))
            .into_iter()
            .collect()
    }

    fn busy(&self) -> Vec<Act> {
        let mut acts = say(&self.logins.words(Cause::Throttled), None, "");
        acts.push(Act::Close);
        acts
    }
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
