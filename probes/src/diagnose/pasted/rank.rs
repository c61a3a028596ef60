//! Which of several findings is told: a server's refusal with a reason before one without, before a client's headline.

use super::{Found, Weight};
use crate::model::{Cause, Diagnosis};

/// The place of the finding that matters. Of equals the first, of answers that refuse nothing the last.
pub(super) fn best(found: &[Found], told: &[Diagnosis]) -> usize {
    let rank = |place: usize| match (found.get(place), told.get(place)) {
        (Some(found), Some(told)) => rank(found.weight, told.first(), told.rule == "unexplained"),
        _ => 0,
    };
    let mut best = 0;
    for place in 1..found.len().min(told.len()) {
        if rank(place) > rank(best) || rank(place) == 0 && rank(best) == 0 {
            best = place;
        }
    }
    best
}

fn rank(weight: Weight, cause: Cause, silent: bool) -> u8 {
    let aside = matches!(cause, Cause::Accepted | Cause::Informational);
    let consequence = matches!(
        cause,
        Cause::NotAuthenticated
            | Cause::ClientProtocolError
            | Cause::TlsRequired
            | Cause::MechanismUnsupported
    );
    match (weight, cause) {
        _ if aside && weight >= Weight::Code => 0,
        (Weight::Reply, Cause::Unexplained) => 3,
        (_, Cause::Unexplained) if silent => 1,
        (Weight::Reply, _) if consequence => 6,
        (Weight::Reply, _) => 8,
        (Weight::Code, _) => 5,
        (Weight::Quoted, _) => 4,
        (Weight::Sentence, _) => 2,
    }
}
