//! Which methods a visit tries, and in which order. The forecast of a visit asks the same functions.

use super::visit::Conversation;
use super::{Options, Repertoire};
use crate::model::{Advertisement, Kind, Method, Phase, Skip};

/// The methods of a visit before anything is known of the server: those asked for, or the ones that are
/// worth a refusal.
pub(super) fn known_before(
    conversation: &dyn Conversation,
    options: &Options,
    repertoire: Repertoire<'_>,
) -> Vec<Method> {
    if !options.methods.is_empty() {
        let mut asked: Vec<Method> = options.methods.clone();
        asked.retain(|method| conversation.fits(method, repertoire));
        return asked;
    }
    if options.unadvertised { conversation.worth_a_refusal(options, repertoire) } else { Vec::new() }
}

/// The methods that the capability list adds.
pub(super) fn added_by(advertisement: &Advertisement, known: &[Method], options: &Options) -> Vec<Method> {
    added(advertisement.offers.iter().map(|offer| &offer.method), known, options)
}

/// The methods that are added to those known before by a server that offers these.
pub(super) fn added<'m>(
    offered: impl Iterator<Item = &'m Method>,
    known: &[Method],
    options: &Options,
) -> Vec<Method> {
    let mut added: Vec<Method> = Vec::new();
    if options.methods.is_empty() {
        for method in offered {
            if !known.contains(method) && !added.contains(method) {
                added.push(method.clone());
            }
        }
    }
    added
}

/// Why a method needs no connection: it is certain beforehand that nothing would be presented. `has` says whether there
/// is a secret of a kind.
pub(super) fn futile(
    conversation: &dyn Conversation,
    method: &Method,
    has: impl Fn(Kind) -> bool,
    options: &Options,
    repertoire: Repertoire<'_>,
) -> Option<Skip> {
    if options.stop_after < Phase::Auth || !conversation.logs_in() {
        return Some(Skip::NotAsked);
    }
    let Some(kind) = conversation.kind(method, repertoire) else { return Some(Skip::Unimplemented) };
    if has(kind) {
        return None;
    }
    Some(match kind {
        Kind::Password => Skip::NoPassword,
        Kind::Token => Skip::NoToken,
    })
}
