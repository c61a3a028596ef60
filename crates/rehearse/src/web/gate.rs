//! From a request to the tenant's decision, and from a refusal to an answer: the same for every service.

use mailprobe_probes::model::{Cause, Protocol};

use super::super::{Bench, Presented, Ruling, Words};
use super::credentials::Shown;
use super::wording;
use super::{Request, Response, Site};

/// What every service needs to answer.
pub(super) struct Visit<'a> {
    pub(super) bench: &'a dyn Bench,
    pub(super) site: &'a Site,
    pub(super) request: &'a Request,
}

/// A login that was taken.
pub(super) struct Admitted {
    /// The mailbox's address.
    pub(super) mailbox: String,
    /// Why it does not open, where it does not.
    pub(super) shut: Option<Cause>,
}

impl Visit<'_> {
    /// Asks the tenant. `named` is the mailbox that the request names beside a token.
    pub(super) fn admit(&self, protocol: Protocol, named: Option<&str>) -> Result<Admitted, Response> {
        let shown = Shown::of(self.request);
        let presented = shown.presented(named);
        let Ruling { cause, mailbox, shut } = self.bench.rule(protocol, &presented);
        let nothing = matches!(presented, Presented::Nothing);
        match cause {
            // Nobody is logged in by nothing.
            Cause::Accepted | Cause::Informational if nothing => {
                Err(self.refuse(protocol, Cause::NotAuthenticated, &shown))
            }
            Cause::Accepted => Ok(Admitted { mailbox: mailbox.unwrap_or_default(), shut }),
            cause => Err(self.refuse(protocol, cause, &shown)),
        }
    }

    /// The answer for this cause, in the scenario's words where it has some.
    fn refuse(&self, protocol: Protocol, cause: Cause, shown: &Shown) -> Response {
        let own = self.bench.words(protocol, cause);
        let words = if own.status.is_some() { own } else { wording::usual(self.site, protocol, cause) };
        let token = matches!(shown.presented(None), Presented::Token { .. });
        let mut response = said(words).ruled(protocol, cause);
        if response.status == 401 && response.header("WWW-Authenticate").is_none() {
            let challenges = self.site.challenges(protocol, shown.is_bearer(), token);
            response.headers.extend(challenges.into_iter().map(|c| ("WWW-Authenticate".to_owned(), c)));
        }
        response
    }

    /// The usual answer for a cause that is not about the login.
    pub(super) fn say(&self, protocol: Protocol, cause: Cause) -> Response {
        let own = self.bench.words(protocol, cause);
        let words = if own.status.is_some() { own } else { wording::usual(self.site, protocol, cause) };
        said(words).ruled(protocol, cause)
    }

    /// The fields that Exchange's front end adds to every answer (MicrosoftDocs/office-developer-exchange-docs,
    /// `instrumenting-client-requests-for-ews-and-rest-in-exchange.md`).
    pub(super) fn stamped(&self, mut response: Response) -> Response {
        let status = response.status.to_string();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() && response.header(name).is_none() {
                response.headers.push((name.to_owned(), value.to_owned()));
            }
        };
        add("request-id", &self.request.id);
        let asked = self.request.header("return-client-request-id");
        if asked.is_some_and(|asked| asked.trim().eq_ignore_ascii_case("true"))
            && let Some(id) = self.request.header("client-request-id").filter(|id| is_plain(id))
        {
            add("client-request-id", id);
        }
        add("X-FEServer", &self.site.front_end);
        add("X-BEServer", &self.site.back_end);
        add("X-CalculatedBETarget", &self.site.back_end);
        add("X-BackEndHttpStatus", &status);
        response
    }
}

/// Only what cannot be anything but an id is sent back.
fn is_plain(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.{}".contains(&b))
}

fn said(words: Words) -> Response {
    let Words { status, text, headers, body, delay_ms, closes, .. } = words;
    Response {
        status: status.unwrap_or(401),
        reason: Some(text).filter(|text| !text.is_empty()),
        headers,
        body: body.into_bytes(),
        delay_ms,
        closes,
        ruled: None,
        note: None,
    }
}
