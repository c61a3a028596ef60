//! Which of several findings is told: a server's refusal with a reason before one without, before a client's headline.

use super::{Found, Told, Weight, sentence};
use crate::model::Cause;

/// The place of the finding that matters. Of equals the first, of answers that refuse nothing the last.
pub(super) fn best(found: &[Found], told: &[Told]) -> usize {
    let rank = |place: usize| match (found.get(place), told.get(place)) {
        (Some(found), Some(told)) => rank(found, told.diagnosis.first(), &told.diagnosis.rule),
        _ => 0,
    };
    let mut best = 0;
    for place in 1..found.len().min(told.len()) {
        if rank(place) > rank(best) || rank(place) < 4 && rank(place) == rank(best) {
            best = place;
        }
    }
    best
}

/// Whether a finding is a refusal of a protocol. One that decides nothing is still the server's word, unlike a client's
/// headline above it.
pub(super) fn refuses(found: &Found) -> bool {
    matches!(found.reply.status.as_str(), "NO" | "BAD" | "-ERR") || found.reply.status.starts_with(['4', '5'])
}

fn rank(found: &Found, cause: Cause, rule: &str) -> u8 {
    let weight = found.weight;
    let silent = rule == "unexplained";
    let consequence = matches!(
        cause,
        Cause::NotAuthenticated
            | Cause::ClientProtocolError
            | Cause::TlsRequired
            | Cause::MechanismUnsupported
    );
    match (weight, cause) {
        (_, Cause::Accepted) if weight >= Weight::Code => 2,
        (Weight::Reply, Cause::Informational) if refuses(found) => 8,
        (_, Cause::Informational) if weight >= Weight::Code => 0,
        (Weight::Reply, Cause::Unexplained) => 8,
        (_, Cause::Unexplained) if silent => 4,
        // The server's own log says more than it told the client.
        (Weight::Reply, _) if rule.starts_with("log-") => 18,
        (Weight::Reply, _) if consequence => 14,
        (Weight::Reply, _) => 16,
        (Weight::Code, _) => 12,
        (Weight::Quoted, _) => 10,
        (Weight::Sentence, _) if sentence::is_of_the_writer(&found.reply.text) => 5,
        (Weight::Sentence, _) => 6,
    }
}
