//! What comes back for a hello: read from a bounded buffer that a stranger has filled.

use tls_parser::{
    TlsAlertDescription, TlsAlertSeverity, TlsCipherSuite, TlsExtension, parse_tls_handshake_server_hello,
    parse_tls_server_hello_extensions,
};

use super::hello::offers;
use crate::model::{TlsProtocol, harmless};

/// Octets of an answer that are read: one record, as long as records may be.
pub(crate) const MOST: usize = 16 * 1024;
/// Octets that are shown of what is not TLS.
const SHOWN: usize = 80;
/// A plaintext record holds no more (RFC 8446 section 5.1).
const RECORD: usize = 1 << 14;

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;

/// SHA-256 of `HelloRetryRequest`: the random of a `ServerHello` that asks for another key (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// What the peer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It takes the version, by this suite.
    Chosen {
        /// IANA name, or the number.
        cipher: String,
        /// Whether it asked for another key first.
        retry: bool,
    },
    /// It answered with another version, which ends every handshake that did not offer it.
    Other(String),
    /// It ended the handshake with this alert.
    Alert {
        /// Name, or the number.
        name: String,
        /// Whether it may be about something else than what was offered.
        vague: bool,
    },
    /// It speaks in the clear.
    NotTls(String),
    /// It begins like TLS and is no answer to a hello.
    Broken(String),
    /// It said nothing and closed the connection.
    Nothing,
}

/// Reads what has come so far; `None` where more is needed. With `over`, no more will come.
pub(crate) fn read(bytes: &[u8], over: bool, offered: TlsProtocol) -> Option<Heard> {
    let mut rest = bytes;
    let mut message: Vec<u8> = Vec::new();
    let mut warned = None;
    loop {
        let Some((&[kind, major, _, high, low], after)) = rest.split_first_chunk::<5>() else {
            return unfinished(bytes, rest, over, warned);
        };
        if !looks_like_tls(kind, major) {
            return unfinished(bytes, rest, over, warned);
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > RECORD {
            return Some(Heard::Broken(format!("a TLS record of {length} octets, which is too long")));
        }
        let Some((content, after)) = after.split_at_checked(length) else {
            return unfinished(bytes, rest, over, warned);
        };
        rest = after;
        match (kind, content) {
            (ALERT, &[severity, number]) => {
                // A warning does not end a handshake (RFC 5246 section 7.2); old servers warn of unknown names.
                if TlsAlertSeverity(severity) == TlsAlertSeverity::Warning && number != 0 {
                    warned = Some(number);
                } else {
                    return Some(alert(number));
                }
            }
            (ALERT, _) => return Some(Heard::Broken("a TLS alert that is no alert".to_owned())),
            (HANDSHAKE, content) => {
                message.extend_from_slice(content);
                if let Some(heard) = handshake(&message, offered) {
                    return Some(heard);
                }
            }
            (kind, _) => {
                return Some(Heard::Broken(format!("a TLS record of type {kind} in place of a ServerHello")));
            }
        }
    }
}

const fn looks_like_tls(kind: u8, major: u8) -> bool {
    matches!(kind, 20..=23) && major == 3
}

/// What a buffer says that ends within a record.
fn unfinished(bytes: &[u8], rest: &[u8], over: bool, warned: Option<u8>) -> Option<Heard> {
    let clear = match *rest {
        [] => false,
        [kind] => !matches!(kind, 20..=23),
        [kind, major, ..] => !looks_like_tls(kind, major),
    };
    if clear && rest.len() == bytes.len() {
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        // The whole of the first line, where it comes.
        let whole = line.len() < bytes.len() || bytes.len() >= SHOWN;
        let said = line.get(..SHOWN).unwrap_or(line).trim_ascii_end();
        return (whole || over).then(|| Heard::NotTls(harmless(said)));
    }
    if clear {
        return Some(Heard::Broken("something that is not TLS behind a TLS record".to_owned()));
    }
    match (over, bytes, warned) {
        (false, ..) => None,
        (true, [], _) => Some(Heard::Nothing),
        (true, _, Some(number)) if rest.is_empty() => Some(alert(number)),
        (true, ..) => Some(Heard::Broken("the end in the middle of a TLS message".to_owned())),
    }
}

/// The first message of a handshake, once it is complete.
fn handshake(message: &[u8], offered: TlsProtocol) -> Option<Heard> {
    let (&[kind, a, b, c], body) = message.split_first_chunk::<4>()?;
    if kind != SERVER_HELLO {
        return Some(Heard::Broken(format!(
            "a TLS handshake message of type {kind} in place of a ServerHello"
        )));
    }
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
    if length > RECORD {
        return Some(Heard::Broken(format!("a ServerHello of {length} octets, which is too long")));
    }
    let body = body.get(..length)?;
    Some(
        server_hello(body, offered)
            .unwrap_or_else(|| Heard::Broken("a ServerHello that cannot be read".to_owned())),
    )
}

fn server_hello(body: &[u8], offered: TlsProtocol) -> Option<Heard> {
    let (rest, hello) = parse_tls_handshake_server_hello(body).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let (unread, extensions) = parse_tls_server_hello_extensions(hello.ext.unwrap_or_default()).ok()?;
    let selected = extensions.iter().find_map(|extension| match extension {
        TlsExtension::SupportedVersions(versions) => versions.first().map(|version| version.0),
        _ => None,
    });
    // What could not be read may be the extension that turns TLS 1.2 into TLS 1.3.
    if selected.is_none() && !unread.is_empty() {
        return None;
    }
    let version = selected.unwrap_or(hello.version.0);
    if version != offered.code() {
        return Some(Heard::Other(version_name(version)));
    }
    let suite = hello.cipher.0;
    let cipher = TlsCipherSuite::from_id(suite)
        .map_or_else(|| format!("0x{suite:04x}"), |suite| suite.name.to_owned());
    if !offers(offered, suite) {
        return Some(Heard::Broken(format!("a ServerHello with {cipher}, which was not offered")));
    }
    Some(Heard::Chosen { cipher, retry: hello.random == RETRY })
}

fn version_name(code: u16) -> String {
    let known = TlsProtocol::ALL.iter().find(|version| version.code() == code);
    match (known, code) {
        (Some(version), _) => version.to_string(),
        (None, 0x0300) => "SSL 3.0".to_owned(),
        (None, code) => format!("version 0x{code:04x}"),
    }
}

fn alert(number: u8) -> Heard {
    let description = TlsAlertDescription(number);
    let name = description.to_string();
    // The parser spells out what it has no name for.
    let name = if name.starts_with("TlsAlertDescription") { format!("number {number}") } else { name };
    // A name that is not known, a fault, and a goodbye say nothing of versions.
    let vague = matches!(
        description,
        TlsAlertDescription::InternalError
            | TlsAlertDescription::UnrecognizedName
            | TlsAlertDescription::CloseNotify
            | TlsAlertDescription::UserCancelled
    );
    Heard::Alert { name, vague }
}
