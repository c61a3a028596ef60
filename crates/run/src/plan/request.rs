//! What is asked for, as plain data: the command line, a configuration and the demonstration each make one, and
//! [`Plan::resolve`](super::Plan::resolve) decides what it means. What nobody asks for stands here, in `Default`, and nowhere
//! else; what a visit does by itself is the probes' to say.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use mailprobe_probes::model::{Endpoint, Phase, Proxy};
use mailprobe_probes::probe::{HttpOptions, Options};
use mailprobe_probes::wire::{Family, Override};
use rustls::pki_types::CertificateDer;

use super::Limits;
use mailprobe_judge::Rule;
use mailprobe_oauth::Source;
use mailprobe_oauth::profile::Profile;

/// Times a password may be presented that may count as wrong, for an account of which nothing more is known.
const BUDGET: u32 = 1;

/// A run as somebody wants it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Where to go.
    pub targets: Targets,
    /// Who logs in.
    pub login: Credentials,
    /// What is tried, and how far a visit goes.
    pub methods: Methods,
    /// What SMTP visits do besides logging in.
    pub sending: Sending,
    /// What HTTP services are asked.
    pub http: HttpOptions,
    /// How connections are made.
    pub network: Connections,
    /// How long things may take, and how many go on at once.
    pub pace: Pace,
    /// What must hold.
    pub judgement: Judgement,
}

/// Where to go.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// Mailboxes, each on every endpoint.
    pub mailboxes: Vec<String>,
    /// Endpoints of every mailbox that has none of its own.
    pub endpoints: Vec<Endpoint>,
    /// A provider whose endpoints are taken, too.
    pub provider: Option<String>,
    /// Endpoints that were found for a mailbox.
    pub discovered: BTreeMap<String, Vec<Endpoint>>,
    /// A list of targets; `-` is standard input.
    pub list: Option<PathBuf>,
    /// How it is written, where that is not to be guessed.
    pub format: Option<ListFormat>,
}

/// How a list of targets is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// Comma-separated values with a header line.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Who logs in, and where the secrets are.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Authentication identity where it is not the mailbox; `{mailbox}` and `{local}` are filled in.
    pub name: Option<String>,
    /// Authorization identity.
    pub authzid: Option<String>,
    /// Where the password comes from.
    pub password: Option<Source>,
    /// Where the token comes from.
    pub token: Option<Source>,
    /// A file with credential profiles.
    pub config: Option<PathBuf>,
    /// The profile in it that gets the tokens.
    pub oauth: Option<String>,
    /// A profile that is at hand, where no name is given.
    pub profile: Option<Arc<Profile>>,
    /// Whether a browser is opened for a sign-in.
    pub browser: bool,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            name: None,
            authzid: None,
            password: None,
            token: None,
            config: None,
            oauth: None,
            profile: None,
            browser: true,
        }
    }
}

/// What is tried, and how far a visit goes.
#[derive(Debug, Clone)]
pub struct Methods {
    /// The names of the only methods that are tried; all where `None`.
    pub only: Option<Vec<String>>,
    /// Whether methods are tried that the server does not advertise.
    pub unadvertised: bool,
    /// Whether nothing is presented.
    pub advertised_only: bool,
    /// The last phase of every visit.
    pub stop_after: Option<Phase>,
    /// Times a password may be presented that may count as wrong, for each account.
    pub budget: Option<u32>,
}

impl Default for Methods {
    fn default() -> Self {
        Self {
            only: None,
            unadvertised: Options::default().unadvertised,
            advertised_only: false,
            stop_after: None,
            budget: None,
        }
    }
}

impl Methods {
    /// The budget of an account of which nothing more is known.
    pub fn attempt_budget(&self) -> u32 {
        self.budget.unwrap_or(BUDGET)
    }
}

/// What SMTP visits do besides logging in.
#[derive(Debug, Clone)]
pub struct Sending {
    /// Whom a message goes to after every accepted login.
    pub to: Option<String>,
    /// The name that goes with EHLO.
    pub ehlo_name: String,
}

impl Default for Sending {
    fn default() -> Self {
        Self { to: None, ehlo_name: Options::default().ehlo_name }
    }
}

/// How connections are made.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    /// How hosts are found and reached.
    pub reach: Reach,
    /// Whether secrets are presented although the certificate is not trusted.
    pub insecure: bool,
    /// Whether secrets are presented without TLS.
    pub allow_plaintext: bool,
    /// Whether servers are asked for the versions of TLS that they take.
    pub tls_versions: bool,
}

/// How hosts are found and reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Trust anchors in place of the system's.
    pub anchors: Option<Anchors>,
    /// Addresses that stand before what the resolver says.
    pub overrides: Vec<Override>,
    /// The name server to ask in place of the system's.
    pub dns_server: Option<SocketAddr>,
    /// The local address.
    pub source_address: Option<IpAddr>,
    /// Which addresses are used.
    pub family: Family,
    /// Whether every address of a host is visited.
    pub all_addresses: bool,
    /// What connections go through.
    pub proxy: Option<Proxy>,
    /// Where its password comes from.
    pub proxy_password: Option<Source>,
}

/// Trust anchors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchors {
    /// The certificates of a PEM file.
    File(PathBuf),
    /// These.
    Given(Vec<CertificateDer<'static>>),
}

/// How long things may take, and how many go on at once.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Longest wait for one reply, and for everything at one endpoint where `visit` says nothing.
    pub reply: Option<Duration>,
    /// Longest wait for TCP, and for the TLS handshake.
    pub connect: Duration,
    /// Longest time for one endpoint with all its methods.
    pub visit: Option<Duration>,
    /// Connections open at once.
    pub limits: Limits,
}

impl Default for Pace {
    fn default() -> Self {
        let connect = Options::default().connect_timeout;
        Self { reply: None, connect, visit: None, limits: Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { run: 64, per_host: 16, per_mailbox: 8 }
    }
}

impl Pace {
    /// How long one reply may take.
    pub fn reply(&self) -> Duration {
        self.reply.unwrap_or(Options::default().reply_timeout)
    }

    /// How long name resolution, TCP and TLS may take, each; never longer than the whole visit.
    pub fn connect(&self) -> Duration {
        self.connect.min(self.visit())
    }

    /// How long one endpoint may take. Who gives one time means it for everything.
    pub fn visit(&self) -> Duration {
        self.visit.or(self.reply).unwrap_or(Options::default().visit_timeout)
    }
}

/// What must hold.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// Rules; the implicit expectation judges where there are none.
    pub expect: Vec<Rule>,
    /// Policies: names of shipped ones, or files.
    pub policies: Vec<String>,
    /// The day for which policies are asked; today where `None`.
    pub at: Option<Date>,
}

impl Request {
    /// What every visit does that tries these methods up to this phase.
    pub(super) fn options(&self, last: Phase) -> Options {
        Options {
            methods: Vec::new(),
            unadvertised: self.methods.unadvertised,
            stop_after: last,
            ehlo_name: self.sending.ehlo_name.clone(),
            send_to: self.sending.to.clone(),
            http: self.http.clone(),
            allow_plaintext: self.network.allow_plaintext,
            insecure: self.network.insecure,
            tls_versions: self.network.tls_versions,
            reply_timeout: self.pace.reply(),
            connect_timeout: self.pace.connect(),
            visit_timeout: self.pace.visit(),
            ..Options::default()
        }
    }
}
