//! Where notices go. A sink takes one notice or says why not; it knows nothing of retries, order or time limits.

mod alertmanager;
mod command;
mod email;
mod post;
mod slack;
mod teams;
mod webhook;

#[cfg(test)]
mod tests;

pub use command::Command;
pub use email::{Email, Mailer, mailbox};
pub use post::{Bearer, Poster};
pub use webhook::{Form, Webhook};

use mailprobe_probes::wire::BoxFuture;

use super::notice::Notice;
use crate::view::Micros;

/// Why a sink did not take a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// In words, without any secret.
    pub words: String,
    /// Whether it is about this notice alone, so that the next may fare better.
    pub this_one_only: bool,
    /// Seconds that it asks to be left alone for.
    pub wait: Option<u64>,
}

impl Refusal {
    /// The sink cannot be reached, or is not well.
    pub(super) fn down(words: impl Into<String>) -> Self {
        Self { words: words.into(), this_one_only: false, wait: None }
    }
}

/// A place that notices go to.
pub trait Sink: Send + Sync {
    /// Hands a notice over. The future may be dropped at any moment.
    fn take<'a>(&'a self, notice: &'a Notice, now: Micros) -> BoxFuture<'a, Result<(), Refusal>>;

    /// Whether it forgets what it is not told again (Alertmanager).
    fn forgets(&self) -> bool {
        false
    }
}
