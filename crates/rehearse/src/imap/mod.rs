//! IMAP4rev1 (RFC 3501), server side: what a client needs to log in and to find an empty, unchangeable mailbox.

mod arguments;

use std::sync::Arc;

use mailprobe_probes::model::{Cause, Method, Protocol, harmless};

use super::Words;
use super::house::House;
use super::login::{Inside, Logins, Step};
use super::record::{Note, Offer};
use super::sasl::Credentials;
use super::talk::{Act, LONGEST_LITERAL, MOST_BAD, MOST_COMMANDS, Talk, Want, command_note, say};
use arguments::{Literal, literal, words};

/// Commands that are recorded by name.
const KNOWN: &[&str] = &[
    "APPEND",
    "AUTHENTICATE",
    "CAPABILITY",
    "CHECK",
    "CLOSE",
    "COPY",
    "CREATE",
    "DELETE",
    "ENABLE",
    "EXAMINE",
    "EXPUNGE",
    "FETCH",
    "GETQUOTA",
    "GETQUOTAROOT",
    "ID",
    "IDLE",
    "LIST",
    "LOGIN",
    "LOGOUT",
    "LSUB",
    "MOVE",
    "NAMESPACE",
    "NOOP",
    "RENAME",
    "SEARCH",
    "SELECT",
    "STARTTLS",
    "STATUS",
    "STORE",
    "SUBSCRIBE",
    "UID",
    "UNSELECT",
    "UNSUBSCRIBE",
    "XLIST",
];

/// IMAP on one connection.
pub struct Imap {
    house: Arc<House>,
    logins: Logins,
    secured: bool,
    inside: Inside,
    selected: bool,
    idling: bool,
    tag: String,
    command: &'static str,
    arguments: Vec<Vec<u8>>,
    octets: usize,
    literal: Option<usize>,
    commands: usize,
    bad: usize,
}

impl Imap {
    /// A new connection.
    pub fn new(house: Arc<House>) -> Self {
        Self {
            logins: Logins::new(Arc::clone(&house), Protocol::Imap),
            house,
            secured: false,
            inside: Inside::Not,
            selected: false,
            idling: false,
            tag: "*".to_owned(),
            command: "",
            arguments: Vec::new(),
            octets: 0,
            literal: None,
            commands: 0,
            bad: 0,
        }
    }

    fn tagged(&self, text: &str) -> Act {
        Act::Say(format!("{} {text}\r\n", self.tag))
    }

    fn words(&self, cause: Cause, command: &str) -> Vec<Act> {
        let words = self.logins.words(cause);
        self.answer(&words, command)
    }

    /// An answer, and where the server hangs up after it a goodbye, unless the answer is one.
    fn answer(&self, words: &Words, command: &str) -> Vec<Act> {
        let mut acts = say(words, Some(&self.tag), command);
        if words.closes && words.text.starts_with("* BYE") {
            acts.push(Act::Close);
        } else if words.closes {
            acts.extend(self.bye());
        }
        acts
    }

    fn bye(&self) -> [Act; 2] {
        let goodbye = &self.house.tenant.scenario().imap.goodbye;
        [Act::Say(format!("* BYE {goodbye}\r\n")), Act::Close]
    }

    fn capabilities(&self) -> &[String] {
        let line = &self.house.tenant.scenario().imap;
        match (self.inside, self.secured) {
            (Inside::Open | Inside::Shut(_), _) if !line.after_login.is_empty() => &line.after_login,
            (_, false) => &line.before_tls,
            _ => &line.after_tls,
        }
    }

    fn step(&mut self, step: Step) -> Vec<Act> {
        match step {
            Step::Challenge(challenge) => vec![Act::Say(format!("+ {challenge}\r\n"))],
            Step::Answer(ruling, words) => {
                if ruling.cause == Cause::Accepted {
                    self.inside = Inside::after(&ruling);
                }
                self.answer(&words, self.command)
            }
        }
    }

    fn nonsense(&mut self, text: &str) -> Vec<Act> {
        self.bad += 1;
        let mut acts = vec![self.tagged(&format!("BAD {text}"))];
        if self.bad >= MOST_BAD {
            acts.extend(self.bye());
        }
        acts
    }

    /// A whole command, its literals read.
    fn execute(&mut self) -> Vec<Act> {
        let arguments = std::mem::take(&mut self.arguments);
        let octets = std::mem::take(&mut self.octets);
        let text =
            |at: usize| arguments.get(at).map(|argument| String::from_utf8_lossy(argument).into_owned());
        let Some(tag) = text(0).filter(|tag| is_tag(tag)) else {
            "*".clone_into(&mut self.tag);
            return self.nonsense("Command Error. 10");
        };
        self.tag = tag;
        let verb = text(1).unwrap_or_default().to_ascii_uppercase();
        let known = KNOWN.iter().find(|known| **known == verb);
        let shown = match verb.as_str() {
            "AUTHENTICATE" | "SELECT" | "EXAMINE" => text(2).map(|text| cut(&text)),
            _ => None,
        };
        let mut acts = vec![command_note(KNOWN, &verb, shown.as_deref(), octets)];
        self.commands += 1;
        if self.commands > MOST_COMMANDS {
            acts.extend(self.bye());
            return acts;
        }
        let Some(known) = known else {
            acts.extend(self.nonsense("Command Error. 12"));
            return acts;
        };
        self.command = known;
        acts.extend(self.perform(known, &arguments));
        acts
    }

    fn perform(&mut self, verb: &str, arguments: &[Vec<u8>]) -> Vec<Act> {
        let argument = |at: usize| arguments.get(at + 2).map(Vec::as_slice);
        match verb {
            "CAPABILITY" => {
                let list = self.capabilities();
                let said = format!("* CAPABILITY {}\r\n", list.join(" "));
                let offer = Offer::of(Protocol::Imap, list, self.secured);
                let noted = (self.inside == Inside::Not).then_some(Act::Note(Note::Offered(offer)));
                let answer = [Act::Say(said), self.tagged("OK CAPABILITY completed.")];
                noted.into_iter().chain(answer).collect()
            }
            "NOOP" | "CHECK" | "ENABLE" => vec![self.tagged(&format!("OK {verb} completed."))],
            "ID" => vec![
                Act::Say("* ID (\"name\" \"mailprobe rehearsal\")\r\n".to_owned()),
                self.tagged("OK ID completed."),
            ],
            "LOGOUT" => {
                let [goodbye, close] = self.bye();
                vec![goodbye, self.tagged("OK LOGOUT completed."), close]
            }
            "STARTTLS" if !self.secured && self.inside == Inside::Not => {
                vec![self.tagged("OK Begin TLS negotiation now."), Act::StartTls]
            }
            "LOGIN" | "AUTHENTICATE" if self.inside == Inside::Not => {
                self.login(verb, argument(0), argument(1))
            }
            _ => match self.inside {
                Inside::Not => self.words(Cause::NotAuthenticated, verb),
                Inside::Open => self.mailbox(verb, argument(0)),
                Inside::Shut(cause) => self.words(cause, verb),
            },
        }
    }

    fn login(&mut self, verb: &str, first: Option<&[u8]>, second: Option<&[u8]>) -> Vec<Act> {
        let mut notes = Vec::new();
        let step = match (verb, first, second) {
            ("AUTHENTICATE", Some(mechanism), initial) => {
                let mechanism = cut(&String::from_utf8_lossy(mechanism));
                self.logins.begin(&mechanism, initial, self.secured, &mut notes)
            }
            ("LOGIN", Some(user), Some(password)) => {
                let credentials = Credentials::password(user, password);
                self.logins.judge(&credentials, &Method::LoginCommand, None, self.secured, &mut notes)
            }
            _ => return self.nonsense("Command Argument Error. 11"),
        };
        notes.extend(self.step(step));
        notes
    }

    fn mailbox(&mut self, verb: &str, name: Option<&[u8]>) -> Vec<Act> {
        let is_inbox = name.is_some_and(|name| name.eq_ignore_ascii_case(b"INBOX"));
        let done = self.tagged(&format!("OK {verb} completed."));
        let told = |text: &str| vec![Act::Say(text.to_owned()), done.clone()];
        match verb {
            "SELECT" | "EXAMINE" if is_inbox => {
                self.selected = true;
                let code = if verb == "EXAMINE" { "READ-ONLY" } else { "READ-WRITE" };
                vec![
                    Act::Say(
                        "* 0 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n\
                         * OK [PERMANENTFLAGS ()] Nothing changes here\r\n\
                         * OK [UIDVALIDITY 14] UIDVALIDITY value\r\n* OK [UIDNEXT 1] The next unique identifier value\r\n"
                            .to_owned(),
                    ),
                    self.tagged(&format!("OK [{code}] {verb} completed.")),
                ]
            }
            "SELECT" | "EXAMINE" => {
                vec![self.tagged(&format!("NO INBOX is the only mailbox of a rehearsal ({verb})."))]
            }
            "LIST" | "LSUB" | "XLIST" => told(&format!("* {verb} (\\HasNoChildren) \"/\" INBOX\r\n")),
            "STATUS" if is_inbox => {
                told("* STATUS INBOX (MESSAGES 0 RECENT 0 UIDNEXT 1 UIDVALIDITY 14 UNSEEN 0)\r\n")
            }
            "NAMESPACE" => told("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
            "IDLE" => {
                self.idling = true;
                vec![Act::Say("+ IDLE accepted, awaiting DONE command.\r\n".to_owned())]
            }
            "SEARCH" if self.selected => told("* SEARCH\r\n"),
            "FETCH" | "UID" | "EXPUNGE" if self.selected => vec![done],
            "CLOSE" | "UNSELECT" => {
                self.selected = false;
                vec![done]
            }
            _ => vec![self.tagged(&format!("NO {verb}: nothing changes in a rehearsal."))],
        }
    }
}

fn is_tag(tag: &str) -> bool {
    (1..=64).contains(&tag.len())
        && tag.bytes().all(|byte| byte.is_ascii_graphic() && !b"+(){%*\"\\]".contains(&byte))
}

/// A short argument that is harmless to show.
fn cut(text: &str) -> String {
    harmless(text.chars().take(40).collect::<String>().as_bytes())
}

impl Talk for Imap {
    fn protocol(&self) -> Protocol {
        Protocol::Imap
    }

    fn greet(&mut self) -> Vec<Act> {
        vec![Act::Say(format!("* OK {}\r\n", self.house.tenant.scenario().imap.greeting))]
    }

    fn wants(&self) -> Want {
        self.literal.map_or(Want::Line, Want::Octets)
    }

    fn line(&mut self, line: &[u8]) -> Vec<Act> {
        if self.logins.waiting() {
            let mut notes = Vec::new();
            let step = self.logins.hear(line, self.secured, &mut notes);
            notes.extend(self.step(step));
            return notes;
        }
        if std::mem::take(&mut self.idling) {
            let done = line.trim_ascii().eq_ignore_ascii_case(b"DONE");
            return vec![self.tagged(if done { "OK IDLE completed." } else { "BAD Expected DONE." })];
        }
        // An empty line between commands is what sloppy clients send after a challenge.
        if line.is_empty() && self.arguments.is_empty() {
            return Vec::new();
        }
        self.octets += line.len();
        if self.octets > 4 * LONGEST_LITERAL {
            return vec![Act::Say("* BYE Command is too long.\r\n".to_owned()), Act::Close];
        }
        let (text, announced) = literal(line);
        match words(text) {
            Some(words) => self.arguments.extend(words),
            // A quoted string that does not end: what is left is the tag, so that the answer finds its command.
            None if self.arguments.is_empty() => {
                self.arguments.extend(text.split(|byte| *byte == b' ').next().map(<[u8]>::to_vec));
            }
            None => {}
        }
        match announced {
            None => self.execute(),
            Some(Literal { octets, .. }) if octets > LONGEST_LITERAL => {
                vec![Act::Say("* BYE Literal is too long.\r\n".to_owned()), Act::Close]
            }
            Some(Literal { octets, waits }) => {
                self.literal = Some(octets);
                if waits {
                    vec![Act::Say("+ Ready for additional command text.\r\n".to_owned())]
                } else {
                    Vec::new()
                }
            }
        }
    }

    fn octets(&mut self, octets: &[u8]) -> Vec<Act> {
        self.literal = None;
        self.octets += octets.len();
        self.arguments.push(octets.to_vec());
        Vec::new()
    }

    fn secured(&mut self) {
        self.secured = true;
    }

    fn busy(&self) -> Vec<Act> {
        let text = self.logins.words(Cause::Throttled).text;
        let text = text.lines().last().unwrap_or_default();
        let text = text.strip_prefix("* BYE").or_else(|| text.strip_prefix("NO")).unwrap_or(text).trim();
        vec![Act::Say(format!("* BYE {text}\r\n")), Act::Close]
    }
}

#[cfg(test)]
mod tests;
