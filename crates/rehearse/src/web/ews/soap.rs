//! SOAP 1.1 around an answer, and the codes in it.

use mailprobe_probes::model::Cause;

use super::super::{Response, Site};

/// The names are `http`, whatever a page may print.
const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";
const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";
const ERRORS: &str = "http://schemas.microsoft.com/exchange/services/2006/errors";
const XML: &str = "text/xml; charset=utf-8";

/// A `ResponseCode` (EWS reference, `ResponseCode`) and its sentence. Sentences are those of public records: of
/// exchangelib's issues 610 and 682 and its tests, and of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    code: &'static str,
    text: &'static str,
}

impl Code {
    pub(super) const SCHEMA: Self =
        Self::new("ErrorSchemaValidation", "The request failed schema validation.");
    pub(super) const REQUEST: Self = Self::new("ErrorInvalidRequest", "The request is invalid.");
    pub(super) const BUSY: Self =
        Self::new("ErrorServerBusy", "The server cannot service this request right now. Try again later.");
    pub(super) const DENIED: Self =
        Self::new("ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    pub(super) const NO_FOLDER: Self =
        Self::new("ErrorFolderNotFound", "The specified folder could not be found in the store.");
    pub(super) const NO_ID: Self = Self::new("ErrorInvalidIdMalformed", "Id is malformed.");
    pub(super) const NO_RESULTS: Self = Self::new("ErrorNameResolutionNoResults", "No results were found.");

    const fn new(code: &'static str, text: &'static str) -> Self {
        Self { code, text }
    }

    /// As it stands in a response message.
    pub(super) fn xml(self) -> String {
        format!(
            "<m:MessageText>{}</m:MessageText><m:ResponseCode>{}</m:ResponseCode>\
             <m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>",
            self.text, self.code
        )
    }
}

pub(super) const fn no_error() -> &'static str {
    "<m:ResponseCode>NoError</m:ResponseCode>"
}

/// How EWS says why a mailbox does not open.
pub(super) const fn code_of(cause: Cause) -> Code {
    match cause {
        Cause::NoSuchMailbox | Cause::NoSuchUser => {
            Code::new("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.")
        }
        Cause::MailboxUnavailable => {
            Code::new("ErrorMailboxStoreUnavailable", "The mailbox database is temporarily unavailable.")
        }
        Cause::MailboxInUse => Code::new(
            "ErrorExceededConnectionCount",
            "You have exceeded the available concurrent connections for your account.",
        ),
        Cause::AccountDisabled => Code::new("ErrorAccountDisabled", "The account is disabled."),
        Cause::PasswordExpired => {
            Code::new("ErrorPasswordExpired", "The password for this account has expired.")
        }
        Cause::Temporary => Code::new(
            "ErrorInternalServerTransientError",
            "An internal server error occurred. Try again later.",
        ),
        Cause::Redirect => {
            Code::new("ErrorMailboxMoveInProgress", "Mailbox move in progress. Try again later.")
        }
        Cause::Throttled => Code::BUSY,
        _ => Code::DENIED,
    }
}

fn head(site: &Site) -> String {
    let [major, minor, build, revision] = site.build;
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>\
         <h:ServerVersionInfo MajorVersion=\"{major}\" MinorVersion=\"{minor}\" MajorBuildNumber=\"{build}\" \
         MinorBuildNumber=\"{revision}\" Version=\"V2018_01_08\" xmlns:h=\"{TYPES}\"/></s:Header>"
    )
}

/// An answer of the operation.
pub(super) fn envelope(site: &Site, content: &str) -> Response {
    let head = head(site);
    let body =
        format!("{head}<s:Body xmlns:m=\"{MESSAGES}\" xmlns:t=\"{TYPES}\">{content}</s:Body></s:Envelope>");
    Response::with_body(200, XML, body)
}

/// A fault, with the time to wait where the server is busy (`ews-throttling-in-exchange.md`).
pub(super) fn fault(site: &Site, code: Code, wait_s: Option<u32>) -> Response {
    let head = head(site);
    let Code { code, text } = code;
    let wait = wait_s.map(|wait| {
        let wait = u64::from(wait) * 1000;
        format!(
            "<t:MessageXml xmlns:t=\"{TYPES}\"><t:Value Name=\"BackOffMilliseconds\">{wait}</t:Value></t:MessageXml>"
        )
    });
    let wait = wait.unwrap_or_default();
    let body = format!(
        "{head}<s:Body><s:Fault><faultcode xmlns:a=\"{TYPES}\">a:{code}</faultcode>\
         <faultstring xml:lang=\"en-US\">{text}</faultstring><detail>\
         <e:ResponseCode xmlns:e=\"{ERRORS}\">{code}</e:ResponseCode>\
         <e:Message xmlns:e=\"{ERRORS}\">{text}</e:Message>{wait}</detail></s:Fault></s:Body></s:Envelope>"
    );
    Response::with_body(500, XML, body)
}
