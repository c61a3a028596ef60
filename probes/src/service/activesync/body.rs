//! What the content of an answer to a POST says.
//!
//! It is about the mailbox. Whether the login was taken is for OPTIONS to say: there are servers that ask for a policy
//! before they look at the password.

use super::super::wbxml::{DecodeError, Element, Node, Tag, decode_start};
use super::super::{Reading, Verdict};
use super::answer::{facts, not_the_service, said, shown, stranger, unless_fine};
use super::request::tag;
use super::status::{StatusOf, status_code};
use crate::model::{HttpResponse, Trouble};

/// How many rules of a policy, and addresses of a user, are told.
const TOLD: usize = 64;

/// What an answer to `FolderSync` says: status 1 is the opened mailbox.
pub fn read_folder_sync(response: &HttpResponse) -> Reading {
    let root = match document(response, tag::FOLDER_SYNC) {
        Ok(root) => root,
        Err(reading) => return *reading,
    };
    let mut reading = by_status(response, &root, tag::FOLDER_STATUS, StatusOf::FolderSync, Verdict::Opened);
    if let Some(count) = root.at(&[tag::CHANGES, tag::COUNT]).and_then(Element::number) {
        reading.facts.push(("activesync-folders", count.to_string()));
    }
    reading
}

/// What an answer to Settings says: status 1 is the accepted login, with the user's addresses where they were asked
/// for.
pub fn read_settings(response: &HttpResponse) -> Reading {
    let root = match document(response, tag::SETTINGS) {
        Ok(root) => root,
        Err(reading) => return *reading,
    };
    let reading =
        |element| by_status(response, element, tag::SETTINGS_STATUS, StatusOf::Settings, Verdict::Accepted);
    let mut said = reading(&root);
    // Each part of it has a status of its own, and is what was asked for.
    for part in root.elements().filter(|part| part.child(tag::SETTINGS_STATUS).is_some()) {
        if said.verdict == Verdict::Accepted {
            said = reading(part);
        }
    }
    let mut addresses = Vec::new();
    if let Some(user) = root.child(tag::USER_INFORMATION) {
        addresses_in(user, &mut addresses);
    }
    if !addresses.is_empty() {
        said.facts.push(("activesync-addresses", addresses.join(",")));
    }
    said
}

/// Addresses stand in `EmailAddresses`, from 14.1 on inside of accounts.
fn addresses_in(element: &Element, found: &mut Vec<String>) {
    for child in element.elements() {
        let name = child.tag.name();
        if name == "SMTPAddress" || name == "PrimarySmtpAddress" {
            let address = shown(&child.text());
            if found.len() < TOLD && !found.contains(&address) {
                found.push(address);
            }
        } else {
            addresses_in(child, found);
        }
    }
}

/// What an answer to Provision says, and hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioned {
    /// What it says: `Accepted` with a policy handed out or acknowledged, and where there is none.
    pub reading: Reading,
    /// The key: temporary in the first answer, final in the second. None where there is no policy, and with a wipe.
    pub key: Option<u32>,
    /// Whether the server wants the device to be wiped. It is never to be acknowledged.
    pub wipe: bool,
}

/// What an answer to Provision says.
pub fn read_provision(response: &HttpResponse) -> Provisioned {
    let only = |reading| Provisioned { reading, key: None, wipe: false };
    let root = match document(response, tag::PROVISION) {
        Ok(root) => root,
        Err(reading) => return only(*reading),
    };
    if root.child(tag::REMOTE_WIPE).or(root.child(tag::ACCOUNT_WIPE)).is_some() {
        return Provisioned { reading: by_number(response, 140, StatusOf::Provision), key: None, wipe: true };
    }
    let mut reading =
        by_status(response, &root, tag::PROVISION_STATUS, StatusOf::Provision, Verdict::Accepted);
    let policy = root.at(&[tag::POLICIES, tag::POLICY]);
    let (Verdict::Accepted, Some(policy)) = (&reading.verdict, policy) else {
        return only(reading);
    };
    match policy.child(tag::PROVISION_STATUS).and_then(Element::number) {
        Some(1) => {}
        // SOGo has no policies and says so.
        Some(2) => {
            reading.facts.push(("activesync-policy", "none".to_owned()));
            return only(reading);
        }
        Some(other) => return only(by_number(response, other, StatusOf::Policy)),
        None => return only(lacking(response, "a policy without a status")),
    }
    if let Some(rules) = policy.at(&[tag::DATA, tag::PROVISION_DOC]) {
        reading.facts.push(("activesync-policy", rules_of(rules)));
    }
    let key = policy.child(tag::POLICY_KEY).and_then(Element::number);
    Provisioned { reading, key, wipe: false }
}

/// The rules that a policy sets, as `Name=value`.
fn rules_of(document: &Element) -> String {
    let set = document.elements().filter(|rule| rule.children.iter().any(|n| matches!(n, Node::Text(_))));
    let rules: Vec<String> =
        set.take(TOLD).map(|rule| format!("{}={}", rule.tag.name(), shown(&rule.text()))).collect();
    rules.join(" ")
}

/// Whether an answer asks for Provision, or for the device's description that goes with it, before all else.
pub fn asks_for_provision(reading: &Reading) -> bool {
    reading.reply.status == "449"
        || matches!(reading.reply.code.as_deref(), Some("141" | "142" | "143" | "144" | "165"))
}

/// The content as a document with this root. What is wrong behind its beginning is no matter here: the status stands
/// first, and a list of folders may be longer than what is read.
fn document(response: &HttpResponse, root: Tag) -> Result<Element, Box<Reading>> {
    if let Some(reading) = unless_fine(response) {
        return Err(Box::new(reading));
    }
    if !response.body.starts_with(&[0x03]) {
        return Err(Box::new(stranger(response)));
    }
    let (found, error) = decode_start(&response.body);
    let broken = |why: String| Err(Box::new(not_the_service(response, &why)));
    match (found, error) {
        (Some(found), _) if found.tag == root => Ok(found),
        (Some(found), _) => broken(format!("{} where {} was asked for", found.tag.name(), root.name())),
        (None, Some(error)) => Err(Box::new(lacking(response, &format!("broken WBXML: {error}")))),
        (None, None) => broken("WBXML without an element".to_owned()),
    }
}

/// The reading of content that lacks what has to be in it. It may stand behind the bounds of what is read.
fn lacking(response: &HttpResponse, why: &str) -> Reading {
    let mut reading = not_the_service(response, why);
    let error = decode_start(&response.body).1;
    let cause = error.and_then(|error| match error {
        DecodeError::Depth => Some(Trouble::NestedTooDeeply),
        DecodeError::TooLong | DecodeError::Text | DecodeError::Elements | DecodeError::Nodes => {
            Some(Trouble::ReplyTooLarge)
        }
        _ => response.cut.then_some(Trouble::ReplyTooLarge),
    });
    if let (Some(cause), Some(error)) = (cause, error) {
        reading.verdict = Verdict::BeyondBounds { cause, why: format!("WBXML beyond the bounds: {error}") };
    }
    reading
}

/// The reading of the status in this element.
fn by_status(
    response: &HttpResponse,
    element: &Element,
    status: Tag,
    of: StatusOf,
    success: Verdict,
) -> Reading {
    match element.child(status).and_then(Element::number) {
        Some(1) => {
            let mut reading = by_number(response, 1, of);
            reading.verdict = success;
            reading
        }
        Some(number) => by_number(response, number, of),
        None => lacking(response, &format!("{} without a status", element.tag.name())),
    }
}

fn by_number(response: &HttpResponse, number: u32, of: StatusOf) -> Reading {
    let (text, passing) = match status_code(of, number) {
        Some(code) => (format!("{}: {}", code.name, code.meaning), code.passing),
        None => ("a status that is not in the specification".to_owned(), false),
    };
    let verdict = if passing { Verdict::Passing } else { Verdict::Shut };
    Reading { verdict, reply: said(response, Some(number.to_string()), text), facts: facts(response) }
}
