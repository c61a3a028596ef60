//! The report: schema 1 of the published JSON.

use serde::{Deserialize, Serialize};

use super::{
    Advertisement, Attempt, Direction, Endpoint, Fact, Failure, Finding, Kind, Line, LineRange, PhaseTimes,
    Protocol, TlsFacts, TlsVersion, Transport, Verdict, advertisement::is_mask,
};

/// Version of the JSON contract. Additions leave it alone; changes raise it.
pub const SCHEMA_VERSION: u32 = 1;

/// What made the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `mailprobe`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Everything one run found out about one mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// The mailbox.
    pub mailbox: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Milliseconds from the first to the last endpoint.
    pub elapsed_ms: u64,
    /// Whether the run was cut short, so that cells may be missing.
    #[serde(default)]
    pub partial: bool,
    /// The kinds of secret that the run was given to present, each once; empty where no login was asked for. `None` in a
    /// report that does not say, as those of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Vec<Kind>>,
    /// One entry a visited address, in the order asked for.
    pub endpoints: Vec<EndpointReport>,
    /// What else is worth knowing, most severe first.
    pub findings: Vec<Finding>,
    /// The judgement, where there was something to judge by.
    pub verdict: Option<Verdict>,
}

/// One visited endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointReport {
    /// What was spoken.
    pub protocol: Protocol,
    /// The endpoint as a URL.
    pub url: String,
    /// Host as asked for.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How TLS came about.
    pub transport: Transport,
    /// Address and port that answered; nobody knows them behind a proxy.
    pub peer: Option<String>,
    /// The proxy that the connections went through, as a URL without its user.
    #[serde(default)]
    pub proxy: Option<String>,
    /// The TLS session, where there was one.
    pub tls: Option<TlsFacts>,
    /// Which versions of TLS it takes, oldest first; empty where that was not asked, or no address found.
    #[serde(default)]
    pub tls_versions: Vec<TlsVersion>,
    /// The server's first line, harmless.
    pub greeting: Option<String>,
    /// The name of the machine that answered, where it told (Exchange).
    #[serde(default)]
    pub front_end: Option<String>,
    /// What else the endpoint told: versions, names, request ids.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Capability lists by stage.
    pub advertised: Vec<Advertisement>,
    /// One entry a method.
    pub attempts: Vec<Attempt>,
    /// What stopped the visit before any method could be tried.
    pub failure: Option<Failure>,
    /// Time spent by phase, milliseconds, of the first connection.
    pub phases_ms: PhaseTimes,
    /// Every line of every connection of the visit.
    pub transcript: Vec<Line>,
    /// Findings about this endpoint; collected into the report when it is put together.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

impl EndpointReport {
    /// A report about an endpoint nobody has spoken to yet.
    pub fn new(endpoint: &Endpoint) -> Self {
        Self {
            protocol: endpoint.protocol,
            url: endpoint.url(),
            host: endpoint.host.clone(),
            port: endpoint.port,
            transport: endpoint.transport,
            peer: None,
            proxy: None,
            tls: None,
            tls_versions: Vec::new(),
            greeting: None,
            front_end: None,
            facts: Vec::new(),
            advertised: Vec::new(),
            attempts: Vec::new(),
            failure: None,
            phases_ms: PhaseTimes::default(),
            transcript: Vec::new(),
            findings: Vec::new(),
        }
    }
}

impl EndpointReport {
    /// Whether Exchange Online, or its family, answered. A header of Exchange says nothing: its owner may run it on
    /// premises.
    pub fn is_microsoft_cloud(&self) -> bool {
        const CLOUD: [&str; 5] =
            [".outlook.com", ".office365.com", ".office365.us", ".outlook.cn", ".office.com"];
        let host = self.host.to_ascii_lowercase();
        let front = self.front_end.as_deref().map(str::to_ascii_lowercase);
        front.is_some_and(|name| name.ends_with("outlook.com"))
            || CLOUD.iter().any(|suffix| host.ends_with(suffix))
    }

    /// What a device on the path has overwritten, and where: a capability of SMTP, the greeting (which becomes asterisks),
    /// or a command of ours that the server quotes as it got it (`500 5.3.3 Unrecognized command 'XXXX'`). What the server
    /// offers is then not known.
    pub fn masked(&self) -> Option<(&str, LineRange)> {
        if self.protocol != Protocol::Smtp {
            return None;
        }
        let list = self.advertised.iter().find_map(|list| Some((list.masked()?, list.evidence)));
        let said = || {
            let marks = |c: char| matches!(c, '"' | '\'' | '`' | '<' | '>' | ':' | ',');
            let quotes_a_mask = |text: &str| {
                text.starts_with("50") && text.split([' ', '-']).any(|word| is_mask(word.trim_matches(marks)))
            };
            let line = self.transcript.iter().find(|line| {
                let greets = self.greeting.as_deref() == Some(line.text.as_str());
                let received = matches!(line.direction, Direction::Received | Direction::ReceivedTls);
                (greets && line.text.contains("**********")) || (received && quotes_a_mask(&line.text))
            })?;
            Some((line.text.as_str(), LineRange::new(line.n, line.n)))
        };
        list.or_else(said)
    }
}
