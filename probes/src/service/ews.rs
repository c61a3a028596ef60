//! Exchange Web Services: one `GetFolder` of the inbox, which needs a login and opens the mailbox for reading.

use super::answer::{self, Words};
use super::xml::{self, Element};
use super::{Reading, Service, Subject, Verdict};
use crate::model::{HttpRequest, HttpResponse, Protocol, Trouble};

mod code;

/// The service behind `/EWS/Exchange.asmx`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ews;

impl Service for Ews {
    fn protocol(&self) -> Protocol {
        Protocol::Ews
    }

    /// The same POST as the login: servers answer a GET without asking who it is.
    fn advertisement(&self, subject: &Subject) -> HttpRequest {
        self.login(subject)
    }

    fn login(&self, subject: &Subject) -> HttpRequest {
        let mut headers =
            vec![("Content-Type", "text/xml; charset=utf-8".to_owned()), ("Accept", "text/xml".to_owned())];
        headers.extend(answer::field("User-Agent", &subject.user_agent));
        // Routes to the mailbox's own server; with impersonation Exchange asks for it always.
        headers.extend(answer::field("X-AnchorMailbox", &subject.mailbox));
        headers.push(("return-client-request-id", "true".to_owned()));
        HttpRequest {
            verb: "POST",
            path: subject.path.clone(),
            headers,
            body: get_inbox(subject).into_bytes(),
        }
    }

    fn read_login(&self, response: &HttpResponse) -> Reading {
        if let Some(verdict) = answer::by_status(response) {
            let words = if is_xml(response) { xml::read(&response.body).ok() } else { None };
            let words = words.as_ref().and_then(envelope).map(words_of).unwrap_or_default();
            return answer::reading(response, verdict, words);
        }
        let root = match xml::read(&response.body) {
            Ok(root) => root,
            Err(flaw) => return answer::reading(response, answer::unread(response, flaw), Words::default()),
        };
        let Some(envelope) = envelope(&root) else {
            return answer::reading(
                response,
                answer::unread(response, xml::XmlFlaw::Foreign),
                Words::default(),
            );
        };
        let words = words_of(envelope);
        let verdict = judge(envelope, &words);
        answer::reading(response, verdict, words)
    }
}

/// What became of `GetFolder`. A fault counts before anything else that may stand beside it.
fn judge(envelope: &Element, words: &Words) -> Verdict {
    let body = envelope.child("Body");
    if let Some(fault) = body.and_then(|body| body.find("Fault")) {
        return match words.code.as_deref() {
            Some(code) => code::verdict(code),
            None => {
                code::of_fault(party(fault).unwrap_or_default(), words.text.as_deref().unwrap_or_default())
            }
        };
    }
    match body.and_then(deciding_message) {
        Some(message) => verdict_of(message),
        None => Verdict::NotTheService { why: "SOAP without an answer to GetFolder".to_owned() },
    }
}

/// The local name of a fault's code: who is at fault.
fn party(fault: &Element) -> Option<&str> {
    let code = fault.value("faultcode").or_else(|| fault.child("Code")?.value("Value"))?;
    Some(code.rsplit(':').next().unwrap_or(code))
}

/// One folder was asked for. Where several answers come, the first that does not open it counts.
fn deciding_message(body: &Element) -> Option<&Element> {
    let mut found = Vec::new();
    messages(body, &mut found);
    found.iter().find(|message| verdict_of(message) != Verdict::Opened).or(found.first()).copied()
}

fn messages<'a>(element: &'a Element, found: &mut Vec<&'a Element>) {
    if element.name == "GetFolderResponseMessage" {
        found.push(element);
        return;
    }
    // Recursion is as deep as the tree, which is bounded.
    for child in &element.children {
        messages(child, found);
    }
}

/// The mailbox opened where all three say so: the class, the code, and the folder itself.
fn verdict_of(message: &Element) -> Verdict {
    let success = message.attribute("ResponseClass") == Some("Success");
    let folder = message.child("Folders").is_some_and(|folders| !folders.children.is_empty());
    match message.value("ResponseCode") {
        Some("NoError") if success && folder => Verdict::Opened,
        Some("NoError") | None => Verdict::Unclear { cause: Trouble::ProtocolViolation },
        Some(code) => code::verdict(code),
    }
}

fn is_xml(response: &HttpResponse) -> bool {
    response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("xml"))
}

fn envelope(root: &Element) -> Option<&Element> {
    (root.name == "Envelope").then_some(root)
}

/// Code, sentence and facts of a SOAP answer or fault.
fn words_of(envelope: &Element) -> Words {
    let mut words = Words::default();
    if let Some(version) = envelope.find("ServerVersionInfo") {
        let part = |name| version.attribute(name).or_else(|| version.value(name)).unwrap_or("0");
        let build =
            ["MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber"].map(part).join(".");
        words.facts.push(("exchange-build", build));
        let schema = version.attribute("Version").or_else(|| version.value("Version"));
        words.facts.extend(schema.map(|schema| ("exchange-version", schema.to_owned())));
    }
    let Some(body) = envelope.child("Body") else { return words };
    if let Some(fault) = body.find("Fault") {
        // SOAP 1.1 says faultcode and faultstring, SOAP 1.2 Code and Reason.
        let detail = fault.child("detail").or_else(|| fault.child("Detail"));
        let code = detail.and_then(|detail| detail.find("ResponseCode")).map(|code| code.text.clone());
        let faultcode = party(fault).map(str::to_owned);
        words.code = code
            .filter(|code| !code.is_empty())
            .or_else(|| faultcode.filter(|code| code.starts_with("Error")));
        let message = detail.and_then(|detail| detail.find("Message")).map(|message| message.text.clone());
        let reason = || fault.find("Text").map(|text| text.text.clone());
        words.text = message
            .filter(|text| !text.is_empty())
            .or_else(|| fault.value("faultstring").map(str::to_owned))
            .or_else(reason);
    } else if let Some(message) = deciding_message(body) {
        words.code = message.value("ResponseCode").map(str::to_owned);
        words.text = message.value("MessageText").map(str::to_owned);
        words
            .facts
            .extend(message.attribute("ResponseClass").map(|class| ("response-class", class.to_owned())));
    }
    words.facts.extend(back_off(body).map(|wait| ("back-off-ms", wait)));
    words
}

/// `<t:Value Name="BackOffMilliseconds">297749</t:Value>` in `MessageXml`.
fn back_off(element: &Element) -> Option<String> {
    if element.attribute("Name") == Some("BackOffMilliseconds") || element.name == "BackOffMilliseconds" {
        return Some(element.text.clone()).filter(|text| !text.is_empty());
    }
    element.children.iter().find_map(back_off)
}

/// SOAP 1.1. The namespaces are `http`, whatever a page may print: they are names, not addresses.
fn get_inbox(subject: &Subject) -> String {
    let mailbox = xml::escaped(&subject.mailbox);
    let header = if subject.impersonate {
        format!(
            "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{mailbox}</t:PrimarySmtpAddress>\
             </t:ConnectingSID></t:ExchangeImpersonation>"
        )
    } else {
        String::new()
    };
    let folder = if subject.impersonate || subject.mailbox.eq_ignore_ascii_case(&subject.account) {
        "<t:DistinguishedFolderId Id=\"inbox\"/>".to_owned()
    } else {
        format!(
            "<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress>\
             </t:Mailbox></t:DistinguishedFolderId>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\" \
         xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">\
         <s:Header><t:RequestServerVersion Version=\"Exchange2013_SP1\"/>{header}</s:Header>\
         <s:Body><m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>\
         <m:FolderIds>{folder}</m:FolderIds></m:GetFolder></s:Body></s:Envelope>"
    )
}

#[cfg(test)]
#[path = "ews_tests.rs"]
mod tests;
