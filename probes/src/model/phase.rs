//! How far a session got, and what stopped it when nobody said no.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The steps of a session in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Host name to addresses.
    Resolve,
    /// TCP.
    Connect,
    /// The TLS handshake.
    Tls,
    /// The server's first line.
    Greeting,
    /// The capability list.
    Capability,
    /// The STARTTLS command, not the handshake after it.
    StartTls,
    /// The login exchange.
    Auth,
    /// Opening the mailbox.
    Session,
    /// Saying goodbye.
    Logout,
}

impl Phase {
    /// The name used in reports and by `--stop-after`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Greeting => "greeting",
            Self::Capability => "capability",
            Self::StartTls => "starttls",
            Self::Auth => "auth",
            Self::Session => "session",
            Self::Logout => "logout",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why nothing reliable was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trouble {
    /// The name does not exist.
    NoSuchHost,
    /// The name exists and has no address of the wanted family.
    NoAddress,
    /// The resolver failed.
    ResolverFailed,
    /// Nobody listens there.
    ConnectionRefused,
    /// No route, or a firewall said no.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// The visit's absolute deadline passed.
    Deadline,
    /// The server closed the connection without an answer.
    ConnectionClosed,
    /// The connection was reset.
    ConnectionReset,
    /// The proxy wants to know who comes, or does not take who came.
    ProxyAuthRequired,
    /// The proxy does not connect us to the server.
    ProxyRefused,
    /// The proxy cannot be reached, or does not speak its protocol.
    ProxyFailed,
    /// The TLS handshake failed.
    TlsHandshake,
    /// The server offers no common TLS version.
    TlsVersion,
    /// The peer does not speak TLS on this connection.
    NotTls,
    /// The certificate is not trusted, and nothing secret may be sent.
    CertificateUntrusted,
    /// The server does not offer STARTTLS.
    #[serde(rename = "starttls-not-offered")]
    StartTlsNotOffered,
    /// A device on the path has overwritten the server's offers, STARTTLS among them.
    OfferMasked,
    /// The server refused STARTTLS.
    #[serde(rename = "starttls-refused")]
    StartTlsRefused,
    /// Bytes arrived behind the STARTTLS answer, before TLS.
    #[serde(rename = "starttls-injection")]
    StartTlsInjection,
    /// Another protocol answered on this port.
    WrongProtocol,
    /// The answer points to another place, and nobody follows it with a credential.
    Redirected,
    /// The answer breaks the protocol's grammar or carries another command's tag.
    ProtocolViolation,
    /// A line longer than allowed.
    LineTooLong,
    /// A reply or literal larger than allowed.
    ReplyTooLarge,
    /// More lines than allowed before the answer.
    TooManyLines,
    /// More SASL rounds than allowed.
    TooManyRounds,
    /// Lists inside lists, deeper than allowed.
    NestedTooDeeply,
    /// More interim answers (HTTP 1xx) than allowed before the answer.
    TooManyInterimAnswers,
    /// The server ended the session (`BYE`) in place of an answer.
    ServerClosing,
    /// The server has a passing fault; ask again later.
    Temporary,
    /// A rate or connection limit was hit; ask again later.
    Throttled,
    /// Another connection holds the mailbox.
    MailboxInUse,
    /// The server did not take the request itself, and did not come to judge the credentials.
    RequestRefused,
    /// The server let us in without a login (`PREAUTH`), so nothing was tried.
    Preauthenticated,
    /// Our side cannot go on with what the server sent (SCRAM parameters out of bounds).
    MechanismFailed,
    /// The server could not prove that it knows the password (SCRAM signature).
    ServerNotAuthentic,
    /// The caller did not ask for this phase.
    NotAsked,
    /// The visit was cancelled.
    Cancelled,
    /// An error on our side that should not happen.
    Bug,
}

impl Trouble {
    /// The name used in reports.
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_else(|| "unknown".to_owned())
    }
}

/// What stopped a session, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The phase that died.
    pub phase: Phase,
    /// Why.
    pub cause: Trouble,
    /// In words, with the facts (addresses, limits, the peer's own text).
    pub detail: String,
}

impl Failure {
    /// A failure in one phase.
    pub fn new(phase: Phase, cause: Trouble, detail: impl Into<String>) -> Self {
        Self { phase, cause, detail: detail.into() }
    }
}

/// Milliseconds spent in each phase, in the order they were passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhaseTimes(pub Vec<(Phase, u64)>);

impl PhaseTimes {
    /// Adds time to a phase.
    pub fn add(&mut self, phase: Phase, ms: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == phase) {
            Some((_, total)) => *total += ms,
            None => self.0.push((phase, ms)),
        }
    }
}

impl Serialize for PhaseTimes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(phase, ms)| (phase, ms)))
    }
}

impl<'de> Deserialize<'de> for PhaseTimes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<Phase, u64>::deserialize(deserializer)?;
        Ok(Self(map.into_iter().collect()))
    }
}
