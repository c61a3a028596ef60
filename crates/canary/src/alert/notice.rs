//! A notice: one thing to be told, as it is kept in the outbox. It holds what happened, not how it is said, so that an
//! entry written by one version is told by the next in its own words.

use serde::{Deserialize, Serialize};

use super::alike::Alike;
use crate::cell::{Cell, CellKey};
use crate::view::Micros;

/// What a notice does to the alert that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// A problem begins.
    Opens,
    /// It goes on, with another answer.
    Moves,
    /// It is over.
    Closes,
    /// Something changed, and no rule calls it a problem. Nothing stays open.
    Tells,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// A rule is broken.
    Critical,
}

impl Severity {
    /// The word in labels and configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What it is that expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiring {
    /// A server's certificate, or one of its chain.
    Certificate,
    /// An access or refresh token.
    Token,
    /// A client secret or a client certificate of an application.
    ClientSecret,
}

impl Expiring {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Token => "token",
            Self::ClientSecret => "client secret",
        }
    }
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "about")]
#[allow(clippy::large_enum_variant, reason = "nearly all of them are cells")]
pub enum Subject {
    /// One cell became another.
    Cell {
        /// Which.
        key: CellKey,
        /// The mailbox it belongs to.
        mailbox: String,
        /// What it was; nothing where it was not known.
        before: Option<Cell>,
        /// What it is.
        after: Cell,
        /// Since when it had been what it was; where that was not known, since when what it is was seen.
        before_since: Option<Micros>,
    },
    /// Something ends at a known time.
    Expiry {
        /// What kind of thing.
        what: Expiring,
        /// Its name: host and port of a certificate, the target of a token, the application of a secret.
        name: String,
        /// When.
        at: Micros,
        /// Where it is renewed, or how.
        remedy: String,
    },
    /// A share of all targets changed in the same minute: one notice in place of theirs.
    Storm {
        /// Targets that changed, so far.
        changed: usize,
        /// Of so many.
        of: usize,
        /// How many changes became which state, most first.
        became: Vec<(String, usize)>,
        /// Some of the targets, by name.
        examples: Vec<String>,
        /// What their cells tell, by kind, most first.
        kinds: Vec<Alike>,
    },
    /// What has been open for long, in one notice.
    Reminder {
        /// How many alerts are open.
        open: usize,
        /// Some of them, oldest first.
        examples: Vec<String>,
    },
}

/// One thing to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it does to its alert.
    pub phase: Phase,
    /// How much it matters.
    pub severity: Severity,
    /// When it happened.
    pub at: Micros,
    /// What it is about.
    pub subject: Subject,
    /// Where to read on.
    pub link: Option<String>,
}

impl Notice {
    /// Names the alert that it belongs to: the same for its beginning and its end.
    pub fn identity(&self) -> String {
        match &self.subject {
            Subject::Cell { key, .. } => {
                format!("cell\n{}\n{}\n{}\n{}", key.target, key.module, key.endpoint, key.method)
            }
            Subject::Expiry { what, name, .. } => format!("expiry\n{}\n{name}", what.words()),
            Subject::Storm { .. } => "storm".to_owned(),
            Subject::Reminder { .. } => "reminder".to_owned(),
        }
    }

    /// The target whose cell changed.
    pub fn target(&self) -> Option<&str> {
        match &self.subject {
            Subject::Cell { key, .. } => Some(&key.target),
            _ => None,
        }
    }
}
