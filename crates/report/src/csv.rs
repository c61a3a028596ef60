//! Comma-separated values (RFC 4180) for spreadsheets: one row a cell of the matrix, and one for an endpoint
//! that has none. Columns are only ever added, at the end.

use std::io::{self, Write};

use mailprobe_probes::model::{Attempt, EndpointReport, Method, Outcome, Report, Session, Stage, Transport};

use super::escape::field;
use super::layout::cut;
use super::matrix::methods_of;
use super::sheet::{Form, Parts, Sheet};
use super::{conclusions, words};
use crate::lang::Lang;

/// Longest text in a field: what a spreadsheet takes in a cell is 32,767 characters.
const LONGEST: usize = 8_000;

const HEAD: &[&str] = &[
    "mailbox",
    "started_at",
    "endpoint",
    "protocol",
    "transport",
    "peer",
    "tls_version",
    "tls_trusted",
    "endpoint_failure",
    "method",
    "offered_before_tls",
    "offered_after_tls",
    "offered_after_login",
    "outcome",
    "usable",
    "causes",
    "rule",
    "reply_status",
    "reply_code",
    "reply_enhanced",
    "reply_text",
    "explanation",
    "remedy",
    "why",
    "elapsed_ms",
    "connection",
    "evidence_first",
    "evidence_last",
    "verdict",
    "verdict_in_words",
];

/// Columns about one cell: behind the nine about its endpoint, before the two about its mailbox.
const OF_CELL: usize = HEAD.len() - 9 - 2;

/// Every cell of every report.
#[derive(Debug, Default)]
pub(super) struct Rows {
    reports: Parts,
}

impl Form for Rows {
    fn begin(&self) -> String {
        let mut text = String::new();
        row(&mut text, HEAD.iter().map(|name| (*name).to_owned()));
        text
    }

    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        self.reports.push(place, sheet.add(&rows(report))?);
        Ok(())
    }

    fn lacks_only_its_end(&self) -> bool {
        self.reports.are_in_order()
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.begin().as_bytes())?;
        self.reports.copy("", sheet, out)
    }
}

fn rows(report: &Report) -> String {
    let mut text = String::new();
    let verdict = of_mailbox(report);
    for endpoint in &report.endpoints {
        let methods = methods_of(endpoint);
        let mut cells: Vec<Vec<String>> =
            methods.iter().map(|method| of_cell(endpoint, Some(method))).collect();
        if cells.is_empty() {
            cells.push(of_cell(endpoint, None));
        }
        for cell in cells {
            let fields = of_endpoint(report, endpoint).into_iter().chain(cell).chain(verdict.clone());
            row(&mut text, fields);
        }
    }
    text
}

fn row(text: &mut String, fields: impl Iterator<Item = String>) {
    let fields: Vec<String> = fields.map(|value| field(&cut(&value, LONGEST))).collect();
    text.push_str(&fields.join(","));
    text.push_str("\r\n");
}

fn of_endpoint(report: &Report, endpoint: &EndpointReport) -> [String; 9] {
    let transport = match endpoint.transport {
        Transport::ImplicitTls => "implicit-tls",
        Transport::StartTls => "starttls",
        Transport::Plaintext => "plaintext",
    };
    let failure = endpoint.failure.as_ref().map_or(String::new(), |failure| {
        format!("{} in {}: {}", failure.cause.name(), failure.phase, failure.detail)
    });
    [
        report.mailbox.clone(),
        report.started_at.clone(),
        endpoint.url.clone(),
        endpoint.protocol.name().to_owned(),
        transport.to_owned(),
        endpoint.peer.clone().unwrap_or_default(),
        endpoint.tls.as_ref().map_or(String::new(), |tls| tls.version.clone()),
        endpoint.tls.as_ref().map_or(String::new(), |tls| tls.trusted.to_string()),
        failure,
    ]
}

/// What the mailbox came to: the same in each of its rows, so that a filter finds them together.
fn of_mailbox(report: &Report) -> [String; 2] {
    [conclusions::short(report).1.replace(' ', "-"), conclusions::line(report, Lang::En)]
}

fn of_cell(endpoint: &EndpointReport, method: Option<&Method>) -> Vec<String> {
    let Some(method) = method else {
        return vec![String::new(); OF_CELL];
    };
    let attempt = endpoint.attempts.iter().find(|attempt| attempt.method == *method);
    let mut fields = vec![method.name().to_owned()];
    for stage in [Stage::BeforeTls, Stage::AfterTls, Stage::AfterLogin] {
        fields.push(offered(endpoint, stage, method).to_owned());
    }
    let Some(attempt) = attempt else {
        fields.push("not-tried".to_owned());
        fields.resize(OF_CELL, String::new());
        return fields;
    };
    let outcome = &attempt.outcome;
    fields.push(outcome.word().to_owned());
    fields.push(outcome.usable().map_or(String::new(), |usable| usable.to_string()));
    let causes = outcome.diagnosis().map_or(String::new(), |diagnosis| {
        diagnosis.causes.iter().map(|cause| cause.name()).collect::<Vec<_>>().join(" ")
    });
    fields.push(causes);
    fields.push(outcome.diagnosis().map_or(String::new(), |diagnosis| diagnosis.rule.clone()));
    let reply = outcome.reply();
    fields.push(reply.map_or(String::new(), |reply| reply.status.clone()));
    fields.push(reply.and_then(|reply| reply.code.clone()).unwrap_or_default());
    fields.push(reply.and_then(|reply| reply.enhanced.clone()).unwrap_or_default());
    fields.push(reply.map_or(String::new(), |reply| reply.text.clone()));
    fields.push(outcome.diagnosis().map_or(String::new(), |diagnosis| diagnosis.explanation.clone()));
    fields.push(outcome.diagnosis().map_or(String::new(), |diagnosis| diagnosis.remedy.clone()));
    fields.push(why(attempt));
    let tried = attempt.connection > 0;
    fields.push(if tried { attempt.elapsed_ms.to_string() } else { String::new() });
    fields.push(if tried { attempt.connection.to_string() } else { String::new() });
    let lines = outcome.evidence();
    fields.push(lines.map_or(String::new(), |lines| lines.first.to_string()));
    fields.push(lines.map_or(String::new(), |lines| lines.last.to_string()));
    fields
}

/// Why nothing was presented, nobody can say, or the mailbox stays shut.
fn why(attempt: &Attempt) -> String {
    match &attempt.outcome {
        Outcome::NotTried { skip } => format!("{}: {}", skip.name(), words::skip(*skip)),
        Outcome::Inconclusive { failure, .. }
        | Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => {
            format!("{} in {}: {}", failure.cause.name(), failure.phase, failure.detail)
        }
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => reply.quoted(),
        Outcome::Accepted { .. } | Outcome::Refused { .. } => String::new(),
    }
}

/// `yes`, `no`, or nothing where no list was heard.
fn offered(endpoint: &EndpointReport, stage: Stage, method: &Method) -> &'static str {
    match super::wide::offered(endpoint, stage, method) {
        "●" => "yes",
        "○" => "no",
        _ => "",
    }
}
