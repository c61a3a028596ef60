//! The way from a login command to the last line of its answer, for every line protocol alike.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::{Cause, Method, Protocol};

use super::house::{Circumstances, House};
use super::record::Note;
use super::sasl::{Credentials, Login, Next};
use super::talk::Act;
use super::{Bench as _, Ruling, Words};

/// What is said after a login command or one of its lines.
pub(super) enum Step {
    /// A challenge in base64.
    Challenge(String),
    /// The last word. Logged in where the ruling is [`Cause::Accepted`].
    Answer(Ruling, Words),
}

/// Where a session of IMAP or POP3 stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Before the login.
    Not,
    /// Logged in, and the mailbox opens.
    Open,
    /// Logged in, and it does not, for this reason.
    Shut(Cause),
}

impl Inside {
    /// After an accepted login.
    pub(super) fn after(ruling: &Ruling) -> Self {
        ruling.shut.map_or(Self::Open, Self::Shut)
    }
}

/// The logins of one connection.
pub(super) struct Logins {
    house: Arc<House>,
    protocol: Protocol,
    pending: Option<Pending>,
}

enum Pending {
    /// The mechanism waits for a line.
    Sasl { login: Login, method: Method, initial: bool },
    /// The error challenge is out; whatever the client says to it, this follows.
    Acknowledged { ruling: Ruling, words: Words },
}

impl Logins {
    pub(super) const fn new(house: Arc<House>, protocol: Protocol) -> Self {
        Self { house, protocol, pending: None }
    }

    /// Whether the next line belongs to a login.
    pub(super) const fn waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// The words for a cause.
    pub(super) fn words(&self, cause: Cause) -> Words {
        self.house.tenant.words(self.protocol, cause)
    }

    fn refuse(&self, cause: Cause) -> Step {
        Step::Answer(Ruling { cause, mailbox: None, shut: None }, self.words(cause))
    }

    /// A SASL command, with the message that came with it.
    pub(super) fn begin(
        &mut self,
        mechanism: &str,
        initial: Option<&[u8]>,
        secured: bool,
        notes: &mut Vec<Act>,
    ) -> Step {
        let line = self.house.tenant.scenario().line(self.protocol);
        let (known, takes_initial) = (line.understands(mechanism), line.initial_response.admits(mechanism));
        let too_early = !secured && !line.login_before_tls;
        let method = Method::sasl(mechanism);
        let login = Login::new(mechanism);
        let Some(mut login) = login.filter(|_| known && !too_early) else {
            let cause = if too_early { Cause::TlsRequired } else { Cause::MechanismUnsupported };
            // What came with the command is judged for the record: it may have been a password without TLS.
            match (Login::new(mechanism), initial) {
                (Some(mut login), Some(message)) => match login.hear(message) {
                    Next::Judge(credentials) => {
                        drop(self.judge(&credentials, &method, Some(true), secured, notes));
                        self.pending = None;
                    }
                    _ => notes.push(tried(self.protocol, &method, Some(true), secured, cause)),
                },
                _ => notes.push(tried(self.protocol, &method, Some(initial.is_some()), secured, cause)),
            }
            return self.refuse(cause);
        };
        let Some(message) = initial else {
            let next = login.begin();
            return self.next(next, login, method, false, secured, notes);
        };
        if !takes_initial {
            notes.push(tried(self.protocol, &method, Some(true), secured, Cause::ClientProtocolError));
            return self.refuse(Cause::ClientProtocolError);
        }
        let next = login.hear(message);
        self.next(next, login, method, true, secured, notes)
    }

    /// A line that belongs to a login.
    pub(super) fn hear(&mut self, line: &[u8], secured: bool, notes: &mut Vec<Act>) -> Step {
        match self.pending.take() {
            Some(Pending::Sasl { mut login, method, initial }) => {
                let next = login.hear(line);
                self.next(next, login, method, initial, secured, notes)
            }
            Some(Pending::Acknowledged { ruling, words }) => Step::Answer(ruling, words),
            None => self.refuse(Cause::ClientProtocolError),
        }
    }

    fn next(
        &mut self,
        next: Next,
        login: Login,
        method: Method,
        initial: bool,
        secured: bool,
        notes: &mut Vec<Act>,
    ) -> Step {
        match next {
            Next::Ask(challenge) => {
                self.pending = Some(Pending::Sasl { login, method, initial });
                Step::Challenge(challenge)
            }
            Next::Judge(credentials) => self.judge(&credentials, &method, Some(initial), secured, notes),
            Next::Cancelled | Next::Malformed => {
                notes.push(tried(self.protocol, &method, Some(initial), secured, Cause::ClientProtocolError));
                self.refuse(Cause::ClientProtocolError)
            }
        }
    }

    /// Judges what was presented.
    pub(super) fn judge(
        &mut self,
        credentials: &Credentials,
        method: &Method,
        initial_response: Option<bool>,
        secured: bool,
        notes: &mut Vec<Act>,
    ) -> Step {
        let how = Circumstances { protocol: self.protocol, initial_response, secured };
        let (ruling, tried) = self.house.judge(how, method, &credentials.presented());
        notes.push(Act::Note(Note::Login(Box::new(tried))));
        let words = self.words(ruling.cause);
        if let Some(challenge) = &words.challenge {
            let challenge = STANDARD.encode(challenge);
            self.pending = Some(Pending::Acknowledged { ruling, words });
            return Step::Challenge(challenge);
        }
        Step::Answer(ruling, words)
    }
}

/// A login that presented nothing that could be judged.
fn tried(
    protocol: Protocol,
    method: &Method,
    initial_response: Option<bool>,
    secured: bool,
    cause: Cause,
) -> Act {
    Act::Note(Note::Login(Box::new(super::record::LoginTry::empty(
        protocol,
        method.clone(),
        initial_response,
        !secured,
        cause,
    ))))
}
