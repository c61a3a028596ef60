//! One request without credentials, and where it is sent on to.

use std::time::Instant;

use mailprobe_probes::model::{Failure, HttpRequest, HttpResponse, Phase, Trouble, harmless};
use mailprobe_probes::service::autodiscover::{Pointer, Trail};
use mailprobe_probes::service::challenge;
use mailprobe_probes::wire::{HttpConnection, Io, Log, Patience, Place, Redactor, Tap, from_io};
use url::{Host, Url};

use super::Means;
use super::found::{Asked, Outcome};

/// Octets of an answer that are read.
const MOST: usize = 64 * 1024;
/// Characters of a URL of somebody else's that are shown.
const LONGEST: usize = 300;

/// What requests are sent with.
pub(super) struct Asker<'a> {
    pub(super) means: &'a Means,
    pub(super) patience: Patience,
    pub(super) begun: Instant,
    /// Whether the address, DNS or the provider table names this host.
    pub(super) admits: &'a (dyn Fn(&str) -> bool + Sync),
}

/// The last answer of a request, and its story so far.
pub(super) struct Answer {
    pub(super) asked: Asked,
    pub(super) response: Option<HttpResponse>,
}

impl Asker<'_> {
    /// A GET, followed by the rules of [`Trail`] to hosts that are admitted.
    pub(super) async fn get(&self, url: &str, accept: &'static str) -> Answer {
        let mut asked = Asked {
            url: shown(url),
            redirects: Vec::new(),
            status: None,
            schemes: Vec::new(),
            location: None,
            outcome: Outcome::Failed,
            detail: String::new(),
            failure: None,
        };
        let mut trail = match Trail::begin(url, "nobody@invalid") {
            Ok(trail) => trail,
            Err(halt) => {
                asked.detail = halt.to_string();
                return Answer { asked, response: None };
            }
        };
        let mut here = url.to_owned();
        loop {
            let response = match self.once(&here, accept).await {
                Ok(response) => response,
                Err(failure) => {
                    asked.outcome = outcome_of(&failure);
                    asked.detail = format!("{}: {}", failure.phase, failure.detail);
                    asked.failure = Some(failure);
                    return Answer { asked, response: None };
                }
            };
            asked.take(&response);
            let Some(location) = asked.location.clone() else {
                return Answer { asked, response: Some(response) };
            };
            let target = response.header("location").unwrap_or_default().to_owned();
            match trail.follow(&Pointer::Url(target)) {
                Err(halt) => {
                    asked.detail = format!("not followed to {location}: {halt}");
                    return Answer { asked, response: None };
                }
                Ok(hop) if self.admits_url(&hop.url) => {
                    asked.location = None;
                    asked.redirects.push(shown(&hop.url));
                    here = hop.url;
                }
                Ok(_) => {
                    asked.detail = format!(
                        "not followed to {location}: neither the address nor DNS nor the provider table names that host"
                    );
                    return Answer { asked, response: None };
                }
            }
        }
    }

    pub(super) fn admits_url(&self, url: &str) -> bool {
        Url::parse(url).ok().and_then(|url| url.host_str().map(|host| (self.admits)(host))).unwrap_or(false)
    }

    /// One GET on a connection of its own.
    pub(super) async fn once(&self, url: &str, accept: &'static str) -> Result<HttpResponse, Failure> {
        let broken = || Failure::new(Phase::Connect, Trouble::Bug, "this is no URL of a host");
        let url = Url::parse(url).map_err(|_| broken())?;
        let host = match url.host().ok_or_else(broken)? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let port = url.port_or_known_default().ok_or_else(broken)?;
        let (patience, means) = (&self.patience, self.means);
        let reach = &means.reach;
        let address = if reach.dialer.resolves() {
            None
        } else {
            let resolving = reach.resolver.addresses(&host, port);
            let found = patience.wait(Phase::Resolve, means.connect_timeout, resolving).await??;
            found.first().copied()
        };
        let place = Place { host: host.clone(), port, address };
        let io = patience
            .wait(Phase::Connect, means.connect_timeout, reach.dialer.dial(&place))
            .await?
            .map_err(|error| from_io(Phase::Connect, &error))?;
        let io = if url.scheme() == "https" { self.secured(io, &host).await? } else { io };
        let mut redactor = Redactor::default();
        reach.dialer.teach(&mut redactor);
        let stream = Tap::new(io, Log::new(self.begun, 1, redactor));
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let headers = vec![
            ("Accept", accept.to_owned()),
            ("User-Agent", concat!("mailprobe/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("Connection", "close".to_owned()),
        ];
        let request = HttpRequest { verb: "GET", path, headers, body: Vec::new() };
        let authority = match url.port() {
            Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
            None => url.host_str().unwrap_or_default().to_owned(),
        };
        let mut connection = HttpConnection::new(stream, MOST).await?;
        let asking = connection.ask(Phase::Capability, &request, &authority, None);
        Ok(patience.wait(Phase::Capability, means.timeout, asking).await??.response)
    }

    async fn secured(&self, io: Box<dyn Io>, host: &str) -> Result<Box<dyn Io>, Failure> {
        let handshake = self.means.reach.tls.handshake(io, host);
        let session = self
            .patience
            .wait(Phase::Tls, self.means.connect_timeout, handshake)
            .await?
            .map_err(|failure| Failure::new(Phase::Tls, failure.cause, failure.detail))?;
        if !session.facts.trusted && !self.means.insecure {
            let why = session.facts.problems.join("; ");
            return Err(Failure::new(Phase::Tls, Trouble::CertificateUntrusted, why));
        }
        Ok(Box::new(session.stream))
    }
}

impl Asked {
    fn take(&mut self, response: &HttpResponse) {
        self.status = Some(response.status);
        self.schemes.clear();
        for challenge in challenge::challenges(response.all("www-authenticate")) {
            if !self.schemes.iter().any(|known| known.eq_ignore_ascii_case(&challenge.scheme)) {
                self.schemes.push(challenge.scheme);
            }
        }
        let moved = matches!(response.status, 301 | 302 | 303 | 307 | 308);
        self.location = response.header("location").filter(|_| moved).map(shown);
    }
}

/// That nobody is there is an answer; that nobody says so is none.
fn outcome_of(failure: &Failure) -> Outcome {
    match failure.cause {
        Trouble::NoSuchHost | Trouble::NoAddress | Trouble::ConnectionRefused => Outcome::Nothing,
        _ => Outcome::Failed,
    }
}

pub(super) fn shown(url: &str) -> String {
    harmless(url.as_bytes()).chars().take(LONGEST).collect()
}
