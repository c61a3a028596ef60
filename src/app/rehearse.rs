//! `mailprobe rehearse`: from the arguments to a tenant, and from what came to the device report.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::FutureExt as _;
use mailprobe_probes::model::harmless;

use super::{say, stop, warn, write_to};
use crate::args::rehearse::RehearseArgs;
use crate::mistake::UserError;
use mailprobe_rehearse::House;
use mailprobe_rehearse::record::DeviceReport;
use mailprobe_rehearse::scenario::{self, SHIPPED, Scenario, Shipped};
use mailprobe_rehearse::serve::{Certificate, DOORS, Identity, Say, Serving, Settings};

/// Lines that wait for the terminal.
const MOST_LINES: usize = 10_000;

/// Runs it.
pub(super) fn rehearse(args: &RehearseArgs) -> Result<u8, UserError> {
    if args.list {
        return list();
    }
    if let Some(name) = &args.show {
        return show(name);
    }
    let outputs = outputs(&args.output)?;
    let scenario = scenario::load(&args.scenario).map_err(|error| UserError::new(error.to_string()))?;
    let house = Arc::new(House::new(scenario, now).map_err(|error| UserError::new(error.to_string()))?);
    let identity = identity(args, &house)?;
    if let (Some(file), Some(authority)) = (&args.certificate.ca_out, &identity.authority) {
        write_to(Some(file), authority.as_bytes())?;
    }
    if !args.ports.listen.is_loopback() {
        warn(&format!(
            "warning: others can reach {}: give the rehearsal no password that is used anywhere else",
            args.ports.listen
        ));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the rehearsal cannot be started: {error}")))?;
    let record = runtime.block_on(async {
        let live = live(args.quiet);
        let serving = Serving::open(Arc::clone(&house), &identity, &settings(args), live)
            .await
            .map_err(|error| UserError::new(error.to_string()))?;
        // From its first poll on a signal is ours; whoever reads that the tenant is ready may send one at once.
        let mut interrupt = Box::pin(stop::interrupted());
        let _ = (&mut interrupt).now_or_never();
        warn(&welcome(&serving, house.tenant.scenario(), args));
        let stop = async {
            let time = async {
                match args.end.duration {
                    Some(time) => tokio::time::sleep(time).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = interrupt => {}
                () = time => {}
            }
        };
        let most = args.end.connections.and_then(|most| usize::try_from(most).ok());
        Ok::<_, UserError>(serving.until(stop, most).await)
    })?;
    let report = DeviceReport::new(record, &house, args.certificate.bad_certificate, now());
    for (form, file) in outputs {
        let text = match form {
            Form::Text => report.text(),
            Form::Json => report.json(),
            Form::Html => report.html(),
            Form::Profile => report.profile(),
        };
        write_to(file.as_deref(), text.as_bytes())?;
    }
    Ok(0)
}

/// Lines while it runs, written by a thread of their own: a terminal that stands still must not stop the tenant. Lines
/// that nobody takes in time are left out; the report has everything.
fn live(quiet: bool) -> Say {
    let (lines, taken) = mpsc::sync_channel::<String>(MOST_LINES);
    std::thread::spawn(move || {
        while let Ok(line) = taken.recv() {
            warn(&line);
        }
    });
    Box::new(move |line| {
        if !quiet {
            drop(lines.try_send(line.to_owned()));
        }
    })
}

/// The forms of a device report.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Json,
    Html,
    Profile,
}

fn outputs(typed: &[String]) -> Result<Vec<(Form, Option<PathBuf>)>, UserError> {
    if typed.is_empty() {
        return Ok(vec![(Form::Text, None)]);
    }
    let outputs: Result<Vec<_>, UserError> = typed
        .iter()
        .map(|text| {
            let (name, file) =
                text.split_once('=').map_or((text.as_str(), None), |(name, file)| (name, Some(file)));
            let form = match name {
                "text" => Form::Text,
                "json" => Form::Json,
                "html" => Form::Html,
                "profile" => Form::Profile,
                other => {
                    let other = harmless(other.as_bytes());
                    return Err(UserError::new(format!(
                        "-o unknown format `{other}`: use text, json, html or profile"
                    )));
                }
            };
            Ok((form, file.filter(|file| *file != "-").map(PathBuf::from)))
        })
        .collect();
    let outputs = outputs?;
    if outputs.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        return Err(UserError::new(
            "-o: only one report fits on standard output; give the others a file (-o json=FILE)",
        ));
    }
    Ok(outputs)
}

fn list() -> Result<u8, UserError> {
    let mut text = String::new();
    for shipped in SHIPPED {
        let scenario = scenario::load(shipped.name).map_err(|error| UserError::new(error.to_string()))?;
        let _ = writeln!(text, "{:<32} {}", shipped.name, scenario.title);
    }
    say(text.as_bytes())
}

fn show(name: &str) -> Result<u8, UserError> {
    match Shipped::named(name) {
        Some(shipped) => say(shipped.text.as_bytes()),
        None => Err(UserError::new(format!(
            "no scenario `{}`: use one of {}",
            harmless(name.as_bytes()),
            Shipped::names()
        ))),
    }
}

fn identity(args: &RehearseArgs, house: &House) -> Result<Identity, UserError> {
    let certificate = match (&args.certificate.cert, &args.certificate.key) {
        (Some(chain), Some(key)) => Certificate::Files { chain: chain.clone(), key: key.clone() },
        _ if args.certificate.bad_certificate => Certificate::Untrusted,
        _ => {
            let state = super::state_directory();
            if state.is_none() {
                warn(
                    "note: no state directory (XDG_STATE_HOME, HOME): the authority lasts as long as this rehearsal",
                );
            }
            Certificate::Own(state)
        }
    };
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !args.ports.listen.is_unspecified() && !names.contains(&args.ports.listen.to_string()) {
        names.push(args.ports.listen.to_string());
    }
    names.extend(args.certificate.name.iter().cloned());
    Identity::new(&certificate, &names, house.tenant.scenario().tls.minimum)
        .map_err(|error| UserError::new(error.to_string()))
}

fn settings(args: &RehearseArgs) -> Settings {
    let ports = &args.ports;
    let chosen = [ports.imap, ports.imaps, ports.pop3, ports.pop3s, ports.smtp, ports.smtps, ports.https];
    Settings {
        listen: ports.listen,
        ports: DOORS
            .iter()
            .zip(chosen)
            .map(|(door, port)| port.unwrap_or(ports.port_base.saturating_add(door.well_known)))
            .collect(),
        host: host(args),
        most: usize::try_from(ports.max_connections).unwrap_or(usize::MAX),
        most_of_one: usize::try_from(ports.max_per_address).unwrap_or(usize::MAX),
    }
}

/// What the tenant calls itself: a name of its certificate, the address that others reach it by, or this machine.
fn host(args: &RehearseArgs) -> String {
    let listen = args.ports.listen;
    match args.certificate.name.first() {
        Some(name) => name.clone(),
        None if listen.is_unspecified() || listen.is_loopback() => "localhost".to_owned(),
        None if listen.is_ipv6() => format!("[{listen}]"),
        None => listen.to_string(),
    }
}

/// What a person needs to point a device at it.
fn welcome(serving: &Serving, scenario: &Scenario, args: &RehearseArgs) -> String {
    let mut text = format!("rehearsing {}: {}", scenario.name, scenario.title);
    for (door, address) in serving.doors() {
        let _ = write!(text, "\n  {:<6} {address}", door.scheme);
    }
    text.push_str("\n  mailboxes:");
    for mailbox in &scenario.mailbox {
        let _ = write!(text, " {}", harmless(mailbox.address.as_bytes()));
    }
    if args.certificate.bad_certificate {
        text.push_str("\n  the certificate is one that nobody trusts");
    }
    text.push_str("\n  messages are thrown away; Ctrl-C ends it");
    text
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
