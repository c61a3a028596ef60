//! IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051): tags, untagged lines, response codes, literals.
//!
//! It reads what is needed to log in and to know what is offered. Mailbox data is read by async-imap,
//! later, on the same stream.

mod frame;
mod login;
#[cfg(any(feature = "net", test))]
mod nesting;
mod response;

use std::collections::VecDeque;

use super::foreign::{foreign, quote};
use super::line::with_initial;
use super::{Dialect, Flight, Frame, Greeting, Heard, Limits};
use crate::model::{Command, Kind, Login, Method, Offer, Protocol, Skip};
use response::{Response, Tag};

/// IMAP on one connection.
#[derive(Debug, Default)]
pub struct Imap {
    tags: u32,
    pending: String,
    fresh: Option<Vec<String>>,
}

impl Imap {
    /// IMAP on a new connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// IMAP on a connection where the command with this tag is pending.
    #[cfg(any(feature = "net", test))]
    pub(crate) fn expecting(tag: &str) -> Self {
        Self { pending: tag.to_owned(), ..Self::default() }
    }

    /// How deep the lists of a framed response nest, where that is deeper than any real server's.
    #[cfg(any(feature = "net", test))]
    pub(crate) fn nests_too_deeply(unit: &[u8]) -> Option<usize> {
        Some(nesting::depth(unit)).filter(|depth| *depth > nesting::DEEPEST)
    }

    /// How much of a framed response is one by the grammar: of a sentence its line, whatever that announces.
    #[cfg(any(feature = "net", test))]
    pub(crate) fn by_the_grammar(unit: &[u8]) -> usize {
        let line = unit.iter().position(|octet| *octet == b'\n').map_or(unit.len(), |end| end + 1);
        if frame::is_sentence(unit.get(..line).unwrap_or(unit)) { line } else { unit.len() }
    }

    fn tagged(&mut self, rest: &str) -> Command {
        self.tags += 1;
        self.pending = format!("m{}", self.tags);
        Command::clear(format!("{} {rest}", self.pending))
    }

    fn note_capabilities(&mut self, response: &Response) {
        if let Some(list) = response.capabilities() {
            self.fresh = Some(list);
        }
    }
}

/// Whether a capability list has this word, in any case.
fn has(capabilities: &[String], word: &str) -> bool {
    capabilities.iter().any(|capability| capability.eq_ignore_ascii_case(word))
}

impl Dialect for Imap {
    fn protocol(&self) -> Protocol {
        Protocol::Imap
    }

    fn frame(&self, buffer: &[u8], limits: &Limits) -> Frame {
        frame::frame(buffer, limits)
    }

    fn greeting(&mut self, unit: &[u8]) -> Greeting {
        let Some(response) = Response::parse(unit) else {
            return foreign(unit, Protocol::Imap).map_or_else(
                || Greeting::Violation(format!("not an IMAP greeting: {}", quote(unit))),
                Greeting::Foreign,
            );
        };
        self.note_capabilities(&response);
        match (&response.tag, response.keyword.as_str()) {
            (Tag::Untagged, "OK") => Greeting::Ready,
            (Tag::Untagged, "PREAUTH") => Greeting::Preauthenticated,
            (Tag::Untagged, "BYE") => Greeting::Goodbye(response.reply()),
            _ => foreign(unit, Protocol::Imap).map_or_else(
                || Greeting::Violation(format!("not an IMAP greeting: {}", quote(unit))),
                Greeting::Foreign,
            ),
        }
    }

    fn read(&mut self, unit: &[u8]) -> Heard {
        let Some(response) = Response::parse(unit) else {
            return Heard::Violation(format!("not an IMAP response: {}", quote(unit)));
        };
        self.note_capabilities(&response);
        match &response.tag {
            Tag::Continuation => Heard::Continue(response.rest),
            Tag::Untagged if response.keyword == "BYE" => Heard::Goodbye(response.reply()),
            Tag::Untagged => Heard::Aside,
            Tag::Tagged(tag) if *tag == self.pending => match response.status() {
                Some(status) => Heard::Final(status, response.reply()),
                None => {
                    Heard::Violation(format!("the tagged answer is neither OK, NO nor BAD: {}", quote(unit)))
                }
            },
            Tag::Tagged(_) => Heard::Violation(format!(
                "an answer with another tag than {}, which is pending: {}",
                self.pending,
                quote(unit)
            )),
        }
    }

    fn fresh_capabilities(&mut self) -> Option<Vec<String>> {
        self.fresh.take()
    }

    fn offers(&self, capabilities: &[String]) -> Vec<Offer> {
        let mut offers = Vec::new();
        let login_disabled = has(capabilities, "LOGINDISABLED");
        let mut login_offered = false;
        for token in capabilities {
            let upper = token.to_ascii_uppercase();
            if let Some(mechanism) = upper.strip_prefix("AUTH=") {
                offers.push(Offer { token: token.clone(), method: Method::sasl(mechanism) });
            } else if matches!(upper.as_str(), "IMAP4REV1" | "IMAP4REV2") && !login_disabled && !login_offered
            {
                // LOGIN is part of the base protocol: offered unless LOGINDISABLED (RFC 9051 section 6.2.3).
                login_offered = true;
                offers.push(Offer { token: token.clone(), method: Method::LoginCommand });
            }
        }
        offers
    }

    fn capability(&mut self) -> Command {
        self.tagged("CAPABILITY\r\n")
    }

    fn offers_starttls(&self, capabilities: &[String]) -> bool {
        has(capabilities, "STARTTLS")
    }

    fn starttls(&mut self) -> Command {
        self.tagged("STARTTLS\r\n")
    }

    fn initial_response_limit(&self, _mechanism: &str, _kind: Kind, capabilities: &[String]) -> usize {
        // RFC 4959: only where advertised. Lines have no fixed bound in IMAP.
        if has(capabilities, "SASL-IR") { usize::MAX } else { 0 }
    }

    fn authenticate(&mut self, mechanism: &str, initial: Option<Command>) -> Command {
        let command = self.tagged(&format!("AUTHENTICATE {mechanism}"));
        with_initial(command, initial)
    }

    fn login_methods(&self) -> &'static [Method] {
        &[Method::LoginCommand]
    }

    fn login(
        &mut self,
        method: &Method,
        login: &Login,
        capabilities: &[String],
    ) -> Result<VecDeque<Flight>, Skip> {
        if *method != Method::LoginCommand {
            return Err(Skip::Unimplemented);
        }
        let password = login.password.as_ref().ok_or(Skip::NoPassword)?;
        let start = self.tagged("LOGIN ");
        login::flights(start, &login.authcid, password, login::Literals::offered(capabilities))
    }

    fn logout(&mut self) -> Command {
        self.tagged("LOGOUT\r\n")
    }
}

#[cfg(test)]
#[path = "imap_tests.rs"]
mod tests;
