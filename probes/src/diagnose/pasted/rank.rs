//! Which of several findings is told: a server's refusal with a reason before one without, before a client's headline.

use super::{Found, Weight};
use crate::model::{Cause, Diagnosis};

/// The place of the finding that matters. Of equals the first, of answers that refuse nothing the last.
pub(super) fn best(found: &[Found], told: &[Diagnosis]) -> usize {
    let rank = |place: usize| match (found.get(place), told.get(place)) {
        (Some(found), Some(told)) => rank(found, told.first(), told.rule == "unexplained"),
        _ => 0,
    };
    let mut best = 0;
    for place in 1..found.len().min(told.len()) {
        if rank(place) > rank(best) || rank(place) < 2 && rank(place) == rank(best) {
            best = place;
        }
    }
    best
}

fn rank(found: &Found, cause: Cause, silent: bool) -> u8 {
    let weight = found.weight;
    // A refusal that decides nothing is still the server's word, unlike a client's headline above it.
    let refuses = matches!(found.reply.status.as_str(), "NO" | "BAD" | "-ERR")
        || found.reply.status.starts_with(['4', '5']);
    let consequence = matches!(
        cause,
        Cause::NotAuthenticated
            | Cause::ClientProtocolError
            | Cause::TlsRequired
            | Cause::MechanismUnsupported
    );
    match (weight, cause) {
        (_, Cause::Accepted) if weight >= Weight::Code => 1,
        (Weight::Reply, Cause::Informational) if refuses => 4,
        (_, Cause::Informational) if weight >= Weight::Code => 0,
        (Weight::Reply, Cause::Unexplained) => 4,
        (_, Cause::Unexplained) if silent => 2,
        (Weight::Reply, _) if consequence => 7,
        (Weight::Reply, _) => 8,
        (Weight::Code, _) => 6,
        (Weight::Quoted, _) => 5,
        (Weight::Sentence, _) => 3,
    }
}
