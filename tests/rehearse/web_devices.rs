//! What a device did over HTTPS is in the report like everything else, service by service; tokens of the tenant's own
//! endpoint open all its doors.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::tenant::{ALICE, Ended, PASSWORD, TOKEN, Tenant, client};

/// A public client and one with a secret, as `rehearse --show before-cutover` has them.
pub(crate) const PUBLIC: &str = "00000000-0000-4000-8000-00000000c11e";
pub(crate) const DAEMON: &str = "00000000-0000-4000-8000-0000000da330";
pub(crate) const DAEMON_SECRET: &str = "rehearsal-secret-of-daemon";

const GET_FOLDER: &str = r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body><m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></s:Body></s:Envelope>"#;

fn curl(tenant: &Tenant, path: &str, more: &[&str]) -> String {
    let (ca, url) = (tenant.file("ca.pem"), tenant.url("https", path));
    let mut arguments = vec!["-sS", "-i", "--max-time", "20", "--cacert", &ca];
    arguments.extend_from_slice(more);
    arguments.push(&url);
    client("curl", &arguments).1
}

/// What the token endpoint says to a form.
pub(crate) fn token(tenant: &Tenant, form: &[(&str, &str)]) -> serde_json::Value {
    let fields: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let arguments: Vec<&str> = fields.iter().flat_map(|field| ["--data-urlencode", field]).collect();
    let said = curl(tenant, "/rehearsal.test/oauth2/v2.0/token", &arguments);
    let body = said.split("\r\n\r\n").nth(1).unwrap_or_else(|| panic!("{said}"));
    serde_json::from_str(body).unwrap()
}

fn verdict<'a>(ended: &'a Ended, service: &str) -> &'a str {
    ended.usage(service)["verdict"]["sentence"].as_str().unwrap()
}

#[test]
fn a_program_on_ews_works_by_token_until_ews_ends_and_no_more_by_password() {
    let mut tenant = Tenant::of("exchange-online-today");
    let login = format!("{ALICE}:{PASSWORD}");
    let said = curl(&tenant, "/EWS/Exchange.asmx", &["-d", GET_FOLDER, "-u", &login]);
    assert!(said.starts_with("HTTP/1.1 401"), "{said}");
    let refused = tenant.end();
    assert_eq!(
        verdict(&refused, "ews"),
        "does not work today: Basic with a password is refused (basic-disabled)"
    );
    let tried = &refused.usage("ews")["methods"][0]["last"];
    assert_eq!((&tried["matched"], &tried["length"]), (&true.into(), &PASSWORD.len().into()), "{tried}");

    let mut tenant = Tenant::of("exchange-online-today");
    let bearer = format!("Authorization: Bearer {TOKEN}");
    let said = curl(&tenant, "/EWS/Exchange.asmx", &["-d", GET_FOLDER, "-H", &bearer, "-A", "archiver/7"]);
    assert!(said.contains("NoError"), "{said}");
    let ended = tenant.end();
    assert!(
        verdict(&ended, "ews")
            .starts_with("works today, stops on 2027-04-01 because Bearer with a token is refused"),
        "{}",
        ended.text
    );
    assert_eq!(ended.report["devices"][0]["name"], "archiver/7");
    assert!(ended.live.contains("Bearer token of 24 octets, the right one: accepted"), "{}", ended.live);
    let connection = &ended.report["connections"][0];
    assert_eq!(connection["commands"], serde_json::json!(["POST /EWS/Exchange.asmx, Bearer: 200"]));
    assert_eq!(connection["tls"]["hello"]["sni"], "localhost");
    let everything = [refused.everything(), ended.everything()].concat();
    assert!(!everything.contains(TOKEN) && !everything.contains(PASSWORD), "{everything}");
}

#[test]
fn a_phone_that_speaks_an_old_activesync_is_told_so() {
    let mut tenant = Tenant::of("eas-16-1-only");
    let folder_sync = tenant.file("foldersync");
    std::fs::write(&folder_sync, b"\x03\x01\x6a\x00\x00\x07\x56\x52\x030\x00\x01\x01").unwrap();
    let data = format!("@{folder_sync}");
    let bearer = format!("Authorization: Bearer {TOKEN}");
    let sync = |version: &str| {
        let version = format!("MS-ASProtocolVersion: {version}");
        let kind = "Content-Type: application/vnd.ms-sync.wbxml";
        let path = "/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=alice&DeviceId=phone7&DeviceType=Phone";
        curl(
            &tenant,
            path,
            &["--data-binary", &data, "-H", &bearer, "-H", &version, "-H", kind, "-o", "/dev/null"],
        )
    };
    sync("14.1");
    let ended = tenant.end();
    let usage = ended.usage("activesync");
    assert_eq!(usage["activesync_versions"], serde_json::json!(["14.1"]));
    assert_eq!(
        verdict(&ended, "activesync"),
        "does not work today: Bearer with a token is refused (protocol-version-too-old)"
    );
    assert!(ended.text.contains("    version      14.1\n"), "{}", ended.text);

    let tenant_16 = Tenant::of("eas-16-1-only");
    let mut tenant = tenant_16;
    let version = "MS-ASProtocolVersion: 16.1";
    let path = "/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=alice&DeviceId=phone7&DeviceType=Phone";
    let kind = "Content-Type: application/vnd.ms-sync.wbxml";
    curl(
        &tenant,
        path,
        &["--data-binary", &data, "-H", &bearer, "-H", version, "-H", kind, "-o", "/dev/null"],
    );
    assert!(verdict(&tenant.end(), "activesync").starts_with("works today"));
}

#[test]
fn a_token_of_the_tenants_own_endpoint_opens_imap_and_ews_and_its_flow_is_recorded() {
    let mut tenant = Tenant::of("exchange-online-today");
    let answer = token(
        &tenant,
        &[
            ("grant_type", "password"),
            ("client_id", PUBLIC),
            ("username", ALICE),
            ("password", PASSWORD),
            (
                "scope",
                "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/EWS.AccessAsUser.All",
            ),
        ],
    );
    let own = answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let bearer = format!("Authorization: Bearer {own}");
    assert!(curl(&tenant, "/EWS/Exchange.asmx", &["-d", GET_FOLDER, "-H", &bearer]).contains("NoError"));
    let (ca, url) = (tenant.file("ca.pem"), tenant.url("imaps", "/INBOX"));
    let arguments =
        ["-sS", "--max-time", "20", "--cacert", &ca, "-u", ALICE, "--oauth2-bearer", own, "-X", "NOOP", &url];
    assert_eq!(client("curl", &arguments).0, 0);
    let pop3s = tenant.url("pop3s", "/");
    let arguments = ["-sS", "--max-time", "20", "--cacert", &ca, "-u", ALICE, "--oauth2-bearer", own, &pop3s];
    assert_ne!(client("curl", &arguments).0, 0, "the token has no scope for POP3");
    let ended = tenant.end();
    assert_eq!(verdict(&ended, "token-endpoint"), "gets a token by password");
    assert!(ended.text.contains("    grant        a token by password\n"), "{}", ended.text);
    assert!(!ended.everything().contains(own) && !ended.everything().contains(PASSWORD));
}

#[test]
fn an_app_by_itself_gets_a_token_by_its_secret_and_is_told_of_a_wrong_one() {
    let mut tenant = Tenant::of("exchange-online-today");
    let ask = |secret: &str| {
        token(
            &tenant,
            &[
                ("grant_type", "client_credentials"),
                ("client_id", DAEMON),
                ("client_secret", secret),
                ("scope", "https://outlook.office365.com/.default"),
            ],
        )
    };
    assert!(ask("not-the-secret")["error_description"].as_str().unwrap().starts_with("AADSTS7000215"));
    assert!(ask(DAEMON_SECRET)["access_token"].is_string());
    let ended = tenant.end();
    let grants = serde_json::json!(["AADSTS7000215", "a token by client_credentials"]);
    assert_eq!(ended.usage("token-endpoint")["grants"], grants);
    assert!(!ended.everything().contains(DAEMON_SECRET));
}

#[test]
fn whoever_speaks_no_tls_at_the_door_of_https_is_written_down() {
    let mut tenant = Tenant::of("exchange-online-today");
    let mut plain = TcpStream::connect(("127.0.0.1", tenant.port("https"))).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nAuthorization: Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==\r\n\r\n").unwrap();
    // What it says is an alert of TLS at most.
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP"), "{said:?}");
    assert!(curl(&tenant, "/EWS/Exchange.asmx", &["-d", GET_FOLDER]).starts_with("HTTP/1.1 401"));
    let ended = tenant.end();
    let tls = &ended.report["connections"][0]["tls"];
    assert_eq!(tls["detail"], "the client speaks without TLS: it began with GET");
    assert!(!ended.everything().contains("YWxp"), "{}", ended.live);
}

#[test]
fn security_defaults_stand_in_the_way_of_passwords_and_device_codes_at_the_endpoint() {
    let tenant = Tenant::of("security-defaults");
    let form =
        [("grant_type", "password"), ("client_id", PUBLIC), ("username", ALICE), ("password", PASSWORD)];
    let scope = ("scope", "https://outlook.office.com/IMAP.AccessAsUser.All");
    let said = token(&tenant, &[&form[..], &[scope]].concat());
    assert!(said["error_description"].as_str().unwrap().starts_with("AADSTS530035"), "{said}");
}

#[test]
fn autodiscover_names_the_tenants_own_doors() {
    let tenant = Tenant::of("before-cutover");
    let path = format!("/autodiscover/autodiscover.json/v1.0/{ALICE}?Protocol=EWS");
    let said = curl(&tenant, &path, &[]);
    assert!(said.contains(&tenant.url("https", "/EWS/Exchange.asmx")), "{said}");
}

#[test]
fn who_only_shakes_hands_is_recorded_without_a_service() {
    let mut tenant = Tenant::of("before-cutover");
    let ca = tenant.file("ca.pem");
    let address = format!("localhost:{}", tenant.port("https"));
    let (_, said) =
        client("sh", &["-c", &format!("openssl s_client -connect {address} -CAfile {ca} </dev/null")]);
    assert!(said.contains("Verify return code: 0"), "{said}");
    let ended = tenant.end();
    let odd = &ended.report["connections"][0]["odd"];
    assert_eq!(odd[0], "left right after the handshake, perhaps over the certificate", "{odd}");
    assert_eq!(verdict(&ended, "https"), "presented no login");
}
