//! What an expectation is about.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Demand, Methods, Missing, Wanted};
use crate::model::{Kind, Method, Protocol, TlsProtocol};

/// What an expectation is about, and how that must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Subject {
    /// The mailbox opens by at least one method. Implied where a secret is given and nothing expected.
    MailboxOpens,
    /// At least one method is accepted: what is implied in a run that was to stop before mailboxes are opened.
    LoginAccepted,
    /// What was given or asked for was tried. A verdict that would be good without it learns of it so.
    Checked {
        /// What was not.
        missing: Missing,
    },
    /// A rule, of the command line or a policy.
    Rule {
        /// Only endpoints of this protocol, where the rule says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        protocol: Option<Protocol>,
        /// What it wants.
        #[serde(flatten)]
        demand: Demand,
    },
    /// A rule that this version cannot read, as it stands in a stored report.
    Other {
        /// The rule as written.
        text: String,
    },
}

const OPENS: &str = "the mailbox opens";
const ACCEPTED: &str = "a login is accepted";

impl Subject {
    /// Whether nobody wrote it: it follows from what was given and asked for.
    pub const fn is_implied(&self) -> bool {
        matches!(self, Self::MailboxOpens | Self::LoginAccepted | Self::Checked { .. })
    }

    /// Whether it stands for what was not checked.
    pub const fn stands_for_unchecked(&self) -> bool {
        matches!(self, Self::Checked { .. })
    }

    /// What a rule wants; `None` where it is no rule.
    pub const fn demand(&self) -> Option<&Demand> {
        match self {
            Self::Rule { demand, .. } => Some(demand),
            _ => None,
        }
    }

    /// The state that a rule wants of methods.
    pub fn wanted(&self) -> Option<Wanted> {
        self.demand().and_then(Demand::wanted)
    }

    /// The one method that a rule is about, where it is about one.
    pub fn method(&self) -> Option<&Method> {
        self.demand().and_then(Demand::method)
    }

    /// What the words of a stored rule say; the reverse of `Display`.
    pub(super) fn of_words(text: &str, is_of_a_policy: bool) -> Self {
        let other = || Self::Other { text: text.to_owned() };
        if !is_of_a_policy {
            if let Some(missing) = Missing::of_rule(text) {
                return Self::Checked { missing };
            }
            match text {
                OPENS => return Self::MailboxOpens,
                ACCEPTED => return Self::LoginAccepted,
                _ => {}
            }
        }
        let (protocol, rest) = match text.split_once('/') {
            Some((name, rest)) => match Protocol::ALL.iter().find(|known| known.name() == name) {
                Some(protocol) => (Some(*protocol), rest),
                None => return other(),
            },
            None => (None, text),
        };
        if let Some(demand) = floor(rest) {
            return Self::Rule { protocol, demand };
        }
        let (which, rest) = match (rest.strip_prefix("any "), rest.strip_prefix("every ")) {
            (Some(rest), _) => (super::Which::Any, rest),
            (_, Some(rest)) => (super::Which::All, rest),
            _ => (super::Which::All, rest),
        };
        let Some((names, wanted)) = rest.split_once('=') else { return other() };
        let Some(wanted) = Wanted::named(wanted) else { return other() };
        let methods = match names {
            "password" => Methods::Of(Kind::Password),
            "token" => Methods::Of(Kind::Token),
            names => Methods::Named(names.split('|').map(Method::from_name).collect()),
        };
        Self::Rule { protocol, demand: Demand::Methods { methods, wanted, which } }
    }
}

/// The oldest version that a rule allows.
fn floor(text: &str) -> Option<Demand> {
    let (what, number) = text.split_once(">=")?;
    if what == "tls" {
        let version = TlsProtocol::ALL.iter().find(|version| version.number() == number);
        return version.map(|version| Demand::TlsAtLeast { version: *version });
    }
    let (major, minor) = number.split_once('.').filter(|_| what == "activesync")?;
    Some(Demand::ActiveSyncAtLeast { version: (major.parse().ok()?, minor.parse().ok()?) })
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MailboxOpens => f.write_str(OPENS),
            Self::LoginAccepted => f.write_str(ACCEPTED),
            Self::Checked { missing } => f.write_str(missing.rule()),
            Self::Rule { protocol: Some(protocol), demand } => write!(f, "{protocol}/{demand}"),
            Self::Rule { protocol: None, demand } => write!(f, "{demand}"),
            Self::Other { text } => f.write_str(text),
        }
    }
}
