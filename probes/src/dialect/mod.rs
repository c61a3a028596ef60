//! Line protocols, sans-I/O: where one unit of the server's talk ends, what it means, and how our
//! commands are written. The exchange engine and the driver speak to every protocol through
//! [`Dialect`]; neither knows which one it is.

mod foreign;
mod imap;
mod limits;
mod line;
mod pop3;
mod smtp;

pub use imap::Imap;
pub use limits::Limits;
pub use pop3::Pop3;
pub use smtp::{NOBODY, Smtp};

use std::collections::VecDeque;

use crate::model::{Command, Kind, Login, Method, Offer, Protocol, Reply, Skip, Status, Trouble};

/// Where the first unit in a buffer ends. Framing comes before parsing, with its own bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// The unit is this many bytes long, line end included.
    Complete(usize),
    /// More bytes are needed.
    Partial,
    /// It would be longer than allowed; what, and the limit in octets.
    TooLarge(Trouble, usize),
}

/// What one unit means for the command that is pending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It answers nothing (an untagged IMAP line). Recorded and skipped.
    Aside,
    /// The server announces that it will close, outside any answer. A final answer may still follow.
    Goodbye(Reply),
    /// A continuation with this text, still in base64 where it is a SASL challenge.
    Continue(Vec<u8>),
    /// The final answer to the pending command.
    Final(Status, Reply),
    /// It has no place here: grammar or tag is wrong.
    Violation(String),
}

/// What the server's first unit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Greeting {
    /// Ready for commands.
    Ready,
    /// Already logged in (IMAP `PREAUTH`).
    Preauthenticated,
    /// Not now, or not you.
    Goodbye(Reply),
    /// Another protocol: its name.
    Foreign(&'static str),
    /// Not a greeting of this or any protocol we know.
    Violation(String),
}

/// One command of a login that is not SASL, and which answer lets the next one go.
#[derive(Debug, Clone)]
pub struct Flight {
    /// What is sent.
    pub command: Command,
    /// The answer that must come before the next flight.
    pub until: Until,
}

/// The answer that ends a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// A continuation.
    Continuation,
    /// A final yes.
    Success,
}

/// One line protocol on one connection. It holds what the protocol itself makes one hold: the pending
/// tag, whether a list is being read, the capabilities heard last.
pub trait Dialect: Send {
    /// Which protocol.
    fn protocol(&self) -> Protocol;

    /// The end of the first unit in `buffer`.
    fn frame(&self, buffer: &[u8], limits: &Limits) -> Frame;

    /// Reads the greeting.
    fn greeting(&mut self, unit: &[u8]) -> Greeting;

    /// Reads any later unit.
    fn read(&mut self, unit: &[u8]) -> Heard;

    /// A capability list that the last unit completed, verbatim and in order. Handed out once.
    fn fresh_capabilities(&mut self) -> Option<Vec<String>>;

    /// What a capability list offers, in its order.
    fn offers(&self, capabilities: &[String]) -> Vec<Offer>;

    /// The request for the capability list.
    fn capability(&mut self) -> Command;

    /// Whether the list offers the upgrade to TLS.
    fn offers_starttls(&self, capabilities: &[String]) -> bool;

    /// The request to upgrade.
    fn starttls(&mut self) -> Command;

    /// How long, in octets of base64, a first message may be that travels with the command of this
    /// mechanism; 0 where none may. What the mechanism presents counts: POP3 sends no token in one line.
    fn initial_response_limit(&self, mechanism: &str, kind: Kind, capabilities: &[String]) -> usize;

    /// The command that begins a SASL exchange, with the first message (base64) where one may travel.
    fn authenticate(&mut self, mechanism: &str, initial: Option<Command>) -> Command;

    /// One SASL response (base64).
    fn respond(&mut self, data: Command) -> Command {
        data.and("\r\n")
    }

    /// The line that cancels a SASL exchange.
    fn cancel(&mut self) -> Command {
        Command::clear("*\r\n")
    }

    /// Login commands of this protocol that are not SASL.
    fn login_methods(&self) -> &'static [Method];

    /// Whether such a login is tried where the server does not offer it.
    fn tried_unadvertised(&self, method: &Method) -> bool {
        self.login_methods().contains(method)
    }

    /// The flights of such a login.
    ///
    /// # Errors
    /// Why it cannot be written with this login.
    fn login(
        &mut self,
        method: &Method,
        login: &Login,
        capabilities: &[String],
    ) -> Result<VecDeque<Flight>, Skip>;

    /// The goodbye.
    fn logout(&mut self) -> Command;
}
