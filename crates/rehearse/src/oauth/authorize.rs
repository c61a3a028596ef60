//! The authorization endpoint (RFC 6749 section 3.1): a page on which a person signs in and gives leave, and the redirect
//! that takes a code, or the reason why there is none, back to the client.

use url::Url;

use super::super::web::Response;
use super::directory::App;
use super::error::Refusal;
use super::people::Flow;
use super::scope::{Scope, permitted};
use super::store::{Asked, Code, Grant};
use super::{Authority, Form, page};

/// How long a page may stay open, in seconds.
const PAGE_S: u64 = 1800;

impl Authority {
    /// The page for a client's request.
    pub(super) fn authorize(&self, authority: &str, form: &Form) -> Response {
        let (app, redirect_uri) = match self.trusted(form) {
            Ok(trusted) => trusted,
            // Nobody is sent to an address that is not the app's.
            Err(refusal) => return said(&refusal),
        };
        let asked = match self.asked(app, redirect_uri, form) {
            Ok(asked) => asked,
            Err(refusal) => return back(redirect_uri, &refused(&refusal), form.get("state")),
        };
        let word = self.fresh_word();
        let now = self.world.now();
        let response =
            sign_in(authority, app, &asked.scope, &word, form.get("login_hint").unwrap_or_default(), None);
        self.store().sign_ins.put(&word, now + PAGE_S, asked, now);
        response
    }

    fn trusted<'f>(&self, form: &'f Form) -> Result<(&App, &'f str), Refusal> {
        let client_id = form.need("client_id")?;
        let app = self.directory.app(client_id);
        let app = app.ok_or_else(|| Refusal::no_app(client_id, &self.directory.name))?;
        let redirect_uri = form.need("redirect_uri")?;
        if !app.redirect_uris.iter().any(|known| is_same(known, redirect_uri)) {
            let text = format!(
                "The redirect URI specified in the request does not match the redirect URIs configured for the \
                 application '{}'.",
                app.client_id
            );
            return Err(Refusal::new(50011, "invalid_request", text));
        }
        Ok((app, redirect_uri))
    }

    fn asked(&self, app: &App, redirect_uri: &str, form: &Form) -> Result<Asked, Refusal> {
        if form.need("response_type")? != "code" {
            let text = "'response_type' must be 'code'.";
            return Err(Refusal::new(700_051, "unsupported_response_type", text));
        }
        if form.get("response_mode").is_some_and(|mode| mode != "query") {
            return Err(Refusal::malformed());
        }
        let challenge = form.get("code_challenge");
        if challenge.is_some() && form.get("code_challenge_method") != Some("S256")
            || challenge.is_some_and(|challenge| !(43..=128).contains(&challenge.len()))
        {
            return Err(Refusal::malformed());
        }
        let bounded = |name| form.get(name).map(|value| value.chars().take(2048).collect::<String>());
        Ok(Asked {
            client_id: app.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            scope: self.scope(form.get("scope").unwrap_or_default())?,
            state: bounded("state"),
            nonce: bounded("nonce"),
            challenge: challenge.map(str::to_owned),
        })
    }

    /// What the person decided.
    pub(super) fn decide(&self, authority: &str, form: &Form) -> Response {
        let word = form.get("sign_in").unwrap_or_default();
        let now = self.world.now();
        let waiting = self.store().sign_ins.get(word, now).map(|(over, asked)| (over, asked.clone()));
        let Some((false, asked)) = waiting else {
            let text =
                "This page has been open for too long, or was used before. Start again in the program.";
            return page::message(400, "Sign in", text);
        };
        let Some(app) = self.directory.app(&asked.client_id) else { return Response::of(404) };
        let state = asked.state.as_deref();
        if form.get("decision") != Some("allow") {
            self.store().sign_ins.take(word);
            let refusal = Refusal::new(65004, "access_denied", "User declined to consent to access the app.");
            return back(&asked.redirect_uri, &refused(&refusal), state);
        }
        let grant = match self.grant(Flow::Interactive, app, &asked.scope, form) {
            Ok(grant) => grant,
            // The person may try again; the page says what the endpoint would.
            Err((refusal, _)) => {
                let user = form.get("user").unwrap_or_default();
                return sign_in(authority, app, &asked.scope, word, user, Some(&refusal));
            }
        };
        // Two answers to one page give one code.
        if self.store().sign_ins.take(word).is_none() {
            return page::message(400, "Sign in", "This page was used before. Start again in the program.");
        }
        let grant = Grant { nonce: asked.nonce.clone(), ..grant };
        let code = self.fresh_word();
        let entry =
            Code { grant, redirect_uri: asked.redirect_uri.clone(), challenge: asked.challenge, used: false };
        self.store().codes.put(&code, now + self.directory.code_s, entry, now);
        back(&asked.redirect_uri, &[("code", code)], state)
    }

    /// Signs a person in and takes the leave, where the person may give it.
    pub(super) fn grant(
        &self,
        flow: Flow,
        app: &App,
        scope: &Scope,
        form: &Form,
    ) -> Result<Grant, (Refusal, Option<mailprobe_probes::model::Cause>)> {
        let (user, password) =
            (form.get("user").unwrap_or_default(), form.get("password").unwrap_or_default());
        let signed_in = self.people.sign_in(flow, &app.client_id, user, password.as_bytes());
        let person = signed_in.map_err(|cause| (self.refusal(cause, app), Some(cause)))?;
        let granted = if app.user_consent { scope.permissions.clone() } else { Vec::new() };
        if permitted(app, scope, &granted).is_err() {
            let text = format!(
                "{} needs permission to access resources in your organization that only an admin can grant.",
                app.shown()
            );
            return Err((Refusal::new(90094, "consent_required", text), None));
        }
        Ok(Grant { client_id: app.client_id.clone(), person, scope: scope.clone(), granted, nonce: None })
    }
}

fn sign_in(
    authority: &str,
    app: &App,
    scope: &Scope,
    word: &str,
    user: &str,
    wrong: Option<&Refusal>,
) -> Response {
    let consent = page::Consent {
        app: app.shown(),
        permissions: scope.shown(),
        hidden: vec![("sign_in", word)],
        user,
        wrong: wrong.map(|refusal| format!("AADSTS{}: {}", refusal.code, refusal.text)),
    };
    consent.page(&format!("/{authority}/oauth2/v2.0/authorize"))
}

fn said(refusal: &Refusal) -> Response {
    page::message(400, "Sign in", &format!("AADSTS{}: {}", refusal.code, refusal.text))
}

fn refused(refusal: &Refusal) -> [(&'static str, String); 2] {
    let description = format!("AADSTS{}: {}", refusal.code, refusal.text);
    [("error", refusal.error.to_owned()), ("error_description", description)]
}

/// A redirect to the client (RFC 6749 section 4.1.2).
fn back(redirect_uri: &str, said: &[(&str, String)], state: Option<&str>) -> Response {
    let Ok(mut to) = Url::parse(redirect_uri) else { return Response::of(400) };
    {
        let mut query = to.query_pairs_mut();
        for (name, value) in said {
            query.append_pair(name, value);
        }
        if let Some(state) = state {
            query.append_pair("state", state);
        }
    }
    Response::of(302)
        .field("Location", to.as_str())
        .field("Cache-Control", "no-store")
        .field("Referrer-Policy", "no-referrer")
}

/// Addresses are compared as they are (RFC 9700 section 2.1), but for the port of a loopback address.
fn is_same(known: &str, shown: &str) -> bool {
    if known == shown {
        return !shown.contains('#');
    }
    let (Ok(known), Ok(shown)) = (Url::parse(known), Url::parse(shown)) else { return false };
    let loopback = matches!(known.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    loopback
        && known.scheme() == "http"
        && shown.scheme() == "http"
        && known.host_str() == shown.host_str()
        && known.path() == shown.path()
        && known.query() == shown.query()
        && shown.fragment().is_none()
        && shown.username().is_empty()
        && shown.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        let registered = "http://localhost/back";
        assert!(is_same(registered, "http://localhost/back"));
        assert!(is_same(registered, "http://localhost:53121/back"));
        for other in [
            "http://127.0.0.1/back",
            "https://localhost/back",
            "http://localhost/",
            "http://localhost/back?x=1",
            "http://localhost/back#x",
            "http://localhost@evil.example/back",
            "http://user@localhost/back",
            "http://localhost.evil.example/back",
        ] {
            assert!(!is_same(registered, other), "{other}");
        }
        assert!(!is_same("https://app.example/back", "https://app.example:8443/back"));
    }
}
