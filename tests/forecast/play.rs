//! One case: a command line, its forecast, and its run against servers that write down what they are shown.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::sync::{Arc, Mutex};

use clap::Parser as _;
use mailprobe::args::{Cli, Command};
use mailprobe_probes::wire::{BoxFuture, CancellationToken, Dial, Io, Place as Address, Tls};
use mailprobe_run::plan::{Plan, PlanErrors, Request, World, presentations};
use mailprobe_run::{self as run, AttemptGate, Progress, with_abilities};
use serde_json::Value;

use crate::servers::{self, Place, Recorder, Shown};
use crate::support::{PASSWORD, Server, TOKEN, root};

/// What is typed, and what is there.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) places: Vec<Place>,
    pub(crate) flags: Vec<String>,
    pub(crate) mailboxes: usize,
    /// Whether a list gives each mailbox endpoints of its own.
    pub(crate) listed: bool,
}

/// What was said beforehand, and what was done.
pub(crate) struct Played {
    pub(crate) forecast: Value,
    pub(crate) shown: Vec<Shown>,
}

/// The port that tells the places apart.
pub(crate) fn port_of(url: &str) -> u16 {
    let authority = url.split("://").nth(1).unwrap().split('/').next().unwrap();
    authority.rsplit(':').next().unwrap().parse().unwrap()
}

/// Servers by their port.
struct Switch(HashMap<u16, Arc<Server>>);

impl Dial for Switch {
    fn dial<'a>(&'a self, place: &'a Address) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        match self.0.get(&place.port) {
            Some(server) => server.dial(place),
            None => Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) }),
        }
    }

    fn resolves(&self) -> bool {
        true
    }
}

/// The arguments of a case, and what stands on standard input.
fn typed(case: &Case) -> (Vec<String>, String) {
    let urls: Vec<String> = (20_001..).zip(&case.places).map(|(port, place)| place.url(port)).collect();
    let mailboxes: Vec<String> =
        (0..case.mailboxes).map(|number| format!("box{number}@example.com")).collect();
    let mut arguments = vec!["mailprobe".to_owned(), "check".to_owned(), "-q".to_owned()];
    let mut list = String::new();
    if case.listed {
        // All places of one mailbox stand in one row; each further place is another mailbox's.
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for (number, url) in urls.iter().enumerate() {
            let mailbox = &mailboxes[number.min(mailboxes.len() - 1)];
            match rows.iter_mut().find(|(known, _)| known == mailbox) {
                Some((_, urls)) => urls.push(url.clone()),
                None => rows.push((mailbox.clone(), vec![url.clone()])),
            }
        }
        let rows = rows.into_iter().map(|(mailbox, urls)| format!("{mailbox},{}\n", urls.join(" ")));
        list = ["mailbox,endpoint\n".to_owned()].into_iter().chain(rows).collect();
        arguments.extend(["--targets=-".to_owned(), "--targets-format=csv".to_owned()]);
    } else {
        arguments.extend(mailboxes);
        arguments.extend(urls.iter().map(|url| format!("--endpoint={url}")));
    }
    arguments.extend(case.flags.iter().cloned());
    (arguments, list)
}

fn resolve(case: &Case) -> Result<(Plan, Value), PlanErrors> {
    let (arguments, list) = typed(case);
    let cli = Cli::try_parse_from(&arguments).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    let Command::Check(args) = cli.command else { panic!("not check") };
    let env = |name: &str| -> Option<OsString> {
        match name {
            "PW" => Some(PASSWORD.into()),
            "TOKEN" => Some(TOKEN.into()),
            _ => None,
        }
    };
    let mut stdin = io::Cursor::new(list);
    let prompt = |_: &str| -> io::Result<String> { Err(io::ErrorKind::NotConnected.into()) };
    let mut world = World { env: &env, stdin: &mut stdin, prompt: &prompt };
    with_abilities(|abilities| {
        let plan = Plan::resolve(&Request::try_from(&*args)?, &mut world, abilities)?;
        let forecast = serde_json::from_str(&presentations::json(&plan, abilities)?).unwrap();
        Ok((plan, forecast))
    })
}

/// Forecasts a case and carries it out. What the plan refuses to do is no case.
pub(crate) fn play(case: &Case) -> Result<Played, PlanErrors> {
    let (plan, forecast) = resolve(case)?;
    let recorder: Recorder = Arc::default();
    // A clock that jumps when nothing is left to do: no case waits, and every one ends.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let ports = (20_001..).zip(case.places.clone());
        let servers = ports.map(|(port, place)| (port, servers::serve(port, place, Arc::clone(&recorder))));
        let gate = Arc::new(AttemptGate::new(plan.budget));
        let mut tools = run::tools_with(&plan, gate, CancellationToken::new()).unwrap();
        tools.dialer = Arc::new(Switch(servers.collect()));
        tools.tls = Tls::new(Some(&[root()])).unwrap();
        run::run(&plan, &tools, &Progress::new(0, false), |_, _| {}).await.unwrap();
    });
    let shown = std::mem::take(&mut *Mutex::lock(&recorder).unwrap());
    Ok(Played { forecast, shown })
}
