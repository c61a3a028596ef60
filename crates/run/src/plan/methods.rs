//! What the prober is able to do, as the plan is told, and the methods a run asks for.

use mailprobe_probes::model::{Endpoint, Kind, Method, Phase, Protocol, harmless};
use mailprobe_probes::probe::{Forecast, Prospect, Repertoire, probe_for};

use super::Visit;
use super::error::{PlanError, Setting, words};

/// A method the prober implements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMethod {
    /// Its name.
    pub method: Method,
    /// What it presents.
    pub kind: Kind,
}

/// What the prober can do; handed in, so that the plan knows no mechanism and no protocol by itself.
#[derive(Debug, Clone, Copy)]
pub struct Abilities<'a> {
    /// Methods in the order in which they are tried.
    pub methods: &'a [KnownMethod],
    /// Protocols with a probe.
    pub protocols: &'a [Protocol],
    /// What visits are made with: by it they are forecast.
    pub repertoire: Repertoire<'a>,
}

impl Abilities<'_> {
    /// What a method presents, where it is known.
    pub(super) fn kind(&self, method: &Method) -> Option<Kind> {
        self.methods.iter().find(|known| known.method == *method).map(|known| known.kind)
    }

    /// The protocols on which a visit presents a token.
    pub(super) fn token_protocols(&self, visit: &Visit) -> Vec<Protocol> {
        let mut protocols = Vec::new();
        if visit.options.stop_after < Phase::Auth || !visit.has(Kind::Token) {
            return protocols;
        }
        for endpoint in &visit.endpoints {
            let forecast = self.forecast(visit, endpoint, visit.gets_tokens());
            let presents = forecast.presentations.iter().any(|one| one.kind == Kind::Token);
            if presents && !protocols.contains(&endpoint.protocol) {
                protocols.push(endpoint.protocol);
            }
        }
        protocols
    }

    fn names(&self) -> String {
        self.methods.iter().map(|known| known.method.name()).collect::<Vec<_>>().join(", ")
    }

    /// What a visit presents at one of its endpoints at most, by the probe that makes the visit. `token_to_come` says that
    /// the login will have a token by then.
    pub(super) fn forecast(&self, visit: &Visit, endpoint: &Endpoint, token_to_come: bool) -> Forecast {
        let prospect = Prospect {
            endpoint,
            login: &visit.login,
            token_to_come,
            options: &visit.options,
            repertoire: self.repertoire,
        };
        probe_for(endpoint.protocol).map(|probe| probe.forecast(&prospect)).unwrap_or_default()
    }
}

/// Reads a list of method names.
pub(super) fn methods<'n>(
    names: impl Iterator<Item = &'n str>,
    abilities: &Abilities<'_>,
) -> Result<Vec<Method>, PlanError> {
    let mut methods = Vec::new();
    for name in names {
        let method = known(name, abilities)?;
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    if methods.is_empty() {
        let what = words!["the list of methods is empty"];
        return Err(PlanError::new(Setting::Methods, what).remedy(words!["leave it out to try all"]));
    }
    Ok(methods)
}

/// One method the prober implements, by name.
pub(super) fn known(name: &str, abilities: &Abilities<'_>) -> Result<Method, PlanError> {
    let method = Method::from_name(name);
    if abilities.kind(&method).is_none() {
        let shown = harmless(name.as_bytes());
        let what = words![format!("unknown method `{shown}`")];
        let remedy = words![format!("use {}", abilities.names())];
        return Err(PlanError::new(Setting::Methods, what).remedy(remedy));
    }
    Ok(method)
}

/// Notes methods that were asked for by name and cannot be tried for want of a credential.
pub(super) fn without_credential(visits: &[Visit], abilities: &Abilities<'_>, notes: &mut Vec<String>) {
    for (kind, what) in [(Kind::Password, "password"), (Kind::Token, "token")] {
        let mut names: Vec<&str> = Vec::new();
        for visit in visits {
            let other = match kind {
                Kind::Password => Kind::Token,
                Kind::Token => Kind::Password,
            };
            // With neither, the note about advertisements says all.
            if visit.has(kind) || !visit.has(other) {
                continue;
            }
            let wanted = visit.options.methods.iter().filter(|method| abilities.kind(method) == Some(kind));
            for method in wanted {
                if !names.contains(&method.name()) {
                    names.push(method.name());
                }
            }
        }
        if !names.is_empty() {
            let env = if kind == Kind::Password { Setting::PasswordEnv } else { Setting::TokenEnv };
            let names = names.join(", ");
            let note = words![
                format!("{names} will not be tried: no {what} was given ("),
                env,
                ", -file, -command)"
            ];
            notes.push(note.to_string());
        }
    }
}
