//! Which app asks, and how it proves that it is (RFC 6749 section 2.3): by a secret, or by an assertion that it signed
//! (RFC 7523).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use url::form_urlencoded;

use super::super::web::Request;
use super::directory::App;
use super::error::Refusal;
use super::{Authority, Form, jws};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest an assertion may live, in seconds. Microsoft recommends minutes.
const LONGEST_ASSERTION: u64 = 24 * 3600;

/// How an app proved itself, as `appidacr` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    None,
    Secret,
    Certificate,
}

impl Proof {
    pub(super) const fn claim(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}

/// The claims of an assertion (RFC 7523 section 3).
#[derive(Deserialize)]
struct Assertion {
    aud: Value,
    iss: String,
    sub: String,
    exp: u64,
    #[serde(default)]
    nbf: u64,
}

impl Authority {
    /// Which app asks, and how it proved that it is (RFC 6749 section 2.3).
    pub(super) fn client(
        &self,
        authority: &str,
        request: &Request,
        form: &Form,
    ) -> Result<(&App, Proof), Refusal> {
        let basic = basic(request);
        let client_id = match (&basic, form.get("client_id")) {
            (Some((id, _)), None) => id.as_str(),
            (None, Some(id)) => id,
            (Some((id, _)), Some(other)) if id == other => other,
            (Some(_), Some(_)) => return Err(Refusal::malformed()),
            (None, None) => return Err(Refusal::missing("client_id")),
        };
        let app = self.directory.app(client_id);
        let app = app.ok_or_else(|| Refusal::no_app(client_id, &self.directory.name))?;
        let secret = basic.as_ref().map(|(_, secret)| secret.as_str()).or_else(|| form.get("client_secret"));
        let assertion = form.get("client_assertion");
        if app.is_public() {
            return if secret.is_some() || assertion.is_some() {
                let text =
                    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
                Err(Refusal::new(700_025, "invalid_client", text))
            } else {
                Ok((app, Proof::None))
            };
        }
        if let Some(assertion) = assertion {
            if form.get("client_assertion_type") != Some(ASSERTION) {
                return Err(Refusal::missing("client_assertion_type"));
            }
            self.assertion(authority, app, assertion)?;
            return Ok((app, Proof::Certificate));
        }
        let Some(secret) = secret else {
            let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
            return Err(Refusal::new(7_000_218, "invalid_client", text));
        };
        let right = app.secret.as_ref().is_some_and(|own| own.0.expose().ct_eq(secret.as_bytes()).into());
        if right {
            return Ok((app, Proof::Secret));
        }
        let text = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not \
             the client secret ID, for a secret added to app '{}'.",
            app.client_id
        );
        Err(Refusal::new(7_000_215, "invalid_client", text))
    }

    fn assertion(&self, authority: &str, app: &App, assertion: &str) -> Result<(), Refusal> {
        let certificate = app.certificate.as_deref().unwrap_or_default();
        let claims: Assertion = jws::verify_assertion(assertion, certificate).ok_or_else(|| {
            let text = "The certificate with identifier used to sign the client assertion is not registered on \
                        application.";
            Refusal::new(700_027, "invalid_client", text)
        })?;
        let now = self.world.now();
        if claims.exp <= now || claims.nbf > now || claims.exp - now > LONGEST_ASSERTION {
            let text = "Client assertion is not within its valid time range.";
            return Err(Refusal::new(700_024, "invalid_client", text));
        }
        let base = &self.directory.base;
        let accepted = [authority, self.directory.tenant.as_str()]
            .map(|name| format!("{base}/{name}/oauth2/v2.0/token"));
        let fits = |audience: &str| {
            accepted.iter().any(|known| known == audience) || audience == self.directory.issuer()
        };
        let audience = match &claims.aud {
            Value::String(audience) => fits(audience),
            Value::Array(all) => all.iter().filter_map(Value::as_str).any(fits),
            _ => false,
        };
        if !audience {
            let text = "Client assertion audience claim does not match Realm issuer.";
            return Err(Refusal::new(700_023, "invalid_client", text));
        }
        if claims.iss != app.client_id || claims.sub != app.client_id {
            let text = "Client assertion contains an invalid issuer or subject.";
            return Err(Refusal::new(700_021, "invalid_client", text));
        }
        Ok(())
    }
}

/// `client_secret_basic`: both halves are form-encoded first (RFC 6749 section 2.3.1).
fn basic(request: &Request) -> Option<(String, String)> {
    let value = request.header("authorization")?;
    let (scheme, data) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let both = String::from_utf8(STANDARD.decode(data.trim()).ok()?).ok()?;
    let (id, secret) = both.split_once(':')?;
    let plain = |half: &str| {
        let mut all = form_urlencoded::parse(half.as_bytes());
        all.next().map(|(name, _)| name.into_owned()).unwrap_or_default()
    };
    // An equals sign in a secret that was not encoded would end it.
    let secret = if secret.contains(['=', '&']) { secret.to_owned() } else { plain(secret) };
    Some((plain(id), secret))
}
