//! SOAP, `GetUserSettings` (MS-OXWSADISC section 3.1.4.3).

use super::super::Subject;
use super::super::answer;
use super::super::xml::{self, XmlFlaw};
use super::{Discovery, Pointer};
use crate::model::{HttpRequest, Protocol};

/// Where the service is on every Exchange.
pub const PATH: &str = "/autodiscover/autodiscover.svc";

/// Settings that are asked for, and what their values are the address of.
const SETTINGS: &[(&str, Protocol)] = &[
    ("ExternalEwsUrl", Protocol::Ews),
    ("InternalEwsUrl", Protocol::Ews),
    ("ExternalImap4Connections", Protocol::Imap),
    ("InternalImap4Connections", Protocol::Imap),
    ("ExternalPop3Connections", Protocol::Pop3),
    ("InternalPop3Connections", Protocol::Pop3),
    ("ExternalSmtpConnections", Protocol::Smtp),
    ("InternalSmtpConnections", Protocol::Smtp),
];

/// Asks for the settings of the subject's mailbox at [`PATH`] on the subject's host.
pub fn request(subject: &Subject) -> HttpRequest {
    let action = "http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings";
    let mut headers = vec![("Content-Type", "text/xml; charset=utf-8".to_owned())];
    headers.push(("SOAPAction", format!("\"{action}\"")));
    headers.extend(answer::field("User-Agent", &subject.user_agent));
    headers.extend(answer::field("X-AnchorMailbox", &subject.mailbox));
    headers.push(("return-client-request-id", "true".to_owned()));
    let settings =
        SETTINGS.iter().fold(String::new(), |all, (name, _)| all + "<a:Setting>" + name + "</a:Setting>");
    let (host, mailbox) = (xml::escaped(&subject.host), xml::escaped(&subject.mailbox));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:a=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\" \
         xmlns:w=\"http://www.w3.org/2005/08/addressing\"><s:Header>\
         <a:RequestedServerVersion>Exchange2013_SP1</a:RequestedServerVersion>\
         <w:Action>{action}</w:Action><w:To>https://{host}{PATH}</w:To></s:Header><s:Body>\
         <a:GetUserSettingsRequestMessage><a:Request><a:Users><a:User><a:Mailbox>{mailbox}</a:Mailbox></a:User></a:Users>\
         <a:RequestedSettings>{settings}</a:RequestedSettings></a:Request></a:GetUserSettingsRequestMessage>\
         </s:Body></s:Envelope>"
    );
    HttpRequest { verb: "POST", path: PATH.to_owned(), headers, body: body.into_bytes() }
}

/// Reads an answer. The code of the whole response comes first, then that of the one user who was asked for; codes of
/// single settings, which a server may not have, are passed over.
///
/// # Errors
/// What is wrong with the XML, or that it is not Autodiscover's.
pub fn read(body: &[u8]) -> Result<Discovery, XmlFlaw> {
    let root = xml::read(body)?;
    let body = root.child("Body").filter(|_| root.name == "Envelope").ok_or(XmlFlaw::Foreign)?;
    let mut discovery = Discovery::default();
    if let Some(fault) = body.child("Fault") {
        let text = fault.value("faultstring").or_else(|| fault.find("Text").map(|text| text.text.as_str()));
        discovery.complain(fault.value("faultcode").unwrap_or("Fault"), text.unwrap_or_default());
        return Ok(discovery);
    }
    let response = body.find("GetUserSettingsResponseMessage").and_then(|message| message.child("Response"));
    let response = response.ok_or(XmlFlaw::Foreign)?;
    let user = response.find("UserResponse");
    for said in [Some(response), user].into_iter().flatten() {
        let code = said.value("ErrorCode").unwrap_or("NoError");
        let target = || said.value("RedirectTarget").map(answer::told);
        match code {
            "NoError" => {}
            "RedirectAddress" => discovery.pointer = target().map(Pointer::Address),
            "RedirectUrl" => discovery.pointer = target().map(Pointer::Url),
            code => {
                discovery.complain(code, said.value("ErrorMessage").unwrap_or_default());
                return Ok(discovery);
            }
        }
    }
    let settings = user.and_then(|user| user.child("UserSettings")).map(|all| all.children.as_slice());
    for setting in settings.unwrap_or_default() {
        let name = setting.value("Name").unwrap_or_default();
        let Some((source, protocol)) = SETTINGS.iter().find(|(known, _)| *known == name) else { continue };
        if let Some(url) = setting.value("Value") {
            discovery.web(*protocol, url, source);
        }
        let connections = setting.child("ProtocolConnections").map(|all| all.children.as_slice());
        for connection in connections.unwrap_or_default() {
            if let Some(host) = connection.value("Hostname") {
                let encryption = connection.value("EncryptionMethod").unwrap_or("none");
                discovery.line(*protocol, host, connection.value("Port"), encryption, source);
            }
        }
    }
    Ok(discovery)
}
