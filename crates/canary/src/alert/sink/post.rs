//! Posts JSON to a URL: by reqwest, with our names and our trust. It follows no redirect, takes no proxy from the
//! environment, and names no URL in any message: those of Slack and Teams are secrets.

use std::error::Error as _;
use std::path::PathBuf;
use std::time::Duration;

use mailprobe_probes::model::{Secret, harmless};
use mailprobe_probes::wire::Redactor;
use serde_json::Value;

use super::Refusal;
use crate::alert::message::cut;
use mailprobe_oauth::Mistake;
use mailprobe_oauth::web::Web;

/// Octets of an answer that are read.
const MOST: usize = 4 * 1024;

/// A token from a file, read for every message: whoever renews it restarts nothing.
#[derive(Debug, Clone)]
pub struct Bearer(pub PathBuf);

/// Posts JSON.
pub struct Poster {
    client: reqwest::Client,
    url: Secret,
    bearer: Option<Bearer>,
    redactor: Redactor,
}

impl Poster {
    /// A poster to one URL. `http` is taken as well: an Alertmanager beside this program has no certificate.
    ///
    /// # Errors
    /// A URL that is none, a token that would be sent in the clear, and TLS that cannot be set up.
    pub fn new(
        reach: &mailprobe_probes::wire::Reach,
        url: &Secret,
        bearer: Option<Bearer>,
        timeout: Duration,
    ) -> Result<Self, Mistake> {
        let parsed =
            std::str::from_utf8(url.expose()).ok().and_then(|text| url::Url::parse(text.trim()).ok());
        let parsed = parsed
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| Mistake::new("the URL of a sink is not one of http or https"))?;
        let here = match parsed.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if bearer.is_some() && parsed.scheme() == "http" && !here {
            return Err(Mistake::new("a token would travel in the clear: give an https URL, or no token"));
        }
        let client = Web::builder(reach, timeout.min(Duration::from_secs(10)), timeout)?
            .build()
            .map_err(|_| Mistake::new("HTTP cannot be set up for a sink"))?;
        let mut redactor = Redactor::default();
        redactor.learn(url.expose());
        // A receiver may echo a part of it. Short parts are words, and no secrets.
        let parts = parsed.path_segments().into_iter().flatten().chain(parsed.query());
        parts.filter(|part| part.len() >= 8).for_each(|part| redactor.learn(part.as_bytes()));
        let url = Secret::new(parsed.to_string());
        Ok(Self { client, url, bearer, redactor })
    }

    /// Posts a document.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn post(&self, document: &Value) -> Result<(), Refusal> {
        let url = std::str::from_utf8(self.url.expose()).unwrap_or_default();
        let mut request = self.client.post(url).header("content-type", "application/json");
        if let Some(Bearer(path)) = &self.bearer {
            let token = tokio::fs::read_to_string(path).await.map_err(|error| {
                Refusal::down(format!("the token file {} cannot be read: {error}", path.display()))
            })?;
            request = request.bearer_auth(token.trim());
        }
        let answer = request.body(document.to_string()).send().await;
        let mut answer = answer.map_err(|error| Refusal::down(self.words(&error)))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let wait = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            let room = MOST.saturating_sub(body.len());
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            if body.len() >= MOST {
                break;
            }
        }
        let said = cut(&self.clean(&body), 200);
        let words =
            format!("it answered {}{}{said}", status.as_u16(), if said.is_empty() { "" } else { ": " });
        // Too large, malformed: another notice may be taken. Not so where we are not let in, or asked to wait.
        let this_one_only = matches!(status.as_u16(), 400 | 413 | 422);
        Err(Refusal { words, this_one_only, wait })
    }

    fn words(&self, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            return "no answer in time".to_owned();
        }
        let mut source = error.source();
        let mut text = "it cannot be reached".to_owned();
        while let Some(inner) = source {
            text = inner.to_string();
            source = inner.source();
        }
        self.clean(text.as_bytes())
    }

    fn clean(&self, bytes: &[u8]) -> String {
        let text = harmless(bytes);
        self.redactor.scrub_str(&text).unwrap_or(text)
    }
}
