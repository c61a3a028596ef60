//! The question that every listener asks the tenant, and the answer.

use std::fmt;

use mailprobe_probes::model::{Cause, Protocol};

/// What a client presented. It says nothing of a secret in `Debug`.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// Nothing: a request without credentials.
    Nothing,
    /// A user name and a password.
    Password {
        /// The name as presented.
        user: &'a str,
        /// The password as presented.
        password: &'a [u8],
    },
    /// An access token, for the user named beside it where the protocol names one (XOAUTH2).
    Token {
        /// The name as presented.
        user: Option<&'a str>,
        /// The token as presented.
        token: &'a str,
    },
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Password { .. } => "Password(..)",
            Self::Token { .. } => "Token(..)",
        })
    }
}

/// What the tenant decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// [`Cause::Accepted`], or why not.
    pub cause: Cause,
    /// The mailbox's address, where the login was accepted.
    pub mailbox: Option<String>,
    /// Why the mailbox does not open although the login was accepted; `None` where it does.
    pub shut: Option<Cause>,
}

/// The exact words of one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Status: an SMTP reply code or an HTTP status; none in IMAP and POP3.
    pub status: Option<u16>,
    /// The line as it stands in the protocol, without IMAP's tag (`NO LOGIN failed.`), or the reason phrase of HTTP.
    pub text: String,
    /// The SASL error challenge that goes first, as JSON text, where there is one.
    pub challenge: Option<String>,
    /// Header fields of HTTP, in order.
    pub headers: Vec<(String, String)>,
    /// Content of HTTP.
    pub body: String,
    /// How long the server thinks before it says so, milliseconds.
    pub delay_ms: u64,
    /// Whether it hangs up afterwards.
    pub closes: bool,
    /// The public source of these words.
    pub source: String,
}

/// Who decides.
pub trait Bench: Send + Sync {
    /// Whether what was presented opens this protocol.
    fn rule(&self, protocol: Protocol, presented: &Presented<'_>) -> Ruling;

    /// How that is said in this protocol.
    fn words(&self, protocol: Protocol, cause: Cause) -> Words;
}
