//! The one login exchange: a state machine that every line protocol and every mechanism shares.
//!
//! It is handed what the dialect heard and says what to send next. It knows rounds, acknowledgements and
//! cancellation; it does not know any protocol's syntax or any mechanism's messages. Logins that are not
//! SASL (IMAP LOGIN with its literals, POP3 USER and PASS) run through it as a list of flights.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};

use super::{Flaw, Payload, SaslClient, Step};
use crate::dialect::{Dialect, Flight, Heard, Until};
use crate::model::{Command, Reply, Status, harmless};

/// A login on its way.
pub struct Exchange {
    script: Script,
    waiting: Waiting,
    rounds: usize,
    most_rounds: usize,
    initial_sent: bool,
    goodbye: Option<Reply>,
    challenge: Option<String>,
    quirks: Vec<&'static str>,
}

enum Script {
    Sasl { mechanism: String, client: Box<dyn SaslClient> },
    Flights { left: VecDeque<Flight>, until: Until },
}

/// What the next continuation would mean.
enum Waiting {
    /// The client's first message has not travelled yet: a continuation asks for it.
    ForGoAhead(Payload),
    /// A continuation is a challenge.
    ForChallenge,
    /// The error report was acknowledged: only the refusal is left.
    ForRefusal,
    /// We cancelled for this reason: only the server's reaction is left.
    AfterCancel(Flaw),
}

/// What to do after a unit was heard.
#[derive(Debug)]
pub enum Next {
    /// Send this, then read on.
    Send(Command),
    /// Read on.
    Read,
    /// The exchange is over.
    Done(End),
}

/// How an exchange ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The server says yes.
    Yes(Reply),
    /// The server says no. With a SASL error challenge where one came first (decoded, harmless).
    No {
        /// Its words.
        reply: Reply,
        /// The decoded error challenge.
        challenge: Option<String>,
    },
    /// The server said goodbye in place of an answer. With a SASL error challenge where one came first.
    Goodbye {
        /// Its words.
        reply: Reply,
        /// The decoded error challenge.
        challenge: Option<String>,
    },
    /// The mechanism gave up over what the server sent.
    Flawed(Flaw),
    /// More rounds than allowed.
    TooManyRounds(usize),
    /// The server's answer has no place here.
    Violation(String),
    /// The connection ended without any answer.
    Silence,
}

/// Padding that is missing or too much is a quirk, not an end.
const INDIFFERENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl Exchange {
    /// A SASL exchange.
    pub fn sasl(mechanism: &str, client: Box<dyn SaslClient>, most_rounds: usize) -> Self {
        Self::new(Script::Sasl { mechanism: mechanism.to_owned(), client }, most_rounds)
    }

    /// A login command that is not SASL.
    pub fn flights(flights: VecDeque<Flight>, most_rounds: usize) -> Self {
        Self::new(Script::Flights { left: flights, until: Until::Success }, most_rounds)
    }

    fn new(script: Script, most_rounds: usize) -> Self {
        Self {
            script,
            waiting: Waiting::ForChallenge,
            rounds: 0,
            most_rounds,
            initial_sent: false,
            goodbye: None,
            challenge: None,
            quirks: Vec::new(),
        }
    }

    /// The opening command. `initial_limit` is how much base64 may travel with it.
    pub fn begin(&mut self, dialect: &mut dyn Dialect, initial_limit: usize) -> Command {
        match &mut self.script {
            Script::Sasl { mechanism, client } => {
                let mut first = None;
                if let Some(payload) = client.initial() {
                    let encoded = payload.base64();
                    if initial_limit > 0 && encoded.len() <= initial_limit {
                        self.initial_sent = true;
                        first = Some(encoded);
                    } else {
                        self.waiting = Waiting::ForGoAhead(payload);
                    }
                }
                dialect.authenticate(mechanism, first)
            }
            Script::Flights { left, until } => {
                let flight = left.pop_front();
                *until = flight.as_ref().map_or(Until::Success, |flight| flight.until);
                flight.map(|flight| flight.command).unwrap_or_default()
            }
        }
    }

    /// Whether the client's first message travelled with the command.
    pub const fn initial_sent(&self) -> bool {
        self.initial_sent
    }

    /// Departures from the protocol that were put up with, by name.
    pub fn quirks(&self) -> &[&'static str] {
        &self.quirks
    }

    /// Takes one unit in and says what to do.
    pub fn hear(&mut self, dialect: &mut dyn Dialect, heard: Heard) -> Next {
        match heard {
            Heard::Aside => Next::Read,
            Heard::Goodbye(reply) => {
                // The first says why; what follows it is the usual farewell.
                self.goodbye.get_or_insert(reply);
                Next::Read
            }
            Heard::Violation(what) => Next::Done(End::Violation(what)),
            Heard::Continue(text) => {
                self.rounds += 1;
                if self.rounds > self.most_rounds {
                    return Next::Done(End::TooManyRounds(self.most_rounds));
                }
                self.continuation(dialect, &text)
            }
            Heard::Final(status, reply) => self.answer(status, reply),
        }
    }

    /// The connection ended, or the server fell silent after a goodbye.
    pub fn closed(&mut self) -> End {
        let challenge = self.challenge.take();
        self.goodbye.take().map_or(End::Silence, |reply| End::Goodbye { reply, challenge })
    }

    /// The server's error report on the token, decoded, where a yes came behind one.
    pub fn error_report(&self) -> Option<&str> {
        self.challenge.as_deref()
    }

    /// Whether the server has announced that it will close.
    pub const fn goodbye_heard(&self) -> bool {
        self.goodbye.is_some()
    }

    fn quirk(&mut self, name: &'static str) {
        if !self.quirks.contains(&name) {
            self.quirks.push(name);
        }
    }

    fn continuation(&mut self, dialect: &mut dyn Dialect, text: &[u8]) -> Next {
        let client = match &mut self.script {
            Script::Flights { left, until } => {
                return match left.pop_front() {
                    Some(flight) if *until == Until::Continuation => {
                        *until = flight.until;
                        Next::Send(flight.command)
                    }
                    _ => Next::Done(End::Violation("a continuation where an answer was due".into())),
                };
            }
            Script::Sasl { client, .. } => client,
        };
        match std::mem::replace(&mut self.waiting, Waiting::ForChallenge) {
            Waiting::ForGoAhead(payload) => {
                if !text.is_empty() {
                    self.quirk("go-ahead-with-text");
                }
                Next::Send(dialect.respond(payload.base64()))
            }
            Waiting::ForChallenge => {
                let (challenge, quirk) = decode(text);
                if let Some(quirk) = quirk.filter(|quirk| !self.quirks.contains(quirk)) {
                    self.quirks.push(quirk);
                }
                match client.respond(&challenge) {
                    Step::Send(payload) => Next::Send(dialect.respond(payload.base64())),
                    Step::Acknowledge(payload) => {
                        self.challenge = Some(harmless(&challenge));
                        self.waiting = Waiting::ForRefusal;
                        Next::Send(dialect.respond(payload.base64()))
                    }
                    Step::Abort(flaw) => {
                        self.waiting = Waiting::AfterCancel(flaw);
                        Next::Send(dialect.cancel())
                    }
                }
            }
            Waiting::ForRefusal => {
                self.quirk("challenge-after-error-report");
                self.waiting = Waiting::ForRefusal;
                Next::Send(dialect.cancel())
            }
            Waiting::AfterCancel(flaw) => Next::Done(End::Flawed(flaw)),
        }
    }

    fn answer(&mut self, status: Status, reply: Reply) -> Next {
        if let Script::Flights { left, until } = &mut self.script
            && status == Status::Yes
            && let Some(flight) = left.pop_front()
        {
            if *until == Until::Continuation {
                return Next::Done(End::Violation("a final yes where a continuation was due".into()));
            }
            *until = flight.until;
            return Next::Send(flight.command);
        }
        match (std::mem::replace(&mut self.waiting, Waiting::ForChallenge), status) {
            (Waiting::AfterCancel(flaw), _) => return Next::Done(End::Flawed(flaw)),
            (Waiting::ForGoAhead(_), Status::Yes) => return Next::Done(End::Flawed(Flaw::TooEarly)),
            _ => {}
        }
        Next::Done(match status {
            Status::Bye => End::Goodbye { reply, challenge: self.challenge.take() },
            Status::No => End::No { reply, challenge: self.challenge.take() },
            Status::Yes => {
                if self.challenge.is_some() {
                    self.quirk("yes-after-error-report");
                }
                match &mut self.script {
                    Script::Sasl { client, .. } => match client.accepted() {
                        Ok(()) => End::Yes(reply),
                        Err(flaw) => End::Flawed(flaw),
                    },
                    Script::Flights { .. } => End::Yes(reply),
                }
            }
        })
    }
}

/// Base64 strictly, then with any padding, then as plain text: each departure has a name.
fn decode(text: &[u8]) -> (Vec<u8>, Option<&'static str>) {
    if let Ok(bytes) = STANDARD.decode(text) {
        return (bytes, None);
    }
    match INDIFFERENT.decode(text) {
        Ok(bytes) => (bytes, Some("base64-padding")),
        Err(_) => (text.to_vec(), Some("challenge-not-base64")),
    }
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
