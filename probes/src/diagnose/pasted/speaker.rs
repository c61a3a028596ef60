//! Whose words are told: a server's, or where nothing marks them as a server's, those that a client is on record for.

use super::secrets;
use crate::diagnose::UNEXPLAINED_RULE;
use crate::diagnose::clients::{self, ClientSaying, Layer};
use crate::model::{Cause, Diagnosis};

/// A client that speaks for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// The program, library or device.
    pub client: &'static str,
    /// The layer at which it failed.
    pub layer: Layer,
}

impl Speaker {
    pub(super) fn of(saying: &'static ClientSaying) -> Self {
        Self { client: saying.client, layer: saying.layer() }
    }
}

/// What is told of some words, and whose they are.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) diagnosis: Diagnosis,
    /// The client's entry, where no server said them.
    pub(super) client: Option<&'static ClientSaying>,
    /// The client's line.
    pub(super) line: Option<String>,
}

impl Told {
    pub(super) const fn by_a_server(diagnosis: Diagnosis) -> Self {
        Self { diagnosis, client: None, line: None }
    }

    /// This, or what a client is on record to say in `text`, where that tells more. `is_servers` says whether anything
    /// marks the words as a server's: a status, a code, a body of HTTP.
    pub(super) fn or_of_a_client(self, text: &str, is_servers: bool) -> Self {
        let is_unknown = self.diagnosis.rule == UNEXPLAINED_RULE;
        if is_servers && !is_unknown {
            return self;
        }
        let Some(said) = clients::find_line(text) else { return self };
        // "Login failed" says no more as a sentence of a server's: as the client's it says where to look further.
        let same = said.saying.causes().first() == self.diagnosis.causes.first();
        // "Timed out" is a sentence of servers, too. Without any mark of one it is the client's own wait.
        let unreached = matches!(said.saying.layer(), Layer::NameResolution | Layer::Connection | Layer::Tls)
            && self.diagnosis.first() == Cause::Temporary;
        if is_unknown || same || unreached || !said.saying.is_headline() {
            let line = Some(secrets::hidden(said.line));
            return Self { diagnosis: said.saying.diagnosis(), client: Some(said.saying), line };
        }
        self
    }
}
