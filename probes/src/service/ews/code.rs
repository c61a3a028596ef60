//! What a `ResponseCode` (EWS reference, `ResponseCode`) says about the login and the mailbox.

use super::Verdict;
use crate::model::Trouble;

/// The service has judged the account itself and will not have it.
const REFUSED: &[&str] = &["ErrorAccountDisabled", "ErrorPasswordChangeRequired", "ErrorPasswordExpired"];

/// Something behind the service is busy, moving or down: another answer may come later.
const PASSING: &[&str] = &[
    "ErrorADOperation",
    "ErrorADUnavailable",
    "ErrorBatchProcessingStopped",
    "ErrorConnectionFailed",
    "ErrorExceededConnectionCount",
    "ErrorInsufficientResources",
    "ErrorInternalServerError",
    "ErrorInternalServerTransientError",
    "ErrorMailboxFailover",
    "ErrorMailboxMoveInProgress",
    "ErrorMailboxStoreUnavailable",
    "ErrorServerBusy",
    "ErrorTimeoutExpired",
    "ErrorTooManyObjectsOpened",
];

/// About the request: the login was taken, and the mailbox not looked at.
const ABOUT_THE_REQUEST: &[&str] = &[
    "ErrorInvalidOperation",
    "ErrorInvalidRequest",
    "ErrorInvalidServerVersion",
    "ErrorInvalidXmlDocument",
    "ErrorMissingEmailAddress",
    "ErrorSchemaValidation",
    "ErrorUnsupportedCulture",
];

/// What is said of an access that is refused, in faults that bring no code.
const REFUSALS: &[&str] = &[
    "access is not",
    "denied",
    "forbidden",
    "no access",
    "not allowed",
    "not authorised",
    "not authorized",
    "not have access",
    "not permitted",
    "permission",
    "unauthorised",
    "unauthorized",
];

/// The verdict of an error's code. What nobody knows is the mailbox's: it did not open.
pub(super) fn verdict(code: &str) -> Verdict {
    match code {
        // In an answer that is an error otherwise.
        "NoError" => Verdict::Unclear { cause: Trouble::ProtocolViolation },
        code if REFUSED.contains(&code) => Verdict::Refused,
        code if PASSING.contains(&code) => Verdict::Passing,
        code if ABOUT_THE_REQUEST.contains(&code) => Verdict::Unclear { cause: Trouble::RequestRefused },
        _ => Verdict::Shut,
    }
}

/// The verdict of a fault without such a code, by the party at fault (SOAP 1.1 section 4.4.1, SOAP 1.2 part 1 section
/// 5.4.6) and by its words.
pub(super) fn of_fault(party: &str, words: &str) -> Verdict {
    let words = words.to_ascii_lowercase();
    // WS-Security's word for credentials that were judged.
    if party == "FailedAuthentication" {
        return Verdict::Refused;
    }
    if REFUSALS.iter().any(|refusal| words.contains(refusal)) {
        return Verdict::Shut;
    }
    let passing = matches!(party, "Server" | "Receiver");
    Verdict::Unclear { cause: if passing { Trouble::Temporary } else { Trouble::RequestRefused } }
}
