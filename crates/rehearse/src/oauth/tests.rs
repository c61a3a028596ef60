use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mailprobe_probes::model::{Cause, Protocol, Secret};
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::jws::tests::key;
use super::*;

mod flows;

const START: u64 = 1_780_000_000;
const PUBLIC: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const DAEMON: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const CERTIFIED: &str = "aaaaaaaa-0000-4000-8000-000000000003";
const SECRET: &str = "s3cr~t=with/odd+signs";
const IMAP: &str = "https://outlook.office.com/IMAP.AccessAsUser.All";
const BACK: &str = "http://localhost/back";

struct Clock {
    now: AtomicU64,
    drawn: AtomicU64,
}

impl World for Clock {
    fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn fill(&self, octets: &mut [u8]) {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        for (at, octet) in octets.iter_mut().enumerate() {
            *octet = Sha256::digest([number.to_le_bytes(), (at as u64).to_le_bytes()].concat())[0];
        }
    }
}

/// The local part of an address says what becomes of it.
struct Town;

fn fate(user: &str) -> Option<Cause> {
    let name = user.split('@').next().unwrap();
    Cause::ALL.iter().copied().find(|cause| cause.name() == name)
}

impl People for Town {
    fn sign_in(&self, flow: Flow, _: &str, user: &str, password: &[u8]) -> Result<Person, Cause> {
        if let Some(cause) = fate(user) {
            return Err(cause);
        }
        if password != b"right" {
            return Err(Cause::BadCredentials);
        }
        if user.starts_with("no-devices") && flow == Flow::DeviceCode {
            return Err(Cause::SecurityDefaults);
        }
        self.renew("", user)
    }

    fn renew(&self, _: &str, upn: &str) -> Result<Person, Cause> {
        if upn.starts_with("gone-later") { Err(Cause::AccountDisabled) } else { Ok(person(upn)) }
    }
}

fn person(upn: &str) -> Person {
    Person { upn: upn.to_owned(), oid: "cccccccc-0000-4000-8000-000000000009".to_owned() }
}

struct Bureau {
    authority: Authority,
    clock: Arc<Clock>,
}

fn app(client_id: &str) -> App {
    App {
        client_id: client_id.to_owned(),
        name: "Scanner <b>".to_owned(),
        secret: None,
        certificate: None,
        redirect_uris: vec![BACK.to_owned()],
        scopes: vec!["IMAP.AccessAsUser.All".to_owned(), "SMTP.Send".to_owned()],
        roles: Vec::new(),
        user_consent: false,
    }
}

impl Bureau {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Directory)) -> Self {
        let clock = Arc::new(Clock { now: AtomicU64::new(START), drawn: AtomicU64::new(0) });
        let mut directory = Directory {
            base: "https://login.example".to_owned(),
            domains: vec!["contoso.example".to_owned()],
            apps: vec![
                app(PUBLIC),
                App {
                    secret: Some(AppSecret(Secret::new(SECRET))),
                    roles: vec!["IMAP.AccessAsApp".to_owned()],
                    ..app(DAEMON)
                },
            ],
            ..Directory::default()
        };
        change(&mut directory);
        Self { authority: Authority::new(directory, Arc::new(Town), clock.clone(), key()), clock }
    }

    fn later(&self, seconds: u64) {
        self.clock.now.fetch_add(seconds, Ordering::Relaxed);
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.authority.answer(&Request {
            verb: "POST".into(),
            path: path.into(),
            body: body.into_bytes(),
            ..Request::default()
        })
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Response {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.authority.answer(&Request { verb: "GET".into(), path: path.into(), query, ..Request::default() })
    }

    fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let response = self.post("/contoso.example/oauth2/v2.0/token", form);
        assert_eq!(response.header("Cache-Control"), Some("no-store"));
        (response.status, serde_json::from_slice(&response.body).unwrap())
    }

    fn ok(&self, form: &[(&str, &str)]) -> Value {
        let (status, said) = self.token(form);
        assert_eq!(status, 200, "{said}");
        said
    }

    /// The AADSTS number and the error of a refusal, after a look at its shape.
    fn refused(&self, form: &[(&str, &str)]) -> (u64, String) {
        let (status, said) = self.token(form);
        assert!(status >= 400, "{said}");
        number(&said)
    }

    fn password(&self, user: &str, password: &str) -> (u16, Value) {
        self.token(&[
            ("grant_type", "password"),
            ("client_id", PUBLIC),
            ("username", user),
            ("password", password),
            ("scope", &format!("{IMAP} offline_access openid")),
        ])
    }

    fn authorize(&self, more: &[(&str, &str)]) -> Response {
        let mut query = vec![
            ("client_id", PUBLIC),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost:5000/back"),
            ("scope", IMAP),
            ("state", "a&b"),
        ];
        query.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        query.extend(more);
        self.get("/common/oauth2/v2.0/authorize", &query)
    }

    /// Signs in on a page.
    fn submit(&self, page: &Response, more: &[(&str, &str)]) -> Response {
        let body = String::from_utf8(page.body.clone()).unwrap();
        let word = hidden(&body, "sign_in");
        let form =
            [&[("sign_in", word.as_str()), ("user", "alice@contoso.example"), ("password", "right")], more];
        let mut form = form.concat();
        if !form.iter().any(|(name, _)| *name == "decision") {
            form.push(("decision", "allow"));
        }
        self.post("/common/oauth2/v2.0/authorize", &form)
    }

    fn code(&self, more: &[(&str, &str)]) -> String {
        let response = self.submit(&self.authorize(more), &[]);
        assert_eq!(response.status, 302, "{}", String::from_utf8_lossy(&response.body));
        answered(&response, "code").expect("a code")
    }
}

fn number(said: &Value) -> (u64, String) {
    let code = said["error_codes"][0].as_u64().unwrap();
    let description = said["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("AADSTS{code}: ")), "{description}");
    assert!(
        description.contains("\r\nTrace ID: ") && description.contains("\r\nTimestamp: 2026-"),
        "{description}"
    );
    for id in ["trace_id", "correlation_id"] {
        assert!(is_uuid(said[id].as_str().unwrap()));
    }
    (code, said["error"].as_str().unwrap().to_owned())
}

fn hidden(body: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let from = body.find(&mark).expect("a hidden field") + mark.len();
    body[from..].split('"').next().unwrap().to_owned()
}

fn answered(response: &Response, name: &str) -> Option<String> {
    let to = url::Url::parse(response.header("Location")?).unwrap();
    to.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

#[test]
fn a_password_grant_gives_a_token_that_the_protocol_of_its_scope_takes_and_no_other() {
    let bureau = Bureau::new();
    let (status, said) = bureau.password("alice@contoso.example", "right");
    assert_eq!(
        (status, said["token_type"].as_str(), said["scope"].as_str()),
        (200, Some("Bearer"), Some(IMAP))
    );
    let token = said["access_token"].as_str().unwrap();
    let claims = bureau.authority.validate(token, Protocol::Imap).unwrap();
    assert_eq!(claims.upn.as_deref(), Some("alice@contoso.example"));
    assert_eq!((claims.aud.as_str(), claims.ver.as_str()), ("https://outlook.office.com", "1.0"));
    assert_eq!(claims.exp - claims.iat, 3600);
    for other in [Protocol::Pop3, Protocol::Smtp, Protocol::Ews, Protocol::ActiveSync] {
        assert_eq!(bureau.authority.validate(token, other), Err(Cause::TokenMissingScope), "{other}");
    }
    let for_user = |user| bureau.authority.validate_for(token, Protocol::Imap, Some(user)).map(|_| ());
    assert_eq!(for_user("ALICE@contoso.example"), Ok(()));
    assert_eq!(for_user("bob@contoso.example"), Err(Cause::TokenWrongUser));
    bureau.later(3600);
    assert_eq!(bureau.authority.validate(token, Protocol::Imap), Err(Cause::TokenExpired));
}

#[test]
fn tokens_that_are_wrong_are_wrong_by_name() {
    let bureau = Bureau::new();
    let (_, said) = bureau.password("alice@contoso.example", "right");
    let token = said["access_token"].as_str().unwrap();
    let good = bureau.authority.validate(token, Protocol::Imap).unwrap();
    let says = |change: &dyn Fn(&mut Claims)| {
        let mut claims = good.clone();
        change(&mut claims);
        bureau.authority.validate(&bureau.authority.sign(&claims), Protocol::Imap).err()
    };
    assert_eq!(says(&|_| {}), None);
    assert_eq!(
        says(&|claims| claims.aud = "https://graph.microsoft.com".into()),
        Some(Cause::TokenWrongAudience)
    );
    assert_eq!(says(&|claims| claims.tid = "another".into()), Some(Cause::TokenWrongTenant));
    assert_eq!(
        says(&|claims| claims.iss = "https://sts.windows.net/x/".into()),
        Some(Cause::TokenWrongTenant)
    );
    assert_eq!(says(&|claims| claims.scp = None), Some(Cause::TokenMissingScope));
    assert_eq!(
        says(&|claims| claims.scp = Some("XIMAP.AccessAsUser.All".into())),
        Some(Cause::TokenMissingScope)
    );
    assert_eq!(says(&|claims| claims.nbf = START + 1), Some(Cause::TokenInvalid));
    assert_eq!(says(&|claims| claims.exp = START), Some(Cause::TokenExpired));
    // Exchange's own application id, and a slash at the end, are audiences too.
    assert_eq!(says(&|claims| claims.aud = "00000002-0000-0ff1-ce00-000000000000".into()), None);
    assert_eq!(says(&|claims| claims.aud = "https://outlook.office365.com/".into()), None);
    for broken in ["", "EwBAAl3BAAUFFpUAo7J3", "a.b.c", &token[..token.len() - 4]] {
        assert_eq!(bureau.authority.validate(broken, Protocol::Imap), Err(Cause::TokenInvalid), "{broken}");
    }
}

#[test]
fn every_rule_of_the_tenant_has_its_number() {
    let bureau = Bureau::new();
    for (user, number_, error) in [
        ("bad-credentials", 50126, "invalid_grant"),
        ("no-such-user", 50034, "invalid_grant"),
        ("account-locked", 50053, "invalid_grant"),
        ("account-disabled", 50057, "invalid_grant"),
        ("password-expired", 50055, "invalid_grant"),
        ("mfa-required", 50076, "interaction_required"),
        ("conditional-access", 53003, "interaction_required"),
        ("security-defaults", 530_035, "access_denied"),
        ("consent-required", 65001, "invalid_grant"),
        ("app-blocked", 50105, "invalid_grant"),
        ("temporary", 90033, "temporarily_unavailable"),
    ] {
        let (_, said) = bureau.password(&format!("{user}@contoso.example"), "right");
        assert_eq!(number(&said), (number_, error.to_owned()), "{user}");
    }
    let (_, said) = bureau.password("alice@contoso.example", "wrong");
    assert_eq!(number(&said).0, 50126);
    assert!(!said.to_string().contains("wrong"), "a password is never repeated");
}

#[test]
fn apps_that_do_not_prove_themselves_are_refused_by_name() {
    let bureau = Bureau::new();
    let default = ("scope", "https://outlook.office365.com/.default");
    let app = |form: &[(&str, &str)]| {
        bureau.refused(&[&[("grant_type", "client_credentials"), default], form].concat()).0
    };
    assert_eq!(app(&[("client_id", DAEMON), ("client_secret", "wrong")]), 7_000_215);
    assert_eq!(app(&[("client_id", DAEMON)]), 7_000_218);
    assert_eq!(app(&[("client_id", "nobody")]), 700_016);
    assert_eq!(app(&[("client_id", PUBLIC), ("client_secret", SECRET)]), 700_025);
    assert_eq!(app(&[("client_id", PUBLIC)]), 7_000_216);
    assert_eq!(app(&[]), 900_144);
    let (status, _) = bureau.token(&[
        ("grant_type", "client_credentials"),
        ("client_id", DAEMON),
        ("client_secret", "wrong"),
        default,
    ]);
    assert_eq!(status, 401, "RFC 6749 section 5.2");
}

#[test]
fn an_app_gets_a_token_of_its_own_by_either_way_of_showing_its_secret() {
    let bureau = Bureau::new();
    let scope = ("scope", "https://outlook.office365.com/.default");
    let grant = ("grant_type", "client_credentials");
    let said = bureau.ok(&[grant, ("client_id", DAEMON), ("client_secret", SECRET), scope]);
    let token = said["access_token"].as_str().unwrap();
    let claims =
        bureau.authority.validate_for(token, Protocol::Imap, Some("anyone@contoso.example")).unwrap();
    assert!(claims.is_app() && said.get("refresh_token").is_none());
    assert_eq!((claims.appidacr.as_str(), claims.scp), ("1", None));
    assert_eq!(bureau.authority.validate(token, Protocol::Smtp), Err(Cause::TokenMissingScope));
    let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{DAEMON}:{encoded}"));
    let response = bureau.authority.answer(&Request {
        verb: "POST".into(),
        path: "/common/oauth2/v2.0/token".into(),
        headers: vec![("Authorization".into(), format!("Basic {basic}"))],
        body: b"grant_type=client_credentials&scope=https%3A%2F%2Foutlook.office365.com%2F.default".to_vec(),
        ..Request::default()
    });
    assert_eq!(response.status, 200);
    let delegated = ("scope", IMAP);
    assert_eq!(
        bureau.refused(&[grant, ("client_id", DAEMON), ("client_secret", SECRET), delegated]).0,
        1_002_012
    );
    let two = ("scope", "https://outlook.office365.com/.default https://graph.microsoft.com/.default");
    assert_eq!(bureau.refused(&[grant, ("client_id", DAEMON), ("client_secret", SECRET), two]).0, 70011);
}

#[test]
fn an_app_with_a_key_proves_itself_by_an_assertion_of_that_key_alone() {
    use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
    use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
    let pair = RsaKeyPair::from_pkcs8(&super::jws::tests::PKCS8).unwrap();
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        base64::engine::general_purpose::STANDARD.encode(der.as_ref())
    );
    let bureau = Bureau::with(|directory| {
        directory.apps.push(App {
            certificate: Some(pem),
            roles: vec!["full_access_as_app".into()],
            ..app(CERTIFIED)
        });
    });
    let show = |key: &SigningKey, change: &dyn Fn(&mut Value)| {
        let mut claims = json!({
            "aud": "https://login.example/contoso.example/oauth2/v2.0/token", "iss": CERTIFIED, "sub": CERTIFIED,
            "jti": "1", "nbf": START, "exp": START + 300,
        });
        change(&mut claims);
        bureau.token(&[
            ("grant_type", "client_credentials"),
            ("client_id", CERTIFIED),
            ("scope", "https://outlook.office365.com/.default"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &key.sign(&claims)),
        ])
    };
    let (status, said) = show(&key(), &|_| {});
    assert_eq!(status, 200, "{said}");
    let claims = bureau.authority.validate(said["access_token"].as_str().unwrap(), Protocol::Ews).unwrap();
    assert_eq!(claims.appidacr, "2");
    let refused = |change: &dyn Fn(&mut Value)| number(&show(&key(), change).1).0;
    assert_eq!(refused(&|claims| claims["exp"] = START.into()), 700_024);
    assert_eq!(refused(&|claims| claims["exp"] = (START + 7 * 24 * 3600).into()), 700_024);
    assert_eq!(refused(&|claims| claims["aud"] = "https://elsewhere.example".into()), 700_023);
    assert_eq!(refused(&|claims| claims["sub"] = PUBLIC.into()), 700_021);
    let stranger = SigningKey::generate().unwrap();
    assert_eq!(number(&show(&stranger, &|_| {}).1).0, 700_027);
}

#[test]
fn scopes_are_of_one_resource_known_and_granted() {
    let bureau = Bureau::new();
    let ask = |scope: &str| {
        bureau.token(&[
            ("grant_type", "password"),
            ("client_id", PUBLIC),
            ("username", "alice@contoso.example"),
            ("password", "right"),
            ("scope", scope),
        ])
    };
    let refused = |scope: &str| number(&ask(scope).1).0;
    assert_eq!(refused(&format!("{IMAP} https://graph.microsoft.com/Mail.Read")), 28000);
    assert_eq!(refused("https://outlook.office.com/Nonsense.All"), 70011);
    assert_eq!(refused("https://example.org/IMAP.AccessAsUser.All"), 70011);
    assert_eq!(refused("https://outlook.office.com/EWS.AccessAsUser.All"), 65001);
    assert_eq!(refused(""), 900_144);
    // The commonest mistake: a token for Graph is a good token, and of no use here.
    let (_, said) = ask("User.Read");
    let token = said["access_token"].as_str().unwrap();
    assert_eq!(bureau.authority.validate(token, Protocol::Imap), Err(Cause::TokenWrongAudience));
    let (_, said) = ask("https://outlook.office.com/.default");
    assert!(bureau.authority.validate(said["access_token"].as_str().unwrap(), Protocol::Smtp).is_ok());
    let (_, said) = bureau.password("alice@contoso.example", "right");
    assert!(said["id_token"].is_string() && said["refresh_token"].is_string());
}

#[test]
fn metadata_names_addresses_that_are_answered() {
    let bureau = Bureau::new();
    let said = bureau.get("/common/v2.0/.well-known/openid-configuration", &[]);
    let said: Value = serde_json::from_slice(&said.body).unwrap();
    assert_eq!(said["issuer"], "https://login.example/11111111-2222-4333-8444-555555555555/v2.0");
    for (name, verb) in
        [("jwks_uri", "GET"), ("token_endpoint", "POST"), ("device_authorization_endpoint", "POST")]
    {
        let path = said[name].as_str().unwrap().strip_prefix("https://login.example").unwrap();
        assert!(bureau.authority.owns(path), "{path}");
        let request = Request { verb: verb.into(), path: path.into(), ..Request::default() };
        assert!([200, 400].contains(&bureau.authority.answer(&request).status), "{path}");
    }
    assert_eq!(bureau.get("/fabrikam.example/v2.0/.well-known/openid-configuration", &[]).status, 400);
    assert!(!bureau.authority.owns("/EWS/Exchange.asmx") && !bureau.authority.owns("/"));
}

#[test]
fn a_fresh_id_is_a_uuid_of_version_four() {
    let bureau = Bureau::new();
    let id: Uuid = bureau.authority.fresh_uuid().parse().unwrap();
    assert_eq!(id.get_version_num(), 4);
}

#[test]
fn nothing_that_can_be_shown_shows_a_secret() {
    let bureau = Bureau::new();
    let shown = format!("{:?} {:?} {:?}", bureau.authority, bureau.authority.directory, key());
    assert!(!shown.contains(SECRET), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_makes_it_panic(
        place in prop::sample::select(vec!["token", "authorize", "devicecode", "../deviceauth"]),
        post in any::<bool>(),
        body in prop::collection::vec(any::<u8>(), 0..200),
        header in "[ -~]{0,60}",
        fields in prop::collection::vec(
            (prop::sample::select(vec![
                "grant_type", "client_id", "client_secret", "code", "code_verifier", "scope", "redirect_uri", "user_code",
                "client_assertion", "client_assertion_type", "refresh_token", "device_code", "username", "password",
                "response_type", "decision", "sign_in", "code_challenge", "user",
            ]), prop_oneof![
                "\\PC{0,30}",
                Just(PUBLIC.to_owned()), Just(DAEMON.to_owned()), Just(SECRET.to_owned()), Just("allow".to_owned()),
                Just("password".to_owned()), Just("authorization_code".to_owned()), Just("client_credentials".to_owned()),
            ]), 0..8),
    ) {
        let bureau = Bureau::new();
        let path = format!("/common/oauth2/v2.0/{place}").replace("v2.0/../", "");
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let body = if fields.is_empty() { body } else { form.clone().into_bytes() };
        let request = Request {
            verb: if post { "POST".into() } else { "GET".into() },
            path,
            query: form,
            headers: vec![("Authorization".into(), format!("Basic {header}"))],
            body,
            ..Request::default()
        };
        let response = bureau.authority.answer(&request);
        prop_assert!((200..504).contains(&response.status));
    }
}
