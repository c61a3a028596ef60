//! What a run does, decided and checked in full before the first connection.
//!
//! A [`Request`] is what is asked for; [`Plan::resolve`] reads lists, files and secrets and refuses
//! everything that is wrong or contradicts itself. A plan that came out of it can be run.

mod beforehand;
mod checks;
mod drafts;
mod error;
pub mod login;
mod methods;
pub mod policies;
pub mod presentations;
mod provider;
mod reach;
pub mod request;
mod rules;
mod scope;
mod secrets;
mod seen;
mod standing;
mod survey;
mod targets;
mod trust;
pub mod values;
mod visits;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mailprobe_probes::model::{Endpoint, Login, Proxy};
use mailprobe_probes::probe::Options;
use rustls::pki_types::CertificateDer;

pub use beforehand::{Beforehand, TokenIssue};
use checks::WrittenFor;
use drafts::Drafts;
pub use error::{Piece, PlanError, PlanErrors, Row, Setting, Spelling, Words};
use mailprobe_judge::{Policy, Rule};
pub use mailprobe_oauth::{SecretError, Source, Vault, World};
pub use mailprobe_probes::wire::{Family, Override};
pub use methods::{Abilities, KnownMethod};
pub use reach::{family, network, read_proxy};
pub use request::Request;
use secrets::Common;
pub use standing::{Standing, standing_network};
use survey::Survey;
pub use targets::word_list;
pub use values::{address_override, dns_server, ehlo_name, user_agent};
pub use visits::Visits;

/// The endpoints of a provider that can be checked.
///
/// # Errors
/// A provider that is not in the table.
pub fn provider_endpoints(name: &str, abilities: &Abilities<'_>) -> Result<Vec<Endpoint>, PlanError> {
    provider::endpoints(name, abilities).map(|(endpoints, _)| endpoints)
}

/// A run in full.
#[derive(Debug, Clone)]
pub struct Plan {
    /// One a mailbox, in the order given.
    pub visits: Visits,
    /// How many connections are open at once.
    pub limits: Limits,
    /// How often a password that may be wrong is presented for one account.
    pub budget: u32,
    /// Whether the budget is nobody's wish, so that what is found out about an account may change it.
    pub budget_is_default: bool,
    /// Whether a browser is opened for a sign-in.
    pub browser: bool,
    /// How hosts are found and reached.
    pub network: Network,
    /// What must hold; empty where the implicit expectation judges.
    pub expectations: Vec<Rule>,
    /// By which reports are judged too.
    pub policies: Vec<Policy>,
    /// The day for which policies are asked; each report's own where `None`.
    pub at: Option<jiff::civil::Date>,
    /// What the user should know before the run starts, a sentence each.
    pub notes: Vec<String>,
}

/// One mailbox with everything that is tried for it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The mailbox, as the report names it.
    pub mailbox: String,
    /// Who logs in.
    pub login: Arc<Login>,
    /// Where, in order; never empty.
    pub endpoints: Vec<Endpoint>,
    /// What is tried, and how far to go.
    pub options: Options,
    /// What is known before the first session.
    pub beforehand: Beforehand,
}

/// Connections open at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In the whole run.
    pub run: u32,
    /// To one host.
    pub per_host: u32,
    /// For one mailbox.
    pub per_mailbox: u32,
}

/// How hosts are found and reached.
#[derive(Debug, Clone)]
pub struct Network {
    /// Addresses that stand before what the resolver says; several for one host are all used.
    pub overrides: Vec<Override>,
    /// The name server to ask; the system's where `None`.
    pub dns_server: Option<SocketAddr>,
    /// The local address.
    pub source_address: Option<IpAddr>,
    /// Which addresses are used.
    pub family: Family,
    /// Whether every address of a host is visited.
    pub all_addresses: bool,
    /// Trust anchors in place of the system's.
    pub ca_certs: Option<Vec<CertificateDer<'static>>>,
    /// What connections go through.
    pub proxy: Option<Proxy>,
}

impl Plan {
    /// Decides what a run does: a line of steps, each of which takes what it needs of the request and of the steps before.
    /// Mailboxes are drafted, looked at and let go one by one; what the checks need of all together is a survey.
    /// Secrets are read last, so that nobody types a password for a run that a misspelt setting stops; they are not read at
    /// all where nothing is presented.
    ///
    /// # Errors
    /// The first mistake; of a list of targets all.
    pub fn resolve(
        request: &Request,
        world: &mut World<'_>,
        abilities: &Abilities<'_>,
    ) -> Result<Self, PlanErrors> {
        let Request { targets, login, methods, judgement, .. } = request;
        let mut notes = Vec::new();
        let network = reach::checked(&request.network.reach)?;
        let scope = scope::scope(methods, request.network.tls_versions, abilities)?;
        let rules = rules::rules(&judgement.expect, &scope, abilities)?;
        let policies = policies::policies(&judgement.policies)?;
        let ca_certs = trust::anchors(request.network.reach.anchors.as_ref())?;
        if let Some(name) = &targets.provider {
            notes.extend(provider::endpoints(name, abilities)?.1);
        }
        let mut survey = Survey::new(&network.overrides, &policies);
        let drafts = Drafts::survey(targets, login, &scope.methods, world, abilities, &mut survey)?;
        checks::methods(&survey, scope.is_narrow, WrittenFor::Run, abilities)?;
        checks::pinned_hosts(&survey, &mut notes);
        checks::sending(request.sending.to.as_deref(), scope.last, &survey, &mut notes)?;
        checks::protocols(&rules, &survey)?;
        let at = judgement.at.unwrap_or_else(policies::today);
        policies::hold_against(&policies, at, &survey, &mut notes)?;
        checks::credentials(&rules, &survey, abilities)?;
        let common = Common { options: request.options(scope.last), authzid: login.authzid.clone() };
        let visits = secrets::visits(common, drafts, world, abilities, &mut notes)?;
        let proxy = reach::with_password(network.proxy, &request.network.reach, world)?;
        Ok(Self {
            visits,
            limits: request.pace.limits,
            budget: scope.budget,
            budget_is_default: methods.budget.is_none(),
            browser: login.browser,
            network: Network { ca_certs, proxy, ..network },
            expectations: rules.into_iter().map(|numbered| numbered.rule).collect(),
            policies,
            at: judgement.at,
            notes,
        })
    }
}
