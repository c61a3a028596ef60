//! `mailprobe check`: from the arguments to the reports, in every form that was asked for.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use mailprobe_probes::model::{Attempt, Failure, Outcome, Report, Session, Trouble};
use mailprobe_probes::probe;
use mailprobe_probes::wire::CancellationToken;

use super::stop::stop_on_signal;
use super::{log_to_stderr, means, resolve, run_to_end, say, shown, token, warn};
use crate::args::CheckArgs;
use crate::mistake::UserError;
use crate::output::{self, Printed};
use mailprobe_judge as judge;
use mailprobe_report::bundle::Evidence;
use mailprobe_report::lang::Lang;
use mailprobe_report::publish;
use mailprobe_report::{self as report, Format, NagiosState, Spool, Stream, Style};
use mailprobe_run::discover::{self, Subject};
use mailprobe_run::plan::{self, Request, World};
use mailprobe_run::preflight::Preflight;
use mailprobe_run::{self as run, AttemptGate, Progress};

/// Exit status of a fault of our own.
const EXIT_BUG: u8 = 5;

/// Finds the endpoints of every mailbox that was named; the mailboxes that have none, in a sentence each.
fn discover_targets(request: &mut Request) -> Result<Vec<String>, UserError> {
    let reach = &request.network.reach;
    let network = plan::network(reach, &mut World::of_process(&mut io::stdin().lock()))?;
    let pace = &request.pace;
    let whole = pace.visit().min(discover::WHOLE);
    let means = means(&network, pace.connect(), pace.reply(), whole, request.network.insecure)?;
    let able: Vec<_> = probe::protocols().collect();
    let mut without = Vec::new();
    for mailbox in &request.targets.mailboxes {
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
        request.targets.discovered.insert(mailbox.clone(), endpoints);
    }
    Ok(without)
}

pub(super) fn check(args: &CheckArgs, lang: Lang) -> Result<u8, UserError> {
    let (mut request, printed) = (Request::try_from(args)?, Printed::try_from(&args.output)?);
    if args.targets.discover {
        let without = discover_targets(&mut request)?;
        for sentence in &without {
            warn(&format!("no endpoint to check for {sentence}"));
        }
        if !without.is_empty() {
            return Ok(3);
        }
    }
    let plan = resolve(&request)?;
    if printed.verbosity.log {
        log_to_stderr();
    }
    for note in &plan.notes {
        warn(&format!("note: {note}"));
    }
    let cancel = CancellationToken::new();
    let gate = Arc::new(AttemptGate::new(plan.budget));
    let tools = run::tools_with(&plan, Arc::clone(&gate), cancel.clone())?;
    // One thread: a session costs it about a millisecond, and handing sessions between threads costs more than the servers
    // leave for a second thread to do. Measured with 64 sessions at once on two cores that the servers share: 1.06 ms of
    // CPU a session, 1.10 with a runtime of one worker, 1.30 with two, 1.44 with four, and no more sessions a second that
    // could be told from noise (docs/performance.md).
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the run cannot be started: {error}")))?;
    let left: Arc<OnceLock<Vec<PathBuf>>> = Arc::default();
    let preflight = runtime.block_on(async {
        tokio::spawn(stop_on_signal(cancel.clone(), named_at_the_end(Arc::clone(&left))));
        tokio::select! {
            done = token::beforehand(&plan, &gate) => done,
            () = cancel.cancelled() => Ok(Preflight::default()),
        }
    })?;
    let mut outputs = Outputs::new(&printed, lang);
    let (beside, notes) = outputs.beside();
    for note in notes {
        warn(&format!("note: {note}"));
    }
    left.set(beside).ok();
    let progress = Progress::new(plan.visits.len(), printed.verbosity.progress);
    let whole = runtime.block_on(run::run_after(preflight, &plan, &tools, &progress, |index, mut report| {
        report.verdict = judge::judge_by(&report, &plan.expectations, &plan.policies, plan.at);
        outputs.take(index, &report);
    }));
    progress.clear();
    // What was found out by then is written all the same.
    if let Err(error) = &whole {
        warn(&format!("error: {error}"));
    }
    let incomplete = cancel.is_cancelled() || whole.is_err();
    if incomplete {
        warn(&format!("stopped: {} of {} mailboxes were checked", outputs.done, plan.visits.len()));
    }
    Ok(outputs.finish(incomplete))
}

/// Says what a run leaves that is ended before it could write its reports.
fn named_at_the_end(left: Arc<OnceLock<Vec<PathBuf>>>) -> impl FnOnce() {
    move || {
        for name in left.get().into_iter().flatten().filter(|name| name.exists()) {
            warn(&format!("{} has what was found out", name.display()));
        }
    }
}

/// Where reports go while a run is on. None is kept until its end.
struct Outputs<'a> {
    printed: &'a Printed,
    /// Files that grow while the run is on, a line for each mailbox that is done.
    lines: Vec<publish::Lines>,
    /// Whether standard output gets these lines, too.
    lines_shown: bool,
    /// Files that are put together beside their targets.
    files: Vec<publish::Growing>,
    /// The bundle, and what went wrong with it.
    evidence: Option<(Evidence, io::Result<()>)>,
    /// What standard output gets at the end, and what went wrong with it.
    shown: Vec<(Stream, io::Result<()>)>,
    done: usize,
    status: u8,
    state: Option<NagiosState>,
}

impl<'a> Outputs<'a> {
    fn new(printed: &'a Printed, lang: Lang) -> Self {
        let named = printed.reports.iter().filter_map(|output| output.file.clone());
        let taken: Vec<PathBuf> = named.chain(printed.bundle.clone()).collect();
        let mut outputs = Self {
            printed,
            lines: Vec::new(),
            lines_shown: false,
            files: Vec::new(),
            evidence: printed.bundle.as_ref().map(|_| (Evidence::new(lang), Ok(()))),
            shown: Vec::new(),
            done: 0,
            status: 0,
            state: None,
        };
        for output in &printed.reports {
            let style = style(printed, output.file.is_none(), lang);
            match (output.format, &output.file) {
                (Format::Jsonl, Some(path)) => outputs.lines.push(publish::Lines::new(path.clone())),
                (Format::Jsonl, None) => outputs.lines_shown = true,
                (format, Some(path)) => {
                    outputs.files.push(publish::Growing::new(path, format, &style, &taken));
                }
                (format, None) => {
                    let stream = Stream::new(format, &style, Spool::unseen(), Spool::unseen());
                    outputs.shown.push((stream, Ok(())));
                }
            }
        }
        outputs
    }

    /// What grows beside the targets, and what is to be said of it before the run begins.
    fn beside(&self) -> (Vec<PathBuf>, Vec<String>) {
        let (mut names, mut notes) = (Vec::new(), Vec::new());
        for (name, there) in self.files.iter().filter_map(publish::Growing::beside) {
            if let Some(there) = there {
                notes.push(format!(
                    "{} is there already, as a run that was killed leaves it: it is left alone, and {} grows instead",
                    there.display(),
                    name.display()
                ));
            }
            names.push(name);
        }
        (names, notes)
    }

    fn take(&mut self, index: usize, report: &Report) {
        // What was cut short says what it knows, and is not done.
        self.done += usize::from(!report.partial);
        let code = if is_our_bug(report) { EXIT_BUG } else { judge::exit_code(std::slice::from_ref(report)) };
        self.status = graver(self.status, code);
        let state = NagiosState::of(report);
        self.state = Some(self.state.map_or(state, |worst| worst.or_worse(state)));
        // A line is written when its mailbox is done, in no particular order.
        if self.lines_shown || !self.lines.is_empty() {
            let line = report::json::line(report);
            if self.lines_shown {
                drop(say(line.as_bytes()));
            }
            for file in &mut self.lines {
                file.add(line.as_bytes());
            }
        }
        for file in &mut self.files {
            file.add(index, report);
        }
        if let Some((evidence, held @ Ok(()))) = &mut self.evidence {
            *held = evidence.add(index, report);
        }
        for (stream, held) in &mut self.shown {
            if held.is_ok() {
                *held = stream.report(index, report);
            }
        }
    }

    fn finish(self, cancelled: bool) -> u8 {
        // A file that cannot be written does not cost the run its other reports. Files come first: the terminal may be gone,
        // and what was found out is not to go with it.
        let mut written: Vec<Result<(), UserError>> =
            self.lines.into_iter().map(|lines| lines.finish().map_err(UserError::from)).collect();
        if let (Some(path), Some((evidence, held))) = (&self.printed.bundle, self.evidence) {
            let held = held.map_err(|error| UserError::from(publish::no_bundle(&error)));
            written.push(held.and_then(|()| Ok(publish::bundle(path, evidence)?)));
        }
        written.extend(self.files.into_iter().map(|file| file.finish().map_err(UserError::from)));
        written.extend(
            self.shown
                .into_iter()
                .map(|(mut stream, held)| shown(|out| held.and_then(|()| stream.whole(out))).map(drop)),
        );
        // The run is over: what is lost is a report of it, and no mistake in the command line.
        let mut incomplete = cancelled;
        for error in written.into_iter().filter_map(Result::err) {
            warn(&format!("error: {error}"));
            incomplete = true;
        }
        if output::is_plugin(&self.printed.reports) {
            let code = self.state.unwrap_or(NagiosState::Unknown).code();
            return if incomplete && code == 0 { NagiosState::Unknown.code() } else { code };
        }
        if incomplete { graver(self.status, 3) } else { self.status }
    }
}

/// Text on standard output, where nobody asked for a style.
fn style(printed: &Printed, to_terminal: bool, lang: Lang) -> Style {
    let terminal = to_terminal && io::stdout().is_terminal();
    let color = printed.color.on(terminal, std::env::var_os("NO_COLOR").as_deref());
    let columns =
        terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Style::new(color, columns, printed.verbosity.transcript, lang)
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
