//! The logins of one client over one protocol. Tries with the same kind of secret for the same mailbox belong together,
//! and so does everything that one connection tried: a program that falls back from one to the other does so there. A
//! password and a token that no connection brings together may be two programs', so each has a verdict of its own.

use serde::Serialize;

use super::{Connection, Fate, LoginTry, SecretShape, Spoken, Transaction, Verdict};

/// Rows of a kind that a report shows for one login.
const MOST_ROWS: usize = 50;

/// One login of a client, or its connections without one.
#[derive(Debug, Clone, Serialize)]
pub struct LoginUse {
    /// The mailbox; `None` where none was named.
    pub account: Option<String>,
    /// What kind of secret was presented.
    pub secret: SecretShape,
    /// Connections that it was tried on.
    pub connections: usize,
    /// How TLS came about on them, or `plaintext`.
    pub transports: Vec<&'static str>,
    /// Every distinct try with its answer, in the order of their first time.
    pub tries: Vec<Tried>,
    /// Tries that stand in no row, because there are too many kinds.
    pub left_out: usize,
    /// The judgement.
    pub verdict: Verdict,
}

/// One way of logging in, and how often it was tried with this answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tried {
    /// The try and its answer.
    #[serde(flatten)]
    pub tried: LoginTry,
    /// How often.
    pub count: usize,
}

/// One message, and how often the same happened to the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageUse {
    /// The message.
    #[serde(flatten)]
    pub message: Transaction,
    /// How often.
    pub count: usize,
}

/// Tries that have one verdict.
#[derive(Debug)]
pub(super) struct Login<'a> {
    keys: Vec<Key<'a>>,
    /// The connections on which they came, in order.
    pub(super) connections: Vec<&'a Connection>,
}

/// For whom, and with what. A password that was shown as a token is neither.
type Key<'a> = (Option<&'a str>, SecretShape, bool);

impl<'a> Login<'a> {
    /// The logins of these connections, and the connections without one.
    pub(super) fn of(own: &[&'a Connection]) -> (Vec<Self>, Vec<&'a Connection>) {
        let (with, without): (Vec<&Connection>, Vec<&Connection>) =
            own.iter().partition(|connection| !connection.logins.is_empty());
        let mut logins: Vec<Self> = Vec::new();
        for connection in with {
            let mut joined = Self { keys: keys(connection), connections: Vec::new() };
            let mut place = logins.len();
            while let Some(at) = logins.iter().position(|known| known.shares(&joined.keys)) {
                let known = logins.remove(at);
                place = place.min(at);
                joined.connections.splice(0..0, known.connections);
                joined.keys.extend(known.keys);
                joined.keys.sort_unstable();
                joined.keys.dedup();
            }
            joined.connections.push(connection);
            logins.insert(place.min(logins.len()), joined);
        }
        (logins, without)
    }

    fn shares(&self, keys: &[Key<'_>]) -> bool {
        self.keys.iter().any(|known| keys.contains(known))
    }

    /// Every try, in order.
    pub(super) fn tries(&self) -> impl Iterator<Item = &'a LoginTry> + use<'_, 'a> {
        self.connections.iter().flat_map(|connection| &connection.logins)
    }

    /// Every message that was begun behind the login.
    pub(super) fn messages(&self) -> impl Iterator<Item = &'a Transaction> + use<'_, 'a> {
        let all = self.connections.iter().flat_map(|connection| &connection.transactions);
        all.filter(|message| message.account.is_some())
    }

    /// As the report shows it.
    pub(super) fn told(&self, verdict: Verdict) -> LoginUse {
        // What opened the mailbox says best whose it is; else what was tried last.
        let opened = self.tries().filter(|tried| tried.opened()).last();
        let best = opened.or_else(|| self.tries().filter(|tried| tried.account.is_some()).last());
        let best = best.or_else(|| self.tries().last());
        let (tries, left_out) = counted(self.tries().cloned());
        LoginUse {
            account: best.and_then(|tried| tried.account.clone()),
            secret: best.map_or(SecretShape::Nothing, |tried| tried.secret),
            connections: self.connections.len(),
            transports: transports(&self.connections),
            tries: tries.into_iter().map(|(tried, count)| Tried { tried, count }).collect(),
            left_out,
            verdict,
        }
    }
}

/// Whether TLS was there from the first octet, or came by STARTTLS, or both.
pub(super) fn transports(own: &[&Connection]) -> Vec<&'static str> {
    let mut all = Vec::new();
    for connection in own {
        let transport = match &connection.tls {
            None => "plaintext",
            Some(tls) if tls.starttls => "starttls",
            Some(_) => "implicit-tls",
        };
        if !all.contains(&transport) {
            all.push(transport);
        }
    }
    all
}

/// What a connection's tries go by. Those that presented nothing go with the others of their connection.
fn keys(connection: &Connection) -> Vec<Key<'_>> {
    let shown = connection.logins.iter().filter(|tried| tried.secret != SecretShape::Nothing);
    let mut keys: Vec<Key<'_>> =
        shown.map(|tried| (tried.account.as_deref(), tried.secret, tried.mistaken)).collect();
    if keys.is_empty() {
        keys.push((None, SecretShape::Nothing, false));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The messages of a client, in order, and how many stand in no row; one row that says so where it began none.
pub(super) fn messages(spoken: Spoken, own: &[&Connection]) -> (Vec<MessageUse>, usize) {
    if spoken.name() != "smtp" {
        return (Vec::new(), 0);
    }
    let all = own.iter().flat_map(|connection| connection.transactions.iter().cloned());
    let (rows, left_out) = counted(all);
    let left_out = left_out + own.iter().map(|connection| connection.transactions_left_out).sum::<usize>();
    if rows.is_empty() {
        return (vec![MessageUse { message: Transaction::empty(), count: 0 }], 0);
    }
    (rows.into_iter().map(|(message, count)| MessageUse { message, count }).collect(), left_out)
}

/// Each distinct value once, with its number, in the order of its first time; and how many stand in no row, because there
/// are too many kinds.
fn counted<T: PartialEq>(all: impl Iterator<Item = T>) -> (Vec<(T, usize)>, usize) {
    let mut rows: Vec<(T, usize)> = Vec::new();
    let mut left_out = 0;
    for value in all {
        let full = rows.len() >= MOST_ROWS;
        match rows.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None if full => left_out += 1,
            None => rows.push((value, 1)),
        }
    }
    (rows, left_out)
}

/// The last message that says something about sending: one that the client took back before any content, and
/// stayed, does not.
pub(super) fn decisive<'a>(messages: impl Iterator<Item = &'a Transaction>) -> Option<&'a Transaction> {
    messages
        .filter(|message| {
            !matches!(message.fate, Fate::BrokenOff { .. }) || message.lost_content() || message.left
        })
        .last()
}
