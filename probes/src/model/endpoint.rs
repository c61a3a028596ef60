//! Where a session goes: protocol, transport, host and port, written as a URL.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Protocol;

/// How TLS comes about on the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// TLS from the first byte (RFC 8314 section 3).
    ImplicitTls,
    /// A plaintext start that is upgraded; the visit stops where the upgrade is not possible.
    #[serde(rename = "starttls")]
    StartTls,
    /// No TLS at all.
    Plaintext,
}

/// One place to visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// What is spoken there.
    pub protocol: Protocol,
    /// How it is protected.
    pub transport: Transport,
    /// Host name in its ASCII form, or an IP address without brackets.
    pub host: String,
    /// TCP port, never 0.
    pub port: u16,
    /// Path of an HTTP endpoint, with its leading slash; empty otherwise.
    pub path: String,
}

/// Every scheme with its protocol, transport, default port and default path.
const SCHEMES: &[(&str, Protocol, Transport, u16, &str)] = &[
    ("imaps", Protocol::Imap, Transport::ImplicitTls, 993, ""),
    ("imap", Protocol::Imap, Transport::StartTls, 143, ""),
    ("imap+plain", Protocol::Imap, Transport::Plaintext, 143, ""),
    ("pop3s", Protocol::Pop3, Transport::ImplicitTls, 995, ""),
    ("pop3", Protocol::Pop3, Transport::StartTls, 110, ""),
    ("pop3+plain", Protocol::Pop3, Transport::Plaintext, 110, ""),
    ("smtps", Protocol::Smtp, Transport::ImplicitTls, 465, ""),
    ("smtp", Protocol::Smtp, Transport::StartTls, 587, ""),
    ("smtp+plain", Protocol::Smtp, Transport::Plaintext, 25, ""),
    ("ews", Protocol::Ews, Transport::ImplicitTls, 443, "/EWS/Exchange.asmx"),
    ("eas", Protocol::ActiveSync, Transport::ImplicitTls, 443, "/Microsoft-Server-ActiveSync"),
    ("autodiscover", Protocol::Autodiscover, Transport::ImplicitTls, 443, "/autodiscover/autodiscover.xml"),
    ("mapi", Protocol::Mapi, Transport::ImplicitTls, 443, "/mapi/emsmdb/"),
    ("outlook-anywhere", Protocol::OutlookAnywhere, Transport::ImplicitTls, 443, "/rpc/rpcproxy.dll"),
    ("oab", Protocol::OfflineAddressBook, Transport::ImplicitTls, 443, "/OAB/"),
    ("powershell", Protocol::PowerShell, Transport::ImplicitTls, 443, "/PowerShell-LiveID/"),
    (
        "reporting",
        Protocol::Reporting,
        Transport::ImplicitTls,
        443,
        "/ecp/ReportingWebService/Reporting.svc/",
    ),
    (
        "outlook-service",
        Protocol::OutlookService,
        Transport::ImplicitTls,
        443,
        "/outlookservice/servicechannel.hxs",
    ),
    ("ews+plain", Protocol::Ews, Transport::Plaintext, 80, "/EWS/Exchange.asmx"),
    ("eas+plain", Protocol::ActiveSync, Transport::Plaintext, 80, "/Microsoft-Server-ActiveSync"),
    (
        "autodiscover+plain",
        Protocol::Autodiscover,
        Transport::Plaintext,
        80,
        "/autodiscover/autodiscover.xml",
    ),
];

/// Why a text is not an endpoint. The message names the value and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No `scheme://` in front.
    #[error("`{0}` is not an endpoint URL: write scheme://host[:port], for example imaps://imap.example.com")]
    NoScheme(String),
    /// A scheme that is not ours.
    #[error("unknown scheme `{scheme}` in `{url}`: use one of {known}")]
    UnknownScheme {
        /// The whole text.
        url: String,
        /// The scheme in it.
        scheme: String,
        /// The schemes that exist.
        known: String,
    },
    /// A host that is neither a name nor an address.
    #[error(
        "`{url}` names no usable host (`{host}`): write a DNS name, an IPv4 address or [an IPv6 address]"
    )]
    Host {
        /// The whole text.
        url: String,
        /// The host in it.
        host: String,
    },
    /// A port outside 1 to 65535.
    #[error("`{port}` in `{url}` is not a port: use a number from 1 to 65535")]
    Port {
        /// The whole text.
        url: String,
        /// The port in it.
        port: String,
    },
    /// User information in the URL: it would end up in reports and shell histories.
    #[error("an endpoint URL carries no user and no password: give the mailbox as an argument of its own")]
    UserInfo,
    /// A path, query or fragment where the protocol has none.
    #[error("`{extra}` does not belong into `{url}`: {protocol} endpoints have no path")]
    Extra {
        /// The whole text.
        url: String,
        /// The part that is too much.
        extra: String,
        /// The protocol of the scheme.
        protocol: Protocol,
    },
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let shown = || super::harmless(url.as_bytes());
        let (scheme, rest) = url.split_once("://").ok_or_else(|| EndpointError::NoScheme(shown()))?;
        let scheme = scheme.to_ascii_lowercase();
        let &(_, protocol, transport, default_port, default_path) = SCHEMES
            .iter()
            .find(|(name, ..)| *name == scheme)
            .ok_or_else(|| EndpointError::UnknownScheme {
                url: shown(),
                scheme: super::harmless(scheme.as_bytes()),
                known: SCHEMES.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", "),
            })?;
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(EndpointError::UserInfo);
        }
        if default_path.is_empty() && !matches!(path, "" | "/") {
            return Err(EndpointError::Extra {
                url: shown(),
                extra: super::harmless(path.as_bytes()),
                protocol,
            });
        }
        let (host, port) = split_port(authority);
        let port = match port {
            None => default_port,
            Some(text) => match text.parse::<u16>() {
                Ok(port) if port != 0 && text.bytes().all(|b| b.is_ascii_digit()) => port,
                _ => {
                    return Err(EndpointError::Port { url: shown(), port: super::harmless(text.as_bytes()) });
                }
            },
        };
        let host = if is_plain(host) { host.to_owned() } else { normalized(host) };
        if host.is_empty() || host.len() > 253 {
            return Err(EndpointError::Host { url: shown(), host: super::harmless(authority.as_bytes()) });
        }
        let path = if matches!(path, "" | "/") { default_path } else { path };
        Ok(Self { protocol, transport, host, port, path: path.to_owned() })
    }
}

/// Whether a host is written as it is compared: an IPv4 address, or a name of small letters, digits and hyphens. That saves
/// the tables of IDNA, which cost more than everything else that is read of one of many targets.
fn is_plain(host: &str) -> bool {
    let is_plain_label = |label: &str| {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty() && !label.starts_with("xn--") && label.bytes().all(is_plain)
    };
    // What ends in a number is an address, in whatever form it is written.
    let ends_in_a_word =
        host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()));
    host.parse::<Ipv4Addr>().is_ok() || (ends_in_a_word && host.split('.').all(is_plain_label))
}

/// A host as it is compared; empty where it is none.
fn normalized(host: &str) -> String {
    match url::Host::parse(host) {
        // The WHATWG parser lets through more than DNS host names may hold.
        Ok(url::Host::Domain(name))
            if name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) =>
        {
            name.trim_end_matches('.').to_owned()
        }
        Ok(url::Host::Ipv4(address)) => address.to_string(),
        Ok(url::Host::Ipv6(address)) => address.to_string(),
        Ok(url::Host::Domain(_)) | Err(_) => String::new(),
    }
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    match authority.get(after_brackets..).and_then(|tail| tail.rfind(':')) {
        Some(at) => {
            let (host, port) = authority.split_at(after_brackets + at);
            (host, Some(port.trim_start_matches(':')))
        }
        None => (authority, None),
    }
}

impl Endpoint {
    /// The URL that reads back as this endpoint, always with its port.
    pub fn url(&self) -> String {
        let scheme = SCHEMES
            .iter()
            .find(|(_, protocol, transport, ..)| *protocol == self.protocol && *transport == self.transport)
            .map_or("imaps", |(name, ..)| name);
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        format!("{scheme}://{open}{}{close}:{}{}", self.host, self.port, self.path)
    }

    /// The protocol that a URL's scheme stands for, whatever else stands in it; `None` where the scheme is not one of ours.
    pub fn protocol_of(url: &str) -> Option<Protocol> {
        let (scheme, _) = url.split_once("://")?;
        let row = SCHEMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(scheme));
        row.map(|(_, protocol, ..)| *protocol)
    }

    /// The same service at a place that an answer points to; `None` where that is not inside TLS, or no place.
    pub fn moved_to(&self, url: &str) -> Option<Self> {
        let rest = url.strip_prefix("https://").filter(|_| self.transport == Transport::ImplicitTls)?;
        let scheme = SCHEMES.iter().find(|(_, protocol, transport, ..)| {
            (*protocol, *transport) == (self.protocol, self.transport) && !self.path.is_empty()
        })?;
        format!("{}://{rest}", scheme.0).parse().ok()
    }

    /// What the `Host` field of an HTTP request says (RFC 9110 section 7.2): the port where it is not the usual one.
    pub fn authority(&self) -> String {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        let usual = if self.has_tls() { 443 } else { 80 };
        let port = if self.port == usual { String::new() } else { format!(":{}", self.port) };
        format!("{open}{}{close}{port}", self.host)
    }

    /// Whether anything said on this endpoint travels inside TLS in the end.
    pub fn has_tls(&self) -> bool {
        self.transport != Transport::Plaintext
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_service_moves_only_to_a_place_inside_tls() {
        let here: Endpoint = "eas://outlook.office365.com".parse().unwrap();
        let moved = here.moved_to("https://eas.outlook.com/Microsoft-Server-ActiveSync").unwrap();
        assert_eq!(moved.url(), "eas://eas.outlook.com:443/Microsoft-Server-ActiveSync");
        for nowhere in ["http://eas.outlook.com/", "/Microsoft-Server-ActiveSync", "https://", "https://a b/"]
        {
            assert_eq!(here.moved_to(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn every_scheme_reads_back_as_written() {
        for (name, ..) in SCHEMES {
            let endpoint: Endpoint = format!("{name}://mail.example.com").parse().unwrap();
            assert_eq!(endpoint.url().parse::<Endpoint>().unwrap(), endpoint, "{name}");
            assert_eq!(Endpoint::protocol_of(&endpoint.url()), Some(endpoint.protocol), "{name}");
        }
    }

    #[test]
    fn addresses_names_and_ports_are_taken_apart() {
        let v6: Endpoint = "imaps://[2001:db8::1]:1993".parse().unwrap();
        assert_eq!((v6.host.as_str(), v6.port), ("2001:db8::1", 1993));
        assert_eq!(v6.url(), "imaps://[2001:db8::1]:1993");
        let idn: Endpoint = "imap://\u{90f5}\u{4fbf}.example".parse().unwrap();
        assert_eq!((idn.host.as_str(), idn.port), ("xn--wtqs30n.example", 143));
    }

    #[test]
    fn a_host_that_is_taken_as_it_stands_is_what_the_parser_of_urls_makes_of_it() {
        let taken =
            ["imap.example.com", "a", "mail-1.x2.example", "127.0.10.17", "0.0.0.0", "a--b.example", "-.a"];
        for host in taken {
            assert!(is_plain(host), "{host}");
            assert_eq!(normalized(host), host);
        }
        let parsed = [
            "Imap.example.com",
            "a.b.",
            "a..b",
            ".a",
            "1.2.3",
            "0x7f.1",
            "a.0x7f",
            "127.0.0.1.",
            "010.0.0.1",
            "xn--wtqs30n.example",
            "a_b.example",
            "[::1]",
            "",
            "a b",
            "a%62",
            "\u{90f5}.example",
            "1.2.3.4.5",
        ];
        for host in parsed {
            assert!(!is_plain(host), "{host}");
        }
    }

    #[test]
    fn whatever_was_typed_is_shown_harmless() {
        let typed = "\u{1b}[2J\u{202e}x\r\nmailprobe: all is well";
        for url in [
            format!("{typed}://h"),
            format!("imaps://{typed}"),
            format!("imaps://h:{typed}"),
            format!("imaps://h/{typed}"),
            typed.to_owned(),
        ] {
            let message = url.parse::<Endpoint>().unwrap_err().to_string();
            let raw = |c: char| c.is_control() || c == '\u{202e}';
            assert!(!message.contains(raw) && message.contains("\\x1B[2J"), "{message:?}");
        }
    }

    #[test]
    fn a_mistake_names_the_value_and_the_remedy() {
        let cases = [
            ("imap.example.com", "write scheme://host"),
            ("gopher://h", "unknown scheme `gopher`"),
            ("imaps://h:0", "`0` in `imaps://h:0` is not a port"),
            ("imaps://h:+993", "is not a port"),
            ("imaps://h:99999", "1 to 65535"),
            ("imaps://", "names no usable host"),
            ("imaps://a b", "names no usable host"),
            ("imaps://*.example.com", "names no usable host"),
            ("imaps://me:secret@h", "carries no user and no password"),
            ("imaps://h/INBOX", "`/INBOX` does not belong"),
        ];
        for (url, expected) in cases {
            let message = url.parse::<Endpoint>().unwrap_err().to_string();
            assert!(message.contains(expected), "{url}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
