//! A cell: what one method does on one endpoint of one target, as one visit saw it.
//!
//! Cells are read from a report and from nothing else, so that a stored report gives the same cells again.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellKey {
    /// The target's name in the configuration.
    pub target: String,
    /// The module's name in the configuration.
    pub module: String,
    /// The endpoint as a URL.
    pub endpoint: String,
    /// The method as reports name it; [`CellKey::ENDPOINT`] for the endpoint itself.
    pub method: String,
}

impl CellKey {
    /// The method of the cell that stands for the endpoint: whether a visit got as far as trying anything.
    pub const ENDPOINT: &'static str = "-";
}

/// What a method does. The first seven are answers; the others say that there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Accepted, and the mailbox opened.
    Usable,
    /// Accepted; whether the mailbox opens was not asked, or nobody can say.
    Accepted,
    /// Accepted, and the mailbox would not open.
    Shut,
    /// The server said no.
    Refused,
    /// Offered, and not tried.
    Offered,
    /// Offered no longer, and not tried.
    NotOffered,
    /// The endpoint was reached ([`CellKey::ENDPOINT`] only).
    Reached,
    /// The endpoint could not be reached, or spoke no protocol ([`CellKey::ENDPOINT`] only).
    Unreachable,
    /// No reliable answer: a timeout, a passing fault.
    Unclear,
    /// The server asked to be left alone for a while: neither pass nor fail.
    Throttled,
    /// Nothing was presented.
    NotTried,
    /// It is watched, and no visit has been able to say anything of it yet.
    NotKnown,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 12] = [
        Self::Usable,
        Self::Accepted,
        Self::Shut,
        Self::Refused,
        Self::Offered,
        Self::NotOffered,
        Self::Reached,
        Self::Unreachable,
        Self::Unclear,
        Self::Throttled,
        Self::NotTried,
        Self::NotKnown,
    ];

    /// The word used in the history, in metrics and in alerts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Accepted => "accepted",
            Self::Shut => "shut",
            Self::Refused => "refused",
            Self::Offered => "offered",
            Self::NotOffered => "not-offered",
            Self::Reached => "reached",
            Self::Unreachable => "unreachable",
            Self::Unclear => "unclear",
            Self::Throttled => "throttled",
            Self::NotTried => "not-tried",
            Self::NotKnown => "not-known",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether somebody said something that can be relied on.
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::Usable
                | Self::Accepted
                | Self::Shut
                | Self::Refused
                | Self::Offered
                | Self::NotOffered
                | Self::Reached
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the policy of a target says of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is as it should be; refused counts, where it is meant to be.
    Met,
    /// It is not.
    NotMet,
    /// A rule is about it, and nobody can say.
    Undecided,
    /// No rule is about it.
    #[default]
    NoRule,
}

/// One cell as one visit saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What it does.
    pub state: State,
    /// Whether the server offered it where it is used.
    pub advertised: bool,
    /// Causes of a refusal, most likely first.
    pub causes: Vec<String>,
    /// The server's own words, harmless and in one line; what stopped the visit where it said nothing.
    pub answer: String,
    /// What to do.
    pub remedy: String,
    /// What the policy says of it.
    pub standing: Standing,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// A rule is broken.
    NotMet,
    /// Nobody can say: the endpoint is out of reach or out of order, or what a rule is about got no clear answer.
    NotChecked,
}

impl Cell {
    /// A cell that is watched and of which nothing is known, because of this.
    pub const fn not_known(standing: Standing, causes: Vec<String>, answer: String) -> Self {
        Self { state: State::NotKnown, advertised: false, causes, answer, remedy: String::new(), standing }
    }

    /// Whether somebody said something that can be relied on, and no rule is broken or left open by it.
    pub const fn is_settled(&self) -> bool {
        self.state.is_answer() && matches!(self.standing, Standing::Met | Standing::NoRule)
    }

    /// What is wrong with it where it stands under this method. Throttling is neither right nor wrong, and of a method
    /// that no rule is about nobody has to know anything.
    pub fn wrong(&self, method: &str) -> Option<Wrong> {
        let watched = method == CellKey::ENDPOINT || self.standing == Standing::Undecided;
        match self.state {
            _ if self.standing == Standing::NotMet => Some(Wrong::NotMet),
            State::Throttled => None,
            State::Unreachable => Some(Wrong::NotChecked),
            State::Unclear | State::NotTried | State::NotKnown => watched.then_some(Wrong::NotChecked),
            _ => (self.standing == Standing::Undecided).then_some(Wrong::NotChecked),
        }
    }

    /// Why nobody can say, in a few words: what stopped the visit, or what the server said.
    pub fn reason(&self) -> String {
        let cause = self.causes.first().map(String::as_str);
        let words = match (self.state, cause) {
            (State::Unreachable | State::Unclear | State::NotKnown, Some(cause)) => match cause {
                "timeout" => "no answer in time",
                "unreachable" => "no route to the host",
                "no-address" => "the host has no address of the wanted family",
                "resolver-failed" => "the name could not be resolved",
                "deadline" => "the visit took too long",
                "connection-closed" | "server-closing" => "the server closed the connection",
                "connection-reset" => "the connection was reset",
                "tls-handshake" => "the TLS handshake failed",
                "tls-version" => "no TLS version in common",
                "not-tls" => "no TLS on this port",
                "certificate-untrusted" => "the certificate is not trusted",
                "wrong-protocol" => "another protocol answered",
                "temporary" => "the server reported a temporary error",
                "throttled" => "the server limits how often it is asked",
                "preauthenticated" => "the server lets everybody in without a login",
                "bug" => "internal error in mailprobe",
                "secrets-unreadable" => return self.answer.clone(),
                cause => return cause.replace('-', " "),
            },
            (State::NotTried, _) => "the attempt budget is spent",
            (State::NotKnown, None) if self.answer.is_empty() => "not checked yet",
            _ if self.answer.is_empty() => "no clear answer",
            _ => return self.answer.clone(),
        };
        words.to_owned()
    }
}
