//! HTTP services of a mailbox, sans-I/O: a request from a step, an offer, outcome or fact from an answer.
//!
//! A service knows no socket and no credential. One driver sends its requests, adds the `Authorization` field,
//! never follows a redirect with it, and records every line.

pub mod activesync;
mod answer;
pub mod autodiscover;
pub mod challenge;
pub mod diagnostics;
mod ews;
mod legacy;
pub mod ntlm;
pub mod wbxml;
pub mod xml;

pub use activesync::ActiveSync;
pub use autodiscover::Autodiscover;
pub use ews::Ews;
pub use legacy::Legacy;
pub use xml::XmlFlaw;

use crate::model::{HttpRequest, HttpResponse, Protocol, Reply, Trouble};

/// Whose mailbox a request is about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Host of the endpoint.
    pub host: String,
    /// Path of the endpoint, with its leading slash.
    pub path: String,
    /// The mailbox that is to be opened.
    pub mailbox: String,
    /// The account that logs in.
    pub account: String,
    /// Whether the login is to act for the mailbox by impersonation (EWS).
    pub impersonate: bool,
    /// What the client calls itself.
    pub user_agent: String,
}

/// What an answer to a request with credentials says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The login was taken and the mailbox opened.
    Opened,
    /// The login was taken, and the mailbox did not open: the reply says why.
    Shut,
    /// The login was taken; the answer says nothing about the mailbox.
    Accepted,
    /// The login was taken, and what was asked for behind it got neither a yes nor a no.
    Unclear {
        /// What stands in the way.
        cause: Trouble,
    },
    /// The server said no to the login, or to this use of it.
    Refused,
    /// The answer decides nothing and may be another one later: a throttle, an overload, a fault.
    Passing,
    /// The mailbox, or the service, is elsewhere.
    Redirect {
        /// Where, as the answer says it.
        to: String,
    },
    /// The content is over a bound of what is read, and what is read of it decides nothing.
    BeyondBounds {
        /// The bound.
        cause: Trouble,
        /// The same in words.
        why: String,
    },
    /// The answer is not of this service: a web page, another protocol, broken content.
    NotTheService {
        /// What it is.
        why: String,
    },
}

/// An answer, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it says.
    pub verdict: Verdict,
    /// Its words: `status` is the HTTP status, `code` the service's own code (`ErrorAccessDenied`, `2000008`,
    /// `141`), `text` the most telling sentence. Harmless.
    pub reply: Reply,
    /// What else it tells, by name. Harmless.
    pub facts: Vec<(&'static str, String)>,
}

/// One HTTP service.
pub trait Service: Send + Sync {
    /// What it is.
    fn protocol(&self) -> Protocol;

    /// The request that makes the server say what it takes. It is sent without credentials and once more with an
    /// empty `Bearer`.
    fn advertisement(&self, subject: &Subject) -> HttpRequest;

    /// The one request of an attempt: it presents the credentials and, where one request can, opens the mailbox.
    fn login(&self, subject: &Subject) -> HttpRequest;

    /// What the answer to it says.
    fn read_login(&self, response: &HttpResponse) -> Reading;
}
