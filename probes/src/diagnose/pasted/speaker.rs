//! Whose words are told: a server's, or where nothing marks them as a server's, those that a client is on record for.

use super::Explained;
use crate::diagnose::clients::{self, Layer};
use crate::diagnose::{UNEXPLAINED_RULE, WHAT_WOULD_HELP};
use crate::model::Cause;

/// A client that speaks for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// The program, library or device.
    pub client: &'static str,
    /// The layer at which it failed.
    pub layer: Layer,
}

/// What was found of a server's words, or what the client said, where that tells more. `is_servers` says whether
/// anything marks the finding as a server's: a status, a code, a body of HTTP.
pub(super) fn choose(text: &str, mut explained: Explained, is_servers: bool) -> Explained {
    let is_unknown = explained.diagnosis.rule == UNEXPLAINED_RULE;
    if let Some(said) = clients::find_line(text) {
        // "Login failed" says no more as a sentence of a server's: as the client's it says where to look further.
        let same = said.saying.causes().first() == explained.diagnosis.causes.first();
        // "Timed out" is a sentence of servers, too. Without any mark of one it is the client's own wait.
        let unreached = matches!(said.saying.layer(), Layer::NameResolution | Layer::Connection | Layer::Tls)
            && explained.diagnosis.first() == Cause::Temporary;
        let is_clients = !is_servers && (same || unreached || !said.saying.is_headline());
        if is_unknown || is_clients {
            said.line.clone_into(&mut explained.answer);
            explained.diagnosis = said.saying.diagnosis();
            explained.speaker = Some(Speaker { client: said.saying.client, layer: said.saying.layer() });
            return explained;
        }
    }
    if explained.is_unexplained() && explained.diagnosis.next_check.is_empty() {
        WHAT_WOULD_HELP.clone_into(&mut explained.diagnosis.next_check);
    }
    explained
}
