//! The flows of the token endpoint, driven by curl, and its signatures, checked by somebody else.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::kit::{APP_KEY, CERTIFIED, DAEMON, PASSWORD, PUBLIC, SECRET, Tenant, USER, output, run};

const IMAP: &str = "https://outlook.office.com/IMAP.AccessAsUser.All";

fn part(token: &str, at: usize) -> serde_json::Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

fn page(tenant: &Tenant, arguments: &[&str]) -> String {
    let _ = tenant;
    run("curl", &[&["-s", "-i"], arguments].concat())
}

fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).nth(1).unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap().to_owned()
}

/// DER of one element.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let size = match length {
        0..=127 => vec![u8::try_from(length).unwrap()],
        _ => vec![0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 255).unwrap()],
    };
    [&[tag][..], &size, content].concat()
}

/// The public key of a JWKS as OpenSSL reads it (RFC 8017 appendix A.1.1, RFC 5280 section 4.1.2.7).
fn pem(jwks: &serde_json::Value) -> String {
    let number = |name: &str| {
        let octets = URL_SAFE_NO_PAD.decode(jwks["keys"][0][name].as_str().unwrap()).unwrap();
        der(2, &[&[0][..], &octets].concat())
    };
    let exponent = URL_SAFE_NO_PAD.decode(jwks["keys"][0]["e"].as_str().unwrap()).unwrap();
    let key = der(0x30, &[number("n"), der(2, &exponent)].concat());
    let rsa = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let whole = der(0x30, &[&rsa[..], &der(3, &[&[0][..], &key].concat())].concat());
    let encoded = base64::engine::general_purpose::STANDARD.encode(whole);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

#[test]
fn openssl_verifies_a_token_against_the_published_key_and_refuses_an_altered_one() {
    let tenant = Tenant::new();
    let metadata = run("curl", &["-s", &tenant.login("v2.0/.well-known/openid-configuration")]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let jwks = run("curl", &["-s", metadata["jwks_uri"].as_str().unwrap()]);
    let jwks: serde_json::Value = serde_json::from_str(&jwks).unwrap();
    let token = tenant.token(IMAP);
    assert_eq!(part(&token, 0)["kid"], jwks["keys"][0]["kid"]);
    assert_eq!(part(&token, 0)["alg"], "RS256");
    let (message, signature) = token.rsplit_once('.').unwrap();
    let key = file(pem(&jwks).as_bytes());
    let signature = file(&URL_SAFE_NO_PAD.decode(signature).unwrap());
    let verify = |message: &str| {
        let message = file(message.as_bytes());
        let path = |file: &tempfile::NamedTempFile| file.path().to_str().unwrap().to_owned();
        let (key, signature, message) = (path(&key), path(&signature), path(&message));
        let arguments = ["dgst", "-sha256", "-verify", &key, "-signature", &signature, &message];
        output("openssl", &arguments, &[]).status.success()
    };
    assert!(verify(message));
    assert!(!verify(&message.replace('A', "B")));
}

#[test]
fn a_browserless_sign_in_with_pkce_ends_in_a_token_and_a_refresh_in_another() {
    let tenant = Tenant::new();
    let verifier = "a-verifier-of-at-least-forty-three-characters-0123";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let url = format!(
        "{}?client_id={PUBLIC}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A7777%2Fback&state=xyz\
         &scope={}%20offline_access&code_challenge={challenge}&code_challenge_method=S256",
        tenant.login("oauth2/v2.0/authorize"),
        IMAP
    );
    let asked = page(&tenant, &[&url]);
    assert!(asked.starts_with("HTTP/1.1 200") && !asked.contains("<script"), "{asked}");
    let word = format!("sign_in={}", hidden(&asked, "sign_in"));
    let (user, password) = (format!("user={USER}"), format!("password={PASSWORD}"));
    let action = tenant.login("oauth2/v2.0/authorize");
    let fields = [
        "--data-urlencode",
        &word,
        "--data-urlencode",
        &user,
        "--data-urlencode",
        &password,
        "-d",
        "decision=allow",
    ];
    let sent_back = page(&tenant, &[&fields[..], &[&action]].concat());
    let location = sent_back
        .lines()
        .find_map(|line| line.strip_prefix("Location: "))
        .unwrap_or_else(|| panic!("{sent_back}"));
    assert!(location.trim().ends_with("&state=xyz"), "{location}");
    let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let said = tenant.form(
        "oauth2/v2.0/token",
        &[
            ("grant_type", "authorization_code"),
            ("client_id", PUBLIC),
            ("code", code),
            ("redirect_uri", "http://localhost:7777/back"),
            ("code_verifier", verifier),
        ],
    );
    assert_eq!(part(said["access_token"].as_str().unwrap(), 1)["upn"], USER, "{said}");
    let refresh = said["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", PUBLIC), ("refresh_token", refresh)];
    assert!(tenant.form("oauth2/v2.0/token", &form)["access_token"].is_string());
    assert_eq!(tenant.form("oauth2/v2.0/token", &form)["error_codes"][0], 70000, "rotated away");
    let notes: Vec<_> = tenant.seen().into_iter().filter_map(|seen| seen.note).collect();
    assert_eq!(notes, ["a token by authorization_code", "a token by refresh_token", "AADSTS70000"]);
    let shown = format!("{:?}", tenant.seen());
    assert!(!shown.contains(PASSWORD) && !shown.contains(code) && !shown.contains(refresh), "{shown}");
}

#[test]
fn a_device_gets_its_token_when_somebody_has_typed_its_code() {
    let tenant = Tenant::new();
    let begun = tenant.form("oauth2/v2.0/devicecode", &[("client_id", PUBLIC), ("scope", IMAP)]);
    let poll = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", PUBLIC),
        ("device_code", begun["device_code"].as_str().unwrap()),
    ];
    assert_eq!(tenant.form("oauth2/v2.0/token", &poll)["error"], "authorization_pending");
    let fields = [
        format!("user_code={}", begun["user_code"].as_str().unwrap()),
        format!("user={USER}"),
        format!("password={PASSWORD}"),
        "decision=allow".to_owned(),
    ];
    let mut arguments: Vec<&str> =
        fields.iter().flat_map(|field| ["--data-urlencode", field.as_str()]).collect();
    arguments.push(begun["verification_uri"].as_str().unwrap());
    let typed = page(&tenant, &arguments);
    assert!(typed.contains("You have signed in"), "{typed}");
    // An answer that waits is not held back by the interval.
    let said = tenant.form("oauth2/v2.0/token", &poll);
    assert_eq!(part(said["access_token"].as_str().unwrap_or_else(|| panic!("{said}")), 1)["upn"], USER);
}

#[test]
fn an_app_proves_itself_with_a_secret_or_with_openssls_signature() {
    let tenant = Tenant::new();
    let scope = ("scope", "https://outlook.office365.com/.default");
    let form =
        [("grant_type", "client_credentials"), ("client_id", DAEMON), ("client_secret", SECRET), scope];
    let said = tenant.form("oauth2/v2.0/token", &form);
    let claims = part(said["access_token"].as_str().unwrap(), 1);
    assert_eq!((&claims["roles"][0], &claims["appid"]), (&"full_access_as_app".into(), &DAEMON.into()));
    let wrong = [("grant_type", "client_credentials"), ("client_id", DAEMON), ("client_secret", "x"), scope];
    assert_eq!(tenant.form("oauth2/v2.0/token", &wrong)["error_codes"][0], 7_000_215);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let claims = serde_json::json!({
        "aud": tenant.login("oauth2/v2.0/token"), "iss": CERTIFIED, "sub": CERTIFIED, "jti": "1", "nbf": now - 60,
        "exp": now + 300,
    });
    for (alg, padding) in
        [("RS256", &[][..]), ("PS256", &["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"])]
    {
        let encoded = |text: String| URL_SAFE_NO_PAD.encode(text);
        let message =
            format!("{}.{}", encoded(format!("{{\"alg\":\"{alg}\"}}")), encoded(claims.to_string()));
        let (content, key) = (file(message.as_bytes()), APP_KEY.key.path().to_str().unwrap());
        let sign =
            [&["dgst", "-sha256", "-sign", key][..], padding, &[content.path().to_str().unwrap()]].concat();
        let signature = output("openssl", &sign, &[]).stdout;
        assert_eq!(signature.len(), 256);
        let assertion = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
        let said = tenant.form(
            "oauth2/v2.0/token",
            &[
                ("grant_type", "client_credentials"),
                ("client_id", CERTIFIED),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", &assertion),
                scope,
            ],
        );
        let token = said["access_token"].as_str().unwrap_or_else(|| panic!("{alg}: {said}"));
        assert_eq!(part(token, 1)["appidacr"], "2");
    }
}
