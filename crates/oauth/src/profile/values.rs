//! The values of a profile as they are written, each with its own complaint, so that a mistake has the line of its value.

use mailprobe_probes::model::harmless;
use serde::Deserialize;
use url::Url;

use crate::providers::{self, Provider};

/// Longest value taken, octets.
const LONGEST: usize = 1024;

/// A word that goes into URLs and forms: not empty, no space, no control character.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Word(pub(super) String);

impl TryFrom<String> for Word {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = text.is_empty()
            || text.len() > LONGEST
            || text.chars().any(|c| c.is_whitespace() || c.is_control());
        if bad {
            let shown: String = harmless(text.as_bytes()).chars().take(80).collect();
            return Err(format!("`{shown}` is empty, too long or holds a space: write the value alone"));
        }
        Ok(Self(text))
    }
}

/// A tenant: a domain, an id or one of Entra's common names. It goes into the path of a URL.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Tenant(pub(super) String);

impl TryFrom<String> for Tenant {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if text.is_empty() || text.len() > 253 || !text.chars().all(fits) || text.starts_with('.') {
            let shown: String = harmless(text.as_bytes()).chars().take(80).collect();
            return Err(format!("tenant `{shown}`: write its domain (contoso.onmicrosoft.com) or its id"));
        }
        Ok(Self(text))
    }
}

/// A row of the provider table that is known to have an issuer of tokens.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Row(pub(super) &'static Provider);

impl TryFrom<String> for Row {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let able = || providers::PROVIDERS.iter().filter(|row| providers::oauth::of(row).is_some());
        let found = able().find(|row| row.name.eq_ignore_ascii_case(&text));
        found.map(Self).ok_or_else(|| {
            let known: Vec<&str> = able().map(|row| row.name).collect();
            let shown: String = harmless(text.as_bytes()).chars().take(80).collect();
            format!(
                "provider `{shown}` is not known to give tokens: use {}, or issuer = \"https://...\"",
                known.join(", ")
            )
        })
    }
}

/// The URL of an issuer (`OpenID` Connect Discovery 1.0 section 3): https, no query, no fragment, no user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct IssuerUrl(pub(super) Url);

impl TryFrom<String> for IssuerUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let shown: String = harmless(text.as_bytes()).chars().take(120).collect();
        let url = Url::parse(&text)
            .map_err(|_| format!("issuer `{shown}` is no URL: write https://login.example.com/realm"))?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if url.scheme() != "https" || url.host_str().is_none() || !plain || url.password().is_some() {
            return Err(format!(
                "issuer `{shown}`: it must be https://HOST[/PATH], without user, query or fragment"
            ));
        }
        Ok(Self(url))
    }
}
