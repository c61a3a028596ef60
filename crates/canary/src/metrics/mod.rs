//! The page `/metrics`: what the canary knows, in the text format of Prometheus.
//!
//! Names that `blackbox_exporter` has keep its meaning; the others begin with `mailprobe_`:
//!
//! | series | labels | what |
//! |---|---|---|
//! | `probe_success` | target | 1 where everything was seen and every expectation is met; 0 otherwise, before the first visit too |
//! | `probe_duration_seconds` | target | how long the last visit took |
//! | `mailprobe_last_run_timestamp_seconds` | target | when it was |
//! | `mailprobe_next_run_timestamp_seconds` | target | when the next is |
//! | `mailprobe_target_status` | target, status | 1 for the status that it has |
//! | `mailprobe_cell_state` | target, module, endpoint, protocol, mechanism, state | 1 for the confirmed state |
//! | `mailprobe_cell_changed_timestamp_seconds` | target, module, endpoint, protocol, mechanism | since when |
//! | `mailprobe_cell_expectation_met` | target, module, endpoint, protocol, mechanism | 1 or 0; absent where no rule decides |
//! | `mailprobe_mechanism_advertised`, `_accepted`, `_usable`, ... | target, module, endpoint, protocol, mechanism | as the one-shot page, of the last visit |
//! | `probe_ssl_earliest_cert_expiry`, `probe_ssl_last_chain_info` | host, port | of every host, once |
//! | `probe_tls_version_info`, `probe_ip_protocol`, `probe_dns_lookup_time_seconds`, `mailprobe_phase_duration_seconds`, ... | target, module, endpoint, protocol | of the last visit |
//! | `mailprobe_targets` | status | targets by status |
//! | `mailprobe_cells` | protocol, mechanism, state | cells by state |
//! | `mailprobe_cells_by_standing` | standing | cells that are as they should be, or not |
//! | `mailprobe_visits_total` | status | visits since the start |
//! | `mailprobe_attempts_total` | kind (`password`, `token`) | secrets presented since the start |
//! | `mailprobe_changes_total`, `mailprobe_throttled_total` | | changes confirmed, visits put off by servers |
//! | `mailprobe_schedule_overdue_seconds` | | how late the latest visit is |
//! | `mailprobe_alerts_waiting` | sink | notices that are not delivered yet |
//! | `mailprobe_alert_messages_total` | sink, result (`taken`, `failed`) | since the start |
//! | `mailprobe_sink_up` | sink | whether the last message was taken |
//! | `mailprobe_ready`, `mailprobe_problems` | | whether it works, and how many things are wrong |
//! | `mailprobe_config_last_reload_successful`, `mailprobe_config_last_reload_success_timestamp_seconds` | | the configuration |
//! | `mailprobe_build_info` | version | what runs |
//! | `process_start_time_seconds` | | since when |
//! | `mailprobe_series_dropped` | | series left out to keep their number bounded |
//!
//! Cardinality: series of cells for at most [`CELLS_OF`] targets, of targets for at most [`TARGETS`]; beyond that the sums
//! are there, and `/probe` and the dashboard for the detail. Mechanisms that a server invents share the name `other`.

use std::collections::BTreeMap;

use mailprobe_probes::model::{Endpoint, Protocol, Report, VerdictStatus};

use super::cell::{CellKey, Standing, State};
use super::status;
use super::view::{Micros, TargetView};
use crate::source::Source;
use mailprobe_judge::exit_code;
use mailprobe_report::exposition::{Name, Page, seconds, with};
use mailprobe_report::prometheus::{certificates, known, mailbox};

/// Targets whose cells have series of their own.
pub const CELLS_OF: usize = 100;
/// Targets that have series of their own.
pub const TARGETS: usize = 5_000;

const SUCCESS: Name = ("probe_success", "Whether every expectation about the mailbox is met.");
const DURATION: Name = ("probe_duration_seconds", "How long the visits to the mailbox took.");
const LAST_RUN: Name = ("mailprobe_last_run_timestamp_seconds", "When the run began.");
const NEXT_RUN: Name = ("mailprobe_next_run_timestamp_seconds", "When the next visit is due.");
const STATUS: Name = ("mailprobe_target_status", "1 for the status that the target has.");
const STATE: Name = ("mailprobe_cell_state", "1 for the confirmed state of the cell.");
const CHANGED: Name = ("mailprobe_cell_changed_timestamp_seconds", "Since when the cell is what it is.");
const MET: Name = ("mailprobe_cell_expectation_met", "Whether the cell is as the policy wants it.");
const ALL_TARGETS: Name = ("mailprobe_targets", "Targets by status.");
const CELLS: Name = ("mailprobe_cells", "Cells by confirmed state.");
const STANDINGS: Name = ("mailprobe_cells_by_standing", "Cells by what the policy says of them.");
const VISITS: Name = ("mailprobe_visits_total", "Visits by what came of them.");
const ATTEMPTS: Name = ("mailprobe_attempts_total", "Secrets presented.");
const CHANGES: Name = ("mailprobe_changes_total", "Changes confirmed.");
const THROTTLED: Name = ("mailprobe_throttled_total", "Visits that a server asked to come back later.");
const OVERDUE: Name = ("mailprobe_schedule_overdue_seconds", "How late the most overdue visit is.");
const WAITING: Name = ("mailprobe_alerts_waiting", "Notices that are not delivered yet.");
const MESSAGES: Name = ("mailprobe_alert_messages_total", "Messages to a sink by what came of them.");
const SINK_UP: Name = ("mailprobe_sink_up", "Whether the sink took the last message.");
const READY: Name = ("mailprobe_ready", "Whether visits are made and written down.");
const PROBLEMS: Name = ("mailprobe_problems", "Things that are not as they should be.");
const RELOADED: Name = ("mailprobe_config_last_reload_successful", "Whether the configuration was accepted.");
const RELOADED_AT: Name =
    ("mailprobe_config_last_reload_success_timestamp_seconds", "When a configuration was accepted last.");
const BUILD: Name = ("mailprobe_build_info", "What made the report.");
const STARTED: Name = ("process_start_time_seconds", "When the program began.");
const DROPPED: Name = ("mailprobe_series_dropped", "Series left out to keep the number bounded.");

/// A report without what no series is made of: what is kept of every target in memory.
pub fn slim(report: &Report) -> Report {
    let mut slim = report.clone();
    for endpoint in &mut slim.endpoints {
        endpoint.transcript = Vec::new();
        endpoint.facts = Vec::new();
        endpoint.greeting = None;
    }
    slim
}

/// The page.
pub fn render(source: &dyn Source) -> String {
    let mut page = Page::default();
    let targets = source.targets();
    if targets.len() <= TARGETS {
        for target in &targets {
            of_target(&mut page, target);
        }
    }
    if targets.len() <= CELLS_OF {
        for target in &targets {
            of_cells(&mut page, target);
            for (module, report) in source.last(&target.name) {
                // What a target as a whole is, is said above; a module adds its endpoints.
                let labels = [("target", target.name.as_str()), ("module", &module)];
                mailbox(
                    &mut page,
                    &Report { verdict: None, findings: Vec::new(), ..(*report).clone() },
                    &labels,
                );
            }
        }
    }
    sums(&mut page, &targets);
    for target in &targets {
        for (_, report) in source.last(&target.name) {
            report.endpoints.iter().for_each(|endpoint| certificates(&mut page, endpoint));
        }
    }
    itself(&mut page, source);
    page.add(DROPPED, &[], &page.dropped().to_string());
    page.text()
}

/// The page of one visit, as `/probe` answers: `probe_success` without labels, like `blackbox_exporter`'s.
pub fn of_probe(report: &Report) -> String {
    let mut page = Page::default();
    // As `check` ends: what is open in any part of the report has not succeeded, whatever a verdict says of the rest.
    let good = exit_code(std::slice::from_ref(report)) == 0;
    let mut report = report.clone();
    match &mut report.verdict {
        None => page.flag(SUCCESS, &[], good),
        Some(verdict) if verdict.status == VerdictStatus::Pass && !good => {
            verdict.status = VerdictStatus::Unknown;
        }
        Some(_) => {}
    }
    mailbox(&mut page, &report, &[]);
    report.endpoints.iter().for_each(|endpoint| certificates(&mut page, endpoint));
    page.text()
}

fn of_target(page: &mut Page, target: &TargetView) {
    let name = ("target", target.name.as_str());
    let labels = [name];
    page.flag(SUCCESS, &labels, status::is_good(target));
    page.flag(STATUS, &[name, ("status", &target.status)], true);
    if let Some(elapsed) = target.elapsed_ms {
        page.add(DURATION, &labels, &seconds(elapsed));
    }
    for (name, at) in [(LAST_RUN, target.last_visit), (NEXT_RUN, target.next_visit)] {
        if let Some(at) = at {
            page.add(name, &labels, &moment(at));
        }
    }
}

fn of_cells(page: &mut Page, target: &TargetView) {
    for view in &target.cells {
        let key = &view.key;
        let labels = [
            ("target", key.target.as_str()),
            ("module", &key.module),
            ("endpoint", &key.endpoint),
            ("protocol", protocol(&key.endpoint)),
            ("mechanism", mechanism(&key.method)),
        ];
        page.flag(STATE, &with(&labels, &[("state", view.cell.state.name())]), true);
        page.add(CHANGED, &labels, &moment(view.since));
        match view.cell.standing {
            Standing::Met => page.flag(MET, &labels, true),
            Standing::NotMet => page.flag(MET, &labels, false),
            Standing::Undecided | Standing::NoRule => {}
        }
    }
}

fn sums<'t>(page: &mut Page, targets: impl IntoIterator<Item = &'t std::sync::Arc<TargetView>> + Copy) {
    const STATUSES: [&str; 6] = ["pass", "fail", "unknown", "throttled", "maintenance", "waiting"];
    for status in STATUSES {
        let count = targets.into_iter().filter(|target| target.status == status).count();
        page.add(ALL_TARGETS, &[("status", status)], &count.to_string());
    }
    let mut cells: BTreeMap<(&str, &str, State), usize> = BTreeMap::new();
    let mut standings: BTreeMap<Standing, usize> = BTreeMap::new();
    for view in targets.into_iter().flat_map(|target| &target.cells) {
        let key = (protocol(&view.key.endpoint), mechanism(&view.key.method), view.cell.state);
        *cells.entry(key).or_default() += 1;
        *standings.entry(view.cell.standing).or_default() += 1;
    }
    for ((protocol, mechanism, state), count) in cells {
        let labels = [("protocol", protocol), ("mechanism", mechanism), ("state", state.name())];
        page.add(CELLS, &labels, &count.to_string());
    }
    for (standing, word) in [
        (Standing::Met, "met"),
        (Standing::NotMet, "not-met"),
        (Standing::Undecided, "undecided"),
        (Standing::NoRule, "no-rule"),
    ] {
        let count = standings.get(&standing).copied().unwrap_or_default();
        page.add(STANDINGS, &[("standing", word)], &count.to_string());
    }
}

fn itself(page: &mut Page, source: &dyn Source) {
    let counters = source.counters();
    for (status, count) in &counters.visits {
        page.count(VISITS, &[("status", status)], *count);
    }
    page.count(ATTEMPTS, &[("kind", "password")], counters.passwords);
    page.count(ATTEMPTS, &[("kind", "token")], counters.tokens);
    page.count(CHANGES, &[], counters.changes);
    page.count(THROTTLED, &[], counters.throttled);
    page.add(OVERDUE, &[], &seconds(counters.overdue_ms));
    for (sink, mood) in source.sinks() {
        let name = ("sink", sink.as_str());
        let labels = [name];
        page.add(WAITING, &labels, &mood.waiting.to_string());
        page.count(MESSAGES, &[name, ("result", "taken")], mood.taken);
        page.count(MESSAGES, &[name, ("result", "failed")], mood.failures);
        page.flag(SINK_UP, &labels, mood.trouble.is_none());
    }
    let health = source.health();
    page.flag(READY, &[], health.ready);
    page.add(PROBLEMS, &[], &health.problems.len().to_string());
    page.flag(RELOADED, &[], counters.reload_accepted);
    page.add(RELOADED_AT, &[], &moment(counters.reloaded));
    page.flag(BUILD, &[("version", env!("CARGO_PKG_VERSION"))], true);
    page.add(STARTED, &[], &moment(counters.started));
}

fn mechanism(method: &str) -> &str {
    if method == CellKey::ENDPOINT { "endpoint" } else { known(method) }
}

/// The protocol of an endpoint's URL, by the name that reports use.
fn protocol(endpoint: &str) -> &'static str {
    Endpoint::protocol_of(endpoint).map_or("other", Protocol::name)
}

/// Seconds with milliseconds.
fn moment(at: Micros) -> String {
    let ms = at.max(0) / 1_000;
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}
