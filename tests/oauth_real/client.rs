//! A client made of curl and openssl: the flows that need more than one request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::lab;
use crate::person::{End, Person};
use crate::server::{Answer, DEVICE_CODE, SCOPE, Server};

/// Nothing listens there: the person is asked where the server has sent them.
const REDIRECT: &str = "http://127.0.0.1:1/";
const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters";

/// The page at which a person gives the client a code.
pub(crate) fn authorization(server: Server, client: &str, state: &str) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let query = [
        ("client_id", client),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", &format!("{SCOPE} offline_access")),
        ("state", state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    url::Url::parse_with_params(&server.endpoint("authorization"), query).unwrap().into()
}

/// What the server has put behind the client's own address.
pub(crate) fn parameter(url: &url::Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Redeems a code.
pub(crate) fn redeem(server: Server, client: &str, code: &str, verifier: &str) -> Answer {
    let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT)];
    server.token(client, &[&fields[..], &[("code_verifier", verifier)]].concat())
}

/// A person's tokens, by the browser.
pub(crate) fn by_code(server: Server, client: &str, person: &Person<'_>) -> Answer {
    let sent = person.visits(&authorization(server, client, "s-1")).away();
    assert_eq!(parameter(&sent, "state").as_deref(), Some("s-1"));
    redeem(server, client, &parameter(&sent, "code").unwrap_or_else(|| panic!("{sent}")), VERIFIER)
}

/// A device that has shown its code: its device code, and what the person does with the other.
pub(crate) struct Device {
    pub(crate) server: Server,
    pub(crate) shown: Answer,
}

impl Device {
    pub(crate) fn new(server: Server) -> Self {
        let shown = server.post("device_authorization", &[("client_id", "app"), ("scope", SCOPE)]);
        Self { server, shown }
    }

    pub(crate) fn poll(&self) -> Answer {
        let code = self.shown.text("device_code");
        self.server.token("app", &[("grant_type", DEVICE_CODE), ("device_code", &code)])
    }

    /// The person types the code at the page that the device names.
    pub(crate) fn is_answered_by(&self, person: &Person<'_>) -> End {
        let code = self.shown.text("user_code");
        let person = Person { code: &code, password: person.password.clone(), ..*person };
        person.visits(&self.shown.text("verification_uri"))
    }
}

pub(crate) fn refresh(server: Server, client: &str, token: &str) -> Answer {
    server.token(client, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

/// A part of a JWT: 0 is the header, 1 the claims.
pub(crate) fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

/// RFC 7523: a client that proves itself by its key.
pub(crate) fn assertion(algorithm: &str, audience: &str, identity: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let claims = json!({"iss": "certified", "sub": "certified", "aud": audience, "jti": identity, "iat": now, "exp": now + 60});
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(json!({"alg": algorithm, "typ": "JWT"})), encode(claims));
    let key = lab::file("keys/client.key");
    let mut arguments = vec!["dgst", "-sha256", "-sign", key.to_str().unwrap()];
    if algorithm == "PS256" {
        arguments.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    let (folder, file) = (tempfile::tempdir().unwrap(), "signature");
    let path = folder.path().join(file);
    arguments.extend(["-out", path.to_str().unwrap()]);
    let (status, said) = lab::program("openssl", &arguments, &message);
    assert_eq!(status, Some(0), "{said}");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(std::fs::read(path).unwrap()))
}
