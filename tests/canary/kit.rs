//! A canary in this process, and tenants that it watches. Tests wait for what the canary tells, never for time to pass.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailprobe_canary::cell::CellKey;
use mailprobe_canary::config::Config;
use mailprobe_canary::history::History;
use mailprobe_canary::source::{Change, News, Source as _};
use mailprobe_canary::watch::{Live, Watch, Ways};
use mailprobe_probes::model::{Kind, Method};
use mailprobe_probes::probe::{self, Repertoire};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_rehearse::House;
use mailprobe_rehearse::scenario;
use mailprobe_rehearse::serve::{Certificate, DOORS, Identity, Serving, Settings};
use mailprobe_run::plan::{Abilities, KnownMethod};
use tokio::net::TcpSocket;
use tokio::sync::{broadcast, oneshot};
use tokio::task::JoinHandle;

/// Nothing that is waited for takes so long, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

/// No change that is waited for takes so many visits.
const MOST: usize = 100;

pub(crate) fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

pub(crate) fn config(folder: &Path, text: &str) -> Result<Config, String> {
    let registry = Registry::standard();
    let sasl = registry.iter().map(|it| KnownMethod { method: Method::sasl(it.name()), kind: it.kind() });
    let own = probe::login_methods().map(|method| KnownMethod { method, kind: Kind::Password });
    let schemes = Schemes::standard();
    let http = schemes.iter().map(|it| KnownMethod { method: Method::http(it.name()), kind: it.kind() });
    let methods: Vec<KnownMethod> = sasl.chain(own).chain(http).collect();
    let protocols: Vec<_> = probe::protocols().collect();
    let repertoire = Repertoire { mechanisms: &registry, schemes: &schemes };
    let abilities = Abilities { methods: &methods, protocols: &protocols, repertoire };
    Config::read("canary.toml", folder, text, &abilities).map_err(|error| error.to_string())
}

/// A file that only its owner can read.
pub(crate) fn secret(folder: &Path, name: &str, content: &str) {
    std::fs::write(folder.join(name), content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

pub(crate) struct Canary {
    watch: Watch,
    pub(crate) live: Arc<Live>,
    pub(crate) history: History,
    news: broadcast::Receiver<News>,
}

impl Canary {
    /// Begins to watch; its history is in the folder.
    pub(crate) async fn begin(folder: &Path, text: &str) -> Self {
        Self::with_clock(folder, text, Arc::new(now)).await
    }

    pub(crate) async fn with_clock(folder: &Path, text: &str, clock: mailprobe_canary::watch::Clock) -> Self {
        let config = config(folder, text).unwrap();
        let history = History::open(&config.history.url().unwrap()).await.unwrap();
        let reach = mailprobe_run::reach(&config.network).unwrap();
        let watch = Watch::begin(config, Ways { reach, tokens: None }, history.clone(), clock).await.unwrap();
        let live = watch.live();
        let news = live.news();
        Self { watch, live, history, news }
    }

    pub(crate) async fn reload(&self, folder: &Path, text: &str) {
        let config = config(folder, text).unwrap();
        let reach = mailprobe_run::reach(&config.network).unwrap();
        self.watch.reload(config, Ways { reach, tokens: None }).await;
    }

    async fn next(&mut self) -> News {
        let heard = tokio::time::timeout(PATIENCE, self.news.recv()).await;
        heard.expect("the canary says nothing any more").unwrap()
    }

    /// The next so many changes, sorted.
    pub(crate) async fn changes(&mut self, number: usize) -> Vec<String> {
        let (mut told, mut visits) = (Vec::new(), 0);
        while told.len() < number {
            match self.next().await {
                News::Change(change) => told.push(said(&change)),
                News::Target(_) => visits += 1,
                News::Fleet => {}
            }
            assert!(visits < MOST, "{visits} visits, and of {number} changes nothing but {told:?}");
        }
        told.sort();
        told
    }

    /// What changes while so many visits are made.
    pub(crate) async fn visits(&mut self, number: usize) -> Vec<String> {
        let (mut made, mut told) = (0, Vec::new());
        while made < number {
            match self.next().await {
                News::Target(_) => made += 1,
                News::Change(change) => told.push(said(&change)),
                News::Fleet => {}
            }
        }
        told
    }

    pub(crate) async fn end(self) {
        tokio::time::timeout(PATIENCE, self.watch.end()).await.unwrap();
        self.history.close().await;
    }
}

/// `imaps PLAIN usable>refused`.
pub(crate) fn said(change: &Change) -> String {
    let CellKey { endpoint, method, .. } = &change.key;
    let scheme = endpoint.split(':').next().unwrap();
    let before = change.before.as_ref().map_or("", |cell| cell.state.name());
    format!("{scheme} {method} {before}>{}", change.after.state)
}

/// A tenant of `rehearse` that can become another on the same ports.
pub(crate) struct Tenant {
    ports: Vec<u16>,
    identity: Identity,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    /// Its ports while it is down: bound, so that nobody else gets them, and refused, because nobody listens.
    closed: Vec<TcpSocket>,
}

/// A port at which nobody listens for as long as this is held.
pub(crate) fn closed(port: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, port).into()).unwrap();
    socket
}

impl Tenant {
    pub(crate) async fn open(scenario: &str, folder: &Path) -> Self {
        // Held all at once, so that no two doors get the same.
        let held: Vec<TcpListener> =
            DOORS.iter().map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()).collect();
        let ports = held.iter().map(|socket| socket.local_addr().unwrap()).map(|at: SocketAddr| at.port());
        let ports = ports.collect();
        drop(held);
        let floor = scenario::load(scenario).unwrap().tls.minimum;
        let identity = Identity::new(&Certificate::Own(None), &["localhost".to_owned()], floor).unwrap();
        std::fs::write(folder.join("ca.pem"), identity.authority.as_deref().unwrap()).unwrap();
        let mut tenant = Self { ports, identity, running: None, closed: Vec::new() };
        tenant.play(scenario).await;
        tenant
    }

    /// Ends the tenant that is played, and plays another.
    pub(crate) async fn play(&mut self, scenario: &str) {
        self.end().await;
        let house = House::new(scenario::load(scenario).unwrap(), || {
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
        });
        let settings = Settings {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            ports: self.ports.clone(),
            host: "localhost".to_owned(),
            most: 500,
            most_of_one: 500,
        };
        self.closed.clear();
        let serving =
            Serving::open(Arc::new(house.unwrap()), &self.identity, &settings, Box::new(|_| ())).await;
        let serving = serving.unwrap_or_else(|error| panic!("{error}"));
        let (stop, stopped) = oneshot::channel::<()>();
        let playing = tokio::spawn(async move {
            let until = async {
                stopped.await.ok();
            };
            serving.until(until, None).await;
        });
        self.running = Some((stop, playing));
    }

    pub(crate) async fn end(&mut self) {
        if let Some((stop, playing)) = self.running.take() {
            stop.send(()).ok();
            playing.await.unwrap();
            self.closed = self.ports.iter().map(|port| closed(*port)).collect();
        }
    }

    pub(crate) fn endpoint(&self, scheme: &str) -> String {
        let at = DOORS.iter().position(|door| door.scheme == scheme).unwrap();
        format!("{scheme}://localhost:{}", self.ports[at])
    }

    /// A configuration that watches alice on all three protocols, often.
    pub(crate) fn watched(&self, folder: &Path, more: &str) -> String {
        secret(folder, "password", "correct horse");
        secret(folder, "token", "rehearsal-token-of-alice");
        let endpoints = ["imaps", "pop3s", "smtps"].map(|scheme| format!("\"{}\"", self.endpoint(scheme)));
        format!(
            "interval = \"400ms\"\n[limits]\nrecheck = \"100ms\"\n[network]\nca_file = \"ca.pem\"\nfamily = \"ipv4\"\n\
             [[target]]\nname = \"alice\"\nmailbox = \"alice@rehearsal.test\"\nendpoints = [{}]\n\
             password_file = \"password\"\ntoken_file = \"token\"\n{more}\n",
            endpoints.join(", ")
        )
    }
}
