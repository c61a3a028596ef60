//! SMTP submission (RFC 6409, RFC 4954), server side. Every message is taken and thrown away: nothing is relayed, to
//! nobody, and there is no code here that could.

use std::fmt::Write as _;
use std::sync::Arc;

use mailprobe_probes::model::{Cause, Protocol, harmless};

use super::house::House;
use super::login::{Logins, Step};
use super::talk::{Act, MOST_BAD, MOST_COMMANDS, Note, Talk, Want, command_note, say};

/// Commands that are recorded by name.
const KNOWN: &[&str] = &[
    "AUTH", "BDAT", "DATA", "EHLO", "EXPN", "HELO", "HELP", "MAIL", "NOOP", "QUIT", "RCPT", "RSET",
    "STARTTLS", "VRFY",
];
/// Largest message that is swallowed, octets.
const LARGEST: u64 = 150 * 1024 * 1024;
/// Recipients of one message.
const MOST_RECIPIENTS: usize = 500;

/// A chunk that is being skipped.
#[derive(Clone, Copy)]
struct Chunk {
    octets: u64,
    left: u64,
    last: bool,
}

/// SMTP on one connection.
pub struct Smtp {
    house: Arc<House>,
    logins: Logins,
    secured: bool,
    mailbox: Option<String>,
    from: Option<String>,
    recipients: usize,
    /// Octets of the message so far, while one is read by lines.
    data: Option<u64>,
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

    fn hello(&mut self, verb: &str, name: &str) -> Vec<Act> {
        self.reset();
        let mut acts = vec![Act::Note(Note::Name(cut(name)))];
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
                self.reset();
                tell("250 2.0.0 Resetting")
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
                self.words(Cause::NotAuthenticated)
            }
            _ => self.message(verb, rest),
        }
    }

    fn message(&mut self, verb: &str, rest: &str) -> Vec<Act> {
        let tell = |text: &str| vec![Act::Say(format!("{text}\r\n"))];
        match (verb, self.from.is_some(), self.recipients > 0) {
            ("MAIL", ..) => match path(rest, "FROM:") {
                Some(address) => {
                    self.reset();
                    self.from = Some(address);
                    tell("250 2.1.0 Sender OK")
                }
                None => tell("501 5.5.4 Invalid arguments"),
            },
            ("RCPT", true, _) if self.recipients >= MOST_RECIPIENTS => tell("452 4.5.3 Too many recipients"),
            ("RCPT", true, _) => match path(rest, "TO:").filter(|address| !address.is_empty()) {
                Some(_) => {
                    self.recipients += 1;
                    tell("250 2.1.5 Recipient OK")
                }
                None => tell("501 5.5.4 Invalid arguments"),
            },
            ("DATA", true, true) => {
                self.data = Some(0);
                tell("354 Start mail input; end with <CRLF>.<CRLF>")
            }
            ("BDAT", true, true) => match chunk(rest) {
                Some(Chunk { octets, .. }) if self.chunks.saturating_add(octets) > LARGEST => {
                    let mut acts = tell("552 5.3.4 Message is too large");
                    acts.push(Act::Close);
                    acts
                }
                Some(chunk) => {
                    self.chunk = Some(chunk);
                    Vec::new()
                }
                None => tell("501 5.5.4 Invalid arguments"),
            },
            _ => tell("503 5.5.1 Bad sequence of commands"),
        }
    }

    /// The message is complete.
    fn taken(&mut self, octets: u64) -> Vec<Act> {
        let recipients = self.recipients;
        let own = |from: &String| {
            let scenario = self.house.tenant.scenario();
            let sender = scenario.mailbox_of(from).map(|mailbox| &mailbox.address);
            from.is_empty() || sender.is_some_and(|sender| Some(sender) == self.mailbox.as_ref())
        };
        let allowed = self.from.as_ref().is_some_and(own);
        self.reset();
        if !allowed {
            return self.words(Cause::SendAsDenied);
        }
        vec![
            Act::Note(Note::Message { octets, recipients }),
            Act::Say("250 2.6.0 Queued mail for delivery\r\n".to_owned()),
        ]
    }

    fn body(&mut self, line: &[u8], so_far: u64) -> Vec<Act> {
        if line == b"." {
            self.data = None;
            return self.taken(so_far);
        }
        let total = so_far + u64::try_from(line.len()).unwrap_or(u64::MAX).saturating_add(2);
        self.data = Some(total);
        if total > LARGEST {
            return vec![Act::Say("552 5.3.4 Message is too large\r\n".to_owned()), Act::Close];
        }
        Vec::new()
    }
}

/// The address of `FROM:<a@b> SIZE=1`, with or without brackets and spaces.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let head = rest.get(..keyword.len())?;
    let tail = rest.get(keyword.len()..).filter(|_| head.eq_ignore_ascii_case(keyword))?.trim_start();
    let address = match tail.strip_prefix('<') {
        Some(inner) => inner.split_once('>')?.0,
        None => tail.split(' ').next().filter(|address| !address.is_empty())?,
    };
    Some(address.chars().take(254).collect())
}

/// Octets of a chunk, and whether it is the last (RFC 3030 section 2).
fn chunk(rest: &str) -> Option<Chunk> {
    let mut parts = rest.split_ascii_whitespace();
    let octets = parts.next()?.parse().ok()?;
    let last = parts.next().is_some_and(|word| word.eq_ignore_ascii_case("LAST"));
    Some(Chunk { octets, left: octets, last })
}

fn cut(text: &str) -> String {
    harmless(text.chars().take(80).collect::<String>().as_bytes())
}

impl Talk for Smtp {
    fn protocol(&self) -> Protocol {
        Protocol::Smtp
    }

    fn greet(&mut self) -> Vec<Act> {
        vec![Act::Say(format!("220 {}\r\n", self.house.tenant.scenario().smtp.greeting))]
    }

    fn wants(&self) -> Want {
        self.chunk.as_ref().map_or(Want::Line, |chunk| Want::Skip(chunk.left))
    }

    fn skipped(&mut self, left: u64) {
        if let Some(chunk) = &mut self.chunk {
            chunk.left = left;
        }
    }

    fn reads_content(&self) -> bool {
        self.data.is_some()
    }

    fn line(&mut self, line: &[u8]) -> Vec<Act> {
        if let Some(so_far) = self.data {
            return self.body(line, so_far);
        }
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

    fn busy(&self) -> Vec<Act> {
        let mut acts = say(&self.logins.words(Cause::Throttled), None, "");
        acts.push(Act::Close);
        acts
    }
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
