//! What one connection of a visit leaves behind.

use std::net::SocketAddr;

use crate::model::{Advertisement, Attempt, Failure, Line, LineRange, PhaseTimes, TlsFacts};
use crate::wire::Redactor;

/// The story of one connection.
pub(super) struct Story {
    pub(super) number: u32,
    pub(super) attempt: Option<Attempt>,
    pub(super) failure: Option<Failure>,
    pub(super) peer: Option<SocketAddr>,
    pub(super) tls: Option<TlsFacts>,
    pub(super) greeting: Option<String>,
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
