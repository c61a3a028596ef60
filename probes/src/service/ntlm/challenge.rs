//! The second message (MS-NLMP section 2.2.1.2): what the server asks and what it tells about itself.

use super::{SIGNATURE, flag};
use crate::model::harmless;

/// Bytes of a token that are looked at.
const LONGEST: usize = 16 * 1024;
/// Attribute-value pairs that are looked at.
const MOST_PAIRS: usize = 32;
/// Bytes in front of the first field that has no fixed place.
const HEADER: usize = 32;

/// `MsvAv` identifiers (MS-NLMP section 2.2.2.1).
pub(super) mod av {
    pub(in super::super) const END: u16 = 0;
    pub(in super::super) const NETBIOS_COMPUTER: u16 = 1;
    pub(in super::super) const NETBIOS_DOMAIN: u16 = 2;
    pub(in super::super) const DNS_COMPUTER: u16 = 3;
    pub(in super::super) const DNS_DOMAIN: u16 = 4;
    pub(in super::super) const DNS_TREE: u16 = 5;
    pub(in super::super) const FLAGS: u16 = 6;
    pub(in super::super) const TIMESTAMP: u16 = 7;
    pub(in super::super) const TARGET_NAME: u16 = 9;
    pub(in super::super) const CHANNEL_BINDINGS: u16 = 10;
}

/// A challenge, read. Names are harmless; what is missing, or outside of the message, is empty or `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// `NegotiateFlags` (MS-NLMP section 2.2.2.5).
    pub flags: u32,
    /// Eight bytes that the proof is made over.
    pub server_challenge: [u8; 8],
    /// Target name: of the domain, or of a server outside of one.
    pub target: String,
    /// Operating system version `major.minor.build`, where the server tells it.
    pub version: Option<String>,
    /// `NetBIOS` name of the computer.
    pub netbios_computer: Option<String>,
    /// `NetBIOS` name of its domain.
    pub netbios_domain: Option<String>,
    /// DNS name of the computer.
    pub dns_computer: Option<String>,
    /// DNS name of its domain.
    pub dns_domain: Option<String>,
    /// DNS name of the forest.
    pub dns_tree: Option<String>,
    /// The server's clock: units of 100 ns since 1601-01-01 UTC.
    pub timestamp: Option<u64>,
    /// The pairs as they came, for the client to repeat.
    pub(super) pairs: Vec<(u16, Vec<u8>)>,
    /// The message itself, for the integrity code.
    pub(super) message: Vec<u8>,
}

impl Challenge {
    /// What it tells, by name.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if !self.target.is_empty() {
            facts.push(("ntlm-target", self.target.clone()));
        }
        let named = [
            ("ntlm-netbios-computer", &self.netbios_computer),
            ("ntlm-netbios-domain", &self.netbios_domain),
            ("ntlm-dns-computer", &self.dns_computer),
            ("ntlm-dns-domain", &self.dns_domain),
            ("ntlm-dns-tree", &self.dns_tree),
            ("ntlm-os-version", &self.version),
        ];
        facts.extend(named.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
        facts
    }
}

/// Finds a challenge in a decoded token by its signature: raw, or inside of SPNEGO (RFC 4178), under whatever scheme
/// it came.
pub fn challenge(token: &[u8]) -> Option<Challenge> {
    let token = token.get(..LONGEST).unwrap_or(token);
    let start =
        token.windows(12).position(|at| at.starts_with(SIGNATURE) && at.ends_with(&2_u32.to_le_bytes()))?;
    let message = token.get(start..)?;
    let flags = u32::from_le_bytes(array(message, 20)?);
    let server_challenge = array(message, 24)?;
    let (target, target_end) = buffer(message, 12).unwrap_or_default();
    // Without the flag the field may not be there, and a name in its place.
    let info = (flags & flag::TARGET_INFO != 0).then(|| buffer(message, 40)).flatten();
    let (info, info_end) = info.unwrap_or_default();
    let pairs = pairs(info);
    let version = (flags & flag::VERSION != 0).then(|| array::<8>(message, 48)).flatten();
    let version = version
        .map(|[major, minor, low, high, ..]| format!("{major}.{minor}.{}", u16::from_le_bytes([low, high])));
    let named = |id| {
        let found = pairs.iter().find(|(pair, value)| *pair == id && !value.is_empty());
        found.map(|(_, value)| utf16(value))
    };
    // Inside of SPNEGO something may follow the message.
    let end = if start == 0 { message.len() } else { target_end.max(info_end).max(HEADER) };
    Some(Challenge {
        flags,
        server_challenge,
        target: if flags & flag::UNICODE == 0 { harmless(target) } else { utf16(target) },
        version,
        netbios_computer: named(av::NETBIOS_COMPUTER),
        netbios_domain: named(av::NETBIOS_DOMAIN),
        dns_computer: named(av::DNS_COMPUTER),
        dns_domain: named(av::DNS_DOMAIN),
        dns_tree: named(av::DNS_TREE),
        timestamp: pairs
            .iter()
            .find(|(id, _)| *id == av::TIMESTAMP)
            .and_then(|(_, value)| <[u8; 8]>::try_from(value.as_slice()).ok())
            .map(u64::from_le_bytes),
        message: message.get(..end).unwrap_or(message).to_vec(),
        pairs,
    })
}

/// What a length, a maximum and an offset at a place point to, and where it ends; nothing outside of the message.
fn buffer(message: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let length = usize::from(u16::from_le_bytes(array(message, at)?));
    let offset = usize::try_from(u32::from_le_bytes(array(message, at + 4)?)).ok()?;
    let end = offset.checked_add(length)?;
    (offset >= HEADER || length == 0).then_some(())?;
    Some((message.get(offset..end)?, end))
}

fn pairs(mut info: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut found = Vec::new();
    while found.len() < MOST_PAIRS {
        let (Some(id), Some(length)) = (array(info, 0), array(info, 2)) else { break };
        let (id, length) = (u16::from_le_bytes(id), usize::from(u16::from_le_bytes(length)));
        let Some(value) = info.get(4..4 + length).filter(|_| id != av::END) else { break };
        found.push((id, value.to_vec()));
        info = info.get(4 + length..).unwrap_or_default();
    }
    found
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| Some(u16::from_le_bytes(pair.try_into().ok()?)));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    harmless(text.as_bytes())
}
