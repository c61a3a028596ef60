//! The cells of a report as the rules read them.

use mailprobe_probes::model::{
    Attempt, Cause, Diagnosis, EndpointReport, Finding, Kind, LineRange, Outcome, Reply, Report, Session,
};

use crate::marks::without_marks;

use crate::kind;

/// Which endpoint, and which attempt on it.
pub(super) type At = (usize, usize);

/// Diagnoses whose server said plainly that it looked and did not like the credential.
pub(super) const PLAINLY_CREDENTIALS: &[&str] = &["smtp-password-refused", "user-unknown"];

/// One attempt that was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'r> {
    pub(super) at: At,
    pub(super) endpoint: &'r EndpointReport,
    pub(super) attempt: &'r Attempt,
    /// What it presented.
    pub(super) kind: Kind,
    /// Of a refusal, or of a mailbox that stayed shut.
    pub(super) diagnosis: Option<&'r Diagnosis>,
    /// The answer that decided it.
    pub(super) reply: Option<&'r Reply>,
    /// Where.
    pub(super) lines: Option<LineRange>,
}

/// Every attempt of a known kind, in the order of the report.
pub(super) struct Cells<'r> {
    all: Vec<Cell<'r>>,
    pub(super) endpoints: &'r [EndpointReport],
    /// What is known of the report already.
    pub(super) findings: &'r [Finding],
}

impl<'r> Cells<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut all = Vec::new();
        for (at_endpoint, endpoint) in report.endpoints.iter().enumerate() {
            for (at_attempt, attempt) in endpoint.attempts.iter().enumerate() {
                let Some(kind) = kind::kind(&attempt.method) else { continue };
                let (diagnosis, reply, lines) = match &attempt.outcome {
                    Outcome::Refused { diagnosis, reply, evidence, .. }
                    | Outcome::Accepted { session: Session::Shut { diagnosis, reply, evidence }, .. } => {
                        (Some(diagnosis), Some(reply), Some(*evidence))
                    }
                    outcome => (None, outcome.reply(), outcome.evidence()),
                };
                all.push(Cell {
                    at: (at_endpoint, at_attempt),
                    endpoint,
                    attempt,
                    kind,
                    diagnosis,
                    reply,
                    lines,
                });
            }
        }
        Self { all, endpoints: &report.endpoints, findings: &report.findings }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Cell<'r>> {
        self.all.iter()
    }

    pub(super) fn get(&self, at: At) -> Option<&Cell<'r>> {
        self.all.iter().find(|cell| cell.at == at)
    }

    /// Cells whose mailbox opened, or whose login was taken where nothing more was asked.
    pub(super) fn taken(&self, kind: Kind) -> impl Iterator<Item = &Cell<'r>> {
        self.all.iter().filter(move |cell| cell.kind == kind && cell.is_taken())
    }

    /// Cells that were refused without a plain reason.
    pub(super) fn open(&self, kind: Kind) -> impl Iterator<Item = &Cell<'r>> {
        self.all.iter().filter(move |cell| cell.kind == kind && cell.is_ambiguous())
    }
}

impl Cell<'_> {
    pub(super) fn is_refused(&self) -> bool {
        matches!(self.attempt.outcome, Outcome::Refused { .. })
    }

    /// Taken, and the mailbox not kept shut.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self.attempt.outcome, Outcome::Accepted { .. }) && self.diagnosis.is_none()
    }

    pub(super) fn is_on(&self, other: &Self) -> bool {
        self.at.0 == other.at.0
    }

    pub(super) fn first(&self) -> Option<Cause> {
        self.diagnosis.map(Diagnosis::first)
    }

    pub(super) fn names(&self, cause: Cause) -> bool {
        self.diagnosis.is_some_and(|diagnosis| diagnosis.causes.contains(&cause))
    }

    /// A refusal for which the server gave no reason that stands by itself.
    pub(super) fn is_ambiguous(&self) -> bool {
        let Some(diagnosis) = self.diagnosis else { return false };
        if PLAINLY_CREDENTIALS.contains(&diagnosis.rule.as_str()) {
            return false;
        }
        match diagnosis.first() {
            Cause::BadCredentials | Cause::TokenInvalid | Cause::Unexplained => true,
            Cause::BasicDisabled | Cause::NoMailboxPermission | Cause::ProtocolDisabled => {
                diagnosis.causes.len() > 1
            }
            _ => false,
        }
    }

    /// The answer without what is different each time: host names and ids in brackets, digits of times.
    pub(super) fn words(&self) -> Option<String> {
        let reply = self.reply?;
        let enhanced = reply.enhanced.as_deref().unwrap_or_default();
        let said = format!("{} {enhanced} {}", reply.status, reply.text.to_lowercase());
        Some(without_marks(&said))
    }

    /// `XOAUTH2 on imaps://host:993, lines 12-14 (refused)`.
    pub(super) fn named(&self) -> String {
        let lines =
            self.lines.map_or(String::new(), |lines| format!(", lines {}-{}", lines.first, lines.last));
        let word = if self.is_taken() { "accepted" } else { self.attempt.outcome.word() };
        format!("{} on {}{lines} ({word})", self.attempt.method, self.endpoint.url)
    }
}

/// Whether two hosts belong to one service, so that one directory stands behind both: the same last two labels of
/// their names, or both Microsoft's.
pub(super) fn one_service(a: &EndpointReport, b: &EndpointReport) -> bool {
    let site = |host: &str| {
        let labels: Vec<String> = host.rsplit('.').take(2).map(str::to_ascii_lowercase).collect();
        labels.join(".")
    };
    a.host.eq_ignore_ascii_case(&b.host)
        || (a.host.contains('.')
            && a.host.parse::<std::net::IpAddr>().is_err()
            && site(&a.host) == site(&b.host))
        || (a.is_microsoft_cloud() && b.is_microsoft_cloud())
}
