//! After an accepted login: is the mailbox usable? Asked through a real client of the protocol, on our own
//! authenticated stream.

mod imap;
mod pop3;
mod shim;
mod smtp;
mod submit;
mod talk;

pub use imap::ImapSession;
pub use pop3::Pop3Session;
pub use smtp::SmtpSession;

use std::time::Duration;

use crate::dialect::Limits;
use crate::model::{Failure, LineRange, Reply};
use crate::wire::{BoxFuture, Io, Patience, Tap};

/// An authenticated stream on its way to a client.
pub struct HandOver {
    /// The stream, with its log.
    pub stream: Tap<Box<dyn Io>>,
    /// The address of the mailbox that was opened, as far as the login names one.
    pub address: String,
    /// Bytes that were read from it and not yet looked at.
    pub ahead: Vec<u8>,
    /// Inbound lines that were looked at.
    pub lines_taken: usize,
    /// Whether the server has already said what it offers after the login.
    pub capabilities_known: bool,
    /// The list that the server offered for logging in, line by line.
    pub login_list: Vec<String>,
    /// A message that is to be sent, where that is asked for and the protocol sends.
    pub errand: Option<Errand>,
    /// How long the visit may still take.
    pub patience: Patience,
    /// How long one reply may take.
    pub reply_timeout: Duration,
    /// How much the server may send before it is cut off: four units in all, in so many lines.
    pub limits: Limits,
}

/// A real message to be sent, and what it tells its reader about itself.
#[derive(Debug, Clone)]
pub struct Errand {
    /// Its recipient.
    pub to: String,
    /// The method that logged in.
    pub method: String,
    /// The endpoint as a URL.
    pub url: String,
}

/// What the client found.
pub struct Checked {
    /// Whether the mailbox opened, in the server's words and where it said them; or why nobody can say.
    pub verdict: Result<(bool, Reply, LineRange), Failure>,
    /// The capability list after the login, where it was asked for here.
    pub capabilities: Option<(Vec<String>, LineRange)>,
    /// The `Message-ID` of the message that was taken, where one was sent.
    pub message_id: Option<String>,
    /// What a yes came with.
    pub proof: Proof,
}

/// What a yes to the question for the mailbox came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// What only an open mailbox has: its flags, its messages, their number.
    Shown,
    /// Nothing, as some servers have it. A login that is in doubt is not proven by that.
    Bare,
    /// Something that no open mailbox brings, and none of the former.
    Contradicted,
}

impl Checked {
    /// A verdict, and nothing else.
    fn only(verdict: Result<(bool, Reply, LineRange), Failure>) -> Self {
        Self { verdict, capabilities: None, message_id: None, proof: Proof::Bare }
    }
}

/// Asks for the mailbox, read-only, and says goodbye.
pub trait SessionCheck: Send + Sync {
    /// Takes the stream over.
    fn check(&self, hand_over: HandOver) -> BoxFuture<'_, Checked>;
}
