//! Policies: what must hold for a mailbox, protocol by protocol, with dates and sources. The shipped ones are the
//! same TOML that a user writes.
//!
//! A rule holds from its first day (`from`) until the day before its last word (`until`); the day it is judged for is
//! the report's own, or any other: what would fail then, if nothing changed. What nobody said stays undecided, as in
//! every expectation.

mod decide;
mod file;
mod learn;

use jiff::civil::Date;
use mailprobe_probes::model::{Demand, Protocol, Severity};

pub(super) use decide::expectations;
pub use learn::learn;

use super::Mistakes;

/// A set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What it is about, in one line.
    pub title: String,
    /// Hosts whose future its dates tell: names, or `*.` and a domain. Only devices are judged by it; whoever names a
    /// policy for a check means it.
    pub hosts: Vec<String>,
    /// The day on which its statements were last compared with their sources.
    pub reviewed: Option<Date>,
    /// In the order written.
    pub rules: Vec<PolicyRule>,
}

/// One rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRule {
    /// Stable id, unique in its policy.
    pub id: String,
    /// Endpoints of these protocols; all where empty.
    pub protocols: Vec<Protocol>,
    /// What must hold there.
    pub demand: Demand,
    /// Endpoints on these hosts; on all where empty. Written as [`Policy::hosts`].
    pub only_hosts: Vec<String>,
    /// Hosts it is not about, whichever else it is about.
    pub not_hosts: Vec<String>,
    /// First day; always where `None`.
    pub from: Option<Date>,
    /// First day on which it holds no longer.
    pub until: Option<Date>,
    /// How much a failure matters. `Info` is advice: it never decides the verdict.
    pub severity: Severity,
    /// Mailboxes it is not about: addresses, or `*@` and a domain.
    pub except: Vec<String>,
    /// Why it is wanted.
    pub because: String,
    /// Where that is written; may be empty.
    pub source: String,
    /// The day on which it was last read there; the policy's own where the rule does not say.
    pub reviewed: Option<Date>,
}

macro_rules! shipped {
    ($($name:literal,)*) => {
        /// The shipped policies' names and texts.
        pub const SHIPPED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../policies/", $name, ".toml"))),)*];
    };
}

shipped! {
    "exchange-online-2026-12",
    "exchange-online-2027-04",
    "exchange-online-final",
    "modern-only",
    "on-premises-strict",
    "gmail-workspace",
    "outlook-personal",
}

/// Days after which a policy is old: announcements of providers have moved within less.
pub const OLD_AFTER_DAYS: i64 = 90;

impl Policy {
    /// Reads a policy; `file` is what messages call it.
    ///
    /// # Errors
    /// Every mistake, with its line and column.
    pub fn read(file: &str, text: &str) -> Result<Self, Mistakes> {
        file::read(file, text)
    }

    /// A shipped policy by name.
    pub fn shipped(name: &str) -> Option<Self> {
        let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        Self::read(name, text).ok()
    }

    /// Every shipped policy.
    pub fn all_shipped() -> Vec<Self> {
        SHIPPED.iter().filter_map(|(name, _)| Self::shipped(name)).collect()
    }

    /// Whether its dates are about this host.
    pub fn is_about_host(&self, host: &str) -> bool {
        names(&self.hosts, host)
    }

    /// Days between the last look at its sources and a day; negative where that day came before.
    pub fn age(&self, at: Date) -> Option<i64> {
        self.reviewed.map(|reviewed| at.duration_since(reviewed).as_hours() / 24)
    }

    /// Whether its statements may have been overtaken by a day.
    pub fn is_old(&self, at: Date) -> bool {
        self.age(at).is_some_and(|days| days > OLD_AFTER_DAYS)
    }
}

/// Whether one of the patterns, names or `*.` and a domain, is this host.
fn names(patterns: &[String], host: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_prefix("*.") {
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => pattern == host,
    })
}

impl PolicyRule {
    /// Whether it holds on a day.
    pub fn in_force(&self, at: Date) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// Whether it is about endpoints of a protocol.
    pub fn is_about(&self, protocol: Protocol) -> bool {
        let spoken = self.protocols.is_empty() || self.protocols.contains(&protocol);
        match self.demand {
            Demand::Methods { .. } => spoken,
            Demand::TlsAtLeast { .. } => spoken && is_line(protocol),
            Demand::ActiveSyncAtLeast { .. } => protocol == Protocol::ActiveSync,
        }
    }

    /// Whether it is about endpoints on this host.
    pub fn is_about_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        (self.only_hosts.is_empty() || names(&self.only_hosts, &host)) && !names(&self.not_hosts, &host)
    }

    /// Whether it is about this mailbox.
    pub fn is_about_mailbox(&self, mailbox: &str) -> bool {
        !self.except.iter().any(|pattern| match pattern.strip_prefix("*@") {
            Some(domain) => mailbox.rsplit_once('@').is_some_and(|(_, of)| of.eq_ignore_ascii_case(domain)),
            None => pattern.eq_ignore_ascii_case(mailbox),
        })
    }
}

/// Versions of TLS are asked of these: the others share the front door of a web server.
const fn is_line(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Imap | Protocol::Pop3 | Protocol::Smtp)
}

#[cfg(test)]
mod tests;
