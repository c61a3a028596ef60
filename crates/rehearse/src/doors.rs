//! The ports of the tenant and what is spoken at each.

use mailprobe_probes::model::Protocol;

/// What a door speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A line protocol.
    Line {
        /// Which.
        protocol: Protocol,
        /// Whether TLS comes first.
        implicit: bool,
    },
    /// HTTP inside TLS: Exchange Web Services, `ActiveSync`, Autodiscover and the token endpoint.
    Https,
}

/// One port and what is spoken there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// The flag that chooses its port.
    pub flag: &'static str,
    /// Scheme of its endpoint URL.
    pub scheme: &'static str,
    /// What is spoken.
    pub manner: Manner,
    /// Its well-known port.
    pub well_known: u16,
}

const fn door(
    flag: &'static str,
    scheme: &'static str,
    protocol: Protocol,
    implicit: bool,
    well_known: u16,
) -> Door {
    Door { flag, scheme, manner: Manner::Line { protocol, implicit }, well_known }
}

/// Every door, in the order in which they are printed.
pub const DOORS: &[Door] = &[
    door("--imap", "imap", Protocol::Imap, false, 143),
    door("--imaps", "imaps", Protocol::Imap, true, 993),
    door("--pop3", "pop3", Protocol::Pop3, false, 110),
    door("--pop3s", "pop3s", Protocol::Pop3, true, 995),
    door("--smtp", "smtp", Protocol::Smtp, false, 587),
    door("--smtps", "smtps", Protocol::Smtp, true, 465),
    Door { flag: "--https", scheme: "https", manner: Manner::Https, well_known: 443 },
];
