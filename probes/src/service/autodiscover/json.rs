//! The second version: one GET without credentials, an answer in JSON.
//!
//! It answers whoever asks, so it has served to find out which users exist: ask about one's own mailboxes only.

use std::fmt::Write as _;

use serde::Deserialize;

use super::super::{Subject, answer};
use super::Discovery;
use crate::model::{HttpRequest, Protocol};

/// Bytes of an answer that are read.
const LONGEST: usize = 64 * 1024;

/// The service's name for a protocol, where it has one.
const fn name(protocol: Protocol) -> Option<&'static str> {
    match protocol {
        Protocol::Ews => Some("EWS"),
        Protocol::ActiveSync => Some("ActiveSync"),
        Protocol::Autodiscover => Some("AutodiscoverV1"),
        _ => None,
    }
}

/// Asks where a protocol of the subject's mailbox is; `None` for protocols that the service does not know.
pub fn request(subject: &Subject, protocol: Protocol) -> Option<HttpRequest> {
    let mut path = "/autodiscover/autodiscover.json/v1.0/".to_owned();
    for byte in subject.mailbox.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
    let _ = write!(path, "?Protocol={}", name(protocol)?);
    let mut headers = vec![("Accept", "application/json".to_owned())];
    headers.extend(answer::field("User-Agent", &subject.user_agent));
    Some(HttpRequest { verb: "GET", path, headers, body: Vec::new() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    protocol: Option<String>,
    url: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
}

/// Reads an answer; `None` where it is none of this service.
pub fn read(body: &[u8]) -> Option<Discovery> {
    let said: Said = serde_json::from_slice(body.get(..LONGEST).unwrap_or(body)).ok()?;
    let mut discovery = Discovery::default();
    match (said.protocol, said.url, said.error_code) {
        (_, _, Some(code)) => discovery.complain(&code, &said.error_message.unwrap_or_default()),
        (Some(protocol), Some(url), None) => {
            let asked = [Protocol::Ews, Protocol::ActiveSync, Protocol::Autodiscover];
            // Gromox writes `Ews`.
            let known =
                asked.into_iter().find(|p| name(*p).is_some_and(|name| name.eq_ignore_ascii_case(&protocol)));
            discovery.web(known?, &url, "json");
        }
        _ => return None,
    }
    Some(discovery)
}
