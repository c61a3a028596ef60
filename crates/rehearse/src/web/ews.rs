//! Exchange Web Services: as much of it as a login check and a stock client's first steps need. Every other operation
//! is a fault.

use std::fmt::Write as _;

use mailprobe_probes::model::{Cause, Protocol};
use mailprobe_probes::service::xml::{self, Element};

use super::gate::{Admitted, Visit};
use super::{ACCEPTED, Response};

mod folders;
mod ids;
mod items;
mod soap;

use soap::{Code, code_of, envelope, fault};

/// Folders of one request that are answered.
const MOST_FOLDERS: usize = 64;

/// The answer to a request.
pub(super) fn answer(visit: &Visit<'_>) -> Response {
    let root = xml::read(&visit.request.body);
    let root = root.as_ref().ok().filter(|root| root.name == "Envelope");
    let named = root.and_then(named_mailbox);
    // Who it is comes before what it says, as with IIS.
    let Admitted { mailbox, shut } = match visit.admit(Protocol::Ews, named) {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal,
    };
    let login = |response: Response| response.ruled(Protocol::Ews, ACCEPTED);
    if !visit.request.verb.eq_ignore_ascii_case("POST") {
        return login(Response::of(405).field("Allow", "POST"));
    }
    let operation = root.and_then(|root| root.child("Body")).and_then(|body| body.children.first());
    let Some(operation) = operation else {
        return login(fault(visit.site, Code::SCHEMA, None));
    };
    login(perform(visit, operation, &mailbox, named, shut))
}

fn perform(
    visit: &Visit<'_>,
    operation: &Element,
    mailbox: &str,
    named: Option<&str>,
    shut: Option<Cause>,
) -> Response {
    let site = visit.site;
    if shut == Some(Cause::Throttled) {
        return fault(site, Code::BUSY, Some(site.retry_after_s));
    }
    // An address that the login does not open, whatever else is asked.
    let elsewhere = named.is_some_and(|named| !mailbox.is_empty() && !named.eq_ignore_ascii_case(mailbox));
    let shut = shut.map(code_of).or_else(|| elsewhere.then_some(Code::DENIED));
    match operation.name.as_str() {
        "GetFolder" => envelope(site, &get_folder(operation, shut)),
        "ConvertId" => ids::convert(site, operation, mailbox, shut),
        "FindItem" => items::find(site, operation, shut),
        "GetServerTimeZones" => envelope(site, &time_zones(operation)),
        "ResolveNames" => envelope(site, &resolve_names(operation, mailbox, shut)),
        _ => fault(site, Code::REQUEST, None),
    }
}

/// The mailbox that a request is about, where it says so: by impersonation, or as the folder's.
fn named_mailbox(root: &Element) -> Option<&str> {
    let impersonated = root.child("Header").and_then(|header| header.find("ConnectingSID")).and_then(|sid| {
        ["PrimarySmtpAddress", "SmtpAddress", "PrincipalName"].into_iter().find_map(|name| sid.value(name))
    });
    let folder = || {
        let body = root.child("Body")?;
        let folder =
            ["FolderIds", "ParentFolderIds"].into_iter().find_map(|ids| body.find(ids)?.find("Mailbox"))?;
        folder.value("EmailAddress")
    };
    impersonated.or_else(folder).map(str::trim).filter(|address| !address.is_empty())
}

fn get_folder(operation: &Element, shut: Option<Code>) -> String {
    let shape = operation.child("FolderShape");
    let only_id = shape.is_none_or(|shape| {
        shape.value("BaseShape").unwrap_or("IdOnly") == "IdOnly"
            && shape.child("AdditionalProperties").is_none()
    });
    let asked = operation.child("FolderIds").map(|ids| ids.children.as_slice()).unwrap_or_default();
    let messages = asked.iter().take(MOST_FOLDERS).fold(String::new(), |mut messages, id| {
        let found = shut.map_or_else(|| folders::find(id.attribute("Id")), Err);
        let (class, said, folder) = match found {
            Ok(folder) => ("Success", soap::no_error().to_owned(), folder.xml(only_id)),
            Err(code) => ("Error", code.xml(), String::new()),
        };
        let _ = write!(
            messages,
            "<m:GetFolderResponseMessage ResponseClass=\"{class}\">{said}<m:Folders>{folder}</m:Folders>\
                 </m:GetFolderResponseMessage>"
        );
        messages
    });
    format!("<m:GetFolderResponse><m:ResponseMessages>{messages}</m:ResponseMessages></m:GetFolderResponse>")
}

/// UTC, which is the one that a check asks for.
fn time_zones(operation: &Element) -> String {
    let full = operation.attribute("ReturnFullTimeZoneData") != Some("false");
    let zone = if full {
        "<t:TimeZoneDefinition Id=\"UTC\" Name=\"(UTC) Coordinated Universal Time\"><t:Periods>\
         <t:Period Bias=\"PT0S\" Name=\"Standard\" Id=\"Std\"/></t:Periods><t:TransitionsGroups>\
         <t:TransitionsGroup Id=\"0\"><t:Transition><t:To Kind=\"Period\">Std</t:To></t:Transition>\
         </t:TransitionsGroup></t:TransitionsGroups><t:Transitions><t:Transition><t:To Kind=\"Group\">0</t:To>\
         </t:Transition></t:Transitions></t:TimeZoneDefinition>"
    } else {
        "<t:TimeZoneDefinition Id=\"UTC\" Name=\"(UTC) Coordinated Universal Time\"/>"
    };
    format!(
        "<m:GetServerTimeZonesResponse><m:ResponseMessages><m:GetServerTimeZonesResponseMessage \
         ResponseClass=\"Success\">{}<m:TimeZoneDefinitions>{zone}</m:TimeZoneDefinitions>\
         </m:GetServerTimeZonesResponseMessage></m:ResponseMessages></m:GetServerTimeZonesResponse>",
        soap::no_error()
    )
}

/// Finds the mailbox itself, and nobody else: a stock client asks so for the server's version.
fn resolve_names(operation: &Element, mailbox: &str, shut: Option<Code>) -> String {
    let asked = operation.value("UnresolvedEntry").unwrap_or_default().to_ascii_lowercase();
    let asked = asked.strip_prefix("smtp:").unwrap_or(&asked);
    let known = !asked.is_empty() && mailbox.to_ascii_lowercase().starts_with(asked);
    let message = if let Some(code) = shut.or_else(|| (!known).then_some(Code::NO_RESULTS)) {
        format!("<m:ResolveNamesResponseMessage ResponseClass=\"Error\">{}", code.xml())
    } else {
        let address = xml::escaped(mailbox);
        let name = xml::escaped(mailbox.split('@').next().unwrap_or_default());
        format!(
            "<m:ResolveNamesResponseMessage ResponseClass=\"Success\">{}\
                 <m:ResolutionSet TotalItemsInView=\"1\" IncludesLastItemInRange=\"true\"><t:Resolution><t:Mailbox>\
                 <t:Name>{name}</t:Name><t:EmailAddress>{address}</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType>\
                 <t:MailboxType>Mailbox</t:MailboxType></t:Mailbox></t:Resolution></m:ResolutionSet>",
            soap::no_error()
        )
    };
    format!(
        "<m:ResolveNamesResponse><m:ResponseMessages>{message}</m:ResolveNamesResponseMessage>\
         </m:ResponseMessages></m:ResolveNamesResponse>"
    )
}
