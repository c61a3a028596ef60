//! Will it go on working? What was tried is held against every date of the service: each login was judged for all of
//! them when it came.

use mailprobe_probes::model::Cause;
use serde::Serialize;
use time::OffsetDateTime;

use super::{Connection, Ended, LoginTry, SecretShape, Spoken};
use crate::rehearse::House;
use crate::rehearse::scenario::Floor;

/// The judgement over one protocol of one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it works today.
    pub works_today: Option<bool>,
    /// The day it stops, YYYY-MM-DD, where it works today and that is known.
    pub stops: Option<String>,
    /// In words.
    pub sentence: String,
}

/// Judges the connections of one device over one protocol. `today` is YYYY-MM-DD.
pub(super) fn judge(connections: &[&Connection], house: &House, today: &str) -> Verdict {
    let logins: Vec<&LoginTry> = connections.iter().flat_map(|connection| &connection.logins).collect();
    if connections.iter().any(|connection| connection.spoken == Spoken::Tokens) {
        return tokens(connections);
    }
    let Some(last) = logins.last() else {
        return Verdict { works_today: None, stops: None, sentence: without(connections) };
    };
    let since = |at: usize| house.dates.get(at).and_then(|tenant| tenant.scenario().since.as_deref());
    let now = (0..house.dates.len()).rev().find(|at| since(*at).is_some_and(|since| since <= today));
    let Some(now) = now else { return here(&logins, last) };
    let works = |at: usize| {
        let old =
            house.dates.get(at).is_some_and(|tenant| too_old(connections, tenant.scenario().tls.minimum));
        !old && logins.iter().any(|tried| tried.dates.get(at) == Some(&Cause::Accepted))
    };
    let reason = |at: usize| {
        let why = logins.iter().find_map(|tried| Some((tried, *tried.dates.get(at)?)));
        why.map_or_else(
            || format!("no login of this kind is known there ({})", last.method),
            |(tried, cause)| format!("{} {} is refused from then on ({cause})", tried.method, with(tried)),
        )
    };
    if !works(now) {
        let tried = logins.iter().find(|tried| !tried.dates.is_empty()).unwrap_or(last);
        let cause = tried.dates.get(now).copied().unwrap_or(tried.cause);
        let sentence = format!(
            "does not work today: {} {} is refused ({cause}){}",
            tried.method,
            with(tried),
            hint(cause)
        );
        return Verdict { works_today: Some(false), stops: None, sentence };
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

/// Of the token endpoint.
fn tokens(connections: &[&Connection]) -> Verdict {
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
fn here(logins: &[&LoginTry], last: &LoginTry) -> Verdict {
    if let Some(tried) = logins.iter().find(|tried| tried.opened()) {
        let sentence = format!("works in this scenario: {} {} opens the mailbox", tried.method, with(tried));
        return Verdict { works_today: Some(true), stops: None, sentence };
    }
    let cause = last.shut.unwrap_or(last.cause);
    let sentence = format!(
        "does not work in this scenario: {} {} is refused ({cause}){}",
        last.method,
        with(last),
        hint(cause)
    );
    Verdict { works_today: Some(false), stops: None, sentence }
}

/// Where no login came.
fn without(connections: &[&Connection]) -> String {
    let ended = |wanted: fn(&Ended) -> bool| {
        connections.iter().any(|connection| connection.tls.as_ref().is_some_and(|tls| wanted(&tls.ended)))
    };
    let text = if ended(|ended| matches!(ended, Ended::CertificateRefused { .. })) {
        "came to no login: it does not trust the certificate (--ca-out writes the authority to install on it)"
    } else if ended(|ended| matches!(ended, Ended::NothingInCommon { .. })) {
        "came to no login: its TLS has nothing in common with the server's"
    } else if ended(|ended| matches!(ended, Ended::Abandoned)) {
        "came to no login: it left during the handshake, perhaps over the certificate"
    } else if connections.iter().any(|connection| connection.tls.is_some()) {
        "presented no login"
    } else {
        "presented no login, and did not begin TLS"
    };
    text.to_owned()
}

const fn with(tried: &LoginTry) -> &'static str {
    match tried.secret {
        SecretShape::Nothing => "without credentials",
        SecretShape::Password => "with a password",
        SecretShape::Token => "with a token",
    }
}

const fn hint(cause: Cause) -> &'static str {
    match cause {
        Cause::BadCredentials => ": give it a name and password of the scenario, and try again",
        Cause::TokenInvalid | Cause::TokenWrongUser => ": give it a token of the scenario, and try again",
        _ => "",
    }
}

/// Whether nothing that the device offered reaches the floor.
fn too_old(connections: &[&Connection], floor: Floor) -> bool {
    let hellos = || connections.iter().filter_map(|connection| connection.tls.as_ref()?.hello.as_ref());
    let reaches = |version: &String| match floor {
        Floor::Tls12 => matches!(version.as_str(), "1.2" | "1.3"),
        Floor::Tls13 => version == "1.3",
    };
    hellos().next().is_some() && !hellos().any(|hello| hello.versions.iter().any(reaches))
}

/// YYYY-MM-DD of a moment.
pub(super) fn day(seconds: u64) -> String {
    let moment =
        i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.map(|moment| moment.date().to_string()).unwrap_or_default()
}
