//! The web side of a simulated tenant: EWS, `ActiveSync`, Autodiscover, and the doors of the other legacy clients.
//!
//! [`answer`] is sans-I/O: a request in, an answer out, the decision asked of the [`Bench`]. [`serve`] puts it behind a
//! socket. Nothing here stores anything: what a device acknowledged it has to show again, as with a real server.
//!
//! The tenant's words for an HTTP cause ([`Bench::words`]) are used where they have a status; else the usual ones with
//! their sources in `wording`.

mod activesync;
mod autodiscover;
mod credentials;
mod ews;
mod gate;
mod message;
mod seen;
pub mod serve;
mod site;
#[cfg(test)]
mod tests;
mod wording;

pub(super) use message::parameters;
pub use message::{Request, Response, Ruled};
pub use seen::{SecretKind, SecretSeen, Seen};
pub use site::{ActiveSyncSite, Bearer, BearerChallenge, OldVersion, Policy, Ports, Site};

use mailprobe_probes::model::{Cause, Protocol};

use super::Bench;
use gate::Visit;

/// The door that a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Ews,
    ActiveSync,
    AutodiscoverJson,
    AutodiscoverPox,
    AutodiscoverSoap,
    /// A client that only finds out whether it may come in.
    Other(Protocol),
}

/// Beginnings of paths, in lower case; the longer of two stands first.
const DOORS: &[(&str, Door)] = &[
    ("/ews/exchange.asmx", Door::Ews),
    ("/microsoft-server-activesync", Door::ActiveSync),
    ("/autodiscover/autodiscover.json", Door::AutodiscoverJson),
    ("/autodiscover/autodiscover.xml", Door::AutodiscoverPox),
    ("/autodiscover/autodiscover.svc", Door::AutodiscoverSoap),
    ("/mapi/", Door::Other(Protocol::Mapi)),
    ("/rpc/", Door::Other(Protocol::OutlookAnywhere)),
    ("/oab/", Door::Other(Protocol::OfflineAddressBook)),
    ("/powershell-liveid", Door::Other(Protocol::PowerShell)),
    ("/powershell", Door::Other(Protocol::PowerShell)),
    ("/ecp/reportingwebservice/", Door::Other(Protocol::Reporting)),
    ("/outlookservice/", Door::Other(Protocol::OutlookService)),
];

impl Door {
    fn of(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        // `/EWS/Exchange.asmxx` is not EWS; `/EWS/Exchange.asmx/` and what is behind it is.
        let leads = |beginning: &str| {
            path.strip_prefix(beginning)
                .is_some_and(|rest| beginning.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
        };
        DOORS.iter().find(|(beginning, _)| leads(beginning)).map(|(_, door)| *door)
    }

    const fn protocol(self) -> Protocol {
        match self {
            Self::Ews => Protocol::Ews,
            Self::ActiveSync => Protocol::ActiveSync,
            Self::AutodiscoverJson | Self::AutodiscoverPox | Self::AutodiscoverSoap => Protocol::Autodiscover,
            Self::Other(protocol) => protocol,
        }
    }
}

/// Whose protocol a path is, if any: what is none of these may be somebody else's, such as the token endpoint's.
pub fn protocol_of(path: &str) -> Option<Protocol> {
    Door::of(path).map(Door::protocol)
}

/// The answer of a site to a request.
pub fn answer(bench: &dyn Bench, site: &Site, request: &Request) -> Response {
    let visit = Visit { bench, site, request };
    let door = Door::of(&request.path).filter(|door| !site.absent.contains(&door.protocol()));
    let response = match door {
        Some(Door::Ews) => ews::answer(&visit),
        Some(Door::ActiveSync) => activesync::answer(&visit),
        Some(Door::AutodiscoverJson) => autodiscover::json(&visit),
        Some(Door::AutodiscoverPox) => autodiscover::pox(&visit),
        Some(Door::AutodiscoverSoap) => autodiscover::soap(&visit),
        Some(Door::Other(protocol)) => other(&visit, protocol),
        None => Response::of(404),
    };
    visit.stamped(response)
}

/// The answer to a request of a connection too many.
pub fn turned_away(bench: &dyn Bench, site: &Site, request: &Request) -> Response {
    let visit = Visit { bench, site, request };
    let protocol = protocol_of(&request.path).unwrap_or(Protocol::Ews);
    visit.stamped(Response { closes: true, ..visit.say(protocol, Cause::Throttled) })
}

/// What is behind the door is not simulated; whether it opens is.
fn other(visit: &Visit<'_>, protocol: Protocol) -> Response {
    if let Err(refusal) = visit.admit(protocol, None) {
        return refusal;
    }
    let text = "The login was taken. Nothing more of this service is simulated.\n";
    Response::with_body(200, "text/plain; charset=utf-8", text).ruled(protocol, ACCEPTED)
}

/// What the record says of a login that was taken.
const ACCEPTED: Cause = Cause::Accepted;
