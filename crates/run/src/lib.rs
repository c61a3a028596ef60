//! Carrying a plan out: which mailbox when, how many connections at a time, and what a cancelled run leaves.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod abilities;
pub mod discover;
mod fronts;
mod gate;
mod mailbox;
pub mod plan;
pub mod preflight;
mod progress;
mod sign_in_log;

pub use abilities::with_abilities;
pub use gate::AttemptGate;
pub use progress::Progress;

use std::collections::HashMap;
use std::sync::Arc;

use mailprobe_probes::model::Report;
use mailprobe_probes::probe::{Slots, Tools};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{
    CancellationToken, Dial, Dialer, Proxied, Reach, Resolver, ResolverSettings, Tls,
};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinSet};

use crate::plan::{Plan, PlanError, Setting, Visit};
use mailbox::Mailbox;

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
pub async fn run(plan: &Plan, tools: &Tools, progress: &Progress, mut finished: impl FnMut(usize, Report)) {
    let shared = Shared::new(plan.limits);
    let mut begun: HashMap<Id, usize> = HashMap::new();
    let mut running: JoinSet<Report> = JoinSet::new();
    let mut waiting = plan.visits.iter().enumerate();
    loop {
        while running.len() < count(plan.limits.run) && !tools.cancel.is_cancelled() {
            let Some((index, visit)) = waiting.next() else { break };
            let slots = shared.of_visit(visit);
            let (visit, tools) = (visit.clone(), tools.clone());
            let mailbox = Mailbox { visit, slots, tools, all_addresses: plan.network.all_addresses };
            let task = running.spawn(mailbox.check());
            begun.insert(task.id(), index);
        }
        let Some(joined) = running.join_next_with_id().await else { break };
        let (index, report) = match joined {
            Ok((id, report)) => (begun.remove(&id), report),
            Err(error) => {
                let index = begun.remove(&error.id());
                let visit = index.and_then(|index| plan.visits.get(index));
                (index, our_bug(visit))
            }
        };
        progress.mailbox_done();
        if let Some(index) = index {
            finished(index, report);
        }
    }
}

/// Bounds on connections that many visits share: to one host, and to all.
#[derive(Debug)]
pub struct Shared {
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    per_host: u32,
    per_mailbox: u32,
    all: Arc<Semaphore>,
}

impl Shared {
    /// Bounds of this many connections.
    pub fn new(limits: plan::Limits) -> Self {
        Self {
            hosts: Mutex::default(),
            per_host: limits.per_host,
            per_mailbox: limits.per_mailbox,
            all: Arc::new(Semaphore::new(count(limits.run))),
        }
    }

    /// The bounds of one visit, an entry for each of its endpoints.
    fn of_visit(&self, visit: &Visit) -> Vec<Slots> {
        let of_mailbox = Arc::new(Semaphore::new(count(self.per_mailbox)));
        visit.endpoints.iter().map(|endpoint| self.slots(&of_mailbox, &endpoint.host)).collect()
    }

    fn slots(&self, of_mailbox: &Arc<Semaphore>, host: &str) -> Slots {
        let mut hosts = self.hosts.lock();
        let new = || Arc::new(Semaphore::new(count(self.per_host)));
        let of_host = match hosts.get(host) {
            Some(known) => Arc::clone(known),
            None => Arc::clone(hosts.entry(host.to_owned()).or_insert_with(new)),
        };
        Slots(vec![Arc::clone(of_mailbox), of_host, Arc::clone(&self.all)])
    }
}

/// Checks one mailbox, within bounds that it shares with others. A check that panics is a report that says so.
pub async fn visit(visit: Visit, tools: Tools, shared: &Shared) -> Report {
    let slots = shared.of_visit(&visit);
    let mailbox = Mailbox { visit: visit.clone(), slots, tools, all_addresses: false };
    // A task of its own, so that a fault of ours ends this visit and nothing else.
    match tokio::spawn(mailbox.check()).await {
        Ok(report) => report,
        Err(_) => our_bug(Some(&visit)),
    }
}

fn count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX).clamp(1, Semaphore::MAX_PERMITS)
}

/// The report of a mailbox whose check panicked: our fault, and said so.
fn our_bug(visit: Option<&Visit>) -> Report {
    let failure = mailbox::our_fault();
    let mut report = mailbox::empty_report(visit.map_or("?", |visit| visit.mailbox.as_str()));
    report.given = visit.map(Visit::given);
    report.endpoints =
        visit.into_iter().flat_map(|visit| &visit.endpoints).map(mailbox::unvisited(&failure)).collect();
    report
}
