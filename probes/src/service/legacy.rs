//! The rest of what Entra's sign-in log calls legacy clients: one request that says what the service takes, and no
//! login. What each of them does with a mailbox is not this client's business.

use super::answer::{self, Words};
use super::{Reading, Service, Subject, Verdict};
use crate::model::{HttpRequest, HttpResponse, Protocol};

/// A service that is only asked what it takes.
#[derive(Debug, Clone, Copy)]
pub struct Legacy {
    protocol: Protocol,
    verb: &'static str,
}

impl Legacy {
    /// MAPI over HTTP (MS-OXCMAPIHTTP section 2.2.2: every request is a POST).
    pub const MAPI: Self = Self { protocol: Protocol::Mapi, verb: "POST" };
    /// Outlook Anywhere (MS-RPCH section 2.1.2.1.1: the inbound channel has a verb of its own).
    pub const OUTLOOK_ANYWHERE: Self = Self { protocol: Protocol::OutlookAnywhere, verb: "RPC_IN_DATA" };
    /// Offline Address Book.
    pub const OFFLINE_ADDRESS_BOOK: Self = Self { protocol: Protocol::OfflineAddressBook, verb: "GET" };
    /// Exchange Online PowerShell (MS-WSMV: every request is a POST).
    pub const POWERSHELL: Self = Self { protocol: Protocol::PowerShell, verb: "POST" };
    /// Reporting Web Services.
    pub const REPORTING: Self = Self { protocol: Protocol::Reporting, verb: "GET" };
    /// Outlook Service.
    pub const OUTLOOK_SERVICE: Self = Self { protocol: Protocol::OutlookService, verb: "GET" };
}

impl Service for Legacy {
    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn advertisement(&self, subject: &Subject) -> HttpRequest {
        HttpRequest {
            verb: self.verb,
            path: subject.path.clone(),
            headers: answer::field("User-Agent", &subject.user_agent).into_iter().collect(),
            body: Vec::new(),
        }
    }

    fn login(&self, subject: &Subject) -> HttpRequest {
        self.advertisement(subject)
    }

    fn read_login(&self, response: &HttpResponse) -> Reading {
        let verdict = answer::by_status(response).unwrap_or(Verdict::Accepted);
        answer::reading(response, verdict, Words::default())
    }
}
