//! Why nothing was presented at an endpoint of a report.

use mailprobe_probes::model::{
    Attempt, EndpointReport, Kind, Outcome, Protocol, Report, Skip, Transport, Why,
};

use super::certificate::flaws;
use super::presented;
use crate::{kind, login_offers};

/// Why an endpoint that was shown nothing of these kinds was shown nothing.
pub(crate) fn why_nothing(report: &Report, endpoint: &EndpointReport, kinds: &[Kind]) -> Why {
    if let Some(failure) = &endpoint.failure {
        return Why::Failed(failure.clone());
    }
    if only_asked(endpoint.protocol) {
        return Why::OnlyAsked(endpoint.protocol);
    }
    let concerned = |attempt: &&Attempt| kind::kind(&attempt.method).is_some_and(|it| kinds.contains(&it));
    let attempts = endpoint.attempts.iter().filter(concerned);
    let reasons: Vec<Why> =
        attempts.filter_map(|attempt| of_attempt(report, endpoint, attempt, kinds)).collect();
    let none = || {
        let unknown =
            |attempt: &Attempt| matches!(attempt.outcome, Outcome::NotTried { skip: Skip::Unimplemented });
        match endpoint.attempts.as_slice() {
            [] => Why::NoMethod(Vec::new()),
            attempts if attempts.iter().all(unknown) => Why::NotOffered,
            attempts if offers_none(endpoint, attempts, kinds) => Why::NoneOffered(kinds.to_vec()),
            _ => Why::NoMethod(kinds.to_vec()),
        }
    };
    reasons.into_iter().min_by_key(Why::rank).unwrap_or_else(none)
}

fn of_attempt(report: &Report, endpoint: &EndpointReport, attempt: &Attempt, kinds: &[Kind]) -> Option<Why> {
    let skip = match &attempt.outcome {
        Outcome::NotTried { skip } => *skip,
        Outcome::Inconclusive { failure, .. } if !presented(attempt) => {
            return Some(Why::Failed(failure.clone()));
        }
        _ => return None,
    };
    Some(match skip {
        Skip::UntrustedForbidden => Why::Certificate(flaws(endpoint, &report.started_at)),
        Skip::PlaintextForbidden => Why::Plaintext,
        Skip::Budget => Why::Budget,
        Skip::Cancelled => Why::Cancelled,
        Skip::Unrepresentable => Why::Unrepresentable,
        Skip::NoChannelBinding => Why::NoChannelBinding,
        Skip::NotAdvertised => Why::NotOffered,
        Skip::NotAsked => Why::NotAsked,
        // A token that is got for the run is not even asked for where it could not be presented.
        Skip::NoToken if kinds.contains(&Kind::Token) => match endpoint.transport {
            Transport::Plaintext if !was_refused_one(report) => Why::Plaintext,
            _ => Why::NoTokenObtained,
        },
        _ => return None,
    })
}

/// Whether everything that was tried is offered, and nothing that is offered presents a secret of these kinds: then nobody
/// need have named a method, and the server's offers decided.
fn offers_none(endpoint: &EndpointReport, attempts: &[Attempt], kinds: &[Kind]) -> bool {
    let offers: Vec<_> = login_offers(endpoint).collect();
    attempts.iter().all(|attempt| offers.iter().any(|offer| offer.method == attempt.method))
        && !offers.iter().any(|offer| kind::kind(&offer.method).is_some_and(|it| kinds.contains(&it)))
}

/// Whether no token came for an endpoint whose methods could have presented one.
pub(super) fn lacks_token(report: &Report, endpoint: &EndpointReport) -> bool {
    was_refused_one(report)
        && endpoint
            .attempts
            .iter()
            .any(|attempt| matches!(attempt.outcome, Outcome::NotTried { skip: Skip::NoToken }))
}

/// Whether a token was asked for and not got.
fn was_refused_one(report: &Report) -> bool {
    report.findings.iter().any(|finding| finding.id == "token-not-obtained")
}

/// Services that are asked what they take and shown no login.
const fn only_asked(protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::Mapi
            | Protocol::OutlookAnywhere
            | Protocol::OfflineAddressBook
            | Protocol::PowerShell
            | Protocol::Reporting
            | Protocol::OutlookService
    )
}
