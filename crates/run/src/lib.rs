//! Carrying a plan out: which mailbox when, how many connections at a time, and what a cancelled run leaves.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod abilities;
pub mod config;
pub mod discover;
mod fronts;
mod gate;
mod mailbox;
pub mod plan;
pub mod preflight;
mod progress;
mod shared;
mod sign_in_log;

pub use abilities::with_abilities;
pub use gate::AttemptGate;
pub use progress::Progress;
pub use shared::Shared;

use std::collections::HashMap;
use std::sync::Arc;

use mailprobe_probes::model::Report;
use mailprobe_probes::probe::Tools;
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{
    CancellationToken, Dial, Dialer, Proxied, Reach, Resolver, ResolverSettings, Tls,
};
use tokio::task::{Id, JoinSet};

use crate::abilities::Standard;
use crate::plan::{Plan, PlanError, Setting, Visit};
use crate::preflight::Preflight;
use mailbox::Mailbox;
use shared::count;

/// How hosts are found and reached in this network.
///
/// # Errors
/// TLS that cannot be set up with the certificates given.
pub fn reach(network: &plan::Network) -> Result<Reach, PlanError> {
    let settings = ResolverSettings {
        overrides: network.overrides.clone(),
        family: network.family,
        server: network.dns_server,
    };
    let tls = Tls::new(network.ca_certs.as_deref())
        .map_err(|error| PlanError::new(Setting::CaFile, words![error.to_string()]))?;
    let resolver = Arc::new(Resolver::new(settings));
    let mut dialer: Arc<dyn Dial> = Arc::new(Dialer { source: network.source_address });
    if let Some(proxy) = &network.proxy {
        dialer = Arc::new(Proxied::new(proxy.clone(), Arc::clone(&resolver), dialer));
    }
    Ok(Reach { resolver, dialer, tls })
}

/// What a run is carried out with.
///
/// # Errors
/// TLS that cannot be set up with the certificates given.
pub fn tools(plan: &Plan, cancel: CancellationToken) -> Result<Tools, PlanError> {
    tools_with(plan, Arc::new(AttemptGate::new(plan.budget)), cancel)
}

/// What a run is carried out with, behind this gate: what was presented before the run counts in it.
///
/// # Errors
/// TLS that cannot be set up with the certificates given.
pub fn tools_with(
    plan: &Plan,
    gate: Arc<AttemptGate>,
    cancel: CancellationToken,
) -> Result<Tools, PlanError> {
    let Reach { resolver, dialer, tls } = reach(&plan.network)?;
    Ok(Tools {
        resolver,
        dialer,
        tls,
        mechanisms: Registry::standard(),
        schemes: Schemes::standard(),
        gate,
        cancel,
    })
}

/// Checks every mailbox of the plan and hands each report over as soon as it is there. Comes back when all
/// are done, or, cancelled, when those that had begun have said what they know.
///
/// # Errors
/// A list of targets that cannot be read again. What had begun by then is done.
pub async fn run(
    plan: &Plan,
    tools: &Tools,
    progress: &Progress,
    finished: impl FnMut(usize, Report),
) -> Result<(), PlanError> {
    let standard = Standard::new();
    check_all(plan.visits.iter(&standard.abilities()), plan, tools, progress, finished).await
}

/// The same, and each visit is told what was found out before the run.
///
/// # Errors
/// As [`run`].
pub async fn run_after(
    mut preflight: Preflight,
    plan: &Plan,
    tools: &Tools,
    progress: &Progress,
    finished: impl FnMut(usize, Report),
) -> Result<(), PlanError> {
    let standard = Standard::new();
    let abilities = standard.abilities();
    let visits = plan.visits.iter(&abilities).enumerate().map(|(index, visit)| {
        let mut visit = visit?;
        preflight.tell(plan, index, &mut visit);
        Ok(visit)
    });
    check_all(visits, plan, tools, progress, finished).await
}

/// Begins a visit when there is room for it, and asks for it no earlier: behind `visits` may stand a list of a million.
async fn check_all(
    visits: impl Iterator<Item = Result<Visit, PlanError>>,
    plan: &Plan,
    tools: &Tools,
    progress: &Progress,
    mut finished: impl FnMut(usize, Report),
) -> Result<(), PlanError> {
    let shared = Shared::new(plan.limits);
    let mut begun: HashMap<Id, (usize, Arc<Visit>)> = HashMap::new();
    let mut running: JoinSet<Report> = JoinSet::new();
    let mut waiting = visits.fuse().enumerate();
    let mut unread = None;
    loop {
        while running.len() < count(plan.limits.run) && !tools.cancel.is_cancelled() && unread.is_none() {
            let Some((index, visit)) = waiting.next() else { break };
            let visit = match visit {
                Ok(visit) => Arc::new(visit),
                Err(error) => {
                    unread = Some(error);
                    break;
                }
            };
            let slots = shared.of_visit(&visit);
            let all_addresses = plan.network.all_addresses;
            let mailbox = Mailbox { visit: Arc::clone(&visit), slots, tools: tools.clone(), all_addresses };
            let task = running.spawn(mailbox.check());
            begun.insert(task.id(), (index, visit));
        }
        let Some(joined) = running.join_next_with_id().await else { break };
        let (begun, report) = match joined {
            Ok((id, report)) => (begun.remove(&id), Some(report)),
            Err(error) => (begun.remove(&error.id()), None),
        };
        progress.mailbox_done();
        if let Some((index, visit)) = begun {
            finished(index, report.unwrap_or_else(|| our_bug(&visit)));
        }
    }
    unread.map_or(Ok(()), Err)
}

/// Checks one mailbox, within bounds that it shares with others. A check that panics is a report that says so.
pub async fn visit(visit: Visit, tools: Tools, shared: &Shared) -> Report {
    let slots = shared.of_visit(&visit);
    let visit = Arc::new(visit);
    let mailbox = Mailbox { visit: Arc::clone(&visit), slots, tools, all_addresses: false };
    // A task of its own, so that a fault of ours ends this visit and nothing else.
    match tokio::spawn(mailbox.check()).await {
        Ok(report) => report,
        Err(_) => our_bug(&visit),
    }
}

/// The report of a mailbox whose check panicked: our fault, and said so.
fn our_bug(visit: &Visit) -> Report {
    let failure = mailbox::our_fault();
    let mut report = mailbox::empty_report(&visit.mailbox);
    report.given = Some(visit.given());
    report.endpoints = visit.endpoints.iter().map(mailbox::unvisited(&failure)).collect();
    report
}

#[cfg(test)]
mod run_tests;
