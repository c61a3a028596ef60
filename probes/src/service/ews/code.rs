//! What a `ResponseCode` (EWS reference, `ResponseCode`) says about the login and the mailbox.

use super::Verdict;

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

/// About the request: the login was taken, the mailbox not asked.
const ABOUT_THE_REQUEST: &[&str] = &[
    "ErrorInvalidOperation",
    "ErrorInvalidRequest",
    "ErrorInvalidServerVersion",
    "ErrorInvalidXmlDocument",
    "ErrorMissingEmailAddress",
    "ErrorSchemaValidation",
    "ErrorUnsupportedCulture",
];

/// The verdict of a code. Whatever else is an error is the mailbox's: it did not open.
pub(super) fn verdict(code: &str) -> Verdict {
    match code {
        "NoError" => Verdict::Opened,
        code if REFUSED.contains(&code) => Verdict::Refused,
        code if PASSING.contains(&code) => Verdict::Passing,
        code if ABOUT_THE_REQUEST.contains(&code) => Verdict::Accepted,
        _ => Verdict::Shut,
    }
}
