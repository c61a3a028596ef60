//! What is sent.

use std::fmt::Write as _;

use super::super::wbxml::{Element, Tag, encode};
use super::{DeviceIdentity, Subject, Version};
use crate::model::HttpRequest;

/// Tags of `FolderHierarchy` (7), Provision (14) and Settings (18) that are written or looked for.
pub(super) mod tag {
    use super::Tag;

    pub(in super::super) const FOLDER_SYNC: Tag = Tag::new(7, 0x16);
    pub(in super::super) const FOLDER_STATUS: Tag = Tag::new(7, 0x0c);
    pub(in super::super) const SYNC_KEY: Tag = Tag::new(7, 0x12);
    pub(in super::super) const CHANGES: Tag = Tag::new(7, 0x0e);
    pub(in super::super) const COUNT: Tag = Tag::new(7, 0x17);

    pub(in super::super) const PROVISION: Tag = Tag::new(14, 0x05);
    pub(in super::super) const POLICIES: Tag = Tag::new(14, 0x06);
    pub(in super::super) const POLICY: Tag = Tag::new(14, 0x07);
    pub(in super::super) const POLICY_TYPE: Tag = Tag::new(14, 0x08);
    pub(in super::super) const POLICY_KEY: Tag = Tag::new(14, 0x09);
    pub(in super::super) const DATA: Tag = Tag::new(14, 0x0a);
    pub(in super::super) const PROVISION_STATUS: Tag = Tag::new(14, 0x0b);
    pub(in super::super) const REMOTE_WIPE: Tag = Tag::new(14, 0x0c);
    pub(in super::super) const PROVISION_DOC: Tag = Tag::new(14, 0x0d);
    pub(in super::super) const ACCOUNT_WIPE: Tag = Tag::new(14, 0x3b);

    pub(in super::super) const SETTINGS: Tag = Tag::new(18, 0x05);
    pub(in super::super) const SETTINGS_STATUS: Tag = Tag::new(18, 0x06);
    pub(in super::super) const GET: Tag = Tag::new(18, 0x07);
    pub(in super::super) const SET: Tag = Tag::new(18, 0x08);
    pub(in super::super) const DEVICE_INFORMATION: Tag = Tag::new(18, 0x16);
    pub(in super::super) const MODEL: Tag = Tag::new(18, 0x17);
    pub(in super::super) const FRIENDLY_NAME: Tag = Tag::new(18, 0x19);
    pub(in super::super) const OS: Tag = Tag::new(18, 0x1a);
    pub(in super::super) const USER_INFORMATION: Tag = Tag::new(18, 0x1d);
    pub(in super::super) const USER_AGENT: Tag = Tag::new(18, 0x20);
}

/// OPTIONS, without a query.
pub(super) fn options(subject: &Subject) -> HttpRequest {
    HttpRequest {
        verb: "OPTIONS",
        path: subject.path.clone(),
        headers: vec![("User-Agent", subject.user_agent.clone())],
        body: Vec::new(),
    }
}

/// `FolderSync` with `SyncKey` 0: the first thing that opens the mailbox. `policy_key` is that of the last Provision,
/// 0 without one.
pub fn folder_sync(
    subject: &Subject,
    version: Version,
    device: &DeviceIdentity,
    policy_key: u32,
) -> HttpRequest {
    let body = Element::new(tag::FOLDER_SYNC).with_text(tag::SYNC_KEY, "0");
    post(subject, version, device, policy_key, "FolderSync", &body)
}

/// Settings that tell the server what device this is: what 14.1 and later want first (status 165).
pub fn settings_device_information(
    subject: &Subject,
    version: Version,
    device: &DeviceIdentity,
    policy_key: u32,
) -> HttpRequest {
    let body = Element::new(tag::SETTINGS).with(device_information(device));
    post(subject, version, device, policy_key, "Settings", &body)
}

/// Settings that ask for the user's addresses.
pub fn settings_user_information(
    subject: &Subject,
    version: Version,
    device: &DeviceIdentity,
    policy_key: u32,
) -> HttpRequest {
    let get = Element::new(tag::USER_INFORMATION).with(Element::new(tag::GET));
    post(subject, version, device, policy_key, "Settings", &Element::new(tag::SETTINGS).with(get))
}

/// The first Provision: asks for the policy. From 14.1 on it must have the device's description in it (MS-ASPROV
/// section 2.2.2).
pub fn provision(subject: &Subject, version: Version, device: &DeviceIdentity) -> HttpRequest {
    let mut body = Element::new(tag::PROVISION);
    if version >= Version::V14_1 {
        body = body.with(device_information(device));
    }
    let policy = Element::new(tag::POLICY).with_text(tag::POLICY_TYPE, policy_type(version));
    let body = body.with(Element::new(tag::POLICIES).with(policy));
    post(subject, version, device, 0, "Provision", &body)
}

/// The second Provision: says that the policy with this temporary key is in force. It is only a claim; to be sent
/// only where the user asked for it, and never as the answer to a wipe.
pub fn provision_acknowledge(
    subject: &Subject,
    version: Version,
    device: &DeviceIdentity,
    policy_key: u32,
) -> HttpRequest {
    let policy = Element::new(tag::POLICY)
        .with_text(tag::POLICY_TYPE, policy_type(version))
        .with_text(tag::POLICY_KEY, &policy_key.to_string())
        .with_text(tag::PROVISION_STATUS, "1");
    let body = Element::new(tag::PROVISION).with(Element::new(tag::POLICIES).with(policy));
    post(subject, version, device, policy_key, "Provision", &body)
}

fn device_information(device: &DeviceIdentity) -> Element {
    let mut set = Element::new(tag::SET).with_text(tag::MODEL, &device.kind);
    for (tag, value) in [
        (tag::FRIENDLY_NAME, &device.friendly_name),
        (tag::OS, &device.os),
        (tag::USER_AGENT, &device.user_agent),
    ] {
        if !value.is_empty() {
            set = set.with_text(tag, value);
        }
    }
    Element::new(tag::DEVICE_INFORMATION).with(set)
}

fn policy_type(version: Version) -> &'static str {
    if version == Version::V2_5 { "MS-WAP-Provisioning-XML" } else { "MS-EAS-Provisioning-WBXML" }
}

/// A command. The query is the plain one, which every version takes (MS-ASHTTP section 2.2.1.1.1.2).
fn post(
    subject: &Subject,
    version: Version,
    device: &DeviceIdentity,
    policy_key: u32,
    command: &str,
    body: &Element,
) -> HttpRequest {
    let mark = if subject.path.contains('?') { '&' } else { '?' };
    let path = format!(
        "{}{mark}Cmd={command}&User={}&DeviceId={}&DeviceType={}",
        subject.path,
        escaped(&subject.account),
        escaped(&device.id),
        escaped(&device.kind)
    );
    HttpRequest {
        verb: "POST",
        path,
        headers: vec![
            ("Content-Type", "application/vnd.ms-sync.wbxml".to_owned()),
            ("MS-ASProtocolVersion", version.name().to_owned()),
            ("X-MS-PolicyKey", policy_key.to_string()),
            ("User-Agent", device.user_agent.clone()),
        ],
        body: encode(body),
    }
}

/// A value in a query: all but the unreserved characters as `%XX` of their UTF-8 (RFC 3986 section 2).
fn escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |mut query, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            query.push(char::from(byte));
        } else {
            let _ = write!(query, "%{byte:02X}");
        }
        query
    })
}
