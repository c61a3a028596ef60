//! Why nothing was presented: a reason, how it reads, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::model::{Failure, Kind, Protocol, Trouble};

/// One flaw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// It expired on this day (RFC 3339).
    Expired(String),
    /// It is not valid before this day (RFC 3339).
    NotYetValid(String),
    /// It is for other names.
    WrongName {
        /// The name that was asked for.
        wanted: String,
        /// The names that it covers, the first of them.
        names: Vec<String>,
    },
    /// It signed itself.
    SelfSigned,
    /// The chain leads to no trusted root, or what else the verifier said.
    Other(String),
}

impl Flaw {
    /// The flaw as a clause.
    fn clause(&self) -> String {
        match self {
            Self::Expired(day) => format!("the certificate expired on {day}"),
            Self::NotYetValid(day) => format!("the certificate is not valid before {day}"),
            Self::WrongName { wanted, names } if names.is_empty() => {
                format!("the certificate is not for {wanted}")
            }
            Self::WrongName { wanted, names } => {
                format!("the certificate is for {}, not for {wanted}", names.join(", "))
            }
            Self::SelfSigned => "the certificate is self-signed".to_owned(),
            Self::Other(_) => "the certificate is not trusted".to_owned(),
        }
    }
}

/// Why an endpoint saw nothing of what was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The visit ended before any method could be tried.
    Failed(Failure),
    /// The certificate is not trusted, and `--insecure` was not given; every flaw that is known.
    Certificate(Vec<Flaw>),
    /// The connection is not encrypted, and `--allow-plaintext` was not given.
    Plaintext,
    /// The account's attempt budget was spent before the first try, or is 0.
    Budget,
    /// The run was cancelled first.
    Cancelled,
    /// The issuer gave no token.
    NoTokenObtained,
    /// The name or the secret holds a character that no method tried here can carry.
    Unrepresentable,
    /// The methods bind to the TLS channel, and this one cannot be bound to.
    NoChannelBinding,
    /// The methods that were tried present nothing of these kinds; where it names none, no method was to be tried.
    NoMethod(Vec<Kind>),
    /// Only methods that the server offers were to be tried, and it offers none of them, or none that we know.
    NotOffered,
    /// Only what the server offers was tried, and it offers nothing that presents a secret of these kinds.
    NoneOffered(Vec<Kind>),
    /// mailprobe only asks this service what it offers.
    OnlyAsked(Protocol),
    /// An answer pointed to it, and nothing is presented to a place that only an answer names.
    NotAsked,
}

impl Why {
    /// The likeliest to be what the user has to change comes first.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Certificate(_) => 0,
            Self::Plaintext => 1,
            Self::Failed(_) => 2,
            Self::Cancelled => 3,
            Self::NoTokenObtained => 4,
            Self::Budget => 5,
            Self::Unrepresentable => 6,
            Self::NoChannelBinding => 7,
            Self::NotOffered => 8,
            Self::NoneOffered(_) => 9,
            Self::NoMethod(_) => 10,
            Self::OnlyAsked(_) => 11,
            Self::NotAsked => 12,
        }
    }

    /// Whether something stood in the way, rather than the choice of what was to be tried.
    pub const fn is_hindrance(&self) -> bool {
        !matches!(
            self,
            Self::NotOffered | Self::NoneOffered(_) | Self::NoMethod(_) | Self::OnlyAsked(_) | Self::NotAsked
        )
    }

    /// Whether asking again later is all there is to do.
    pub fn waits(&self) -> bool {
        match self {
            Self::Budget => true,
            Self::Failed(failure) => failure.cause == Trouble::Throttled,
            _ => false,
        }
    }

    /// Whether both are told in the same words; the details of a failure stand elsewhere.
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Failed(one), Self::Failed(other)) => one.cause == other.cause,
            (one, other) => one == other,
        }
    }

    /// The reason as a clause: `the certificate is not trusted`. Several where a certificate has several flaws.
    pub fn clauses(&self) -> Vec<String> {
        let one = |clause: &str| vec![clause.to_owned()];
        match self {
            Self::Failed(failure) => one(trouble(failure.cause)),
            Self::Certificate(flaws) if flaws.is_empty() => one("the certificate is not trusted"),
            Self::Certificate(flaws) => flaws.iter().map(Flaw::clause).collect(),
            Self::Plaintext => one("the connection is not encrypted"),
            Self::Budget => one("the attempt budget is used up or 0"),
            Self::Cancelled => one("the run was cancelled first"),
            Self::NoTokenObtained => one("no token was obtained"),
            Self::Unrepresentable => one("the name or the secret holds a character that no method can carry"),
            Self::NoChannelBinding => one("channel binding is not possible on this connection"),
            Self::NoMethod(kinds) => one(match kinds.as_slice() {
                [Kind::Password] => "no method that was tried presents a password",
                [Kind::Token] => "no method that was tried presents a token",
                [] => "no method was to be tried there",
                _ => "no method that was tried presents a password or a token",
            }),
            Self::NoneOffered(kinds) => one(match kinds.as_slice() {
                [Kind::Password] => "the server offers no method that presents a password",
                [Kind::Token] => "the server offers no method that presents a token",
                _ => "the server offers no method that presents a password or a token",
            }),
            Self::NotOffered => one("the server offers no method that was to be tried"),
            Self::OnlyAsked(_) => one("mailprobe only asks this service what it offers"),
            Self::NotAsked => one("only an answer named this place"),
        }
    }

    /// What to do about it, in brackets behind the reason; empty where the reason says it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Certificate(flaws) => match flaws.as_slice() {
                [] | [Flaw::SelfSigned | Flaw::Other(_), ..] => "--ca-file, or --insecure",
                [Flaw::Expired(_), ..] => "renew it, or --insecure",
                [Flaw::NotYetValid(_), ..] => "check the clocks, or --insecure",
                [Flaw::WrongName { .. }, ..] => "use a name that it covers, or --insecure",
            },
            Self::Plaintext => "use TLS, or --allow-plaintext",
            Self::Budget => "--attempt-budget",
            Self::NoMethod(kinds) if kinds.is_empty() => "--methods, --no-unadvertised",
            Self::NoMethod(_) => "--methods, or methods in --targets",
            Self::NoneOffered(_) => "leave out --no-unadvertised, or --methods",
            Self::NotOffered => "--methods, or leave out --no-unadvertised",
            Self::OnlyAsked(_) => "add an endpoint that takes logins",
            _ => "",
        }
    }
}

/// What ended a visit, as a clause: `connection refused`.
pub const fn trouble(cause: Trouble) -> &'static str {
    match cause {
        Trouble::NoSuchHost => "no such host",
        Trouble::NoAddress => "the host has no address of the wanted family",
        Trouble::ResolverFailed => "the name could not be resolved",
        Trouble::ConnectionRefused => "connection refused",
        Trouble::Unreachable => "no route to the host",
        Trouble::Timeout => "no answer in time",
        Trouble::Deadline => "the visit took too long",
        Trouble::ConnectionClosed | Trouble::ServerClosing => "the server closed the connection",
        Trouble::ConnectionReset => "the connection was reset",
        Trouble::ProxyAuthRequired => "the proxy requires authentication",
        Trouble::ProxyRefused => "the proxy refused the connection",
        Trouble::ProxyFailed => "the proxy cannot be used",
        Trouble::TlsHandshake => "the TLS handshake failed",
        Trouble::TlsVersion => "no TLS version in common",
        Trouble::NotTls => "no TLS on this port",
        Trouble::CertificateUntrusted => "the certificate is not trusted",
        Trouble::StartTlsNotOffered => "STARTTLS is not offered",
        Trouble::StartTlsRefused => "STARTTLS was refused",
        Trouble::StartTlsInjection => "plaintext arrived behind the STARTTLS answer",
        Trouble::WrongProtocol => "another protocol answered",
        Trouble::Redirected => "the answer points to another place",
        Trouble::ProtocolViolation => "the answer breaks the protocol",
        Trouble::LineTooLong | Trouble::ReplyTooLarge | Trouble::TooManyLines | Trouble::TooManyRounds => {
            "the server sent too much"
        }
        Trouble::Temporary => "the server reported a temporary error",
        Trouble::Throttled => "the server limits how often it is asked",
        Trouble::Preauthenticated => "the server lets everybody in without a login",
        Trouble::MechanismFailed => "the answer cannot be used by the mechanism",
        Trouble::ServerNotAuthentic => "the server could not prove its identity",
        Trouble::Cancelled => "the run was cancelled first",
        Trouble::Bug => "internal error in mailprobe",
        _ => "no clear answer",
    }
}
