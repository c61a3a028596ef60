//! Whether a rule holds at one endpoint, and what proves it.

use mailprobe_probes::model::{
    Attempt, Cause, EndpointReport, LineRange, Outcome, Session, Skip, Stage, Transport, VerdictStatus,
};

use super::{Rule, Wanted};

/// What became of a rule.
pub(super) struct Decision {
    pub(super) status: VerdictStatus,
    pub(super) because: String,
    pub(super) evidence: Option<LineRange>,
}

impl Decision {
    pub(super) fn new(
        status: VerdictStatus,
        because: impl Into<String>,
        evidence: Option<LineRange>,
    ) -> Self {
        Self { status, because: because.into(), evidence }
    }

    pub(super) fn unknown(because: impl Into<String>) -> Self {
        Self::new(VerdictStatus::Unknown, because, None)
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
            || Decision::unknown(format!("{} was not tried", rule.method)),
            |failure| {
                Decision::unknown(format!("the visit ended in {}: {}", failure.phase, failure.cause.name()))
            },
        );
    };
    let evidence = attempt.outcome.evidence();
    let (status, because) = match (&attempt.outcome, rule.wanted) {
        (Outcome::NotTried { skip }, _) => return Decision::unknown(format!("not tried: {}", skip.name())),
        (Outcome::Inconclusive { failure, .. }, _) => {
            (VerdictStatus::Unknown, format!("no reliable answer: {}", failure.cause.name()))
        }
        (Outcome::Accepted { session, .. }, Wanted::Usable) => match session {
            Session::Opened { evidence } => {
                return Decision::new(
                    VerdictStatus::Pass,
                    "accepted, and the mailbox opened",
                    Some(*evidence),
                );
            }
            Session::Sent { evidence, .. } => {
                let because = "accepted, and a message was taken for delivery";
                return Decision::new(VerdictStatus::Pass, because, Some(*evidence));
            }
            Session::Shut { evidence, .. } => {
                let because = "accepted, but the server did not open the mailbox";
                return Decision::new(VerdictStatus::Fail, because, Some(*evidence));
            }
            Session::NotChecked { failure, .. } => (
                VerdictStatus::Unknown,
                format!("accepted, but whether the mailbox opens is not known: {}", failure.cause.name()),
            ),
        },
        (Outcome::Accepted { .. }, Wanted::Accepted) => (VerdictStatus::Pass, "accepted".to_owned()),
        (Outcome::Accepted { .. }, _) => (VerdictStatus::Fail, "accepted".to_owned()),
        (Outcome::Refused { .. }, Wanted::Usable | Wanted::Accepted) => {
            (VerdictStatus::Fail, format!("refused as {}", first_cause(attempt)))
        }
        (Outcome::Refused { diagnosis, .. }, Wanted::Refused) if is_about_credential(diagnosis.first()) => (
            VerdictStatus::Unknown,
            format!(
                "refused as {}, which may be this password or token and not the method",
                diagnosis.first()
            ),
        ),
        (Outcome::Refused { .. }, _) => (VerdictStatus::Pass, format!("refused as {}", first_cause(attempt))),
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
        return endpoint.failure.as_ref().map_or_else(
            || Decision::unknown("no capability list was heard"),
            |failure| {
                Decision::unknown(format!("the visit ended in {}: {}", failure.phase, failure.cause.name()))
            },
        );
    };
    let offered = list.offers_method(&rule.method);
    let met = offered == (rule.wanted == Wanted::Advertised);
    let status = if met { VerdictStatus::Pass } else { VerdictStatus::Fail };
    Decision::new(status, if offered { "advertised" } else { "not advertised" }, Some(list.evidence))
}
