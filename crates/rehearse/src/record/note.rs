//! What a listener writes into the record.

use super::{LoginTry, Offer, Transaction};

/// What is worth recording. No note holds a secret.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// A command, without its arguments unless they are harmless.
    Command(String),
    /// What the client calls itself.
    Name(String),
    /// A login.
    Login(Box<LoginTry>),
    /// A message and what became of it.
    Message(Box<Transaction>),
    /// The logins that the client was told of.
    Offered(Offer),
    /// A version of `ActiveSync` that was asked for.
    ActiveSync(String),
    /// What the token endpoint did: the grant that it gave a token for, or the error.
    Grant(String),
    /// Something that a client should not do.
    Odd(&'static str),
}
