//! The probe of every line protocol: a dialect, a session check, and the visit that they share.

use super::connection::Connection;
use super::link::Link;
use super::story::{Story, never_came_to};
use super::visit::{BeforeTls, Conversation, Turn, Visit, visit};
use super::{Forecast, Options, Probe, Prospect, Repertoire, Task, Tools, attempt, forecast};
use crate::dialect::{Dialect, Imap, Pop3, Smtp};
use crate::model::{Endpoint, EndpointReport, Kind, Login, Method, Protocol, Skip};
use crate::sasl::{ChannelBinding, Context};
use crate::session::{ImapSession, Pop3Session, SessionCheck, SmtpSession};
use crate::wire::{BoxFuture, Place};

/// What makes one line protocol different from another.
pub(super) struct LineProbe {
    protocol: Protocol,
    /// A dialect for a new connection.
    pub(super) dialect: fn(&Options) -> Box<dyn Dialect>,
    /// How its mailbox is opened.
    pub(super) session: &'static dyn SessionCheck,
}

/// IMAP.
pub(super) static IMAP: LineProbe =
    LineProbe { protocol: Protocol::Imap, dialect: |_| Box::new(Imap::new()), session: &ImapSession };

/// POP3.
pub(super) static POP3: LineProbe =
    LineProbe { protocol: Protocol::Pop3, dialect: |_| Box::new(Pop3::new()), session: &Pop3Session };

/// SMTP submission.
pub(super) static SMTP: LineProbe = LineProbe {
    protocol: Protocol::Smtp,
    dialect: |options| Box::new(Smtp::new(&options.ehlo_name)),
    session: &SmtpSession,
};

impl Probe for LineProbe {
    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn login_methods(&self) -> &'static [Method] {
        (self.dialect)(&Options::default()).login_methods()
    }

    fn forecast(&self, prospect: &Prospect<'_>) -> Forecast {
        forecast::forecast(self, prospect)
    }

    fn run<'a>(&'a self, task: &'a Task, tools: &'a Tools) -> BoxFuture<'a, EndpointReport> {
        Box::pin(visit(self, task, tools))
    }
}

impl Conversation for LineProbe {
    fn fits(&self, method: &Method, _repertoire: Repertoire<'_>) -> bool {
        matches!(method, Method::Sasl(_)) || self.login_methods().contains(method)
    }

    fn kind(&self, method: &Method, repertoire: Repertoire<'_>) -> Option<Kind> {
        repertoire.mechanisms.kind(method)
    }

    fn implemented(&self, options: &Options, repertoire: Repertoire<'_>) -> Vec<Method> {
        let mechanisms = repertoire.mechanisms.iter().map(|mechanism| Method::sasl(mechanism.name()));
        mechanisms.chain((self.dialect)(options).login_methods().iter().cloned()).collect()
    }

    fn begins(
        &self,
        method: &Method,
        login: &Login,
        endpoint: &Endpoint,
        options: &Options,
        repertoire: Repertoire<'_>,
    ) -> Result<(), Skip> {
        // What a TLS channel is bound by is known once there is one; here it matters that there will be one.
        let bound = ChannelBinding { exporter: Some(Vec::new()), server_end_point: Some(Vec::new()) };
        let context = Context {
            login,
            host: &endpoint.host,
            port: endpoint.port,
            binding: endpoint.has_tls().then_some(&bound),
            nonce: &|| "nonce".to_owned(),
        };
        let mut dialect = (self.dialect)(options);
        attempt::exchange(dialect.as_mut(), repertoire.mechanisms, method, &context, &[], options).map(drop)
    }

    fn worth_a_refusal(&self, options: &Options, repertoire: Repertoire<'_>) -> Vec<Method> {
        let dialect = (self.dialect)(options);
        let tried = repertoire.mechanisms.iter().filter(|mechanism| mechanism.tried_unadvertised());
        let (password, token): (Vec<_>, Vec<_>) =
            tried.partition(|mechanism| mechanism.kind() == Kind::Password);
        let named = |mechanism: &std::sync::Arc<dyn crate::sasl::Mechanism>| Method::sasl(mechanism.name());
        let mut methods: Vec<Method> = password.into_iter().map(named).collect();
        let commands = dialect.login_methods().iter();
        methods.extend(commands.filter(|method| dialect.tried_unadvertised(method)).cloned());
        methods.extend(token.into_iter().map(named));
        methods
    }

    fn first_tries(&self) -> bool {
        true
    }

    fn tell<'a>(&'a self, visit: &'a Visit<'a>, turn: Turn<'a>) -> BoxFuture<'a, Story> {
        Box::pin(self.story(visit, turn))
    }

    fn until_tls<'a>(&'a self, link: Link<'a>, place: &'a Place) -> BoxFuture<'a, BeforeTls<'a>> {
        Box::pin(async move {
            let dialect = (self.dialect)(&link.task.options);
            let mut connection = Connection::new(link, dialect);
            let io = connection.open_for_tls(place).await;
            (connection.link, io)
        })
    }
}

impl LineProbe {
    async fn story(&self, visit: &Visit<'_>, turn: Turn<'_>) -> Story {
        let Turn { link, method, place, board } = turn;
        let number = link.number;
        let mut connection = Connection::new(link, (self.dialect)(&visit.task.options));
        let log = connection.link.log.clone();
        let first = (number == 1).then_some(board);
        let slots = visit.slots().await;
        let opened = match &slots {
            Ok(_) => connection.open(place, first).await,
            Err(failure) => Err(failure.clone()),
        };
        let mut attempt = None;
        match (&opened, method) {
            (Ok(()), Some(method)) => {
                if let Some(board) = first {
                    board.offers(connection.offers());
                }
                attempt = Some(attempt::attempt(&mut connection, &method, board, self.session).await);
            }
            (Ok(()), None) => {
                if let Some(board) = first {
                    board.offers(connection.offers());
                    board.at_gate();
                }
                connection.leave().await;
            }
            (Err(failure), method) => {
                log.note(&format!("{}: {}", failure.phase, failure.detail));
                attempt = method.map(|method| never_came_to(method, number, failure.clone()));
                connection.stream = None;
            }
        }
        if let Some(board) = first {
            board.over();
        }
        let Connection { link, greeting, advertised, injected, .. } = connection;
        Story { attempt, failure: opened.err(), greeting, advertised, injected, ..Story::of(link) }
    }
}
