//! What devices tried: one entry a connection, bounded, and without anything secret in it.

mod absent;
mod clients;
mod device;
mod html;
mod live;
mod logins;
mod note;
mod offer;
mod profile;
mod spoken;
mod text;
mod transaction;
mod verdict;

pub use device::{Device, DeviceReport, Use};
pub use live::live;
pub(crate) use live::{handshake, left};
pub use logins::{LoginUse, MessageUse, Tried};
pub use note::Note;
pub use offer::Offer;
pub use spoken::Spoken;
pub use transaction::{Fate, Stage, Transaction};
pub use verdict::Verdict;

use mailprobe_probes::model::{Cause, Method, Protocol};
use serde::Serialize;

/// Connections that are kept; later ones are counted only.
const MOST_CONNECTIONS: usize = 5000;
/// Commands of one connection that are kept.
const MOST_COMMANDS: usize = 100;
/// Messages of one connection that are kept; of more than these the last.
const MOST_MESSAGES: usize = 20;

/// What kind of secret was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretShape {
    /// None.
    Nothing,
    /// A password.
    Password,
    /// An access token.
    Token,
}

/// One login, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoginTry {
    /// Over which protocol.
    pub protocol: Protocol,
    /// How.
    pub method: Method,
    /// Whether the first message travelled with the command; `None` where the method knows no such thing.
    pub initial_response: Option<bool>,
    /// Whether it was sent without TLS.
    pub in_clear: bool,
    /// The name as presented, harmless and cut.
    pub user: String,
    /// The mailbox that it is for: by its address where the tenant has it, else by the name in lower case.
    pub account: Option<String>,
    /// What kind of secret it was shown as.
    pub secret: SecretShape,
    /// Whether a password was shown as a token, or a token as a password.
    pub mistaken: bool,
    /// Its length, octets.
    pub length: usize,
    /// Whether it was the right one, whatever the tenant's switches say.
    pub matched: bool,
    /// What the tenant said.
    pub cause: Cause,
    /// Why the mailbox stayed shut after an accepted login.
    pub shut: Option<Cause>,
    /// What the tenant would say at each date of the service, in the order of dates; for an accepted login into a
    /// mailbox that stays shut, why it does.
    pub dates: Vec<Cause>,
}

impl LoginTry {
    /// A login that presented nothing.
    pub const fn empty(
        protocol: Protocol,
        method: Method,
        initial_response: Option<bool>,
        in_clear: bool,
        cause: Cause,
    ) -> Self {
        Self {
            protocol,
            method,
            initial_response,
            in_clear,
            user: String::new(),
            account: None,
            secret: SecretShape::Nothing,
            mistaken: false,
            length: 0,
            matched: false,
            cause,
            shut: None,
            dates: Vec::new(),
        }
    }

    /// Whether it opened the mailbox.
    pub fn opened(&self) -> bool {
        self.cause == Cause::Accepted && self.shut.is_none()
    }
}

/// What a client offers in its first message of TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Hello {
    /// Versions, newest first, by number: `1.3`.
    pub versions: Vec<String>,
    /// Cipher suites by IANA name, in its order.
    pub ciphers: Vec<String>,
    /// The name it asks for.
    pub sni: Option<String>,
    /// Application protocols.
    pub alpn: Vec<String>,
    /// A short digest of what does not change from one connection of a program to the next: versions, suites, groups and
    /// signature algorithms.
    pub fingerprint: String,
}

impl Hello {
    /// Whether it offers nothing from TLS 1.2 on.
    fn is_old(&self) -> bool {
        !self.versions.is_empty()
            && !self.versions.iter().any(|version| matches!(version.as_str(), "1.2" | "1.3"))
    }

    /// Its versions for a sentence: `TLS 1.1 and 1.0`.
    fn named(&self) -> String {
        let versions = self.versions.join(" and ");
        if versions.starts_with(|first: char| first.is_ascii_digit()) {
            format!("TLS {versions}")
        } else {
            versions
        }
    }
}

/// How a handshake ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "ended")]
pub enum Ended {
    /// With a session.
    Established {
        /// Version by number.
        version: String,
        /// Cipher suite by IANA name.
        cipher: String,
    },
    /// The client does not take the certificate, and said so.
    CertificateRefused {
        /// Its alert.
        alert: String,
    },
    /// The client left without a word: often over the certificate too.
    Abandoned,
    /// Nothing that both sides speak.
    NothingInCommon {
        /// In words.
        detail: String,
    },
    /// TLS began where a command was expected: on a port of STARTTLS, without STARTTLS.
    StarttlsExpected,
    /// The client spoke its protocol without TLS where TLS is expected at once.
    Plaintext {
        /// The command that it began with.
        command: String,
        /// In words.
        detail: String,
    },
    /// Not one octet came where TLS is expected at once.
    Silent {
        /// In words.
        detail: String,
    },
    /// What came is no TLS, or broken.
    Broken {
        /// In words.
        detail: String,
    },
}

/// One handshake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handshake {
    /// Whether it came after STARTTLS or STLS.
    pub starttls: bool,
    /// What the client offered, where that could be read.
    pub hello: Option<Hello>,
    /// How it ended.
    #[serde(flatten)]
    pub ended: Ended,
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Connection {
    /// Counted from 1.
    pub number: usize,
    /// What was spoken.
    #[serde(rename = "protocol")]
    pub spoken: Spoken,
    /// The tenant's port.
    pub port: u16,
    /// Where it came from.
    pub peer: String,
    /// TLS, where it was begun.
    pub tls: Option<Handshake>,
    /// What the client calls itself (EHLO, `User-Agent`).
    pub name: Option<String>,
    /// Commands in order, without what may be secret.
    pub commands: Vec<String>,
    /// The logins that it was offered last, where it asked.
    pub offered: Option<Offer>,
    /// Logins in order.
    pub logins: Vec<LoginTry>,
    /// Versions of `ActiveSync` it asked for.
    pub activesync_versions: Vec<String>,
    /// What the token endpoint did for it, in order: the grant that it gave a token for, or the error.
    pub grants: Vec<String>,
    /// Messages that were taken, and thrown away.
    pub messages: usize,
    /// Every message that was begun, in order.
    pub transactions: Vec<Transaction>,
    /// Messages that are not among them, because there were too many.
    pub transactions_left_out: usize,
    /// What a client should not do.
    pub odd: Vec<String>,
}

impl Connection {
    /// A new connection.
    pub const fn new(number: usize, spoken: Spoken, port: u16, peer: String) -> Self {
        Self {
            number,
            spoken,
            port,
            peer,
            tls: None,
            name: None,
            commands: Vec::new(),
            offered: None,
            logins: Vec::new(),
            activesync_versions: Vec::new(),
            grants: Vec::new(),
            messages: 0,
            transactions: Vec::new(),
            transactions_left_out: 0,
            odd: Vec::new(),
        }
    }

    /// The command of a login that presented nothing, where one was begun: its client left at the server's question.
    fn begun_login(&self) -> Option<&str> {
        let begins = |command: &&String| {
            let verb = command.split(' ').next().unwrap_or_default();
            matches!(verb, "AUTH" | "AUTHENTICATE" | "USER" | "LOGIN") && command.as_str() != "AUTH"
        };
        self.commands.iter().rev().find(begins).filter(|_| self.logins.is_empty()).map(String::as_str)
    }

    /// Writes a note down.
    pub fn note(&mut self, note: Note) {
        match note {
            Note::Command(command) if self.commands.len() < MOST_COMMANDS => self.commands.push(command),
            Note::Login(tried) if self.logins.len() < MOST_COMMANDS => self.logins.push(*tried),
            Note::Odd(what) if !self.odd.iter().any(|known| known == what) => self.odd.push(what.to_owned()),
            Note::Name(name) => self.name = Some(name),
            Note::Message(message) => {
                self.messages += usize::from(message.fate == Fate::Accepted);
                if self.transactions.len() >= MOST_MESSAGES {
                    // The last one decides whether the client can send.
                    self.transactions.pop();
                    self.transactions_left_out += 1;
                }
                self.transactions.push(*message);
            }
            Note::Offered(offer) => self.offered = Some(offer),
            Note::ActiveSync(version) => keep(&mut self.activesync_versions, version),
            Note::Grant(grant) => keep(&mut self.grants, grant),
            Note::Command(_) | Note::Login(_) | Note::Odd(_) => {}
        }
    }
}

/// Each once, and no more than a report can show.
fn keep(list: &mut Vec<String>, value: String) {
    if list.len() < MOST_COMMANDS && !list.contains(&value) {
        list.push(value);
    }
}

/// Everything that was tried.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Record {
    /// Connections in the order of their ends.
    pub connections: Vec<Connection>,
    /// Connections that were counted only.
    pub uncounted: usize,
    /// Connections that were turned away: too many at a time.
    pub turned_away: usize,
}

impl Record {
    /// Adds a connection that is over.
    pub fn add(&mut self, connection: Connection) {
        if self.connections.len() < MOST_CONNECTIONS {
            self.connections.push(connection);
        } else {
            self.uncounted += 1;
        }
    }
}

#[cfg(test)]
mod tests;
