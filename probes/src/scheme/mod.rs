//! HTTP authentication schemes (RFC 9110 section 11), client side: one file per scheme.
//!
//! A scheme gives the value of the `Authorization` field of a request and, where it has more than one step, of the
//! requests after it; it knows no service, no socket and no clock. To add one, write a file with a type that
//! implements [`Scheme`] and name it in [`Schemes::standard`].

mod basic;
mod bearer;
mod ntlm;

use std::sync::Arc;

use crate::model::{Command, Kind, Login, Method, Skip};

/// A scheme as the registry knows it.
pub trait Scheme: Send + Sync {
    /// The name of the IANA registry of HTTP authentication schemes.
    fn name(&self) -> &'static str;

    /// Whether it presents a password (or a proof that a guess can be tested against) or a token.
    fn kind(&self) -> Kind;

    /// Whether it is tried where the server does not offer it.
    fn tried_unadvertised(&self) -> bool {
        false
    }

    /// Begins an attempt.
    ///
    /// # Errors
    /// The [`Skip`] that the report shows: no secret, or one that cannot be written in this scheme.
    fn start(&self, context: &Context<'_>) -> Result<Box<dyn Credentials>, Skip>;
}

/// One running attempt of one scheme.
pub trait Credentials: Send {
    /// The value of the `Authorization` field of the next request. `challenges` are the values of
    /// `WWW-Authenticate` in the answer to the one before, none before the first. `None` ends the attempt: the
    /// answer that was heard last is the answer.
    fn next(&mut self, challenges: &[&str]) -> Option<Command>;

    /// Whether what `next` gave last can be judged by the server: true from the message on that holds the proof.
    fn presented(&self) -> bool {
        true
    }

    /// Whether a later request on the connection is to carry what `next` gave last once more.
    fn repeats(&self) -> bool {
        true
    }
}

/// What a scheme may know about the connection, and what must differ each time.
pub struct Context<'a> {
    /// Who logs in, with what.
    pub login: &'a Login,
    /// `tls-server-end-point` (RFC 5929 section 4), for schemes that bind to the TLS channel.
    pub server_end_point: Option<&'a [u8]>,
    /// Eight random octets.
    pub nonce: [u8; 8],
    /// The clock, in units of 100 ns since 1601-01-01 UTC.
    pub filetime: u64,
}

/// The schemes a run knows, in the order in which they are tried.
#[derive(Clone)]
pub struct Schemes(Vec<Arc<dyn Scheme>>);

impl Schemes {
    /// Everything this crate implements.
    pub fn standard() -> Self {
        Self(vec![Arc::new(basic::Basic), Arc::new(ntlm::Ntlm), Arc::new(bearer::Bearer)])
    }

    /// A scheme by name, in any case.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Scheme>> {
        self.0.iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// Every scheme in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Scheme>> {
        self.0.iter()
    }

    /// What a method presents, where it is a scheme we know.
    pub fn kind(&self, method: &Method) -> Option<Kind> {
        match method {
            Method::Http(name) => self.find(name).map(|scheme| scheme.kind()),
            _ => None,
        }
    }
}

impl Default for Schemes {
    fn default() -> Self {
        Self::standard()
    }
}

/// Credentials of one message.
struct Once(Option<Command>);

impl Credentials for Once {
    fn next(&mut self, _challenges: &[&str]) -> Option<Command> {
        self.0.take()
    }
}
