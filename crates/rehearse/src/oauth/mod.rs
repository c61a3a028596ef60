//! A token endpoint (OAuth 2.0, `OpenID` Connect) in the manner of Entra, sans-I/O: requests in, answers out, with time
//! and chance from outside.
//!
//! Authorization code with PKCE (RFC 7636, S256), device code (RFC 8628), client credentials with a secret or a signed
//! assertion (RFC 7523), refresh with rotation, and the password grant. Who may have a token is for [`People`] to say.
//! Tokens are RS256 JWTs with the claims that Exchange looks at; [`Authority::validate`] looks at them.
//!
//! Nothing here logs, and `Debug` of everything that holds a secret says nothing of it.

mod authorize;
mod claims;
mod client;
mod device;
mod directory;
mod error;
mod jws;
mod page;
mod people;
mod scope;
mod store;
#[cfg(test)]
mod tests;
mod token;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use super::web::{Request, Response, parameters};
use error::Refusal;
use store::Store;

pub use claims::Claims;
pub use directory::{App, AppSecret, Directory};
pub use jws::{KeyError, SigningKey};
pub use people::{Flow, People, Person, RealWorld, World};

/// A token endpoint.
pub struct Authority {
    directory: Directory,
    people: Arc<dyn People>,
    world: Arc<dyn World>,
    key: SigningKey,
    store: Mutex<Store>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({})", self.directory.base)
    }
}

impl Authority {
    /// The endpoint of this tenant.
    pub fn new(
        directory: Directory,
        people: Arc<dyn People>,
        world: Arc<dyn World>,
        key: SigningKey,
    ) -> Self {
        Self { directory, people, world, key, store: Mutex::default() }
    }

    /// Whether a path is one of this endpoint's.
    pub fn owns(&self, path: &str) -> bool {
        Place::of(path).is_some()
    }

    /// The public keys (RFC 7517).
    pub fn jwks(&self) -> Value {
        self.key.jwks()
    }

    /// The answer to a request.
    pub fn answer(&self, request: &Request) -> Response {
        let Some((authority, place)) = Place::of(&request.path) else { return Response::of(404) };
        let get = request.verb.eq_ignore_ascii_case("GET");
        let post = request.verb.eq_ignore_ascii_case("POST");
        let allowed = match place {
            Place::Metadata | Place::Keys => get,
            Place::Authorize | Place::DevicePage => get || post,
            Place::Token | Place::DeviceCode => post,
        };
        if !allowed {
            return Response::of(405);
        }
        if !self.directory.is_called(authority) {
            let shown: String = authority.chars().take(64).collect();
            let text = format!(
                "Tenant '{shown}' not found. Check to make sure you have the correct tenant ID and are signing into the \
                 correct cloud."
            );
            return self.refused(&Refusal::new(90002, "invalid_request", text), request);
        }
        let form = if post { parameters(&request.body) } else { parameters(request.query.as_bytes()) };
        let form = Form(form);
        match place {
            Place::Metadata => self.metadata(authority),
            Place::Keys => json_response(200, &self.key.jwks()),
            Place::Token => {
                let answered = self.token(authority, request, &form);
                answered.unwrap_or_else(|refusal| self.refused(&refusal, request))
            }
            Place::DeviceCode => {
                let answered = self.device_code(&form);
                answered.unwrap_or_else(|refusal| self.refused(&refusal, request))
            }
            Place::Authorize if get => self.authorize(authority, &form),
            Place::Authorize => self.decide(authority, &form),
            Place::DevicePage if get => Self::device_page(&form),
            Place::DevicePage => self.device_decide(&form),
        }
    }

    /// `OpenID` Connect Discovery 1.0 section 4.
    fn metadata(&self, authority: &str) -> Response {
        let base = format!("{}/{authority}", self.directory.base);
        json_response(
            200,
            &json!({
                "issuer": self.directory.issuer(),
                "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
                "token_endpoint": format!("{base}/oauth2/v2.0/token"),
                "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
                "jwks_uri": format!("{base}/discovery/v2.0/keys"),
                "token_endpoint_auth_methods_supported":
                    ["client_secret_post", "client_secret_basic", "private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", "password",
                    "urn:ietf:params:oauth:grant-type:device_code"],
                "code_challenge_methods_supported": ["S256"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
            }),
        )
    }

    fn refused(&self, refusal: &Refusal, request: &Request) -> Response {
        let trace = if request.id.is_empty() { self.fresh_uuid() } else { request.id.clone() };
        let asked = request.header("client-request-id").filter(|id| is_uuid(id));
        let correlation = asked.map_or_else(|| self.fresh_uuid(), str::to_owned);
        refusal.response(&self.directory.base, self.world.now(), &trace, &correlation)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic elsewhere leaves entries, each of them whole.
        self.store.lock()
    }

    /// A word of 256 bits that nobody can guess.
    fn fresh_word(&self) -> String {
        let mut octets = [0; 32];
        self.world.fill(&mut octets);
        URL_SAFE_NO_PAD.encode(octets)
    }

    fn fresh_uuid(&self) -> String {
        let mut octets = [0; 16];
        self.world.fill(&mut octets);
        Builder::from_random_bytes(octets).into_uuid().to_string()
    }
}

/// The addresses of an endpoint, behind the name of its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Metadata,
    Keys,
    Token,
    DeviceCode,
    Authorize,
    DevicePage,
}

impl Place {
    fn of(path: &str) -> Option<(&str, Self)> {
        let (authority, place) = path.strip_prefix('/')?.split_once('/')?;
        let place = match place.to_ascii_lowercase().as_str() {
            "v2.0/.well-known/openid-configuration" | ".well-known/openid-configuration" => Self::Metadata,
            "discovery/v2.0/keys" | "discovery/keys" => Self::Keys,
            "oauth2/v2.0/token" | "oauth2/token" => Self::Token,
            "oauth2/v2.0/devicecode" | "oauth2/devicecode" => Self::DeviceCode,
            "oauth2/v2.0/authorize" | "oauth2/authorize" => Self::Authorize,
            "oauth2/deviceauth" => Self::DevicePage,
            _ => return None,
        };
        Some((authority, place))
    }
}

/// A decoded form or query. `Debug` would show passwords: there is none.
struct Form(Vec<(String, String)>);

impl Form {
    /// The first value of that name; names are exact (RFC 6749 section 3.1), an empty value is none.
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        use zeroize::Zeroize as _;
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

/// An answer that nobody keeps (RFC 6749 section 5.1).
fn json_response(status: u16, value: &Value) -> Response {
    Response::with_body(status, "application/json; charset=utf-8", value.to_string())
        .field("Cache-Control", "no-store")
        .field("Pragma", "no-cache")
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}
