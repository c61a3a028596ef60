//! Whether a rule holds at one endpoint, and what proves it.

use mailprobe_probes::model::{
    Attempt, Because, Cause, EndpointReport, Failure, LineRange, Outcome, Session, Skip, Stage, Transport,
    VerdictStatus, Wanted,
};

use super::Rule;

/// What became of a rule.
pub(super) struct Decision {
    pub(super) status: VerdictStatus,
    pub(super) because: Because,
    pub(super) evidence: Option<LineRange>,
}

impl Decision {
    pub(super) const fn new(status: VerdictStatus, because: Because, evidence: Option<LineRange>) -> Self {
        Self { status, because, evidence }
    }

    pub(super) const fn unknown(because: Because) -> Self {
        Self::new(VerdictStatus::Unknown, because, None)
    }

    pub(super) const fn visit_ended(failure: &Failure) -> Self {
        Self::unknown(Because::VisitEnded { phase: failure.phase, cause: failure.cause })
    }
}

/// Whether an attempt was made, or would have been if nothing had come between.
pub(super) fn was_wanted(attempt: &Attempt) -> bool {
    !matches!(attempt.outcome, Outcome::NotTried { skip } if !matches!(skip, Skip::Budget | Skip::Cancelled))
}

pub(super) fn decide(rule: &Rule, endpoint: &EndpointReport) -> Decision {
    if !rule.wanted.needs_attempt() {
        return decide_advertised(rule, endpoint);
    }
    let Some(attempt) = endpoint.attempts.iter().find(|attempt| attempt.method == rule.method) else {
        return endpoint.failure.as_ref().map_or_else(
            || Decision::unknown(Because::MethodNotTried { method: rule.method.clone() }),
            Decision::visit_ended,
        );
    };
    let evidence = attempt.outcome.evidence();
    let (status, because) = match (&attempt.outcome, rule.wanted) {
        (Outcome::NotTried { skip }, _) => return Decision::unknown(Because::NotTried { skip: *skip }),
        (Outcome::Inconclusive { failure, .. }, _) => {
            (VerdictStatus::Unknown, Because::NoReliableAnswer { cause: failure.cause })
        }
        (Outcome::Accepted { session, .. }, Wanted::Usable) => match session {
            Session::Opened { evidence } => {
                return Decision::new(VerdictStatus::Pass, Because::AcceptedAndOpened, Some(*evidence));
            }
            Session::Sent { evidence, .. } => {
                return Decision::new(VerdictStatus::Pass, Because::AcceptedAndSent, Some(*evidence));
            }
            Session::Shut { evidence, .. } => {
                return Decision::new(VerdictStatus::Fail, Because::AcceptedAndShut, Some(*evidence));
            }
            Session::NotChecked { failure, .. } => {
                (VerdictStatus::Unknown, Because::AcceptedAndUnclear { cause: failure.cause })
            }
        },
        (Outcome::Accepted { .. }, Wanted::Accepted) => (VerdictStatus::Pass, Because::Accepted),
        (Outcome::Accepted { .. }, _) => (VerdictStatus::Fail, Because::Accepted),
        (Outcome::Refused { .. }, Wanted::Usable | Wanted::Accepted) => {
            (VerdictStatus::Fail, Because::Refused { cause: first_cause(attempt) })
        }
        (Outcome::Refused { diagnosis, .. }, Wanted::Refused) if is_about_credential(diagnosis.first()) => {
            (VerdictStatus::Unknown, Because::RefusedAsCredential { cause: diagnosis.first() })
        }
        (Outcome::Refused { .. }, _) => {
            (VerdictStatus::Pass, Because::Refused { cause: first_cause(attempt) })
        }
    };
    Decision::new(status, because, evidence)
}

fn first_cause(attempt: &Attempt) -> Cause {
    attempt.outcome.diagnosis().map_or(Cause::Unexplained, mailprobe_probes::model::Diagnosis::first)
}

/// Whether another password, token or user name might have been taken, so that the refusal says nothing
/// about the method.
pub(super) const fn is_about_credential(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::BadCredentials
            | Cause::NoSuchUser
            | Cause::PasswordExpired
            | Cause::AccountLocked
            | Cause::AccountDisabled
            | Cause::TokenInvalid
            | Cause::TokenExpired
            | Cause::TokenWrongAudience
            | Cause::TokenWrongTenant
            | Cause::TokenWrongUser
            | Cause::TokenMissingScope
            | Cause::ClientProtocolError
            | Cause::Throttled
            | Cause::Temporary
            | Cause::Unexplained
    )
}

fn decide_advertised(rule: &Rule, endpoint: &EndpointReport) -> Decision {
    // Inside TLS where there is TLS: what was said before is open to anybody on the path.
    let stage = if endpoint.transport == Transport::Plaintext { Stage::BeforeTls } else { Stage::AfterTls };
    let Some(list) = endpoint.advertised.iter().find(|list| list.stage == stage) else {
        return endpoint
            .failure
            .as_ref()
            .map_or_else(|| Decision::unknown(Because::NoList), Decision::visit_ended);
    };
    let offered = list.offers_method(&rule.method);
    let met = offered == (rule.wanted == Wanted::Advertised);
    let status = if met { VerdictStatus::Pass } else { VerdictStatus::Fail };
    let because = if offered { Because::Advertised } else { Because::NotAdvertised };
    Decision::new(status, because, Some(list.evidence))
}
