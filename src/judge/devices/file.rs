//! Device profiles as written.

use mailprobe_probes::model::{Method, Transport, harmless};
use serde::Deserialize;
use toml::Spanned;

use super::{Class, Device, Flow, Status};
use crate::judge::written::Written;
use crate::judge::{FileError, kind};

/// Most profiles in one file.
const MOST: usize = 2000;

const TRANSPORTS: &[(&str, Transport)] = &[
    ("implicit-tls", Transport::ImplicitTls),
    ("starttls", Transport::StartTls),
    ("plaintext", Transport::Plaintext),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DevicesFile {
    #[serde(default, rename = "device")]
    devices: Vec<DeviceFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DeviceFile {
    id: Spanned<String>,
    name: String,
    #[serde(default)]
    vendor: String,
    class: Spanned<String>,
    protocols: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    transports: Vec<Spanned<String>>,
    #[serde(default)]
    tls: Vec<Spanned<String>>,
    mechanisms: Spanned<Vec<Spanned<String>>>,
    initial_response: Option<bool>,
    #[serde(default)]
    oauth: Vec<Spanned<String>>,
    #[serde(default)]
    activesync: Vec<Spanned<String>>,
    roots_until: Option<u16>,
    #[serde(default)]
    stops_at_logindisabled: bool,
    status: Option<Spanned<String>>,
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    note: String,
}

/// Reads profiles.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Device>, FileError> {
    let written = Written { file, text };
    let read: DevicesFile = written.read()?;
    if read.devices.is_empty() || read.devices.len() > MOST {
        let message = format!("a file of profiles has from 1 to {MOST} of them, each under [[device]]");
        return Err(written.error(&(0..0), message));
    }
    let mut devices: Vec<Device> = Vec::new();
    for device in &read.devices {
        let read = self::device(&written, device)?;
        if devices.iter().any(|known| known.id == read.id) {
            return Err(written.error(&device.id.span(), format!("two devices have the id `{}`", read.id)));
        }
        devices.push(read);
    }
    Ok(devices)
}

fn device(written: &Written<'_>, device: &DeviceFile) -> Result<Device, FileError> {
    let clean = |text: &str| harmless(text.trim().as_bytes());
    let id = written.id(&device.id)?;
    let protocols = device.protocols.get_ref().iter().map(|name| written.protocol(name));
    let protocols = protocols.collect::<Result<Vec<_>, _>>()?;
    if protocols.is_empty() {
        return Err(written.error(&device.protocols.span(), "a device has at least one protocol"));
    }
    let mechanisms = mechanisms(written, &device.mechanisms)?;
    let mut transports = device
        .transports
        .iter()
        .map(|name| written.one_of("transport", name, TRANSPORTS))
        .collect::<Result<Vec<_>, _>>()?;
    if transports.is_empty() {
        transports = vec![Transport::ImplicitTls, Transport::StartTls];
    }
    let flows = device.oauth.iter().map(|name| written.one_of("flow", name, Flow::WORDS));
    Ok(Device {
        id,
        name: clean(&device.name),
        vendor: clean(&device.vendor),
        class: written.one_of("class", &device.class, Class::WORDS)?,
        protocols,
        transports,
        tls: device.tls.iter().map(|version| written.tls(version)).collect::<Result<_, _>>()?,
        mechanisms,
        initial_response: device.initial_response,
        oauth: flows.collect::<Result<_, _>>()?,
        activesync: device
            .activesync
            .iter()
            .map(|text| written.activesync(text))
            .collect::<Result<_, _>>()?,
        roots_until: device.roots_until,
        stops_at_logindisabled: device.stops_at_logindisabled,
        status: device
            .status
            .as_ref()
            .map_or(Ok(Status::Unverified), |status| written.one_of("status", status, Status::WORDS))?,
        evidence: device.evidence.iter().map(|address| clean(address)).collect(),
        note: clean(&device.note),
    })
}

fn mechanisms(written: &Written<'_>, list: &Spanned<Vec<Spanned<String>>>) -> Result<Vec<Method>, FileError> {
    if list.get_ref().is_empty() {
        return Err(written.error(&list.span(), "a device has at least one mechanism"));
    }
    let one = |name: &Spanned<String>| {
        let known = kind::names().find(|known| known.eq_ignore_ascii_case(name.get_ref()));
        known.map(Method::from_name).ok_or_else(|| written.unknown("mechanism", name, kind::names()))
    };
    list.get_ref().iter().map(one).collect()
}
