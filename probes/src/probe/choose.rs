//! Which methods a visit tries, and in which order.

use super::visit::Conversation;
use super::{Options, Tools};
use crate::model::{Advertisement, Kind, Login, Method, Skip};

/// The methods of a visit before anything is known of the server: those asked for, or the ones that are
/// worth a refusal.
pub(super) fn known_before(conversation: &dyn Conversation, options: &Options, tools: &Tools) -> Vec<Method> {
    if !options.methods.is_empty() {
        let mut asked: Vec<Method> = options.methods.clone();
        asked.retain(|method| conversation.fits(method, tools));
        return asked;
    }
    if options.unadvertised { conversation.worth_a_refusal(options, tools) } else { Vec::new() }
}

/// The methods that the capability list adds.
pub(super) fn added_by(advertisement: &Advertisement, known: &[Method], options: &Options) -> Vec<Method> {
    let mut added: Vec<Method> = Vec::new();
    if options.methods.is_empty() {
        for offer in &advertisement.offers {
            if !known.contains(&offer.method) && !added.contains(&offer.method) {
                added.push(offer.method.clone());
            }
        }
    }
    added
}

/// Why a method needs no connection: it is certain beforehand that nothing would be presented.
pub(super) fn futile(kind: Option<Kind>, login: &Login, options: &Options) -> Option<Skip> {
    if options.stop_after < crate::model::Phase::Auth {
        return Some(Skip::NotAsked);
    }
    let Some(kind) = kind else { return Some(Skip::Unimplemented) };
    if login.secret(kind).is_some() {
        return None;
    }
    Some(match kind {
        Kind::Password => Skip::NoPassword,
        Kind::Token => Skip::NoToken,
    })
}
