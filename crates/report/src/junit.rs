//! JUnit XML, as CI systems read it: a suite a mailbox, a case an expectation.
//!
//! Failures are exactly what makes the exit status 1: where expectations were typed, they are the cases. Where
//! none were, the implied ones are, and behind them stands a case for each cell, passed where the mailbox
//! opened and skipped where nothing was expected of it. What nobody could decide, or was not checked, is an error, and
//! skipped where it waits for a throttle or the attempt budget. The elements keep the order of the common schema.

use std::fmt::Write as _;
use std::io::{self, Write};

use mailprobe_probes::model::{
    Attempt, EndpointReport, Expectation, LineRange, Outcome, Report, Skip, Trouble, Verdict, VerdictStatus,
};

use super::escape::markup;
use super::layout::{clean, cut};
use super::sheet::{Form, Parts, Sheet};
use super::{conclusions, meaning, summary, words};
use crate::lang::Lang;
use mailprobe_judge::{Conclusion, conclusion, not_checked};

/// Most lines of evidence in one case, and the longest of them.
const LINES: usize = 40;
const LONGEST: usize = 500;

/// The kind of error where nothing was tried.
const NOT_CHECKED: &str = "not-checked";

/// Every mailbox as a suite. What the head says of all is not known before the end.
#[derive(Debug, Default)]
pub(super) struct Suites {
    parts: Parts,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    ms: u64,
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

impl Form for Suites {
    fn begin(&self) -> String {
        format!("{DECLARATION}<testsuites name=\"mailprobe\">\n")
    }

    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        let suite = Suite::new(report);
        self.tests += suite.cases.len();
        self.failures += suite.count("failure");
        self.errors += suite.count("error");
        self.skipped += suite.count("skipped");
        self.ms = self.ms.saturating_add(report.elapsed_ms);
        let mut text = String::new();
        suite.write(&mut text);
        self.parts.push(place, sheet.add(&text)?);
        Ok(())
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{DECLARATION}<testsuites name=\"mailprobe\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\">",
            self.tests,
            self.failures,
            self.errors,
            self.skipped,
            seconds(self.ms),
        )?;
        self.parts.copy("", sheet, out)?;
        out.write_all(b"</testsuites>\n")
    }
}

struct Suite<'r> {
    report: &'r Report,
    cases: Vec<Case>,
}

#[derive(Default)]
struct Case {
    name: String,
    class: String,
    ms: u64,
    /// Element, kind and message; passed where `None`.
    result: Option<(&'static str, String, String)>,
    /// What stands in the failure: explanation and remedy.
    told: String,
    /// The lines that prove it.
    out: String,
}

impl<'r> Suite<'r> {
    fn new(report: &'r Report) -> Self {
        let mut cases: Vec<Case> = report
            .verdict
            .iter()
            .flat_map(|verdict| &verdict.rules)
            .map(|rule| expectation(report, rule))
            .collect();
        if report.verdict.as_ref().is_none_or(Verdict::is_implied) {
            let judged = report.verdict.is_some();
            for endpoint in &report.endpoints {
                cases.extend(endpoint.failure.iter().filter(|_| !judged).map(|failure| Case {
                    result: Some((
                        "error",
                        failure.cause.name(),
                        format!("in {}: {}", failure.phase, failure.detail),
                    )),
                    ..case(report, endpoint, "connection")
                }));
                cases.extend(endpoint.attempts.iter().map(|attempt| cell(report, endpoint, attempt)));
            }
        }
        // A stored report may have a verdict that does not know of what was not checked.
        let open = |case: &Case| matches!(case.result, Some(("error" | "failure", ..)));
        if let Conclusion::NotChecked(open_question) = conclusion(report)
            && !cases.iter().any(open)
            && !open_question.waits()
        {
            cases.push(Case {
                name: "everything that was asked for is checked".to_owned(),
                class: report.mailbox.clone(),
                result: Some(("error", NOT_CHECKED.to_owned(), conclusions::line(report, Lang::En))),
                ..Case::default()
            });
        }
        Self { report, cases }
    }

    fn count(&self, element: &str) -> usize {
        self.cases
            .iter()
            .filter(|case| case.result.as_ref().is_some_and(|(name, ..)| *name == element))
            .count()
    }

    fn write(&self, text: &mut String) {
        let report = self.report;
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\" timestamp=\"{}\">",
            attribute(&report.mailbox),
            self.cases.len(),
            self.count("failure"),
            self.count("error"),
            self.count("skipped"),
            seconds(report.elapsed_ms),
            timestamp(&report.started_at),
        );
        let _ = writeln!(
            text,
            "    <properties>\n      <property name=\"tool\" value=\"{} {}\"/>\n      <property name=\"partial\" value=\"{}\"/>\n    </properties>",
            attribute(&report.tool.name),
            attribute(&report.tool.version),
            report.partial
        );
        for case in &self.cases {
            case.write(text);
        }
        if !report.findings.is_empty() {
            text.push_str("    <system-out>");
            for finding in summary::by_severity(report) {
                let (_, word, _) = words::severity(finding.severity);
                let _ = write!(
                    text,
                    "\n{word}: {} ({}). {} Do: {}",
                    markup(&finding.title),
                    markup(&finding.id),
                    markup(&finding.explanation),
                    markup(&finding.remedy)
                );
            }
            text.push_str("\n</system-out>\n");
        }
        text.push_str("  </testsuite>\n");
    }
}

impl Case {
    fn write(&self, text: &mut String) {
        let _ = write!(
            text,
            "    <testcase name=\"{}\" classname=\"{}\" time=\"{}\"",
            attribute(&self.name),
            attribute(&self.class),
            seconds(self.ms)
        );
        if self.result.is_none() && self.out.is_empty() {
            text.push_str("/>\n");
            return;
        }
        text.push_str(">\n");
        match &self.result {
            Some(("skipped", _, message)) => {
                let _ = writeln!(text, "      <skipped message=\"{}\"/>", attribute(message));
            }
            Some((element, kind, message)) => {
                let _ = writeln!(
                    text,
                    "      <{element} type=\"{}\" message=\"{}\">{}</{element}>",
                    attribute(kind),
                    attribute(message),
                    self.told
                );
            }
            None => {}
        }
        if !self.out.is_empty() {
            let _ = writeln!(text, "      <system-out>\n{}</system-out>", self.out);
        }
        text.push_str("    </testcase>\n");
    }
}

fn case(report: &Report, endpoint: &EndpointReport, what: &str) -> Case {
    Case {
        name: format!("{what} on {}", endpoint.url),
        class: format!("{}.{}", report.mailbox, endpoint.protocol.name()),
        ..Case::default()
    }
}

/// An expectation, with the words of the attempt that decided it.
fn expectation(report: &Report, rule: &Expectation) -> Case {
    let endpoint = rule.endpoint.as_ref().and_then(|url| report.endpoints.iter().find(|e| e.url == *url));
    let attempt = endpoint.and_then(|endpoint| {
        let method = rule.subject.method()?;
        endpoint.attempts.iter().find(|attempt| attempt.method == *method)
    });
    let mut case = match endpoint {
        Some(endpoint) => case(report, endpoint, &rule.rule()),
        None => Case { name: rule.rule(), class: report.mailbox.clone(), ..Case::default() },
    };
    case.ms = attempt.map_or(0, |attempt| attempt.elapsed_ms);
    case.told = attempt.map_or(String::new(), told);
    let lines = rule.evidence.or_else(|| attempt.and_then(|attempt| attempt.outcome.evidence()));
    case.out = lines.zip(endpoint).map_or(String::new(), |(lines, endpoint)| evidence(endpoint, lines));
    case.result = match rule.status {
        VerdictStatus::Pass => None,
        VerdictStatus::Fail => Some(("failure", "not-met".to_owned(), rule.because.to_string())),
        VerdictStatus::Unknown if attempt.is_some_and(|attempt| waits(&attempt.outcome)) => {
            Some(("skipped", String::new(), rule.because.to_string()))
        }
        VerdictStatus::Unknown if not_tried(report, rule) == Some(true) => {
            Some(("skipped", String::new(), rule.because.to_string()))
        }
        VerdictStatus::Unknown if not_tried(report, rule).is_some() => {
            Some(("error", NOT_CHECKED.to_owned(), rule.because.to_string()))
        }
        VerdictStatus::Unknown => Some(("error", "undecided".to_owned(), rule.because.to_string())),
    };
    case
}

/// Whether an expectation is open because nothing was tried, and then whether asking again later is all there is to do.
fn not_tried(report: &Report, rule: &Expectation) -> Option<bool> {
    not_checked(report).filter(|open| open.explains(rule)).map(|open| open.waits())
}

/// Whether asking again later is all there is to do.
fn waits(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::NotTried { skip } => *skip == Skip::Budget,
        Outcome::Inconclusive { failure, .. } => failure.cause == Trouble::Throttled,
        _ => false,
    }
}

/// A cell of which nothing was expected.
fn cell(report: &Report, endpoint: &EndpointReport, attempt: &Attempt) -> Case {
    let skipped = |message: String| Some(("skipped", String::new(), message));
    let result = match &attempt.outcome {
        outcome if outcome.usable() == Some(true) => None,
        Outcome::NotTried { skip } => skipped(format!("not tried: {}", words::skip(*skip))),
        Outcome::Inconclusive { failure, .. } => {
            skipped(format!("unclear: {} in {}", failure.cause.name(), failure.phase))
        }
        outcome => {
            let reply = outcome.reply().map_or(String::new(), |reply| format!(": {}", reply.quoted()));
            skipped(format!("{}, and nothing was expected{reply}", words::outcome(outcome).1))
        }
    };
    let lines = attempt.outcome.evidence();
    Case {
        ms: attempt.elapsed_ms,
        result,
        out: lines.map_or(String::new(), |lines| evidence(endpoint, lines)),
        ..case(report, endpoint, attempt.method.name())
    }
}

fn told(attempt: &Attempt) -> String {
    let mut lines = Vec::new();
    lines.extend(attempt.outcome.reply().map(|reply| meaning::quoted(reply, Lang::En)));
    if let Some(diagnosis) = attempt.outcome.diagnosis() {
        lines.push(diagnosis.explanation.clone());
        lines.push(format!("Do: {}", diagnosis.remedy));
    }
    lines.iter().map(|line| markup(line)).collect::<Vec<_>>().join("\n")
}

/// Lines of the transcript, as `-v` shows them.
fn evidence(endpoint: &EndpointReport, lines: LineRange) -> String {
    let proof = endpoint.transcript.iter().filter(|line| (lines.first..=lines.last).contains(&line.n));
    proof.take(LINES).fold(String::new(), |mut text, line| {
        let star = if line.unexpected { "**" } else { "  " };
        let mark = markup(line.direction.mark());
        let _ = writeln!(text, "{:>4} {mark}{star} {}", line.n, markup(&cut(&clean(&line.text), LONGEST)));
        text
    })
}

fn attribute(text: &str) -> String {
    markup(&cut(&clean(text), LONGEST))
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// ISO 8601 without a zone, as the schema wants it; a moment nobody can read is the epoch's.
fn timestamp(rfc3339: &str) -> String {
    let moment = words::moment(rfc3339);
    match moment.strip_suffix(" UTC") {
        Some(time) => time.replacen(' ', "T", 1),
        None => "1970-01-01T00:00:00".to_owned(),
    }
}
