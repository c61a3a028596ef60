//! The probe of every HTTP service: one connection that asks without credentials, and one for each scheme.
//!
//! No redirect is followed and no request repeated: what a server answers is what the report says.

mod advertise;
mod attempt;
mod connection;
mod mailbox;

use super::link::Link;
use super::story::{Story, never_came_to};
use super::visit::{Conversation, Turn, Visit, visit};
use super::{Forecast, Options, Probe, Prospect, Repertoire, Task, Tools, forecast};
use crate::model::{Endpoint, EndpointReport, Failure, Kind, Login, Method, Phase, Protocol, Skip, Trouble};
use crate::scheme::Context;
use crate::service::{ActiveSync, Autodiscover, Ews, Legacy, Service, Subject};
use crate::wire::BoxFuture;
use connection::Connection;

/// What makes one HTTP service different from another.
pub(super) struct HttpProbe {
    service: &'static dyn Service,
    after: After,
}

/// What comes after the offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing: the service is only asked what it takes.
    Nothing,
    /// One request a scheme, which opens the mailbox where it can.
    Login,
    /// A login, and a second request that opens the mailbox, where it is asked for.
    LoginAndPost,
}

impl HttpProbe {
    const fn new(service: &'static dyn Service, after: After) -> Self {
        Self { service, after }
    }
}

/// Every service: one line each.
pub(super) static SERVICES: [HttpProbe; 9] = [
    HttpProbe::new(&Ews, After::Login),
    HttpProbe::new(&ActiveSync, After::LoginAndPost),
    HttpProbe::new(&Autodiscover, After::Login),
    HttpProbe::new(&Legacy::MAPI, After::Nothing),
    HttpProbe::new(&Legacy::OUTLOOK_ANYWHERE, After::Nothing),
    HttpProbe::new(&Legacy::OFFLINE_ADDRESS_BOOK, After::Nothing),
    HttpProbe::new(&Legacy::POWERSHELL, After::Nothing),
    HttpProbe::new(&Legacy::REPORTING, After::Nothing),
    HttpProbe::new(&Legacy::OUTLOOK_SERVICE, After::Nothing),
];

impl Probe for HttpProbe {
    fn protocol(&self) -> Protocol {
        self.service.protocol()
    }

    fn login_methods(&self) -> &'static [Method] {
        &[]
    }

    fn forecast(&self, prospect: &Prospect<'_>) -> Forecast {
        forecast::forecast(self, prospect)
    }

    fn run<'a>(&'a self, task: &'a Task, tools: &'a Tools) -> BoxFuture<'a, EndpointReport> {
        Box::pin(visit(self, task, tools))
    }
}

impl Conversation for HttpProbe {
    fn fits(&self, method: &Method, repertoire: Repertoire<'_>) -> bool {
        repertoire.schemes.find(method.name()).is_some()
    }

    fn kind(&self, method: &Method, repertoire: Repertoire<'_>) -> Option<Kind> {
        repertoire.schemes.find(method.name()).map(|scheme| scheme.kind())
    }

    fn implemented(&self, _options: &Options, repertoire: Repertoire<'_>) -> Vec<Method> {
        repertoire.schemes.iter().map(|scheme| Method::http(scheme.name())).collect()
    }

    fn begins(
        &self,
        method: &Method,
        login: &Login,
        _endpoint: &Endpoint,
        _options: &Options,
        repertoire: Repertoire<'_>,
    ) -> Result<(), Skip> {
        let scheme = repertoire.schemes.find(method.name()).ok_or(Skip::Unimplemented)?;
        let context = Context { login, server_end_point: None, nonce: [0; 8], filetime: 0 };
        scheme.start(&context).map(drop)
    }

    fn most_repeats(&self, options: &Options) -> usize {
        if self.after == After::LoginAndPost { mailbox::most_requests(options) } else { 0 }
    }

    fn logs_in(&self) -> bool {
        self.after != After::Nothing
    }

    fn worth_a_refusal(&self, _options: &Options, repertoire: Repertoire<'_>) -> Vec<Method> {
        if !self.logs_in() {
            return Vec::new();
        }
        let tried = repertoire.schemes.iter().filter(|scheme| scheme.tried_unadvertised());
        tried.map(|scheme| Method::http(scheme.name())).collect()
    }

    fn first_tries(&self) -> bool {
        false
    }

    fn tell<'a>(&'a self, visit: &'a Visit<'a>, turn: Turn<'a>) -> BoxFuture<'a, Story> {
        Box::pin(self.story(visit, turn))
    }
}

impl HttpProbe {
    async fn story(&self, visit: &Visit<'_>, turn: Turn<'_>) -> Story {
        let Turn { link, method, place, board } = turn;
        let number = link.number;
        let mut connection = Connection::new(link, subject(visit.task));
        let log = connection.link.log.clone();
        let slots = visit.slots().await;
        let opened = match &slots {
            Ok(_) => connection.open(place).await,
            Err(failure) => Err(failure.clone()),
        };
        let story = match (opened, method) {
            (Ok(()), None) => {
                board.connected();
                let told = advertise::advertise(&mut connection, self.service, place, board).await;
                Story { advertised: told.advertised, failure: told.failure, ..connection.story() }
            }
            // Nothing is presented to a server that has not shown that it speaks HTTP.
            (Ok(()), Some(method)) => {
                if let Some(list) = board.until_offers().await {
                    let attempt = attempt::attempt(&mut connection, self, &method, &list, board).await;
                    Story { attempt: Some(attempt), ..connection.story() }
                } else {
                    let detail = "the service gave no answer to a request without credentials";
                    let failure = Failure::new(Phase::Capability, Trouble::NotAsked, detail);
                    Story { failure: Some(failure), ..connection.story() }
                }
            }
            (Err(failure), method) => {
                log.note(&format!("{}: {}", failure.phase, failure.detail));
                let attempt = method.map(|method| never_came_to(method, number, failure.clone()));
                Story { attempt, failure: Some(failure), ..connection.story() }
            }
        };
        if number == 1 {
            board.over();
        }
        story
    }
}

fn subject(task: &Task) -> Subject {
    Subject {
        host: task.endpoint.host.clone(),
        path: task.endpoint.path.clone(),
        mailbox: task.mailbox.clone(),
        account: task.login.authcid.clone(),
        impersonate: task.options.http.impersonate,
        user_agent: task.options.http.user_agent.clone(),
    }
}

impl<'a> Connection<'a> {
    fn story(self) -> Story {
        let facts = self.facts;
        let link: Link<'a> = self.link;
        Story { facts, ..Story::of(link) }
    }
}
