//! What was given or asked for, and seen by no server.

use serde::{Deserialize, Serialize};

use crate::model::Kind;

/// What was not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Missing {
    /// Nothing of what was given was presented to any server.
    Secrets,
    /// This kind of secret was given and not presented, another one was.
    Secret(Kind),
    /// Some endpoints were not tried; where no login was asked for, perhaps all.
    Endpoints,
}

impl Missing {
    /// Each, with its name in the published JSON, and the expectation that stands for it.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Secrets, "secrets", "a secret that was given is presented"),
        (Self::Secret(Kind::Password), "password", "the password is presented"),
        (Self::Secret(Kind::Token), "token", "the token is presented"),
        (Self::Endpoints, "endpoints", "the endpoint is checked"),
    ];

    fn row(self) -> (&'static str, &'static str) {
        let row = Self::ALL.iter().find(|(missing, ..)| *missing == self);
        row.map_or(("endpoints", ""), |(_, name, rule)| (*name, *rule))
    }

    /// The expectation that stands for it, in words.
    pub fn rule(self) -> &'static str {
        self.row().1
    }

    pub(super) fn of_rule(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(.., rule)| *rule == text).map(|(missing, ..)| *missing)
    }
}

impl From<Missing> for &'static str {
    fn from(missing: Missing) -> Self {
        missing.row().0
    }
}

impl TryFrom<String> for Missing {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let row = Self::ALL.iter().find(|(_, known, _)| *known == name);
        row.map(|(missing, ..)| *missing).ok_or(name)
    }
}
