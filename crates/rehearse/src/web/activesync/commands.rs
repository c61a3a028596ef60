//! What the commands say, as trees of tags (MS-ASWBXML section 2.1.2.1).

use mailprobe_probes::model::Cause;
use mailprobe_probes::service::wbxml::{Element, Tag};
use sha2::{Digest as _, Sha256};

use super::super::gate::Visit;
use super::query::Query;
use super::{Policy, Response, tag};

const FOLDER_SYNC: Tag = tag(7, 0x16);
const FOLDER_STATUS: Tag = tag(7, 0x0c);
const SYNC_KEY: Tag = tag(7, 0x12);
const PROVISION: Tag = tag(14, 0x05);
const POLICIES: Tag = tag(14, 0x06);
const POLICY: Tag = tag(14, 0x07);
const POLICY_TYPE: Tag = tag(14, 0x08);
const POLICY_KEY: Tag = tag(14, 0x09);
const PROVISION_STATUS: Tag = tag(14, 0x0b);
const SETTINGS: Tag = tag(18, 0x05);
const SETTINGS_STATUS: Tag = tag(18, 0x06);
const DEVICE_INFORMATION: Tag = tag(18, 0x16);
const USER_INFORMATION: Tag = tag(18, 0x1d);

/// Folders of a new mailbox: id, name, type (MS-ASCMD section 2.2.3.186.3).
const FOLDERS: &[(&str, &str, &str)] = &[
    ("1", "Inbox", "2"),
    ("2", "Drafts", "3"),
    ("3", "Deleted Items", "4"),
    ("4", "Sent Items", "5"),
    ("5", "Outbox", "6"),
    ("6", "Calendar", "8"),
    ("7", "Contacts", "9"),
    ("8", "Tasks", "7"),
];

/// Root and status of the commands that are answered.
pub(super) fn root(command: &str) -> Option<(Tag, Tag)> {
    match command {
        "FolderSync" => Some((FOLDER_SYNC, FOLDER_STATUS)),
        "Provision" => Some((PROVISION, PROVISION_STATUS)),
        "Settings" => Some((SETTINGS, SETTINGS_STATUS)),
        _ => None,
    }
}

/// The status for a mailbox that does not open (MS-ASCMD section 2.2.2).
pub(super) const fn shut(cause: Cause) -> u32 {
    match cause {
        Cause::NoSuchMailbox => 123,
        Cause::NoSuchUser => 125,
        Cause::ProtocolDisabled => 126,
        Cause::DeviceBlocked => 129,
        Cause::AccountDisabled => 131,
        Cause::ProtocolVersionTooOld => 138,
        Cause::DeviceQuota => 177,
        Cause::MailboxUnavailable => 114,
        Cause::MailboxInUse => 133,
        Cause::Temporary => 111,
        Cause::Throttled => 110,
        _ => 130,
    }
}

/// Causes that HTTP says before any content.
pub(super) fn by_http(visit: &Visit<'_>, cause: Cause) -> Option<Response> {
    let says =
        matches!(cause, Cause::Redirect | Cause::Throttled | Cause::AccountLocked | Cause::PasswordExpired);
    says.then(|| visit.say(mailprobe_probes::model::Protocol::ActiveSync, cause))
}

/// A key for a device: temporary, or final. Never 0, which is none.
fn key(device: &str, stage: &[u8]) -> u32 {
    let digest = Sha256::new().chain_update(b"policy\0").chain_update(stage).chain_update(device).finalize();
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    number.max(1)
}

/// Whether a device shows the final key of its policy.
pub(super) fn has_policy(query: &Query) -> bool {
    query.policy_key == key(&query.device_id, b"final")
}

/// Whether Settings describe the device, which may come before the policy.
pub(super) fn describes(body: &Element) -> bool {
    body.tag == SETTINGS && body.child(DEVICE_INFORMATION).is_some()
}

/// MS-ASPROV section 2.2.2: a policy and its temporary key, then the final key for its acknowledgement.
pub(super) fn provision(body: &Element, query: &Query, demanded: Policy, describe: bool) -> Element {
    let only = |number: &str| Element::new(PROVISION).with_text(PROVISION_STATUS, number);
    let policy = body.at(&[POLICIES, POLICY]);
    let Some(kind) = policy.and_then(|policy| policy.child(POLICY_TYPE)).map(Element::text) else {
        return only("2");
    };
    let wanted = if query.version == "2.5" { "MS-WAP-Provisioning-XML" } else { "MS-EAS-Provisioning-WBXML" };
    let says =
        |status: &str| Element::new(POLICY).with_text(POLICY_TYPE, &kind).with_text(PROVISION_STATUS, status);
    let whole = |policy| only("1").with(Element::new(POLICIES).with(policy));
    if kind != wanted {
        return whole(says("3"));
    }
    let acknowledged = policy.and_then(|policy| policy.child(PROVISION_STATUS));
    if acknowledged.is_none() {
        // The first request from 14.1 on has the device's description in it.
        if describe && query.is_new() && body.child(DEVICE_INFORMATION).is_none() {
            return only("165");
        }
        if demanded == Policy::None {
            return whole(says("2"));
        }
        let temporary = key(&query.device_id, b"temporary");
        // Token 0x0a is Data, 0x0d EASProvisionDoc, the others rules.
        let rules = Element::new(tag(14, 0x0d))
            .with_text(tag(14, 0x0e), "0")
            .with_text(tag(14, 0x13), "1")
            .with_text(tag(14, 0x18), "1");
        let policy = says("1")
            .with_text(POLICY_KEY, &temporary.to_string())
            .with(Element::new(tag(14, 0x0a)).with(rules));
        return whole(policy);
    }
    let shown = policy.and_then(|policy| policy.child(POLICY_KEY)).and_then(Element::number);
    if shown != Some(key(&query.device_id, b"temporary")) {
        return whole(says("5"));
    }
    whole(says("1").with_text(POLICY_KEY, &key(&query.device_id, b"final").to_string()))
}

/// MS-ASCMD section 2.2.1.5. A quarantined device sees the inbox alone.
pub(super) fn folder_sync(body: &Element, quarantined: bool) -> Element {
    let shown = body.child(SYNC_KEY).map(Element::text).unwrap_or_default();
    let status = |number: &str| Element::new(FOLDER_SYNC).with_text(FOLDER_STATUS, number);
    let folders = match shown.as_str() {
        "0" if quarantined => FOLDERS.get(..1).unwrap_or_default(),
        "0" => FOLDERS,
        "1" => &[],
        _ => return status("9"),
    };
    let changes = Element::new(tag(7, 0x0e)).with_text(tag(7, 0x17), &folders.len().to_string());
    let changes = folders.iter().fold(changes, |changes, (id, name, kind)| {
        let add = Element::new(tag(7, 0x0f))
            .with_text(tag(7, 0x08), id)
            .with_text(tag(7, 0x09), "0")
            .with_text(tag(7, 0x07), name)
            .with_text(tag(7, 0x0a), kind);
        changes.with(add)
    });
    status("1").with_text(SYNC_KEY, "1").with(changes)
}

/// MS-ASCMD section 2.2.1.18: the user's address, and yes to the device's description. Other parts are left out.
pub(super) fn settings(body: &Element, mailbox: &str, old: bool) -> Element {
    let mut answer = Element::new(SETTINGS).with_text(SETTINGS_STATUS, "1");
    if body.child(DEVICE_INFORMATION).is_some() {
        answer = answer.with(Element::new(DEVICE_INFORMATION).with_text(SETTINGS_STATUS, "1"));
    }
    if body.child(USER_INFORMATION).is_some() {
        let addresses = Element::new(tag(18, 0x1e)).with_text(tag(18, 0x1f), mailbox);
        let get = Element::new(tag(18, 0x07));
        let get = if old {
            get.with(addresses)
        } else {
            // From 14.1 on addresses are those of accounts.
            let addresses = addresses.with_text(tag(18, 0x23), mailbox);
            get.with(Element::new(tag(18, 0x24)).with(Element::new(tag(18, 0x25)).with(addresses)))
        };
        answer = answer.with(Element::new(USER_INFORMATION).with_text(SETTINGS_STATUS, "1").with(get));
    }
    answer
}
