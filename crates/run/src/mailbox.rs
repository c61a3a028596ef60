//! One mailbox: all its endpoints side by side, and one report.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use jiff::Timestamp;
use mailprobe_probes::model::{
    Endpoint, EndpointReport, Failure, Login, Outcome, Phase, Report, SCHEMA_VERSION, Skip, TlsAnswer, Tool,
    Trouble, moment,
};
use mailprobe_probes::probe::{Slots, Task, Tools, probe_for};
use mailprobe_probes::wire::Patience;

use super::{fronts, sign_in_log};
use crate::plan::Visit;
use mailprobe_judge as judge;

/// A mailbox that is about to be checked.
pub(super) struct Mailbox {
    pub(super) visit: Arc<Visit>,
    /// One entry an endpoint, in the same order.
    pub(super) slots: Vec<Slots>,
    pub(super) tools: Tools,
    pub(super) all_addresses: bool,
}

impl Mailbox {
    /// Checks it.
    pub(super) async fn check(self) -> Report {
        let mut report = empty_report(&self.visit.mailbox);
        report.given = Some(self.visit.given());
        let begun = Instant::now();
        let visits = self
            .visit
            .endpoints
            .iter()
            .zip(&self.slots)
            .map(|(endpoint, slots)| self.endpoint_or_our_fault(endpoint, slots));
        report.endpoints = join_all(visits).await.into_iter().flatten().collect();
        report.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        for endpoint in &mut report.endpoints {
            report.findings.append(&mut endpoint.findings);
        }
        report.findings.extend(self.visit.beforehand.findings.iter().cloned());
        report.findings.extend(fronts::disagreements(&report.endpoints));
        judge::correlate(&mut report);
        let in_the_log =
            sign_in_log::findings(&report, &self.visit.login.authcid, &self.visit.beforehand.issues);
        report.findings.extend(in_the_log);
        report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        report.partial = self.tools.cancel.is_cancelled() && report.endpoints.iter().any(was_cut_short);
        report
    }

    /// A fault of ours at one endpoint leaves what was found at the others.
    async fn endpoint_or_our_fault(&self, endpoint: &Endpoint, slots: &Slots) -> Vec<EndpointReport> {
        let visited = AssertUnwindSafe(self.endpoint(endpoint, slots)).catch_unwind().await;
        visited.unwrap_or_else(|_| vec![unvisited(&our_fault())(endpoint)])
    }

    async fn endpoint(&self, endpoint: &Endpoint, slots: &Slots) -> Vec<EndpointReport> {
        let Some(probe) = probe_for(endpoint.protocol) else {
            let failure = Failure::new(
                Phase::Resolve,
                Trouble::Bug,
                format!("mailprobe cannot probe {} yet", endpoint.protocol),
            );
            return vec![unvisited(&failure)(endpoint)];
        };
        let task = |address: Option<IpAddr>| Task {
            endpoint: endpoint.clone(),
            address,
            mailbox: self.visit.mailbox.clone(),
            login: self.visit.login_at(endpoint),
            options: self.visit.options.clone(),
            slots: slots.clone(),
        };
        let begun = Instant::now();
        // Names, addresses and what an answer points to share the time of one visit.
        let left = || self.visit.options.visit_timeout.saturating_sub(begun.elapsed());
        let tasks = if self.all_addresses {
            let limit = self.visit.options.connect_timeout;
            let patience = Patience::new(left(), self.tools.cancel.clone());
            let resolving = self.tools.resolver.addresses(&endpoint.host, endpoint.port);
            match patience.wait(Phase::Resolve, limit, resolving).await.and_then(|addresses| addresses) {
                Ok(addresses) => {
                    addresses.into_iter().map(|address| within(left(), task(Some(address)))).collect()
                }
                Err(failure) => return vec![unvisited(&failure)(endpoint)],
            }
        } else {
            vec![task(None)]
        };
        let mut reports = join_all(tasks.iter().map(|task| probe.run(task, &self.tools))).await;
        if let Some(elsewhere) = self.pointed_to(endpoint, &reports) {
            let task = Task { endpoint: elsewhere, ..without_credentials(within(left(), task(None))) };
            reports.push(probe.run(&task, &self.tools).await);
        }
        reports
    }

    /// The place that an answer points to, where the plan does not go there anyway.
    fn pointed_to(&self, endpoint: &Endpoint, reports: &[EndpointReport]) -> Option<Endpoint> {
        let facts = reports.iter().flat_map(|report| &report.facts);
        let mut places = facts.filter(|fact| fact.name == "redirect-to");
        let place = places.find_map(|fact| endpoint.moved_to(&fact.value))?;
        (!self.visit.endpoints.contains(&place)).then_some(place)
    }
}

fn within(time: Duration, mut task: Task) -> Task {
    task.options.visit_timeout = time;
    task
}

/// One look at what is offered: a place that only an answer names is shown no secret.
fn without_credentials(mut task: Task) -> Task {
    task.login = Arc::new(Login { authcid: task.login.authcid.clone(), ..Login::default() });
    task.options.stop_after = task.options.stop_after.min(Phase::Capability);
    task
}

/// A report with nothing in it yet, begun now.
pub(super) fn empty_report(mailbox: &str) -> Report {
    Report {
        schema: SCHEMA_VERSION,
        tool: Tool { name: "mailprobe".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        mailbox: mailbox.to_owned(),
        started_at: moment::rfc3339(Timestamp::now().as_second()),
        elapsed_ms: 0,
        partial: false,
        given: None,
        endpoints: Vec::new(),
        findings: Vec::new(),
        verdict: None,
    }
}

/// What is said where we panicked.
pub(super) fn our_fault() -> Failure {
    Failure::new(Phase::Resolve, Trouble::Bug, "mailprobe itself failed; please report this")
}

/// The report of an endpoint that nobody visited.
pub(super) fn unvisited(failure: &Failure) -> impl Fn(&Endpoint) -> EndpointReport {
    move |endpoint| {
        let mut report = EndpointReport::new(endpoint);
        report.failure = Some(failure.clone());
        report
    }
}

fn was_cut_short(endpoint: &EndpointReport) -> bool {
    let cancelled = |failure: &Failure| failure.cause == Trouble::Cancelled;
    let of_tls = endpoint.tls_versions.iter().any(|asked| match &asked.answer {
        TlsAnswer::Inconclusive { failure, .. } => cancelled(failure),
        _ => false,
    });
    of_tls
        || endpoint.failure.as_ref().is_some_and(cancelled)
        || endpoint.attempts.iter().any(|attempt| match &attempt.outcome {
            Outcome::NotTried { skip } => *skip == Skip::Cancelled,
            Outcome::Inconclusive { failure, .. } => cancelled(failure),
            _ => false,
        })
}
