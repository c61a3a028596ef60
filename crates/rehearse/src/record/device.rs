//! The report over devices: connections of one client together, protocol by protocol, what needs attention first.

use serde::Serialize;

use super::logins::{self, Login};
use super::{Connection, Ended, LoginTry, LoginUse, MessageUse, Offer, Record, SecretShape, Spoken, Verdict};
use super::{absent, clients, verdict};
use crate::House;

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
    /// One entry for each client, the worst verdict first.
    pub devices: Vec<Device>,
    /// Everything that came.
    #[serde(flatten)]
    pub record: Record,
}

/// One client, told apart from others at its address by name, mailbox and TLS offer.
#[derive(Debug, Clone, Serialize)]
pub struct Device {
    /// Its address.
    pub address: String,
    /// What it calls itself.
    pub name: Option<String>,
    /// Everything that it calls itself: the names of EHLO and of HTTP agents.
    pub names: Vec<String>,
    /// The mailbox that it logs in to, or tried to.
    pub account: Option<String>,
    /// What its TLS offers go by ([`super::Hello`]).
    pub tls_fingerprints: Vec<String>,
    /// What it spoke, the worst verdict first.
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
    /// The logins that it was offered last, where it asked.
    pub offered: Option<Offer>,
    /// Every login with its tries and its verdict, the worst first. Connections without a login have entries of their own
    /// where they tell something.
    pub logins: Vec<LoginUse>,
    /// What became of its messages, over SMTP.
    pub messages: Vec<MessageUse>,
    /// Messages that stand in no row, because there are too many kinds.
    pub messages_left_out: usize,
    /// Methods in the order of their first use.
    pub methods: Vec<MethodUse>,
    /// Versions of `ActiveSync` it asked for.
    pub activesync_versions: Vec<String>,
    /// What the token endpoint did for it.
    pub grants: Vec<String>,
    /// The worst of its logins' verdicts.
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
        let mut devices: Vec<Device> = clients::clients(&record.connections)
            .into_iter()
            .map(|own| device(&own, house, bad_certificate, &day))
            .collect();
        devices.sort_by_key(|device| device.protocols.first().map_or(u8::MAX, |usage| usage.verdict.rank()));
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

fn device(own: &[&Connection], house: &House, bad_certificate: bool, day: &str) -> Device {
    let names = distinct(own.iter().filter_map(|connection| connection.name.clone()));
    let mut accounts = own.iter().rev().filter_map(|connection| clients::account(connection));
    let hellos = own.iter().filter_map(|connection| connection.tls.as_ref()?.hello.as_ref());
    let mut protocols: Vec<Use> = Spoken::all()
        .filter_map(|spoken| {
            let own: Vec<&Connection> =
                own.iter().copied().filter(|connection| connection.spoken == spoken).collect();
            (!own.is_empty()).then(|| usage(spoken, &own, house, bad_certificate, day))
        })
        .collect();
    protocols.sort_by_key(|usage| usage.verdict.rank());
    Device {
        address: own.first().map(|connection| connection.peer.clone()).unwrap_or_default(),
        name: names.first().cloned(),
        account: accounts.next().map(str::to_owned),
        tls_fingerprints: distinct(
            hellos.map(|hello| hello.fingerprint.clone()).filter(|fingerprint| !fingerprint.is_empty()),
        ),
        names,
        protocols,
    }
}

/// The logins of one client over one protocol with their verdicts, the worst first.
fn judged(protocol: Spoken, own: &[&Connection], house: &House, day: &str) -> Vec<LoginUse> {
    let bare = |connections: usize, verdict: Verdict| LoginUse {
        transports: Vec::new(),
        account: None,
        secret: SecretShape::Nothing,
        connections,
        tries: Vec::new(),
        left_out: 0,
        verdict,
    };
    if protocol == Spoken::Tokens {
        return vec![bare(own.len(), verdict::tokens(own))];
    }
    let (logins, without) = Login::of(own);
    let mut all: Vec<LoginUse> = Vec::new();
    if !without.is_empty() {
        let told = absent::judge(&without, house, day, logins.is_empty());
        all.extend(told.into_iter().map(|(connections, verdict)| bare(connections, verdict)));
    }
    all.extend(logins.iter().map(|login| login.told(verdict::judge(login, house, day))));
    all.sort_by_key(|login| login.verdict.rank());
    all
}

fn usage(protocol: Spoken, own: &[&Connection], house: &House, bad_certificate: bool, day: &str) -> Use {
    let handshakes = || own.iter().filter_map(|connection| connection.tls.as_ref());
    let hellos = || handshakes().filter_map(|tls| tls.hello.as_ref());
    let established = handshakes().any(|tls| matches!(tls.ended, Ended::Established { .. }));
    let refused = handshakes().any(|tls| matches!(tls.ended, Ended::CertificateRefused { .. }));
    let logins = || own.iter().flat_map(|connection| &connection.logins);
    let (messages, messages_left_out) = logins::messages(protocol, own);
    let judged = judged(protocol, own, house, day);
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
        transports: logins::transports(own),
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
        offered: own.iter().rev().find_map(|connection| connection.offered.clone()),
        messages,
        messages_left_out,
        methods,
        activesync_versions: distinct(
            own.iter().flat_map(|connection| connection.activesync_versions.clone()),
        ),
        grants: distinct(own.iter().flat_map(|connection| connection.grants.clone())),
        verdict: judged.first().map_or_else(
            || Verdict { works_today: None, stops: None, sentence: "presented no login".to_owned() },
            |worst| worst.verdict.clone(),
        ),
        logins: judged,
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
