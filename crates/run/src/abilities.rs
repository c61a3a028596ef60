//! What this build can do, as the plan is told.

use mailprobe_probes::model::{Kind, Method, Protocol};
use mailprobe_probes::probe::{self, Repertoire};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;

use crate::plan::{Abilities, KnownMethod};

/// Every method and protocol that this build has.
pub(crate) struct Standard {
    mechanisms: Registry,
    schemes: Schemes,
    methods: Vec<KnownMethod>,
    protocols: Vec<Protocol>,
}

impl Standard {
    /// All of them.
    pub(crate) fn new() -> Self {
        let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
        let of_sasl = mechanisms
            .iter()
            .map(|mechanism| KnownMethod { method: Method::sasl(mechanism.name()), kind: mechanism.kind() });
        let commands = probe::login_methods().map(|method| KnownMethod { method, kind: Kind::Password });
        let of_http = schemes
            .iter()
            .map(|scheme| KnownMethod { method: Method::http(scheme.name()), kind: scheme.kind() });
        let methods = of_sasl.chain(commands).chain(of_http).collect();
        Self { mechanisms, schemes, methods, protocols: probe::protocols().collect() }
    }

    /// As the plan is told.
    pub(crate) fn abilities(&self) -> Abilities<'_> {
        let repertoire = Repertoire { mechanisms: &self.mechanisms, schemes: &self.schemes };
        Abilities { methods: &self.methods, protocols: &self.protocols, repertoire }
    }
}

/// Calls `use_them` with every method and protocol that this build has.
pub fn with_abilities<T>(use_them: impl FnOnce(&Abilities<'_>) -> T) -> T {
    use_them(&Standard::new().abilities())
}
