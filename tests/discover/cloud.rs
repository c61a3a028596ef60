//! A tenant of Exchange Online.

use crate::said::{discover, findings, request, urls};
use crate::world::{Dns, Internet, nothing_there, page};

pub(crate) const EXCHANGE: [&str; 7] = [
    "local=/corp.test/",
    "local=/outlook.com/",
    "mx-host=corp.test,corp-test.mail.protection.outlook.com,10",
    "host-record=autodiscover.outlook.com,127.0.0.9",
    "cname=autodiscover.corp.test,autodiscover.outlook.com",
    "host-record=corp.test,127.0.0.9",
    "srv-host=_pop3s._tcp.corp.test,,,",
];

pub(crate) const CLOUD: [&str; 6] = [
    "corp.test",
    "autodiscover.corp.test",
    "autodiscover-s.outlook.com",
    "outlook.office365.com",
    "login.microsoftonline.com",
    "elsewhere.test",
];

/// Exchange Online, as far as it answers without credentials.
pub(crate) fn exchange(place: &str, request: &str) -> Option<Vec<u8>> {
    let path = request.split(' ').nth(1).unwrap();
    let json = |protocol: &str, url: &str| {
        page("200 OK", "", &format!("{{\"Protocol\":\"{protocol}\",\"Url\":\"{url}\"}}"))
    };
    if place.contains("login.microsoftonline.com") {
        assert_eq!(path, "/corp.test/v2.0/.well-known/openid-configuration");
        return page(
            "200 OK",
            "",
            r#"{"issuer":"https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0",
                "token_endpoint":"https://login.microsoftonline.com/1/oauth2/v2.0/token",
                "device_authorization_endpoint":"https://login.microsoftonline.com/1/oauth2/v2.0/devicecode"}"#,
        );
    }
    match path.split_once("?Protocol=").map(|(_, protocol)| protocol) {
        Some("EWS") => json("EWS", "https://outlook.office365.com/EWS/Exchange.asmx"),
        Some("ActiveSync") => json("ActiveSync", "https://outlook.office365.com/Microsoft-Server-ActiveSync"),
        Some(_) => page(
            "404 Not Found",
            "",
            r#"{"ErrorCode":"ProtocolNotSupported","ErrorMessage":"not \u001b[2J here"}"#,
        ),
        None if place == "http://autodiscover.corp.test" => page(
            "302 Found",
            "Location: https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml\r\n",
            "",
        ),
        None if place == "https://corp.test" => nothing_there(),
        None => page(
            "401 Unauthorized",
            "WWW-Authenticate: Bearer client_id=\"x\"\r\nWWW-Authenticate: Basic realm=\"\"\r\n",
            "",
        ),
    }
}

#[test]
fn a_tenant_of_exchange_online_is_found_with_everybody_who_says_so() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let said = discover("alice@corp.test", &["-o", "json"], &dns, &internet);
    assert_eq!(said.status, 0, "{}", said.err);
    let found = said.json();
    assert_eq!(
        (&found["schema"], &found["domain"], &found["exists"]),
        (&1.into(), &"corp.test".into(), &true.into())
    );
    assert_eq!(found["provider"]["name"], "exchange-online");
    assert_eq!(
        found["provider"]["because"],
        "autodiscover.corp.test is an alias of autodiscover.outlook.com"
    );
    let wanted = [
        "imaps://outlook.office365.com:993",
        "pop3s://outlook.office365.com:995",
        "smtp://smtp.office365.com:587",
        "ews://outlook.office365.com:443/EWS/Exchange.asmx",
        "eas://outlook.office365.com:443/Microsoft-Server-ActiveSync",
        "autodiscover://autodiscover-s.outlook.com:443/autodiscover/autodiscover.xml",
        "autodiscover://autodiscover.corp.test:443/autodiscover/autodiscover.xml",
    ];
    assert_eq!(urls(&found), wanted);
    let ews = &found["endpoints"][3]["said_by"];
    assert_eq!(ews.as_array().unwrap().len(), 3, "table, own host, provider's host: {ews}");
    assert_eq!(
        ews[1]["at"],
        "https://autodiscover.corp.test/autodiscover/autodiscover.json/v1.0/alice@corp.test?Protocol=EWS"
    );
    assert_eq!(
        found["openid"]["issuer"],
        "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0"
    );
    assert!(found["openid"]["device_authorization_endpoint"].as_str().unwrap().ends_with("devicecode"));
    // What wants credentials is listed with its schemes, and got none.
    let pox = request(&found, "https://autodiscover.corp.test/autodiscover/autodiscover.xml");
    assert_eq!((&pox["status"], &pox["schemes"]), (&401.into(), &serde_json::json!(["Bearer", "Basic"])));
    let plain = request(&found, "http://autodiscover.corp.test/");
    assert_eq!(
        plain["redirects"],
        serde_json::json!(["https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml"])
    );
    // The record that denies POP3 stands against the table.
    assert_eq!(findings(&found), ["srv-denies-service"]);
    let requests = internet.requests.lock().unwrap().join("\n");
    assert!(!requests.to_ascii_lowercase().contains("\r\nauthorization:"), "{requests}");
    let allowed = [
        "corp.test:443",
        "autodiscover.corp.test:80",
        "autodiscover.corp.test:443",
        "autodiscover-s.outlook.com:443",
        "outlook.office365.com:443",
        "login.microsoftonline.com:443",
    ];
    assert!(
        internet.visited().iter().all(|host| allowed.contains(&host.as_str())),
        "{:?}",
        internet.visited()
    );
    let connects: Vec<&str> = requests
        .split('\n')
        .filter(|line| line.starts_with("Proxy-Authorization") || line.starts_with("proxy-authorization"))
        .collect();
    assert_eq!(
        connects.len(),
        internet.asked.lock().unwrap().len(),
        "every connection went through the proxy as its user"
    );
}

#[test]
fn the_text_says_the_same_and_names_what_is_not_offered() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let said = discover("alice@corp.test", &[], &dns, &internet);
    assert_eq!(said.status, 0, "{}", said.err);
    for part in [
        "exchange-online: Exchange Online",
        "imaps://outlook.office365.com:993\n      provider-table  exchange-online",
        "Bearer, Basic",
        "_pop3s._tcp.corp.test\n      the record says that there is no such service",
        "[srv-denies-service]",
        "7 endpoints found.",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let verbose = discover("alice@corp.test", &["-v"], &dns, &internet).out;
    assert!(verbose.contains("ProtocolNotSupported: not \\x1B[2J here"), "{verbose}");
}

#[test]
fn a_domain_alone_is_not_asked_about_as_an_address() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let found = discover("corp.test", &["-o", "json"], &dns, &internet).json();
    assert!(urls(&found).contains(&"imaps://outlook.office365.com:993"));
    assert!(!internet.requests.lock().unwrap().iter().any(|request| request.contains("autodiscover.json")));
}
