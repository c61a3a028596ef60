//! The first message of TLS, read before rustls decides anything: rustls tells neither which versions were offered nor
//! anything of a hello that it refuses.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use mailprobe_probes::model::harmless;
use tls_parser::{
    SNIType, TlsCipherSuite, TlsExtension, TlsMessage, TlsMessageHandshake, TlsVersion, parse_tls_extensions,
    parse_tls_message_handshake,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::rehearse::record::Hello;

/// Octets that are looked at: longer hellos are read as far as they go.
const MOST: usize = 20 * 1024;
/// Entries of a list that are kept.
const MOST_ENTRIES: usize = 64;
/// The content type of handshake messages (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

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
    pub(super) fn hello(&self) -> Result<Option<Hello>, String> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match bytes.first() {
            None => Ok(None),
            Some(&HANDSHAKE) => Ok(read(&bytes)),
            Some(_) => Err(foreign(&bytes)),
        }
    }

    /// Nothing more is kept, and what was is given back.
    pub(super) fn forget(&self) {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
            let mut kept = this.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Names the command that somebody began with who speaks no TLS. Nothing else of what came is told: a password may be next.
fn foreign(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // IMAP puts a tag before its commands.
    let mut words = line.split(u8::is_ascii_whitespace).take(2);
    let known =
        words.find_map(|word| COMMANDS.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(word)));
    known.map_or_else(
        || "the client sent what is no TLS".to_owned(),
        |command| format!("the client speaks without TLS: it began with {command}"),
    )
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
            _ => {}
        }
    }
    if versions.is_empty() {
        // Before TLS 1.3 a client names the newest and takes all older ones that it knows (RFC 5246 appendix E.1).
        versions.push(client.version.0);
    }
    // Newest first, and without what only tests a server's tolerance (RFC 8701).
    versions.retain(|version| version & 0x0f0f != 0x0a0a);
    versions.sort_unstable_by(|a, b| b.cmp(a));
    hello.versions = versions.into_iter().take(8).map(number).collect();
    Some(hello)
}

fn number(version: u16) -> String {
    match TlsVersion(version) {
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
        assert_eq!(kept.hello(), Ok(None));
        kept.0.lock().unwrap().extend(b"EHLO \x1b[2J");
        assert_eq!(kept.hello(), Err("the client speaks without TLS: it began with EHLO".to_owned()));
    }

    #[test]
    fn of_one_who_speaks_without_tls_the_command_is_told_and_never_a_password() {
        for (line, told) in [
            (&b"a1 login alice \"hunter2\"\r\n"[..], "LOGIN"),
            (b"AUTH PLAIN AGFsaWNlAGh1bnRlcjI=\r\n", "AUTH"),
            (b"USER alice\r\nPASS hunter2\r\n", "USER"),
            (b"hunter2\r\n", "no TLS"),
            (b"hunter2 GETS\r\n", "no TLS"),
            (b"", "no TLS"),
        ] {
            let said = foreign(line);
            assert!(said.ends_with(told) && !said.contains("hunter2") && !said.contains("AGFs"), "{said}");
        }
    }
}
