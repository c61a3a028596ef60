//! What is kept of a lineage: its newest refresh token, and an access token for each set of scopes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailprobe_probes::model::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::answer::Granted;

/// Most access tokens that one lineage has: one a resource.
const MOST: usize = 16;

/// The tokens of a lineage. It is written to a private file and nowhere else: there is no `Debug`.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    #[serde(default)]
    refresh_token: Option<Zeroizing<String>>,
    /// A hash of the token that the user gave, from which the newest one descends.
    #[serde(default)]
    seed: Option<String>,
    #[serde(default)]
    tokens: Vec<Kept>,
}

/// One access token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    scopes: String,
    pub(crate) access_token: Zeroizing<String>,
    /// Seconds since 1970.
    pub(crate) expires_at: i64,
}

impl Entry {
    /// The token for these scopes, where it lasts beyond that time.
    pub(crate) fn token(&self, scopes: &str, beyond: i64) -> Option<&Kept> {
        self.tokens.iter().find(|kept| kept.scopes == scopes && kept.expires_at > beyond)
    }

    pub(crate) fn refresh_token(&self) -> Option<Secret> {
        self.refresh_token.as_ref().map(|token| Secret::new(token.as_bytes()))
    }

    pub(crate) fn drop_refresh_token(&mut self) {
        self.refresh_token = None;
    }

    /// The user's own refresh token, where it is another than the one that the kept ones descend from.
    pub(crate) fn begin_with(&mut self, given: &Secret) {
        let seed = URL_SAFE_NO_PAD.encode(Sha256::digest(given.expose()));
        if self.seed.as_ref() != Some(&seed) {
            self.refresh_token = text(given);
            self.seed = Some(seed);
            self.tokens.clear();
        }
    }

    /// Keeps what was given. An issuer that rotates refresh tokens sends a new one; else the old one stays good.
    pub(crate) fn take(&mut self, scopes: &str, granted: &Granted, expires_at: i64) {
        if let Some(token) = granted.refresh_token.as_ref().and_then(text) {
            self.refresh_token = Some(token);
        }
        self.tokens.retain(|kept| kept.scopes != scopes);
        if self.tokens.len() >= MOST {
            self.tokens.remove(0);
        }
        let Some(access_token) = text(&granted.access_token) else { return };
        self.tokens.push(Kept { scopes: scopes.to_owned(), access_token, expires_at });
    }
}

fn text(secret: &Secret) -> Option<Zeroizing<String>> {
    std::str::from_utf8(secret.expose()).ok().map(|text| Zeroizing::new(text.to_owned()))
}
