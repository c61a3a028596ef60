//! One visit: which connections are opened, in which order, and what their stories add up to.
//!
//! The first connection reads the advertisement and tries the first method; the others start as soon as
//! the host has answered it, one per method, and park at the gate until it is their turn.

use std::net::SocketAddr;
use std::time::Instant;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument as _;

use super::connection::Connection;
use super::line::LineProbe;
use super::news::Board;
use super::story::Story;
use super::{Task, Tools, attempt, choose, merge, tls_versions};
use crate::model::{Attempt, EndpointReport, Failure, Login, Method, Outcome, Phase, Skip, Trouble};
use crate::wire::{BoxFuture, Log, Patience, Redactor};

/// Everything the connections of a visit share.
pub(super) struct Visit<'a> {
    pub(super) probe: &'a LineProbe,
    pub(super) task: &'a Task,
    pub(super) tools: &'a Tools,
    pub(super) patience: Patience,
    board: Board,
    started: Instant,
    redactor: Redactor,
}

/// Visits one endpoint.
pub(super) async fn visit(probe: &LineProbe, task: &Task, tools: &Tools) -> EndpointReport {
    let mut report = EndpointReport::new(&task.endpoint);
    let visit = Visit {
        probe,
        task,
        tools,
        patience: Patience::new(task.options.visit_timeout, tools.cancel.clone()),
        board: Board::new(),
        started: Instant::now(),
        redactor: knowing(&task.login),
    };
    let begun = Instant::now();
    let address = visit.address().await;
    let resolve_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match address {
        Err(failure) => report.failure = Some(failure),
        Ok(address) => {
            let address = SocketAddr::new(address, task.endpoint.port);
            let (rows, stories) = visit.connections(address).await;
            // After the others, so that a server that counts connections refuses these and not those.
            let asked = tls_versions::ask(&visit, address, &stories).await;
            merge::merge(&mut report, rows, stories, asked, task.options.stop_after);
        }
    }
    report.phases_ms.0.insert(0, (Phase::Resolve, resolve_ms));
    report
}

/// A redactor that knows the login's secrets.
fn knowing(login: &Login) -> Redactor {
    let mut redactor = Redactor::default();
    for secret in [&login.password, &login.token].into_iter().flatten() {
        redactor.learn(secret.expose());
    }
    redactor
}

impl<'a> Visit<'a> {
    async fn address(&self) -> Result<std::net::IpAddr, Failure> {
        if let Some(address) = self.task.address {
            return Ok(address);
        }
        let endpoint = &self.task.endpoint;
        let limit = self.task.options.connect_timeout;
        let resolving = self.tools.resolver.addresses(&endpoint.host, endpoint.port);
        let addresses = self.patience.wait(Phase::Resolve, limit, resolving).await??;
        addresses
            .first()
            .copied()
            .ok_or_else(|| Failure::new(Phase::Resolve, Trouble::NoAddress, "no address to visit"))
    }

    /// Opens every connection of the visit; gives the methods in order, and what happened.
    async fn connections(&'a self, address: SocketAddr) -> (Vec<(Method, Option<Skip>)>, Vec<Story>) {
        let dialect = (self.probe.dialect)(&self.task.options);
        let known = choose::known_before(dialect.as_ref(), &self.task.options, self.tools);
        let judge = |method: Method| {
            let skip = choose::futile(&method, &self.task.login, &self.task.options, self.tools);
            (method, skip)
        };
        let mut rows: Vec<(Method, Option<Skip>)> = known.iter().cloned().map(judge).collect();
        let mut feasible = rows.iter().filter(|(_, skip)| skip.is_none()).map(|(method, _)| method.clone());
        let mut running: FuturesUnordered<BoxFuture<'a, Story>> = FuturesUnordered::new();
        let mut stories = Vec::new();
        let mut number = 1;
        running.push(Box::pin(self.connection(number, feasible.next(), address)));
        let rest: Vec<Method> = feasible.collect();

        let (mut rest, mut added) = (Some(rest), Some(()));
        loop {
            tokio::select! {
                biased;
                connected = self.board.until_connected(), if rest.is_some() => {
                    for method in rest.take().into_iter().flatten().filter(|_| connected) {
                        number += 1;
                        running.push(Box::pin(self.connection(number, Some(method), address)));
                    }
                }
                offers = self.board.until_offers(), if added.is_some() => {
                    added = None;
                    for method in offers.iter().flat_map(|list| choose::added_by(list, &known, &self.task.options)) {
                        let row = judge(method);
                        if row.1.is_none() {
                            number += 1;
                            running.push(Box::pin(self.connection(number, Some(row.0.clone()), address)));
                        }
                        rows.push(row);
                    }
                }
                story = running.next() => match story {
                    Some(story) => stories.push(story),
                    None => break,
                },
            }
        }
        stories.sort_by_key(|story: &Story| story.number);
        (rows, stories)
    }

    /// One connection from beginning to end. What it logs names no word of the server's and no secret.
    async fn connection(&'a self, number: u32, method: Option<Method>, address: SocketAddr) -> Story {
        let named = method.as_ref().map_or("-", Method::name);
        let span = tracing::debug_span!("connection", url = %self.task.endpoint, number, method = named);
        let story = self.story(number, method, address).instrument(span.clone()).await;
        let _entered = span.enter();
        match (&story.failure, &story.attempt) {
            (Some(failure), _) => {
                tracing::debug!(phase = %failure.phase, cause = ?failure.cause, "did not come about");
            }
            (None, Some(attempt)) => {
                tracing::debug!(outcome = attempt.outcome.word(), ms = attempt.elapsed_ms, "tried");
            }
            (None, None) => {
                tracing::debug!("advertisement read");
            }
        }
        story
    }

    /// A connection that has not been opened, with a log of its own.
    pub(super) fn new_connection(&self, number: u32) -> Connection<'_> {
        let log = Log::new(self.started, number, self.redactor.clone());
        let dialect = (self.probe.dialect)(&self.task.options);
        Connection::new(self.task, self.tools, self.patience.clone(), dialect, log, number)
    }

    /// Leave to have one connection open, while it is held.
    pub(super) async fn slots(&self) -> Result<Vec<OwnedSemaphorePermit>, Failure> {
        self.patience.wait(Phase::Connect, self.task.options.visit_timeout, self.task.slots.take()).await
    }

    async fn story(&'a self, number: u32, method: Option<Method>, address: SocketAddr) -> Story {
        let mut connection = self.new_connection(number);
        let log = connection.log.clone();
        let board = (number == 1).then_some(&self.board);
        let slots = self.slots().await;
        let opened = match &slots {
            Ok(_) => connection.open(address, board).await,
            Err(failure) => Err(failure.clone()),
        };
        let mut attempt = None;
        match (&opened, method) {
            (Ok(()), Some(method)) => {
                if let Some(board) = board {
                    board.offers(connection.offers());
                }
                attempt =
                    Some(attempt::attempt(&mut connection, &method, &self.board, self.probe.session).await);
            }
            (Ok(()), None) => {
                if let Some(board) = board {
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
        if let Some(board) = board {
            board.over();
        }
        Story {
            number,
            attempt,
            failure: opened.err(),
            peer: connection.peer,
            tls: connection.tls,
            greeting: connection.greeting,
            advertised: connection.advertised,
            times: connection.times,
            lines: log.finish(),
            tls_note: connection.tls_note,
            injected: connection.injected,
            touched: log.touched(),
            redactor: log.redactor(),
            echoed: log.echoed(),
        }
    }
}

/// An attempt whose connection broke before anything could be presented.
fn never_came_to(method: Method, connection: u32, failure: Failure) -> Attempt {
    Attempt {
        method,
        advertised: false,
        initial_response: None,
        outcome: Outcome::Inconclusive { failure, answer: None, evidence: None },
        elapsed_ms: 0,
        connection,
        quirks: Vec::new(),
    }
}
