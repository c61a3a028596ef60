//! Who is told of what: a confirmed change becomes notices ([`compose`](mod@compose)), notices become messages ([`message`]), and
//! messages are delivered by sinks until they are taken ([`deliver`]).
//!
//! A notice is written into the history in the same transaction as the change that it is about, one for each sink; it
//! leaves the history's outbox when the sink has taken it and not before. So an alert is delivered at least once: a crash
//! between the sink's answer and the entry "delivered" sends it a second time, and none loses it. What does *not* happen
//! here: deciding what counts as a change (`change`), and keeping anything (`history`).

mod alike;
pub mod compose;
pub mod deliver;
mod hold;
pub mod message;
pub mod notice;
mod open;
pub mod outbox;
pub mod sink;

#[cfg(test)]
mod tests;

pub use alike::{Alike, What};
pub use compose::{About, Change, NewAlert, Route, Settings, compose};
pub use deliver::{Deliverer, Mood, Pace};
pub use message::Message;
pub use notice::{Expiring, Notice, Phase, Severity, Subject};
pub use outbox::{Entry, How, Outbox};
