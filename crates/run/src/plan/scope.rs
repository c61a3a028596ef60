//! How far visits go and what they try: decided once, and handed on.

use mailprobe_probes::model::{Method, Phase};

use super::error::{PlanError, Setting, words};
use super::request::Methods;
use super::{Abilities, methods};

/// How far visits go and what they try.
pub(super) struct Scope {
    /// The last phase that is asked for.
    pub(super) last: Phase,
    /// The methods that every target tries which names none; all where it is empty.
    pub(super) methods: Vec<Method>,
    /// Whether they were asked for by name.
    pub(super) is_narrow: bool,
    /// Whether a last phase was asked for; else visits that end early do so because nothing is to be presented.
    pub(super) is_stopped: bool,
    /// How often a password may be presented that may be wrong.
    pub(super) budget: u32,
}

/// Decides it.
pub(super) fn scope(
    wishes: &Methods,
    tls_versions: bool,
    abilities: &Abilities<'_>,
) -> Result<Scope, PlanError> {
    let whole = if wishes.advertised_only { Phase::Capability } else { Phase::Logout };
    let last = wishes.stop_after.unwrap_or(whole);
    if wishes.advertised_only && last >= Phase::Auth {
        let what = words![
            Setting::AdvertisedOnly,
            " and ",
            Setting::StopAfter,
            format!(" {last} contradict each other")
        ];
        return Err(PlanError::new(Setting::StopAfter, what).remedy(words!["give one"]));
    }
    if tls_versions && last < Phase::Connect {
        let what = words![
            Setting::TlsVersions,
            " needs connections, and ",
            Setting::StopAfter,
            format!(" {last} allows none")
        ];
        let remedy = words!["use ", Setting::StopAfter, " connect"];
        return Err(PlanError::new(Setting::TlsVersions, what).remedy(remedy));
    }
    let methods = match &wishes.only {
        Some(names) => methods::methods(names.iter().map(String::as_str), abilities)
            .map_err(|error| error.met(Setting::Methods, words![Setting::Methods, ": "]))?,
        None => Vec::new(),
    };
    Ok(Scope {
        last,
        methods,
        is_narrow: wishes.only.is_some(),
        is_stopped: wishes.stop_after.is_some(),
        budget: wishes.attempt_budget(),
    })
}
