//! Carrying a plan out: which mailbox when, how many connections at a time, and what a cancelled run leaves.

mod fronts;
mod gate;
mod mailbox;
mod progress;
mod sign_in_log;

pub use gate::AttemptGate;
pub use progress::Progress;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use mailprobe_probes::model::Report;
use mailprobe_probes::probe::{Slots, Tools};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{
    Cancel, Dial, Dialer, Family, Override, Proxied, Resolver, ResolverSettings, Tls,
};
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinSet};

use crate::plan::{self, Plan, UserError, Visit};
use mailbox::Mailbox;

/// How hosts are found and reached.
#[derive(Clone)]
pub struct Reach {
    /// Names to addresses.
    pub resolver: Arc<Resolver>,
    /// Addresses to streams, through the proxy where there is one.
    pub dialer: Arc<dyn Dial>,
    /// Streams to TLS.
    pub tls: Tls,
}

/// How hosts are found and reached in this network.
///
/// # Errors
/// TLS that cannot be set up with the certificates given.
pub fn reach(network: &plan::Network) -> Result<Reach, UserError> {
    let overrides = network.overrides.iter().map(|pinned| Override {
        host: pinned.host.clone(),
        port: pinned.port,
        address: pinned.address,
    });
    let settings = ResolverSettings {
        overrides: overrides.collect(),
        family: match network.family {
            plan::Family::Any => Family::Any,
            plan::Family::V4 => Family::V4,
            plan::Family::V6 => Family::V6,
        },
        server: network.dns_server,
    };
    let tls = Tls::new(network.ca_certs.as_deref()).map_err(|error| UserError::new(error.to_string()))?;
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
pub fn tools(plan: &Plan, cancel: Cancel) -> Result<Tools, UserError> {
    tools_with(plan, Arc::new(AttemptGate::new(plan.budget)), cancel)
}

/// What a run is carried out with, behind this gate: what was presented before the run counts in it.
///
/// # Errors
/// TLS that cannot be set up with the certificates given.
pub fn tools_with(plan: &Plan, gate: Arc<AttemptGate>, cancel: Cancel) -> Result<Tools, UserError> {
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
    let whole_run = Arc::new(Semaphore::new(count(plan.limits.run)));
    let mut hosts: HashMap<&str, Arc<Semaphore>> = HashMap::new();
    let mut begun: HashMap<Id, usize> = HashMap::new();
    let mut running: JoinSet<Report> = JoinSet::new();
    let mut waiting = plan.visits.iter().enumerate();
    loop {
        while running.len() < count(plan.limits.run) && !tools.cancel.is_cancelled() {
            let Some((index, visit)) = waiting.next() else { break };
            let of_mailbox = Arc::new(Semaphore::new(count(plan.limits.per_mailbox)));
            let slots = visit.endpoints.iter().map(|endpoint| {
                let of_host = hosts
                    .entry(&endpoint.host)
                    .or_insert_with(|| Arc::new(Semaphore::new(count(plan.limits.per_host))));
                Slots(vec![Arc::clone(&of_mailbox), Arc::clone(of_host), Arc::clone(&whole_run)])
            });
            let mailbox = Mailbox {
                visit: visit.clone(),
                slots: slots.collect(),
                tools: tools.clone(),
                all_addresses: plan.network.all_addresses,
            };
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

    fn slots(&self, of_mailbox: &Arc<Semaphore>, host: &str) -> Slots {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
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
    let of_mailbox = Arc::new(Semaphore::new(count(shared.per_mailbox)));
    let slots = visit.endpoints.iter().map(|endpoint| shared.slots(&of_mailbox, &endpoint.host)).collect();
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
