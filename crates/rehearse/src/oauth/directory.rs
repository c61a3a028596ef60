//! What a token endpoint knows of its tenant and the apps in it: a table of a scenario.

use std::fmt;

use mailprobe_probes::model::Secret;
use serde::{Deserialize, Deserializer};

/// A tenant as its token endpoint sees it. Lives are in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Directory {
    /// The beginning of every address of the endpoint, without a slash at its end. The tenant sets it when it knows its
    /// port.
    pub base: String,
    /// The tenant's id.
    pub tenant: String,
    /// Its domains; an authority may be named by them too.
    pub domains: Vec<String>,
    /// Its display name.
    pub name: String,
    /// Apps that are registered.
    pub apps: Vec<App>,
    /// Resources that tokens of users and apps are issued for, beside Graph.
    pub resources: Vec<String>,
    /// Of an access token.
    pub access_token_s: u64,
    /// Of a refresh token that is not used.
    pub refresh_token_s: u64,
    /// Of an authorization code.
    pub code_s: u64,
    /// Of a device code.
    pub device_code_s: u64,
    /// Between two polls for a device code (RFC 8628 section 3.5).
    pub interval_s: u64,
}

/// An app registration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Application (client) id.
    pub client_id: String,
    /// Its name on pages.
    #[serde(default)]
    pub name: String,
    /// Its secret. An app without secret and certificate is a public client.
    #[serde(default)]
    pub secret: Option<AppSecret>,
    /// Its certificate, or its RSA public key, as PEM.
    #[serde(default)]
    pub certificate: Option<String>,
    /// Where codes may be sent. The port of a loopback address is not compared (RFC 8252 section 7.3).
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Delegated permissions that an administrator has granted: `IMAP.AccessAsUser.All`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Application permissions that an administrator has granted: `IMAP.AccessAsApp`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Whether users may grant delegated permissions themselves, on the page.
    #[serde(default)]
    pub user_consent: bool,
}

/// An app's secret; a scenario's secrets are made up, and told no more than others.
#[derive(Clone)]
pub struct AppSecret(pub Secret);

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(..)")
    }
}

impl<'de> Deserialize<'de> for AppSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|secret| Self(Secret::new(secret)))
    }
}

impl Default for Directory {
    fn default() -> Self {
        let resources = [
            "https://outlook.office.com",
            "https://outlook.office365.com",
            "https://ps.outlook.com",
            "https://outlook.office365.us",
            "https://outlook-dod.office365.us",
            "https://partner.outlook.cn",
        ];
        Self {
            base: "https://localhost".to_owned(),
            tenant: "11111111-2222-4333-8444-555555555555".to_owned(),
            domains: Vec::new(),
            name: "Contoso".to_owned(),
            apps: Vec::new(),
            resources: resources.map(str::to_owned).to_vec(),
            access_token_s: 3600,
            refresh_token_s: 90 * 24 * 3600,
            code_s: 600,
            device_code_s: 900,
            interval_s: 5,
        }
    }
}

impl Directory {
    /// The app with this id.
    pub(super) fn app(&self, client_id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.client_id.eq_ignore_ascii_case(client_id))
    }

    /// Whether an authority's path names this tenant.
    pub(super) fn is_called(&self, authority: &str) -> bool {
        let mut names = self.domains.iter().map(String::as_str).chain([self.tenant.as_str()]);
        names.any(|name| name.eq_ignore_ascii_case(authority)) || is_shared(authority)
    }

    /// The issuer of the metadata and of ID tokens.
    pub(super) fn issuer(&self) -> String {
        format!("{}/{}/v2.0", self.base, self.tenant)
    }
}

/// Authorities of every tenant.
fn is_shared(authority: &str) -> bool {
    ["common", "organizations"].iter().any(|name| name.eq_ignore_ascii_case(authority))
}

impl App {
    /// Whether the app has nothing to prove itself with.
    pub(super) const fn is_public(&self) -> bool {
        self.secret.is_none() && self.certificate.is_none()
    }

    /// Its name, or its id.
    pub(super) fn shown(&self) -> &str {
        if self.name.is_empty() { &self.client_id } else { &self.name }
    }
}
