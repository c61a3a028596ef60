//! The report over devices: connections of one address together, protocol by protocol.

use serde::Serialize;

use super::verdict;
use super::{Connection, Ended, LoginTry, Record, Spoken, Verdict};
use crate::rehearse::House;

/// Everything that is said at the end.
#[derive(Debug, Clone, Serialize)]
pub struct DeviceReport {
    /// Version of this form.
    pub schema: u32,
    /// The scenario that ran.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The day of the report, YYYY-MM-DD.
    pub day: String,
    /// Whether the certificate was an untrusted one on purpose.
    pub bad_certificate: bool,
    /// One entry an address.
    pub devices: Vec<Device>,
    /// Everything that came.
    #[serde(flatten)]
    pub record: Record,
}

/// One device.
#[derive(Debug, Clone, Serialize)]
pub struct Device {
    /// Its address.
    pub address: String,
    /// What it calls itself.
    pub name: Option<String>,
    /// What it spoke.
    pub protocols: Vec<Use>,
}

/// One protocol of one device.
#[derive(Debug, Clone, Serialize)]
pub struct Use {
    /// Which.
    pub protocol: Spoken,
    /// Connections.
    pub connections: usize,
    /// Whether TLS was there from the first byte, or came by STARTTLS, or both.
    pub transports: Vec<&'static str>,
    /// Versions of TLS it offered, newest first.
    pub tls_offered: Vec<String>,
    /// Versions that came about.
    pub tls_used: Vec<String>,
    /// Names it asked for.
    pub sni: Vec<String>,
    /// Application protocols it offered.
    pub alpn: Vec<String>,
    /// Whether it looks at the certificate; `None` where nothing tells.
    pub checks_certificate: Option<bool>,
    /// Whether it sent a password or token without TLS.
    pub secret_in_clear: bool,
    /// Methods in the order of their first use.
    pub methods: Vec<MethodUse>,
    /// Versions of `ActiveSync` it asked for.
    pub activesync_versions: Vec<String>,
    /// What the token endpoint did for it.
    pub grants: Vec<String>,
    /// The judgement.
    pub verdict: Verdict,
}

/// One method of one protocol.
#[derive(Debug, Clone, Serialize)]
pub struct MethodUse {
    /// Its name.
    pub method: String,
    /// Whether the first message travels with the command.
    pub initial_response: Option<bool>,
    /// What the tenant said to it last.
    pub last: LoginTry,
}

impl DeviceReport {
    /// Sums a record up. `now` in seconds since 1970.
    pub fn new(record: Record, house: &House, bad_certificate: bool, now: u64) -> Self {
        let day = verdict::day(now);
        let mut addresses: Vec<String> = Vec::new();
        for connection in &record.connections {
            if !addresses.contains(&connection.peer) {
                addresses.push(connection.peer.clone());
            }
        }
        let devices = addresses
            .into_iter()
            .map(|address| {
                let own: Vec<&Connection> =
                    record.connections.iter().filter(|connection| connection.peer == address).collect();
                let name = own.iter().find_map(|connection| connection.name.clone());
                let protocols = Spoken::all().filter_map(|spoken| {
                    let own: Vec<&Connection> =
                        own.iter().copied().filter(|connection| connection.spoken == spoken).collect();
                    (!own.is_empty()).then(|| usage(spoken, &own, house, bad_certificate, &day))
                });
                Device { name, protocols: protocols.collect(), address }
            })
            .collect();
        let scenario = house.tenant.scenario();
        Self {
            schema: 1,
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            day,
            bad_certificate,
            devices,
            record,
        }
    }

    /// Indented JSON.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn usage(protocol: Spoken, own: &[&Connection], house: &House, bad_certificate: bool, day: &str) -> Use {
    let handshakes = || own.iter().filter_map(|connection| connection.tls.as_ref());
    let hellos = || handshakes().filter_map(|tls| tls.hello.as_ref());
    let established = handshakes().any(|tls| matches!(tls.ended, Ended::Established { .. }));
    let refused = handshakes().any(|tls| matches!(tls.ended, Ended::CertificateRefused { .. }));
    let logins = || own.iter().flat_map(|connection| &connection.logins);
    let mut methods: Vec<MethodUse> = Vec::new();
    for tried in logins() {
        let same = |known: &&mut MethodUse| {
            known.last.method == tried.method && known.initial_response == tried.initial_response
        };
        if let Some(known) = methods.iter_mut().find(same) {
            known.last = tried.clone();
        } else {
            let method = tried.method.name().to_owned();
            methods.push(MethodUse { method, initial_response: tried.initial_response, last: tried.clone() });
        }
    }
    let mut tls_offered = distinct(hellos().flat_map(|hello| hello.versions.clone()));
    tls_offered.sort_by(|a, b| b.cmp(a));
    Use {
        protocol,
        connections: own.len(),
        transports: distinct(own.iter().map(|connection| match &connection.tls {
            None => "plaintext",
            Some(tls) if tls.starttls => "starttls",
            Some(_) => "implicit-tls",
        })),
        tls_offered,
        tls_used: distinct(handshakes().filter_map(|tls| match &tls.ended {
            Ended::Established { version, .. } => Some(version.clone()),
            _ => None,
        })),
        sni: distinct(hellos().filter_map(|hello| hello.sni.clone())),
        alpn: distinct(hellos().flat_map(|hello| hello.alpn.clone())),
        checks_certificate: if refused {
            Some(true)
        } else {
            // With a good certificate a session proves nothing: it may be trusted, or not looked at.
            (established && bad_certificate).then_some(false)
        },
        secret_in_clear: logins().any(|tried| tried.in_clear && tried.length > 0),
        methods,
        activesync_versions: distinct(
            own.iter().flat_map(|connection| connection.activesync_versions.clone()),
        ),
        grants: distinct(own.iter().flat_map(|connection| connection.grants.clone())),
        verdict: verdict::judge(own, house, day),
    }
}

fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}
