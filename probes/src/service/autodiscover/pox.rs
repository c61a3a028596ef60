//! Plain old XML (MS-OXDSCLI; MS-ASCMD section 2.2.1.1 for ActiveSync's answer).

use super::super::Subject;
use super::super::answer;
use super::super::xml::{self, Element, XmlFlaw};
use super::{Discovery, Pointer};
use crate::model::{HttpRequest, Protocol};

/// Whose settings are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Outlook's: EWS, and what else there is.
    Outlook,
    /// ActiveSync's.
    MobileSync,
}

impl Schema {
    /// Request and response schema. They are names with `http`, whatever a page may print.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Outlook => (
                "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006",
                "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a",
            ),
            Self::MobileSync => (
                "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006",
                "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006",
            ),
        }
    }
}

/// Asks for the settings of the subject's mailbox at the subject's path.
pub fn request(subject: &Subject, schema: Schema) -> HttpRequest {
    let (asked, accepted) = schema.names();
    let mut headers =
        vec![("Content-Type", "text/xml; charset=utf-8".to_owned()), ("Accept", "text/xml".to_owned())];
    headers.extend(answer::field("User-Agent", &subject.user_agent));
    headers.extend(answer::field("X-AnchorMailbox", &subject.mailbox));
    headers.push(("return-client-request-id", "true".to_owned()));
    let mailbox = xml::escaped(&subject.mailbox);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Autodiscover xmlns=\"{asked}\"><Request>\
         <EMailAddress>{mailbox}</EMailAddress>\
         <AcceptableResponseSchema>{accepted}</AcceptableResponseSchema></Request></Autodiscover>"
    );
    HttpRequest { verb: "POST", path: subject.path.clone(), headers, body: body.into_bytes() }
}

/// Reads an answer of either schema.
///
/// # Errors
/// What is wrong with the XML, or that it is not Autodiscover's.
pub fn read(body: &[u8]) -> Result<Discovery, XmlFlaw> {
    let root = xml::read(body)?;
    let response = root.child("Response").filter(|_| root.name == "Autodiscover").ok_or(XmlFlaw::Foreign)?;
    let mut discovery = Discovery::default();
    if let Some(account) = response.child("Account") {
        outlook(account, &mut discovery);
    }
    if let Some(action) = response.child("Action") {
        mobile_sync(action, &mut discovery);
    }
    let error = [Some(response), response.child("Account"), response.child("Action")];
    if let Some(error) = error.into_iter().flatten().find_map(|inside| inside.child("Error")) {
        let code = error.value("ErrorCode").or_else(|| error.value("Status")).unwrap_or_default();
        discovery.complain(code, error.value("Message").unwrap_or_default());
    }
    Ok(discovery)
}

fn outlook(account: &Element, discovery: &mut Discovery) {
    let action = account.value("Action").unwrap_or("settings");
    let pointer = |name| account.value(name).map(answer::told);
    if action.eq_ignore_ascii_case("redirectAddr") {
        discovery.pointer = pointer("RedirectAddr").map(Pointer::Address);
    } else if action.eq_ignore_ascii_case("redirectUrl") {
        discovery.pointer = pointer("RedirectUrl").or_else(|| pointer("RedirectURL")).map(Pointer::Url);
    }
    for protocol in account.children.iter().filter(|child| child.name == "Protocol") {
        let kind = protocol.value("Type").or_else(|| protocol.attribute("Type")).unwrap_or_default();
        let exchange = |source, discovery: &mut Discovery| {
            // `EwsUrl` is the newer name of what has been in `ASUrl`.
            for url in ["EwsUrl", "ASUrl"].into_iter().filter_map(|name| protocol.value(name)) {
                discovery.web(Protocol::Ews, url, source);
            }
        };
        let line = |line, source, discovery: &mut Discovery| {
            // Encryption overrules SSL, which is on unless it is off.
            let encryption = protocol.value("Encryption").filter(|word| !word.eq_ignore_ascii_case("auto"));
            let encryption = encryption.or_else(|| protocol.value("SSL")).unwrap_or("on");
            if let Some(host) = protocol.value("Server") {
                discovery.line(line, host, protocol.value("Port"), encryption, source);
            }
        };
        match kind.to_ascii_uppercase().as_str() {
            "EXCH" => exchange("EXCH", discovery),
            "EXPR" => exchange("EXPR", discovery),
            "EXHTTP" => exchange("EXHTTP", discovery),
            "IMAP" => line(Protocol::Imap, "IMAP", discovery),
            "POP3" => line(Protocol::Pop3, "POP3", discovery),
            "SMTP" => line(Protocol::Smtp, "SMTP", discovery),
            _ => {}
        }
    }
}

fn mobile_sync(action: &Element, discovery: &mut Discovery) {
    discovery.pointer = action.value("Redirect").map(answer::told).map(Pointer::Address);
    let servers = action.child("Settings").map(|settings| settings.children.as_slice()).unwrap_or_default();
    let servers =
        servers.iter().filter(|child| child.name == "Server" && child.value("Type") == Some("MobileSync"));
    for url in servers.filter_map(|server| server.value("Url")) {
        discovery.web(Protocol::ActiveSync, url, "MobileSync");
    }
}
