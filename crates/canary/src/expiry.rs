//! What ends at a known time, told ahead of it: certificates of servers, tokens that nobody renews, client secrets whose end
//! somebody has written down. Pure: it remembers what was told, and the history remembers it.
//!
//! A certificate is told once for its host, however many mailboxes are behind it. Each is told when its end comes near,
//! again in its last days, and once more when it has been renewed.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailprobe_probes::model::{Report, Secret, moment};
use serde::{Deserialize, Serialize};

use super::alert::Expiring;
use super::schedule::micros;
use super::view::Micros;

/// The last days, in which a second notice is due.
const LAST: Micros = 3 * 86_400 * 1_000_000;
/// Tokens live for hours; one that has less than this part of its life left was not renewed.
const PART: Micros = 10;

/// Something that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What kind of thing.
    pub what: Expiring,
    /// Its name.
    pub name: String,
    /// When.
    pub at: Micros,
    /// How long before that it is told.
    pub ahead: Micros,
    /// How it is renewed.
    pub remedy: String,
}

/// What is to be told of an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Of what.
    pub end: End,
    /// Whether it has been renewed.
    pub renewed: bool,
    /// What the history remembers: its name there, and its value.
    pub note: (String, String),
}

/// How near an end was when it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Near {
    Far,
    Soon,
    Last,
    Over,
}

/// What was told.
#[derive(Debug, Clone, Default)]
pub struct Ends {
    told: BTreeMap<String, Near>,
}

/// How the names of its notes begin.
pub const NOTES: &str = "expiry:";

impl Ends {
    /// As the history remembers it.
    pub fn restored(notes: impl IntoIterator<Item = (String, String)>) -> Self {
        let near = |(name, value): (String, String)| Some((name, serde_json::from_str(&value).ok()?));
        Self { told: notes.into_iter().filter_map(near).collect() }
    }

    /// Whether there is something to tell of an end.
    pub fn look(&mut self, end: End, now: Micros) -> Option<Told> {
        let name = format!("{NOTES}{}:{}", end.what.words(), end.name);
        let left = end.at.saturating_sub(now);
        let near = match left {
            left if left <= 0 => Near::Over,
            left if left <= LAST.min(end.ahead / 2) => Near::Last,
            left if left <= end.ahead => Near::Soon,
            _ => Near::Far,
        };
        let before = self.told.get(&name).copied().unwrap_or(Near::Far);
        // Nearer, or far again: what only wobbles at the border is told once.
        if near == before || (near < before && near != Near::Far) {
            return None;
        }
        self.told.insert(name.clone(), near);
        let note = (name, serde_json::to_string(&near).unwrap_or_default());
        Some(Told { renewed: near == Near::Far, end, note })
    }
}

/// The certificates of a report, each by host and port: the one that ends first in each chain.
pub fn certificates(report: &Report, ahead: Duration) -> Vec<End> {
    let of_endpoint = |endpoint: &mailprobe_probes::model::EndpointReport| {
        let chain = endpoint.tls.as_ref()?.chain.iter();
        let ends = chain.filter_map(|one| moment::parse(&one.not_after));
        Some(End {
            what: Expiring::Certificate,
            name: format!("{}:{}", endpoint.host, endpoint.port),
            at: moment::to_unix(ends.min()?).saturating_mul(1_000_000),
            ahead: micros(ahead),
            remedy: "renew the server's certificate, or have a look at what should do that by itself"
                .to_owned(),
        })
    };
    report.endpoints.iter().filter_map(of_endpoint).collect()
}

/// The end of a token, as it says itself (RFC 7519 section 4.1.4). Tokens that are no JWT say nothing.
pub fn token(target: &str, secret: &Secret, ahead: Duration) -> Option<End> {
    #[derive(Deserialize)]
    struct Claims {
        exp: f64,
        iat: Option<f64>,
    }
    let text = std::str::from_utf8(secret.expose()).ok()?;
    let body = text.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
    let span = |seconds: f64| Duration::try_from_secs_f64(seconds).ok().map(micros);
    let at = span(claims.exp)?;
    let life = claims.iat.and_then(span).map_or(micros(ahead), |begin| at.saturating_sub(begin));
    Some(End {
        what: Expiring::Token,
        name: target.to_owned(),
        at,
        ahead: micros(ahead).min(life / PART),
        remedy: "get a new token where this one came from, or let a command (token_command) do it".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Micros = 86_400 * 1_000_000;

    fn end(at: Micros) -> End {
        End {
            what: Expiring::Certificate,
            name: "a.test:993".into(),
            at,
            ahead: 30 * DAY,
            remedy: String::new(),
        }
    }

    /// The days on which something is told, and whether it is that all is well again.
    fn told(looks: impl IntoIterator<Item = (Micros, Micros)>) -> Vec<(Micros, bool)> {
        let mut ends = Ends::default();
        let day = |(day, until)| ends.look(end(until * DAY), day * DAY).map(|told| (day, told.renewed));
        looks.into_iter().filter_map(day).collect()
    }

    #[test]
    fn an_end_is_told_when_it_comes_near_in_the_last_days_and_when_it_is_there() {
        let looks = (0..=101).map(|day| (day, 100));
        assert_eq!(told(looks), [(70, false), (97, false), (100, false)]);
    }

    #[test]
    fn a_renewal_is_told_and_the_next_end_too() {
        let looks = (0..=80).map(|day| (day, if day < 75 { 100 } else { 110 }));
        assert_eq!(told(looks), [(70, false), (75, true), (80, false)]);
        assert_eq!(told([(1, 100), (2, 200)]), [], "what was never told needs no end");
    }

    #[test]
    fn what_was_told_is_remembered_over_a_restart() {
        let first = Ends::default().look(end(100 * DAY), 80 * DAY).unwrap();
        let mut again = Ends::restored([first.note]);
        assert_eq!(again.look(end(100 * DAY), 81 * DAY), None);
        assert!(again.look(end(100 * DAY), 99 * DAY).is_some());
    }

    #[test]
    fn a_token_is_told_when_nobody_renews_it() {
        let jwt = |claims: serde_json::Value| {
            Secret::new(format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string())))
        };
        let hourly =
            token("sales", &jwt(serde_json::json!({"iat": 0, "exp": 3600})), Duration::from_secs(86_400));
        let hourly = hourly.unwrap();
        assert_eq!((hourly.at, hourly.ahead), (3_600_000_000, 360_000_000), "a tenth of its hour");
        assert_eq!(token("sales", &Secret::new("opaque"), Duration::from_secs(1)), None);
        assert_eq!(token("sales", &jwt(serde_json::json!({"exp": -5.0})), Duration::from_secs(1)), None);
    }
}
