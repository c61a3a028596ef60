//! From the command line to the exit status: the only place that writes to standard output and error.
//!
//! Reports go to standard output, talk and progress to standard error. A reader that closes the pipe early
//! is no error.

mod canary;
mod demo;
mod history;
mod rehearse;
mod systemd;
mod token;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};
use mailprobe_probes::model::{Failure, Kind, Method, Report, Trouble};
use mailprobe_probes::probe;
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::Cancel;

use crate::discover::{self, Means, Subject};
use crate::explain::{self, ExplainArgs};
use crate::judge;
use crate::lang::Lang;
use crate::offline;
use crate::plan::args::{CheckArgs, Cli, Command, DiffArgs, ReportArgs, SchemaOf, TextOrJson};
use crate::plan::discover::{DiscoverArgs, DiscoverPlan, network_of};
use crate::plan::{
    self, Abilities, Color, EXIT_USAGE, KnownMethod, Network, Output, Plan, UserError, World, presentations,
};
use crate::publish;
use crate::report::{self, Format, Style};
use crate::run::{self, AttemptGate, Progress};
use crate::stored;

/// Exit status of a fault of our own.
const EXIT_BUG: u8 = 5;

/// Runs the program.
pub(crate) fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() && plan::output::wants_plugin(&arguments) {
                let message = error.to_string();
                return plugin_trouble(message.lines().next().unwrap_or_default());
            }
            // Help and version are answers, not mistakes.
            let status = if error.use_stderr() { EXIT_USAGE } else { 0 };
            error.print().ok();
            return status;
        }
    };
    let lang = cli.lang.unwrap_or_else(|| Lang::of_locale(|name| std::env::var(name).ok()));
    let outcome = match cli.command {
        Command::Check(args) => as_plugin(&args.output.output, check(&args, lang)),
        Command::Report(args) => as_plugin(&args.output, stored_report(&args, lang)),
        Command::Plan(args) => forecast(&args),
        Command::Diff(args) => difference(&args, lang),
        Command::Discover(args) => find(&args),
        Command::Schema { of: SchemaOf::Report } => say(report::SCHEMA.as_bytes()),
        Command::Schema { of: SchemaOf::Discovery } => say(discover::SCHEMA.as_bytes()),
        Command::Explain(args) => explained(&args, lang),
        Command::Policy(command) => offline::policy(&command).and_then(answer),
        Command::Judge(args) => offline::judge(&args, &terminal_style(args.color, lang)).and_then(answer),
        Command::Devices(args) => offline::devices(&args, &terminal_style(args.color, lang)).and_then(answer),
        Command::Demo => demo::demo(lang),
        Command::Rehearse(args) => rehearse::rehearse(&args),
        Command::Token(command) => token::token(&command),
        Command::Canary(args) => canary::canary(&args),
        Command::History(args) => history::history(&args, lang),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "mailprobe", &mut script);
            say(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map_err(|error| UserError::new(error.to_string()))
                .and_then(|()| say(&page))
        }
    };
    outcome.unwrap_or_else(|error| {
        warn(&format!("error: {error}"));
        EXIT_USAGE
    })
}

/// What this build can do, as the plan is told.
fn with_abilities<T>(use_them: impl FnOnce(&Abilities<'_>) -> T) -> T {
    let registry = Registry::standard();
    let mechanisms = registry
        .iter()
        .map(|mechanism| KnownMethod { method: Method::sasl(mechanism.name()), kind: mechanism.kind() });
    let commands = probe::login_methods().map(|method| KnownMethod { method, kind: Kind::Password });
    let schemes = Schemes::standard();
    let schemes =
        schemes.iter().map(|scheme| KnownMethod { method: Method::http(scheme.name()), kind: scheme.kind() });
    let methods: Vec<KnownMethod> = mechanisms.chain(commands).chain(schemes).collect();
    let protocols: Vec<_> = probe::protocols().collect();
    use_them(&Abilities { methods: &methods, protocols: &protocols })
}

fn difference(args: &DiffArgs, lang: Lang) -> Result<u8, UserError> {
    if args.before == args.after {
        return Err(UserError::new("both reports are the same file: name the one before and the one after"));
    }
    let diff = judge::diff(&stored::reports(&args.before)?, &stored::reports(&args.after)?);
    let text = match args.output {
        TextOrJson::Json => report::difference::json(&diff),
        TextOrJson::Text => report::difference::text(&diff, &terminal_style(args.color, lang)),
    };
    say(text.as_bytes())?;
    Ok(u8::from(diff.has_broken()))
}

/// What a command that connects to nothing has to say, and its exit status.
fn answer((text, status): (String, u8)) -> Result<u8, UserError> {
    say(text.as_bytes()).map(|_| status)
}

/// Renders what an earlier run stored.
fn stored_report(args: &ReportArgs, lang: Lang) -> Result<u8, UserError> {
    let outputs = plan::output::outputs(&args.output)?;
    if let Some(path) = &args.bundle {
        plan::output::bundle(path, &outputs)?;
    }
    let reports = stored::reports(&args.report)?;
    for output in &outputs {
        let style = match output.file {
            None => Style { verbose: args.verbose, ..terminal_style(args.color, lang) },
            Some(_) => Style { verbose: args.verbose, lang, ..Style::PLAIN },
        };
        write_to(output.file.as_deref(), report::render(output.format, &reports, &style).as_bytes())?;
    }
    if let Some(path) = &args.bundle {
        publish::bundle(path, &reports, lang)?;
    }
    Ok(if plan::output::is_plugin(&outputs) { report::nagios_state(&reports).code() } else { 0 })
}

/// A Nagios plugin speaks on standard output even where it could not begin, and its state is then unknown:
/// status 2 would page somebody for a typing mistake.
fn as_plugin(typed: &[String], outcome: Result<u8, UserError>) -> Result<u8, UserError> {
    match outcome {
        Err(error) if plan::output::wants_plugin(typed) => Ok(plugin_trouble(&error.to_string())),
        outcome => outcome,
    }
}

fn plugin_trouble(message: &str) -> u8 {
    say(report::nagios_trouble(message).as_bytes()).ok();
    report::NagiosState::Unknown.code()
}

/// How text looks on standard output.
fn terminal_style(color: Color, lang: Lang) -> Style {
    let terminal = io::stdout().is_terminal();
    let columns =
        terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Style::new(color.on(terminal, std::env::var_os("NO_COLOR").as_deref()), columns, false, lang)
}

fn resolve(args: &CheckArgs) -> Result<Plan, UserError> {
    let mut stdin = io::stdin().lock();
    with_abilities(|abilities| Plan::resolve(args, &mut World::of_process(&mut stdin), abilities))
}

fn explained(args: &ExplainArgs, lang: Lang) -> Result<u8, UserError> {
    let columns = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    let columns = columns.map(|(width, _)| usize::from(width.0));
    let (text, notes) = explain::explain(args, &mut io::stdin().lock(), columns, lang)?;
    for note in notes {
        warn(&format!("note: {note}"));
    }
    say(text.as_bytes())
}

fn forecast(args: &CheckArgs) -> Result<u8, UserError> {
    if args.targets.discover {
        return Err(UserError::new(
            "plan opens no connection, so it cannot --discover: give --endpoint or --provider (mailprobe discover finds them)",
        ));
    }
    let plan = resolve(args)?;
    // A forecast has two forms; the files of the others are left for the run itself.
    let has_form = |format: Format| format.is_json() || !format.stands_alone();
    let mut outputs: Vec<_> = plan.outputs.iter().filter(|output| has_form(output.format)).collect();
    let text = Output { format: Format::Text, file: None };
    if outputs.is_empty() {
        outputs.push(&text);
    }
    for output in outputs {
        let text = with_abilities(|abilities| {
            if output.format.is_json() {
                presentations::json(&plan, abilities)
            } else {
                presentations::text(&plan, abilities)
            }
        });
        write_to(output.file.as_deref(), text.as_bytes())?;
    }
    Ok(0)
}

fn find(args: &DiscoverArgs) -> Result<u8, UserError> {
    let subject = Subject::read(&args.subject)?;
    let plan = DiscoverPlan::resolve(args, &mut World::of_process(&mut io::stdin().lock()))?;
    if args.verbose > 1 {
        log_to_stderr();
    }
    let means = means(&plan.network, args.connect_timeout, args.timeout, args.insecure)?;
    let discovery = run_to_end(async {
        tokio::spawn(stop_on_interrupt(means.cancel.clone()));
        discover::discover(&subject, &means).await
    })??;
    for output in &plan.outputs {
        let text = match output.format {
            Format::Json => format!("{}\n", serde_json::to_string_pretty(&discovery).unwrap_or_default()),
            _ => discover::text(&discovery, args.verbose > 0),
        };
        write_to(output.file.as_deref(), text.as_bytes())?;
    }
    Ok(discovery.exit_code())
}

fn means(
    network: &Network,
    connect_timeout: Duration,
    timeout: Duration,
    insecure: bool,
) -> Result<Means, UserError> {
    let reach = run::reach(network)?;
    Ok(Means {
        reach,
        proxy: network.proxy.clone(),
        connect_timeout,
        timeout,
        insecure,
        cancel: Cancel::new(),
    })
}

fn run_to_end<T>(work: impl Future<Output = T>) -> Result<T, UserError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the run cannot be started: {error}")))?;
    Ok(runtime.block_on(work))
}

/// Finds the endpoints of every mailbox that was named; the mailboxes that have none, in a sentence each.
fn discover_targets(args: &mut CheckArgs) -> Result<Vec<String>, UserError> {
    let network = network_of(&args.network, &mut World::of_process(&mut io::stdin().lock()))?;
    let means = means(&network, args.pace.connect_timeout, args.pace.timeout, args.network.insecure)?;
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

fn check(args: &CheckArgs, lang: Lang) -> Result<u8, UserError> {
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
        tokio::spawn(stop_on_interrupt(cancel.clone()));
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

/// The first interrupt ends the run with what is known; the second ends the program.
async fn stop_on_interrupt(cancel: Cancel) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    cancel.cancel();
    if tokio::signal::ctrl_c().await.is_ok() {
        #[expect(clippy::exit, reason = "the user asked twice; nothing is left to say")]
        std::process::exit(130);
    }
}

/// Where reports go while a run is on, and what is kept of them until its end.
struct Outputs<'a> {
    plan: &'a Plan,
    lang: Lang,
    /// Reports in the order of the plan, where a format needs them all.
    kept: Vec<Option<Report>>,
    keep: bool,
    lines: Vec<(usize, Vec<u8>)>,
    done: usize,
    status: u8,
}

impl<'a> Outputs<'a> {
    fn new(plan: &'a Plan, lang: Lang) -> Self {
        let keep = plan.bundle.is_some() || plan.outputs.iter().any(|output| output.format != Format::Jsonl);
        let kept = if keep { plan.visits.iter().map(|_| None).collect() } else { Vec::new() };
        let lines = plan.outputs.iter().enumerate().filter(|(_, output)| output.format == Format::Jsonl);
        let lines = lines.map(|(index, _)| (index, Vec::new())).collect();
        Self { plan, lang, kept, keep, lines, done: 0, status: 0 }
    }

    fn take(&mut self, index: usize, report: Report) {
        self.done += 1;
        let code =
            if is_our_bug(&report) { EXIT_BUG } else { judge::exit_code(std::slice::from_ref(&report)) };
        self.status = graver(self.status, code);
        for (output, collected) in &mut self.lines {
            let line = report::json::line(&report);
            match self.plan.outputs.get(*output).and_then(|output| output.file.as_ref()) {
                // A line is written when its mailbox is done, in no particular order.
                None => drop(say(line.as_bytes())),
                Some(_) => collected.extend_from_slice(line.as_bytes()),
            }
        }
        if let (true, Some(slot)) = (self.keep, self.kept.get_mut(index)) {
            *slot = Some(report);
        }
    }

    fn finish(self, cancelled: bool) -> Result<u8, UserError> {
        let reports: Vec<Report> = self.kept.into_iter().flatten().collect();
        for (index, output) in self.plan.outputs.iter().enumerate() {
            let text = match (self.lines.iter().find(|(at, _)| *at == index), &output.file) {
                (Some(_), None) => continue,
                (Some((_, lines)), Some(_)) => lines.clone(),
                (None, file) => {
                    let style = style(self.plan, file.is_none(), self.lang);
                    report::render(output.format, &reports, &style).into_bytes()
                }
            };
            write_to(output.file.as_deref(), &text)?;
        }
        if let Some(path) = &self.plan.bundle {
            publish::bundle(path, &reports, self.lang)?;
        }
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
    report.endpoints.iter().any(|endpoint| endpoint.failure.as_ref().is_some_and(bug))
}

fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    // Libraries are kept quiet: some of them log what they send.
    let filter = EnvFilter::new("off,mailprobe=debug,mailprobe_probes=debug");
    let writer = io::stderr;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_target(false).try_init().ok();
}

/// Writes to a file, or to standard output where there is none.
fn write_to(file: Option<&Path>, bytes: &[u8]) -> Result<u8, UserError> {
    match file {
        Some(file) => publish::replace(file, bytes).map(|()| 0),
        None => say(bytes),
    }
}

fn say(bytes: &[u8]) -> Result<u8, UserError> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(0),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(UserError::new(format!("standard output cannot be written: {error}"))),
    }
}

fn warn(message: &str) {
    writeln!(io::stderr().lock(), "mailprobe: {message}").ok();
}
