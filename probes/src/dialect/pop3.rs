//! POP3 (RFC 1939) with its extensions: CAPA and response codes (RFC 2449), STLS (RFC 2595), AUTH (RFC 5034).

mod answer;

use std::collections::VecDeque;
use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use super::foreign::{foreign, quote};
use super::line::with_initial;
use super::{Dialect, Flight, Frame, Greeting, Heard, Limits, Until};
use crate::model::{Command, Kind, Login, Method, Offer, Protocol, Skip, Status, Trouble};

/// Longest command line of RFC 5034 section 4, octets, its end included.
const LONGEST_LINE: usize = 255;

/// POP3 on one connection.
#[derive(Debug, Default)]
pub struct Pop3 {
    /// The timestamp of the greeting, with its angle brackets: what APOP digests (RFC 1939 section 7).
    timestamp: Option<String>,
    /// Whether the pending answer is a list where it is a yes.
    listing: bool,
    fresh: Option<Vec<String>>,
}

impl Pop3 {
    /// POP3 on a new connection.
    pub fn new() -> Self {
        Self::default()
    }

    fn line(&mut self, text: &str) -> Command {
        self.listing = text == "CAPA";
        Command::clear(format!("{text}\r\n"))
    }
}

/// The words of the capability with this name, in any case.
fn capability<'a>(capabilities: &'a [String], name: &str) -> Option<impl Iterator<Item = &'a str>> {
    capabilities.iter().find_map(|line| {
        let mut words = line.split_ascii_whitespace();
        words.next()?.trim_end_matches(',').eq_ignore_ascii_case(name).then_some(words)
    })
}

impl Dialect for Pop3 {
    fn protocol(&self) -> Protocol {
        Protocol::Pop3
    }

    fn frame(&self, buffer: &[u8], limits: &Limits) -> Frame {
        answer::frame(buffer, self.listing, limits)
    }

    fn greeting(&mut self, unit: &[u8]) -> Greeting {
        match answer::reply(unit) {
            Some((Status::Yes, reply)) => {
                self.timestamp = answer::timestamp(&reply.text).map(str::to_owned);
                Greeting::Ready
            }
            Some((_, reply)) => Greeting::Goodbye(reply),
            None => foreign(unit, Protocol::Pop3).map_or_else(
                || Greeting::Violation(format!("not a POP3 greeting: {}", quote(unit))),
                Greeting::Foreign,
            ),
        }
    }

    fn read(&mut self, unit: &[u8]) -> Heard {
        let listing = std::mem::take(&mut self.listing);
        if let Some((status, reply)) = answer::reply(unit) {
            if listing && !reply.has_transient_code() {
                // No CAPA at all says the same as an empty list: nothing is known to be offered.
                self.fresh = Some(answer::list(unit, status));
            }
            return Heard::Final(status, reply);
        }
        match answer::continuation(unit) {
            Some(text) => Heard::Continue(text.to_vec()),
            None => Heard::Violation(format!("not a POP3 answer: {}", quote(unit))),
        }
    }

    fn fresh_capabilities(&mut self) -> Option<Vec<String>> {
        self.fresh.take()
    }

    fn offers(&self, capabilities: &[String]) -> Vec<Offer> {
        let mut offers = Vec::new();
        for line in capabilities {
            let mut words = line.split_ascii_whitespace().map(|word| word.trim_end_matches(','));
            let name = words.next().unwrap_or_default();
            if name.eq_ignore_ascii_case("SASL") {
                offers.extend(words.map(|word| Offer { token: word.to_owned(), method: Method::sasl(word) }));
            } else if name.eq_ignore_ascii_case("USER") {
                offers.push(Offer { token: line.clone(), method: Method::UserPass });
            }
        }
        if let Some(timestamp) = &self.timestamp {
            offers.push(Offer { token: timestamp.clone(), method: Method::Apop });
        }
        offers
    }

    fn capability(&mut self) -> Command {
        self.line("CAPA")
    }

    fn offers_starttls(&self, capabilities: &[String]) -> bool {
        capability(capabilities, "STLS").is_some()
    }

    fn starttls(&mut self) -> Command {
        self.line("STLS")
    }

    fn initial_response_limit(&self, mechanism: &str, kind: Kind, capabilities: &[String]) -> usize {
        // Exchange closes the connection on a token in the AUTH line: tokens go in two steps. For the rest,
        // servers that list SASL mechanisms know RFC 5034 and with it the initial response.
        if kind == Kind::Token || capability(capabilities, "SASL").is_none() {
            return 0;
        }
        LONGEST_LINE.saturating_sub("AUTH  \r\n".len() + mechanism.len())
    }

    fn authenticate(&mut self, mechanism: &str, initial: Option<Command>) -> Command {
        self.listing = false;
        let command = Command::clear(format!("AUTH {mechanism}"));
        with_initial(command, initial)
    }

    fn login_methods(&self) -> &'static [Method] {
        &[Method::UserPass, Method::Apop]
    }

    fn tried_unadvertised(&self, method: &Method) -> bool {
        // APOP without a timestamp has nothing to digest.
        *method == Method::UserPass
    }

    fn login(&mut self, method: &Method, login: &Login, _: &[String]) -> Result<VecDeque<Flight>, Skip> {
        if !self.login_methods().contains(method) {
            return Err(Skip::Unimplemented);
        }
        let password = login.password.as_ref().ok_or(Skip::NoPassword)?;
        let breaks = |bytes: &[u8]| bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
        if breaks(login.authcid.as_bytes()) || breaks(password.expose()) {
            return Err(Skip::Unrepresentable);
        }
        self.listing = false;
        let user = &login.authcid;
        if *method == Method::Apop {
            // A blank ends the name in APOP's line.
            if user.contains(' ') {
                return Err(Skip::Unrepresentable);
            }
            let timestamp = self.timestamp.as_ref().ok_or(Skip::NotAdvertised)?;
            let mut digest = Md5::new();
            digest.update(timestamp.as_bytes());
            digest.update(password.expose());
            let hex = digest.finalize().iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            let command = Command::clear(format!("APOP {user} ")).and_secret(hex, "APOP digest").and("\r\n");
            return Ok(VecDeque::from([Flight { command, until: Until::Success }]));
        }
        let label = format!("password {} chars", password.chars());
        let pass = Command::clear("PASS ").and_secret(password.expose(), label).and("\r\n");
        Ok(VecDeque::from([
            Flight { command: Command::clear(format!("USER {user}\r\n")), until: Until::Success },
            Flight { command: pass, until: Until::Success },
        ]))
    }

    fn logout(&mut self) -> Command {
        self.line("QUIT")
    }
}

#[cfg(test)]
#[path = "pop3_tests.rs"]
mod tests;
