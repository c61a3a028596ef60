//! Why there is no token, in words that a person can use. Holds no secret: whatever an issuer says is scrubbed of what
//! was sent to it before it comes here.

use std::fmt;

use mailprobe_probes::model::{Cause, Diagnosis};

use crate::{Mistake, SecretError};

/// Why there is no token.
#[derive(Debug, Clone)]
pub enum TokenTrouble {
    /// The user has to change something on this machine.
    Usage(Mistake),
    /// The issuer says no, and why.
    Refused(Box<Refusal>),
    /// Nobody said anything that can be relied on.
    Failed(String),
    /// A password was needed and the attempt budget is spent.
    Budget,
}

/// What an issuer says in place of a token.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Status code; 0 where it came by the redirect of a browser.
    pub status: u16,
    /// The error of RFC 6749 section 5.2.
    pub error: String,
    /// Its own words, harmless and cut to a few lines.
    pub description: String,
    /// What they mean.
    pub diagnosis: Diagnosis,
    /// What else helps: a place to consent, another flow, a clock that is off.
    pub advice: Vec<String>,
}

impl TokenTrouble {
    /// The most likely cause, where the issuer gave one.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::Refused(refusal) => Some(refusal.diagnosis.first()),
            _ => None,
        }
    }

    /// What to do, in sentences.
    pub fn remedy(&self) -> String {
        match self {
            Self::Usage(_) => "Correct that and run it again.".to_owned(),
            Self::Refused(refusal) => {
                let first = refusal.diagnosis.remedy.clone();
                [first].into_iter().chain(refusal.advice.iter().cloned()).collect::<Vec<_>>().join(" ")
            }
            Self::Failed(_) => "See that the issuer can be reached from here, and run it again.".to_owned(),
            Self::Budget => {
                "Find out the right password first; --attempt-budget allows more attempts.".to_owned()
            }
        }
    }
}

impl fmt::Display for TokenTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => write!(f, "{error}"),
            Self::Refused(refusal) => write!(
                f,
                "the issuer refuses: {}{}{} [{}]",
                refusal.error,
                if refusal.description.is_empty() { "" } else { ": " },
                refusal.description,
                refusal.diagnosis.first()
            ),
            Self::Failed(why) => f.write_str(why),
            Self::Budget => {
                f.write_str("no password was presented to the issuer: the attempt budget is spent")
            }
        }
    }
}

impl From<SecretError> for TokenTrouble {
    fn from(error: SecretError) -> Self {
        Self::Usage(error.into())
    }
}

impl From<Mistake> for TokenTrouble {
    fn from(error: Mistake) -> Self {
        Self::Usage(error)
    }
}
