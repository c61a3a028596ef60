//! What the checks of a request need to know of all mailboxes together. It is gathered draft by draft, and grows with the kinds
//! of mailboxes that there are, not with their number.

use mailprobe_probes::model::{Endpoint, Kind, Method, Protocol};
use mailprobe_probes::wire::Override;

use super::drafts::Draft;
use mailprobe_judge::{Policy, PolicyRule};

/// What is known of the drafts that were taken.
#[derive(Default)]
pub(super) struct Survey<'q> {
    /// The protocols that some endpoint speaks, in the order in which they came.
    pub(super) protocols: Vec<Protocol>,
    /// The methods that are asked for by name, in the order in which they came.
    pub(super) methods: Vec<AskedFor>,
    /// Addresses that are pinned, and whether each pins anything.
    pub(super) pinned: Vec<(&'q Override, bool)>,
    /// Rules of policies that are about hosts, and whether each is about one of these.
    about_hosts: Vec<(&'q PolicyRule, bool)>,
    password: bool,
    token: bool,
}

/// A method that drafts ask for by name.
pub(super) struct AskedFor {
    pub(super) method: Method,
    /// The protocols that those drafts speak, in the order in which they came.
    pub(super) protocols: Vec<Protocol>,
    /// Whether one of those drafts has an endpoint that knows one of its methods.
    pub(super) is_useful: bool,
}

impl<'q> Survey<'q> {
    /// A survey that looks for these addresses and for what these policies are about.
    pub(super) fn new(overrides: &'q [Override], policies: &'q [Policy]) -> Self {
        let rules = policies.iter().flat_map(|policy| &policy.rules);
        Self {
            pinned: overrides.iter().map(|pinned| (pinned, false)).collect(),
            about_hosts: rules.map(|rule| (rule, false)).collect(),
            ..Self::default()
        }
    }

    /// Looks at one more.
    pub(super) fn take(&mut self, draft: &Draft) {
        for endpoint in &draft.endpoints {
            note(&mut self.protocols, endpoint.protocol);
        }
        for method in &draft.methods {
            self.asked_for(method, draft);
        }
        for (pinned, used) in &mut self.pinned {
            *used = *used || pins(pinned, draft);
        }
        for (rule, met) in &mut self.about_hosts {
            *met = *met || draft.endpoints.iter().any(|endpoint| rule.is_about_host(&endpoint.host));
        }
        self.password |= draft.has(Kind::Password);
        self.token |= draft.has(Kind::Token);
    }

    fn asked_for(&mut self, method: &Method, draft: &Draft) {
        let at = self.methods.iter().position(|known| known.method == *method).unwrap_or(self.methods.len());
        if at == self.methods.len() {
            self.methods.push(AskedFor { method: method.clone(), protocols: Vec::new(), is_useful: false });
        }
        let Some(asked_for) = self.methods.get_mut(at) else { return };
        for endpoint in &draft.endpoints {
            note(&mut asked_for.protocols, endpoint.protocol);
        }
        asked_for.is_useful = asked_for.is_useful || draft.knows_one();
    }

    /// Whether a rule is about the host of an endpoint.
    pub(super) fn has_host_of(&self, rule: &PolicyRule) -> bool {
        self.about_hosts.iter().any(|(known, met)| std::ptr::eq(*known, rule) && *met)
    }

    /// Whether a secret of this kind would come from somewhere.
    pub(super) const fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Password => self.password,
            Kind::Token => self.token,
        }
    }
}

fn note(protocols: &mut Vec<Protocol>, protocol: Protocol) {
    if !protocols.contains(&protocol) {
        protocols.push(protocol);
    }
}

fn pins(pinned: &Override, draft: &Draft) -> bool {
    let is_used = |endpoint: &Endpoint| {
        endpoint.host == pinned.host && pinned.port.is_none_or(|port| port == endpoint.port)
    };
    draft.endpoints.iter().any(is_used) || draft.asks_at(&pinned.host)
}
