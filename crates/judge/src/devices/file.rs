//! Device profiles as written.

use mailprobe_probes::model::{Method, Transport, harmless};
use serde::Deserialize;
use toml::Spanned;

use super::{Class, Device, Flow, Status};
use crate::written::Written;
use crate::{Mistakes, kind};

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
    devices: Vec<Spanned<DeviceFile>>,
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
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Device>, Mistakes> {
    let written = Written { file, text };
    let mut mistakes = Mistakes::default();
    let read: Option<DevicesFile> = written.read_all(&mut mistakes);
    let devices = read.map(|read| devices(&written, &read.devices, &mut mistakes));
    mistakes.settle(devices)
}

fn devices(written: &Written<'_>, read: &[Spanned<DeviceFile>], mistakes: &mut Mistakes) -> Vec<Device> {
    if (read.is_empty() && mistakes.is_all_there()) || read.len() > MOST {
        let message = format!("a file of profiles has from 1 to {MOST} of them, each under [[device]]");
        mistakes.note(written.error(&(0..0), message));
        return Vec::new();
    }
    let mut ids: Vec<&str> = Vec::new();
    let mut devices = Vec::new();
    for device in read {
        let id = &device.get_ref().id;
        if ids.contains(&id.get_ref().as_str()) {
            let words = format!("two devices have the id `{}`", crate::written::shown(id.get_ref()));
            mistakes.note(written.error(&id.span(), words));
        }
        ids.push(id.get_ref());
        // What it lacks may be what could not be read.
        if !mistakes.is_damaged(&device.span()) {
            devices.extend(self::device(written, device.get_ref(), mistakes));
        }
    }
    devices
}

fn device(written: &Written<'_>, device: &DeviceFile, mistakes: &mut Mistakes) -> Option<Device> {
    let clean = |text: &str| harmless(text.trim().as_bytes());
    let id = mistakes.keep(written.id(&device.id));
    let names = device.protocols.get_ref();
    if names.is_empty() {
        let words = "a device has at least one protocol";
        mistakes.note(written.error(&device.protocols.span(), words));
    }
    let protocols = mistakes.keep_all(names.iter().map(|name| written.protocol(name)));
    let mechanisms = mechanisms(written, &device.mechanisms, mistakes);
    let transports = device.transports.iter().map(|name| written.one_of("transport", name, TRANSPORTS));
    let mut transports = mistakes.keep_all(transports);
    if transports.is_empty() {
        transports = vec![Transport::ImplicitTls, Transport::StartTls];
    }
    let flows = device.oauth.iter().map(|name| written.one_of("flow", name, Flow::WORDS));
    let oauth = mistakes.keep_all(flows);
    let tls = mistakes.keep_all(device.tls.iter().map(|version| written.tls(version)));
    let activesync = mistakes.keep_all(device.activesync.iter().map(|text| written.activesync(text)));
    let class = mistakes.keep(written.one_of("class", &device.class, Class::WORDS));
    let status = match &device.status {
        None => Some(Status::Unverified),
        Some(status) => mistakes.keep(written.one_of("status", status, Status::WORDS)),
    };
    Some(Device {
        id: id?,
        name: clean(&device.name),
        vendor: clean(&device.vendor),
        class: class?,
        protocols,
        transports,
        tls,
        mechanisms,
        initial_response: device.initial_response,
        oauth,
        activesync,
        roots_until: device.roots_until,
        stops_at_logindisabled: device.stops_at_logindisabled,
        status: status?,
        evidence: device.evidence.iter().map(|address| clean(address)).collect(),
        note: clean(&device.note),
    })
}

fn mechanisms(
    written: &Written<'_>,
    list: &Spanned<Vec<Spanned<String>>>,
    mistakes: &mut Mistakes,
) -> Vec<Method> {
    if list.get_ref().is_empty() {
        mistakes.note(written.error(&list.span(), "a device has at least one mechanism"));
    }
    let one = |name: &Spanned<String>| {
        let known = kind::names().find(|known| known.eq_ignore_ascii_case(name.get_ref()));
        known.map(Method::from_name).ok_or_else(|| written.unknown("mechanism", name, kind::names()))
    };
    mistakes.keep_all(list.get_ref().iter().map(one))
}
