//! The first message of TLS, read before rustls decides anything: rustls tells neither which versions were offered nor
//! anything of a hello that it refuses.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use mailprobe_probes::model::harmless;
use parking_lot::Mutex;
use tls_parser::{
    SNIType, TlsCipherSuite, TlsExtension, TlsMessage, TlsMessageHandshake, TlsVersion, parse_tls_extensions,
    parse_tls_message_handshake,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fingerprint::{Lists, is_grease};
use crate::record::Hello;

/// Octets that are looked at: longer hellos are read as far as they go.
const MOST: usize = 20 * 1024;
/// Entries of a list that are kept.
const MOST_ENTRIES: usize = 64;
/// The content type of handshake messages (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

/// What stands where a hello was expected and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Instead {
    /// Not one octet.
    Nothing,
    /// A command of a protocol without TLS.
    Command(&'static str),
    /// Anything else.
    Other,
}

/// A stream of which the first octets that come in are kept.
pub(super) struct Peek<S> {
    inner: S,
    kept: Kept,
}

/// What was kept; outlives the stream.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Vec<u8>>>);

impl<S> Peek<S> {
    pub(super) fn new(inner: S) -> (Self, Kept) {
        let kept = Kept::default();
        (Self { inner, kept: kept.clone() }, kept)
    }
}

impl Kept {
    /// The hello, where it can be read; and what kind of thing came, where it is no TLS.
    pub(super) fn hello(&self) -> Result<Option<Hello>, Instead> {
        let bytes = self.0.lock();
        match bytes.first() {
            None => Err(Instead::Nothing),
            Some(&HANDSHAKE) => Ok(read(&bytes)),
            Some(_) if begins_as_ssl2(&bytes) => Ok(read_ssl2(&bytes)),
            Some(_) => Err(foreign(&bytes)),
        }
    }

    /// Nothing more is kept, and what was is given back.
    pub(super) fn forget(&self) {
        let mut bytes = self.0.lock();
        *bytes = Vec::with_capacity(0);
        bytes.shrink_to_fit();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Peek<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.inner).poll_read(cx, buf);
        if let Poll::Ready(Ok(())) = &polled {
            let fresh = buf.filled().get(before..).unwrap_or_default();
            let mut kept = this.kept.0.lock();
            let room = MOST.saturating_sub(kept.len()).min(fresh.len());
            kept.extend_from_slice(fresh.get(..room).unwrap_or_default());
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Peek<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// Commands that a client may begin with.
const COMMANDS: &[&str] = &[
    "GET",
    "POST",
    "HEAD",
    "OPTIONS",
    "EHLO",
    "HELO",
    "AUTH",
    "CAPA",
    "APOP",
    "USER",
    "CAPABILITY",
    "LOGIN",
    "AUTHENTICATE",
    "STARTTLS",
    "STLS",
    "ID",
    "NOOP",
    "QUIT",
];

/// Whether TLS begins here: a handshake record (RFC 8446 section 5.1), or a hello in the form of SSL 2.0.
pub(super) fn begins(bytes: &[u8]) -> bool {
    matches!(bytes, [HANDSHAKE, 3, 0..=4, ..]) || begins_as_ssl2(bytes)
}

/// Whether the first record is there as a whole, or as far as it is looked at.
pub(super) fn whole(bytes: &[u8]) -> bool {
    let length = match bytes {
        [HANDSHAKE, _, _, high, low, ..] => 5 + usize::from(u16::from_be_bytes([*high, *low])),
        [high, low, ..] if begins_as_ssl2(bytes) => 2 + usize::from(u16::from_be_bytes([*high & 0x7f, *low])),
        _ => return false,
    };
    bytes.len() >= length.min(MOST)
}

/// The hello that TLS begins with here.
pub(super) fn of(bytes: &[u8]) -> Option<Hello> {
    if begins_as_ssl2(bytes) { read_ssl2(bytes) } else { read(bytes) }
}

/// A client that still tries SSL 2.0 says what else it speaks in that form (RFC 5246 appendix E.2).
fn begins_as_ssl2(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80..=0xff, _, 1, 3, 0..=3, ..] | [0x80..=0xff, _, 1, 0, 2, ..])
}

fn read_ssl2(bytes: &[u8]) -> Option<Hello> {
    let [_, _, _, major, minor, high, low, _, _, _, _, specs @ ..] = bytes else { return None };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let specs = specs.get(..length).unwrap_or(specs);
    let suites = specs.chunks_exact(3).filter_map(|spec| match spec {
        [0, high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    });
    let version = u16::from_be_bytes([*major, *minor]);
    let lists = Lists { versions: vec![version], suites: suites.collect(), ..Lists::default() };
    Some(Hello {
        versions: vec![number(version)],
        ciphers: lists.suites.iter().take(MOST_ENTRIES).map(|suite| cipher(*suite)).collect(),
        fingerprint: lists.fingerprint(),
        ..Hello::default()
    })
}

/// Names the command that somebody began with who speaks no TLS. Nothing else of what came is told: a password may be next.
fn foreign(bytes: &[u8]) -> Instead {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // IMAP puts a tag before its commands.
    let mut words = line.split(u8::is_ascii_whitespace).take(2);
    let known =
        words.find_map(|word| COMMANDS.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(word)));
    known.map_or(Instead::Other, |command| Instead::Command(command))
}

/// The handshake messages of the first records, one after the other (RFC 8446 section 5.1).
fn read(bytes: &[u8]) -> Option<Hello> {
    let mut message = Vec::new();
    let mut rest = bytes;
    while let [HANDSHAKE, _, _, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (fragment, next) = after.split_at_checked(length).unwrap_or((after, &[]));
        message.extend_from_slice(fragment);
        rest = next;
    }
    let (_, parsed) = parse_tls_message_handshake(&message).ok()?;
    let TlsMessage::Handshake(TlsMessageHandshake::ClientHello(client)) = parsed else { return None };
    let mut hello = Hello {
        ciphers: client.ciphers.iter().take(MOST_ENTRIES).map(|suite| cipher(suite.0)).collect(),
        ..Hello::default()
    };
    let extensions =
        client.ext.and_then(|ext| parse_tls_extensions(ext).ok()).map_or_else(Vec::new, |(_, list)| list);
    let mut versions: Vec<u16> = Vec::new();
    let mut lists =
        Lists { suites: client.ciphers.iter().map(|suite| suite.0).collect(), ..Lists::default() };
    for extension in extensions {
        match extension {
            TlsExtension::SNI(names) => {
                let host = names.iter().find(|(kind, _)| *kind == SNIType::HostName);
                hello.sni = host.map(|(_, name)| harmless(name.get(..255).unwrap_or(name)));
            }
            TlsExtension::ALPN(names) => {
                hello.alpn = names
                    .iter()
                    .take(MOST_ENTRIES)
                    .map(|name| harmless(name.get(..64).unwrap_or(name)))
                    .collect();
            }
            TlsExtension::SupportedVersions(list) => {
                versions = list.iter().map(|version| version.0).collect();
            }
            TlsExtension::EllipticCurves(list) => lists.groups = list.iter().map(|group| group.0).collect(),
            TlsExtension::SignatureAlgorithms(list) => lists.signatures = list,
            _ => {}
        }
    }
    if versions.is_empty() {
        // Before TLS 1.3 a client names the newest and takes all older ones that it knows (RFC 5246 appendix E.1).
        versions.push(client.version.0);
    }
    // Newest first, and without what only tests a server's tolerance (RFC 8701).
    versions.retain(|version| !is_grease(*version));
    versions.sort_unstable_by(|a, b| b.cmp(a));
    lists.versions.clone_from(&versions);
    hello.fingerprint = lists.fingerprint();
    hello.versions = versions.into_iter().take(8).map(number).collect();
    Some(hello)
}

fn number(version: u16) -> String {
    match TlsVersion(version) {
        TlsVersion(0x0002) => "SSL 2.0".to_owned(),
        TlsVersion::Ssl30 => "SSL 3.0".to_owned(),
        TlsVersion::Tls10 => "1.0".to_owned(),
        TlsVersion::Tls11 => "1.1".to_owned(),
        TlsVersion::Tls12 => "1.2".to_owned(),
        TlsVersion::Tls13 => "1.3".to_owned(),
        other => format!("0x{:04x}", other.0),
    }
}

fn cipher(suite: u16) -> String {
    TlsCipherSuite::from_id(suite).map_or_else(|| format!("0x{suite:04x}"), |known| known.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hello that offers one version, as an old device sends it, with SNI and ALPN.
    fn old(version: u8, split: bool) -> Vec<u8> {
        let mut body = vec![3, version];
        body.extend([0; 32]);
        body.push(0);
        body.extend([0, 4, 0, 0x2f, 0, 0x35, 1, 0]);
        let sni = b"\0\0\0\x10\0\x0e\0\0\x0bexample.com";
        let alpn = b"\0\x10\0\x07\0\x05\x04imap";
        body.extend(u16::try_from(sni.len() + alpn.len()).unwrap().to_be_bytes());
        body.extend(sni);
        body.extend(alpn);
        let mut message = vec![1, 0];
        message.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        message.extend(body);
        let pieces: Vec<&[u8]> = if split { message.chunks(11).collect() } else { vec![&message] };
        let mut bytes = Vec::new();
        for piece in pieces {
            bytes.extend([22, 3, 1]);
            bytes.extend(u16::try_from(piece.len()).unwrap().to_be_bytes());
            bytes.extend(piece);
        }
        bytes
    }

    #[test]
    fn an_old_hello_is_read_in_one_record_or_in_many() {
        for (version, name, split) in
            [(1, "1.0", false), (1, "1.0", true), (2, "1.1", true), (3, "1.2", false)]
        {
            let hello = read(&old(version, split)).unwrap();
            assert_eq!(hello.versions, [name]);
            assert_eq!(hello.ciphers, ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]);
            assert_eq!(
                (hello.sni.as_deref(), hello.alpn.as_slice()),
                (Some("example.com"), &["imap".to_owned()][..])
            );
        }
    }

    #[test]
    fn what_is_cut_or_no_tls_is_no_hello_and_harms_nobody() {
        let whole = old(3, true);
        for end in 0..whole.len() {
            read(&whole[..end]);
        }
        let kept = Kept::default();
        assert_eq!(kept.hello(), Err(Instead::Nothing));
        kept.0.lock().extend(b"EHLO \x1b[2J");
        assert_eq!(kept.hello(), Err(Instead::Command("EHLO")));
    }

    #[test]
    fn of_one_who_speaks_without_tls_the_command_is_told_and_never_a_password() {
        for (line, told) in [
            (&b"a1 login alice \"hunter2\"\r\n"[..], Instead::Command("LOGIN")),
            (b"AUTH PLAIN AGFsaWNlAGh1bnRlcjI=\r\n", Instead::Command("AUTH")),
            (b"USER alice\r\nPASS hunter2\r\n", Instead::Command("USER")),
            (b"hunter2\r\n", Instead::Other),
            (b"hunter2 GETS\r\n", Instead::Other),
        ] {
            assert_eq!(foreign(line), told);
        }
    }

    #[test]
    fn tls_is_told_from_commands_by_its_first_octets_and_read_once_its_record_is_whole() {
        let hello = old(3, false);
        assert!(begins(&hello) && whole(&hello) && !whole(&hello[..hello.len() - 1]));
        assert_eq!(of(&hello).unwrap().versions, ["1.2"]);
        for line in [&b"EHLO x\r\n"[..], b"a1 CAPABILITY", b"\x16", b"", b"\x80\x01", b"\xff\xfe\x00\r\n"] {
            assert!(!begins(line), "{line:?}");
        }
    }

    #[test]
    fn a_hello_in_the_form_of_ssl_2_tells_its_version_and_suites() {
        let mut body = vec![1, 3, 1, 0, 9, 0, 0, 0, 16];
        body.extend([0, 0, 0x2f, 7, 0, 0xc0, 0, 0, 0x35]);
        body.extend([7; 16]);
        let mut hello = vec![0x80, u8::try_from(body.len()).unwrap()];
        hello.extend(body);
        assert!(begins(&hello) && whole(&hello));
        let read = of(&hello).unwrap();
        assert_eq!(read.versions, ["1.0"]);
        assert_eq!(read.ciphers, ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]);
        for end in 0..hello.len() {
            of(&hello[..end]);
        }
    }

    #[test]
    fn two_connections_of_one_program_have_one_fingerprint_whatever_name_they_ask_for() {
        let (imap, mut smtp) = (old(3, false), old(3, true));
        let at = smtp.windows(7).position(|part| part == b"example").unwrap_or(smtp.len() - 1);
        smtp[at] ^= 1;
        assert_eq!(read(&imap).unwrap().fingerprint, read(&smtp).unwrap().fingerprint);
        assert_ne!(read(&imap).unwrap().fingerprint, read(&old(2, false)).unwrap().fingerprint);
    }
}
