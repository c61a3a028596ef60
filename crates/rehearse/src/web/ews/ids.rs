//! `ConvertId` of folders, from the EWS format to itself (EWS reference, `convertid-operation.md`). `DavMail` learns from the
//! answer whose mailbox it has opened.
//!
//! The other formats are those of Outlook and of the web client, which nobody meets here: a fault.

use std::fmt::Write as _;

use mailprobe_probes::service::xml::{self, Element};

use super::super::{Response, Site};
use super::soap::{self, Code, envelope, fault};
use super::{MOST_FOLDERS, folders};

/// The format of the ids that EWS itself gives.
const FORMAT: &str = "EwsId";

pub(super) fn convert(site: &Site, operation: &Element, mailbox: &str, shut: Option<Code>) -> Response {
    let asked = operation.child("SourceIds").map(|ids| ids.children.as_slice()).unwrap_or_default();
    if asked.is_empty() {
        return fault(site, Code::SCHEMA, None);
    }
    let formats =
        asked.iter().map(|id| id.attribute("Format")).chain([operation.attribute("DestinationFormat")]);
    if formats.into_iter().any(|format| format != Some(FORMAT)) {
        return fault(site, Code::REQUEST, None);
    }
    // The mailbox in the question is whatever the client put there; the one in the answer is the one that holds the id.
    let mailbox = xml::escaped(mailbox);
    let messages = asked.iter().take(MOST_FOLDERS).fold(String::new(), |mut messages, id| {
        let found = shut.map_or_else(|| folders::of_id(id.attribute("Id")).ok_or(Code::NO_ID), Err);
        let (class, said) = match found {
            Ok(folder) => (
                "Success",
                format!(
                    "{}<m:AlternateId xsi:type=\"t:AlternateIdType\" Format=\"{FORMAT}\" Id=\"{}\" Mailbox=\"{mailbox}\" \
                     xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"/>",
                    soap::no_error(),
                    folder.id()
                ),
            ),
            Err(code) => ("Error", code.xml()),
        };
        let _ = write!(
            messages,
            "<m:ConvertIdResponseMessage ResponseClass=\"{class}\">{said}</m:ConvertIdResponseMessage>"
        );
        messages
    });
    let content = format!(
        "<m:ConvertIdResponse><m:ResponseMessages>{messages}</m:ResponseMessages></m:ConvertIdResponse>"
    );
    envelope(site, &content)
}
