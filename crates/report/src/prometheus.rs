//! The text format of Prometheus (version 0.0.4) for `node_exporter`'s textfile collector: gauges of one run.
//!
//! Where a number means what `blackbox_exporter`'s means, it has that name (`probe_success`,
//! `probe_duration_seconds`, `probe_ssl_earliest_cert_expiry`, ...), so that rules at hand work; the rest
//! begins with `mailprobe_`. What nobody knows has no series, rather than a zero. Cardinality is bounded:
//! unknown mechanisms share one name, and beyond `MAILBOXES` only sums are written.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::net::SocketAddr;

use mailprobe_probes::model::{
    Attempt, Diagnosis, EndpointReport, Outcome, Report, Session, Severity, Stage, Trouble, VerdictStatus,
    moment,
};

use super::exposition::{Name, Page, seconds, with};
use super::matrix::methods_of;
use super::sheet::{Form, Sheet};
use mailprobe_judge::{Conclusion, conclusion};

/// Mailboxes that have series of their own; of more than these only sums are written.
const MAILBOXES: usize = 100;

const SUCCESS: Name = ("probe_success", "Whether everything was checked and every expectation is met.");
const DURATION: Name = ("probe_duration_seconds", "How long the visits to the mailbox took.");
const LAST_RUN: Name = ("mailprobe_last_run_timestamp_seconds", "When the run began.");
const PARTIAL: Name = ("mailprobe_report_partial", "Whether the run was cut short.");
const REACHABLE: Name = ("mailprobe_endpoint_reachable", "Whether the visit got as far as it was to go.");
const THROTTLED: Name = ("mailprobe_throttled", "Whether the server asked to be left alone for a while.");
const DNS: Name = ("probe_dns_lookup_time_seconds", "How long the name took to resolve.");
const IP: Name = ("probe_ip_protocol", "Family of the address that answered: 4 or 6.");
const PHASE: Name = ("mailprobe_phase_duration_seconds", "Time spent by phase, on the first connection.");
const EXPIRY: Name = ("probe_ssl_earliest_cert_expiry", "When the first certificate of the chain expires.");
const CERTIFICATE: Name = ("probe_ssl_last_chain_info", "The server's own certificate.");
const TRUSTED: Name = ("mailprobe_tls_trusted", "Whether the certificate is trusted.");
const TLS: Name = ("probe_tls_version_info", "Version of TLS in use.");
const CIPHER: Name = ("probe_tls_cipher_info", "Cipher suite in use.");
const TLS_ACCEPTED: Name = ("mailprobe_tls_version_accepted", "Whether a version of TLS is taken.");
const ADVERTISED: Name = ("mailprobe_mechanism_advertised", "Whether the server offers it at this stage.");
const ACCEPTED: Name = ("mailprobe_mechanism_accepted", "Whether it logs in; absent where nobody knows.");
const USABLE: Name =
    ("mailprobe_mechanism_usable", "Whether the mailbox opens behind it; absent where nobody knows.");
const MAILBOX: Name = ("mailprobe_mailbox_usable", "Whether the mailbox opens by any mechanism.");
const CAUSE: Name = ("mailprobe_refusal_info", "Likeliest cause of a refusal.");
const MET: Name = ("mailprobe_expectation_met", "Whether an expectation is met; absent where undecided.");
const EXPECTATIONS: Name = ("mailprobe_expectations", "Expectations by what became of them.");
const FINDING: Name = ("mailprobe_finding_info", "A finding.");
const VERDICTS: Name = ("mailprobe_mailboxes", "Mailboxes by verdict.");
const CELLS: Name = ("mailprobe_cells", "Attempts by what became of them.");
const BUILD: Name = ("mailprobe_build_info", "What made the report.");
const DROPPED: Name = ("mailprobe_series_dropped", "Series left out to keep the number bounded.");

/// Every family that was found out, each once. Samples stand by family and not by mailbox, so they are kept as samples
/// until the end: those of the first mailboxes, sums, and a few for each certificate.
#[derive(Default)]
pub(super) struct Gauges {
    /// Pages of mailboxes by their places, as long as there are few.
    mailboxes: BTreeMap<usize, Page>,
    sums: Sums,
    /// Samples by series, the one of the first mailbox each: the place, the number within the report, and the rest.
    certificates: HashMap<String, (usize, usize, Name, String)>,
}

impl Form for Gauges {
    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        self.sums.add(place, report);
        let base = [("mailbox", report.mailbox.as_str())];
        let mut page = Page::default();
        if self.sums.reports <= MAILBOXES {
            mailbox(&mut page, report, &base);
        } else {
            self.mailboxes.clear();
            of_verdict(&mut page, report, &base);
        }
        // For whoever looks into the file of a run that was killed.
        sheet.add(&page.text())?;
        if self.sums.reports <= MAILBOXES {
            self.mailboxes.insert(place, page);
        }
        let mut page = Page::default();
        for endpoint in &report.endpoints {
            certificates(&mut page, endpoint);
        }
        for (number, (name, series, value)) in page.into_gauges().enumerate() {
            let sample = (place, number, name, value);
            match self.certificates.entry(series) {
                Entry::Vacant(free) => drop(free.insert(sample)),
                Entry::Occupied(mut known) if place < known.get().0 => drop(known.insert(sample)),
                Entry::Occupied(_) => {}
            }
        }
        Ok(())
    }

    fn whole(&mut self, _: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::default();
        for mailbox in std::mem::take(&mut self.mailboxes).into_values() {
            page.append(mailbox);
        }
        self.sums.write(&mut page);
        let mut certificates: Vec<_> = std::mem::take(&mut self.certificates).into_iter().collect();
        certificates.sort_unstable_by_key(|(_, (place, number, ..))| (*place, *number));
        for (series, (.., name, value)) in certificates {
            page.put_gauge(name, series, value);
        }
        page.add(DROPPED, &[], &page.dropped().to_string());
        out.write_all(page.text().as_bytes())
    }
}

/// The series of one report that say the most.
fn of_verdict(page: &mut Page, report: &Report, base: &[(&str, &str)]) {
    if report.verdict.is_some() {
        page.flag(SUCCESS, base, conclusion(report) == Conclusion::Met);
    }
    page.add(DURATION, base, &seconds(report.elapsed_ms));
}

/// The series of one report, under these labels: the mailbox, or whatever else names it where it is shown.
pub fn mailbox(page: &mut Page, report: &Report, base: &[(&str, &str)]) {
    if let Some(verdict) = &report.verdict {
        page.flag(SUCCESS, base, conclusion(report) == Conclusion::Met);
        for rule in &verdict.rules {
            let endpoint = rule.endpoint.as_deref().unwrap_or_default();
            let (policy, rule_text) = (verdict.policy(), rule.rule());
            let labels = with(base, &[("endpoint", endpoint), ("policy", &policy), ("rule", &rule_text)]);
            match rule.status {
                VerdictStatus::Pass => page.flag(MET, &labels, true),
                VerdictStatus::Fail => page.flag(MET, &labels, false),
                VerdictStatus::Unknown => {}
            }
        }
        for (status, word) in STATUSES {
            let count = verdict.rules.iter().filter(|rule| rule.status == *status).count();
            page.add(EXPECTATIONS, &with(base, &[("status", word)]), &count.to_string());
        }
    }
    page.add(DURATION, base, &seconds(report.elapsed_ms));
    if let Some(began) = unix(&report.started_at) {
        page.add(LAST_RUN, base, &began.to_string());
    }
    page.flag(PARTIAL, base, report.partial);
    for finding in &report.findings {
        let severity = match finding.severity {
            Severity::Critical => "critical",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let endpoint = finding.endpoint.as_deref().unwrap_or_default();
        page.flag(
            FINDING,
            &with(base, &[("endpoint", endpoint), ("id", &finding.id), ("severity", severity)]),
            true,
        );
    }
    for endpoint in &report.endpoints {
        of_endpoint(page, report, endpoint, base);
    }
}

fn of_endpoint(page: &mut Page, report: &Report, endpoint: &EndpointReport, base: &[(&str, &str)]) {
    let address = endpoint.peer.as_deref().and_then(|peer| peer.parse::<SocketAddr>().ok());
    let shown = address.map_or_else(|| "?".to_owned(), |address| address.ip().to_string());
    let mut labels =
        with(base, &[("endpoint", endpoint.url.as_str()), ("protocol", endpoint.protocol.name())]);
    // Addresses change; they tell endpoints apart only where that is needed.
    if report.endpoints.iter().filter(|other| other.url == endpoint.url).count() > 1 {
        labels.push(("address", &shown));
    }
    page.flag(REACHABLE, &labels, endpoint.failure.is_none());
    page.flag(THROTTLED, &labels, is_throttled(endpoint));
    if let Some(address) = address {
        page.add(IP, &labels, if address.is_ipv6() { "6" } else { "4" });
    }
    for (phase, ms) in &endpoint.phases_ms.0 {
        if *phase == mailprobe_probes::model::Phase::Resolve {
            page.add(DNS, &labels, &seconds(*ms));
        }
        page.add(PHASE, &with(&labels, &[("phase", phase.name())]), &seconds(*ms));
    }
    if let Some(tls) = &endpoint.tls {
        page.flag(TLS, &with(&labels, &[("version", &tls.version.replace("TLSv", "TLS "))]), true);
        page.flag(CIPHER, &with(&labels, &[("cipher", &tls.cipher)]), true);
        page.flag(TRUSTED, &labels, tls.trusted);
    }
    for asked in &endpoint.tls_versions {
        if let Some(accepted) = asked.accepted() {
            page.flag(TLS_ACCEPTED, &with(&labels, &[("version", &asked.version.to_string())]), accepted);
        }
    }
    for method in methods_of(endpoint) {
        let mechanism = known(method.name());
        for list in endpoint.advertised.iter().filter(|list| list.stage != Stage::AfterLogin) {
            let stage = if list.stage == Stage::BeforeTls { "cleartext" } else { "tls" };
            let labels = with(&labels, &[("mechanism", mechanism), ("stage", stage)]);
            page.flag(ADVERTISED, &labels, list.offers_method(&method));
        }
    }
    for attempt in &endpoint.attempts {
        of_attempt(page, &with(&labels, &[("mechanism", known(attempt.method.name()))]), attempt);
    }
    let usable = endpoint.attempts.iter().map(|attempt| attempt.outcome.usable());
    if let Some(best) = usable.flatten().max() {
        page.flag(MAILBOX, &labels, best);
    } else if endpoint.attempts.iter().any(|attempt| matches!(attempt.outcome, Outcome::Refused { .. })) {
        page.flag(MAILBOX, &labels, false);
    }
}

fn of_attempt(page: &mut Page, labels: &[(&str, &str)], attempt: &Attempt) {
    match &attempt.outcome {
        Outcome::Accepted { .. } => page.flag(ACCEPTED, labels, true),
        Outcome::Refused { .. } => page.flag(ACCEPTED, labels, false),
        Outcome::Inconclusive { .. } | Outcome::NotTried { .. } => {}
    }
    if let Some(usable) = attempt.outcome.usable() {
        page.flag(USABLE, labels, usable);
    }
    if let Some(cause) = attempt.outcome.diagnosis().map(Diagnosis::first) {
        page.flag(CAUSE, &with(labels, &[("cause", cause.name())]), true);
    }
}

/// Certificates belong to hosts: a thousand mailboxes behind one are one series.
pub fn certificates(page: &mut Page, endpoint: &EndpointReport) {
    let Some(tls) = &endpoint.tls else { return };
    let port = endpoint.port.to_string();
    let host = [("host", endpoint.host.as_str()), ("port", &port)];
    if let Some(first) = tls.chain.iter().filter_map(|facts| unix(&facts.not_after)).min() {
        page.add(EXPIRY, &host, &first.to_string());
    }
    if let Some(leaf) = tls.chain.first() {
        let names = leaf.sans.join(",");
        let labels = [
            ("fingerprint_sha256", leaf.sha256.as_str()),
            ("subject", &leaf.subject),
            ("issuer", &leaf.issuer),
            ("subjectalternative", &names),
        ];
        page.flag(CERTIFICATE, &with(&host, &labels), true);
    }
}

const STATUSES: &[(VerdictStatus, &str)] =
    &[(VerdictStatus::Pass, "met"), (VerdictStatus::Fail, "not-met"), (VerdictStatus::Unknown, "undecided")];

/// What all reports are together.
#[derive(Debug, Default)]
struct Sums {
    reports: usize,
    met: usize,
    not_met: usize,
    undecided: usize,
    not_checked: usize,
    /// Attempts by protocol, mechanism and outcome.
    cells: BTreeMap<(&'static str, String, &'static str), usize>,
    /// Versions, with the first place of each.
    versions: HashMap<String, usize>,
}

impl Sums {
    fn add(&mut self, place: usize, report: &Report) {
        self.reports += 1;
        match conclusion(report) {
            Conclusion::Met => self.met += 1,
            Conclusion::NotMet => self.not_met += 1,
            Conclusion::Undecided => self.undecided += 1,
            Conclusion::NotChecked(_) => self.not_checked += 1,
            Conclusion::NothingAsked => {}
        }
        for endpoint in &report.endpoints {
            for attempt in &endpoint.attempts {
                let mechanism = known(attempt.method.name()).to_owned();
                let key = (endpoint.protocol.name(), mechanism, attempt.outcome.word());
                *self.cells.entry(key).or_default() += 1;
            }
        }
        match self.versions.get_mut(&report.tool.version) {
            Some(first) => *first = place.min(*first),
            None => drop(self.versions.insert(report.tool.version.clone(), place)),
        }
    }

    fn write(&self, page: &mut Page) {
        for (word, count) in [
            ("met", self.met),
            ("not-met", self.not_met),
            ("undecided", self.undecided),
            ("not-checked", self.not_checked),
        ] {
            page.add(VERDICTS, &[("status", word)], &count.to_string());
        }
        for ((protocol, mechanism, outcome), count) in &self.cells {
            let labels = [("protocol", *protocol), ("mechanism", mechanism.as_str()), ("outcome", *outcome)];
            page.add(CELLS, &labels, &count.to_string());
        }
        let mut versions: Vec<_> = self.versions.iter().collect();
        versions.sort_unstable_by_key(|(_, first)| **first);
        for (version, _) in versions {
            page.flag(BUILD, &[("version", version)], true);
        }
    }
}

/// The names that may become labels: what a server invents is `other`.
pub fn known(method: &str) -> &str {
    const OTHERS: &[&str] = &[
        "ANONYMOUS",
        "EXTERNAL",
        "GSSAPI",
        "GS2-KRB5",
        "NTLM",
        "Negotiate",
        "OAUTHBEARER",
        "XOAUTH2",
        "Bearer",
    ];
    if super::words::is_common(method) || OTHERS.contains(&method) { method } else { "other" }
}

fn is_throttled(endpoint: &EndpointReport) -> bool {
    let attempts = endpoint.attempts.iter().filter_map(|attempt| match &attempt.outcome {
        Outcome::Inconclusive { failure, .. }
        | Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => Some(failure),
        _ => None,
    });
    endpoint.failure.iter().chain(attempts).any(|failure| failure.cause == Trouble::Throttled)
}

fn unix(rfc3339: &str) -> Option<i64> {
    moment::parse(rfc3339).map(moment::to_unix)
}
