//! From the command line to the exit status: the only place that writes to standard output and error.
//!
//! Reports go to standard output, talk and progress to standard error. A reader that closes the pipe early
//! is no error.

#[cfg(feature = "canary")]
mod canary;
mod check;
#[cfg(feature = "rehearse")]
mod demo;
#[cfg(feature = "canary")]
mod history;
#[cfg(feature = "rehearse")]
mod rehearse;
mod stop;
#[cfg(feature = "canary")]
mod systemd;
mod token;
#[cfg(feature = "canary")]
mod unattended;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};
use mailprobe_probes::model::harmless;
use mailprobe_probes::wire::CancellationToken;

use crate::args::{
    CheckArgs, Cli, Command, DiffArgs, DiscoverArgs, ExplainArgs, ReportArgs, SchemaOf, TextOrJson,
    wants_plugin,
};
use crate::explain;
use crate::mistake::{EXIT_USAGE, UserError};
use crate::offline;
use crate::output::{self, Color, Output, Printed};
use mailprobe_judge as judge;
use mailprobe_report::lang::Lang;
use mailprobe_report::publish;
use mailprobe_report::stored;
use mailprobe_report::{self as report, Format, Style};
use mailprobe_run::discover::{self, Means, Subject};
use mailprobe_run::plan::policies::today;
use mailprobe_run::plan::request::Reach;
use mailprobe_run::plan::{self, Network, Plan, Request, World, presentations};
use mailprobe_run::preflight::Needs;
use mailprobe_run::{self as run, with_abilities};
use stop::stop_on_signal;

/// Runs the program.
pub(crate) fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    say_where_it_panics();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let error = about_harmless(&arguments, error);
            if error.use_stderr() && wants_plugin(&arguments) {
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
        Command::Check(args) => as_plugin(&args.output.output, check::check(&args, lang)),
        Command::Report(args) => as_plugin(&args.output, stored_report(&args, lang)),
        Command::Plan(args) => forecast(&args),
        Command::Diff(args) => difference(&args, lang),
        Command::Discover(args) => find(&args),
        Command::Schema { of: SchemaOf::Report } => say(report::SCHEMA.as_bytes()),
        Command::Schema { of: SchemaOf::Discovery } => say(discover::SCHEMA.as_bytes()),
        Command::Explain(args) => explained(&args, lang),
        Command::Policy(command) => {
            noted(offline::note_on_policy(&command, today()));
            offline::policy(&command, today()).and_then(answer)
        }
        Command::Judge(args) => {
            noted(offline::note_on_named(&args.policy, args.at, today()));
            offline::judge(&args, &terminal_style(args.color, lang)).and_then(answer)
        }
        Command::Devices(args) => {
            noted(offline::note_on_named(&args.policy, args.at, today()));
            offline::devices(&args, &terminal_style(args.color, lang)).and_then(answer)
        }
        #[cfg(feature = "rehearse")]
        Command::Demo => demo::demo(lang),
        #[cfg(feature = "rehearse")]
        Command::Rehearse(args) => rehearse::rehearse(&args),
        Command::Token(command) => token::token(&command),
        #[cfg(feature = "canary")]
        Command::Canary(args) => canary::canary(&args),
        #[cfg(feature = "canary")]
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

/// Something worth knowing beside an answer.
fn noted(note: Option<String>) {
    if let Some(note) = note {
        warn(&format!("note: {note}"));
    }
}

/// A panic is told by its place. Its message may quote what a server or a file said, and nobody has made that harmless.
fn say_where_it_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        warn(&format!("internal error in mailprobe at {place}; please report this"));
    }));
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
    Ok(diff.exit_code())
}

/// What a command that connects to nothing has to say, and its exit status.
fn answer((text, status): (String, u8)) -> Result<u8, UserError> {
    say(text.as_bytes()).map(|_| status)
}

/// Renders what an earlier run stored.
fn stored_report(args: &ReportArgs, lang: Lang) -> Result<u8, UserError> {
    let outputs = output::outputs(&args.output)?;
    if let Some(path) = &args.bundle {
        output::bundle(path, &outputs)?;
    }
    let (reports, note) = stored::whole_reports(&args.report)?;
    noted(note);
    for output in &outputs {
        let style = match output.file {
            None => Style { verbose: args.verbose, ..terminal_style(args.color, lang) },
            Some(_) => Style { verbose: args.verbose, lang, ..Style::PLAIN },
        };
        write_to(output.file.as_deref(), report::render(output.format, &reports, &style).as_bytes())?;
    }
    if let Some(path) = &args.bundle {
        let mut evidence = report::bundle::Evidence::new(lang);
        let held = reports.iter().enumerate().try_for_each(|(place, report)| evidence.add(place, report));
        held.map_err(|error| publish::no_bundle(&error))?;
        publish::bundle(path, evidence)?;
    }
    Ok(if output::is_plugin(&outputs) { report::nagios_state(&reports).code() } else { 0 })
}

/// A Nagios plugin speaks on standard output even where it could not begin, and its state is then unknown:
/// status 2 would page somebody for a typing mistake.
fn as_plugin(typed: &[String], outcome: Result<u8, UserError>) -> Result<u8, UserError> {
    match outcome {
        Err(error) if wants_plugin(typed) => Ok(plugin_trouble(&error.to_string())),
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

fn resolve(request: &Request) -> Result<Plan, UserError> {
    let mut stdin = io::stdin().lock();
    let mut world = World::of_process(&mut stdin);
    Ok(with_abilities(|abilities| Plan::resolve(request, &mut world, abilities))?)
}

fn explained(args: &ExplainArgs, lang: Lang) -> Result<u8, UserError> {
    let columns = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    let columns = columns.map(|(width, _)| usize::from(width.0));
    let explained = explain::explain(&args.question(), &mut io::stdin().lock(), columns, lang)?;
    for note in explained.notes {
        warn(&format!("note: {note}"));
    }
    let printed = say(explained.text.as_bytes())?;
    Ok(if explained.is_known { printed } else { printed.max(1) })
}

fn forecast(args: &CheckArgs) -> Result<u8, UserError> {
    if args.targets.discover {
        return Err(UserError::new(
            "plan opens no connection, so it cannot --discover: give --endpoint or --provider (mailprobe discover finds them)",
        ));
    }
    let printed = Printed::try_from(&args.output)?;
    let mut plan = resolve(&Request::try_from(args)?)?;
    if plan.budget_is_default && Needs::of(&plan)?.is_some_and(|needs| needs.realms) {
        plan.notes.push(
            "check first asks the provider who decides sign-ins of the domain; if the organisation's own servers do, no password \
             is presented unless --attempt-budget is given"
                .to_owned(),
        );
    }
    // A forecast has two forms; the files of the others are left for the run itself.
    let has_form = |format: Format| format.is_json() || !format.stands_alone();
    let mut outputs: Vec<_> = printed.reports.iter().filter(|output| has_form(output.format)).collect();
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
        })?;
        write_to(output.file.as_deref(), text.as_bytes())?;
    }
    Ok(0)
}

fn find(args: &DiscoverArgs) -> Result<u8, UserError> {
    let subject = Subject::read(&args.subject)?;
    let reach = Reach::try_from(&args.reach)?;
    let outputs = output::of_discovery(&args.output)?;
    let network = plan::network(&reach, &mut World::of_process(&mut io::stdin().lock()))?;
    if args.verbose > 1 {
        log_to_stderr();
    }
    let means = means(&network, args.connect_timeout, args.timeout, discover::WHOLE, args.insecure)?;
    let discovery = run_to_end(async {
        tokio::spawn(stop_on_signal(means.cancel.clone(), || {}));
        discover::discover(&subject, &means).await
    })??;
    for output in &outputs {
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
    whole: Duration,
    insecure: bool,
) -> Result<Means, UserError> {
    let reach = run::reach(network)?;
    Ok(Means {
        reach,
        proxy: network.proxy.clone(),
        connect_timeout,
        timeout,
        whole,
        insecure,
        cancel: CancellationToken::new(),
    })
}

fn run_to_end<T>(work: impl Future<Output = T>) -> Result<T, UserError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the run cannot be started: {error}")))?;
    Ok(runtime.block_on(work))
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
        Some(file) => Ok(publish::replace(file, bytes).map(|()| 0)?),
        None => say(bytes),
    }
}

fn say(bytes: &[u8]) -> Result<u8, UserError> {
    let mut out = io::stdout().lock();
    was_shown(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Shows on standard output what is written piece by piece.
fn shown(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<u8, UserError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    was_shown(write(&mut out).and_then(|()| out.flush()))
}

fn was_shown(written: io::Result<()>) -> Result<u8, UserError> {
    match written {
        Ok(()) => Ok(0),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(UserError::new(format!("standard output cannot be written: {error}"))),
    }
}

/// Talk, in lines of ours. Whatever a user typed, a file held or a server said in between cannot steer the terminal.
fn warn(message: &str) {
    let lines: Vec<String> = message.split('\n').map(|line| harmless(line.as_bytes())).collect();
    writeln!(io::stderr().lock(), "mailprobe: {}", lines.join("\n")).ok();
}

/// A complaint about the command line, which repeats what was typed: made once more from the same words, harmless.
fn about_harmless(arguments: &[OsString], error: clap::Error) -> clap::Error {
    let shown: Vec<String> = arguments.iter().map(|argument| harmless(argument.as_encoded_bytes())).collect();
    if arguments.iter().zip(&shown).all(|(argument, shown)| argument.to_str() == Some(shown)) {
        return error;
    }
    match Cli::try_parse_from(&shown) {
        Err(harmless) if harmless.use_stderr() => harmless,
        // What only the raw words did wrong is not worth quoting.
        _ => Cli::command().error(error.kind(), "an argument holds a control character: remove it"),
    }
}

/// Where the program keeps what outlives it: XDG's state directory, or what Windows has in its place.
fn state_directory() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("XDG_STATE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| folder("HOME").map(|home| home.join(".local").join("state")))
        .or_else(|| folder("LOCALAPPDATA"))
        .map(|state| state.join("mailprobe"))
}
