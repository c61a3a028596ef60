//! What a request shows of the program that sent it, without its secrets.

use mailprobe_probes::model::{Cause, Protocol, harmless};

use super::credentials::{Credentials, Shown};
use super::{Request, Response};

/// Characters of a value that are kept.
const LONGEST: usize = 300;

/// A kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// Behind Basic.
    Password,
    /// Behind Bearer.
    Token,
}

/// A secret as far as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretSeen {
    /// What it was.
    pub kind: SecretKind,
    /// Its length in octets.
    pub length: usize,
    /// Whether it was the right one: `None` where the answer does not come from looking at it.
    pub matched: Option<bool>,
}

/// One request and how it ended. Everything in it is harmless and bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub verb: String,
    /// The path without its query, which may hold codes.
    pub path: String,
    /// `Cmd` of an `ActiveSync` request with a plain query.
    pub command: Option<String>,
    /// The scheme of `Authorization`, as spelled.
    pub scheme: Option<String>,
    /// The name behind Basic.
    pub user: Option<String>,
    /// What was presented.
    pub secret: Option<SecretSeen>,
    /// `User-Agent`.
    pub user_agent: Option<String>,
    /// `MS-ASProtocolVersion`.
    pub activesync_version: Option<String>,
    /// The service, where the tenant was asked.
    pub protocol: Option<Protocol>,
    /// What the tenant decided, where it was asked.
    pub cause: Option<Cause>,
    /// The status of the answer.
    pub status: u16,
    /// What the token endpoint did: `AADSTS50126`, or the grant that it gave a token for.
    pub note: Option<String>,
}

impl Seen {
    /// What a request showed, and what it was told.
    pub fn of(request: &Request, response: &Response) -> Self {
        let shown = Shown::of(request);
        let cause = response.ruled.map(|ruled| ruled.cause);
        let (user, secret) = match &shown.credentials {
            Credentials::Nothing => (None, None),
            Credentials::Password { user, password } => {
                (Some(told(user)), Some((SecretKind::Password, password.len())))
            }
            Credentials::Token(token) => (None, Some((SecretKind::Token, token.len()))),
        };
        let secret =
            secret.map(|(kind, length)| SecretSeen { kind, length, matched: cause.and_then(matched) });
        let field = |name| request.header(name).map(told);
        Self {
            verb: told(&request.verb),
            path: told(&request.path),
            command: request.parameter("Cmd").map(|command| told(&command)),
            scheme: shown.scheme,
            user,
            secret,
            user_agent: field("user-agent"),
            activesync_version: field("ms-asprotocolversion"),
            protocol: response.ruled.map(|ruled| ruled.protocol),
            cause,
            status: response.status,
            note: response.note.as_deref().map(told),
        }
    }
}

/// Whether a decision tells that the secret was the right one. A policy that stands before it does not.
fn matched(cause: Cause) -> Option<bool> {
    match cause {
        Cause::Accepted | Cause::MfaRequired | Cause::ConditionalAccess => Some(true),
        Cause::BadCredentials | Cause::NoSuchUser | Cause::TokenInvalid => Some(false),
        _ => None,
    }
}

fn told(text: &str) -> String {
    harmless(text.chars().take(LONGEST).collect::<String>().as_bytes())
}
