//! A scripted mail server, and a visit of the prober to it.
//!
//! A [`Script`] says what one connection of the server sends and expects; [`Visit`] runs the IMAP probe
//! against it, over pipes in memory (with a clock that jumps when nothing is left to do) or over TCP, and
//! hands back what both sides saw. Whatever a script is about, every visit is checked for what must always
//! hold: the script was played to its end, the report reads back as written, nothing in it acts on a
//! terminal, evidence lies inside the transcript, and no secret is in it.

mod identity;
mod leaks;
mod script;
mod seen;
mod server;
mod visit;

pub(crate) use identity::{Flaw, Identity, identity, root};
pub(crate) use leaks::{leak, pieces};
pub(crate) use script::{Said, Script, Step};
pub(crate) use seen::{Conversation, Seen};
#[allow(unused_imports, reason = "not every suite runs a server by itself")]
pub(crate) use server::Server;
pub(crate) use visit::{PASSWORD, TOKEN, USER, Visit, once};
