//! `ConvertId` and `FindItem`, asked as `DavMail` asks them.

use super::*;

/// What EWS says to an operation, with its HTTP status.
fn said(bench: &Told, operation: &str) -> (u16, String) {
    let envelope = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{operation}</s:Body></s:Envelope>"
    );
    let login = HttpRequest { body: envelope.into_bytes(), ..Ews.login(&subject("/EWS/Exchange.asmx")) };
    let answer = ask(bench, &site(), &login, Some(&basic("right")));
    (answer.status, String::from_utf8(answer.body).unwrap())
}

fn convert(from: &str, to: &str, id: &str) -> String {
    format!(
        "<m:ConvertId DestinationFormat=\"{to}\"><m:SourceIds><t:AlternateId Format=\"{from}\" Id=\"{id}\" \
         Mailbox=\"blah@blah.com\"/></m:SourceIds></m:ConvertId>"
    )
}

fn find_item(traversal: &str, folders: &str) -> String {
    format!(
        "<m:FindItem Traversal=\"{traversal}\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>\
         <m:ParentFolderIds>{folders}</m:ParentFolderIds></m:FindItem>"
    )
}

#[test]
fn an_id_that_is_converted_to_itself_names_the_mailbox_that_holds_it() {
    let bench = Told::new(Cause::Accepted);
    let (status, answer) = said(&bench, &convert("EwsId", "EwsId", "AAMk-root"));
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<m:ResponseCode>NoError</m:ResponseCode><m:AlternateId "), "{answer}");
    assert!(answer.contains(&format!("Format=\"EwsId\" Id=\"AAMk-root\" Mailbox=\"{USER}\"")), "{answer}");
    assert!(!answer.contains("blah"), "{answer}");
    for unknown in ["AAMk-nowhere", "root", "", "a&quot;b"] {
        let (status, answer) = said(&bench, &convert("EwsId", "EwsId", unknown));
        assert_eq!(status, 200, "{unknown}");
        assert!(answer.contains("ErrorInvalidIdMalformed") && !answer.contains("AlternateId"), "{answer}");
    }
}

#[test]
fn formats_of_outlook_and_questions_without_an_id_are_faults() {
    let bench = Told::new(Cause::Accepted);
    for (from, to) in [("EwsId", "HexEntryId"), ("OwaId", "EwsId")] {
        let (status, answer) = said(&bench, &convert(from, to, "AAMk-root"));
        assert!(status == 500 && answer.contains("ErrorInvalidRequest"), "{answer}");
    }
    let inbox = "<t:DistinguishedFolderId Id=\"inbox\"/>";
    for wrong in [
        "<m:ConvertId DestinationFormat=\"EwsId\"><m:SourceIds/></m:ConvertId>",
        &find_item("Shallow", ""),
        &find_item("Deep", inbox),
    ] {
        let (status, answer) = said(&bench, wrong);
        assert!(status == 500 && answer.contains("ErrorSchemaValidation"), "{wrong}: {answer}");
    }
}

#[test]
fn nothing_is_found_in_the_inbox_however_it_is_named_and_an_unknown_folder_is_an_error() {
    let bench = Told::new(Cause::Accepted);
    let nothing =
        "<m:RootFolder TotalItemsInView=\"0\" IncludesLastItemInRange=\"true\"><t:Items/></m:RootFolder>";
    let both = "<t:DistinguishedFolderId Id=\"inbox\"/><t:FolderId Id=\"AAMk-inbox\"/>";
    let (status, answer) = said(&bench, &find_item("Shallow", both));
    assert_eq!((status, answer.matches(nothing).count()), (200, 2), "{answer}");
    let (_, answer) = said(&bench, &find_item("Shallow", "<t:FolderId Id=\"AAMk-nowhere\"/>"));
    assert!(answer.contains("ErrorFolderNotFound") && !answer.contains("RootFolder"), "{answer}");
    let (_, answer) = said(&bench, &find_item("Shallow", &both.repeat(100)));
    assert_eq!(answer.matches(nothing).count(), 64, "no more folders are answered than in GetFolder");
}

#[test]
fn a_mailbox_that_is_shut_or_anothers_converts_no_id_and_shows_no_items() {
    let inbox = "<t:DistinguishedFolderId Id=\"inbox\"/>";
    for operation in [convert("EwsId", "EwsId", "AAMk-root"), find_item("Shallow", inbox)] {
        let (_, answer) = said(&Told::shut(Cause::NoSuchMailbox), &operation);
        assert!(answer.contains("ErrorNonExistentMailbox") && !answer.contains("NoError"), "{answer}");
        assert!(!answer.contains(USER), "{answer}");
    }
    let bobs = "<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>bob@contoso.example\
                </t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>";
    let (_, answer) = said(&Told::new(Cause::Accepted), &find_item("Shallow", bobs));
    assert!(answer.contains("ErrorAccessDenied"), "{answer}");
}
