//! What a question of the API may hold. What cannot be meant is answered 400 with the reason, never with an empty list, an error of
//! the database, or a guess.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;

use super::wrong;
use crate::view::Micros;

/// Most rows of an answer.
pub(super) const MOST: usize = 1_000;
/// Most stretches of an answer.
const STRETCHES: u32 = 500;
/// What the numbers of a question are, said to one that is none of these.
const SINCE: &str = "`since` is a moment between 1970 and now: write microseconds since 1970-01-01 UTC.";
const UNTIL: &str = "`until` is a moment since 1970: write microseconds since 1970-01-01 UTC.";
const BEFORE_ID: &str = "`before_id` is the number of a row, from 1.";
const LIMIT: &str = "`limit` is a number from 1; more than 1000 rows are never sent.";
const MANY_STRETCHES: &str = "`stretches` is a number from 1; more than 500 are never sent.";
const DAY: Micros = 86_400 * 1_000_000;

pub(super) fn now() -> Micros {
    Timestamp::now().as_microsecond()
}

/// A question, with every number in its bounds.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) target: Option<String>,
    pub(super) since: Option<Micros>,
    pub(super) until: Option<Micros>,
    pub(super) before_id: Option<i64>,
    limit: Option<usize>,
    stretches: Option<u32>,
}

impl Asked {
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(100).min(MOST)
    }

    pub(super) fn stretches(&self) -> u32 {
        self.stretches.unwrap_or(96).min(STRETCHES)
    }

    pub(super) fn since(&self) -> Micros {
        self.since.unwrap_or_else(|| now().saturating_sub(7 * DAY))
    }

    /// What was asked, by name. Names that mean nothing here are let be.
    fn read(pairs: Vec<(String, String)>) -> Result<Self, String> {
        let mut asked = Self::default();
        for (name, value) in pairs {
            let again = match name.as_str() {
                "target" => asked.target.replace(value).is_some(),
                "since" => asked.since.replace(number(&value, SINCE)?).is_some(),
                "until" => asked.until.replace(number(&value, UNTIL)?).is_some(),
                "before_id" => asked.before_id.replace(number(&value, BEFORE_ID)?).is_some(),
                "limit" => asked.limit.replace(number(&value, LIMIT)?).is_some(),
                "stretches" => asked.stretches.replace(number(&value, MANY_STRETCHES)?).is_some(),
                _ => false,
            };
            if again {
                return Err(format!("`{name}` is there twice."));
            }
        }
        Ok(asked)
    }

    fn check(&self, now: Micros) -> Result<(), &'static str> {
        let told = |wrong: bool, words| if wrong { Err(words) } else { Ok(()) };
        let is = |value: Option<i64>, wrong: &dyn Fn(i64) -> bool| value.is_some_and(wrong);
        told(
            is(self.since, &|since| since < 0),
            "`since` is before 1970: write microseconds since 1970-01-01 UTC.",
        )?;
        told(
            is(self.since, &|since| since > now),
            "`since` is later than now: write microseconds since 1970-01-01 UTC.",
        )?;
        told(
            is(self.until, &|until| until < 0),
            "`until` is before 1970: write microseconds since 1970-01-01 UTC.",
        )?;
        let order = self.since.zip(self.until).is_some_and(|(since, until)| until <= since);
        told(order, "`until` is not later than `since`.")?;
        told(is(self.before_id, &|id| id < 1), BEFORE_ID)?;
        told(self.limit == Some(0), LIMIT)?;
        told(self.stretches == Some(0), MANY_STRETCHES)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let refused = |why: &str| wrong(StatusCode::BAD_REQUEST, why);
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(pairs) =
            pairs.map_err(|_| refused("The question cannot be read: write ?name=value&name=value."))?;
        let asked = Self::read(pairs).map_err(|why| refused(&why))?;
        asked.check(now()).map_err(refused)?;
        Ok(asked)
    }
}

fn number<T: FromStr>(text: &str, what: &str) -> Result<T, String> {
    text.parse().map_err(|_| what.to_owned())
}

/// A name in a path.
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(_) => Err(wrong(
                StatusCode::BAD_REQUEST,
                "The path cannot be read: names stand in it percent-encoded, in UTF-8.",
            )),
        }
    }
}

/// The number of a visit in a path.
pub(super) struct Numbered(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Named(text) = Named::from_request_parts(parts, state).await?;
        let number = text.parse().ok().filter(|number| *number > 0);
        number.map(Self).ok_or_else(|| {
            let why = format!("`{text}` is not the number of a visit: those are whole numbers from 1.");
            wrong(StatusCode::BAD_REQUEST, &why)
        })
    }
}
