//! Will it go on working? What was tried is held against every date of the service: each login was judged for all of
//! them when it came. And a login is not all: the message behind it has to be taken too.

use mailprobe_probes::model::{Cause, moment};
use serde::Serialize;

use super::logins::{Login, decisive};
use super::{Connection, Fate, LoginTry, SecretShape, Spoken, absent};
use crate::House;
use crate::scenario::{Floor, Scenario};

/// The judgement over one login of one client, or over a client that came to none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it works today; `None` where nothing tells.
    pub works_today: Option<bool>,
    /// The day it stops, YYYY-MM-DD, where it works today and that is known.
    pub stops: Option<String>,
    /// In words.
    pub sentence: String,
}

impl Verdict {
    const fn failed(sentence: String) -> Self {
        Self { works_today: Some(false), stops: None, sentence }
    }

    /// Its place among others: the worst first.
    pub(super) const fn rank(&self) -> u8 {
        match (self.works_today, &self.stops) {
            (Some(false), _) => 0,
            (None, _) => 1,
            (Some(true), Some(_)) => 2,
            (Some(true), None) => 3,
        }
    }
}

/// Judges one login of a client. `today` is YYYY-MM-DD.
pub(super) fn judge(login: &Login<'_>, house: &House, today: &str) -> Verdict {
    let logins: Vec<&LoginTry> = login.tries().collect();
    let Some(last) = logins.last() else {
        return Verdict { works_today: None, stops: None, sentence: "presented no login".to_owned() };
    };
    let spoken = Spoken::Mail(last.protocol);
    let since = |at: usize| house.dates.get(at).and_then(|tenant| tenant.scenario().since.as_deref());
    let Some(now) = house.in_force(today) else { return here(login, &logins, last, house) };
    let works = |at: usize| {
        let old = house
            .dates
            .get(at)
            .is_some_and(|tenant| too_old(&login.connections, tenant.scenario().tls.minimum));
        !old && logins.iter().any(|tried| tried.dates.get(at) == Some(&Cause::Accepted))
    };
    let reason = |at: usize| {
        let judged = |matched: bool| {
            let mut tries = logins.iter().filter(move |tried| tried.matched == matched);
            tries.find_map(|tried| Some((tried, *tried.dates.get(at)?)))
        };
        let why = judged(true).or_else(|| judged(false));
        why.map_or_else(
            || format!("no login of this kind is known there ({})", last.method),
            |(tried, cause)| {
                let unless = house.dates.get(at).map_or("", |tenant| tenant.scenario().unless.as_str());
                let unless = match cause {
                    Cause::BasicDisabled if !unless.is_empty() => format!(", unless {unless}"),
                    _ => String::new(),
                };
                format!("{} {} is refused from then on ({cause}){unless}", tried.method, with(tried))
            },
        )
    };
    if !works(now) {
        // The right secret's refusal says more than a wrong one's.
        let judged = || logins.iter().copied().filter(|tried| !tried.dates.is_empty());
        let tried = judged().find(|tried| tried.matched).or_else(|| judged().next()).unwrap_or(last);
        let cause = tried.dates.get(now).copied().unwrap_or(tried.cause);
        let scenario = house.dates.get(now).map_or_else(|| house.tenant.scenario(), |then| then.scenario());
        let refused = refused(tried, cause, spoken, scenario);
        return Verdict::failed(format!("does not work today: {refused}"));
    }
    if let Some(verdict) = message(login, "today") {
        return verdict;
    }
    match (now + 1..house.dates.len()).find(|at| !works(*at)) {
        Some(stop) => {
            let day = since(stop).unwrap_or_default().to_owned();
            let source = house.dates.get(stop).map_or("", |tenant| tenant.scenario().source.as_str());
            let sentence = format!("works today, stops on {day} because {}; see {source}", reason(stop));
            Verdict { works_today: Some(true), stops: Some(day), sentence }
        }
        None => Verdict {
            works_today: Some(true),
            stops: None,
            sentence: "works today, and at every later date on record".to_owned(),
        },
    }
}

/// What the last message behind a login that works says against it.
fn message(login: &Login<'_>, when: &str) -> Option<Verdict> {
    let last = decisive(login.messages())?;
    match &last.fate {
        Fate::Refused { reply, .. } => {
            Some(Verdict::failed(format!("logs in, but its message was refused {when}: {reply}")))
        }
        Fate::BrokenOff { at } if !last.lost_content() => {
            let sentence = format!("logs in, but left after {}, before its message was sent", at.words());
            Some(Verdict { works_today: None, stops: None, sentence })
        }
        Fate::BrokenOff { .. } => {
            let octets = last.octets.unwrap_or_default();
            let sentence = format!(
                "logs in, but left in the middle of its message, after {octets} octets: nothing was sent"
            );
            Some(Verdict { works_today: None, stops: None, sentence })
        }
        Fate::Accepted | Fate::NotTried => None,
    }
}

/// Of the token endpoint.
pub(super) fn tokens(connections: &[&Connection]) -> Verdict {
    let grants: Vec<&str> =
        connections.iter().flat_map(|connection| &connection.grants).map(String::as_str).collect();
    let is_error = |grant: &&&str| grant.starts_with("AADSTS");
    let (sentence, works) =
        match (grants.iter().find(|grant| !is_error(grant)), grants.iter().rfind(is_error)) {
            (Some(grant), _) => (format!("gets {grant}"), Some(true)),
            (None, Some(error)) => (format!("got no token: {error}"), Some(false)),
            (None, None) => ("asked for no token".to_owned(), None),
        };
    Verdict { works_today: works, stops: None, sentence }
}

/// Where the service has no dates: the scenario alone speaks.
fn here(login: &Login<'_>, logins: &[&LoginTry], last: &LoginTry, house: &House) -> Verdict {
    if let Some(tried) = logins.iter().find(|tried| tried.opened()) {
        if let Some(verdict) = message(login, "in this scenario") {
            return verdict;
        }
        let sentence = format!("works in this scenario: {} {} opens the mailbox", tried.method, with(tried));
        return Verdict { works_today: Some(true), stops: None, sentence };
    }
    let cause = last.shut.unwrap_or(last.cause);
    let refused = refused(last, cause, Spoken::Mail(last.protocol), house.tenant.scenario());
    Verdict::failed(format!("does not work in this scenario: {refused}"))
}

/// The refusal, and what to do about it.
fn refused(tried: &LoginTry, cause: Cause, spoken: Spoken, scenario: &Scenario) -> String {
    if tried.mistaken && cause != Cause::TlsRequired {
        return match tried.secret {
            SecretShape::Password => format!(
                "it presented its token as a password ({}, {cause}): set the device to OAuth",
                tried.method
            ),
            _ => format!(
                "it presented its password as a token ({}, {cause}), so it has no way to get one",
                tried.method
            ),
        };
    }
    format!("{} {} is refused ({cause}){}", tried.method, with(tried), hint(cause, spoken, scenario))
}

const fn with(tried: &LoginTry) -> &'static str {
    match tried.secret {
        SecretShape::Nothing => "without credentials",
        SecretShape::Password => "with a password",
        SecretShape::Token => "with a token",
    }
}

fn hint(cause: Cause, spoken: Spoken, scenario: &Scenario) -> String {
    match cause {
        Cause::BadCredentials => ": give it a name and password of the scenario, and try again".to_owned(),
        Cause::TokenInvalid | Cause::TokenWrongUser => {
            ": give it a token of the scenario, and try again".to_owned()
        }
        Cause::TlsRequired => format!(": it is sent without TLS; {}", absent::starttls(spoken, scenario)),
        Cause::MechanismUnsupported => absent::offers(spoken, scenario)
            .map_or_else(String::new, |offer| format!(": this tenant offers {}", offer.listed())),
        _ => String::new(),
    }
}

/// Whether nothing that the device offered reaches the floor.
pub(super) fn too_old(connections: &[&Connection], floor: Floor) -> bool {
    let hellos = || connections.iter().filter_map(|connection| connection.tls.as_ref()?.hello.as_ref());
    let reaches = |version: &String| match floor {
        Floor::Tls12 => matches!(version.as_str(), "1.2" | "1.3"),
        Floor::Tls13 => version == "1.3",
    };
    hellos().next().is_some() && !hellos().any(|hello| hello.versions.iter().any(reaches))
}

/// YYYY-MM-DD of a moment.
pub(super) fn day(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(moment::from_unix);
    moment.map(|moment| moment.date().to_string()).unwrap_or_default()
}
