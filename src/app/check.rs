//! `mailprobe check`: from the arguments to the reports, in every form that was asked for.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use mailprobe_probes::model::{Attempt, Failure, Outcome, Report, Session, Trouble};
use mailprobe_probes::probe;
use mailprobe_probes::wire::Cancel;

use super::stop::stop_on_signal;
use super::{log_to_stderr, means, resolve, run_to_end, say, token, warn, write_to};
use crate::discover::{self, Subject};
use crate::judge;
use crate::lang::Lang;
use crate::plan::args::CheckArgs;
use crate::plan::discover::network_of;
use crate::plan::{self, Plan, UserError, World};
use crate::publish;
use crate::report::{self, Format, Style};
use crate::run::{self, AttemptGate, Progress};

/// Exit status of a fault of our own.
const EXIT_BUG: u8 = 5;

/// Finds the endpoints of every mailbox that was named; the mailboxes that have none, in a sentence each.
fn discover_targets(args: &mut CheckArgs) -> Result<Vec<String>, UserError> {
    let network = network_of(&args.network, &mut World::of_process(&mut io::stdin().lock()))?;
    let whole = args.pace.visit().min(discover::WHOLE);
    let means = means(&network, args.pace.connect(), args.pace.reply(), whole, args.network.insecure)?;
    let able: Vec<_> = probe::protocols().collect();
    let mut without = Vec::new();
    for mailbox in &args.mailboxes {
        let subject = Subject::read(mailbox)?;
        if subject.local.is_none() {
            return Err(UserError::new(format!("`{subject}` is not a mailbox: write name@domain")));
        }
        let discovery = run_to_end(discover::discover(&subject, &means))??;
        let (endpoints, notes) = discover::to_check(&discovery, &able);
        for note in notes {
            warn(&format!("note: {note}"));
        }
        if endpoints.is_empty() {
            without.push(format!("{subject}: {}", discovery.verdict()));
        }
        args.targets.discovered.insert(mailbox.clone(), endpoints);
    }
    Ok(without)
}

pub(super) fn check(args: &CheckArgs, lang: Lang) -> Result<u8, UserError> {
    let mut args = args.clone();
    if args.targets.discover {
        let without = discover_targets(&mut args)?;
        for sentence in &without {
            warn(&format!("no endpoint to check for {sentence}"));
        }
        if !without.is_empty() {
            return Ok(3);
        }
    }
    let mut plan = resolve(&args)?;
    if plan.verbosity.log {
        log_to_stderr();
    }
    for note in &plan.notes {
        warn(&format!("note: {note}"));
    }
    let cancel = Cancel::new();
    let gate = Arc::new(AttemptGate::new(plan.budget));
    let tools = run::tools_with(&plan, Arc::clone(&gate), cancel.clone())?;
    // One thread: a session costs it less than a millisecond, and handing sessions between threads costs more
    // than the servers leave for a second thread to do.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the run cannot be started: {error}")))?;
    runtime.block_on(async {
        tokio::spawn(stop_on_signal(cancel.clone()));
        tokio::select! {
            done = token::beforehand(&mut plan, &gate) => done,
            () = cancel.cancelled() => Ok(()),
        }
    })?;
    let progress = Progress::new(plan.visits.len(), plan.verbosity.progress);
    let mut outputs = Outputs::new(&plan, lang);
    runtime.block_on(async {
        run::run(&plan, &tools, &progress, |index, mut report| {
            report.verdict = judge::judge_by(&report, &plan.expectations, &plan.policies, plan.at);
            outputs.take(index, report);
        })
        .await;
    });
    progress.clear();
    if cancel.is_cancelled() {
        warn(&format!("stopped: {} of {} mailboxes were checked", outputs.done, plan.visits.len()));
    }
    outputs.finish(cancel.is_cancelled())
}

/// Where reports go while a run is on, and what is kept of them until its end.
struct Outputs<'a> {
    plan: &'a Plan,
    lang: Lang,
    /// Reports in the order of the plan, where a format needs them all.
    kept: Vec<Option<Report>>,
    keep: bool,
    /// Files that grow while the run is on, a line for each mailbox that is done.
    lines: Vec<publish::Lines>,
    /// Whether standard output gets these lines, too.
    lines_shown: bool,
    done: usize,
    status: u8,
}

impl<'a> Outputs<'a> {
    fn new(plan: &'a Plan, lang: Lang) -> Self {
        let keep = plan.bundle.is_some() || plan.outputs.iter().any(|output| output.format != Format::Jsonl);
        let kept = if keep { plan.visits.iter().map(|_| None).collect() } else { Vec::new() };
        let streamed = || plan.outputs.iter().filter(|output| output.format == Format::Jsonl);
        let lines = streamed().filter_map(|output| output.file.clone()).map(publish::Lines::new).collect();
        let lines_shown = streamed().any(|output| output.file.is_none());
        Self { plan, lang, kept, keep, lines, lines_shown, done: 0, status: 0 }
    }

    fn take(&mut self, index: usize, report: Report) {
        self.done += 1;
        let code =
            if is_our_bug(&report) { EXIT_BUG } else { judge::exit_code(std::slice::from_ref(&report)) };
        self.status = graver(self.status, code);
        // A line is written when its mailbox is done, in no particular order.
        if self.lines_shown || !self.lines.is_empty() {
            let line = report::json::line(&report);
            if self.lines_shown {
                drop(say(line.as_bytes()));
            }
            for file in &mut self.lines {
                file.add(line.as_bytes());
            }
        }
        if let (true, Some(slot)) = (self.keep, self.kept.get_mut(index)) {
            *slot = Some(report);
        }
    }

    fn finish(self, cancelled: bool) -> Result<u8, UserError> {
        let reports: Vec<Report> = self.kept.into_iter().flatten().collect();
        // A file that cannot be written does not cost the run its other reports. Files come first: the terminal may be gone,
        // and what was found out is not to go with it.
        let mut written: Vec<Result<(), UserError>> =
            self.lines.into_iter().map(publish::Lines::finish).collect();
        if let Some(path) = &self.plan.bundle {
            written.push(publish::bundle(path, &reports, self.lang));
        }
        let mut outputs: Vec<_> =
            self.plan.outputs.iter().filter(|output| output.format != Format::Jsonl).collect();
        outputs.sort_by_key(|output| output.file.is_none());
        for output in outputs {
            let style = style(self.plan, output.file.is_none(), self.lang);
            let text = report::render(output.format, &reports, &style);
            written.push(write_to(output.file.as_deref(), text.as_bytes()).map(drop));
        }
        written.into_iter().collect::<Result<(), UserError>>()?;
        if plan::output::is_plugin(&self.plan.outputs) {
            let code = report::nagios_state(&reports).code();
            return Ok(if cancelled && code == 0 { report::NagiosState::Unknown.code() } else { code });
        }
        Ok(if cancelled { graver(self.status, 3) } else { self.status })
    }
}

/// Text on standard output, where nobody asked for a style.
fn style(plan: &Plan, to_terminal: bool, lang: Lang) -> Style {
    let terminal = to_terminal && io::stdout().is_terminal();
    let color = plan.color.on(terminal, std::env::var_os("NO_COLOR").as_deref());
    let columns =
        terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Style::new(color, columns, plan.verbosity.transcript, lang)
}

/// 5 stands before 1, 1 before 3, 3 before 4, 4 before 0.
fn graver(a: u8, b: u8) -> u8 {
    [EXIT_BUG, 1, 3, 4].into_iter().find(|code| [a, b].contains(code)).unwrap_or(0)
}

fn is_our_bug(report: &Report) -> bool {
    let bug = |failure: &Failure| failure.cause == Trouble::Bug;
    let failed = |attempt: &Attempt| match &attempt.outcome {
        Outcome::Inconclusive { failure, .. }
        | Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => bug(failure),
        _ => false,
    };
    report
        .endpoints
        .iter()
        .any(|endpoint| endpoint.failure.as_ref().is_some_and(bug) || endpoint.attempts.iter().any(failed))
}
