//! From a diagnosis to an outcome, and from an outcome to what it says about the password.

use super::PasswordVerdict;
use crate::model::{Cause, Diagnosis, Failure, LineRange, Outcome, Phase, Reply, Trouble};

/// The trouble behind a diagnosis that decides nothing about the login.
pub(super) fn passing(diagnosis: &Diagnosis) -> Option<Trouble> {
    match diagnosis.first() {
        Cause::Throttled => Some(Trouble::Throttled),
        cause if cause.is_passing() => Some(Trouble::Temporary),
        _ => None,
    }
}

pub(super) fn undecided(cause: Trouble, reply: Reply, diagnosis: Diagnosis, evidence: LineRange) -> Outcome {
    Outcome::Inconclusive {
        failure: Failure::new(Phase::Auth, cause, reply.quoted()),
        answer: Some(Box::new((reply, diagnosis))),
        evidence: Some(evidence),
    }
}

/// What the outcome tells the gate. Once the password is on the wire, whatever is not known to stand before its
/// check counts.
pub(super) fn password_verdict(outcome: &Outcome, presented: bool) -> PasswordVerdict {
    match outcome {
        Outcome::Accepted { .. } => PasswordVerdict::Proven,
        _ if !presented => PasswordVerdict::NotLookedAt,
        Outcome::Refused { diagnosis, .. }
            if !diagnosis.causes.iter().any(|c| c.may_count_as_bad_password()) =>
        {
            PasswordVerdict::NotLookedAt
        }
        // The backend was not there to look.
        Outcome::Inconclusive { failure, .. } if failure.cause == Trouble::Temporary => {
            PasswordVerdict::NotLookedAt
        }
        _ => PasswordVerdict::MayBeWrong,
    }
}
