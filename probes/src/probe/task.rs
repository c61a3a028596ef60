//! What a probe is asked to do, and what it is lent to do it with.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Gate, Repertoire};
use crate::dialect::{Limits, NOBODY};
use crate::model::{Endpoint, Login, Method, Phase};
use crate::sasl::Registry;
use crate::scheme::Schemes;
use crate::wire::{CancellationToken, Dial, Resolver, Tls};

/// What to find out at one endpoint.
#[derive(Debug, Clone)]
pub struct Task {
    /// Where.
    pub endpoint: Endpoint,
    /// The address to visit, where the caller has resolved the name; else the first that resolves.
    pub address: Option<IpAddr>,
    /// The mailbox that is checked.
    pub mailbox: String,
    /// Who logs in.
    pub login: Arc<Login>,
    /// What is tried, and how far to go.
    pub options: Options,
    /// How many connections may be open at a time.
    pub slots: Slots,
}

impl Task {
    /// Where the secrets of this task go: the endpoint, and which of its addresses where the caller has chosen one. Behind one
    /// name may stand a server that is being moved away from.
    pub(super) fn destination(&self) -> String {
        let url = self.endpoint.url();
        self.address.map_or_else(|| url.clone(), |address| format!("{url} at {address}"))
    }
}

/// How a visit behaves; the same for every endpoint of a mailbox.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Options {
    /// Only these methods; all suitable ones where empty.
    pub methods: Vec<Method>,
    /// Try the password and token mechanisms that are worth a refusal although they are not offered.
    pub unadvertised: bool,
    /// The last phase to go through. `Capability` reads advertisements and sends no secret.
    pub stop_after: Phase,
    /// What the client calls itself in EHLO.
    pub ehlo_name: String,
    /// The recipient of a real message after every accepted SMTP login; nothing is sent where there is none.
    pub send_to: Option<String>,
    /// What HTTP services are asked.
    pub http: HttpOptions,
    /// Send secrets over connections without TLS.
    pub allow_plaintext: bool,
    /// Send secrets over connections whose certificate is not trusted.
    pub insecure: bool,
    /// Ask besides, on four connections more, which versions of TLS the server takes.
    pub tls_versions: bool,
    /// How long one reply may take.
    pub reply_timeout: Duration,
    /// How long name resolution, TCP and the TLS handshake may take, each.
    pub connect_timeout: Duration,
    /// How long the whole visit may take.
    pub visit_timeout: Duration,
    /// Bounds on what the server sends.
    pub limits: Limits,
}

/// How visits to HTTP services behave.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// What the client calls itself: allow lists look at it.
    pub user_agent: String,
    /// Log in as the account and act as the mailbox (EWS impersonation).
    pub impersonate: bool,
    /// Open the mailbox by `FolderSync` after an accepted `ActiveSync` login. It enters a device into its list.
    pub activesync_post: bool,
    /// Acknowledge the device policy where the server insists on one.
    pub activesync_provision: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            user_agent: concat!("mailprobe/", env!("CARGO_PKG_VERSION")).to_owned(),
            impersonate: false,
            activesync_post: false,
            activesync_provision: false,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            methods: Vec::new(),
            unadvertised: true,
            stop_after: Phase::Logout,
            ehlo_name: NOBODY.to_owned(),
            send_to: None,
            http: HttpOptions::default(),
            allow_plaintext: false,
            insecure: false,
            tls_versions: false,
            reply_timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(15),
            visit_timeout: Duration::from_secs(180),
            limits: Limits::DEFAULT,
        }
    }
}

/// What every visit of a run shares.
#[derive(Clone)]
pub struct Tools {
    /// Names to addresses.
    pub resolver: Arc<Resolver>,
    /// Addresses to streams.
    pub dialer: Arc<dyn Dial>,
    /// Streams to TLS.
    pub tls: Tls,
    /// The mechanisms.
    pub mechanisms: Registry,
    /// The HTTP schemes.
    pub schemes: Schemes,
    /// The attempt gate.
    pub gate: Arc<dyn Gate>,
    /// Ends the run.
    pub cancel: CancellationToken,
}

impl Tools {
    /// What can be tried with them.
    pub const fn repertoire(&self) -> Repertoire<'_> {
        Repertoire { mechanisms: &self.mechanisms, schemes: &self.schemes }
    }
}

/// Bounds on open connections: of one mailbox, of one host, of the run. Always taken in this order, so
/// that no two connections wait for each other.
#[derive(Debug, Clone, Default)]
pub struct Slots(pub Vec<Arc<Semaphore>>);

impl Slots {
    pub(super) async fn take(&self) -> Vec<OwnedSemaphorePermit> {
        let mut permits = Vec::with_capacity(self.0.len());
        for semaphore in &self.0 {
            // Nobody closes these semaphores; were one closed, it bounds nothing any more.
            permits.extend(Arc::clone(semaphore).acquire_owned().await.ok());
        }
        permits
    }
}
