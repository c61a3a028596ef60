//! Which methods a visit tries, and in which order.

use super::{Options, Tools};
use crate::dialect::Dialect;
use crate::model::{Advertisement, Login, Method, Skip};

/// The methods of a visit before anything is known of the server: those asked for, or the ones that are
/// worth a refusal.
pub(super) fn known_before(dialect: &dyn Dialect, options: &Options, tools: &Tools) -> Vec<Method> {
    if !options.methods.is_empty() {
        return options.methods.clone();
    }
    if !options.unadvertised {
        return Vec::new();
    }
    let (mut with_password, mut with_token) = (Vec::new(), Vec::new());
    for mechanism in tools.mechanisms.iter().filter(|mechanism| mechanism.tried_unadvertised()) {
        let list = if mechanism.kind() == crate::model::Kind::Password {
            &mut with_password
        } else {
            &mut with_token
        };
        list.push(Method::sasl(mechanism.name()));
    }
    with_password
        .extend(dialect.login_methods().iter().filter(|method| dialect.tried_unadvertised(method)).cloned());
    with_password.extend(with_token);
    with_password
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
pub(super) fn futile(method: &Method, login: &Login, options: &Options, tools: &Tools) -> Option<Skip> {
    if options.stop_after < crate::model::Phase::Auth {
        return Some(Skip::NotAsked);
    }
    let Some(kind) = tools.mechanisms.kind(method) else { return Some(Skip::Unimplemented) };
    if login.secret(kind).is_some() {
        return None;
    }
    Some(match kind {
        crate::model::Kind::Password => Skip::NoPassword,
        crate::model::Kind::Token => Skip::NoToken,
    })
}
