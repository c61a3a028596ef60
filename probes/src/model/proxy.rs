//! A proxy on the way: `http://[user@]host:port` (CONNECT, RFC 9110 section 9.3.6), `socks5://` and `socks5h://`
//! (RFC 1928).

use std::fmt;
use std::str::FromStr;

use super::{Secret, harmless};

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyKind {
    /// HTTP CONNECT with the host's name.
    Http,
    /// SOCKS5 with the host's address, found out here.
    Socks5,
    /// SOCKS5 with the host's name.
    Socks5h,
}

const KINDS: [(&str, ProxyKind); 3] =
    [("http", ProxyKind::Http), ("socks5", ProxyKind::Socks5), ("socks5h", ProxyKind::Socks5h)];

impl ProxyKind {
    /// Its URL scheme.
    pub fn scheme(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("http", |(scheme, _)| scheme)
    }

    /// Whether the proxy finds out addresses, so that nobody else asks DNS.
    pub const fn resolves(self) -> bool {
        matches!(self, Self::Http | Self::Socks5h)
    }
}

/// A proxy, and who logs in there. Displays without the user.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// How it is spoken to.
    pub kind: ProxyKind,
    /// Host name in its ASCII form, or an IP address without brackets.
    pub host: String,
    /// TCP port, never 0.
    pub port: u16,
    /// The user, as typed: nothing in it is percent-decoded.
    pub user: Option<String>,
    /// The user's password. It never comes out of a URL.
    pub password: Option<Secret>,
}

/// Why a text is no proxy. No message holds what stands before an `@`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// No scheme that is known.
    #[error(
        "write http://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT, with USER@ in front of HOST where it asks who comes"
    )]
    Form,
    /// A password in the URL, where histories and process lists show it.
    #[error(
        "the URL holds a password, which histories and process lists show: write USER@HOST, and take the password from --proxy-password-env, -file or -command"
    )]
    Password,
    /// No usable host.
    #[error("`{0}` is not a usable host")]
    Host(String),
    /// No port: proxies have no usual one.
    #[error("its port is missing or not from 1 to 65535: write HOST:PORT")]
    Port,
    /// A path behind the port.
    #[error("a proxy has no path: end the URL with the port")]
    Path,
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(url: &str) -> Result<Self, ProxyError> {
        let (scheme, rest) = url.split_once("://").ok_or(ProxyError::Form)?;
        let scheme = scheme.to_ascii_lowercase();
        let &(_, kind) = KINDS.iter().find(|(known, _)| *known == scheme).ok_or(ProxyError::Form)?;
        // The last @, for a password may hold one; whatever is wrong behind it, what stands before is not shown.
        let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
        if user.is_some_and(|user| user.contains(':')) {
            return Err(ProxyError::Password);
        }
        if user.is_some_and(|user| user.is_empty() || user.len() > 255 || user.chars().any(char::is_control))
        {
            return Err(ProxyError::Form);
        }
        let place = place.strip_suffix('/').unwrap_or(place);
        if place.contains(['/', '?', '#']) {
            return Err(ProxyError::Path);
        }
        let (host, port) = place.rsplit_once(':').ok_or(ProxyError::Port)?;
        let port = match port.parse::<u16>() {
            Ok(number) if number != 0 && port.bytes().all(|byte| byte.is_ascii_digit()) => number,
            _ => return Err(ProxyError::Port),
        };
        let unusable = || ProxyError::Host(harmless(host.as_bytes()));
        let host = match url::Host::parse(host).map_err(|_| unusable())? {
            url::Host::Domain(name) if name.len() <= 253 && name.bytes().all(is_name) => name,
            url::Host::Domain(_) => return Err(unusable()),
            url::Host::Ipv4(address) => address.to_string(),
            url::Host::Ipv6(address) => address.to_string(),
        };
        Ok(Self { kind, host, port, user: user.map(str::to_owned), password: None })
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._".contains(&byte)
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}://{open}{}{close}:{}", self.kind.scheme(), self.host, self.port)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_with_its_user_and_shown_without() {
        let proxy: Proxy = "SOCKS5H://alice@corp@Proxy.Example.com:1080/".parse().unwrap();
        assert_eq!(proxy.to_string(), "socks5h://proxy.example.com:1080");
        assert_eq!(proxy.user.as_deref(), Some("alice@corp"));
        assert!(proxy.kind.resolves());
        let proxy: Proxy = "http://[2001:db8::1]:3128".parse().unwrap();
        assert_eq!(
            (proxy.to_string().as_str(), proxy.host.as_str()),
            ("http://[2001:db8::1]:3128", "2001:db8::1")
        );
        assert!(!"socks5://192.0.2.1:1080".parse::<Proxy>().unwrap().kind.resolves());
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_shown_by_no_message() {
        for bad in [
            "http://me:hunter2@h:1",
            "http://me:hunter2@",
            "http://me:hunter2@@@h:x/y",
            "socks5://:hunter2@h:0",
            "http://hunter2@h",
            "http://hunter2@h:1/path",
            "https://me:hunter2@h:1",
            "me:hunter2@h:1",
        ] {
            let message = bad.parse::<Proxy>().unwrap_err().to_string();
            assert!(!message.contains("hunter2"), "{bad}: {message}");
        }
        let message = "http://me:hunter2@h:1".parse::<Proxy>().unwrap_err().to_string();
        assert!(message.contains("--proxy-password-env"), "{message}");
    }

    #[test]
    fn what_is_wrong_with_a_proxy_is_named() {
        let cases = [
            ("proxy:3128", ProxyError::Form),
            ("ftp://proxy:3128", ProxyError::Form),
            ("http://proxy", ProxyError::Port),
            ("http://proxy:0", ProxyError::Port),
            ("http://proxy:+1", ProxyError::Port),
            ("http://proxy:1/x", ProxyError::Path),
            ("http://a b:1", ProxyError::Host("a b".into())),
            ("http://:1", ProxyError::Host(String::new())),
            ("http://@h:1", ProxyError::Form),
        ];
        for (bad, error) in cases {
            assert_eq!(bad.parse::<Proxy>().unwrap_err(), error, "{bad}");
        }
    }
}
