//! `FindItem` in folders that hold nothing (EWS reference, `finditem-operation.md`): whatever is searched for, however it
//! is sorted and paged, the answer is empty.

use std::fmt::Write as _;

use mailprobe_probes::service::xml::Element;

use super::super::{Response, Site};
use super::soap::{self, Code, envelope, fault};
use super::{MOST_FOLDERS, folders};

/// The traversals of the schema.
const TRAVERSALS: [&str; 3] = ["Shallow", "SoftDeleted", "Associated"];

pub(super) fn find(site: &Site, operation: &Element, shut: Option<Code>) -> Response {
    let asked = operation.child("ParentFolderIds").map(|ids| ids.children.as_slice()).unwrap_or_default();
    let traversal = operation.attribute("Traversal").unwrap_or_default();
    if asked.is_empty() || !TRAVERSALS.contains(&traversal) {
        return fault(site, Code::SCHEMA, None);
    }
    let messages = asked.iter().take(MOST_FOLDERS).fold(String::new(), |mut messages, id| {
        let found = shut.map_or_else(|| folders::find(id.attribute("Id")), Err);
        let (class, said, root) = match found {
            Ok(_) => (
                "Success",
                soap::no_error().to_owned(),
                "<m:RootFolder TotalItemsInView=\"0\" IncludesLastItemInRange=\"true\"><t:Items/></m:RootFolder>",
            ),
            Err(code) => ("Error", code.xml(), ""),
        };
        let _ = write!(
            messages,
            "<m:FindItemResponseMessage ResponseClass=\"{class}\">{said}{root}</m:FindItemResponseMessage>"
        );
        messages
    });
    let content = format!(
        "<m:FindItemResponse><m:ResponseMessages>{messages}</m:ResponseMessages></m:FindItemResponse>"
    );
    envelope(site, &content)
}
