//! One expectation as written: `[PROTOCOL/]METHOD=STATE`.

use std::fmt;
use std::str::FromStr;

use mailprobe_probes::model::{Demand, Method, Protocol, Subject, Wanted, harmless};

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Only endpoints of this protocol; all where `None`.
    pub protocol: Option<Protocol>,
    /// The method.
    pub method: Method,
    /// What it must be like.
    pub wanted: Wanted,
}

/// Why a text is not a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No `=`, or nothing beside it.
    #[error("`{0}` is not a rule: write METHOD=STATE, for example PLAIN=refused or imap/XOAUTH2=usable")]
    Form(String),
    /// A state that does not exist.
    #[error("unknown state `{state}` in `{rule}`: use {known}")]
    State {
        /// The whole text.
        rule: String,
        /// The state in it.
        state: String,
        /// The states that exist.
        known: String,
    },
    /// A protocol that does not exist.
    #[error("unknown protocol `{protocol}` in `{rule}`: use {known}")]
    Protocol {
        /// The whole text.
        rule: String,
        /// The protocol in it.
        protocol: String,
        /// The protocols that exist.
        known: String,
    },
}

impl Rule {
    /// Whether the rule speaks about endpoints of this protocol. A method that no login there can use is neither here
    /// nor there.
    pub fn is_about(&self, protocol: Protocol) -> bool {
        self.protocol.is_none_or(|only| only == protocol) && self.method.is_of(protocol)
    }

    /// The rule as what an expectation is about.
    pub fn subject(&self) -> Subject {
        let demand = Demand::of_method(self.method.clone(), self.wanted);
        Subject::Rule { protocol: self.protocol, demand }
    }

    /// Whether no endpoint can satisfy both.
    pub fn contradicts(&self, other: &Self) -> bool {
        let together = self.protocol.is_none() || other.protocol.is_none() || self.protocol == other.protocol;
        let taken = |wanted| matches!(wanted, Wanted::Usable | Wanted::Accepted);
        let denied = |wanted| matches!(wanted, Wanted::Refused | Wanted::NotAccepted);
        let opposite =
            |a, b| (taken(a) && denied(b)) || (a == Wanted::Advertised && b == Wanted::NotAdvertised);
        self.method == other.method
            && together
            && (opposite(self.wanted, other.wanted) || opposite(other.wanted, self.wanted))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(protocol) = self.protocol {
            write!(f, "{protocol}/")?;
        }
        write!(f, "{}={}", self.method, self.wanted.name())
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let rule = harmless(text.as_bytes());
        let form = || RuleError::Form(rule.clone());
        let (subject, state) = text.split_once('=').ok_or_else(form)?;
        let (protocol, method) = subject.split_once('/').map_or((None, subject), |(p, m)| (Some(p), m));
        let clean = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        if !clean(method) {
            return Err(form());
        }
        let state = state.trim().to_ascii_lowercase();
        let wanted = Wanted::named(&state).ok_or_else(|| RuleError::State {
            rule: rule.clone(),
            state: harmless(state.as_bytes()),
            known: Wanted::STATES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        })?;
        let protocol = protocol
            .map(|name| {
                let known = Protocol::ALL.iter().find(|known| known.name().eq_ignore_ascii_case(name));
                known.copied().ok_or_else(|| RuleError::Protocol {
                    rule: rule.clone(),
                    protocol: harmless(name.as_bytes()),
                    known: Protocol::ALL.iter().map(|known| known.name()).collect::<Vec<_>>().join(", "),
                })
            })
            .transpose()?;
        Ok(Self { protocol, method: Method::from_name(method), wanted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        text.parse().unwrap()
    }

    #[test]
    fn a_rule_reads_back_as_it_is_shown() {
        for (text, shown) in [
            ("PLAIN=refused", "PLAIN=refused"),
            ("IMAP/xoauth2=Usable", "imap/XOAUTH2=usable"),
            ("login-command=not-advertised", "LOGIN-COMMAND=not-advertised"),
        ] {
            assert_eq!(rule(text).to_string(), shown);
            assert_eq!(rule(shown), rule(text));
        }
    }

    #[test]
    fn a_mistake_names_the_part_and_what_exists() {
        for (text, expected) in [
            ("PLAIN", "`PLAIN` is not a rule: write METHOD=STATE"),
            ("=usable", "is not a rule"),
            ("imap/=usable", "is not a rule"),
            ("PL AIN=usable", "is not a rule"),
            ("\u{1b}[2J=usable", "`\\x1B[2J=usable` is not a rule"),
            (
                "PLAIN=dead",
                "unknown state `dead` in `PLAIN=dead`: use usable, accepted, refused, not-accepted",
            ),
            ("gopher/PLAIN=usable", "unknown protocol `gopher` in `gopher/PLAIN=usable`: use imap, pop3"),
        ] {
            let message = text.parse::<Rule>().unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn rules_that_no_server_can_satisfy_together_are_found() {
        assert!(rule("PLAIN=usable").contradicts(&rule("PLAIN=refused")));
        assert!(rule("imap/PLAIN=not-advertised").contradicts(&rule("PLAIN=advertised")));
        assert!(!rule("imap/PLAIN=usable").contradicts(&rule("pop3/PLAIN=refused")));
        assert!(!rule("PLAIN=usable").contradicts(&rule("LOGIN=refused")));
        assert!(!rule("PLAIN=advertised").contradicts(&rule("PLAIN=refused")));
    }
}
