//! How methods, TLS or ActiveSync must be.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{Kind, Method, Phase, TlsProtocol};

/// What a method must be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// The login is taken and the mailbox opens.
    Usable,
    /// The login is taken.
    Accepted,
    /// The server says no for another reason than the password or token presented. A wrong password is
    /// refused everywhere: it proves nothing about the method.
    Refused,
    /// The server says no, for whatever reason.
    NotAccepted,
    /// The server offers it where a login would happen.
    Advertised,
    /// The server does not offer it there.
    NotAdvertised,
}

impl Wanted {
    /// Every state, with its word in a rule.
    pub const STATES: &'static [(&'static str, Self)] = &[
        ("usable", Self::Usable),
        ("accepted", Self::Accepted),
        ("refused", Self::Refused),
        ("not-accepted", Self::NotAccepted),
        ("advertised", Self::Advertised),
        ("not-advertised", Self::NotAdvertised),
    ];

    /// Whether it takes an attempt to tell.
    pub const fn needs_attempt(self) -> bool {
        !matches!(self, Self::Advertised | Self::NotAdvertised)
    }

    /// The phase a visit must go through before this can be decided.
    pub const fn needs_phase(self) -> Phase {
        match self {
            Self::Usable => Phase::Session,
            Self::Accepted | Self::Refused | Self::NotAccepted => Phase::Auth,
            Self::Advertised | Self::NotAdvertised => Phase::Capability,
        }
    }

    /// The word in a rule.
    pub fn name(self) -> &'static str {
        Self::STATES.iter().find(|(_, wanted)| *wanted == self).map_or("usable", |(name, _)| name)
    }

    /// The state of that word, in any case.
    pub fn named(word: &str) -> Option<Self> {
        Self::STATES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, wanted)| *wanted)
    }
}

/// What a rule wants of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "about")]
pub enum Demand {
    /// A state of methods.
    Methods {
        /// Which.
        #[serde(flatten)]
        methods: Methods,
        /// How they must be.
        wanted: Wanted,
        /// Whether one of them is enough.
        which: Which,
    },
    /// No older version of TLS is accepted.
    TlsAtLeast {
        /// The oldest that may be.
        version: TlsProtocol,
    },
    /// No older version of ActiveSync is offered.
    ActiveSyncAtLeast {
        /// The oldest that may be: major and minor number.
        version: (u16, u16),
    },
}

/// The methods of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Methods {
    /// Every method that presents this.
    #[serde(rename = "presents")]
    Of(Kind),
    /// These.
    #[serde(rename = "methods")]
    Named(Vec<Method>),
}

/// How many of a rule's methods must be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// Each.
    All,
    /// One is enough.
    Any,
}

impl Demand {
    /// One method in a state.
    pub fn of_method(method: Method, wanted: Wanted) -> Self {
        Self::Methods { methods: Methods::Named(vec![method]), wanted, which: Which::All }
    }

    /// The state that is wanted of methods; `None` where it is about no method.
    pub const fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Methods { wanted, .. } => Some(*wanted),
            Self::TlsAtLeast { .. } | Self::ActiveSyncAtLeast { .. } => None,
        }
    }

    /// The one method that it is about, where it is about one.
    pub fn method(&self) -> Option<&Method> {
        match self {
            Self::Methods { methods: Methods::Named(names), .. } => match names.as_slice() {
                [only] => Some(only),
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(Kind::Password) => f.write_str("password"),
            Self::Of(Kind::Token) => f.write_str("token"),
            Self::Named(list) => f.write_str(&list.iter().map(Method::name).collect::<Vec<_>>().join("|")),
        }
    }
}

/// The demand in the form of `--expect`.
impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Methods { methods, wanted, which } => {
                let several = !matches!(methods, Methods::Named(list) if list.len() == 1);
                let how_many = match which {
                    Which::Any if several => "any ",
                    Which::All if several => "every ",
                    _ => "",
                };
                write!(f, "{how_many}{methods}={}", wanted.name())
            }
            Self::TlsAtLeast { version } => write!(f, "tls>={}", version.number()),
            Self::ActiveSyncAtLeast { version: (major, minor) } => write!(f, "activesync>={major}.{minor}"),
        }
    }
}
