//! One try of one method, and how it ended.

use serde::{Deserialize, Serialize};

use super::{Cause, Diagnosis, Failure, LineRange, Method, Phase, Reply, Trouble};

/// One try of one method on one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Flat", into = "Flat")]
pub struct Attempt {
    /// What was tried.
    pub method: Method,
    /// Whether the server offered it at the stage where it was, or would have been, tried.
    pub advertised: bool,
    /// Whether the first data went with the command (RFC 4959); `None` where nothing was sent.
    pub initial_response: Option<bool>,
    /// How it ended.
    pub outcome: Outcome,
    /// From the login command to its final answer, milliseconds.
    pub elapsed_ms: u64,
    /// Which connection of the visit, from 1; 0 where none was opened for it.
    pub connection: u32,
    /// Named departures from the protocol that did not stop the exchange.
    pub quirks: Vec<String>,
}

/// How an attempt ended. Every state holds what belongs to it and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took the credentials. Accepted is not yet usable.
    Accepted {
        /// The server's own words.
        reply: Reply,
        /// Where it said so.
        evidence: LineRange,
        /// Whether the mailbox then opened.
        session: Session,
    },
    /// The server said no, for a reason that does not pass by itself.
    Refused {
        /// The server's own words.
        reply: Reply,
        /// A SASL error challenge that came before them, decoded (RFC 7628 section 3.2.2).
        challenge: Option<String>,
        /// Where it said so.
        evidence: LineRange,
        /// Why.
        diagnosis: Diagnosis,
    },
    /// Nobody said anything that can be relied on; never counted as refused.
    Inconclusive {
        /// What stopped the attempt.
        failure: Failure,
        /// What the server said on the way out, and why, where it said something.
        answer: Option<Box<(Reply, Diagnosis)>>,
        /// The lines around it, where any were exchanged.
        evidence: Option<LineRange>,
    },
    /// Nothing was presented.
    NotTried {
        /// Why not.
        skip: Skip,
    },
}

/// What became of the mailbox after an accepted login.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a report holds few, one for each accepted login")]
pub enum Session {
    /// It opened.
    Opened {
        /// Where the server said so.
        evidence: LineRange,
    },
    /// It opened, and the server took a message for delivery.
    Sent {
        /// The message's `Message-ID`.
        message_id: String,
        /// Where the server said so.
        evidence: LineRange,
    },
    /// The server would not open it.
    Shut {
        /// Its words.
        reply: Reply,
        /// Where.
        evidence: LineRange,
        /// Why.
        diagnosis: Diagnosis,
    },
    /// Nobody can say.
    NotChecked {
        /// What stood in the way.
        failure: Failure,
        /// What the server said in place of an answer that decides, and why, where it said something.
        answer: Option<Box<(Reply, Diagnosis)>>,
    },
}

/// Why an attempt was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Skip {
    /// The account's attempt budget is spent.
    Budget,
    /// No password was given.
    NoPassword,
    /// No token was given.
    NoToken,
    /// The connection is not encrypted, and `--allow-plaintext` was not given.
    PlaintextForbidden,
    /// The certificate is not trusted, and `--insecure` was not given.
    UntrustedForbidden,
    /// Only advertisements were asked for, or an earlier phase was to be the last.
    NotAsked,
    /// Not offered, and only offered methods were to be tried.
    NotAdvertised,
    /// The mechanism binds to the TLS channel, and this connection has none or the server none we know.
    NoChannelBinding,
    /// mailprobe does not implement the mechanism.
    Unimplemented,
    /// The credential cannot be written in this command (a NUL, or a line break where none may be).
    Unrepresentable,
    /// This machine gave no randomness, without which the method is not safe to use.
    NoRandomness,
    /// The run was cancelled first.
    Cancelled,
}

impl Session {
    /// Nobody can say, and the server said nothing that explains it.
    pub const fn not_checked(failure: Failure) -> Self {
        Self::NotChecked { failure, answer: None }
    }
}

impl Skip {
    /// The name used in reports.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl Outcome {
    /// The word used in reports.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::Inconclusive { .. } => "inconclusive",
            Self::NotTried { .. } => "not-tried",
        }
    }

    /// Whether the mailbox could be used, as far as anybody can say.
    pub const fn usable(&self) -> Option<bool> {
        match self {
            Self::Accepted { session: Session::Opened { .. } | Session::Sent { .. }, .. } => Some(true),
            Self::Accepted { session: Session::Shut { .. }, .. } => Some(false),
            _ => None,
        }
    }

    /// The diagnosis of the answer, or of the mailbox's refusal to open.
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        match self {
            Self::Accepted { session: Session::Shut { diagnosis, .. }, .. }
            | Self::Refused { diagnosis, .. } => Some(diagnosis),
            Self::Accepted { session: Session::NotChecked { answer: Some(answer), .. }, .. }
            | Self::Inconclusive { answer: Some(answer), .. } => Some(&answer.1),
            _ => None,
        }
    }

    /// The server's final words on the login.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Accepted { reply, .. } | Self::Refused { reply, .. } => Some(reply),
            Self::Inconclusive { answer: Some(answer), .. } => Some(&answer.0),
            _ => None,
        }
    }

    /// The transcript lines that prove it.
    pub const fn evidence(&self) -> Option<LineRange> {
        match self {
            Self::Accepted { evidence, .. } | Self::Refused { evidence, .. } => Some(*evidence),
            Self::Inconclusive { evidence, .. } => *evidence,
            Self::NotTried { .. } => None,
        }
    }

    /// Moves every line number by `by`.
    #[cfg(feature = "net")]
    pub(crate) fn shift(&mut self, by: u32) {
        match self {
            Self::Accepted { evidence, session, .. } => {
                *evidence = evidence.shifted(by);
                match session {
                    Session::Opened { evidence }
                    | Session::Sent { evidence, .. }
                    | Session::Shut { evidence, .. } => {
                        *evidence = evidence.shifted(by);
                    }
                    Session::NotChecked { .. } => {}
                }
            }
            Self::Refused { evidence, .. } => *evidence = evidence.shifted(by),
            Self::Inconclusive { evidence, .. } => *evidence = evidence.map(|lines| lines.shifted(by)),
            Self::NotTried { .. } => {}
        }
    }
}

/// The published JSON form: flat, every key always there, `next_check` and `source` excepted.
#[derive(Serialize, Deserialize)]
struct Flat {
    method: Method,
    advertised: bool,
    outcome: String,
    usable: Option<bool>,
    #[serde(default)]
    causes: Vec<Cause>,
    rule: Option<String>,
    explanation: Option<String>,
    remedy: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_check: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    reply: Option<Reply>,
    challenge: Option<String>,
    session: Option<FlatSession>,
    failure: Option<Failure>,
    skip: Option<Skip>,
    elapsed_ms: u64,
    initial_response: Option<bool>,
    connection: u32,
    #[serde(default)]
    quirks: Vec<String>,
    evidence: Option<LineRange>,
}

#[derive(Serialize, Deserialize)]
struct FlatSession {
    state: String,
    #[serde(default)]
    message_id: Option<String>,
    reply: Option<Reply>,
    failure: Option<Failure>,
    evidence: Option<LineRange>,
}

impl From<Attempt> for Flat {
    fn from(attempt: Attempt) -> Self {
        let Attempt { method, advertised, initial_response, outcome, elapsed_ms, connection, quirks } =
            attempt;
        let (word, usable, evidence) = (outcome.word().to_owned(), outcome.usable(), outcome.evidence());
        let diagnosis = outcome.diagnosis().cloned();
        let next_check = diagnosis.as_ref().map(|d| d.next_check.clone()).filter(|check| !check.is_empty());
        let source = diagnosis.as_ref().map(|d| d.source.clone()).filter(|source| !source.is_empty());
        let (causes, rule, explanation, remedy) = match diagnosis {
            Some(d) => (d.causes, Some(d.rule), Some(d.explanation), Some(d.remedy)),
            None => (Vec::new(), None, None, None),
        };
        let reply = outcome.reply().cloned();
        let (mut challenge, mut session, mut failure, mut skip) = (None, None, None, None);
        match outcome {
            Outcome::Accepted { session: state, .. } => session = Some(state.into()),
            Outcome::Refused { challenge: said, .. } => challenge = said,
            Outcome::Inconclusive { failure: why, .. } => failure = Some(why),
            Outcome::NotTried { skip: why } => skip = Some(why),
        }
        Self {
            method,
            advertised,
            outcome: word,
            usable,
            causes,
            rule,
            explanation,
            remedy,
            next_check,
            source,
            reply,
            challenge,
            session,
            failure,
            skip,
            elapsed_ms,
            initial_response,
            connection,
            quirks,
            evidence,
        }
    }
}

impl From<Session> for FlatSession {
    fn from(session: Session) -> Self {
        let state = |state: &str| Self {
            state: state.to_owned(),
            message_id: None,
            reply: None,
            failure: None,
            evidence: None,
        };
        match session {
            Session::Opened { evidence } => Self { evidence: Some(evidence), ..state("opened") },
            Session::Sent { message_id, evidence } => {
                Self { message_id: Some(message_id), evidence: Some(evidence), ..state("sent") }
            }
            Session::Shut { reply, evidence, .. } => {
                Self { reply: Some(reply), evidence: Some(evidence), ..state("shut") }
            }
            Session::NotChecked { failure, answer } => {
                Self { failure: Some(failure), reply: answer.map(|answer| answer.0), ..state("not-checked") }
            }
        }
    }
}

impl From<Flat> for Attempt {
    fn from(flat: Flat) -> Self {
        let Flat { method, advertised, initial_response, elapsed_ms, connection, quirks, .. } = flat;
        let diagnosis = Diagnosis {
            causes: flat.causes,
            rule: flat.rule.clone().unwrap_or_default(),
            explanation: flat.explanation.unwrap_or_default(),
            remedy: flat.remedy.unwrap_or_default(),
            next_check: flat.next_check.unwrap_or_default(),
            source: flat.source.unwrap_or_default(),
        };
        let missing = || Failure::new(Phase::Auth, Trouble::Bug, "the stored report does not say");
        let outcome = match (flat.outcome.as_str(), flat.reply, flat.evidence) {
            ("accepted", Some(reply), Some(evidence)) => {
                let session = match flat.session {
                    Some(FlatSession { state, evidence: Some(evidence), .. }) if state == "opened" => {
                        Session::Opened { evidence }
                    }
                    Some(FlatSession { message_id: Some(message_id), evidence: Some(evidence), .. }) => {
                        Session::Sent { message_id, evidence }
                    }
                    Some(FlatSession { reply: Some(reply), evidence: Some(evidence), .. }) => {
                        Session::Shut { reply, evidence, diagnosis }
                    }
                    Some(FlatSession { failure: Some(failure), reply, .. }) => Session::NotChecked {
                        failure,
                        answer: reply.map(|reply| Box::new((reply, diagnosis))),
                    },
                    _ => Session::not_checked(missing()),
                };
                Outcome::Accepted { reply, evidence, session }
            }
            ("refused", Some(reply), Some(evidence)) => {
                Outcome::Refused { reply, challenge: flat.challenge, evidence, diagnosis }
            }
            ("not-tried", ..) => Outcome::NotTried { skip: flat.skip.unwrap_or(Skip::NotAsked) },
            (_, reply, evidence) => Outcome::Inconclusive {
                failure: flat.failure.unwrap_or_else(missing),
                answer: reply.map(|reply| Box::new((reply, diagnosis))),
                evidence,
            },
        };
        Self { method, advertised, initial_response, outcome, elapsed_ms, connection, quirks }
    }
}
