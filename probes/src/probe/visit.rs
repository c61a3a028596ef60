//! One visit: which connections are opened, in which order, and what their stories add up to.
//!
//! The first connection reads the advertisement and tries the first method; the others start as soon as
//! the host has answered it, one per method, and park at the gate until it is their turn.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument as _;

use super::link::Link;
use super::news::Board;
use super::story::{Story, never_came_to};
use super::{Options, Repertoire, Task, Tools, choose, merge, tls_versions};
use crate::model::{Endpoint, EndpointReport, Failure, Kind, Login, Method, Phase, Skip, Trouble};
use crate::wire::{BoxFuture, Io, Log, Patience, Place, Redactor};

/// How the connections of one kind of protocol go: line protocols, and HTTP.
pub(super) trait Conversation: Sync {
    /// Whether a method can be used in this protocol at all.
    fn fits(&self, method: &Method, repertoire: Repertoire<'_>) -> bool;

    /// What a method presents here, where we know the method.
    fn kind(&self, method: &Method, repertoire: Repertoire<'_>) -> Option<Kind>;

    /// Whether a login is tried at all.
    fn logs_in(&self) -> bool {
        true
    }

    /// The methods that are worth a refusal before anything is known of the server.
    fn worth_a_refusal(&self, options: &Options, repertoire: Repertoire<'_>) -> Vec<Method>;

    /// Every method of this protocol that can be tried where it is offered.
    fn implemented(&self, options: &Options, repertoire: Repertoire<'_>) -> Vec<Method>;

    /// Whether an attempt with this login can begin at all: whether the method can express the credential, and finds the
    /// channel that it binds to. [`Skip::NotAdvertised`] where that depends on what the server says.
    fn begins(
        &self,
        method: &Method,
        login: &Login,
        endpoint: &Endpoint,
        options: &Options,
        repertoire: Repertoire<'_>,
    ) -> Result<(), Skip>;

    /// Requests behind an accepted login that carry the credential once more, at most.
    fn most_repeats(&self, _options: &Options) -> usize {
        0
    }

    /// Whether the connection that reads the advertisement also tries the first method.
    fn first_tries(&self) -> bool;

    /// One connection from beginning to end.
    fn tell<'a>(&'a self, visit: &'a Visit<'a>, turn: Turn<'a>) -> BoxFuture<'a, Story>;

    /// Brings a connection to where TLS would begin, and gives the stream as it is there.
    fn until_tls<'a>(&'a self, mut link: Link<'a>, place: &'a Place) -> BoxFuture<'a, BeforeTls<'a>> {
        Box::pin(async move {
            let io = link.dial(place).await;
            (link, io)
        })
    }
}

/// A link whose handshake would come next, with its stream.
pub(super) type BeforeTls<'a> = (Link<'a>, Result<Box<dyn Io>, Failure>);

/// What one connection is for.
pub(super) struct Turn<'a> {
    /// What is opened. Its number is 1 for the connection that reads the advertisement.
    pub(super) link: Link<'a>,
    /// The method that it tries.
    pub(super) method: Option<Method>,
    pub(super) place: &'a Place,
    pub(super) board: &'a Board,
}

/// Everything the connections of a visit share.
pub(super) struct Visit<'a> {
    pub(super) conversation: &'a dyn Conversation,
    pub(super) task: &'a Task,
    pub(super) tools: &'a Tools,
    pub(super) patience: Patience,
    board: Board,
    started: Instant,
    redactor: Redactor,
}

/// Visits one endpoint.
pub(super) async fn visit(conversation: &dyn Conversation, task: &Task, tools: &Tools) -> EndpointReport {
    let mut report = EndpointReport::new(&task.endpoint);
    let visit = Visit {
        conversation,
        task,
        tools,
        patience: Patience::new(task.options.visit_timeout, tools.cancel.clone()),
        board: Board::new(),
        started: Instant::now(),
        redactor: knowing(&task.login, tools),
    };
    report.proxy = tools.dialer.via();
    let begun = Instant::now();
    let place = visit.place().await;
    let resolve_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match place {
        Err(failure) => report.failure = Some(failure),
        Ok(place) => {
            let (rows, stories) = visit.connections(&place).await;
            // After the others, so that a server that counts connections refuses these and not those.
            let asked = tls_versions::ask(&visit, &place, &stories).await;
            merge::merge(&mut report, rows, stories, asked, task.options.stop_after);
        }
    }
    report.phases_ms.0.insert(0, (Phase::Resolve, resolve_ms));
    report
}

/// A redactor that knows the login's secrets, and those of the way there.
fn knowing(login: &Login, tools: &Tools) -> Redactor {
    let mut redactor = Redactor::default();
    for secret in [&login.password, &login.token].into_iter().flatten() {
        redactor.learn(secret.expose());
    }
    tools.dialer.teach(&mut redactor);
    redactor
}

impl<'a> Visit<'a> {
    async fn place(&self) -> Result<Place, Failure> {
        let endpoint = &self.task.endpoint;
        let place = |address| Place { host: endpoint.host.clone(), port: endpoint.port, address };
        if self.task.address.is_some() || self.tools.dialer.resolves() {
            return Ok(place(self.task.address));
        }
        let limit = self.task.options.connect_timeout;
        let resolving = self.tools.resolver.addresses(&endpoint.host, endpoint.port);
        let addresses = self.patience.wait(Phase::Resolve, limit, resolving).await??;
        match addresses.first() {
            Some(address) => Ok(place(Some(*address))),
            None => Err(Failure::new(Phase::Resolve, Trouble::NoAddress, "no address to visit")),
        }
    }

    /// Opens every connection of the visit; gives the methods in order, and what happened.
    async fn connections(&'a self, place: &'a Place) -> (Vec<(Method, Option<Skip>)>, Vec<Story>) {
        let (options, repertoire) = (&self.task.options, self.tools.repertoire());
        let known = choose::known_before(self.conversation, options, repertoire);
        let has = |kind| self.task.login.secret(kind).is_some();
        let judge = |method: Method| {
            let skip = choose::futile(self.conversation, &method, has, options, repertoire);
            (method, skip)
        };
        let mut rows: Vec<(Method, Option<Skip>)> = known.iter().cloned().map(judge).collect();
        let mut feasible = rows.iter().filter(|(_, skip)| skip.is_none()).map(|(method, _)| method.clone());
        let mut running: FuturesUnordered<BoxFuture<'a, Story>> = FuturesUnordered::new();
        let mut stories = Vec::new();
        let mut number = 1;
        let first = if self.conversation.first_tries() { feasible.next() } else { None };
        running.push(Box::pin(self.connection(number, first, place)));
        let rest: Vec<Method> = feasible.collect();

        let (mut rest, mut added) = (Some(rest), Some(()));
        loop {
            tokio::select! {
                biased;
                connected = self.board.until_connected(), if rest.is_some() => {
                    for method in rest.take().into_iter().flatten().filter(|_| connected) {
                        number += 1;
                        running.push(Box::pin(self.connection(number, Some(method), place)));
                    }
                }
                offers = self.board.until_offers(), if added.is_some() => {
                    added = None;
                    for method in offers.iter().flat_map(|list| choose::added_by(list, &known, options)) {
                        let row = judge(method);
                        if row.1.is_none() {
                            number += 1;
                            running.push(Box::pin(self.connection(number, Some(row.0.clone()), place)));
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
    async fn connection(&'a self, number: u32, method: Option<Method>, place: &'a Place) -> Story {
        let named = method.as_ref().map_or("-", Method::name);
        let span = tracing::debug_span!("connection", url = %self.task.endpoint, number, method = named);
        let link = self.new_link(number);
        let log = link.log.clone();
        let turn = Turn { link, method: method.clone(), place, board: &self.board };
        // A fault of ours ends this connection, and neither the others of the visit nor the rest of the run.
        let telling = AssertUnwindSafe(self.conversation.tell(self, turn)).catch_unwind();
        let told = telling.instrument(span.clone()).await;
        let story = told.unwrap_or_else(|_| self.broken(number, method, log));
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

    /// What is left of a connection on which we panicked: what was said up to then, and whose fault it is.
    fn broken(&self, number: u32, method: Option<Method>, log: Log) -> Story {
        let failure =
            Failure::new(Phase::Session, Trouble::Bug, "mailprobe itself failed; please report this");
        log.note(&failure.detail);
        if number == 1 {
            self.board.over();
        }
        let attempt = method.map(|method| never_came_to(method, number, failure.clone()));
        let link = Link::new(self.task, self.tools, self.patience.clone(), log, number);
        Story { attempt, failure: Some(failure), ..Story::of(link) }
    }

    /// A link that has not been opened, with a log of its own.
    pub(super) fn new_link(&self, number: u32) -> Link<'a> {
        let log = Log::new(self.started, number, self.redactor.clone());
        Link::new(self.task, self.tools, self.patience.clone(), log, number)
    }

    /// Leave to have one connection open, while it is held.
    pub(super) async fn slots(&self) -> Result<Vec<OwnedSemaphorePermit>, Failure> {
        self.patience.wait(Phase::Connect, self.task.options.visit_timeout, self.task.slots.take()).await
    }
}
