//! The device authorization grant (RFC 8628): a device gets a code, a person types it on the page, the device asks until
//! it is done.

use serde_json::json;

use super::super::web::Response;
use super::client::Proof;
use super::directory::App;
use super::error::Refusal;
use super::people::Flow;
use super::scope::Scope;
use super::store::{Device, Fate};
use super::{Authority, Form, json_response, page};

/// Where the page is.
pub(super) const PAGE: &str = "/common/oauth2/deviceauth";
/// What is said of a code that waits nowhere.
const UNKNOWN: &str = "That code didn't work. Check the code and try again.";
/// Characters of a user code: none that is taken for another (RFC 8628 section 6.1).
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Their number.
const LENGTH: usize = 9;

impl Authority {
    /// RFC 8628 section 3.1. There is no `verification_uri_complete`, as with Entra.
    pub(super) fn device_code(&self, form: &Form) -> Result<Response, Refusal> {
        let client_id = form.need("client_id")?;
        let app = self.directory.app(client_id);
        let app = app.ok_or_else(|| Refusal::no_app(client_id, &self.directory.name))?;
        let scope = self.scope(form.get("scope").unwrap_or_default())?;
        let (word, user_code) = (self.fresh_word(), self.fresh_user_code());
        let (now, life, interval) =
            (self.world.now(), self.directory.device_code_s, self.directory.interval_s);
        let device = Device {
            client_id: app.client_id.clone(),
            user_code: user_code.clone(),
            scope,
            fate: Fate::Pending,
            polled_at: None,
            interval,
        };
        self.store().devices.put(&word, now + life, device, now);
        let page = format!("{}{PAGE}", self.directory.base);
        Ok(json_response(
            200,
            &json!({
                "user_code": user_code,
                "device_code": word,
                "verification_uri": page,
                "expires_in": life,
                "interval": interval,
                "message": format!(
                    "To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate."
                ),
            }),
        ))
    }

    fn fresh_user_code(&self) -> String {
        let mut octets = [0_u8; LENGTH];
        self.world.fill(&mut octets);
        let letter =
            |octet: &u8| ALPHABET.get(usize::from(octet & 31)).map_or('A', |letter| char::from(*letter));
        octets.iter().map(letter).collect()
    }

    /// RFC 8628 section 3.5.
    pub(super) fn by_device(&self, app: &App, proof: Proof, form: &Form) -> Result<Response, Refusal> {
        let word = form.need("device_code")?;
        let now = self.world.now();
        let grant = {
            let mut store = self.store();
            let Some((over, device)) = store.devices.get(word, now) else {
                let text =
                    "Invalid verification code due to User typing in wrong user code for device code flow.";
                return Err(Refusal::new(70018, "bad_verification_code", text));
            };
            if device.client_id != app.client_id {
                return Err(Refusal::malformed());
            }
            if over {
                return Err(Refusal::new(70019, "expired_token", "Verification code expired."));
            }
            let early = device.polled_at.is_some_and(|before| now < before + device.interval);
            device.polled_at = Some(now);
            let pending = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
            let grant = match &device.fate {
                Fate::Pending if early => {
                    // Section 3.5: and from now on it is five seconds more.
                    device.interval += 5;
                    return Err(Refusal::new(70016, "slow_down", pending));
                }
                Fate::Pending => return Err(Refusal::new(70016, "authorization_pending", pending)),
                Fate::Declined => {
                    let text = "User declined to consent to access the app.";
                    return Err(Refusal::new(65004, "authorization_declined", text));
                }
                Fate::Refused(cause) => return Err(self.refusal(*cause, app)),
                Fate::Allowed(grant) => grant.clone(),
            };
            store.devices.take(word);
            grant
        };
        self.for_grant(app, proof, grant, form)
    }

    /// The page on which a code is typed.
    pub(super) fn device_page(form: &Form) -> Response {
        page::code(form.get("user_code").unwrap_or_default(), None)
    }

    /// What the person decided.
    pub(super) fn device_decide(&self, form: &Form) -> Response {
        let typed = form.get("user_code").unwrap_or_default();
        let user_code: String = typed.chars().filter(char::is_ascii_alphanumeric).take(LENGTH + 1).collect();
        let user_code = user_code.to_ascii_uppercase();
        let now = self.world.now();
        let waiting =
            |device: &&mut Device| device.user_code == user_code && matches!(device.fate, Fate::Pending);
        let found = {
            let mut store = self.store();
            let device = store.devices.entries(now).find(waiting);
            device.map(|device| (device.client_id.clone(), device.scope.clone()))
        };
        let user = form.get("user").unwrap_or_default();
        let app = found.as_ref().and_then(|(client_id, _)| self.directory.app(client_id));
        let (Some((_, scope)), Some(app)) = (&found, app) else {
            return page::code("", Some(UNKNOWN));
        };
        // The code came alone: now is said what it is for.
        let Some(decision) = form.get("decision") else {
            return asking(app, scope, &user_code, user, None);
        };
        let (fate, response) = if decision == "allow" {
            match self.grant(Flow::DeviceCode, app, scope, form) {
                Ok(grant) => {
                    let text = format!(
                        "You have signed in to {} on your device. You may now close this window.",
                        app.shown()
                    );
                    (Some(Fate::Allowed(grant)), page::message(200, "Sign in", &text))
                }
                Err((refusal, cause)) => {
                    // A typing mistake may be mended; a rule of the tenant ends it for the device as well.
                    let mended = cause.is_none_or(|cause| {
                        matches!(
                            cause,
                            mailprobe_probes::model::Cause::BadCredentials
                                | mailprobe_probes::model::Cause::NoSuchUser
                                | mailprobe_probes::model::Cause::AccountLocked
                        ) || cause.is_passing()
                    });
                    let fate = cause.filter(|_| !mended).map(Fate::Refused);
                    let wrong = format!("AADSTS{}: {}", refusal.code, refusal.text);
                    (fate, asking(app, scope, &user_code, user, Some(wrong)))
                }
            }
        } else {
            (
                Some(Fate::Declined),
                page::message(200, "Sign in", "You have refused. You may now close this window."),
            )
        };
        if let Some(fate) = fate {
            let mut store = self.store();
            match store.devices.entries(now).find(waiting) {
                Some(device) => device.fate = fate,
                None => return page::code("", Some(UNKNOWN)),
            }
        }
        response
    }
}

fn asking(app: &App, scope: &Scope, user_code: &str, user: &str, wrong: Option<String>) -> Response {
    let consent = page::Consent {
        app: app.shown(),
        permissions: scope.shown(),
        hidden: vec![("user_code", user_code)],
        user,
        wrong,
    };
    consent.page(PAGE)
}
