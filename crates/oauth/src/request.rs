//! Requests to a token endpoint (RFC 6749 sections 4 and 6, RFC 7523, RFC 8628): forms, and the secrets in them.

use mailprobe_probes::model::{HttpResponse, Secret};
use mailprobe_probes::wire::Redactor;
use url::form_urlencoded::Serializer;

use super::answer::MOST;
use super::assertion;
use super::trouble::TokenTrouble;
use crate::Mistake;
use crate::profile::{Profile, Proof};
use crate::web::Web;

/// A form that is being filled, and what of it nobody may see.
pub(super) struct Request {
    form: String,
    pub(super) secrets: Redactor,
    /// The client's own secret, where that is its proof.
    pub(super) client_secret: Option<Secret>,
}

impl Request {
    /// A form with the client's name in it, and its proof where it has one.
    pub(super) fn of_client(profile: &Profile, endpoint: &str, now: i64) -> Result<Self, Mistake> {
        let mut request = Self::empty();
        if !profile.client_id.is_empty() {
            request.say("client_id", &profile.client_id);
        }
        match &profile.proof {
            Proof::None => {}
            Proof::Secret(source) => {
                let secret = source.read_now("client secret")?;
                request.hide("client_secret", &secret)?;
                request.client_secret = Some(secret);
            }
            Proof::Certificate { certificate, key, algorithm } => {
                let paths = (certificate.as_path(), key.as_path());
                let signed = assertion::of_certificate(&profile.client_id, endpoint, paths, *algorithm, now)?;
                request.assert(&signed)?;
            }
            Proof::Assertion(file) => {
                let source = crate::Source::File(file.clone());
                request.assert(&source.read_now("assertion")?)?;
            }
        }
        if let Some(resource) = &profile.resource {
            request.say("resource", resource);
        }
        Ok(request)
    }

    pub(super) fn empty() -> Self {
        Self { form: String::new(), secrets: Redactor::default(), client_secret: None }
    }

    fn assert(&mut self, signed: &Secret) -> Result<(), Mistake> {
        self.say("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        self.hide("client_assertion", signed)
    }

    /// Adds a field.
    pub(super) fn say(&mut self, name: &str, value: &str) {
        // A serializer of its own for each pair: it must not be held while an answer is waited for.
        let mut form = Serializer::for_suffix(std::mem::take(&mut self.form), 0);
        self.form = form.append_pair(name, value).finish();
    }

    /// Adds a field that is a secret.
    pub(super) fn hide(&mut self, name: &str, value: &Secret) -> Result<(), Mistake> {
        let text = std::str::from_utf8(value.expose())
            .map_err(|_| Mistake::new(format!("{name} is no UTF-8 text")))?;
        self.secrets.learn(value.expose());
        self.say(name, text);
        Ok(())
    }

    /// Adds the scopes, where there are any.
    pub(super) fn scope(&mut self, scopes: &[String]) {
        if !scopes.is_empty() {
            self.say("scope", &scopes.join(" "));
        }
    }

    /// Sends it, once.
    pub(super) async fn post(self, web: &Web, place: &str) -> Result<(HttpResponse, Redactor), TokenTrouble> {
        let answer = web.post_form(place, self.form, MOST).await;
        let failed = |why: String| {
            let why = self.secrets.scrub_str(&why).unwrap_or(why);
            TokenTrouble::Failed(format!("the issuer's token endpoint {place}: {why}"))
        };
        Ok((answer.map_err(failed)?, self.secrets))
    }
}
