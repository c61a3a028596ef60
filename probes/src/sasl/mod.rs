//! SASL (RFC 4422), client side: the one exchange engine and one file per mechanism.
//!
//! A mechanism sees challenges and gives responses; it does not know base64, protocols or sockets. To add
//! one, write a file with a type that implements [`Mechanism`] and name it in `registry.rs`.

mod cram_md5;
mod exchange;
mod login;
mod oauthbearer;
mod payload;
mod plain;
mod registry;
mod scram;
mod token_label;
mod xoauth2;

pub use exchange::{End, Exchange, Next};
pub use payload::Payload;
pub use registry::Registry;
pub use scram::{ScramHash, ScramMechanism};
pub(crate) use token_label::{describe, sensitive_parts};

use crate::model::{Kind, Login, Skip};

/// A mechanism as the registry knows it: its name, what it needs, and how an exchange of it begins.
pub trait Mechanism: Send + Sync {
    /// IANA name in upper case.
    fn name(&self) -> &'static str;

    /// Whether it presents a password (or a proof that a guess can be tested against) or a token.
    fn kind(&self) -> Kind;

    /// Whether it is tried where the server does not offer it: `true` for the mechanisms whose refusal is
    /// itself an answer (PLAIN, LOGIN, XOAUTH2).
    fn tried_unadvertised(&self) -> bool {
        false
    }

    /// Whether what it sends can be used by whoever reads it, so that it needs TLS. Mechanisms that send
    /// only a proof answer `false`; they are held back on plaintext connections all the same, because a
    /// proof can be guessed against offline.
    fn sends_secret(&self) -> bool {
        true
    }

    /// Begins an exchange, or says why there can be none on this connection.
    ///
    /// # Errors
    /// The [`Skip`] that the report shows: no secret, no channel binding, a NUL where none may be.
    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip>;
}

/// One running exchange of one mechanism.
///
/// Implementors must
/// - return the same `initial` whether or not the protocol lets it travel with the command;
/// - return `None` from `initial` where the server speaks first, and `Some` of an empty payload where the
///   client's first message is empty: the two differ on the wire;
/// - mark in the [`Payload`] what nobody may see;
/// - bound what they compute from the server's parameters;
/// - never panic, whatever the challenge.
pub trait SaslClient: Send {
    /// The client's first message, where the client speaks first.
    fn initial(&mut self) -> Option<Payload>;

    /// The answer to one challenge, already decoded from base64.
    fn respond(&mut self, challenge: &[u8]) -> Step;

    /// Called when the server says yes: the place to notice that it did so without proving itself.
    ///
    /// # Errors
    /// The flaw that makes the server's yes worthless.
    fn accepted(&mut self) -> Result<(), Flaw> {
        Ok(())
    }
}

/// What a mechanism wants to do about a challenge.
#[derive(Debug)]
pub enum Step {
    /// Answer it.
    Send(Payload),
    /// It was the server's error report (RFC 7628 section 3.2.3): answer with this and read the refusal.
    Acknowledge(Payload),
    /// Give up: cancel the exchange.
    Abort(Flaw),
}

/// What is wrong with the server's side of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The server's signature is wrong or missing: it does not know the password's verifier.
    NotAuthentic(String),
    /// The server said yes before it had what it needs to know who we are.
    TooEarly,
    /// A message that cannot be answered: malformed, out of order, or with parameters over the bounds.
    Unanswerable(String),
}

/// What a mechanism may know about the connection.
pub struct Context<'a> {
    /// Who logs in, with what.
    pub login: &'a Login,
    /// Host name as asked for (OAUTHBEARER's `host`).
    pub host: &'a str,
    /// Port (OAUTHBEARER's `port`).
    pub port: u16,
    /// The TLS channel, for mechanisms that bind to it.
    pub binding: Option<&'a ChannelBinding>,
    /// Fresh printable randomness for nonces (no comma), injected so that the RFCs' vectors are tests.
    pub nonce: &'a dyn Fn() -> String,
}

/// Channel bindings of one TLS session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelBinding {
    /// `tls-exporter` (RFC 9266), on TLS 1.3.
    pub exporter: Option<Vec<u8>>,
    /// `tls-server-end-point` (RFC 5929 section 4): hash of the server's certificate.
    pub server_end_point: Option<Vec<u8>>,
}

/// A nonce from the operating system's randomness: 24 printable characters without a comma.
///
/// Without randomness there is no safe nonce: the empty string makes SCRAM refuse to begin ([`Skip::NoRandomness`]).
pub fn random_nonce() -> String {
    use base64::Engine as _;
    let mut bytes = [0_u8; 18];
    match getrandom::fill(&mut bytes) {
        Ok(()) => base64::engine::general_purpose::STANDARD.encode(bytes),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::Secret;

    /// A login with a user name and a password.
    pub(crate) fn login(user: &str, password: &str) -> Login {
        Login { authcid: user.into(), password: Some(Secret::new(password)), ..Login::default() }
    }

    /// A connection without TLS to `server.example.com:143`, and a nonce that never changes.
    pub(crate) fn context(login: &Login) -> Context<'_> {
        Context {
            login,
            host: "server.example.com",
            port: 143,
            binding: None,
            nonce: &|| "fixed-nonce".into(),
        }
    }

    /// The bytes of a step that sends.
    pub(crate) fn sent(step: Step) -> Vec<u8> {
        match step {
            Step::Send(payload) => payload.bytes().to_vec(),
            other => panic!("expected a message, got {other:?}"),
        }
    }
}
