//! The token endpoint (RFC 6749 section 3.2): one function for each grant.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailprobe_probes::model::Cause;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::super::web::{Request, Response};
use super::client::Proof;
use super::directory::App;
use super::error::Refusal;
use super::people::{Flow, Person};
use super::scope::{Scope, permitted};
use super::store::Grant;
use super::{Authority, Claims, Form, json_response};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Authority {
    pub(super) fn token(&self, authority: &str, request: &Request, form: &Form) -> Result<Response, Refusal> {
        let grant = form.need("grant_type")?;
        let (app, proof) = self.client(authority, request, form)?;
        let answered = match grant {
            "authorization_code" => self.by_code(app, proof, form),
            "refresh_token" => self.by_refresh(app, proof, form),
            "client_credentials" => self.by_app(app, proof, form),
            "password" => self.by_password(authority, app, proof, form),
            DEVICE => self.by_device(app, proof, form),
            _ => {
                let text = "The app requested an unsupported grant type.";
                Err(Refusal::new(70003, "unsupported_grant_type", text))
            }
        };
        answered.map(|response| Response { note: Some(format!("a token by {grant}")), ..response })
    }

    fn by_code(&self, app: &App, proof: Proof, form: &Form) -> Result<Response, Refusal> {
        let word = form.need("code")?;
        let now = self.world.now();
        let refused = |code, text: &str| Err(Refusal::new(code, "invalid_grant", text));
        let grant = {
            let mut store = self.store();
            let Some((over, code)) = store.codes.get(word, now) else {
                return refused(9_002_313, "Invalid request. Request is malformed or invalid.");
            };
            if code.used {
                return refused(
                    54005,
                    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
                );
            }
            if over {
                return refused(
                    70008,
                    "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
                );
            }
            if code.grant.client_id != app.client_id {
                return refused(70000, "The provided value for the 'code' parameter is not valid.");
            }
            // From here on it is used up, whatever else is wrong.
            code.used = true;
            if form.get("redirect_uri") != Some(&code.redirect_uri) {
                return refused(
                    50011,
                    "The redirect URI specified in the request does not match the one of the authorization request.",
                );
            }
            // A verifier without a challenge is somebody else's code (RFC 9700 section 4.8.2).
            if code.challenge.is_some() || form.get("code_verifier").is_some() {
                let challenge = code.challenge.as_deref().unwrap_or_default();
                let Some(verifier) = form.get("code_verifier") else {
                    return refused(
                        50148,
                        "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
                    );
                };
                let made = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
                if !bool::from(made.as_bytes().ct_eq(challenge.as_bytes())) {
                    return refused(
                        501_481,
                        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
                    );
                }
            }
            code.grant.clone()
        };
        self.for_grant(app, proof, grant, form)
    }

    fn by_refresh(&self, app: &App, proof: Proof, form: &Form) -> Result<Response, Refusal> {
        let word = form.need("refresh_token")?;
        let now = self.world.now();
        // Rotation: it works once (RFC 9700 section 4.14.2), and goes first, so that two at a time are not two.
        let taken = self.store().refresh.take(word);
        let (ends, grant) = match taken {
            Some((ends, grant)) if grant.client_id == app.client_id => (ends, grant),
            // Never issued, rotated away, or somebody else's, who may go on using it.
            other => {
                if let Some((ends, grant)) = other {
                    self.store().refresh.put(word, ends, grant, now);
                }
                let text =
                    "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.";
                return Err(Refusal::new(70000, "invalid_grant", text));
            }
        };
        if ends <= now {
            let text = "The refresh token has expired due to inactivity.";
            return Err(Refusal::new(700_082, "invalid_grant", text));
        }
        let answered = self.for_grant(app, proof, Grant { nonce: None, ..grant.clone() }, form);
        if answered.is_err() {
            // What was not exchanged is not used up.
            self.store().refresh.put(word, ends, grant, now);
        }
        answered
    }

    /// The tokens of a grant, narrowed or turned to another resource by the request's scope.
    pub(super) fn for_grant(
        &self,
        app: &App,
        proof: Proof,
        mut grant: Grant,
        form: &Form,
    ) -> Result<Response, Refusal> {
        if let Some(asked) = form.get("scope") {
            let scope = self.scope(asked)?;
            let offline = scope.offline || grant.scope.offline;
            let openid = scope.openid || grant.scope.openid;
            grant.scope = Scope { openid, offline, ..scope };
        }
        let permissions = permitted(app, &grant.scope, &grant.granted)?;
        let person = self.people.renew(&app.client_id, &grant.person.upn);
        grant.person = person.map_err(|cause| self.refusal(cause, app))?;
        Ok(self.issue(app, proof, &grant, &permissions))
    }

    fn by_password(
        &self,
        authority: &str,
        app: &App,
        proof: Proof,
        form: &Form,
    ) -> Result<Response, Refusal> {
        if authority.eq_ignore_ascii_case("common") {
            let text = "The grant type 'password' isn't supported over the /common or /consumers endpoints. Please use \
                        the /organizations or tenant-specific endpoint.";
            return Err(Refusal::new(9_001_023, "invalid_request", text));
        }
        let (user, password) = (form.need("username")?, form.need("password")?);
        let scope = self.scope(form.get("scope").unwrap_or_default())?;
        let person = self.people.sign_in(Flow::Password, &app.client_id, user, password.as_bytes());
        let person = person.map_err(|cause| self.refusal(cause, app))?;
        // Nobody can be asked for consent here.
        let permissions = permitted(app, &scope, &[])?;
        let grant =
            Grant { client_id: app.client_id.clone(), person, scope, granted: Vec::new(), nonce: None };
        Ok(self.issue(app, proof, &grant, &permissions))
    }

    fn by_app(&self, app: &App, proof: Proof, form: &Form) -> Result<Response, Refusal> {
        if proof == Proof::None {
            let text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant \
                        type.";
            return Err(Refusal::new(7_000_216, "invalid_request", text));
        }
        let asked = match (form.get("scope"), form.get("resource")) {
            (Some(scope), _) => scope.to_owned(),
            // The endpoint's first version, which 21Vianet may still want.
            (None, Some(resource)) => format!("{}/.default", resource.trim_end_matches('/')),
            (None, None) => return Err(Refusal::missing("scope")),
        };
        if asked.split_whitespace().count() > 1 {
            return Err(Refusal::scope(&asked));
        }
        let scope = self.scope(&asked)?;
        if !scope.default {
            let shown: String = asked.chars().take(200).collect();
            let text = format!(
                "The provided value for scope {shown} is not valid. Client credential flows must have a scope value with \
                 /.default suffixed to the resource identifier (application ID URI)."
            );
            return Err(Refusal::new(1_002_012, "invalid_scope", text));
        }
        self.people.app(&app.client_id).map_err(|cause| self.refusal(cause, app))?;
        let claims = Claims {
            roles: (!app.roles.is_empty()).then(|| app.roles.clone()),
            ..self.claims(app, proof, &scope.resource, &app.client_id)
        };
        let life = self.directory.access_token_s;
        let token = self.sign(&claims);
        Ok(json_response(
            200,
            &json!({"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token}),
        ))
    }

    pub(super) fn refusal(&self, cause: Cause, app: &App) -> Refusal {
        Refusal::of(cause, &self.directory.name, &app.client_id)
    }

    fn claims(&self, app: &App, proof: Proof, resource: &str, oid: &str) -> Claims {
        let now = self.world.now();
        Claims {
            aud: resource.to_owned(),
            iss: self.access_issuer(),
            iat: now,
            // Entra allows for clocks.
            nbf: now.saturating_sub(300),
            exp: now + self.directory.access_token_s,
            appid: app.client_id.clone(),
            appidacr: proof.claim().to_owned(),
            oid: oid.to_owned(),
            sub: oid.to_owned(),
            tid: self.directory.tenant.clone(),
            uti: self.fresh_uuid(),
            ver: "1.0".to_owned(),
            ..Claims::default()
        }
    }

    /// Access token, and refresh and ID tokens where they were asked for.
    fn issue(&self, app: &App, proof: Proof, grant: &Grant, permissions: &[String]) -> Response {
        let Grant { person: Person { upn, oid }, scope, .. } = grant;
        let claims = Claims {
            scp: (!permissions.is_empty()).then(|| permissions.join(" ")),
            upn: Some(upn.clone()),
            unique_name: Some(upn.clone()),
            ..self.claims(app, proof, &scope.resource, oid)
        };
        let life = self.directory.access_token_s;
        let mut answer = json!({
            "token_type": "Bearer",
            "scope": scope.full(permissions),
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": self.sign(&claims),
        });
        let mut add = |name: &str, value: String| {
            if let Some(object) = answer.as_object_mut() {
                object.insert(name.to_owned(), value.into());
            }
        };
        if scope.offline {
            let word = self.fresh_word();
            let now = self.world.now();
            self.store().refresh.put(&word, now + self.directory.refresh_token_s, grant.clone(), now);
            add("refresh_token", word);
        }
        if scope.openid {
            let now = self.world.now();
            let mut id = json!({
                "aud": app.client_id, "iss": self.directory.issuer(), "iat": now, "nbf": now, "exp": now + life,
                "sub": oid, "oid": oid, "tid": self.directory.tenant, "preferred_username": upn, "ver": "2.0",
            });
            if let (Some(nonce), Some(object)) = (&grant.nonce, id.as_object_mut()) {
                object.insert("nonce".to_owned(), nonce.clone().into());
            }
            add("id_token", self.key.sign(&id));
        }
        json_response(200, &answer)
    }
}
