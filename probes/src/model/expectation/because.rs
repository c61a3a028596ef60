//! What decided an expectation.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Why;
use crate::model::{Cause, Kind, Method, Phase, Skip, TlsProtocol, Trouble};

/// What decided an expectation. Displayed, it is `because` of the published JSON; with its data it is `reason` there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "id")]
pub enum Because {
    /// The method opened the mailbox.
    MethodOpened {
        /// Which.
        method: Method,
    },
    /// The method was accepted, and more was not asked for.
    MethodAccepted {
        /// Which.
        method: Method,
    },
    /// The method got no reliable answer, and no other opened the mailbox.
    MethodUnclear {
        /// Which.
        method: Method,
    },
    /// Every method that was presented was refused, or its mailbox stayed shut.
    NoneOpened {
        /// Which.
        methods: Vec<Method>,
    },
    /// The visit ended before the expectation could be decided.
    VisitEnded {
        /// Where.
        phase: Phase,
        /// Why.
        cause: Trouble,
    },
    /// Nothing of what was given was presented there.
    NothingPresented {
        /// Why.
        why: Vec<Why>,
    },
    /// The report has no attempt of this method.
    MethodNotTried {
        /// Which.
        method: Method,
    },
    /// The attempt was not made.
    NotTried {
        /// Why.
        skip: Skip,
    },
    /// The attempt got no reliable answer.
    NoReliableAnswer {
        /// Why.
        cause: Trouble,
    },
    /// The login was taken.
    Accepted,
    /// The login was taken, and the mailbox opened.
    AcceptedAndOpened,
    /// The login was taken, and a message with it.
    AcceptedAndSent,
    /// The login was taken, and the mailbox stayed shut.
    AcceptedAndShut,
    /// The login was taken, and whether the mailbox opens was not found out.
    AcceptedAndUnclear {
        /// Why.
        cause: Trouble,
    },
    /// The login was refused, for a reason that is no matter of this password or token.
    Refused {
        /// The likeliest cause.
        cause: Cause,
    },
    /// The login was refused, and perhaps only this password or token is.
    RefusedAsCredential {
        /// The likeliest cause.
        cause: Cause,
    },
    /// The method is offered where a login happens.
    Advertised,
    /// The method is not offered there.
    NotAdvertised,
    /// No capability list was heard.
    NoList,
    /// No such method is offered.
    NoneAdvertised {
        /// What it would present; `None` for a method of this protocol, whatever it presents.
        presents: Option<Kind>,
    },
    /// No such method was tried.
    NoneTried {
        /// What it would present; `None` for a method of this protocol, whatever it presents.
        presents: Option<Kind>,
    },
    /// Nothing was tried at all.
    NothingTried,
    /// Several methods decided it, those with the same reason together.
    Together {
        /// The reasons.
        told: Vec<Told>,
    },
    /// An older version of TLS is accepted.
    OldTlsAccepted {
        /// Which.
        version: TlsProtocol,
    },
    /// Which versions of TLS are accepted was not asked.
    TlsNotAsked,
    /// Whether this version of TLS is accepted was not found out.
    TlsUnclear {
        /// Which.
        version: TlsProtocol,
    },
    /// Nothing older is accepted.
    NoOldTls {
        /// The oldest that may be.
        version: TlsProtocol,
    },
    /// The server did not tell its versions of ActiveSync.
    NoActiveSyncVersions,
    /// The server offers these versions of ActiveSync.
    ActiveSyncVersions {
        /// As it wrote them, harmless.
        offered: String,
    },
    /// The endpoint was not checked.
    NotChecked {
        /// Why.
        why: Vec<Why>,
    },
    /// A secret that was given was presented to nobody.
    NotPresented {
        /// Why.
        why: Vec<Why>,
    },
    /// A reason in the words of a stored report that has no more.
    Other {
        /// The words.
        text: String,
    },
}

/// Methods, and the reason that they have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The methods.
    pub methods: Vec<Method>,
    /// What decided the rule for each of them.
    pub because: Because,
}

impl Because {
    /// The reasons why something was not tried, each clause once.
    pub fn clauses(why: &[Why]) -> String {
        let mut told: Vec<String> = Vec::new();
        for clause in why.iter().flat_map(Why::clauses) {
            if !told.contains(&clause) {
                told.push(clause);
            }
        }
        told.join("; ")
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MethodOpened { method } => write!(f, "{method} opened the mailbox"),
            Self::MethodAccepted { method } => write!(f, "{method} was accepted"),
            Self::MethodUnclear { method } => write!(f, "{method} got no reliable answer"),
            Self::NoneOpened { methods } => write!(f, "no method opened it: {}", names(methods)),
            Self::VisitEnded { phase, cause } => write!(f, "the visit ended in {phase}: {}", cause.name()),
            Self::NothingPresented { why } => write!(f, "nothing was presented: {}", Self::clauses(why)),
            Self::MethodNotTried { method } => write!(f, "{method} was not tried"),
            Self::NotTried { skip } => write!(f, "not tried: {}", skip.name()),
            Self::NoReliableAnswer { cause } => write!(f, "no reliable answer: {}", cause.name()),
            Self::Accepted => f.write_str("accepted"),
            Self::AcceptedAndOpened => f.write_str("accepted, and the mailbox opened"),
            Self::AcceptedAndSent => f.write_str("accepted, and a message was taken for delivery"),
            Self::AcceptedAndShut => f.write_str("accepted, but the server did not open the mailbox"),
            Self::AcceptedAndUnclear { cause } => {
                write!(f, "accepted, but whether the mailbox opens is not known: {}", cause.name())
            }
            Self::Refused { cause } => write!(f, "refused as {cause}"),
            Self::RefusedAsCredential { cause } => {
                write!(f, "refused as {cause}, which may be this password or token and not the method")
            }
            Self::Advertised => f.write_str("advertised"),
            Self::NotAdvertised => f.write_str("not advertised"),
            Self::NoList => f.write_str("no capability list was heard"),
            Self::NoneAdvertised { presents } => write!(f, "no {} is advertised", method_of(*presents)),
            Self::NoneTried { presents } => write!(f, "no {} was tried", method_of(*presents)),
            Self::NothingTried => f.write_str("nothing was tried"),
            Self::Together { told } => {
                for (number, Told { methods, because }) in told.iter().enumerate() {
                    let between = if number == 0 { "" } else { "; " };
                    write!(f, "{between}{}: {because}", names(methods))?;
                }
                Ok(())
            }
            Self::OldTlsAccepted { version } => write!(f, "{version} is accepted"),
            Self::TlsNotAsked => {
                f.write_str("which versions of TLS are accepted was not asked (--tls-versions)")
            }
            Self::TlsUnclear { version } => write!(f, "no reliable answer about {version}"),
            Self::NoOldTls { version } => write!(f, "nothing older than {version} is accepted"),
            Self::NoActiveSyncVersions => f.write_str("the server did not tell its ActiveSync versions"),
            Self::ActiveSyncVersions { offered } => write!(f, "it offers {offered}"),
            Self::NotChecked { why } => write!(f, "not checked: {}", Self::clauses(why)),
            Self::NotPresented { why } => write!(f, "not presented: {}", Self::clauses(why)),
            Self::Other { text } => f.write_str(text),
        }
    }
}

fn names(methods: &[Method]) -> String {
    methods.iter().map(Method::name).collect::<Vec<_>>().join(", ")
}

fn method_of(presents: Option<Kind>) -> &'static str {
    match presents {
        Some(Kind::Password) => "password method",
        Some(Kind::Token) => "token method",
        None => "method of this protocol",
    }
}
