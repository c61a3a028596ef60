//! Autodiscover (MS-OXDISCO): where a mailbox's services are, in three forms.
//!
//! [`pox`] is plain XML and what every server has, [`soap`] its successor, [`json`] the second version, which asks
//! for no credentials. All say the same: places found, another address or URL to ask, or a complaint. [`Trail`] holds
//! the rules for following.

use super::answer::{self, Words};
use super::{Reading, Service, Subject, Verdict};
use crate::model::{Endpoint, HttpRequest, HttpResponse, Protocol, Trouble};

pub mod json;
pub mod pox;
pub mod soap;
mod trail;

pub use trail::{Halt, Hop, MOST_HOPS, Trail};

/// Places of one answer that are kept.
const MOST_FOUND: usize = 32;

/// One place of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is spoken there.
    pub protocol: Protocol,
    /// Where: `https://...` for HTTP services, `imaps://host:port` and the like for the others. Harmless.
    pub url: String,
    /// Which part of the answer says so: `EXCH`, `MobileSync`, `ExternalEwsUrl`.
    pub source: &'static str,
}

/// Where to ask instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pointer {
    /// About another address, from the beginning.
    Address(String),
    /// At another URL.
    Url(String),
}

/// What the service has to object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Its code: `500`, `InvalidUser`, `ProtocolNotSupported`. Harmless.
    pub code: String,
    /// Its sentence. Harmless.
    pub message: String,
}

/// What one answer says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discovery {
    /// Places, in the order of the answer, each once.
    pub found: Vec<Found>,
    /// Where to ask instead.
    pub pointer: Option<Pointer>,
    /// What stands in the way.
    pub complaint: Option<Complaint>,
}

impl Discovery {
    /// Adds an HTTP service, if this is the address of one.
    fn web(&mut self, protocol: Protocol, url: &str, source: &'static str) {
        let address = url::Url::parse(url.trim()).ok();
        if address.is_some_and(|address| matches!(address.scheme(), "https" | "http") && address.has_host()) {
            self.add(Found { protocol, url: answer::told(url), source });
        }
    }

    /// Adds a line protocol by host, port and encryption (MS-OXDSCLI section 2.2.4.1.1.2: `SSL`, `TLS`, `None`).
    fn line(
        &mut self,
        protocol: Protocol,
        host: &str,
        port: Option<&str>,
        encryption: &str,
        source: &'static str,
    ) {
        let suffix = match encryption.to_ascii_lowercase().as_str() {
            "none" | "off" => "+plain",
            "tls" => "",
            _ => "s",
        };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let url = format!("{protocol}{suffix}://{host}{port}");
        if let Ok(endpoint) = url.parse::<Endpoint>() {
            self.add(Found { protocol, url: endpoint.url(), source });
        }
    }

    fn add(&mut self, found: Found) {
        let known = self.found.iter().any(|f| (f.protocol, &f.url) == (found.protocol, &found.url));
        if !known && self.found.len() < MOST_FOUND {
            self.found.push(found);
        }
    }

    fn complain(&mut self, code: &str, message: &str) {
        self.complaint = Some(Complaint { code: answer::told(code), message: answer::told(message) });
    }
}

/// The service behind `/autodiscover/autodiscover.xml`, asked as Outlook asks it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Autodiscover;

impl Service for Autodiscover {
    fn protocol(&self) -> Protocol {
        Protocol::Autodiscover
    }

    fn advertisement(&self, subject: &Subject) -> HttpRequest {
        self.login(subject)
    }

    fn login(&self, subject: &Subject) -> HttpRequest {
        pox::request(subject, pox::Schema::Outlook)
    }

    fn read_login(&self, response: &HttpResponse) -> Reading {
        if let Some(verdict) = answer::by_status(response) {
            return answer::reading(response, verdict, Words::default());
        }
        match pox::read(&response.body) {
            Ok(discovery) => {
                let (verdict, words) = judge(discovery);
                answer::reading(response, verdict, words)
            }
            Err(flaw) => answer::reading(response, answer::unread(response, flaw), Words::default()),
        }
    }
}

/// Settings are no mailbox that opened: they show that the login was taken.
fn judge(discovery: Discovery) -> (Verdict, Words) {
    let Discovery { found, pointer, complaint } = discovery;
    let mut words = Words::default();
    let told = !found.is_empty();
    for Found { protocol, url, .. } in found {
        let name = match protocol {
            Protocol::Ews => "discovered-ews",
            Protocol::ActiveSync => "discovered-activesync",
            Protocol::Imap => "discovered-imap",
            Protocol::Pop3 => "discovered-pop3",
            Protocol::Smtp => "discovered-smtp",
            Protocol::Autodiscover => "discovered-autodiscover",
            // No answer of this service names the others.
            _ => continue,
        };
        words.facts.push((name, url));
    }
    let verdict = match (&complaint, pointer) {
        (Some(complaint), _) => match complaint.code.as_str() {
            // MS-OXDSCLI section 2.2.4.1.1.3.2: no such address, no options for it, broken options.
            "500" | "501" | "602" => Verdict::Shut,
            // An internal error.
            "603" => Verdict::Passing,
            // 600 and 601 are about the request.
            _ => Verdict::Accepted,
        },
        (None, Some(Pointer::Address(to) | Pointer::Url(to))) => Verdict::Redirect { to },
        (None, None) if told => Verdict::Accepted,
        // The settings were asked for, and a success has none.
        (None, None) => Verdict::Unclear { cause: Trouble::ProtocolViolation },
    };
    if let Some(Complaint { code, message }) = complaint {
        (words.code, words.text) = (Some(code), Some(message));
    }
    (verdict, words)
}

#[cfg(test)]
#[path = "autodiscover_tests.rs"]
mod tests;
