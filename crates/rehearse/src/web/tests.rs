use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::{Cause, HttpRequest, HttpResponse};
use mailprobe_probes::service::activesync::{DeviceIdentity, Version, folder_sync};
use mailprobe_probes::service::autodiscover::{json, pox, soap};
use mailprobe_probes::service::challenge::challenges;
use mailprobe_probes::service::{ActiveSync, Autodiscover, Ews, Legacy, Service, Subject, Verdict};
use proptest::prelude::*;

use super::super::{Presented, Ruling, Words};
use super::*;

mod activesync;
mod ews;

const USER: &str = "alice@contoso.example";

/// A tenant that rules as it is told.
struct Told {
    /// What becomes of a right secret.
    cause: Cause,
    shut: Option<Cause>,
    words: Words,
    /// The users named beside tokens.
    named: Mutex<Vec<Option<String>>>,
}

impl Told {
    fn new(cause: Cause) -> Self {
        Self { cause, shut: None, words: Words::default(), named: Mutex::default() }
    }

    fn shut(cause: Cause) -> Self {
        Self { shut: Some(cause), ..Self::new(Cause::Accepted) }
    }
}

impl Bench for Told {
    fn rule(&self, _: Protocol, presented: &Presented<'_>) -> Ruling {
        let right = match presented {
            Presented::Nothing => return Ruling { cause: Cause::Accepted, mailbox: None, shut: None },
            Presented::Password { password, .. } => *password == b"right",
            Presented::Token { user, token } => {
                self.named.lock().unwrap().push(user.map(str::to_owned));
                *token == "right"
            }
        };
        let cause = if right { self.cause } else { Cause::BadCredentials };
        Ruling { cause, mailbox: Some(USER.to_owned()), shut: self.shut }
    }

    fn words(&self, _: Protocol, _: Cause) -> Words {
        self.words.clone()
    }
}

fn subject(path: &str) -> Subject {
    Subject {
        host: "ex.contoso.example".into(),
        path: path.into(),
        mailbox: USER.into(),
        account: USER.into(),
        impersonate: false,
        user_agent: "test/1".into(),
    }
}

fn basic(password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{USER}:{password}")))
}

/// The request of our own client, as a listener would read it.
fn request(from: &HttpRequest, authorization: Option<&str>) -> Request {
    let (path, query) = from.path.split_once('?').unwrap_or((&from.path, ""));
    let mut headers: Vec<_> =
        from.headers.iter().map(|(name, value)| ((*name).to_ascii_lowercase(), value.clone())).collect();
    headers.extend(authorization.map(|value| ("authorization".to_owned(), value.to_owned())));
    Request {
        verb: from.verb.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: from.body.clone(),
        id: "5cd2a36f-0000-4000-8000-000000000000".to_owned(),
    }
}

/// The answer, as our own client would read it.
fn ask(bench: &Told, site: &Site, from: &HttpRequest, authorization: Option<&str>) -> HttpResponse {
    let Response { status, reason, headers, body, .. } = answer(bench, site, &request(from, authorization));
    HttpResponse { status, reason: reason.unwrap_or_default(), headers, body, cut: false }
}

fn site() -> Site {
    Site {
        host: "ex.contoso.example".into(),
        ports: Ports { https: 8443, imaps: 993, ..Ports::default() },
        ..Site::default()
    }
}

fn ews(bench: &Told, authorization: Option<&str>) -> HttpResponse {
    ask(bench, &site(), &Ews.login(&subject("/EWS/Exchange.asmx")), authorization)
}

fn sync(bench: &Told, site: &Site, from: &HttpRequest) -> HttpResponse {
    ask(bench, site, from, Some(&basic("right")))
}

fn eas() -> Subject {
    subject("/Microsoft-Server-ActiveSync")
}

fn device() -> DeviceIdentity {
    DeviceIdentity::of(USER, "test/1")
}

#[test]
fn a_stranger_is_told_the_schemes_in_the_order_of_the_site() {
    let schemes = |answer: &HttpResponse| -> Vec<String> {
        challenges(answer.all("www-authenticate")).into_iter().map(|challenge| challenge.scheme).collect()
    };
    let bench = Told::new(Cause::Accepted);
    let answer = ews(&bench, None);
    assert_eq!((answer.status, schemes(&answer)), (401, vec!["Bearer".to_owned(), "Basic".to_owned()]));
    assert_eq!(answer.header("request-id"), Some("5cd2a36f-0000-4000-8000-000000000000"));
    assert_eq!(answer.header("X-FEServer"), Some("FR3P281CA0157"));
    let hybrid = Site {
        schemes: vec!["Bearer".into(), "Basic".into(), "Negotiate".into()],
        bearer_challenge: BearerChallenge::OnBearer,
        ..site()
    };
    let login = Ews.login(&subject("/ews/exchange.ASMX"));
    assert_eq!(schemes(&ask(&bench, &hybrid, &login, None)), ["Basic", "Negotiate"]);
    let empty = ask(&bench, &hybrid, &login, Some("Bearer"));
    assert_eq!(schemes(&empty), ["Bearer", "Basic", "Negotiate"]);
    let read = challenges(empty.all("www-authenticate"));
    for name in ["client_id", "trusted_issuers", "token_types", "authorization_uri"] {
        assert!(read[0].param(name).is_some_and(|value| !value.is_empty()), "{name}");
    }
    assert_eq!(read[0].param("error"), None, "an empty Bearer is no refused token");
    assert_eq!(
        challenges(ews(&bench, Some("Bearer wrong")).all("www-authenticate"))[0].param("error"),
        Some("invalid_token")
    );
}

#[test]
fn each_protocol_may_have_schemes_of_its_own_and_a_path_may_be_absent() {
    let bench = Told::new(Cause::Accepted);
    let site = Site {
        schemes_of: [(Protocol::Ews, vec!["NTLM".to_owned()])].into(),
        absent: vec![Protocol::OutlookAnywhere],
        ..site()
    };
    let answer = ask(&bench, &site, &Ews.login(&subject("/EWS/Exchange.asmx")), None);
    assert_eq!(answer.all("www-authenticate").collect::<Vec<_>>(), ["NTLM"]);
    let door = |service: Legacy, path: &str, authorization| {
        ask(&bench, &site, &service.login(&subject(path)), authorization).status
    };
    assert_eq!(door(Legacy::OUTLOOK_ANYWHERE, "/rpc/rpcproxy.dll", None), 404);
    for (service, path) in [
        (Legacy::MAPI, "/mapi/emsmdb/"),
        (Legacy::OFFLINE_ADDRESS_BOOK, "/OAB/"),
        (Legacy::POWERSHELL, "/PowerShell-LiveID/"),
        (Legacy::REPORTING, "/ecp/ReportingWebService/Reporting.svc/"),
        (Legacy::OUTLOOK_SERVICE, "/outlookservice/servicechannel.hxs"),
    ] {
        assert_eq!(door(service, path, None), 401, "{path}");
        assert_eq!(door(service, path, Some("Bearer right")), 200, "{path}");
        assert_eq!(protocol_of(path), Some(service.protocol()), "{path}");
    }
    for path in ["/", "/EWS/Exchange.asmxx", "/owa/", "/common/oauth2/v2.0/token", "EWS"] {
        assert_eq!(protocol_of(path), None, "{path}");
    }
}

#[test]
fn ews_opens_the_inbox_for_the_right_secret_alone() {
    let read = |bench: &Told, authorization: &str| Ews.read_login(&ews(bench, Some(authorization)));
    let bench = Told::new(Cause::Accepted);
    for right in [basic("right"), "Bearer right".to_owned()] {
        let reading = read(&bench, &right);
        assert_eq!(reading.verdict, Verdict::Opened, "{:?}", reading.reply);
        assert!(reading.facts.contains(&("exchange-build", "15.20.8158.17".to_owned())));
    }
    assert_eq!(read(&bench, &basic("wrong")).verdict, Verdict::Refused);
    for (cause, code) in [(Cause::TokenExpired, "2000002"), (Cause::TokenWrongAudience, "2000003")] {
        let reading = read(&Told::new(cause), "Bearer right");
        assert_eq!((reading.verdict, reading.reply.code.as_deref()), (Verdict::Refused, Some(code)));
    }
    assert_eq!(read(&Told::new(Cause::ProtocolDisabled), "Bearer right").reply.status, "403");
    for (cause, code) in
        [(Cause::NoSuchMailbox, "ErrorNonExistentMailbox"), (Cause::NoMailboxPermission, "ErrorAccessDenied")]
    {
        let reading = read(&Told::shut(cause), "Bearer right");
        assert_eq!((reading.verdict, reading.reply.code.as_deref()), (Verdict::Shut, Some(code)));
    }
    for passing in [Cause::Throttled, Cause::Temporary, Cause::MailboxUnavailable] {
        assert_eq!(read(&Told::shut(passing), "Bearer right").verdict, Verdict::Passing, "{passing}");
    }
}

#[test]
fn ews_names_the_impersonated_mailbox_to_the_tenant_and_opens_no_other_one() {
    let bench = Told::new(Cause::Accepted);
    let login = Ews.login(&Subject { impersonate: true, ..subject("/EWS/Exchange.asmx") });
    assert_eq!(ask(&bench, &site(), &login, Some("Bearer right")).status, 200);
    let other =
        Ews.login(&Subject { mailbox: "bob@contoso.example".into(), ..subject("/EWS/Exchange.asmx") });
    let reading = Ews.read_login(&ask(&bench, &site(), &other, Some("Bearer right")));
    assert_eq!(reading.reply.code.as_deref(), Some("ErrorAccessDenied"));
    let named = bench.named.lock().unwrap().clone();
    assert_eq!(named, [Some(USER.to_owned()), Some("bob@contoso.example".to_owned())]);
}

#[test]
fn ews_answers_what_it_does_not_know_with_a_fault_after_the_login() {
    let soap = |operation: &str| {
        HttpRequest {
        verb: "POST",
        path: "/EWS/Exchange.asmx".into(),
        headers: Vec::new(),
        body: format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{operation}</s:Body></s:Envelope>"
        )
        .into_bytes(),
    }
    };
    let said = |operation: &str, authorization: Option<&str>| {
        let answer = ask(&Told::new(Cause::Accepted), &site(), &soap(operation), authorization);
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    assert_eq!(said("<m:FindPeople/>", None).0, 401);
    assert!(said("<m:FindPeople/>", Some("Bearer right")).1.contains("ErrorInvalidRequest"));
    assert!(said("", Some("Bearer right")).1.contains("ErrorSchemaValidation"));
    let zones = said("<m:GetServerTimeZones ReturnFullTimeZoneData=\"false\"/>", Some("Bearer right"));
    assert!(zones.0 == 200 && zones.1.contains("Id=\"UTC\""), "{zones:?}");
    let resolve = |name: &str| {
        said(
            &format!("<m:ResolveNames><m:UnresolvedEntry>{name}</m:UnresolvedEntry></m:ResolveNames>"),
            Some("Bearer right"),
        )
        .1
    };
    assert!(resolve("alice").contains(USER));
    assert!(resolve("&lt;x&gt;").contains("ErrorNameResolutionNoResults"));
    let folder = said(
        "<m:GetFolder><m:FolderIds><t:DistinguishedFolderId Id=\"a&quot;b\"/></m:FolderIds></m:GetFolder>",
        Some("Bearer right"),
    );
    assert!(folder.1.contains("ErrorFolderNotFound"));
}

#[test]
fn the_words_of_the_scenario_stand_before_the_usual_ones() {
    let words = Words {
        status: Some(402),
        text: "Pay first".into(),
        headers: vec![("X-Own".into(), "1".into())],
        body: "no".into(),
        delay_ms: 7,
        closes: true,
        ..Words::default()
    };
    let bench = Told { words, ..Told::new(Cause::Accepted) };
    let login = Ews.login(&subject("/EWS/Exchange.asmx"));
    let said = answer(&bench, &site(), &request(&login, Some(&basic("wrong"))));
    assert_eq!((said.status, said.reason.as_deref()), (402, Some("Pay first")));
    assert_eq!((said.delay_ms, said.closes, said.header("x-own")), (7, true, Some("1")));
    assert_eq!(said.ruled, Some(Ruled { protocol: Protocol::Ews, cause: Cause::BadCredentials }));
}

#[test]
fn autodiscover_points_to_the_sites_own_names_and_ports() {
    let bench = Told::new(Cause::Accepted);
    let place = subject("/Autodiscover/Autodiscover.xml");
    let right = basic("right");
    let found = |discovery: &mailprobe_probes::service::autodiscover::Discovery| -> Vec<(Protocol, String)> {
        discovery.found.iter().map(|found| (found.protocol, found.url.clone())).collect()
    };
    let ews = (Protocol::Ews, "https://ex.contoso.example:8443/EWS/Exchange.asmx".to_owned());
    let imap = (Protocol::Imap, "imaps://ex.contoso.example:993".to_owned());
    let answer = ask(&bench, &site(), &pox::request(&place, pox::Schema::Outlook), Some(&right));
    assert_eq!(found(&pox::read(&answer.body).unwrap()), [ews.clone(), imap.clone()]);
    assert_eq!(Autodiscover.read_login(&answer).verdict, Verdict::Accepted);
    let answer = ask(&bench, &site(), &pox::request(&place, pox::Schema::MobileSync), Some(&right));
    let phone =
        (Protocol::ActiveSync, "https://ex.contoso.example:8443/Microsoft-Server-ActiveSync".to_owned());
    assert_eq!(found(&pox::read(&answer.body).unwrap()), std::slice::from_ref(&phone));
    let answer = ask(&bench, &site(), &soap::request(&place), Some(&right));
    assert_eq!(found(&soap::read(&answer.body).unwrap()), [ews.clone(), imap]);
    for (protocol, place_) in [(Protocol::Ews, ews), (Protocol::ActiveSync, phone)] {
        let answer = ask(&bench, &site(), &json::request(&place, protocol).unwrap(), None);
        assert_eq!(found(&json::read(&answer.body).unwrap()), [place_]);
    }
    for request in [pox::request(&place, pox::Schema::Outlook), soap::request(&place)] {
        assert_eq!(ask(&bench, &site(), &request, None).status, 401);
    }
}

#[test]
fn autodiscover_has_objections_in_its_own_words() {
    let bench = Told::new(Cause::Accepted);
    let stranger =
        Subject { mailbox: "<bob>@contoso.example".into(), ..subject("/autodiscover/autodiscover.xml") };
    let right = basic("right");
    let mut outlook = pox::request(&stranger, pox::Schema::Outlook);
    let complaint = |request: &HttpRequest| {
        let answer = ask(&bench, &site(), request, Some(&right));
        pox::read(&answer.body).unwrap().complaint.unwrap().code
    };
    assert_eq!(complaint(&outlook), "500");
    outlook.body = b"<Autodiscover><Request/></Autodiscover>".to_vec();
    assert_eq!(complaint(&outlook), "600");
    let answer = ask(&bench, &site(), &soap::request(&stranger), Some(&right));
    assert_eq!(soap::read(&answer.body).unwrap().complaint.unwrap().code, "InvalidUser");
    let mut wrong = json::request(&stranger, Protocol::Ews).unwrap();
    wrong.path = wrong.path.replace("Protocol=EWS", "Protocol=%22%3Cx%3E");
    let answer = ask(&bench, &site(), &wrong, None);
    assert_eq!(json::read(&answer.body).unwrap().complaint.unwrap().code, "ProtocolNotSupported");
}

#[test]
fn the_record_tells_what_was_presented_and_not_the_secret() {
    let bench = Told::new(Cause::Accepted);
    let mut folders = folder_sync(&eas(), Version::V16_1, &device(), 0);
    folders.headers.push(("User-Agent", "\u{1b}[31mApple-iPhone/1".into()));
    let seen = |authorization: &str| {
        let request = request(&folders, Some(authorization));
        Seen::of(&request, &answer(&bench, &site(), &request))
    };
    let right = seen(&basic("right"));
    assert_eq!((right.scheme.as_deref(), right.user.as_deref()), (Some("Basic"), Some(USER)));
    let secret = SecretSeen { kind: SecretKind::Password, length: 5, matched: Some(true) };
    assert_eq!((right.secret, right.cause, right.status), (Some(secret), Some(Cause::Accepted), 200));
    assert_eq!(
        (right.command.as_deref(), right.activesync_version.as_deref()),
        (Some("FolderSync"), Some("16.1"))
    );
    let wrong = seen("Bearer a-token-that-is-wrong");
    let secret = SecretSeen { kind: SecretKind::Token, length: 21, matched: Some(false) };
    assert_eq!((wrong.secret, wrong.status), (Some(secret), 401));
    let shown = format!("{right:?}{wrong:?}{:?}", request(&folders, Some("Bearer a-token-that-is-wrong")));
    assert!(!shown.contains("a-token") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn a_client_request_id_comes_back_only_where_it_is_nothing_else() {
    let bench = Told::new(Cause::Accepted);
    let back = |id: &str| {
        let mut login = Ews.login(&subject("/EWS/Exchange.asmx"));
        login.headers.push(("client-request-id", id.to_owned()));
        ask(&bench, &site(), &login, None).header("client-request-id").map(str::to_owned)
    };
    assert_eq!(back("{A-1}").as_deref(), Some("{A-1}"));
    assert_eq!(back("x\r\nSet-Cookie: a"), None);
    assert_eq!(back(&"a".repeat(65)), None);
}

#[test]
fn a_site_is_a_table_of_which_every_key_may_be_left_out() {
    let text = r#"{"host": "ex.test", "ports": {"https": 443}, "schemes_of": {"ews": ["Basic"]}, "absent": ["reporting"],
        "bearer_challenge": "on-bearer", "activesync": {"versions": ["14.1", "16.1"], "policy": "http449-first"}}"#;
    let site: Site = serde_json::from_str(text).unwrap();
    assert_eq!(
        (site.url("/x").as_str(), site.activesync.policy),
        ("https://ex.test/x", Policy::Http449First)
    );
    assert_eq!(site.absent, [Protocol::Reporting]);
    assert!(serde_json::from_str::<Site>(r#"{"hosst": "x"}"#).is_err(), "a misspelt key is an error");
    let plain = Site { ports: Ports { http: 8080, ..Ports::default() }, ..Site::default() };
    assert_eq!(plain.url("/"), "http://localhost:8080/");
}

fn paths() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/EWS/Exchange.asmx".to_owned()),
        Just("/Microsoft-Server-ActiveSync".to_owned()),
        Just("/autodiscover/autodiscover.xml".to_owned()),
        Just("/autodiscover/autodiscover.svc".to_owned()),
        Just("/autodiscover/autodiscover.json/v1.0/a@b".to_owned()),
        "/\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_makes_it_panic(
        path in paths(),
        verb in prop::sample::select(vec!["GET", "POST", "OPTIONS", "RPC_IN_DATA", ""]),
        query in "(Cmd=(FolderSync|Provision|Settings|Sync)&DeviceId=a&DeviceType=b)?[ -~]{0,30}",
        authorization in prop_oneof![Just("Bearer right".to_owned()), Just(basic("right")), "(Basic |Bearer |NTLM )?\\PC{0,40}"],
        policy in prop::sample::select(vec![Policy::None, Policy::Status, Policy::Http449, Policy::Http449First]),
        wbxml in any::<bool>(),
        body in prop::collection::vec(any::<u8>(), 0..120),
        xml in "[<>/a-zA-Z:&;!\\[\\]\"'= ?-]{0,120}",
    ) {
        let mut site = site();
        site.activesync.policy = policy;
        let body = if wbxml { [&[3, 1, 0x6a, 0][..], &body].concat() } else { xml.into_bytes() };
        let request = Request {
            verb: verb.into(),
            path,
            query,
            headers: vec![("authorization".into(), authorization), ("MS-ASProtocolVersion".into(), "16.1".into())],
            body,
            id: String::new(),
        };
        let said = answer(&Told::new(Cause::Accepted), &site, &request);
        prop_assert!((200..600).contains(&said.status));
        let _ = Seen::of(&request, &said);
    }

    #[test]
    fn no_wbxml_below_a_right_root_makes_it_panic(
        root in prop::sample::select(vec![(7_u8, 0x16_u8, "FolderSync"), (14, 0x05, "Provision"), (18, 0x05, "Settings")]),
        rest in prop::collection::vec(prop_oneof![any::<u8>(), 0x45_u8..0x60, Just(1), Just(3), Just(0)], 0..60),
    ) {
        let (page, token, command) = root;
        let request = Request {
            verb: "POST".into(),
            path: "/Microsoft-Server-ActiveSync".into(),
            query: format!("Cmd={command}&DeviceId=a&DeviceType=b"),
            headers: vec![("authorization".into(), basic("right")), ("ms-asprotocolversion".into(), "16.1".into())],
            body: [&[3, 1, 0x6a, 0, 0, page, token | 0x40][..], &rest].concat(),
            id: String::new(),
        };
        prop_assert_eq!(answer(&Told::new(Cause::Accepted), &site(), &request).status, 200);
    }
}
