//! What this build can do, as the plan is told.

use mailprobe_probes::model::{Kind, Method};
use mailprobe_probes::probe::{self, Repertoire};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;

use crate::plan::{Abilities, KnownMethod};

/// Calls `use_them` with every method and protocol that this build has.
pub fn with_abilities<T>(use_them: impl FnOnce(&Abilities<'_>) -> T) -> T {
    let registry = Registry::standard();
    let mechanisms = registry
        .iter()
        .map(|mechanism| KnownMethod { method: Method::sasl(mechanism.name()), kind: mechanism.kind() });
    let commands = probe::login_methods().map(|method| KnownMethod { method, kind: Kind::Password });
    let schemes = Schemes::standard();
    let of_http =
        schemes.iter().map(|scheme| KnownMethod { method: Method::http(scheme.name()), kind: scheme.kind() });
    let methods: Vec<KnownMethod> = mechanisms.chain(commands).chain(of_http).collect();
    let protocols: Vec<_> = probe::protocols().collect();
    let repertoire = Repertoire { mechanisms: &registry, schemes: &schemes };
    use_them(&Abilities { methods: &methods, protocols: &protocols, repertoire })
}
