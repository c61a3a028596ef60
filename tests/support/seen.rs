//! What both sides saw, and what must hold for every visit.

use std::fmt::Write as _;

use mailprobe_probes::model::{
    Attempt, Cause, EndpointReport, Failure, Finding, Line, LineRange, Outcome, Phase, Reply, Session, Skip,
    TlsVersion, Trouble,
};
use serde_json::Value;

use super::leaks::leak;

/// One connection as the server saw it.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// Lines received, without their ends.
    pub(crate) lines: Vec<String>,
    /// Bytes that the other side or its pipe took.
    pub(crate) sent: usize,
    /// Whether a TLS handshake was completed.
    pub(crate) tls: bool,
    /// Where the script could not be played on.
    pub(crate) trouble: Option<String>,
}

/// A finished visit.
pub(crate) struct Seen {
    pub(crate) report: EndpointReport,
    pub(crate) heard: Vec<Conversation>,
    pub(crate) secrets: Vec<Vec<u8>>,
}

impl Seen {
    /// What holds whatever the server did.
    pub(crate) fn check(&self) {
        for (number, heard) in self.heard.iter().enumerate() {
            assert_eq!(heard.trouble, None, "connection {number}: {:#?}\n{}", heard.lines, self.transcript());
        }
        self.check_report();
    }

    /// What holds for every report.
    pub(crate) fn check_report(&self) {
        let report = &self.report;
        let tree = serde_json::to_value(report).unwrap();
        let stored: EndpointReport = serde_json::from_value(tree.clone()).unwrap();
        assert_eq!(serde_json::to_value(&stored).unwrap(), tree, "a stored report reads back as it was");
        for text in self.outputs() {
            let acts = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
            assert!(!text.contains(acts), "a control character in the report: {text:?}");
            for secret in &self.secrets {
                assert_eq!(leak(&text, secret), None, "a secret in the report: {text}");
            }
        }
        let numbers: Vec<u32> = report.transcript.iter().map(|line| line.n).collect();
        let lines = u32::try_from(report.transcript.len()).unwrap();
        assert_eq!(numbers, (1..=lines).collect::<Vec<_>>(), "lines are numbered without gaps");
        let lists = report.advertised.iter().map(|list| list.evidence);
        let attempts = report.attempts.iter().filter_map(|attempt| attempt.outcome.evidence());
        let findings = report.findings.iter().filter_map(|finding| finding.evidence);
        let versions = report.tls_versions.iter().filter_map(TlsVersion::evidence);
        for range in lists.chain(attempts).chain(findings).chain(versions) {
            assert!(range.first >= 1 && range.last <= lines, "{range:?} of {lines} lines");
        }
    }

    /// Every form in which a report leaves the process, and every string in it.
    pub(crate) fn outputs(&self) -> Vec<String> {
        let mut all = vec![
            serde_json::to_string(&self.report).unwrap(),
            serde_json::to_string_pretty(&self.report).unwrap(),
            format!("{:?}", self.report),
        ];
        strings(&serde_json::to_value(&self.report).unwrap(), &mut all);
        strings(&serde_json::to_value(&self.report.findings).unwrap(), &mut all);
        all
    }

    pub(crate) fn attempt(&self, method: &str) -> &Attempt {
        let found = self.report.attempts.iter().find(|attempt| attempt.method.name() == method);
        found.unwrap_or_else(|| panic!("no attempt of {method}: {:#?}", self.report))
    }

    /// What stopped the visit before anything could be tried.
    pub(crate) fn assert_failed(&self, phase: Phase, cause: Trouble) -> &Failure {
        let failure =
            self.report.failure.as_ref().unwrap_or_else(|| panic!("no failure: {:#?}", self.report));
        assert_eq!((failure.phase, failure.cause), (phase, cause), "{failure:?}\n{}", self.transcript());
        assert!(self.report.attempts.is_empty(), "{:#?}", self.report.attempts);
        failure
    }

    /// A login nobody decided about; with the lines that show it.
    pub(crate) fn assert_inconclusive(
        &self,
        method: &str,
        phase: Phase,
        cause: Trouble,
    ) -> (&Failure, Vec<&str>) {
        assert_eq!(self.report.failure, None, "the visit itself went well");
        let attempt = self.attempt(method);
        let Outcome::Inconclusive { failure, evidence, .. } = &attempt.outcome else {
            panic!("not inconclusive: {attempt:#?}\n{}", self.transcript());
        };
        assert_eq!((failure.phase, failure.cause), (phase, cause), "{failure:?}\n{}", self.transcript());
        (failure, evidence.map(|range| self.lines(range)).unwrap_or_default())
    }

    /// A login the server refused: its words, the causes, and the lines that show it.
    pub(crate) fn assert_refused(&self, method: &str) -> (&Reply, &[Cause], Vec<&str>) {
        let attempt = self.attempt(method);
        let Outcome::Refused { reply, evidence, diagnosis, .. } = &attempt.outcome else {
            panic!("not refused: {attempt:#?}\n{}", self.transcript());
        };
        (reply, &diagnosis.causes, self.lines(*evidence))
    }

    /// A login the server accepted: what became of the mailbox, and the lines that show the acceptance.
    pub(crate) fn assert_accepted(&self, method: &str) -> (&Session, Vec<&str>) {
        assert_eq!(self.report.failure, None, "the visit itself went well");
        let attempt = self.attempt(method);
        let Outcome::Accepted { evidence, session, .. } = &attempt.outcome else {
            panic!("not accepted: {attempt:#?}\n{}", self.transcript());
        };
        (session, self.lines(*evidence))
    }

    /// Accepted, and INBOX opened.
    pub(crate) fn assert_usable(&self, method: &str) {
        let (session, _) = self.assert_accepted(method);
        let Session::Opened { evidence } = session else { panic!("{session:#?}\n{}", self.transcript()) };
        let proof = self.lines(*evidence);
        assert!(proof.last().is_some_and(|line| line.contains(" OK ")), "{proof:?}");
        assert_eq!(self.attempt(method).outcome.usable(), Some(true));
    }

    pub(crate) fn assert_not_tried(&self, method: &str, why: Skip) {
        assert_eq!(self.attempt(method).outcome, Outcome::NotTried { skip: why }, "{}", self.transcript());
    }

    pub(crate) fn finding(&self, id: &str) -> &Finding {
        let found = self.report.findings.iter().find(|finding| finding.id == id);
        found.unwrap_or_else(|| panic!("no finding {id}: {:#?}", self.report.findings))
    }

    pub(crate) fn finding_ids(&self) -> Vec<&str> {
        self.report.findings.iter().map(|finding| finding.id.as_str()).collect()
    }

    /// The texts of these transcript lines.
    pub(crate) fn lines(&self, range: LineRange) -> Vec<&str> {
        let wanted = |line: &&Line| (range.first..=range.last).contains(&line.n);
        self.report.transcript.iter().filter(wanted).map(|line| line.text.as_str()).collect()
    }

    /// The lines that the transcript marks as not expected at their place.
    pub(crate) fn unexpected(&self) -> Vec<&str> {
        self.report.transcript.iter().filter(|line| line.unexpected).map(|line| line.text.as_str()).collect()
    }

    /// What the server received on its only connection.
    pub(crate) fn received(&self) -> Vec<&str> {
        assert_eq!(self.heard.len(), 1);
        self.heard[0].lines.iter().map(String::as_str).collect()
    }

    /// Whether the server received any spelling of a secret.
    pub(crate) fn received_a_secret(&self) -> bool {
        let lines = self.heard.iter().flat_map(|heard| &heard.lines);
        lines.into_iter().any(|line| self.secrets.iter().any(|secret| leak(line, secret).is_some()))
    }

    /// Whether this connection received one.
    pub(crate) fn received_a_secret_by(&self, connection: usize) -> bool {
        let lines = &self.heard[connection].lines;
        lines.iter().any(|line| self.secrets.iter().any(|secret| leak(line, secret).is_some()))
    }

    pub(crate) fn transcript(&self) -> String {
        let mut shown = String::new();
        for line in &self.report.transcript {
            let _ = writeln!(shown, "{} {} {}", line.n, line.direction.mark(), line.text);
        }
        shown
    }
}

fn strings(tree: &Value, all: &mut Vec<String>) {
    match tree {
        Value::String(text) => all.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, all)),
        Value::Object(map) => map.values().for_each(|item| strings(item, all)),
        _ => {}
    }
}
