//! Devices against one report: the TLS handshake first, then the login, then what is announced.

use jiff::civil::Date;
use mailprobe_probes::model::{
    Demand, EndpointReport, LineRange, Method, Methods, Protocol, Report, TlsProtocol, Transport, Wanted,
};
use serde::Serialize;

use super::login::{Login, login};
use super::{Class, Device, Status};
use crate::{Policy, PolicyRule, kind};

/// Where a device stands, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// No version of TLS in common.
    StopsAtTls,
    /// No login in common.
    StopsAtLogin,
    /// It works until a day that is announced.
    StopsOnDate,
    /// The report does not say.
    CannotBeTold,
    /// It keeps working.
    Works,
    /// The report is about other protocols.
    NotInReport,
}

impl Standing {
    /// Every standing.
    pub const ALL: &'static [Self] = &[
        Self::StopsAtTls,
        Self::StopsAtLogin,
        Self::StopsOnDate,
        Self::CannotBeTold,
        Self::Works,
        Self::NotInReport,
    ];
}

/// A device over one protocol: the endpoint that serves it best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The protocol.
    pub protocol: Protocol,
    /// The endpoint as a URL.
    pub endpoint: String,
    /// Where it stands.
    pub standing: Standing,
    /// The day on which it stops, `2026-12-31`.
    pub on: Option<String>,
    /// Why.
    pub because: String,
    /// What to do; empty where nothing is to be done.
    pub remedy: String,
    /// Lines of the endpoint's transcript.
    pub evidence: Option<LineRange>,
}

/// A device against a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceVerdict {
    /// Its id.
    pub device: String,
    /// Its name.
    pub name: String,
    /// Its vendor.
    pub vendor: String,
    /// Its class.
    pub class: Class,
    /// How far to believe its profile.
    pub profile: Status,
    /// The worst of its protocols.
    pub standing: Standing,
    /// Protocol by protocol.
    pub places: Vec<Place>,
    /// The profile's note.
    pub note: String,
}

/// What is announced, and how far ahead to look.
#[derive(Debug, Clone, Copy)]
struct Announced<'p> {
    policies: &'p [Policy],
    /// Whether the policies are about every host, because the user named them.
    everywhere: bool,
    /// The day of the report: what was in force then has shown in it.
    seen: Option<Date>,
    /// The last day looked at.
    until: Option<Date>,
}

/// Holds devices against a report. `named` are the policies whose dates count for every host; without any, each
/// shipped policy counts for the hosts that it names. `at` leaves out what comes after that day.
pub fn judge_devices(
    devices: &[Device],
    report: &Report,
    named: &[Policy],
    shipped: &[Policy],
    at: Option<Date>,
) -> Vec<DeviceVerdict> {
    let announced = Announced {
        policies: if named.is_empty() { shipped } else { named },
        everywhere: !named.is_empty(),
        seen: crate::day(&report.started_at),
        until: at,
    };
    devices.iter().map(|device| verdict(device, report, announced)).collect()
}

fn verdict(device: &Device, report: &Report, announced: Announced<'_>) -> DeviceVerdict {
    let mut places = Vec::new();
    for protocol in &device.protocols {
        let spoken: Vec<&EndpointReport> =
            report.endpoints.iter().filter(|endpoint| endpoint.protocol == *protocol).collect();
        let reached = spoken.iter().filter(|endpoint| device.transports.contains(&endpoint.transport));
        let best =
            reached.map(|endpoint| place(device, endpoint, announced)).max_by_key(|place| place.standing);
        match (best, spoken.first()) {
            (Some(place), _) => places.push(place),
            (None, Some(endpoint)) => places.push(Place {
                protocol: *protocol,
                endpoint: endpoint.url.clone(),
                standing: Standing::CannotBeTold,
                on: None,
                because: "the report has no endpoint of a transport that it uses".to_owned(),
                remedy: "check the endpoint that the device is set to".to_owned(),
                evidence: None,
            }),
            (None, None) => {}
        }
    }
    DeviceVerdict {
        device: device.id.clone(),
        name: device.name.clone(),
        vendor: device.vendor.clone(),
        class: device.class,
        profile: device.status,
        standing: places.iter().map(|place| place.standing).min().unwrap_or(Standing::NotInReport),
        places,
        note: device.note.clone(),
    }
}

fn place(device: &Device, endpoint: &EndpointReport, announced: Announced<'_>) -> Place {
    let place = |standing, because: String, remedy: &str, evidence| Place {
        protocol: endpoint.protocol,
        endpoint: endpoint.url.clone(),
        standing,
        on: None,
        because,
        remedy: remedy.to_owned(),
        evidence,
    };
    let tls = tls(device, endpoint);
    if let Tls::Stops { because, evidence } = tls {
        let remedy = "update its firmware, or put a relay in front of it that speaks a newer TLS";
        return place(Standing::StopsAtTls, because, remedy, evidence);
    }
    match login(device, endpoint) {
        Login::Stops { because, remedy, evidence } => {
            place(Standing::StopsAtLogin, because, &remedy, evidence)
        }
        Login::Unknown { because, remedy } => place(Standing::CannotBeTold, because, &remedy, None),
        Login::Works { method, because, evidence } => match end(device, endpoint, &method, announced) {
            Some((day, rule, policy)) => Place {
                on: Some(day.to_string()),
                ..place(
                    Standing::StopsOnDate,
                    format!("{because}, until {day}: {} [{policy}/{}]", rule.because, rule.id),
                    "move it to a method that stays before that day; dates have moved, so ask again",
                    evidence,
                )
            },
            None => match tls {
                Tls::Unknown(why) => {
                    let because = format!("the login would work ({because}), but {why}");
                    place(Standing::CannotBeTold, because, "check again with --tls-versions", evidence)
                }
                Tls::Common | Tls::Stops { .. } => {
                    place(Standing::Works, format!("{because}{}", caveat(device)), "", evidence)
                }
            },
        },
    }
}

/// What a report cannot show of a device that works.
fn caveat(device: &Device) -> String {
    let mut text = String::new();
    if device.tls.is_empty() {
        text.push_str("; which TLS it speaks is not known");
    }
    if let Some(year) = device.roots_until {
        text.push_str("; its root certificates end with ");
        text.push_str(&year.to_string());
    }
    text
}

enum Tls {
    Common,
    Stops { because: String, evidence: Option<LineRange> },
    Unknown(String),
}

fn tls(device: &Device, endpoint: &EndpointReport) -> Tls {
    if endpoint.transport == Transport::Plaintext || device.tls.is_empty() {
        return Tls::Common;
    }
    let negotiated = endpoint.tls.as_ref().map(|facts| facts.version.as_str());
    let spoken = TlsProtocol::ALL
        .iter()
        .find(|version| negotiated == Some(format!("TLSv{}", version.number()).as_str()));
    if spoken.is_some_and(|version| device.tls.contains(version)) {
        return Tls::Common;
    }
    let own = device.tls.iter().map(|version| version.number()).collect::<Vec<_>>().join(", ");
    let mut evidence = None;
    for version in &device.tls {
        let asked = endpoint.tls_versions.iter().find(|asked| asked.version == *version);
        match asked.map(|asked| (asked.accepted(), asked.evidence())) {
            Some((Some(true), _)) => return Tls::Common,
            Some((Some(false), lines)) => evidence = evidence.or(lines),
            Some((None, _)) | None => {
                return Tls::Unknown(format!("whether the server takes its TLS {own} is not known"));
            }
        }
    }
    Tls::Stops { because: format!("it speaks TLS {own}, which the server refuses"), evidence }
}

/// The first announced day on which the method is to be shut here.
fn end<'p>(
    device: &Device,
    endpoint: &EndpointReport,
    method: &Method,
    announced: Announced<'p>,
) -> Option<(Date, &'p PolicyRule, &'p str)> {
    let policies = announced
        .policies
        .iter()
        .filter(|policy| announced.everywhere || policy.is_about_host(&endpoint.host));
    policies
        .flat_map(|policy| policy.rules.iter().map(move |rule| (rule, policy.name.as_str())))
        .filter(|(rule, _)| rule.is_about(endpoint.protocol) && rule.is_about_host(&endpoint.host))
        .filter(|(rule, _)| shuts(rule, device, method))
        .filter_map(|(rule, policy)| Some((rule.from?, rule, policy)))
        .filter(|(day, ..)| announced.seen.is_some_and(|seen| *day > seen))
        .filter(|(day, ..)| announced.until.is_none_or(|until| *day <= until))
        .min_by_key(|(day, ..)| *day)
}

/// Whether a rule wants a method, or the device's versions, shut.
fn shuts(rule: &PolicyRule, device: &Device, method: &Method) -> bool {
    match &rule.demand {
        Demand::Methods { methods, wanted: Wanted::Refused | Wanted::NotAccepted, .. } => match methods {
            Methods::Of(kind) => kind::kind(method) == Some(*kind),
            Methods::Named(list) => list.contains(method),
        },
        Demand::Methods { .. } => false,
        Demand::TlsAtLeast { version: floor } => {
            !device.tls.is_empty() && device.tls.iter().all(|version| version < floor)
        }
        Demand::ActiveSyncAtLeast { version: floor } => {
            !device.activesync.is_empty() && device.activesync.iter().all(|version| version < floor)
        }
    }
}
