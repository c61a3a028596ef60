//! Attempts of a report that ended alike, and the clauses that say which ones and where.

use mailprobe_probes::model::{Attempt, Cause, Diagnosis, Failure, Outcome, Reply, Session, Skip};

use super::columns::Column;
use super::layout::{clean, cut};
use super::words;
use crate::lang::Lang;

/// Attempts that ended alike.
pub(super) struct Group<'r> {
    pub(super) first: &'r Attempt,
    /// Each attempt with the column it stands in.
    pub(super) members: Vec<(usize, &'r Attempt)>,
}

pub(super) fn of<'r>(columns: &[Column<'r>]) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let mut attempts: Vec<&Attempt> = column.endpoint.attempts.iter().collect();
        attempts.sort_by_key(|attempt| words::rank(&attempt.method));
        for attempt in attempts {
            let like = Likeness::new(attempt);
            match groups.iter_mut().find(|group| Likeness::new(group.first) == like) {
                Some(group) => group.members.push((at, attempt)),
                None => groups.push(Group { first: attempt, members: vec![(at, attempt)] }),
            }
        }
    }
    groups
}

/// What two outcomes must share to be told as one.
#[derive(PartialEq)]
struct Likeness<'r> {
    word: &'static str,
    usable: Option<bool>,
    diagnosis: Option<&'r Diagnosis>,
    /// Only where no diagnosis stands for the words.
    reply: Option<&'r Reply>,
    challenge: Option<&'r str>,
    failure: Option<&'r Failure>,
    skip: Option<Skip>,
    contradicts_itself: bool,
}

impl<'r> Likeness<'r> {
    fn new(attempt: &'r Attempt) -> Self {
        let outcome = &attempt.outcome;
        let diagnosis = outcome.diagnosis();
        let explained = diagnosis.is_some_and(|diagnosis| diagnosis.first() != Cause::Unexplained);
        let mut like = Self {
            word: outcome.word(),
            usable: outcome.usable(),
            diagnosis,
            reply: None,
            challenge: None,
            failure: None,
            skip: None,
            contradicts_itself: words::contradicts_itself(attempt),
        };
        match outcome {
            Outcome::Accepted { session: Session::Opened { .. } | Session::Sent { .. }, .. } => {}
            Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => {
                like.reply = Some(reply).filter(|_| !explained);
            }
            Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => {
                like.failure = Some(failure);
            }
            Outcome::Refused { reply, challenge, .. } => {
                like.reply = Some(reply).filter(|_| !explained);
                like.challenge = challenge.as_deref();
            }
            Outcome::Inconclusive { failure, .. } => {
                like.reply = outcome.reply().filter(|_| !explained);
                like.failure = Some(failure);
            }
            Outcome::NotTried { skip } => like.skip = Some(*skip),
        }
        like
    }
}

/// `A and B are refused on X; A is refused on Y.` The verbs have places for the methods and for where.
pub(super) fn clauses(
    lang: Lang,
    group: &Group<'_>,
    columns: &[Column<'_>],
    (one, several): (&str, &str),
) -> String {
    let parts: Vec<String> = by_place(&group.members.iter().collect::<Vec<_>>(), columns)
        .into_iter()
        .map(|(names, places)| {
            let verb = if names.len() == 1 { one } else { several };
            lang.fill(verb, &[&lang.list(&names), &on(lang, &places, columns)])
        })
        .collect();
    lang.sentence(&parts)
}

/// `A and B on X, and A on Y`
pub(super) fn places(lang: Lang, members: &[&(usize, &Attempt)], columns: &[Column<'_>]) -> String {
    let parts: Vec<String> = by_place(members, columns)
        .into_iter()
        .map(|(names, places)| lang.fill("{} on {}", &[&lang.list(&names), &on(lang, &places, columns)]))
        .collect();
    parts.join(if lang == Lang::Ja { "、" } else { ", " })
}

fn on(lang: Lang, places: &[String], columns: &[Column<'_>]) -> String {
    if places.len() > 3 && places.len() == columns.len() {
        lang.fill("all {} endpoints", &[&places.len().to_string()])
    } else {
        lang.list(places)
    }
}

/// Endpoints on which the same methods stand, put together.
fn by_place(members: &[&(usize, &Attempt)], columns: &[Column<'_>]) -> Vec<(Vec<String>, Vec<String>)> {
    let mut sets: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let here = members.iter().filter(|(place, _)| *place == at);
        let names: Vec<String> = here.map(|(_, attempt)| cut(&clean(attempt.method.name()), 40)).collect();
        if names.is_empty() {
            continue;
        }
        match sets.iter_mut().find(|(known, _)| *known == names) {
            Some((_, places)) => places.push(column.label.clone()),
            None => sets.push((names, vec![column.label.clone()])),
        }
    }
    sets
}

pub(super) fn distinct_methods(members: &[&(usize, &Attempt)]) -> usize {
    let mut names: Vec<&str> = members.iter().map(|(_, attempt)| attempt.method.name()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}
