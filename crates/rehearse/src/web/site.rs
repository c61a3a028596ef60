//! What the web side of a simulated tenant is like: a table of a scenario.

use std::collections::BTreeMap;

use mailprobe_probes::model::Protocol;
use serde::Deserialize;

/// A tenant's web server, as data. Every key has a default, which is Exchange Online in late 2026.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// The name under which clients reach it; it stands in every address that Autodiscover gives.
    pub host: String,
    /// Where the tenant listens, for the same addresses. A port of 0 is not listened on.
    pub ports: Ports,
    /// `X-FEServer`.
    pub front_end: String,
    /// `X-BEServer`.
    pub back_end: String,
    /// The parts of the build in `ServerVersionInfo`.
    pub build: [u16; 4],
    /// Schemes that a 401 names, in order. One that is neither `Basic` nor `Bearer` is only named.
    pub schemes: Vec<String>,
    /// The same for single protocols, in place of `schemes`.
    pub schemes_of: BTreeMap<Protocol, Vec<String>>,
    /// The realm of Basic; Exchange Online's is empty.
    pub basic_realm: String,
    /// When a 401 names Bearer.
    pub bearer_challenge: BearerChallenge,
    /// What it says then.
    pub bearer: Bearer,
    /// Protocols whose path is not there: 404.
    pub absent: Vec<Protocol>,
    /// `ActiveSync`.
    pub activesync: ActiveSyncSite,
    /// Seconds in `Retry-After`, and a thousandth of `BackOffMilliseconds`, where the tenant throttles.
    pub retry_after_s: u32,
    /// Where the mailbox is instead, where the tenant rules `redirect`: the host of another server.
    pub elsewhere: String,
}

/// Ports, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ports {
    /// HTTPS.
    pub https: u16,
    /// HTTP without TLS; it stands in addresses only where there is no HTTPS.
    pub http: u16,
    /// IMAP, implicit TLS.
    pub imaps: u16,
    /// POP3, implicit TLS.
    pub pop3s: u16,
    /// SMTP submission with STARTTLS.
    pub submission: u16,
}

/// When a 401 names Bearer, where the schemes have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BearerChallenge {
    /// In every 401.
    #[default]
    Always,
    /// Only to a request that has `Bearer` in its `Authorization`, be it empty: Exchange Server with hybrid modern
    /// authentication is asked for it so.
    OnBearer,
}

/// The parameters of a Bearer challenge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bearer {
    /// The service's own application id.
    pub client_id: String,
    /// Issuers it trusts.
    pub trusted_issuers: String,
    /// Kinds of tokens it takes.
    pub token_types: String,
    /// Where tokens come from; empty to leave it out.
    pub authorization_uri: String,
}

/// `ActiveSync`'s own settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActiveSyncSite {
    /// `MS-Server-ActiveSync`.
    pub server: String,
    /// `MS-ASProtocolVersions`, in rising order. What is not in it is refused with [`OldVersion`].
    pub versions: Vec<String>,
    /// How another version is refused.
    pub old_version: OldVersion,
    /// Whether a policy has to be acknowledged before folders are shown, and how that is said.
    pub policy: Policy,
    /// Whether the first Provision from 14.1 on must describe the device (status 165).
    pub device_information: bool,
}

/// How a protocol version is refused. No public source has Exchange Online's answer to all old ones; status 138 is on
/// record (jobisoft/EAS-4-TbSync issue 315).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldVersion {
    /// 200, and status 138 (MS-ASCMD section 2.2.2).
    #[default]
    Status138,
    /// HTTP 400.
    BadRequest,
}

/// How a policy is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Not at all; Provision says that there is none (`SOGo`).
    #[default]
    None,
    /// 200, and status 142 or 144 (MS-ASCMD section 2.2.2).
    Status,
    /// HTTP 449 (MS-ASHTTP section 2.2.2.1.1), after the login.
    Http449,
    /// HTTP 449 before the login is looked at: Z-Push 2.7.1.
    Http449First,
}

impl Default for Bearer {
    /// MicrosoftDocs/OfficeDocs-Exchange, `use-hybrid-modern-auth.md`, and Exchange Online's answers on record.
    fn default() -> Self {
        Self {
            client_id: "00000002-0000-0ff1-ce00-000000000000".to_owned(),
            trusted_issuers: "00000001-0000-0000-c000-000000000000@*".to_owned(),
            token_types: "app_asserted_user_v1 service_asserted_app_v1".to_owned(),
            authorization_uri: "https://login.windows.net/common/oauth2/authorize".to_owned(),
        }
    }
}

impl Default for ActiveSyncSite {
    fn default() -> Self {
        Self {
            server: "15.20".to_owned(),
            versions: vec!["16.1".to_owned()],
            old_version: OldVersion::default(),
            policy: Policy::default(),
            device_information: true,
        }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            host: "localhost".to_owned(),
            ports: Ports::default(),
            front_end: "FR3P281CA0157".to_owned(),
            back_end: "FR2P281MB0042".to_owned(),
            build: [15, 20, 8158, 17],
            schemes: vec!["Bearer".to_owned(), "Basic".to_owned()],
            schemes_of: BTreeMap::new(),
            basic_realm: String::new(),
            bearer_challenge: BearerChallenge::default(),
            bearer: Bearer::default(),
            absent: Vec::new(),
            activesync: ActiveSyncSite::default(),
            retry_after_s: 30,
            elsewhere: "outlook.office365.com".to_owned(),
        }
    }
}

impl Site {
    /// The address of a path on this site: HTTPS where it is listened on, the port where it is not the usual one.
    pub fn url(&self, path: &str) -> String {
        let (scheme, port, usual) = match self.ports {
            Ports { https: 0, http, .. } if http != 0 => ("http", http, 80),
            Ports { https, .. } => ("https", https, 443),
        };
        let port = if port == 0 || port == usual { String::new() } else { format!(":{port}") };
        format!("{scheme}://{}{port}{path}", self.host)
    }

    /// The values of `WWW-Authenticate`. `bearer` says that the request had the scheme, `refused` that a token in it
    /// was refused (RFC 6750 section 3.1).
    pub(super) fn challenges(&self, protocol: Protocol, bearer: bool, refused: bool) -> Vec<String> {
        let schemes = self.schemes_of.get(&protocol).unwrap_or(&self.schemes);
        let challenge = |scheme: &String| match scheme.to_ascii_lowercase().as_str() {
            "bearer" if self.bearer_challenge == BearerChallenge::OnBearer && !bearer => None,
            "bearer" => Some(self.bearer.challenge(refused)),
            "basic" => Some(format!("Basic Realm=\"{}\"", quotable(&self.basic_realm))),
            _ => Some(scheme.clone()),
        };
        schemes.iter().filter_map(challenge).collect()
    }
}

impl Bearer {
    fn challenge(&self, refused: bool) -> String {
        let mut challenge = format!(
            "Bearer client_id=\"{}\", trusted_issuers=\"{}\", token_types=\"{}\"",
            quotable(&self.client_id),
            quotable(&self.trusted_issuers),
            quotable(&self.token_types)
        );
        if !self.authorization_uri.is_empty() {
            challenge.push_str(", authorization_uri=\"");
            challenge.push_str(&quotable(&self.authorization_uri));
            challenge.push('"');
        }
        if refused {
            challenge.push_str(", error=\"invalid_token\"");
        }
        challenge
    }
}

/// A value as it may stand in a quoted string (RFC 9110 section 5.6.4).
fn quotable(value: &str) -> String {
    value.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect()
}
