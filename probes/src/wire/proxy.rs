//! Connections through a proxy: HTTP CONNECT (RFC 9110 section 9.3.6), which is ours, and SOCKS5 (RFC 1928, RFC
//! 1929), which is tokio-socks'.
//!
//! What the proxy says is never taken for the server's: each of its refusals has a cause of its own. Nothing of this
//! conversation is in a transcript, for it happens below the tap.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_socks::tcp::Socks5Stream;
use tokio_socks::{Error as SocksError, IntoTargetAddr as _, TargetAddr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{BoxFuture, Dial, Io, Place, Redactor, Resolver};
use crate::model::{Proxy, ProxyKind, Secret, Trouble, harmless};

/// Octets of an answer to CONNECT: status line and header fields.
const MOST: usize = 16 * 1024;
/// Characters of the proxy's own words that are kept.
const QUOTED: usize = 200;
/// Challenges of the proxy that are named.
const CHALLENGES: usize = 8;

/// A dialer whose connections go through a proxy.
pub struct Proxied {
    proxy: Proxy,
    resolver: Arc<Resolver>,
    inner: Arc<dyn Dial>,
    redactor: Redactor,
}

/// What went wrong at the proxy. It travels inside an [`io::Error`].
#[derive(Debug)]
pub(super) struct ProxyTrouble {
    pub(super) cause: Trouble,
    pub(super) detail: String,
}

impl fmt::Display for ProxyTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for ProxyTrouble {}

fn refused(detail: impl Into<String>) -> ProxyTrouble {
    ProxyTrouble { cause: Trouble::ProxyRefused, detail: detail.into() }
}

fn failed(detail: impl Into<String>) -> ProxyTrouble {
    ProxyTrouble { cause: Trouble::ProxyFailed, detail: detail.into() }
}

fn unauthorised(detail: impl Into<String>) -> ProxyTrouble {
    ProxyTrouble { cause: Trouble::ProxyAuthRequired, detail: detail.into() }
}

impl Proxied {
    /// Goes through `proxy`, whose own address `resolver` finds and to which `inner` connects.
    pub fn new(proxy: Proxy, resolver: Arc<Resolver>, inner: Arc<dyn Dial>) -> Self {
        let mut redactor = Redactor::default();
        if let Some(password) = &proxy.password {
            redactor.learn(password.expose());
        }
        Self { proxy, resolver, inner, redactor }
    }

    async fn reach(&self, place: &Place) -> Result<Box<dyn Io>, ProxyTrouble> {
        let Proxy { host, port, .. } = &self.proxy;
        let addresses =
            self.resolver.addresses(host, *port).await.map_err(|failure| failed(failure.detail))?;
        let near = Place { host: host.clone(), port: *port, address: addresses.first().copied() };
        let mut io = self.inner.dial(&near).await.map_err(|error| failed(words(&error)))?;
        match self.proxy.kind {
            ProxyKind::Http => {
                self.connect(&mut io, place).await?;
                Ok(io)
            }
            ProxyKind::Socks5 | ProxyKind::Socks5h => self.socks(io, place).await,
        }
    }

    async fn connect(&self, io: &mut Box<dyn Io>, place: &Place) -> Result<(), ProxyTrouble> {
        let target = match place.socket() {
            Some(socket) => socket.to_string(),
            None if place.host.contains(':') => format!("[{}]:{}", place.host, place.port),
            None => format!("{}:{}", place.host, place.port),
        };
        let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
        if let Some((user, password)) = self.login() {
            let mut pair = Zeroizing::new(user.as_bytes().to_vec());
            pair.push(b':');
            pair.extend_from_slice(password.expose());
            let encoded = Zeroizing::new(STANDARD.encode(&*pair));
            request.push_str("Proxy-Authorization: Basic ");
            request.push_str(&encoded);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        let sent = async {
            io.write_all(request.as_bytes()).await?;
            io.flush().await
        };
        sent.await.map_err(|error| failed(words(&error)))?;
        judge(&head(io).await?, self.login().is_some())
    }

    async fn socks(&self, io: Box<dyn Io>, place: &Place) -> Result<Box<dyn Io>, ProxyTrouble> {
        let target: Result<TargetAddr<'_>, SocksError> = match place.socket() {
            Some(socket) => socket.into_target_addr(),
            None => (place.host.as_str(), place.port).into_target_addr(),
        };
        let target = target.map_err(|error| failed(error.to_string()))?;
        let stream = match self.login() {
            None => Socks5Stream::connect_with_socket(io, target).await,
            Some((user, password)) => {
                let password = std::str::from_utf8(password.expose())
                    .map_err(|_| unauthorised("the password is no UTF-8 text, and none was presented"))?;
                Socks5Stream::connect_with_password_and_socket(io, target, user, password).await
            }
        };
        stream.map(Socks5Stream::into_inner).map_err(|error| said(&error, self.login().is_some()))
    }

    fn login(&self) -> Option<(&str, &Secret)> {
        self.proxy.user.as_deref().zip(self.proxy.password.as_ref())
    }
}

impl Dial for Proxied {
    fn dial<'a>(&'a self, place: &'a Place) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        Box::pin(async move {
            self.reach(place).await.map_err(|trouble| {
                let detail = format!("the proxy {}: {}", self.proxy, trouble.detail);
                // It was given a password and may say it again.
                let detail = self.redactor.scrub_str(&detail).unwrap_or(detail);
                io::Error::other(ProxyTrouble { detail, ..trouble })
            })
        })
    }

    fn resolves(&self) -> bool {
        self.proxy.kind.resolves()
    }

    fn via(&self) -> Option<String> {
        Some(self.proxy.to_string())
    }

    fn teach(&self, redactor: &mut Redactor) {
        if let Some(password) = &self.proxy.password {
            redactor.learn(password.expose());
        }
    }
}

/// The proxy's status line and header fields. One octet at a time: behind the empty line stands what the server
/// says, and IMAP and SMTP servers speak first.
async fn head(io: &mut Box<dyn Io>) -> Result<Vec<u8>, ProxyTrouble> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() >= MOST {
            return Err(failed(format!("its answer to CONNECT has more than {MOST} octets of header")));
        }
        match io.read_u8().await {
            Ok(octet) => head.push(octet),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && head.is_empty() => {
                return Err(failed("it closed the connection without an answer to CONNECT"));
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(failed(format!("it closed the connection within its answer: {}", quoted(&head))));
            }
            Err(error) => return Err(failed(words(&error))),
        }
        // Another protocol would be waited for until it is silent long enough.
        if head.len() == 5 && head != b"HTTP/" {
            return Err(failed(format!("it does not speak HTTP: its answer begins with {}", quoted(&head))));
        }
    }
    Ok(head)
}

fn judge(head: &[u8], presented: bool) -> Result<(), ProxyTrouble> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let status_line = lines.next().unwrap_or_default();
    let mut parts = status_line.splitn(3, ' ');
    let code = parts.nth(1).filter(|code| code.len() == 3).and_then(|code| code.parse::<u16>().ok());
    let words = quoted(status_line.split_once(' ').map_or("", |(_, words)| words).as_bytes());
    match code {
        None => Err(failed(format!("its answer is not HTTP: {}", quoted(status_line.as_bytes())))),
        Some(200..=299) => Ok(()),
        // 401 is a server's (RFC 9110 section 15.5.2), and what tinyproxy says to a wrong password.
        Some(401 | 407) => {
            let wanted = lines.filter_map(|line| line.split_once(':'));
            let wanted = wanted.filter(|(name, _)| name.trim().eq_ignore_ascii_case("proxy-authenticate"));
            let wanted: Vec<String> =
                wanted.map(|(_, value)| quoted(value.trim().as_bytes())).take(CHALLENGES).collect();
            let wanted = if wanted.is_empty() { "nothing it says".to_owned() } else { wanted.join(" and ") };
            let ours =
                if presented { "the user and password given were not taken" } else { "no user was given" };
            Err(unauthorised(format!("{words}; it asks for {wanted}; {ours}")))
        }
        Some(_) => Err(refused(format!("it does not connect: {words}"))),
    }
}

fn said(error: &SocksError, presented: bool) -> ProxyTrouble {
    match error {
        SocksError::PasswordAuthFailure(_) => unauthorised("it does not take the user and password given"),
        SocksError::NoAcceptableAuthMethods if presented => {
            unauthorised("it takes neither nobody nor a user with a password")
        }
        SocksError::NoAcceptableAuthMethods | SocksError::AuthorizationRequired => {
            unauthorised("it asks who comes, and no user was given")
        }
        SocksError::GeneralSocksServerFailure
        | SocksError::ConnectionNotAllowedByRuleset
        | SocksError::NetworkUnreachable
        | SocksError::HostUnreachable
        | SocksError::ConnectionRefused
        | SocksError::TtlExpired
        | SocksError::CommandNotSupported
        | SocksError::AddressTypeNotSupported => refused(format!("it does not connect: {error}")),
        SocksError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            failed("it closed the connection within the SOCKS5 conversation")
        }
        SocksError::Io(error) => failed(words(error)),
        other => failed(format!("it does not speak SOCKS5: {}", harmless(other.to_string().as_bytes()))),
    }
}

fn words(error: &io::Error) -> String {
    super::from_io(crate::model::Phase::Connect, error).detail
}

fn quoted(bytes: &[u8]) -> String {
    harmless(bytes.trim_ascii_end()).chars().take(QUOTED).collect()
}
