//! Who is who behind one address. A client is known by four marks: the name of its EHLO, the agent of its HTTP
//! requests, the mailbox that it logs in to, and its TLS offer. Many connections show only some of them: a handshake
//! that fails shows the offer alone, IMAP has no name, a token request no mailbox.
//!
//! A connection is given the marks that it lacks where the others leave no choice: every connection that agrees with it
//! and has a mark in common with it says the same. Connections with equal marks are one client; where two clients could
//! have made a connection, it stands by itself, so that nobody is judged by what another one did.

use std::collections::HashMap;

use mailprobe_probes::model::Protocol;

use super::{Connection, Spoken};

/// The four marks, each a number in place of its text.
type Marks = [Option<u32>; 4];

/// The name of EHLO.
const NAME: usize = 0;
/// The agent of HTTP.
const AGENT: usize = 1;
/// The mailbox.
const ACCOUNT: usize = 2;
/// The TLS offer.
const OFFER: usize = 3;
/// Rounds in which marks are passed on: from a token request to IMAP to SMTP takes two.
const MOST_ROUNDS: usize = 3;

/// The connections of each client, in the order in which the clients came.
pub(super) fn clients(record: &[Connection]) -> Vec<Vec<&Connection>> {
    let mut addresses: Vec<(&str, Vec<&Connection>)> = Vec::new();
    for connection in record {
        match addresses.iter_mut().find(|(address, _)| *address == connection.peer) {
            Some((_, own)) => own.push(connection),
            None => addresses.push((&connection.peer, vec![connection])),
        }
    }
    addresses.iter().flat_map(|(_, own)| behind_one_address(own)).collect()
}

fn behind_one_address<'a>(own: &[&'a Connection]) -> Vec<Vec<&'a Connection>> {
    let mut numbers = Numbers::default();
    let mut visits: Vec<(Vec<&Connection>, Marks)> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    // Over HTTPS one connection has an entry for each service: it is one client's all the same.
    for connection in own {
        let at = *places.entry(connection.number).or_insert_with(|| {
            visits.push((Vec::new(), Marks::default()));
            visits.len() - 1
        });
        if let Some((entries, marks)) = visits.get_mut(at) {
            entries.push(connection);
            let seen = numbers.marks(connection);
            for (mark, seen) in marks.iter_mut().zip(seen) {
                *mark = seen.or(*mark);
            }
        }
    }
    let known = completed(&visits.iter().map(|(_, marks)| *marks).collect::<Vec<_>>());
    let mut groups: Vec<(Marks, Vec<&Connection>)> = Vec::new();
    for ((entries, _), marks) in visits.into_iter().zip(known) {
        match groups.iter_mut().find(|(group, _)| *group == marks) {
            Some((_, group)) => group.extend(entries),
            None => groups.push((marks, entries)),
        }
    }
    // A connection without any mark is the only client's, or nobody's.
    let bare = groups.iter().position(|(marks, _)| *marks == Marks::default());
    if let (Some(bare), 2) = (bare, groups.len()) {
        let (_, entries) = groups.remove(bare);
        if let Some((_, only)) = groups.first_mut() {
            only.extend(entries);
            only.sort_by_cached_key(|connection| place(own, connection));
        }
    }
    groups.into_iter().map(|(_, entries)| entries).collect()
}

/// Where a connection stands in the record, so that merged ones keep the order of their ends.
fn place(own: &[&Connection], connection: &Connection) -> usize {
    own.iter().position(|known| std::ptr::eq(*known, connection)).unwrap_or_default()
}

/// Every visit's marks, with those that the other visits leave no choice about.
fn completed(visits: &[Marks]) -> Vec<Marks> {
    let mut known = visits.to_vec();
    for _ in 0..MOST_ROUNDS {
        let mut distinct = known.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let fuller: HashMap<Marks, Marks> =
            distinct.iter().map(|marks| (*marks, fuller(*marks, &distinct))).collect();
        let before = known.clone();
        for marks in &mut known {
            *marks = fuller.get(marks).copied().unwrap_or(*marks);
        }
        if known == before {
            break;
        }
    }
    known
}

fn fuller(marks: Marks, all: &[Marks]) -> Marks {
    if marks.iter().all(Option::is_some) {
        return marks;
    }
    let mut only = marks;
    let mut torn = [false; 4];
    for other in all.iter().filter(|other| kindred(marks, **other)) {
        for ((mark, only), torn) in other.iter().zip(&mut only).zip(&mut torn) {
            match (*mark, *only) {
                (Some(mark), Some(known)) if mark != known => *torn = true,
                (Some(mark), None) => *only = Some(mark),
                _ => {}
            }
        }
    }
    let mut full = marks;
    for ((mark, only), torn) in full.iter_mut().zip(only).zip(torn) {
        if mark.is_none() && !torn {
            *mark = only;
        }
    }
    full
}

/// Whether two visits may be one client's: a mark in common, and none that speaks against it.
fn kindred(a: Marks, b: Marks) -> bool {
    let mut common = false;
    for (a, b) in a.iter().zip(&b) {
        if let (Some(a), Some(b)) = (a, b) {
            if a != b {
                return false;
            }
            common = true;
        }
    }
    common
}

/// Texts as numbers: five thousand connections are compared with each other.
#[derive(Default)]
struct Numbers<'a>(HashMap<(usize, &'a str), u32>);

impl<'a> Numbers<'a> {
    fn number(&mut self, mark: usize, text: &'a str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry((mark, text)).or_insert(next)
    }

    fn marks(&mut self, connection: &'a Connection) -> Marks {
        let line =
            matches!(connection.spoken, Spoken::Mail(Protocol::Imap | Protocol::Pop3 | Protocol::Smtp));
        let mut marks = Marks::default();
        let name = connection.name.as_deref().filter(|name| !name.is_empty());
        let at = if line { NAME } else { AGENT };
        let offer = connection.tls.as_ref().and_then(|tls| tls.hello.as_ref());
        let offer = offer.map(|hello| hello.fingerprint.as_str()).filter(|offer| !offer.is_empty());
        let found = [(at, name), (ACCOUNT, account(connection)), (OFFER, offer)]
            .map(|(at, text)| (at, text.map(|text| self.number(at, text))));
        for (at, number) in found {
            if let Some(mark) = marks.get_mut(at) {
                *mark = number;
            }
        }
        marks
    }
}

/// The mailbox that a connection is about: the one that it opened, else the one that it tried last.
pub(super) fn account(connection: &Connection) -> Option<&str> {
    let opened = connection.logins.iter().rev().find(|tried| tried.opened());
    let tried = opened.or_else(|| connection.logins.iter().rev().find(|tried| tried.account.is_some()));
    tried.and_then(|tried| tried.account.as_deref())
}

#[cfg(test)]
#[path = "clients_tests.rs"]
mod tests;
