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

/// Methods that were asked for by name and cannot be tried for want of a credential.
#[derive(Default)]
pub(super) struct Untried {
    /// Those that present a password, in the order in which they came.
    password: Vec<Method>,
    /// Those that present a token.
    token: Vec<Method>,
}

impl Untried {
    /// Looks at one more visit.
    pub(super) fn take(&mut self, visit: &Visit, abilities: &Abilities<'_>) {
        let lacking = match (visit.has(Kind::Password), visit.has(Kind::Token)) {
            (false, true) => Kind::Password,
            (true, false) => Kind::Token,
            // With neither, the note about advertisements says all.
            _ => return,
        };
        let known = match lacking {
            Kind::Password => &mut self.password,
            Kind::Token => &mut self.token,
        };
        for method in visit.options.methods.iter().filter(|method| abilities.kind(method) == Some(lacking)) {
            if !known.contains(method) {
                known.push(method.clone());
            }
        }
    }

    /// Notes them.
    pub(super) fn say(&self, notes: &mut Vec<String>) {
        for (methods, what, env) in
            [(&self.password, "password", Setting::PasswordEnv), (&self.token, "token", Setting::TokenEnv)]
        {
            if methods.is_empty() {
                continue;
            }
            let names = methods.iter().map(Method::name).collect::<Vec<_>>().join(", ");
            let note = words![
                format!("{names} will not be tried: no {what} was given ("),
                env,
                ", -file, -command)"
            ];
            notes.push(note.to_string());
        }
    }
}
