//! What a report is held against: expectations, and whether each was met.
//!
//! Everything that code asks of a judgement is an enum; `rule`, `because` and `policy` of the published JSON are these in words,
//! beside them in structured keys. A stored report of an earlier version has the words alone, which are read once, in
//! [`stored`].

mod because;
mod demand;
mod missing;
mod stored;
mod subject;
mod why;

use serde::{Deserialize, Serialize};

use super::{LineRange, Severity};

pub use because::{Because, Told};
pub use demand::{Demand, Methods, Wanted, Which};
pub use missing::Missing;
pub use subject::Subject;
pub use why::{Flaw, Why, trouble};

/// A judgement over a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "stored::FlatVerdict", into = "stored::FlatVerdict")]
pub struct Verdict {
    /// What it was judged by.
    pub by: Vec<Basis>,
    /// The outcome.
    pub status: VerdictStatus,
    /// Rule by rule.
    pub rules: Vec<Expectation>,
}

impl Verdict {
    /// What it was judged by, in words: the names, separated by commas.
    pub fn policy(&self) -> String {
        self.by.iter().map(Basis::name).collect::<Vec<_>>().join(", ")
    }

    /// Whether nothing was expected but what is implied where a secret is given: that it is presented and opens the mailbox.
    pub fn is_implied(&self) -> bool {
        !self.rules.is_empty() && self.rules.iter().all(|rule| rule.subject.is_implied())
    }
}

/// What a verdict judges by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// The rules of the command line, or the implied one.
    CommandLine,
    /// A policy, by its name.
    Policy(String),
}

impl Basis {
    const COMMAND_LINE: &'static str = "command line";

    /// The policy's name, or `command line`.
    pub fn name(&self) -> &str {
        match self {
            Self::CommandLine => Self::COMMAND_LINE,
            Self::Policy(name) => name,
        }
    }

    fn named(name: &str) -> Self {
        if name == Self::COMMAND_LINE { Self::CommandLine } else { Self::Policy(name.to_owned()) }
    }
}

/// Pass, fail, or nobody can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VerdictStatus {
    /// Every expectation was met.
    Pass,
    /// At least one was not.
    Fail,
    /// None failed, and at least one could not be decided.
    Unknown,
}

/// One expectation and whether it was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "stored::Flat", into = "stored::Flat")]
pub struct Expectation {
    /// What it is about, and how that must be.
    pub subject: Subject,
    /// Whether it was met.
    pub status: VerdictStatus,
    /// How much it matters.
    pub severity: Severity,
    /// What decided it.
    pub because: Because,
    /// The endpoint it was decided on.
    pub endpoint: Option<String>,
    /// Lines of that endpoint's transcript.
    pub evidence: Option<LineRange>,
    /// The policy that the rule is from; `None` for one of the command line, and an implied one.
    pub origin: Option<RuleOrigin>,
}

impl Expectation {
    /// The rule as written: `imap/PLAIN=refused`, or an implied one in words.
    pub fn rule(&self) -> String {
        self.subject.to_string()
    }
}

/// Where a rule of a policy stands, and why it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleOrigin {
    /// The policy's name.
    pub policy: String,
    /// The rule's id in it.
    pub id: String,
    /// Why it is wanted.
    pub because: String,
    /// Where that is written; empty where the policy does not say.
    pub source: String,
    /// The day on which somebody last read that there, `2026-11-30`; empty where the policy does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reviewed: String,
}
