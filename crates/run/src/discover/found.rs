//! What a discovery says: plain data, and the JSON of `discover -o json`.

use mailprobe_probes::model::{Endpoint, Failure, Finding, Protocol, Tool};
use serde::Serialize;

use mailprobe_oauth::providers::Provider;

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The program's own table.
    ProviderTable,
    /// An SRV record.
    Srv,
    /// MX records.
    Mx,
    /// A CNAME record.
    Cname,
    /// An answer over HTTP.
    Autodiscover,
    /// A provider's `OpenID` configuration.
    Openid,
}

impl Source {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProviderTable => "provider-table",
            Self::Srv => "srv",
            Self::Mx => "mx",
            Self::Cname => "cname",
            Self::Autodiscover => "autodiscover",
            Self::Openid => "openid",
        }
    }
}

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is something.
    Found,
    /// There is nothing.
    Nothing,
    /// The record says that there is no such service.
    NotOffered,
    /// Nobody knows: no answer, or none that can be used.
    Failed,
}

/// One question and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// Who was asked.
    pub source: Source,
    /// What: a name in DNS, a URL, a domain. Harmless.
    pub asked: String,
    /// What became of it.
    pub outcome: Outcome,
    /// In words. Harmless.
    pub detail: String,
}

impl SourceReport {
    /// Whether it, had it been answered, could have shown an endpoint. A guessed host that does not exist is an answer.
    fn leaves_open(&self) -> bool {
        self.outcome == Outcome::Failed && self.source != Source::Openid
    }

    pub(super) fn table(domain: &str, provider: Option<&Provider>, because: &str) -> Self {
        let (outcome, detail) = match provider {
            Some(row) => (Outcome::Found, format!("{}: {because}", row.name)),
            None => (Outcome::Nothing, "no provider that is known".to_owned()),
        };
        Self { source: Source::ProviderTable, asked: domain.to_owned(), outcome, detail }
    }

    pub(super) fn of_request(asked: &Asked) -> Self {
        Self {
            source: Source::Autodiscover,
            asked: asked.url.clone(),
            outcome: asked.outcome,
            detail: asked.detail.clone(),
        }
    }
}

/// Who says that there is an endpoint, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Who.
    pub source: Source,
    /// Where: a record's name, a URL, a row of the table.
    pub at: String,
}

/// One endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundEndpoint {
    /// As `--endpoint` takes it.
    pub url: String,
    /// What is spoken there.
    pub protocol: Protocol,
    /// Everybody who says so.
    pub said_by: Vec<Said>,
    /// The same, taken apart.
    #[serde(skip)]
    pub endpoint: Endpoint,
}

/// The provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundProvider {
    /// As `--provider` takes it.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What tells it.
    pub because: String,
    /// The page that the row was made from.
    pub source: String,
}

/// One request without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Where it began.
    pub url: String,
    /// Where redirects were followed to, in order.
    pub redirects: Vec<String>,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// Schemes of its `WWW-Authenticate` fields, as spelled.
    pub schemes: Vec<String>,
    /// Its `Location`, where it was not followed.
    pub location: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// In words.
    pub detail: String,
    /// What stopped it.
    pub failure: Option<Failure>,
}

/// What a client needs to get tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenId {
    /// The configuration's URL.
    pub configuration: String,
    /// The issuer.
    pub issuer: String,
    /// Where tokens come from.
    pub token_endpoint: Option<String>,
    /// Where a device begins (RFC 8628).
    pub device_authorization_endpoint: Option<String>,
    /// Where a person logs in.
    pub authorization_endpoint: Option<String>,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Discovery {
    /// Version of this form.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// The address or domain.
    pub asked: String,
    /// The domain in ASCII.
    pub domain: String,
    /// Whether DNS knows the domain; `None` where DNS did not say.
    pub exists: Option<bool>,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Milliseconds.
    pub elapsed_ms: u64,
    /// The provider, where it is known.
    pub provider: Option<FoundProvider>,
    /// Endpoints, each once, the preferred ones of a protocol first.
    pub endpoints: Vec<FoundEndpoint>,
    /// Every question.
    pub sources: Vec<SourceReport>,
    /// Every request without credentials.
    pub requests: Vec<Asked>,
    /// The provider's `OpenID` configuration.
    pub openid: Option<OpenId>,
    /// What does not fit together.
    pub findings: Vec<Finding>,
}

impl Discovery {
    /// 0 where an endpoint was found, 3 where nobody knows, 1 where there is none.
    pub fn exit_code(&self) -> u8 {
        if !self.endpoints.is_empty() {
            0
        } else if self.exists != Some(false) && self.sources.iter().any(SourceReport::leaves_open) {
            3
        } else {
            1
        }
    }

    /// The outcome in a sentence.
    pub fn verdict(&self) -> String {
        let open = self.sources.iter().filter(|source| source.leaves_open()).count();
        match (self.exit_code(), self.exists) {
            (0, _) => match self.endpoints.len() {
                1 => "1 endpoint found".to_owned(),
                count => format!("{count} endpoints found"),
            },
            (3, None) => format!("could not find out: DNS did not answer for {}", self.domain),
            (3, _) => format!("could not find out: nothing found, and {open} questions were not answered"),
            (_, Some(false)) => format!("nothing found: the name {} does not exist", self.domain),
            _ => format!(
                "nothing found: the name {} exists, and nobody says where its mail services are",
                self.domain
            ),
        }
    }
}
