//! What the prober is able to do, as the plan is told, and the methods a run asks for.

use mailprobe_probes::model::{Endpoint, Kind, Method, Phase, Protocol, Transport, harmless};

use super::{UserError, Visit, targets};

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
            let open = endpoint.transport != Transport::Plaintext || visit.options.allow_plaintext;
            let mut methods = self.on(endpoint, &visit.options.methods);
            let presents = open && methods.any(|known| known.kind == Kind::Token);
            if presents && !protocols.contains(&endpoint.protocol) {
                protocols.push(endpoint.protocol);
            }
        }
        protocols
    }

    fn names(&self) -> String {
        self.methods.iter().map(|known| known.method.name()).collect::<Vec<_>>().join(", ")
    }

    /// The methods that can be tried on an endpoint at most; its server may know fewer.
    pub(super) fn on<'s>(
        &'s self,
        endpoint: &Endpoint,
        only: &'s [Method],
    ) -> impl Iterator<Item = &'s KnownMethod> {
        let (protocol, plain) = (endpoint.protocol, endpoint.transport == Transport::Plaintext);
        self.methods.iter().filter(move |known| {
            fits(&known.method, protocol, plain) && (only.is_empty() || only.contains(&known.method))
        })
    }
}

fn fits(method: &Method, protocol: Protocol, plain: bool) -> bool {
    // Channel binding (RFC 5802 section 6) needs a TLS channel.
    method.is_of(protocol) && !(plain && method.name().ends_with("-PLUS"))
}

/// Reads a list of method names.
pub(super) fn methods(typed: &str, abilities: &Abilities<'_>) -> Result<Vec<Method>, UserError> {
    let mut methods = Vec::new();
    for name in targets::words(typed) {
        let method = known(name, abilities)?;
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    if methods.is_empty() {
        return Err(UserError::new("the list of methods is empty: leave it out to try all"));
    }
    Ok(methods)
}

/// One method the prober implements, by name.
pub(super) fn known(name: &str, abilities: &Abilities<'_>) -> Result<Method, UserError> {
    let method = Method::from_name(name);
    if abilities.kind(&method).is_none() {
        let shown = harmless(name.as_bytes());
        return Err(UserError::new(format!("unknown method `{shown}`: use {}", abilities.names())));
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
            notes.push(format!(
                "{} will not be tried: no {what} was given (--{what}-env, -file, -command)",
                names.join(", ")
            ));
        }
    }
}
