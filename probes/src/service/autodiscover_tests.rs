use proptest::prelude::*;

use super::super::answer::tests::answer;
use super::super::xml;
use super::*;

fn subject() -> Subject {
    Subject {
        host: "autodiscover.example.com".into(),
        path: "/autodiscover/autodiscover.xml".into(),
        mailbox: "a&b@example.com".into(),
        account: "a&b@example.com".into(),
        impersonate: false,
        user_agent: "mailprobe/0.1".into(),
    }
}

fn places(discovery: &Discovery) -> Vec<(Protocol, &str, &str)> {
    discovery.found.iter().map(|found| (found.protocol, found.url.as_str(), found.source)).collect()
}

/// The successful answer of Microsoft's page on the POX response, shortened.
const SETTINGS: &str = "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">
  <Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\">
    <User><DisplayName>First Last</DisplayName></User>
    <Account>
      <AccountType>email</AccountType><Action>settings</Action>
      <Protocol><Type>EXCH</Type><Server>MBX-SERVER.mail.internal.contoso.com</Server>
        <ASUrl>https://mail.contoso.com/ews/exchange.asmx</ASUrl><OOFUrl>https://mail.contoso.com/oof</OOFUrl></Protocol>
      <Protocol><Type>EXPR</Type><ASUrl>https://mail.contoso.com/ews/exchange.asmx</ASUrl>
        <EwsUrl>https://ext.contoso.com/EWS/Exchange.asmx</EwsUrl></Protocol>
      <Protocol><Type>WEB</Type><Internal><OWAUrl>https://cas-01/owa</OWAUrl></Internal></Protocol>
    </Account>
  </Response>
</Autodiscover>";

/// MS-ASCMD section 4.2.4.
const MOBILE: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?> <Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\"> <Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006\"> <Culture>en:us</Culture> <User> <DisplayName>Chris Gray</DisplayName> <EMailAddress>chris@woodgrovebank.com</EMailAddress> </User> <Action> <Settings> <Server> <Type>MobileSync</Type> <Url> https://loandept.woodgrovebank.com/Microsoft-Server-ActiveSync </Url> <Name> https://loandept.woodgrovebank.com/Microsoft-Server-ActiveSync </Name> </Server> <Server> <Type>CertEnroll</Type> <Url>https://cert.woodgrovebank.com/CertEnroll</Url> <Name /> <ServerData>CertEnrollTemplate</ServerData> </Server> </Settings> </Action> </Response> </Autodiscover>";

fn account(inside: &str) -> String {
    format!("<Autodiscover><Response><Account>{inside}</Account></Response></Autodiscover>")
}

fn complaint(code: &str) -> String {
    // The shape of the same page's error.
    format!(
        "<Autodiscover><Response><Error Time=\"21:25:04.8897083\" Id=\"4130155072\"><ErrorCode>{code}</ErrorCode>\
         <Message>Invalid Request</Message><DebugData /></Error></Response></Autodiscover>"
    )
}

#[test]
fn the_request_names_the_mailbox_and_the_schemas() {
    let request = Autodiscover.login(&subject());
    assert_eq!((request.verb, request.path.as_str()), ("POST", "/autodiscover/autodiscover.xml"));
    let root = xml::read(&request.body).unwrap();
    let asked = root.child("Request").unwrap();
    assert_eq!(asked.value("EMailAddress"), Some("a&b@example.com"));
    assert!(asked.value("AcceptableResponseSchema").unwrap().ends_with("/outlook/responseschema/2006a"));
    let mobile = xml::read(&pox::request(&subject(), pox::Schema::MobileSync).body).unwrap();
    assert!(
        mobile.find("AcceptableResponseSchema").unwrap().text.ends_with("/mobilesync/responseschema/2006")
    );
}

#[test]
fn the_documented_answers_give_their_places() {
    let outlook = pox::read(SETTINGS.as_bytes()).unwrap();
    assert_eq!(
        places(&outlook),
        [
            (Protocol::Ews, "https://mail.contoso.com/ews/exchange.asmx", "EXCH"),
            (Protocol::Ews, "https://ext.contoso.com/EWS/Exchange.asmx", "EXPR"),
        ]
    );
    let mobile = pox::read(MOBILE.as_bytes()).unwrap();
    let url = "https://loandept.woodgrovebank.com/Microsoft-Server-ActiveSync";
    assert_eq!(places(&mobile), [(Protocol::ActiveSync, url, "MobileSync")]);
    assert_eq!((mobile.pointer, mobile.complaint), (None, None));
}

#[test]
fn line_protocols_are_written_as_endpoints() {
    let inside = "<Protocol><Type>IMAP</Type><Server>imap.example.com</Server><Port>993</Port><SSL>on</SSL></Protocol>\
        <Protocol><Type>SMTP</Type><Server>smtp.example.com</Server><Port>587</Port><Encryption>TLS</Encryption></Protocol>\
        <Protocol><Type>POP3</Type><Server>pop.example.com</Server><Port>110</Port><SSL>off</SSL></Protocol>\
        <Protocol><Type>IMAP</Type><Server>no host\u{1b}</Server><Port>1</Port></Protocol>\
        <Protocol><Type>IMAP</Type><Server>h</Server><Port>99999</Port></Protocol>";
    let found = pox::read(account(inside).as_bytes()).unwrap();
    assert_eq!(
        places(&found),
        [
            (Protocol::Imap, "imaps://imap.example.com:993", "IMAP"),
            (Protocol::Smtp, "smtp://smtp.example.com:587", "SMTP"),
            (Protocol::Pop3, "pop3+plain://pop.example.com:110", "POP3"),
        ]
    );
}

#[test]
fn pointers_and_complaints_are_read_in_every_form() {
    let address = Some(Pointer::Address("elvin@mail.contoso.com".into()));
    let url = Some(Pointer::Url("https://x.example.com/autodiscover/autodiscover.xml".into()));
    // Microsoft's page on handling errors.
    let pox = account("<Action>redirectAddr</Action><RedirectAddr>elvin@mail.contoso.com</RedirectAddr>");
    assert_eq!(pox::read(pox.as_bytes()).unwrap().pointer, address);
    let pox = account(
        "<Action>redirectUrl</Action><RedirectUrl>https://x.example.com/autodiscover/autodiscover.xml</RedirectUrl>",
    );
    assert_eq!(pox::read(pox.as_bytes()).unwrap().pointer, url);
    let mobile = "<Autodiscover><Response><Action><Redirect>elvin@mail.contoso.com</Redirect></Action></Response></Autodiscover>";
    assert_eq!(pox::read(mobile.as_bytes()).unwrap().pointer, address);
    // MS-ASCMD section 4.2.2.
    let mobile = "<Autodiscover><Response><Action><Error><Status>2</Status><Message>The directory service could not be reached</Message>\
        <DebugData>MailUser</DebugData></Error></Action></Response></Autodiscover>";
    let said = pox::read(mobile.as_bytes()).unwrap().complaint.unwrap();
    assert_eq!(
        (said.code.as_str(), said.message.as_str()),
        ("2", "The directory service could not be reached")
    );
    let said = pox::read(complaint("600").as_bytes()).unwrap().complaint.unwrap();
    assert_eq!((said.code.as_str(), said.message.as_str()), ("600", "Invalid Request"));
}

#[test]
fn a_login_that_gets_settings_is_accepted_and_tells_them() {
    let reading = Autodiscover.read_login(&answer(200, &[], SETTINGS));
    assert_eq!(reading.verdict, Verdict::Accepted);
    assert!(reading.facts.contains(&("discovered-ews", "https://mail.contoso.com/ews/exchange.asmx".into())));
}

#[test]
fn a_login_is_judged_by_code_and_status() {
    for (code, verdict) in [
        ("500", Verdict::Shut),
        ("602", Verdict::Shut),
        ("603", Verdict::Passing),
        ("600", Verdict::Accepted),
    ] {
        let reading = Autodiscover.read_login(&answer(200, &[], &complaint(code)));
        assert_eq!(
            (reading.verdict, reading.reply.quoted()),
            (verdict, format!("200 [{code}] Invalid Request"))
        );
    }
    let read = |status, headers: &[(&str, &str)], body: &str| {
        Autodiscover.read_login(&answer(status, headers, body)).verdict
    };
    let pox = account("<Action>redirectAddr</Action><RedirectAddr>elvin@mail.contoso.com</RedirectAddr>");
    assert_eq!(read(200, &[], &pox), Verdict::Redirect { to: "elvin@mail.contoso.com".into() });
    assert_eq!(read(302, &[("Location", "https://y/")], ""), Verdict::Redirect { to: "https://y/".into() });
    assert_eq!(read(401, &[], ""), Verdict::Refused);
    assert_eq!(read(503, &[], ""), Verdict::Passing);
    for other in [
        "<html></html>",
        "<Envelope><Body/></Envelope>",
        "",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><Autodiscover/>",
    ] {
        assert!(matches!(read(200, &[], other), Verdict::NotTheService { .. }), "{other}");
    }
}

/// Microsoft's page on handling errors, shortened.
fn settings_response(user: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><GetUserSettingsResponseMessage \
         xmlns=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\"><Response><ErrorCode>NoError</ErrorCode>\
         <ErrorMessage /><UserResponses><UserResponse>{user}</UserResponse></UserResponses></Response>\
         </GetUserSettingsResponseMessage></s:Body></s:Envelope>"
    )
}

#[test]
fn a_response_of_another_service_is_none() {
    assert_eq!(pox::read(b"<Autodiscover/>"), Err(xml::XmlFlaw::Foreign));
    assert_eq!(pox::read(b"<Other><Response/></Other>"), Err(xml::XmlFlaw::Foreign));
    assert_eq!(pox::read(b"<Autodiscover><Response/></Autodiscover>"), Ok(Discovery::default()));
}

#[test]
fn soap_asks_for_settings_and_reads_them() {
    let request = soap::request(&subject());
    let root = xml::read(&request.body).unwrap();
    assert_eq!((request.verb, request.path.as_str()), ("POST", soap::PATH));
    assert_eq!(root.find("Mailbox").unwrap().text, "a&b@example.com");
    assert_eq!(
        root.find("To").unwrap().text,
        "https://autodiscover.example.com/autodiscover/autodiscover.svc"
    );
    let user = "<ErrorCode>NoError</ErrorCode><ErrorMessage>No error.</ErrorMessage><UserSettingErrors><UserSettingError>\
        <ErrorCode>SettingIsNotAvailable</ErrorCode></UserSettingError></UserSettingErrors><UserSettings>\
        <UserSetting><Name>ExternalEwsUrl</Name><Value>https://m.example.com/EWS/Exchange.asmx</Value></UserSetting>\
        <UserSetting><Name>CasVersion</Name><Value>14.00.0478.000</Value></UserSetting>\
        <UserSetting><Name>ExternalImap4Connections</Name><ProtocolConnections><ProtocolConnection>\
        <EncryptionMethod>SSL</EncryptionMethod><Hostname>m.example.com</Hostname><Port>993</Port>\
        </ProtocolConnection></ProtocolConnections></UserSetting></UserSettings>";
    let read = soap::read(settings_response(user).as_bytes()).unwrap();
    assert_eq!(
        places(&read),
        [
            (Protocol::Ews, "https://m.example.com/EWS/Exchange.asmx", "ExternalEwsUrl"),
            (Protocol::Imap, "imaps://m.example.com:993", "ExternalImap4Connections"),
        ]
    );
    assert_eq!((read.pointer, read.complaint), (None, None));
}

#[test]
fn soap_redirects_complains_and_faults() {
    let redirect = "<ErrorCode>RedirectAddress</ErrorCode><ErrorMessage>Redirection address.</ErrorMessage>\
        <RedirectTarget>elvin@mail.contoso.com</RedirectTarget>";
    let read = soap::read(settings_response(redirect).as_bytes()).unwrap();
    assert_eq!(
        (read.pointer, read.complaint),
        (Some(Pointer::Address("elvin@mail.contoso.com".into())), None)
    );
    let unknown = "<ErrorCode>InvalidUser</ErrorCode><ErrorMessage>Invalid user: 'x'</ErrorMessage>";
    assert_eq!(
        soap::read(settings_response(unknown).as_bytes()).unwrap().complaint.unwrap().code,
        "InvalidUser"
    );
    let fault = b"<Envelope><Body><Fault><faultcode>s:Client</faultcode><faultstring>No.</faultstring></Fault></Body></Envelope>";
    assert_eq!(soap::read(fault).unwrap().complaint.unwrap().message, "No.");
    assert_eq!(soap::read(SETTINGS.as_bytes()), Err(xml::XmlFlaw::Foreign));
}

#[test]
fn json_asks_without_credentials_and_reads_recorded_answers() {
    let request = json::request(&subject(), Protocol::Ews).unwrap();
    assert_eq!(request.path, "/autodiscover/autodiscover.json/v1.0/a%26b@example.com?Protocol=EWS");
    assert_eq!((request.verb, request.body.len()), ("GET", 0));
    assert!(json::request(&subject(), Protocol::Imap).is_none());
    // EAS-4-TbSync issue 160 (a consumer mailbox), Gromox, and Exchange Online in 2022.
    let tbsync = json::read(
        b"{\"Protocol\":\"ActiveSync\",\"Url\":\"https://eas.outlook.com/Microsoft-Server-ActiveSync\"}",
    )
    .unwrap();
    assert_eq!(
        places(&tbsync),
        [(Protocol::ActiveSync, "https://eas.outlook.com/Microsoft-Server-ActiveSync", "json")]
    );
    let gromox =
        json::read(b"{\"Protocol\":\"Ews\",\"Url\":\"https://ex.lab.test/EWS/Exchange.asmx\"}").unwrap();
    assert_eq!(gromox.found.first().map(|found| found.protocol), Some(Protocol::Ews));
    let unknown = br#"{"ErrorCode":"ProtocolNotSupported","ErrorMessage":"The given protocol value \u0027XYZ\u0027 is not supported."}"#;
    let said = json::read(unknown).unwrap().complaint.unwrap();
    assert_eq!(
        (said.code.as_str(), said.message.as_str()),
        ("ProtocolNotSupported", "The given protocol value 'XYZ' is not supported.")
    );
    for other in [&b""[..], b"{}", b"<html>", b"[1]", b"{\"Protocol\":\"Rest\",\"Url\":\"https://x/\"}"] {
        assert_eq!(json::read(other), None, "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn no_place_that_is_not_an_address_is_told() {
    for url in ["javascript:alert(1)", "file:///etc/passwd", "https://", "x", "\u{1b}[31m"] {
        let body =
            account(&format!("<Protocol><Type>EXCH</Type><EwsUrl>{}</EwsUrl></Protocol>", xml::escaped(url)));
        assert_eq!(pox::read(body.as_bytes()).unwrap().found, [], "{url}");
    }
    let one = |n| format!("<Protocol><Type>EXCH</Type><EwsUrl>https://h{n}/</EwsUrl></Protocol>");
    let many = (0..100).map(one).collect::<Vec<_>>().concat();
    assert_eq!(pox::read(account(&many).as_bytes()).unwrap().found.len(), MOST_FOUND);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(
        body in prop::collection::vec(any::<u8>(), 0..200),
        words in prop::collection::vec(prop::sample::select(vec![
            "<Autodiscover>", "<Response>", "<Account>", "<Action>", "redirectUrl", "</Action>", "<Protocol>", "<Type>",
            "EXCH", "</Type>", "<EwsUrl>", "https://x/", "</EwsUrl>", "</Protocol>", "<Error>", "</Account>",
            "</Response>", "</Autodiscover>", "<Envelope>", "<Body>", "</Body>", "</Envelope>", "&lt;", "{", "\"",
        ]), 0..40))
    {
        for body in [body, words.concat().into_bytes()] {
            let _ = (pox::read(&body), soap::read(&body), json::read(&body));
            let _ = Autodiscover.read_login(&HttpResponse { status: 200, body, ..HttpResponse::default() });
        }
    }
}
