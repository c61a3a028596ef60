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

use std::io::{self, Write};

use mailprobe_probes::model::{Expectation, Report, Severity, Verdict, VerdictStatus};

use super::columns::columns;
use super::escape::plugin_text;
use super::layout::cut;
use super::sheet::{Best, Form, Sheet};
use super::{conclusions, summary, words};
use crate::lang::Lang;
use mailprobe_judge::{self as judge, Conclusion, conclusion};

/// Nagios reads 8 KiB and shows much less; NRPE's old protocol cuts at one.
const LONGEST: usize = 7_500;
/// Columns of the first line.
const FIRST: usize = 240;
/// Columns of a line behind it.
const LINE: usize = 400;
/// More endpoints than these get no performance data of their own.
const ENDPOINTS: usize = 16;
/// More mailboxes than these do not fit in, since each has a line, and none is shorter than five octets.
const MAILBOXES: usize = LONGEST / 5;

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

    /// Worst first.
    const ALL: [Self; 4] = [Self::Critical, Self::Warning, Self::Unknown, Self::Ok];

    const fn rank(self) -> u8 {
        match self {
            Self::Critical => 0,
            Self::Warning => 1,
            Self::Unknown => 2,
            Self::Ok => 3,
        }
    }

    /// The state of a report.
    pub fn of(report: &Report) -> Self {
        of_one(report)
    }

    /// The worse of two.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }
}

/// The state of all reports together; of none it is not known.
pub fn state(reports: &[Report]) -> State {
    reports.iter().map(of_one).reduce(State::or_worse).unwrap_or(State::Unknown)
}

/// Whether everything is met, and a finding is critical all the same.
fn warns_of_a_finding(report: &Report) -> bool {
    judge::exit_code(std::slice::from_ref(report)) == 0
        && report.findings.iter().any(|finding| finding.severity == Severity::Critical)
}

fn of_one(report: &Report) -> State {
    let unmet = |verdict: &Verdict| {
        let failed = verdict.rules.iter().filter(|rule| rule.status == VerdictStatus::Fail);
        failed.map(|rule| rule.severity).max()
    };
    match judge::exit_code(std::slice::from_ref(report)) {
        0 if warns_of_a_finding(report) => State::Warning,
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

/// The plugin's output. One mailbox has other words than several; which of them a run is about is not known before the
/// second is done.
pub(super) struct Plugin {
    lang: Lang,
    /// How many reports came to which state, by its rank.
    states: [usize; State::ALL.len()],
    sums: Sums,
    /// The first report as it is told where no other comes.
    alone: Option<Alone>,
    /// The lines of those that fit in.
    told: Best,
}

struct Alone {
    sentence: String,
    data: Vec<String>,
    lines: String,
}

impl Plugin {
    pub(super) fn new(lang: Lang) -> Self {
        let (states, sums) = ([0; State::ALL.len()], Sums::default());
        Self { lang, states, sums, alone: None, told: Best::new(MAILBOXES) }
    }

    fn reports(&self) -> usize {
        self.states.iter().sum()
    }

    /// States that there are, worst first, each with how many.
    fn counts(&self) -> impl Iterator<Item = (State, usize)> + '_ {
        let number = |state: State| self.states.get(usize::from(state.rank())).copied().unwrap_or(0);
        State::ALL.into_iter().map(move |state| (state, number(state))).filter(|(_, number)| *number > 0)
    }

    fn overview(&self) -> String {
        let counts: Vec<String> =
            self.counts().map(|(state, number)| format!("{number} {}", state.word())).collect();
        format!("{}: {}", words::count(self.lang, self.reports(), "mailbox report"), counts.join(", "))
    }
}

impl Form for Plugin {
    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        let state = of_one(report);
        self.alone = (self.reports() == 0).then(|| Alone {
            sentence: format!("{}: {}", report.mailbox, sentence(report, self.lang)),
            data: endpoints(report),
            lines: shown(&long(report, false, self.lang)),
        });
        if let Some(number) = self.states.get_mut(usize::from(state.rank())) {
            *number += 1;
        }
        self.sums.add(report);
        let lines = shown(&long(report, true, self.lang));
        self.told.push(state.rank(), place, sheet.add(&lines)?);
        Ok(())
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let state = self.counts().next().map_or(State::Unknown, |(state, _)| state);
        let (told, more) = match &self.alone {
            Some(alone) => (alone.sentence.clone(), &alone.data[..]),
            None => (self.overview(), &[][..]),
        };
        let data = [&self.sums.data()[..], more].concat().join(" ");
        let mut text = format!("MAILPROBE {} - {} | {data}\n", state.word(), cut(&plugin_text(&told), FIRST));
        if let Some(alone) = &self.alone {
            fill(&mut text, &alone.lines);
        } else {
            for told in self.told.in_order() {
                if !fill(&mut text, &sheet.read(told.span)?) {
                    break;
                }
            }
        }
        out.write_all(text.as_bytes())
    }
}

/// Lines as they are shown, as many of them as can matter: those that fit in, and one that does not.
fn shown(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&cut(&plugin_text(line), LINE));
        text.push('\n');
        if text.len() > 2 * LONGEST {
            break;
        }
    }
    text
}

/// Adds lines while there is room; whether there was for all of them.
fn fill(text: &mut String, lines: &str) -> bool {
    for line in lines.lines() {
        if text.len() + line.len() > LONGEST {
            text.push_str("...\n");
            return false;
        }
        text.push_str(line);
        text.push('\n');
    }
    true
}

/// What decides the state: the verdict, and the findings that a warning is about where the verdict is none.
fn sentence(report: &Report, lang: Lang) -> String {
    let said = decisive(report, lang);
    if !warns_of_a_finding(report) {
        return said;
    }
    let grave = summary::by_severity(report).into_iter();
    let grave = grave.filter(|finding| finding.severity == Severity::Critical);
    let titles: Vec<_> = grave.map(|finding| lang.tell(&finding.title)).collect();
    let word = lang.say(words::severity(Severity::Critical).1);
    lang.fill("{}. {}: {}", &[said.trim_end_matches(['.', '。']), word, &titles.join("; ")])
}

/// The first rule that decides, else the verdict.
fn decisive(report: &Report, lang: Lang) -> String {
    let all = conclusions::sentence(report, &columns(report, lang), lang);
    let Some(verdict) = &report.verdict else { return all };
    if matches!(conclusion(report), Conclusion::NotChecked(_)) {
        return all;
    }
    if verdict.is_implied() || verdict.status == VerdictStatus::Pass {
        return all;
    }
    let bad = verdict.rules.iter().find(|rule| rule.status == verdict.status);
    bad.map_or(all, |rule| format!("{}: {}", wanted(rule, lang), lang.tell(&rule.because.to_string())))
}

/// The expectation and where it is about.
fn wanted(rule: &Expectation, lang: Lang) -> String {
    let rule_text = rule.rule();
    let wanted = lang.tell(&rule_text);
    match rule.endpoint.as_deref() {
        Some(url) => lang.fill("{} on {}", &[&wanted, url]),
        None => wanted.into_owned(),
    }
}

/// What performance data adds up.
#[derive(Debug, Default)]
struct Sums {
    met: usize,
    not_met: usize,
    undecided: usize,
    slowest_ms: u64,
}

impl Sums {
    fn add(&mut self, report: &Report) {
        for rule in report.verdict.iter().flat_map(|verdict| &verdict.rules) {
            match rule.status {
                VerdictStatus::Pass => self.met += 1,
                VerdictStatus::Fail => self.not_met += 1,
                VerdictStatus::Unknown => self.undecided += 1,
            }
        }
        self.slowest_ms = self.slowest_ms.max(report.elapsed_ms);
    }

    /// Few names, the same in every run of the same check.
    fn data(&self) -> Vec<String> {
        let Self { met, not_met, undecided, slowest_ms: ms } = self;
        let all = met + not_met + undecided;
        vec![
            format!("time={}.{:03}s;;;0", ms / 1_000, ms % 1_000),
            format!("met={met};;;0;{all}"),
            format!("not_met={not_met};;0;0;{all}"),
            format!("undecided={undecided};;;0;{all}"),
        ]
    }
}

/// Performance data of the endpoints of the only report.
fn endpoints(report: &Report) -> Vec<String> {
    if report.endpoints.len() > ENDPOINTS {
        return Vec::new();
    }
    let data = report.endpoints.iter().map(|endpoint| {
        let ms: u64 = endpoint.phases_ms.0.iter().map(|(_, ms)| *ms).fold(0, u64::saturating_add);
        let name = cut(&plugin_text(&endpoint.url), 60).replace('=', "_").replace('\'', "''");
        format!("'{name}'={}.{:03}s;;;0", ms / 1_000, ms % 1_000)
    });
    data.collect()
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
        lines.push(format!("{word}: {}: {}", wanted(rule, lang), lang.tell(&rule.because.to_string())));
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
