//! SMTP submission (RFC 5321, RFC 6409) with AUTH (RFC 4954), STARTTLS (RFC 3207) and enhanced status codes
//! (RFC 2034, RFC 3463).

mod reply;

use std::collections::VecDeque;

use super::foreign::{foreign, quote};
use super::line::with_initial;
use super::{Dialect, Flight, Frame, Greeting, Heard, Limits};
use crate::model::{Command, Kind, Login, Method, Offer, Protocol, Reply, Skip, Status};

/// The longest command line that every server takes (RFC 5321 section 4.5.3.1.4), octets, its end included.
/// RFC 4954 wants 12,288 for AUTH; servers that stop earlier say `500 Line too long`.
const LONGEST_LINE: usize = 512;

/// What EHLO says where nobody gives a name: an address literal is always allowed (RFC 5321 section 4.1.1.1) and
/// tells nothing about this machine.
pub const NOBODY: &str = "[127.0.0.1]";

/// SMTP on one connection.
#[derive(Debug)]
pub struct Smtp {
    /// What the client calls itself.
    name: String,
    /// Whether the pending answer is one to EHLO.
    listing: bool,
    fresh: Option<Vec<String>>,
}

impl Smtp {
    /// SMTP on a new connection, with the name that goes with EHLO.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), listing: false, fresh: None }
    }

    /// A framed reply: its code, and its words.
    pub fn reply(unit: &[u8]) -> Option<(u16, Reply)> {
        reply::reply(unit)
    }
}

impl Default for Smtp {
    fn default() -> Self {
        Self::new(NOBODY)
    }
}

impl Dialect for Smtp {
    fn protocol(&self) -> Protocol {
        Protocol::Smtp
    }

    fn frame(&self, buffer: &[u8], limits: &Limits) -> Frame {
        reply::frame(buffer, limits)
    }

    fn greeting(&mut self, unit: &[u8]) -> Greeting {
        match reply::reply(unit) {
            Some((220, reply)) => {
                // FTP greets with the same number; what follows tells.
                if reply.text.to_ascii_uppercase().contains("FTP") && !reply.text.contains("SMTP") {
                    return Greeting::Foreign("FTP");
                }
                Greeting::Ready
            }
            Some((400..=599, reply)) => Greeting::Goodbye(reply),
            _ => foreign(unit, Protocol::Smtp).map_or_else(
                || Greeting::Violation(format!("not an SMTP greeting: {}", quote(unit))),
                Greeting::Foreign,
            ),
        }
    }

    fn read(&mut self, unit: &[u8]) -> Heard {
        let listing = std::mem::take(&mut self.listing);
        let Some((code, reply)) = reply::reply(unit) else {
            return Heard::Violation(format!("not an SMTP reply: {}", quote(unit)));
        };
        match code {
            334 => Heard::Continue(reply::last_text(unit).to_vec()),
            421 => Heard::Final(Status::Bye, reply),
            200..=299 => {
                if listing {
                    self.fresh = Some(reply::keywords(unit));
                }
                Heard::Final(Status::Yes, reply)
            }
            400..=599 => {
                if listing && (500..=504).contains(&code) {
                    // A server that does not know EHLO offers no extension, AUTH least of all. One that says no
                    // for another reason has not said what it offers.
                    self.fresh = Some(Vec::new());
                }
                Heard::Final(Status::No, reply)
            }
            _ => Heard::Violation(format!("a reply code without a meaning here: {}", quote(unit))),
        }
    }

    fn fresh_capabilities(&mut self) -> Option<Vec<String>> {
        self.fresh.take()
    }

    fn offers(&self, capabilities: &[String]) -> Vec<Offer> {
        let mut offers = Vec::new();
        for line in capabilities {
            // `AUTH PLAIN LOGIN`, and the form of the draft that old servers and clients know: `AUTH=LOGIN`.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            if words.next().is_some_and(|word| word.eq_ignore_ascii_case("AUTH")) {
                offers.extend(words.map(|word| Offer { token: word.to_owned(), method: Method::sasl(word) }));
            }
        }
        offers
    }

    fn capability(&mut self) -> Command {
        self.listing = true;
        Command::clear(format!("EHLO {}\r\n", self.name))
    }

    fn offers_starttls(&self, capabilities: &[String]) -> bool {
        capabilities.iter().any(|line| line.trim().eq_ignore_ascii_case("STARTTLS"))
    }

    fn starttls(&mut self) -> Command {
        Command::clear("STARTTLS\r\n")
    }

    fn initial_response_limit(&self, mechanism: &str, _kind: Kind, _capabilities: &[String]) -> usize {
        LONGEST_LINE.saturating_sub("AUTH  \r\n".len() + mechanism.len())
    }

    fn authenticate(&mut self, mechanism: &str, initial: Option<Command>) -> Command {
        let command = Command::clear(format!("AUTH {mechanism}"));
        with_initial(command, initial)
    }

    fn login_methods(&self) -> &'static [Method] {
        &[]
    }

    fn login(&mut self, _: &Method, _: &Login, _: &[String]) -> Result<VecDeque<Flight>, Skip> {
        Err(Skip::Unimplemented)
    }

    fn logout(&mut self) -> Command {
        Command::clear("QUIT\r\n")
    }
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
