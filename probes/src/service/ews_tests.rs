use proptest::prelude::*;

use super::super::answer::tests::answer;
use super::*;

const FOLDER: &str = "<m:Folders><t:Folder xmlns:t=\"x\"><t:FolderId Id=\"AAMk\"/></t:Folder></m:Folders>";
const XML: (&str, &str) = ("Content-Type", "text/xml; charset=utf-8");

fn subject(mailbox: &str, account: &str) -> Subject {
    Subject {
        host: "mail.example.com".into(),
        path: "/EWS/Exchange.asmx".into(),
        mailbox: mailbox.into(),
        account: account.into(),
        impersonate: false,
        user_agent: "mailprobe/0.1".into(),
    }
}

fn body(request: &HttpRequest) -> String {
    String::from_utf8(request.body.clone()).unwrap()
}

/// As Exchange 2010 SP2 answers (GNOME/evolution-ews `tests/traces/Exchange2010_SP2`), the operation renamed.
fn message(class: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <s:Header><h:ServerVersionInfo MajorVersion=\"14\" MinorVersion=\"2\" MajorBuildNumber=\"328\" \
         MinorBuildNumber=\"9\" Version=\"Exchange2010_SP2\" \
         xmlns:h=\"http://schemas.microsoft.com/exchange/services/2006/types\"/></s:Header><s:Body>\
         <m:GetFolderResponse xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">\
         <m:ResponseMessages><m:GetFolderResponseMessage ResponseClass=\"{class}\">{inside}\
         </m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>"
    )
}

fn error(code: &str) -> String {
    let inside =
        format!("<m:MessageText>Words of {code}.</m:MessageText><m:ResponseCode>{code}</m:ResponseCode>");
    message("Error", &inside)
}

/// The shape of the EWS reference, `ErrorServerBusy` with the wait inside of `MessageXml`.
fn fault(code: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>\
         <faultcode xmlns:a=\"http://schemas.microsoft.com/exchange/services/2006/types\">a:{code}</faultcode>\
         <faultstring xml:lang=\"en-US\">The fault of {code}.</faultstring><detail>\
         <e:ResponseCode xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/errors\">{code}</e:ResponseCode>\
         <e:Message xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/errors\">The message of {code}.</e:Message>\
         <t:MessageXml xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">\
         <t:Value Name=\"BackOffMilliseconds\">297749</t:Value></t:MessageXml></detail></s:Fault></s:Body></s:Envelope>"
    )
}

fn read(status: u16, headers: &[(&str, &str)], body: &str) -> Reading {
    Ews.read_login(&answer(status, headers, body))
}

fn fact<'a>(reading: &'a Reading, name: &str) -> Option<&'a str> {
    reading.facts.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
}

#[test]
fn the_request_is_a_soap_get_folder_of_the_inbox() {
    let request = Ews.login(&subject("alice@example.com", "Alice@example.com"));
    assert_eq!((request.verb, request.path.as_str()), ("POST", "/EWS/Exchange.asmx"));
    let root = xml::read(&request.body).unwrap();
    assert_eq!(root.find("RequestServerVersion").unwrap().attribute("Version"), Some("Exchange2013_SP1"));
    assert_eq!(root.find("DistinguishedFolderId").unwrap().attribute("Id"), Some("inbox"));
    assert!(root.find("Mailbox").is_none() && root.find("ExchangeImpersonation").is_none());
    for field in [
        ("X-AnchorMailbox", "alice@example.com"),
        ("Content-Type", "text/xml; charset=utf-8"),
        ("User-Agent", "mailprobe/0.1"),
        ("return-client-request-id", "true"),
    ] {
        assert!(request.headers.iter().any(|(name, value)| (*name, value.as_str()) == field), "{field:?}");
    }
    assert_eq!(Ews.advertisement(&subject("a@b", "a@b")), Ews.login(&subject("a@b", "a@b")));
}

#[test]
fn another_mailbox_is_named_and_impersonation_connects_as_it() {
    let shared = xml::read(&Ews.login(&subject("shared@example.com", "alice@example.com")).body).unwrap();
    assert_eq!(
        shared.find("DistinguishedFolderId").unwrap().find("EmailAddress").unwrap().text,
        "shared@example.com"
    );
    let subject = Subject { impersonate: true, ..subject("shared@example.com", "app") };
    let acting = xml::read(&Ews.login(&subject).body).unwrap();
    assert_eq!(acting.find("ConnectingSID").unwrap().value("PrimarySmtpAddress"), Some("shared@example.com"));
    assert!(acting.find("Mailbox").is_none());
}

#[test]
fn no_value_breaks_out_of_its_element_or_its_line() {
    let evil = "\"></t:Mailbox>&<!--\r\nX-Evil: 1\u{0}";
    for impersonate in [false, true] {
        let request = Ews.login(&Subject { impersonate, user_agent: evil.into(), ..subject(evil, "a") });
        let root = xml::read(&request.body).unwrap();
        let name = if impersonate { "PrimarySmtpAddress" } else { "EmailAddress" };
        assert_eq!(root.find(name).unwrap().text, evil.replace('\u{0}', "\u{fffd}"));
        assert!(!body(&request).contains("<!--"));
        assert!(request.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
    }
}

#[test]
fn no_error_opens_the_mailbox_and_tells_the_build() {
    let reading =
        read(200, &[XML], &message("Success", &format!("<m:ResponseCode>NoError</m:ResponseCode>{FOLDER}")));
    assert_eq!(reading.verdict, Verdict::Opened);
    assert_eq!(reading.reply.code.as_deref(), Some("NoError"));
    assert_eq!(fact(&reading, "exchange-build"), Some("14.2.328.9"));
    assert_eq!(fact(&reading, "exchange-version"), Some("Exchange2010_SP2"));
    // Gromox answers without a charset, and with the build 15.0.847.4040 `V2017_07_11`.
    let gromox = message("Success", &format!("<m:ResponseCode>NoError</m:ResponseCode>{FOLDER}"));
    assert_eq!(read(200, &[("Content-Type", "text/xml")], &gromox).verdict, Verdict::Opened);
}

#[test]
fn a_response_code_says_what_became_of_the_mailbox() {
    for (code, verdict) in [
        ("ErrorAccessDenied", Verdict::Shut),
        ("ErrorNonExistentMailbox", Verdict::Shut),
        ("ErrorImpersonateUserDenied", Verdict::Shut),
        ("ErrorMailboxConfiguration", Verdict::Shut),
        ("ErrorOfTomorrow", Verdict::Shut),
        ("ErrorMailboxStoreUnavailable", Verdict::Passing),
        ("ErrorMailboxMoveInProgress", Verdict::Passing),
        ("ErrorServerBusy", Verdict::Passing),
        ("ErrorInternalServerTransientError", Verdict::Passing),
        ("ErrorPasswordExpired", Verdict::Refused),
        ("ErrorAccountDisabled", Verdict::Refused),
        ("ErrorInvalidServerVersion", Verdict::Unclear { cause: Trouble::RequestRefused }),
        ("ErrorSchemaValidation", Verdict::Unclear { cause: Trouble::RequestRefused }),
    ] {
        let message = read(200, &[XML], &error(code));
        assert_eq!((message.verdict, message.reply.code.as_deref()), (verdict.clone(), Some(code)));
        assert_eq!(message.reply.text, format!("Words of {code}."));
        let fault = read(500, &[XML], &fault(code));
        assert_eq!((fault.verdict, fault.reply.code.as_deref()), (verdict, Some(code)));
        assert_eq!(fault.reply.text, format!("The message of {code}."));
        assert_eq!(fault.reply.status, "500");
    }
}

#[test]
fn a_busy_server_tells_how_long_to_wait() {
    assert_eq!(fact(&read(500, &[XML], &fault("ErrorServerBusy")), "back-off-ms"), Some("297749"));
    let inside = "<m:ResponseCode>ErrorServerBusy</m:ResponseCode><m:MessageXml>\
        <t:Value xmlns:t=\"x\" Name=\"BackOffMilliseconds\">1000</t:Value></m:MessageXml>";
    assert_eq!(fact(&read(200, &[XML], &message("Error", inside)), "back-off-ms"), Some("1000"));
}

#[test]
fn a_fault_proves_the_login_and_a_500_without_soap_proves_nothing() {
    let plain = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>\
        <faultcode>s:Client</faultcode><faultstring>Bad request.</faultstring></s:Fault></s:Body></s:Envelope>";
    let reading = read(500, &[XML], plain);
    assert_eq!(
        (reading.verdict, reading.reply.text.as_str()),
        (Verdict::Unclear { cause: Trouble::RequestRefused }, "Bad request.")
    );
    let server = read(500, &[XML], &plain.replace("s:Client", "s:Server"));
    assert_eq!(server.verdict, Verdict::Unclear { cause: Trouble::Temporary });
    let denied = read(200, &[XML], &plain.replace("Bad request.", "Access denied"));
    assert_eq!(denied.verdict, Verdict::Shut);
    let judged = read(500, &[XML], &plain.replace("s:Client", "wsse:FailedAuthentication"));
    assert_eq!(judged.verdict, Verdict::Refused);
    let page = "<!DOCTYPE html><html><title>Server Error</title></html>";
    assert_eq!(read(500, &[("Content-Type", "text/html")], page).verdict, Verdict::Passing);
    assert_eq!(read(500, &[], "").verdict, Verdict::Passing);
}

#[test]
fn the_refusals_of_exchange_speak_through_their_header() {
    // exchangelib issue 1321, Exchange Online.
    let scope = "2000008;reason=\"The token contains not enough scope to make this call.\"";
    let reading = read(403, &[("x-ms-diagnostics", scope)], "");
    assert_eq!(reading.verdict, Verdict::Refused);
    assert_eq!(
        reading.reply.quoted(),
        "403 [2000008] The token contains not enough scope to make this call."
    );
    // Exchange Online, public record of 2017: a token for another resource.
    let audience =
        "2000003;reason=\"The audience claim value is invalid 'aud'.\";error_category=\"invalid_resource\"";
    let bearer =
        "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", error=\"invalid_token\",Basic Realm=\"\"";
    let headers =
        [("X-FEServer", "MWHPR18CA0031"), ("x-ms-diagnostics", audience), ("WWW-Authenticate", bearer)];
    let reading = read(401, &headers, "");
    assert_eq!((reading.verdict.clone(), reading.reply.code.as_deref()), (Verdict::Refused, Some("2000003")));
    assert_eq!(fact(&reading, "bearer-error"), Some("invalid_token"));
    assert_eq!(fact(&reading, "fe-server"), Some("MWHPR18CA0031"));
    // Without diagnostics the reason phrase speaks.
    let mut plain = answer(401, &[], "");
    plain.reason = "Unauthorized".into();
    assert_eq!(Ews.read_login(&plain).reply.quoted(), "401 Unauthorized");
}

#[test]
fn what_is_not_ews_is_told_apart() {
    let why = |reading: Reading| match reading.verdict {
        Verdict::NotTheService { why } => why,
        other => panic!("{other:?}"),
    };
    let html = "<html><head><title>Outlook</title></head></html>";
    assert_eq!(why(read(200, &[("Content-Type", "text/html")], html)), "a web page, \u{201c}Outlook\u{201d}");
    assert!(why(read(404, &[], "")).starts_with("HTTP 404"));
    assert!(why(read(405, &[], "")).starts_with("HTTP 405"));
    let bomb = "<!DOCTYPE l [<!ENTITY a \"aa\">]><s:Envelope><s:Body>&a;</s:Body></s:Envelope>";
    assert!(why(read(200, &[XML], bomb)).contains("document type"));
    assert_eq!(why(read(200, &[XML], "<Envelope><Body/></Envelope>")), "SOAP without an answer to GetFolder");
    let other = "<Autodiscover><GetFolderResponseMessage><ResponseCode>NoError</ResponseCode></GetFolderResponseMessage></Autodiscover>";
    assert_eq!(why(read(200, &[XML], other)), "XML of another service");
}

#[test]
fn a_code_in_a_forged_place_opens_nothing() {
    // The words in the header, or in another operation's message, are not an answer to GetFolder.
    let header = "<Envelope><Header><ResponseCode>NoError</ResponseCode></Header><Body/></Envelope>";
    assert!(matches!(read(200, &[XML], header).verdict, Verdict::NotTheService { .. }));
    let whole = "<Envelope><Header><GetFolderResponseMessage><ResponseCode>NoError</ResponseCode>\
        </GetFolderResponseMessage></Header><Body/></Envelope>";
    assert!(matches!(read(200, &[XML], whole).verdict, Verdict::NotTheService { .. }));
    let other = error("NoError").replace("GetFolderResponseMessage", "CreateFolderResponseMessage");
    assert!(matches!(read(200, &[XML], &other).verdict, Verdict::NotTheService { .. }));
}

#[test]
fn the_words_of_an_answer_are_harmless() {
    let inside = "<m:MessageText>a\u{202e}b&#10;c&#27;[31m</m:MessageText><m:ResponseCode>Error\u{200b}X</m:ResponseCode>";
    let reading = read(200, &[XML], &message("Error\u{7f}", inside));
    assert_eq!(reading.reply.code.as_deref(), Some("Error\\u{200b}X"));
    assert!(!reading.reply.text.contains(['\u{202e}', '\n', '\u{1b}']), "{}", reading.reply.text);
    assert!(!fact(&reading, "response-class").unwrap().contains('\u{7f}'));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic_and_nothing_random_opens_a_mailbox(
        status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..300), cut in any::<bool>())
    {
        let response = HttpResponse { status, body, cut, headers: vec![("Content-Type".into(), "text/xml".into())], ..HttpResponse::default() };
        prop_assert!(Ews.read_login(&response).verdict != Verdict::Opened);
    }
}

#[test]
fn what_is_over_the_bounds_of_reading_is_called_so() {
    let bound = |reading: Reading| match reading.verdict {
        Verdict::BeyondBounds { cause, why } => (cause, why),
        other => panic!("{other:?}"),
    };
    let deep = format!("<Envelope><Body>{}", "<a>".repeat(40));
    let told = (Trouble::NestedTooDeeply, "XML nested beyond the bounds".to_owned());
    assert_eq!(bound(read(200, &[XML], &deep)), told);
    let mut cut = answer(200, &[XML], "<Envelope><Body>");
    cut.cut = true;
    let told = (Trouble::ReplyTooLarge, "XML beyond the bounds of size, cut where reading stops".to_owned());
    assert_eq!(bound(Ews.read_login(&cut)), told);
}
