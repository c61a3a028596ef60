//! What a run does, decided and checked in full before the first connection.
//!
//! [`args`] is the command line as typed; [`Plan::resolve`] reads lists, files and secrets and refuses
//! everything that is wrong or contradicts itself. A plan that came out of it can be run.

pub mod args;
mod beforehand;
pub mod canary;
mod contradictions;
pub mod discover;
pub mod file;
pub mod history;
mod login;
mod methods;
mod needs;
mod offline_args;
pub(crate) mod output;
mod pace_args;
pub mod policies;
pub mod presentations;
mod provider;
mod proxy;
pub mod rehearse;
mod secret;
mod standing;
mod targets;
pub mod token;
mod trust;
mod values;
mod visits;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use mailprobe_probes::model::{Endpoint, Login, Proxy};
use mailprobe_probes::probe::Options;
use rustls::pki_types::CertificateDer;

use crate::judge::{Policy, Rule};
use args::CheckArgs;
pub use beforehand::{Beforehand, TokenIssue};
pub use methods::{Abilities, KnownMethod};
pub use needs::Need;
pub use output::Output;
pub use secret::{Source, World};
pub use standing::{Standing, standing_network};
pub use values::Override;
pub(crate) use values::{address_override, dns_server, ehlo_name, user_agent};

/// The endpoints of a provider that can be checked.
///
/// # Errors
/// A provider that is not in the table.
pub fn provider_endpoints(name: &str, abilities: &Abilities<'_>) -> Result<Vec<Endpoint>, UserError> {
    provider::endpoints(name, abilities).map(|(endpoints, _)| endpoints)
}

/// Exit status of usage and configuration errors.
pub const EXIT_USAGE: u8 = 2;

/// Something wrong with what was asked for, in one message with the remedy. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UserError(String);

impl UserError {
    /// An error from its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// A run in full.
#[derive(Debug, Clone)]
pub struct Plan {
    /// One entry a mailbox, in the order given.
    pub visits: Vec<Visit>,
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
    /// Where reports go; never empty.
    pub outputs: Vec<Output>,
    /// Where the evidence goes as one file, where it was asked for.
    pub bundle: Option<PathBuf>,
    /// What must hold; empty where the implicit expectation judges.
    pub expectations: Vec<Rule>,
    /// By which reports are judged too.
    pub policies: Vec<Policy>,
    /// The day for which policies are asked; each report's own where `None`.
    pub at: Option<time::Date>,
    /// When text is coloured.
    pub color: Color,
    /// How much is said.
    pub verbosity: Verbosity,
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

/// Which addresses of a host are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Both kinds.
    Any,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

/// When text reports are coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Whether to colour what goes to one place. `NO_COLOR` counts where it is set and not empty
    /// (no-color.org); an explicit `--color always` stands above it.
    pub fn on(self, is_terminal: bool, no_color: Option<&std::ffi::OsStr>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => is_terminal && no_color.is_none_or(std::ffi::OsStr::is_empty),
        }
    }
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verbosity {
    /// Transcripts in text reports (`-v`).
    pub transcript: bool,
    /// A log of what happens on standard error (`-vv`).
    pub log: bool,
    /// Progress on standard error.
    pub progress: bool,
}

impl Plan {
    /// Decides what a run does. Secrets are read last, so that nobody types a password for a run that a
    /// misspelt flag stops; they are not read at all where nothing is presented.
    pub fn resolve(
        args: &CheckArgs,
        world: &mut World<'_>,
        abilities: &Abilities<'_>,
    ) -> Result<Self, UserError> {
        let network = contradictions::network(&args.network)?;
        let outputs = output::outputs(&args.output.output)?;
        if let Some(path) = &args.output.bundle {
            output::bundle(path, &outputs)?;
        }
        let expectations = contradictions::expectations(args, abilities)?;
        let policies = policies::policies(&args.output.policy)?;
        let ca_certs = args.network.reach.ca_file.as_deref().map(trust::certificates).transpose()?;
        let mut notes = Vec::new();
        if let Some(name) = &args.targets.provider {
            notes.extend(provider::endpoints(name, abilities)?.1);
        }
        let drafts = visits::drafts(args, world, abilities)?;
        contradictions::methods(args, &drafts, abilities, false)?;
        contradictions::pinned_hosts(&network.overrides, &drafts, &mut notes);
        contradictions::sending(args, &drafts, &mut notes)?;
        contradictions::protocols(&expectations, &drafts)?;
        policies::hold_against(
            &policies,
            args.output.at.unwrap_or_else(policies::today),
            &drafts,
            &mut notes,
        )?;
        contradictions::credentials(&expectations, &drafts, abilities)?;
        let mut visits = visits::with_secrets(args, drafts, world, &mut notes)?;
        for visit in &mut visits {
            visit.beforehand.protocols = abilities.token_protocols(visit);
        }
        methods::without_credential(&visits, abilities, &mut notes);
        let proxy = proxy::with_password(network.proxy, &args.network, world)?;
        Ok(Self {
            visits,
            limits: Limits {
                run: args.pace.concurrency,
                per_host: args.pace.per_host,
                per_mailbox: args.pace.per_mailbox,
            },
            budget: args.methods.attempt_budget(),
            budget_is_default: args.methods.attempt_budget.is_none(),
            browser: !args.oauth.no_browser,
            network: Network { ca_certs, proxy, ..network },
            outputs,
            bundle: args.output.bundle.clone(),
            expectations,
            policies,
            at: args.output.at,
            color: args.output.color,
            verbosity: Verbosity {
                transcript: args.output.verbose > 0,
                log: args.output.verbose > 1,
                progress: !args.output.quiet,
            },
            notes,
        })
    }
}

#[cfg(test)]
mod tests;
