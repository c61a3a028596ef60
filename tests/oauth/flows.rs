//! Each flow once around, against the simulated authority.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::issuer::{APP_PEM, CERTIFIED, DAEMON, Issuer, PASSWORD, PUBLIC, Said, USER};

const DELEGATED: &str =
    "scopes = [\"https://outlook.office.com/IMAP.AccessAsUser.All\", \"offline_access\"]\n";
const APP_ONLY: &str =
    "flow = \"client-credentials\"\nscopes = [\"https://outlook.office365.com/.default\"]\n";

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn an_application_gets_a_token_by_its_secret_and_says_who_it_is() {
    let issuer = Issuer::simulated();
    issuer.profile(&format!("client_id = \"{DAEMON}\"\nclient_secret_env = \"SECRET\"\n{APP_ONLY}"));
    let said = issuer.get();
    let claims = claims(said.token());
    assert_eq!(claims["roles"], serde_json::json!(["IMAP.AccessAsApp"]), "{claims}");
}

#[test]
fn an_application_gets_a_token_by_its_certificate_with_either_signature() {
    for algorithm in ["PS256", "RS256"] {
        let issuer = Issuer::simulated();
        let file = APP_PEM.0.path().to_str().unwrap();
        issuer.profile(&format!(
            "client_id = \"{CERTIFIED}\"\ncertificate = \"{file}\"\nalgorithm = \"{algorithm}\"\n{APP_ONLY}"
        ));
        issuer.get().token();
        let asked = issuer.asked.lock().unwrap().join("\n");
        let assertion = asked.split("client_assertion=").nth(1).unwrap().split('&').next().unwrap();
        let header = URL_SAFE_NO_PAD.decode(assertion.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["alg"], algorithm);
        assert_eq!(header["x5t#S256"].as_str().unwrap().len(), 43);
    }
}

#[test]
fn a_federated_assertion_is_sent_as_its_file_holds_it() {
    let issuer = Issuer::odd(|_| crate::hostile::token_for(3600));
    let file = crate::keep::private(&issuer, "assertion", "some.other.assertion\n");
    issuer
        .profile(&format!("client_id = \"x\"\nassertion_file = \"{file}\"\nflow = \"client-credentials\"\n"));
    issuer.get().token();
    assert!(issuer.asked.lock().unwrap().join("\n").contains("client_assertion=some.other.assertion"));
}

#[test]
fn the_password_goes_to_the_issuer_once_and_a_wrong_one_is_called_that() {
    let issuer = Issuer::simulated();
    issuer.profile(&format!("client_id = \"{PUBLIC}\"\nflow = \"password\"\n{DELEGATED}"));
    let with = |password: &str| {
        let mut command = issuer.get_command(&["--password-env", "PW"]);
        Said::of(command.env("PW", password).spawn().unwrap())
    };
    let said = with("wrong-horse-9");
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(said.err.contains("AADSTS50126") && said.err.contains("[bad-credentials]"), "{}", said.err);
    assert!(!said.err.contains("wrong-horse-9"));
    assert_eq!(issuer.token_requests(), 1, "a refusal is final");
    assert_eq!(claims(with(PASSWORD).token())["upn"], USER);
}

#[test]
fn a_service_account_signs_for_the_mailbox() {
    let issuer = Issuer::odd(|_| crate::hostile::token_for(3600));
    let pem = std::fs::read_to_string(APP_PEM.0.path()).unwrap();
    let key = pem.split_inclusive("-----END CERTIFICATE-----\n").nth(1).map_or_else(
        || pem.split("-----END CERTIFICATE-----").nth(1).unwrap().trim_start().to_owned(),
        str::to_owned,
    );
    let json = serde_json::json!({"client_email": "probe@x.iam.gserviceaccount.com", "private_key": key});
    let file = crate::keep::private(&issuer, "key.json", &json.to_string());
    issuer.profile(&format!("flow = \"service-account\"\nservice_account_file = \"{file}\"\nscopes = [\"https://mail.google.com/\"]\n"));
    issuer.get().token();
    let asked = issuer.asked.lock().unwrap().join("\n");
    let assertion = asked.split("&assertion=").nth(1).unwrap().split('&').next().unwrap();
    let said = claims(assertion);
    assert_eq!(
        (said["sub"].as_str(), said["scope"].as_str()),
        (Some(USER), Some("https://mail.google.com/"))
    );
    assert_eq!(said["aud"], format!("{}/token", issuer.base));
}

/// Runs until it has said a line with this in it, and what stands behind.
fn line_with(child: &mut Child, words: &str) -> (String, BufReader<std::process::ChildStderr>) {
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    loop {
        let mut line = String::new();
        assert!(reader.read_line(&mut line).unwrap() > 0, "it ended without saying {words}");
        if let Some((_, rest)) = line.split_once(words) {
            return (format!("{words}{}", rest.trim_end()), reader);
        }
    }
}

/// A request over plain HTTP to the loopback redirect.
fn redirect_to(url: &str) -> String {
    let url: url::Url = url.parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
    let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

struct Waiting {
    child: Child,
    err: BufReader<std::process::ChildStderr>,
    redirect: String,
    state: String,
}

fn waiting(issuer: &Issuer) -> Waiting {
    issuer.profile(&format!("client_id = \"{PUBLIC}\"\n{DELEGATED}"));
    let mut child = issuer.get_command(&[]).spawn().unwrap();
    let (url, err) = line_with(&mut child, "https://");
    let url: url::Url = url.parse().unwrap();
    let value = |name: &str| url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    assert_eq!(value("code_challenge_method"), "S256");
    Waiting { child, err, redirect: value("redirect_uri"), state: value("state") }
}

impl Waiting {
    fn end(mut self) -> (i32, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.err.read_to_string(&mut err).unwrap();
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        (self.child.wait().unwrap().code().unwrap(), out, err)
    }
}

#[test]
fn a_sign_in_by_the_browser_takes_the_code_with_its_own_state_and_refuses_a_forged_one() {
    let issuer = Issuer::odd(|_| crate::hostile::token_for(3600));
    let waiting = waiting(&issuer);
    let redirect = waiting.redirect.clone();
    let forged = redirect_to(&format!("{redirect}?code=evil&state=forged"));
    assert!(forged.starts_with("HTTP/1.1 400"), "{forged}");
    let bare = redirect_to(&redirect);
    assert!(bare.starts_with("HTTP/1.1 400"), "without a state: {bare}");
    let ours = redirect_to(&format!("{redirect}?code=the-code&state={}", waiting.state));
    assert!(ours.starts_with("HTTP/1.1 200") && ours.contains("You are signed in"), "{ours}");
    let (status, out, err) = waiting.end();
    assert_eq!((status, out.trim()), (0, crate::hostile::TOKEN), "{err}");
    assert!(err.contains("a state that is not of this sign-in"), "{err}");
    let asked = issuer.asked.lock().unwrap().join("\n");
    assert!(asked.contains("code=the-code") && asked.contains("code_verifier=") && !asked.contains("evil"));
}

#[test]
fn an_error_in_the_redirect_is_diagnosed() {
    let issuer = Issuer::odd(|_| crate::hostile::token_for(3600));
    let waiting = waiting(&issuer);
    let text = "AADSTS65001:+The+user+or+administrator+has+not+consented";
    redirect_to(&format!(
        "{}?error=access_denied&error_description={text}&state={}",
        waiting.redirect, waiting.state
    ));
    let (status, out, err) = waiting.end();
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("AADSTS65001") && err.contains("[consent-required]"), "{err}");
}

#[test]
fn a_device_code_waits_slows_down_when_told_and_ends_with_the_token() {
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let issuer = Issuer::odd(move |request| {
        let json = |status, text: &str| {
            crate::issuer::Answer::Say(mailprobe_rehearse::web::Response::with_body(
                status,
                "application/json",
                text,
            ))
        };
        if request.path == "/device" {
            return json(
                200,
                r#"{"device_code":"dev","user_code":"ABCD-EFGH","verification_uri":"https://x.example/d","expires_in":60,"interval":0}"#,
            );
        }
        match turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => json(400, r#"{"error":"authorization_pending"}"#),
            _ => crate::hostile::token_for(3600),
        }
    });
    issuer.profile("client_id = \"x\"\nflow = \"device-code\"\n");
    let said = issuer.get();
    said.token();
    assert!(
        said.err.contains("sign in at https://x.example/d") && said.err.contains("ABCD-EFGH"),
        "{}",
        said.err
    );
}

#[test]
fn a_device_code_that_the_tenant_blocks_points_to_the_browser() {
    let issuer = Issuer::odd(|_| {
        let text = r#"{"error":"access_denied","error_description":"AADSTS530035: Access has been blocked by security defaults."}"#;
        crate::issuer::Answer::Say(mailprobe_rehearse::web::Response::with_body(
            400,
            "application/json",
            text,
        ))
    });
    issuer.profile("client_id = \"x\"\nflow = \"device-code\"\n");
    let said = issuer.get();
    assert_eq!(said.status, 1);
    assert!(
        said.err.contains("[security-defaults]") && said.err.contains("authorization-code"),
        "{}",
        said.err
    );
}
