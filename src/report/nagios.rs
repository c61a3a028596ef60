//! The output of a Nagios plugin: one line with performance data behind a bar, then details; and the state.
//!
//! | state | when |
//! |---|---|
//! | 0 OK | every expectation is met |
//! | 1 WARNING | the expectations that are not met are only warnings, or all are met and a finding is critical |
//! | 2 CRITICAL | an expectation is not met |
//! | 3 UNKNOWN | something could not be found out, now or ever; a given secret was never presented; also a mistake in the command line |
//!
//! Of several mailboxes the worst counts: CRITICAL, WARNING, UNKNOWN, OK.

use std::fmt::Write as _;

use mailprobe_probes::model::{Expectation, Report, Severity, Verdict, VerdictStatus};

use super::columns::columns;
use super::escape::plugin_text;
use super::layout::cut;
use super::{conclusions, summary, words};
use crate::judge::{self, Conclusion, conclusion};
use crate::lang::Lang;

/// Nagios reads 8 KiB and shows much less; NRPE's old protocol cuts at one.
const LONGEST: usize = 7_500;
/// Columns of the first line.
const FIRST: usize = 240;
/// Columns of a line behind it.
const LINE: usize = 400;
/// More endpoints than these get no performance data of their own.
const ENDPOINTS: usize = 16;

/// A state by Nagios' own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 0
    Ok,
    /// 1
    Warning,
    /// 2
    Critical,
    /// 3
    Unknown,
}

impl State {
    /// The exit status of a plugin.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }

    fn worst(states: impl Iterator<Item = Self>) -> Self {
        let states: Vec<Self> = states.collect();
        let worst = [Self::Critical, Self::Warning, Self::Unknown, Self::Ok];
        worst.into_iter().find(|state| states.contains(state)).unwrap_or(Self::Unknown)
    }
}

/// The state of all reports together; of none it is not known.
pub fn state(reports: &[Report]) -> State {
    State::worst(reports.iter().map(of_one))
}

fn of_one(report: &Report) -> State {
    let unmet = |verdict: &Verdict| {
        let failed = verdict.rules.iter().filter(|rule| rule.status == VerdictStatus::Fail);
        failed.map(|rule| rule.severity).max()
    };
    match judge::exit_code(std::slice::from_ref(report)) {
        0 if report.findings.iter().any(|finding| finding.severity == Severity::Critical) => State::Warning,
        0 => State::Ok,
        1 => match report.verdict.as_ref().and_then(unmet) {
            Some(Severity::Info | Severity::Warning) => State::Warning,
            _ => State::Critical,
        },
        _ => State::Unknown,
    }
}

/// The plugin's output for a run that could not begin.
pub fn trouble(message: &str) -> String {
    format!("MAILPROBE UNKNOWN - {}\n", cut(&plugin_text(message), FIRST))
}

/// The plugin's output.
pub(super) fn render(reports: &[Report], lang: Lang) -> String {
    let state = state(reports);
    let told = match reports {
        [one] => format!("{}: {}", one.mailbox, sentence(one, lang)),
        several => overview(several, lang),
    };
    let mut text = format!("MAILPROBE {} - {}", state.word(), cut(&plugin_text(&told), FIRST));
    let _ = writeln!(text, " | {}", data(reports).join(" "));
    let mut worst_first: Vec<&Report> = reports.iter().collect();
    worst_first.sort_by_key(|report| match of_one(report) {
        State::Critical => 0,
        State::Warning => 1,
        State::Unknown => 2,
        State::Ok => 3,
    });
    for line in worst_first.into_iter().flat_map(|report| long(report, reports.len() > 1, lang)) {
        let line = cut(&plugin_text(&line), LINE);
        if text.len() + line.len() > LONGEST {
            text.push_str("...\n");
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The first rule that decides, else the verdict.
fn sentence(report: &Report, lang: Lang) -> String {
    let columns = columns(report, lang);
    let all = conclusions::sentence(report, &columns, lang);
    let (Some(all), Some(verdict)) = (&all, &report.verdict) else {
        return all.unwrap_or_else(|| lang.say("there was nothing to judge").to_owned());
    };
    if matches!(conclusion(report), Conclusion::NotChecked(_)) {
        return all.clone();
    }
    let all = all.clone();
    if summary::is_implied(verdict) || verdict.status == VerdictStatus::Pass {
        return all;
    }
    let bad = verdict.rules.iter().find(|rule| rule.status == verdict.status);
    bad.map_or(all, |rule| format!("{}: {}", wanted(rule, lang), lang.tell(&rule.because)))
}

/// The expectation and where it is about.
fn wanted(rule: &Expectation, lang: Lang) -> String {
    let wanted = lang.tell(&rule.rule);
    match rule.endpoint.as_deref() {
        Some(url) => lang.fill("{} on {}", &[&wanted, url]),
        None => wanted.into_owned(),
    }
}

fn overview(reports: &[Report], lang: Lang) -> String {
    let count = |state| reports.iter().filter(|report| of_one(report) == state).count();
    let counts = [State::Critical, State::Warning, State::Unknown, State::Ok]
        .into_iter()
        .map(|state| (count(state), state.word()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"));
    let counts: Vec<String> = counts.collect();
    format!("{}: {}", words::count(lang, reports.len(), "mailbox report"), counts.join(", "))
}

/// Performance data: few names, the same in every run of the same check.
fn data(reports: &[Report]) -> Vec<String> {
    let rules = || reports.iter().filter_map(|report| report.verdict.as_ref()).flat_map(|v| &v.rules);
    let count = |status| rules().filter(|rule| rule.status == status).count();
    let (met, not_met, all) = (count(VerdictStatus::Pass), count(VerdictStatus::Fail), rules().count());
    let ms: u64 = reports.iter().map(|report| report.elapsed_ms).max().unwrap_or(0);
    let mut data = vec![
        format!("time={}.{:03}s;;;0", ms / 1_000, ms % 1_000),
        format!("met={met};;;0;{all}"),
        format!("not_met={not_met};;0;0;{all}"),
        format!("undecided={};;;0;{all}", count(VerdictStatus::Unknown)),
    ];
    if let [one] = reports
        && one.endpoints.len() <= ENDPOINTS
    {
        for endpoint in &one.endpoints {
            let ms: u64 = endpoint.phases_ms.0.iter().map(|(_, ms)| *ms).fold(0, u64::saturating_add);
            let name = cut(&plugin_text(&endpoint.url), 60).replace('=', "_").replace('\'', "''");
            data.push(format!("'{name}'={}.{:03}s;;;0", ms / 1_000, ms % 1_000));
        }
    }
    data
}

/// What could not be said in one line.
fn long(report: &Report, several: bool, lang: Lang) -> Vec<String> {
    let columns = columns(report, lang);
    let mut lines = Vec::new();
    if several {
        lines.push(format!("{} {}: {}", of_one(report).word(), report.mailbox, sentence(report, lang)));
        if of_one(report) == State::Ok {
            return lines;
        }
    }
    for rule in report.verdict.iter().flat_map(|verdict| &verdict.rules) {
        if rule.status == VerdictStatus::Pass && several {
            continue;
        }
        let word = lang.say(words::verdict(rule.status).1);
        lines.push(format!("{word}: {}: {}", wanted(rule, lang), lang.tell(&rule.because)));
    }
    lines.extend(conclusions::beside(report, lang));
    for column in &columns {
        if let Some(failure) = &column.endpoint.failure {
            let phase = lang.say(failure.phase.name());
            let what = lang.say(words::trouble(failure.cause).0);
            lines.push(lang.fill("stopped: {} in {}: {}", &[&column.endpoint.url, phase, what]));
        }
        for attempt in &column.endpoint.attempts {
            if let Some(diagnosis) = attempt.outcome.diagnosis() {
                let reply =
                    attempt.outcome.reply().map_or(String::new(), mailprobe_probes::model::Reply::quoted);
                let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
                let place = lang.fill("{} on {}", &[attempt.method.name(), &column.endpoint.url]);
                lines.push(format!("{place}: {reply} [{}]", causes.join(", ")));
            }
        }
    }
    for finding in summary::by_severity(report) {
        let word = lang.say(words::severity(finding.severity).1);
        lines.push(format!("{word}: {}", lang.tell(&finding.title)));
    }
    lines
}
