//! What one connection of a visit leaves behind.

use super::link::{Link, Peer};
use crate::model::{
    Advertisement, Attempt, Fact, Failure, Line, LineRange, Method, Outcome, PhaseTimes, TlsFacts,
};
use crate::wire::Redactor;

/// The story of one connection.
pub(super) struct Story {
    pub(super) number: u32,
    pub(super) attempt: Option<Attempt>,
    pub(super) failure: Option<Failure>,
    pub(super) peer: Option<Peer>,
    pub(super) tls: Option<TlsFacts>,
    pub(super) greeting: Option<String>,
    pub(super) facts: Vec<Fact>,
    pub(super) advertised: Vec<Advertisement>,
    pub(super) times: PhaseTimes,
    pub(super) lines: Vec<Line>,
    /// The transcript's note on the handshake.
    pub(super) tls_note: Option<LineRange>,
    /// What arrived behind the answer to STARTTLS.
    pub(super) injected: Option<LineRange>,
    /// Whether the log had something to replace in what came in.
    pub(super) touched: bool,
    /// What the connection's log knows not to show.
    pub(super) redactor: Redactor,
    /// The first line in which the server repeated a secret.
    pub(super) echoed: Option<u32>,
}

impl Story {
    /// The story of a connection that is over.
    pub(super) fn of(link: Link<'_>) -> Self {
        Self {
            number: link.number,
            attempt: None,
            failure: None,
            peer: link.peer,
            tls: link.tls,
            greeting: None,
            facts: Vec::new(),
            advertised: Vec::new(),
            times: link.times,
            lines: link.log.finish(),
            tls_note: link.tls_note,
            injected: None,
            touched: link.log.touched(),
            redactor: link.log.redactor(),
            echoed: link.log.echoed(),
        }
    }
}

/// An attempt whose connection broke before anything could be presented.
pub(super) fn never_came_to(method: Method, connection: u32, failure: Failure) -> Attempt {
    Attempt {
        method,
        advertised: false,
        initial_response: None,
        outcome: Outcome::Inconclusive { failure, answer: None, evidence: None },
        elapsed_ms: 0,
        connection,
        quirks: Vec::new(),
    }
}
