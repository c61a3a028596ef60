//! What a visit would present, told beforehand by the code that decides it in the visit itself.
//!
//! Only what cannot be known without the server is left open: what it offers, and whether its certificate is trusted.

use std::fmt;

use super::admission::{self, Channel};
use super::visit::Conversation;
use super::{Options, choose};
use crate::model::{Endpoint, Kind, Login, Method, Phase, Skip};
use crate::sasl::Registry;
use crate::scheme::Schemes;

/// What a visit can try: SASL mechanisms over the line protocols, schemes over HTTP.
#[derive(Clone, Copy)]
pub struct Repertoire<'a> {
    /// The mechanisms.
    pub mechanisms: &'a Registry,
    /// The schemes.
    pub schemes: &'a Schemes,
}

impl fmt::Debug for Repertoire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mechanisms = self.mechanisms.iter().map(|mechanism| mechanism.name());
        f.debug_list().entries(mechanisms.chain(self.schemes.iter().map(|scheme| scheme.name()))).finish()
    }
}

/// A visit that has not begun.
#[derive(Debug, Clone, Copy)]
pub struct Prospect<'a> {
    /// Where it goes.
    pub endpoint: &'a Endpoint,
    /// Who logs in, with the secrets that are known.
    pub login: &'a Login,
    /// Whether a token will be there by then, although the login has none yet.
    pub token_to_come: bool,
    /// What is tried, and how far to go.
    pub options: &'a Options,
    /// What can be tried.
    pub repertoire: Repertoire<'a>,
}

/// What a visit presents at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// What is presented: first what is tried in any case, in that order, then what the server has to offer for it.
    pub presentations: Vec<Presentation>,
    /// Methods that would be tried, and cannot be with this login on this channel.
    pub skipped: Vec<(Method, Skip)>,
    /// Why nothing is presented by any method.
    pub withheld: Option<Withheld>,
    /// Requests behind each accepted login that carry its credential once more, at most.
    pub most_repeats: usize,
}

/// One credential presented by one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// By which method.
    pub method: Method,
    /// What it presents.
    pub kind: Kind,
    /// Whether that happens only where the server offers the method.
    pub only_if_offered: bool,
}

/// Why a visit presents nothing whatever the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// The last phase comes before logging in.
    LastPhase,
    /// The service is asked what it offers, and never logged in to.
    OnlyAsked,
    /// There is no TLS, and no leave to do without.
    Plaintext,
}

/// Asks the visit's own functions.
pub(super) fn forecast(conversation: &dyn Conversation, prospect: &Prospect<'_>) -> Forecast {
    let Prospect { endpoint, login, token_to_come, options, repertoire } = *prospect;
    let withheld = withheld(conversation, endpoint, options);
    if withheld.is_some() {
        return Forecast { withheld, ..Forecast::default() };
    }
    let known = choose::known_before(conversation, options, repertoire);
    let implemented = conversation.implemented(options, repertoire);
    let added = choose::added(implemented.iter(), &known, options);
    let awaited = |kind| kind == Kind::Token && token_to_come && login.token.is_none();
    let mut forecast = Forecast { most_repeats: conversation.most_repeats(options), ..Forecast::default() };
    let before = known.iter().map(|method| (method, !options.unadvertised));
    for (method, only_if_offered) in before.chain(added.iter().map(|method| (method, true))) {
        let has = |kind| login.secret(kind).is_some() || awaited(kind);
        let skip = choose::futile(conversation, method, has, options, repertoire);
        let kind = conversation.kind(method, repertoire).filter(|_| skip.is_none());
        let Some(kind) = kind else {
            forecast.skipped.extend(skip.map(|skip| (method.clone(), skip)));
            continue;
        };
        let begins = if awaited(kind) {
            // A token of an issuer can be written in every token method.
            Ok(())
        } else {
            conversation.begins(method, login, endpoint, options, repertoire)
        };
        match begins {
            Err(skip) if skip != Skip::NotAdvertised => forecast.skipped.push((method.clone(), skip)),
            begins => forecast.presentations.push(Presentation {
                method: method.clone(),
                kind,
                only_if_offered: only_if_offered || begins.is_err(),
            }),
        }
    }
    // Stable: the order within the two parts stays.
    forecast.presentations.sort_by_key(|presentation| presentation.only_if_offered);
    forecast
}

fn withheld(conversation: &dyn Conversation, endpoint: &Endpoint, options: &Options) -> Option<Withheld> {
    let channel = if endpoint.has_tls() { Channel::Tls { trusted: true } } else { Channel::Clear };
    if options.stop_after < Phase::Auth {
        Some(Withheld::LastPhase)
    } else if !conversation.logs_in() {
        Some(Withheld::OnlyAsked)
    } else if admission::may_go_over(channel, options).is_err() {
        Some(Withheld::Plaintext)
    } else {
        None
    }
}

#[cfg(test)]
#[path = "forecast_tests.rs"]
mod tests;
