//! The folders that every mailbox has (EWS reference, `DistinguishedFolderId`).

use std::fmt::Write as _;

use super::soap::Code;

/// A folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folder {
    distinguished: &'static str,
    /// The element that it is.
    element: &'static str,
    class: &'static str,
    name: &'static str,
    children: u32,
}

const fn folder(
    distinguished: &'static str,
    element: &'static str,
    class: &'static str,
    name: &'static str,
) -> Folder {
    Folder { distinguished, element, class, name, children: 0 }
}

const FOLDERS: &[Folder] = &[
    Folder { children: 1, ..folder("root", "Folder", "", "Root") },
    Folder { children: 7, ..folder("msgfolderroot", "Folder", "IPF.Note", "Top of Information Store") },
    folder("inbox", "Folder", "IPF.Note", "Inbox"),
    folder("drafts", "Folder", "IPF.Note", "Drafts"),
    folder("sentitems", "Folder", "IPF.Note", "Sent Items"),
    folder("deleteditems", "Folder", "IPF.Note", "Deleted Items"),
    folder("outbox", "Folder", "IPF.Note", "Outbox"),
    folder("junkemail", "Folder", "IPF.Note", "Junk Email"),
    folder("calendar", "CalendarFolder", "IPF.Appointment", "Calendar"),
    folder("contacts", "ContactsFolder", "IPF.Contact", "Contacts"),
];

/// The folder with this distinguished id, or with the id that its answer gave.
pub(super) fn find(id: Option<&str>) -> Result<Folder, Code> {
    let id = id.unwrap_or_default();
    let found = FOLDERS.iter().find(|folder| id == folder.distinguished || id == folder.id());
    found.copied().ok_or(Code::NO_FOLDER)
}

/// The folder whose answer gave this id.
pub(super) fn of_id(id: Option<&str>) -> Option<Folder> {
    FOLDERS.iter().find(|folder| id == Some(folder.id().as_str())).copied()
}

impl Folder {
    pub(super) fn id(&self) -> String {
        // Looks like one, and says what it is.
        format!("AAMk-{}", self.distinguished)
    }

    /// The folder; its elements in the order of the schema.
    pub(super) fn xml(&self, only_id: bool) -> String {
        let element = self.element;
        let mut xml = format!("<t:{element}><t:FolderId Id=\"{}\" ChangeKey=\"AQAAAA==\"/>", self.id());
        if !only_id {
            if !self.class.is_empty() {
                let _ = write!(xml, "<t:FolderClass>{}</t:FolderClass>", self.class);
            }
            let _ = write!(
                xml,
                "<t:DisplayName>{}</t:DisplayName><t:TotalCount>0</t:TotalCount>\
                 <t:ChildFolderCount>{}</t:ChildFolderCount>",
                self.name, self.children
            );
            if element == "Folder" {
                xml.push_str("<t:UnreadCount>0</t:UnreadCount>");
            }
        }
        let _ = write!(xml, "</t:{element}>");
        xml
    }
}
