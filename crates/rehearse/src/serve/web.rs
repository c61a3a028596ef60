//! The door of HTTPS: one connection, its requests in order, and an entry of the record for each service that was asked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{Cause, Method, Protocol};
use parking_lot::{Mutex, MutexGuard};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connection::LONGEST;
use super::{ServeError, Shared, begun, handshake, stopped};
use crate::house::{Circumstances, House, old_activesync};
use crate::oauth::{Authority, RealWorld, SigningKey};
use crate::record::Note;
use crate::record::{self, Connection, LoginTry, Offer, Spoken};
use crate::residents::Residents;
use crate::web::serve::{Limits, Server};
use crate::web::{self, Ports, Request, Response, Seen, Site};
use crate::{Bench, Presented, Ruling, Words};

/// What the device has to wait for is no answer yet (RFC 8628 section 3.5).
const PENDING: &str = "AADSTS70016";

/// What stands behind the door.
pub(super) struct WebSide {
    site: Site,
    /// Where the scenario has apps that could ask for a token.
    authority: Option<Authority>,
}

impl WebSide {
    /// The site of a scenario, at these ports and under this name.
    pub(super) fn new(
        house: &Arc<House>,
        ports: &HashMap<&'static str, u16>,
        host: &str,
    ) -> Result<Self, ServeError> {
        let scenario = house.tenant.scenario();
        let port = |scheme| ports.get(scheme).copied().unwrap_or_default();
        let mut site = scenario.site();
        host.clone_into(&mut site.host);
        site.ports = Ports {
            https: port("https"),
            imaps: port("imaps"),
            pop3s: port("pop3s"),
            submission: port("smtp"),
            ..Ports::default()
        };
        let mut directory = scenario.directory();
        if directory.apps.is_empty() {
            return Ok(Self { site, authority: None });
        }
        directory.base = site.url("");
        site.bearer.authorization_uri = site.url("/common/oauth2/authorize");
        let key = SigningKey::generate().map_err(|error| ServeError::new(error.to_string()))?;
        let people = Arc::new(Residents::new(Arc::clone(house)));
        let authority = Authority::new(directory, people, Arc::new(RealWorld), key);
        Ok(Self { site, authority: Some(authority) })
    }

    fn answer(&self, shared: &Shared, request: &Request, busy: bool, journal: &Journal) -> Response {
        if let Some(authority) = self.authority.as_ref().filter(|authority| authority.owns(&request.path)) {
            return authority.answer(request);
        }
        if busy {
            return web::turned_away(&shared.house.tenant, &self.site, request);
        }
        let bench = Judging { house: &shared.house, request, tries: Mutex::default() };
        let response = web::answer(&bench, &self.site, request);
        for tried in bench.tries.into_inner() {
            journal.note(shared, Spoken::Mail(tried.protocol), Note::Login(Box::new(tried)));
        }
        if let (401, Some(ruled)) = (response.status, response.ruled) {
            let challenges =
                response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"));
            let offer = Offer::schemes(challenges.map(|(_, value)| value.as_str()));
            journal.note(shared, Spoken::Mail(ruled.protocol), Note::Offered(offer));
        }
        response
    }
}

/// Serves one connection to its end; an entry for each service that was asked, or one that says that none was.
pub(super) async fn serve(
    shared: &Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    number: usize,
    busy: bool,
) -> Vec<Connection> {
    stream.set_nodelay(true).ok();
    let mut first = begun(&stream, peer, number, Spoken::Https);
    let (tls, stream) = handshake::shake(&shared.tls, stream, false, &shared.stop).await;
    (shared.say)(&record::handshake(&first, &tls));
    first.tls = Some(tls);
    let Some(stream) = stream else { return vec![first] };
    let journal = Arc::new(Journal { first, services: Mutex::default() });
    let (asked, seen) = (Arc::clone(&journal), Arc::clone(&journal));
    let (answering, telling) = (Arc::clone(shared), Arc::clone(shared));
    let server = Server {
        handler: Arc::new(move |request: Request| {
            let response = answering.web.answer(&answering, &request, busy, &asked);
            Box::pin(std::future::ready(response))
        }),
        watcher: Arc::new(move |_: SocketAddr, request: &Seen| seen.request(&telling, request)),
        limits: Limits::default(),
    };
    let mut stop = shared.stop.clone();
    tokio::select! {
        _ = timeout(LONGEST.min(Duration::from_secs(600)), server.talk(stream, peer)) => {}
        () = stopped(&mut stop) => {}
    }
    drop(server);
    journal.entries()
}

/// What came on one connection, service by service.
struct Journal {
    first: Connection,
    services: Mutex<Vec<Connection>>,
}

impl Journal {
    fn services(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.services.lock()
    }

    fn note(&self, shared: &Shared, spoken: Spoken, note: Note) {
        let mut services = self.services();
        if !services.iter().any(|known| known.spoken == spoken) {
            services.push(Connection { spoken, ..self.first.clone() });
        }
        let Some(entry) = services.iter_mut().find(|known| known.spoken == spoken) else { return };
        if let Some(line) = record::live(entry, &note) {
            (shared.say)(&line);
        }
        entry.note(note);
    }

    fn request(&self, shared: &Shared, request: &Seen) {
        let of_tokens = shared.web.authority.as_ref().is_some_and(|authority| authority.owns(&request.path));
        let service = request.protocol.or_else(|| web::protocol_of(&request.path));
        let spoken = match service {
            _ if of_tokens => Spoken::Tokens,
            Some(protocol) => Spoken::Mail(protocol),
            None => Spoken::Https,
        };
        let scheme = request.scheme.as_ref().map_or_else(String::new, |scheme| format!(", {scheme}"));
        let command = request.command.as_ref().map_or_else(String::new, |command| format!(" {command}"));
        let line = format!("{} {}{command}{scheme}: {}", request.verb, request.path, request.status);
        self.note(shared, spoken, Note::Command(line));
        if let Some(name) = &request.user_agent {
            self.note(shared, spoken, Note::Name(name.clone()));
        }
        if let Some(version) = &request.activesync_version {
            self.note(shared, spoken, Note::ActiveSync(version.clone()));
        }
        if let Some(grant) = request.note.as_ref().filter(|note| *note != PENDING) {
            self.note(shared, spoken, Note::Grant(grant.clone()));
        }
    }

    fn entries(&self) -> Vec<Connection> {
        let services = std::mem::take(&mut *self.services());
        if services.is_empty() {
            let mut first = self.first.clone();
            first.note(Note::Odd("left right after the handshake, perhaps over the certificate"));
            return vec![first];
        }
        services
    }
}

/// The tenant, with every login written down and judged for all dates.
struct Judging<'a> {
    house: &'a House,
    request: &'a Request,
    tries: Mutex<Vec<LoginTry>>,
}

impl Bench for Judging<'_> {
    fn rule(&self, protocol: Protocol, presented: &Presented<'_>) -> Ruling {
        let scheme = match presented {
            Presented::Nothing => return self.house.tenant.rule(protocol, presented),
            Presented::Password { .. } => "Basic",
            Presented::Token { .. } => "Bearer",
        };
        let how = Circumstances { protocol, initial_response: None, secured: true };
        let (ruling, mut tried) = self.house.judge(how, &Method::http(scheme), presented);
        // A version that is not taken shuts the mailbox behind an accepted login.
        if protocol == Protocol::ActiveSync
            && let Some(version) = self.request.header("ms-asprotocolversion")
        {
            let outdated = Cause::ProtocolVersionTooOld;
            if tried.opened() && old_activesync(&self.house.tenant, version) {
                tried.shut = Some(outdated);
            }
            for (cause, tenant) in tried.dates.iter_mut().zip(&self.house.dates) {
                if *cause == Cause::Accepted && old_activesync(tenant, version) {
                    *cause = outdated;
                }
            }
        }
        self.tries.lock().push(tried);
        ruling
    }

    fn words(&self, protocol: Protocol, cause: Cause) -> Words {
        self.house.tenant.words(protocol, cause)
    }
}
