//! From a diagnosis to an outcome, and from an outcome to what it says about the password.

use super::PasswordVerdict;
use crate::diagnose::{Answer, spares_the_password};
use crate::model::{Cause, Diagnosis, Failure, LineRange, Outcome, Phase, Protocol, Reply, Session, Trouble};

/// The trouble behind an answer that decides nothing, because of its class or of what it says.
pub(super) fn passing(answer: &Answer<'_>, diagnosis: &Diagnosis) -> Option<Trouble> {
    let transient = answer.is_transient();
    match diagnosis.first() {
        Cause::Throttled => Some(Trouble::Throttled),
        Cause::MailboxInUse => Some(Trouble::MailboxInUse),
        cause if cause.is_passing() => Some(Trouble::Temporary),
        // Asking again later does not help there.
        Cause::TlsVersionTooOld if transient => Some(Trouble::TlsVersion),
        _ if transient => Some(Trouble::Temporary),
        _ => None,
    }
}

/// The trouble behind an answer over HTTP that was read as one that decides nothing. A request that the server does not
/// take as it is gets the same answer tomorrow.
pub(super) fn undecided_over_http(answer: &Answer<'_>, diagnosis: &Diagnosis) -> Trouble {
    let status = answer.reply.status.as_str();
    let about_the_request =
        status.starts_with('4') || matches!(status, "501" | "505" | "506" | "510" | "511");
    let otherwise = if about_the_request { Trouble::RequestRefused } else { Trouble::Temporary };
    passing(answer, diagnosis).unwrap_or(otherwise)
}

pub(super) fn undecided(cause: Trouble, reply: Reply, diagnosis: Diagnosis, evidence: LineRange) -> Outcome {
    Outcome::Inconclusive {
        failure: Failure::new(Phase::Auth, cause, reply.quoted()),
        answer: Some(Box::new((reply, diagnosis))),
        evidence: Some(evidence),
    }
}

/// Why a yes is not believed before the mailbox was seen.
pub(super) struct Doubt {
    /// In words, with the answer.
    pub(super) detail: String,
    /// What the answer means where it is a no.
    pub(super) denial: Diagnosis,
}

/// What becomes of a yes that is in doubt: it counts where the mailbox opened, is a refusal where the mailbox wants a login
/// first, and decides nothing otherwise.
pub(super) fn doubted(outcome: Outcome, doubt: Doubt, challenge: Option<String>) -> Outcome {
    let Doubt { detail, denial } = doubt;
    let Outcome::Accepted { reply, evidence, session } = outcome else { return outcome };
    match session {
        Session::Opened { .. } | Session::Sent { .. } => Outcome::Accepted { reply, evidence, session },
        Session::Shut { reply: shut, diagnosis, .. }
            if shut.status == "BAD" || diagnosis.causes.contains(&Cause::NotAuthenticated) =>
        {
            Outcome::Refused { reply, challenge, evidence, diagnosis: denial }
        }
        Session::Shut { .. } | Session::NotChecked { .. } => Outcome::Inconclusive {
            failure: Failure::new(Phase::Auth, Trouble::ProtocolViolation, detail),
            answer: Some(Box::new((reply, denial))),
            evidence: Some(evidence),
        },
    }
}

/// What the outcome tells the gate. Once the password is on the wire, everything counts that does not say positively that
/// the password was right or not looked at.
pub(super) fn password_verdict(protocol: Protocol, outcome: &Outcome, presented: bool) -> PasswordVerdict {
    let answer = match outcome {
        Outcome::Accepted { reply, .. } if is_yes(protocol, reply) => return PasswordVerdict::Proven,
        Outcome::Refused { reply, diagnosis, .. } => Some((reply, diagnosis)),
        Outcome::Inconclusive { answer: Some(answer), .. } => Some((&answer.0, &answer.1)),
        Outcome::Accepted { .. } | Outcome::Inconclusive { answer: None, .. } | Outcome::NotTried { .. } => {
            None
        }
    };
    let spared = answer.is_some_and(|(reply, diagnosis)| spares_the_password(protocol, reply, diagnosis));
    if presented && !spared { PasswordVerdict::MayBeWrong } else { PasswordVerdict::NotLookedAt }
}

/// Whether an answer that is read as a login taken proves it. A bare status of HTTP that speaks of the mailbox, such as
/// ActiveSync's 507, may be of a front end that asked nobody for the password.
fn is_yes(protocol: Protocol, reply: &Reply) -> bool {
    !protocol.is_http() || reply.status.starts_with('2') || reply.code.is_some()
}
