mod content;
mod requests;

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn answer(status: u16, reason: &str, headers: &[(&str, &str)]) -> HttpResponse {
    HttpResponse {
        status,
        reason: reason.to_owned(),
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        ..HttpResponse::default()
    }
}

fn login(response: &HttpResponse) -> Reading {
    ActiveSync.read_login(response)
}

fn fact<'a>(reading: &'a Reading, name: &str) -> Option<&'a str> {
    reading.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

const SOGO_COMMANDS: &str = "Sync,SendMail,SmartForward,SmartReply,GetAttachment,GetHierarchy,CreateCollection,DeleteCollection,MoveCollection,FolderSync,FolderCreate,FolderDelete,FolderUpdate,MoveItems,GetItemEstimate,MeetingResponse,Search,Settings,Ping,ItemOperations,ResolveRecipients,ValidateCert";

/// Recorded from `SOGo` 5.8.0 behind Apache.
fn sogo() -> HttpResponse {
    answer(
        200,
        "OK",
        &[
            ("Content-Type", "text/plain"),
            ("MS-ASProtocolCommands", SOGO_COMMANDS),
            ("Public", "OPTIONS, POST"),
            ("MS-ASProtocolVersions", "2.5,12.0,12.1,14.0,14.1"),
            ("MS-Server-ActiveSync", "14.1"),
            ("Content-Length", "0"),
            ("Cache-Control", "private"),
            ("Allow", "OPTIONS, POST"),
        ],
    )
}

#[test]
fn sogo_takes_a_login_and_names_versions_and_commands() {
    let reading = login(&sogo());
    assert_eq!(reading.verdict, Verdict::Accepted);
    assert_eq!(fact(&reading, "activesync-server"), Some("14.1"));
    assert_eq!(fact(&reading, "activesync-versions"), Some("2.5,12.0,12.1,14.0,14.1"));
    assert_eq!(fact(&reading, "activesync-commands"), Some(SOGO_COMMANDS));
    assert_eq!(reading.reply.quoted(), "200 ActiveSync 14.1");
    assert_eq!(chosen_version(&listed_versions(&sogo())), Some(Version::V14_1));
}

#[test]
fn z_push_takes_a_login_too_and_looks_like_a_web_page_doing_it() {
    // Recorded from Z-Push 2.7.1, which calls the empty content HTML; the commands are abridged.
    let response = answer(
        200,
        "OK",
        &[
            ("MS-Server-ActiveSync", "14.0"),
            ("MS-ASProtocolVersions", "12.0,12.1,14.0"),
            ("MS-ASProtocolCommands", "Sync,FolderSync,Provision,Search,Ping,Notify,ItemOperations,Settings"),
            ("Content-Length", "0"),
            ("Content-Type", "text/html; charset=UTF-8"),
        ],
    );
    assert_eq!(login(&response).verdict, Verdict::Accepted);
    assert_eq!(chosen_version(&listed_versions(&response)), Some(Version::V14_0));
}

#[test]
fn exchange_online_lists_one_version_and_its_commands_twice() {
    // Put together: jobisoft/EAS-4-TbSync issue 312 has 16.1 and Find, src/modules/network.mjs there the repetition.
    // The number of the server is made up.
    let commands = ("MS-ASProtocolCommands", "Sync,FolderSync,Settings,Find");
    let headers = [("ms-asprotocolversions", "16.1"), commands, commands, ("MS-Server-ActiveSync", "15.20")];
    let reading = login(&answer(200, "OK", &headers));
    assert_eq!(reading.verdict, Verdict::Accepted);
    assert_eq!(fact(&reading, "activesync-commands"), Some("Sync,FolderSync,Settings,Find"));
    assert_eq!(fact(&reading, "activesync-versions"), Some("16.1"));
}

#[test]
fn a_200_of_the_front_end_in_trouble_is_not_a_login() {
    // mustang-im/mustang issue 1105.
    let reading = login(&answer(200, "OK", &[("x-proxyerrormessage", "The network is busy.")]));
    assert_eq!(reading.verdict, Verdict::Passing);
    assert_eq!(reading.reply.text, "The network is busy.");
    assert_eq!(fact(&reading, "x-proxyerrormessage"), Some("The network is busy."));
}

#[test]
fn a_200_without_a_field_of_activesync_is_some_other_server() {
    let mut page = answer(200, "OK", &[("Content-Type", "text/html")]);
    page.body = b"<html>sign in</html>".to_vec();
    assert_eq!(login(&page).verdict, Verdict::NotTheService { why: "a web page".into() });
    assert_eq!(read_folder_sync(&page).verdict, Verdict::NotTheService { why: "a web page".into() });
    let plain = login(&answer(200, "OK", &[("Allow", "GET, HEAD, OPTIONS")]));
    assert!(matches!(plain.verdict, Verdict::NotTheService { .. }), "{plain:?}");
    assert!(!answers_anyone(&page) && answers_anyone(&sogo()));
}

#[test]
fn every_status_of_the_table_has_its_meaning() {
    // MS-ASHTTP section 2.2.2.1.1, and what proxies and web servers add.
    let not_the_service = |why: &str| Verdict::NotTheService { why: why.into() };
    let elsewhere = "the server does not take this request here";
    for (status, reason, verdict, text) in [
        (400, "Bad Request", Verdict::Passing, "Bad Request (the server does not understand the request)"),
        (401, "Unauthorized", Verdict::Refused, "Unauthorized"),
        (
            403,
            "Forbidden",
            Verdict::Refused,
            "Forbidden (the user is not enabled for ActiveSync, or this client is not)",
        ),
        (
            404,
            "Not Found",
            not_the_service("there is no ActiveSync at this path"),
            "Not Found (there is no ActiveSync at this path)",
        ),
        (405, "", not_the_service(elsewhere), "the server does not take this request here"),
        (429, "Too Many Requests", Verdict::Passing, "Too Many Requests"),
        (456, "Blocked", Verdict::Refused, "Blocked (the user's account is blocked)"),
        (457, "Expired Password", Verdict::Refused, "Expired Password (the user's password has expired)"),
        (500, "Internal Server Error", Verdict::Passing, "Internal Server Error"),
        (501, "", not_the_service(elsewhere), "the server does not take this request here"),
        (
            502,
            "Proxy Error",
            Verdict::Passing,
            "Proxy Error (the front end got no answer from the server behind it)",
        ),
        (
            507,
            "Insufficient Disk Space",
            Verdict::Shut,
            "Insufficient Disk Space (the user's mailbox is full)",
        ),
    ] {
        let response = answer(status, reason, &[]);
        let reading = login(&response);
        assert_eq!((&reading.verdict, reading.reply.text.as_str()), (&verdict, text), "{status}");
        assert_eq!(reading.reply.status, status.to_string());
        // The same before the content of any other answer is looked at.
        assert_eq!(read_folder_sync(&response).verdict, verdict);
        assert_eq!(read_settings(&response).verdict, verdict);
        assert_eq!(read_provision(&response).reading.verdict, verdict);
    }
    for status in [0, 100, 304, 600, 999] {
        assert!(matches!(login(&answer(status, "", &[])).verdict, Verdict::NotTheService { .. }), "{status}");
    }
}

#[test]
fn a_wish_for_provision_is_neither_yes_nor_no() {
    // Z-Push 2.7.1 says so to the right and to the wrong password.
    let reading = login(&answer(449, "Retry after sending a PROVISION command", &[]));
    assert_eq!(reading.verdict, Verdict::Passing);
    assert!(reading.reply.text.starts_with("Retry after sending a PROVISION command ("), "{reading:?}");
    assert!(asks_for_provision(&reading));
}

#[test]
fn a_throttle_says_how_long_and_why() {
    let headers = [("Retry-After", "120"), ("X-MS-ASThrottle", "RecentCommands")];
    let reading = login(&answer(503, "Service Unavailable", &headers));
    assert_eq!(reading.verdict, Verdict::Passing);
    assert_eq!(fact(&reading, "retry-after"), Some("120"));
    assert_eq!(fact(&reading, "x-ms-asthrottle"), Some("RecentCommands"));
}

#[test]
fn a_redirect_says_where_to_or_is_none() {
    let to = "https://eas.outlook.com/Microsoft-Server-ActiveSync";
    assert_eq!(
        login(&answer(451, "Redirect", &[("X-MS-Location", to)])).verdict,
        Verdict::Redirect { to: to.into() }
    );
    assert_eq!(
        login(&answer(302, "Found", &[("Location", "/owa/")])).verdict,
        Verdict::Redirect { to: "/owa/".into() }
    );
    // mustang-im/mustang pull 220: 451 without a place where the mailbox is not known.
    let nowhere = login(&answer(451, "", &[("Location", to)]));
    assert_eq!(nowhere.verdict, Verdict::Passing);
    assert_eq!(nowhere.reply.text, "a redirect that does not say where to");
    let far = format!("https://x/{}", "a".repeat(3000));
    assert_eq!(login(&answer(302, "", &[("Location", &far)])).verdict, Verdict::Passing);
}

#[test]
fn the_diagnostics_of_exchange_give_code_and_words() {
    // ecederstrand/exchangelib issue 1321.
    let value = "2000008;reason=\"The token contains not enough scope to make this call.\";error_category=\"invalid_grant\"";
    let reading = login(&answer(403, "Forbidden", &[("x-ms-diagnostics", value), ("X-FEServer", "FE01")]));
    assert_eq!(reading.verdict, Verdict::Refused);
    assert_eq!(reading.reply.code.as_deref(), Some("2000008"));
    assert!(reading.reply.text.starts_with("The token contains not enough scope"), "{reading:?}");
    assert_eq!(fact(&reading, "x-feserver"), Some("FE01"));
}

#[test]
fn nothing_of_an_answer_is_long_or_does_anything() {
    let many = (0..9000).map(|n: u32| n.to_string()).collect::<Vec<_>>().join(",");
    let bell = "\x1b[2J\u{202e}".repeat(4000);
    let mut response = answer(401, &bell, &[("x-feserver", &bell), ("Content-Type", "text/plain")]);
    response.body = bell.clone().into_bytes();
    let mut fine = sogo();
    fine.headers.push(("MS-ASProtocolVersions".into(), bell.clone()));
    fine.headers.push(("MS-ASProtocolCommands".into(), many.clone()));
    assert_eq!(listed_versions(&answer(200, "", &[("MS-ASProtocolVersions", &many)])).len(), 64);
    let moved = answer(302, "", &[("Location", "https://x/\x1b[2J")]);
    for response in [response, fine, moved] {
        let told = format!("{:?}", login(&response)).replace("\\\\", "");
        assert!(told.len() < 12_000, "{}", told.len());
        assert!(
            !told.contains('\u{1b}') && !told.contains("\\u{1b}") && !told.contains('\u{202e}'),
            "{told}"
        );
    }
}
