//! `mailprobe canary`: from the configuration to a daemon, its signals, and its end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailprobe_probes::wire::CancellationToken;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{say, systemd, unattended, warn};
use crate::args::{CanaryArgs, CanaryCommand};
use crate::mistake::UserError;
use mailprobe_canary::alert::Deliverer;
use mailprobe_canary::config::{Config, Http};
use mailprobe_canary::history::{Claim, History};
use mailprobe_canary::http::{self, Access, Limits, Settings};
use mailprobe_canary::source::Source;
use mailprobe_canary::view::Micros;
use mailprobe_canary::watch::{Live, Watch, Ways};
use mailprobe_probes::wire::Reach;
use mailprobe_run::{self as run, with_abilities};

/// How often the file is looked at for a change.
const LOOK: Duration = Duration::from_secs(1);
/// An engine that has not gone round for so long is not alive.
const STUCK: Micros = 60 * 1_000_000;
/// How long delivery may go on after the end was asked for.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Runs it, or checks its configuration.
pub(super) fn canary(args: &CanaryArgs) -> Result<u8, UserError> {
    match (&args.command, &args.config) {
        (Some(CanaryCommand::Check { config }), _) => check(config),
        (None, Some(config)) => run(config),
        (None, None) => Err(UserError::new("--config FILE is missing")),
    }
}

fn load(path: &Path) -> Result<Config, UserError> {
    Ok(with_abilities(|abilities| Config::load(path, abilities))?)
}

fn check(path: &Path) -> Result<u8, UserError> {
    let config = load(path)?;
    say(format!("{} is in order: {}\n", path.display(), summary(&config)).as_bytes())
}

/// What a configuration comes to, in one line.
fn summary(config: &Config) -> String {
    let number = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let mut names: Vec<&str> = config.watched.iter().map(|watched| watched.target.name.as_str()).collect();
    names.dedup();
    let per_hour: f64 = config.watched.iter().map(|watched| 3600.0 / watched.interval.as_secs_f64()).sum();
    format!(
        "{}, {} an hour, {}",
        number(names.len(), "target"),
        match per_hour {
            one if one < 1.5 => "one visit".to_owned(),
            many => format!("{many:.0} visits"),
        },
        number(config.sinks.len(), "sink")
    )
}

fn now() -> Micros {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX)
}

fn run(path: &Path) -> Result<u8, UserError> {
    let config = load(path)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the canary cannot be started: {error}")))?;
    let outcome = runtime.block_on(async {
        let daemon = Daemon::begin(path, config).await?;
        daemon.live().await
    });
    // Secrets may still be read on a thread that waits for a command: nobody waits for that.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome.map(|()| 0)
}

/// The parts of a running canary.
struct Daemon {
    path: PathBuf,
    history: History,
    /// No other canary writes it.
    _claim: Claim,
    history_url: String,
    http: Option<Http>,
    watch: Watch,
    live: Arc<Live>,
    delivery: Delivery,
    stop: CancellationToken,
    pages: Option<JoinHandle<()>>,
    signals: Signals,
}

/// Who delivers notices now.
struct Delivery {
    task: JoinHandle<()>,
    cancel: CancellationToken,
}

impl Daemon {
    async fn begin(path: &Path, config: Config) -> Result<Self, UserError> {
        let broken = |error: &dyn std::fmt::Display| UserError::new(error.to_string());
        // First of all: who is told that it is ready may send a signal at once.
        let signals = Signals::new()?;
        let history_url = config.history.url()?;
        let history = History::open(&history_url).await.map_err(|error| broken(&error))?;
        let claim = history.claim().await.map_err(|error| broken(&error))?;
        if let Some(words) = history.make_private() {
            warn(&words);
        }
        let reach = run::reach(&config.network)?;
        let http = config.http.clone();
        let (summary, stop) = (summary(&config), CancellationToken::new());
        let sinks = config.clone();
        let listener =
            match &http {
                Some(http) => Some(TcpListener::bind(http.listen).await.map_err(|error| {
                    UserError::new(format!("[http] listen = \"{}\": {error}", http.listen))
                })?),
                None => None,
            };
        let ways = ways(&config, reach.clone())?;
        let watch = Watch::begin(config, ways, history.clone(), Arc::new(now));
        let watch = watch.await.map_err(|error| broken(&error))?;
        let live = watch.live();
        let delivery = deliver(&sinks, &reach, &history, &live)?;
        let mut place = String::new();
        let pages = match (&http, listener) {
            (Some(http), Some(listener)) => {
                // Port 0 is any that is free.
                let address = listener.local_addr().unwrap_or(http.listen);
                place =
                    format!(", pages on {}://{address}/", if http.tls.is_some() { "https" } else { "http" });
                Some(tokio::spawn(serve(http, listener, Arc::clone(&live), stop.clone())?))
            }
            _ => None,
        };
        warn(&format!("the canary watches {summary}{place}"));
        systemd::ready(&summary);
        let path = path.to_path_buf();
        Ok(Self {
            path,
            history,
            _claim: claim,
            history_url,
            http,
            watch,
            live,
            delivery,
            stop,
            pages,
            signals,
        })
    }

    /// Runs until it is told to stop.
    async fn live(mut self) -> Result<(), UserError> {
        let mut looking = tokio::time::interval(LOOK);
        looking.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut seen = stamp(&self.path);
        let watchdog = systemd::watchdog();
        let mut alive = tokio::time::interval(watchdog.unwrap_or(Duration::from_secs(3600)));
        loop {
            tokio::select! {
                call = self.signals.next() => match call {
                    Call::End => break,
                    Call::Reload => {
                        seen = stamp(&self.path);
                        self.reload().await;
                    }
                },
                _ = looking.tick() => {
                    let found = stamp(&self.path);
                    // A file that is gone for a moment is being replaced.
                    if found.is_some() && found != seen {
                        seen = found;
                        self.reload().await;
                    }
                }
                _ = alive.tick() => if watchdog.is_some() && self.live.idle() < STUCK {
                    systemd::alive();
                },
            }
        }
        systemd::stopping();
        warn("stopping: visits in progress finish, and everything is written down");
        self.stop.cancel();
        self.watch.end().await;
        self.delivery.cancel.cancel();
        // What is not delivered now is delivered after the next start.
        let _ = tokio::time::timeout(LAST_WORDS, self.delivery.task).await;
        if let Some(pages) = self.pages {
            let _ = pages.await;
        }
        self.history.close().await;
        Ok(())
    }

    async fn reload(&mut self) {
        systemd::reloading();
        let outcome = self.try_reload().await;
        match &outcome {
            Ok(summary) => warn(&format!("the configuration was read again: {summary}")),
            Err(error) => {
                warn(&format!("the configuration was refused, the one before stays in force: {error}"));
            }
        }
        systemd::ready(outcome.as_ref().map_or("the configuration was refused", String::as_str));
        self.live.reloaded(outcome.map(drop).map_err(|error| error.to_string()));
    }

    async fn try_reload(&mut self) -> Result<String, UserError> {
        let path = self.path.clone();
        // Files are read and keys are parsed: not on a thread that serves others.
        let read = tokio::task::spawn_blocking(move || {
            let config = load(&path)?;
            let url = config.history.url()?;
            Ok::<_, UserError>((run::reach(&config.network)?, config, url))
        });
        let (reach, config, url) =
            read.await.map_err(|_| UserError::new("reading it failed; please report this"))??;
        if url != self.history_url {
            return Err(UserError::new(
                "another history cannot be taken while it runs: start it again for that",
            ));
        }
        if config.http != self.http {
            warn("note: changes of [http] take effect when it is started again");
        }
        let delivery = deliver(&config, &reach, &self.history, &self.live)?;
        let before = std::mem::replace(&mut self.delivery, delivery);
        before.cancel.cancel();
        let summary = summary(&config);
        let ways = ways(&config, reach)?;
        self.watch.reload(config, ways).await;
        Ok(summary)
    }
}

/// How visits come to servers, and to tokens where a target has a profile.
fn ways(config: &Config, reach: Reach) -> Result<Ways, UserError> {
    let wanted = config.watched.iter().any(|watched| watched.standing.visit.gets_tokens());
    let tokens = if wanted { Some(Arc::new(unattended::unattended(&config.network)?)) } else { None };
    Ok(Ways { reach, tokens })
}

/// Begins to deliver to the sinks of a configuration.
fn deliver(
    config: &Config,
    reach: &Reach,
    history: &History,
    live: &Arc<Live>,
) -> Result<Delivery, UserError> {
    let open = |sink: &mailprobe_canary::config::SinkPlan| {
        Ok((sink.name.clone(), sink.open(reach, config.pace.timeout)?))
    };
    let sinks = config.sinks.iter().map(open).collect::<Result<Vec<_>, UserError>>()?;
    let counted = Arc::clone(live);
    let watching = Arc::clone(live);
    let outbox = history.outbox(move || counted.number(), move |subject| watching.watches(subject));
    let deliverer = Deliverer::new(Arc::new(outbox), config.pace.clone(), now);
    live.delivered_by(deliverer.clone());
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let task = tokio::spawn(async move { deliverer.run(sinks, stop).await });
    Ok(Delivery { task, cancel })
}

/// The pages, ready to be served.
fn serve(
    http: &Http,
    listener: TcpListener,
    live: Arc<Live>,
    stop: CancellationToken,
) -> Result<impl Future<Output = ()> + Send + use<>, UserError> {
    let access = Access::read(http.basic.as_deref(), http.bearer.as_deref()).map_err(UserError::new)?;
    let tls =
        http.tls.as_ref().map(|(cert, key)| http::tls(cert, key)).transpose().map_err(UserError::new)?;
    let settings = Settings {
        access,
        external_url: http.external_url.clone(),
        timeout_offset: Duration::from_millis(500),
        probe_timeout: Duration::from_secs(30),
    };
    let router = http::router(live as Arc<dyn Source>, settings);
    Ok(async move {
        let end = stop.clone();
        http::serve(listener, router, tls, Limits::default(), async move { end.cancelled().await }).await;
    })
}

/// When a file was written last, and how long it is.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let facts = std::fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

/// What somebody wants of a running canary.
enum Call {
    End,
    Reload,
}

/// The signals that mean something: the end by SIGINT and SIGTERM, reading again by SIGHUP.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Result<Self, UserError> {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = |error: std::io::Error| UserError::new(format!("signals cannot be heard: {error}"));
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
            hang_up: signal(SignalKind::hangup()).map_err(failed)?,
        })
    }

    #[cfg(not(unix))]
    fn new() -> Result<Self, UserError> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Call {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => Call::End,
            _ = self.terminate.recv() => Call::End,
            _ = self.hang_up.recv() => Call::Reload,
        }
    }

    /// Windows has no signal for reading again; the file is looked at anyway.
    #[cfg(not(unix))]
    async fn next(&mut self) -> Call {
        let _ = tokio::signal::ctrl_c().await;
        Call::End
    }
}
