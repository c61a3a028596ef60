//! Which protocol speaks, when it is not the one expected on the port.

use crate::model::{Protocol, harmless};

const OPENINGS: &[(&[u8], &str, Option<Protocol>)] = &[
    (b"* OK", "IMAP", Some(Protocol::Imap)),
    (b"* BYE", "IMAP", Some(Protocol::Imap)),
    (b"* PREAUTH", "IMAP", Some(Protocol::Imap)),
    (b"+OK", "POP3", Some(Protocol::Pop3)),
    (b"-ERR", "POP3", Some(Protocol::Pop3)),
    (b"220", "SMTP or FTP", None),
    (b"421", "SMTP or FTP", None),
    (b"554", "SMTP", None),
    (b"SSH-", "SSH", None),
    (b"HTTP/", "HTTP", None),
    (b"RFB ", "VNC", None),
    (b"\x16\x03", "TLS", None),
    (b"\x15\x03", "TLS", None),
];

/// The protocol that begins like this, where it is not `own`.
pub(super) fn foreign(unit: &[u8], own: Protocol) -> Option<&'static str> {
    let found = OPENINGS.iter().find(|(opening, ..)| unit.starts_with(opening));
    found.filter(|(_, _, protocol)| *protocol != Some(own)).map(|(_, name, _)| *name)
}

/// A unit for an error message, whole: it is cut for display only after it was searched for secrets.
pub(super) fn quote(unit: &[u8]) -> String {
    format!("`{}`", harmless(unit.trim_ascii_end()))
}
