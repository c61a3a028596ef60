//! Autodiscover in its three forms: every address it gives is the site's own.

use std::fmt::Write as _;

use mailprobe_probes::model::{Cause, Protocol};
use mailprobe_probes::service::xml::{self, Element};
use serde_json::json;

use super::gate::Visit;
use super::{ACCEPTED, Response, Site};

const XML: &str = "text/xml; charset=utf-8";
const OUTLOOK: &str = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
const MOBILE: &str = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";
const EWS_PATH: &str = "/EWS/Exchange.asmx";
const SYNC_PATH: &str = "/Microsoft-Server-ActiveSync";
const POX_PATH: &str = "/autodiscover/autodiscover.xml";

/// Version 2: a GET that anybody may send. It says the same of every address, so that nobody learns who is there.
/// Names and sentences of its errors are as remembered by public records; no page of Microsoft's has them.
pub(super) fn json(visit: &Visit<'_>) -> Response {
    let site = visit.site;
    let request = visit.request;
    let said = |status, value: serde_json::Value| {
        Response::with_body(status, "application/json; charset=utf-8", value.to_string())
    };
    let error = |code: &str, message: String| said(400, json!({"ErrorCode": code, "ErrorMessage": message}));
    if !request.verb.eq_ignore_ascii_case("GET") {
        return Response::of(405).field("Allow", "GET");
    }
    // The address stands behind the version, or in the query.
    let in_path =
        request.path.rsplit('/').next().is_some_and(|last| last.contains('@') || last.contains("%40"));
    let address = request.parameter("Email").filter(|address| address.contains('@'));
    if !in_path && address.is_none() {
        return error("MandatoryParameterMissing", "A valid smtp address must be provided".to_owned());
    }
    let protocol = request.parameter("Protocol").unwrap_or_default();
    let (name, path) = match protocol.to_ascii_lowercase().as_str() {
        "ews" => ("EWS", EWS_PATH),
        "activesync" => ("ActiveSync", SYNC_PATH),
        "autodiscoverv1" => ("AutodiscoverV1", POX_PATH),
        "" => {
            return error(
                "MandatoryParameterMissing",
                "A valid value must be provided for the query parameter 'Protocol'".to_owned(),
            );
        }
        _ => {
            let shown: String = protocol.chars().take(64).collect();
            let message = format!(
                "The given protocol value '{shown}' is not supported. Supported values are 'ActiveSync, AutodiscoverV1, Ews'"
            );
            return error("ProtocolNotSupported", message);
        }
    };
    said(200, json!({"Protocol": name, "Url": site.url(path)}))
}

/// POX (MS-OXDSCLI section 2.2.3, MS-ASCMD section 2.2.1.1).
pub(super) fn pox(visit: &Visit<'_>) -> Response {
    let mailbox = match visit.admit(Protocol::Autodiscover, None) {
        Ok(admitted) => admitted.mailbox,
        Err(refusal) => return refusal,
    };
    let body = pox_body(visit.site, &visit.request.body, &mailbox);
    Response::with_body(200, XML, body).ruled(Protocol::Autodiscover, ACCEPTED)
}

fn pox_body(site: &Site, request: &[u8], mailbox: &str) -> String {
    let root = xml::read(request).ok().filter(|root| root.name == "Autodiscover");
    let asked = root.as_ref().and_then(|root| root.child("Request"));
    let address = asked.and_then(|asked| asked.value("EMailAddress"));
    let schema = asked.and_then(|asked| asked.value("AcceptableResponseSchema"));
    let (Some(address), Some(schema)) = (address, schema) else {
        return pox_error("600", "Invalid Request");
    };
    if schema != OUTLOOK && schema != MOBILE {
        return pox_error("601", "Provider is not available");
    }
    if !mailbox.is_empty() && !address.eq_ignore_ascii_case(mailbox) {
        return pox_error("500", "The email address can't be found.");
    }
    let address = xml::escaped(address);
    if schema == MOBILE {
        let url = xml::escaped(&site.url(SYNC_PATH));
        return pox_answer(
            MOBILE,
            &format!(
                "<Culture>en:us</Culture><User><DisplayName>{address}</DisplayName>\
                 <EMailAddress>{address}</EMailAddress></User><Action><Settings><Server><Type>MobileSync</Type>\
                 <Url>{url}</Url><Name>{url}</Name></Server></Settings></Action>"
            ),
        );
    }
    let ews = xml::escaped(&site.url(EWS_PATH));
    let mut protocols = String::new();
    for kind in ["EXCH", "EXPR"] {
        let _ = write!(
            protocols,
            "<Protocol><Type>{kind}</Type><Server>{host}</Server><ASUrl>{ews}</ASUrl><EwsUrl>{ews}</EwsUrl></Protocol>",
            host = xml::escaped(&site.host)
        );
    }
    for (kind, port, ssl) in [
        ("IMAP", site.ports.imaps, true),
        ("POP3", site.ports.pop3s, true),
        ("SMTP", site.ports.submission, false),
    ] {
        if port != 0 {
            let encryption = if ssl { "<SSL>on</SSL>" } else { "<Encryption>TLS</Encryption>" };
            let _ = write!(
                protocols,
                "<Protocol><Type>{kind}</Type><Server>{host}</Server><Port>{port}</Port>\
                 <LoginName>{address}</LoginName>{encryption}<AuthRequired>on</AuthRequired></Protocol>",
                host = xml::escaped(&site.host)
            );
        }
    }
    pox_answer(
        OUTLOOK,
        &format!(
            "<User><DisplayName>{address}</DisplayName><AutoDiscoverSMTPAddress>{address}</AutoDiscoverSMTPAddress>\
             </User><Account><AccountType>email</AccountType><Action>settings</Action>{protocols}</Account>"
        ),
    )
}

fn pox_answer(schema: &str, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\
         <Response xmlns=\"{schema}\">{content}</Response></Autodiscover>"
    )
}

/// MS-OXDSCLI section 2.2.4.1.1.3.
fn pox_error(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\
         <Response><Error><ErrorCode>{code}</ErrorCode><Message>{message}</Message><DebugData/></Error></Response>\
         </Autodiscover>"
    )
}

/// SOAP `GetUserSettings` (MS-OXWSADISC section 3.1.4.3), for the one address that logs in.
pub(super) fn soap(visit: &Visit<'_>) -> Response {
    let mailbox = match visit.admit(Protocol::Autodiscover, None) {
        Ok(admitted) => admitted.mailbox,
        Err(refusal) => return refusal,
    };
    let site = visit.site;
    let root = xml::read(&visit.request.body).ok().filter(|root| root.name == "Envelope");
    let request = root.as_ref().and_then(|root| root.child("Body")?.find("GetUserSettingsRequestMessage"));
    let address = request.and_then(|request| request.find("Mailbox")).map(|mailbox| mailbox.text.as_str());
    let (Some(request), Some(address)) = (request, address) else {
        let body = soap_envelope(
            site,
            "<s:Fault><faultcode>s:Client</faultcode><faultstring>The request is invalid.</faultstring></s:Fault>",
        );
        return Response::with_body(500, XML, body).ruled(Protocol::Autodiscover, Cause::Accepted);
    };
    let user = if mailbox.is_empty() || address.eq_ignore_ascii_case(&mailbox) {
        format!(
            "<ErrorCode>NoError</ErrorCode><ErrorMessage>No error.</ErrorMessage><RedirectTarget i:nil=\"true\"/>\
             <UserSettingErrors/><UserSettings>{}</UserSettings>",
            settings(site, request)
        )
    } else {
        let address = xml::escaped(address);
        format!(
            "<ErrorCode>InvalidUser</ErrorCode><ErrorMessage>Invalid user: '{address}'</ErrorMessage>\
             <RedirectTarget i:nil=\"true\"/><UserSettingErrors/><UserSettings/>"
        )
    };
    let content = format!(
        "<GetUserSettingsResponseMessage xmlns=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Response><ErrorCode>NoError</ErrorCode>\
         <ErrorMessage/><UserResponses><UserResponse>{user}</UserResponse></UserResponses></Response>\
         </GetUserSettingsResponseMessage>"
    );
    Response::with_body(200, XML, soap_envelope(site, &content)).ruled(Protocol::Autodiscover, ACCEPTED)
}

fn settings(site: &Site, request: &Element) -> String {
    let asked = request.find("RequestedSettings").map(|all| all.children.as_slice()).unwrap_or_default();
    let ews = xml::escaped(&site.url(EWS_PATH));
    let connection = |port: u16, method: &str| {
        (port != 0).then(|| {
            format!(
                "<ProtocolConnections><ProtocolConnection><EncryptionMethod>{method}</EncryptionMethod>\
                 <Hostname>{}</Hostname><Port>{port}</Port></ProtocolConnection></ProtocolConnections>",
                xml::escaped(&site.host)
            )
        })
    };
    let mut settings = String::new();
    for setting in asked.iter().take(64) {
        let (kind, value) = match setting.text.as_str() {
            "ExternalEwsUrl" | "InternalEwsUrl" => ("StringSetting", Some(format!("<Value>{ews}</Value>"))),
            "EwsSupportedSchemas" => (
                "StringSetting",
                Some("<Value>Exchange2007, Exchange2010, Exchange2013_SP1</Value>".to_owned()),
            ),
            "ExternalImap4Connections" => {
                ("ProtocolConnectionCollectionSetting", connection(site.ports.imaps, "SSL"))
            }
            "ExternalPop3Connections" => {
                ("ProtocolConnectionCollectionSetting", connection(site.ports.pop3s, "SSL"))
            }
            "ExternalSmtpConnections" => {
                ("ProtocolConnectionCollectionSetting", connection(site.ports.submission, "TLS"))
            }
            _ => continue,
        };
        if let Some(value) = value {
            // The name is one of those above.
            let name = &setting.text;
            let _ =
                write!(settings, "<UserSetting i:type=\"{kind}\"><Name>{name}</Name>{value}</UserSetting>");
        }
    }
    settings
}

fn soap_envelope(site: &Site, content: &str) -> String {
    let [major, minor, build, revision] = site.build;
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>\
         <h:ServerVersionInfo xmlns:h=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\">\
         <h:MajorVersion>{major}</h:MajorVersion><h:MinorVersion>{minor}</h:MinorVersion>\
         <h:MajorBuildNumber>{build}</h:MajorBuildNumber><h:MinorBuildNumber>{revision}</h:MinorBuildNumber>\
         <h:Version>Exchange2015</h:Version></h:ServerVersionInfo></s:Header><s:Body>{content}</s:Body></s:Envelope>"
    )
}
