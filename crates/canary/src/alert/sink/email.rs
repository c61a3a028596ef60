//! E-mail. lettre builds the message (RFC 5322, RFC 2047 where a subject is not ASCII) and speaks SMTP; names, sockets and
//! TLS are ours, so it trusts what the probes trust. STARTTLS is required where the URL asks for it, never merely tried;
//! lettre begins behind it.
//!
//! No header is put together from text of a server: the subject is one bounded harmless line, which lettre encodes.

use std::fmt::{self, Write as _};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use lettre::message::{Mailbox, header};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message as Mail};
use mailprobe_probes::model::{Secret, Transport, harmless};
use mailprobe_probes::wire::{BoxFuture, Io, Place};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, ReadBuf};

use super::{Refusal, Sink};
use crate::alert::message::{Message, cut};
use crate::alert::notice::Notice;
use crate::view::Micros;
use mailprobe_probes::wire::Reach;

/// Octets of an answer before TLS, and lines of it.
const ANSWER: usize = 16 * 1024;

/// Where mail is handed in.
#[derive(Clone)]
pub struct Mailer {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// TLS from the start, by STARTTLS, or none.
    pub transport: Transport,
    /// Who hands in, where the server asks for that.
    pub login: Option<(String, Secret)>,
}

/// E-mail to some people.
#[derive(Clone)]
pub struct Email {
    /// Where it is handed in.
    pub mailer: Mailer,
    /// From whom.
    pub from: Mailbox,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// How hosts are reached.
    pub reach: Reach,
}

impl Sink for Email {
    fn take<'a>(&'a self, notice: &'a Notice, _: Micros) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            let mail = self.mail(&Message::of(notice)).map_err(|words| Refusal {
                words,
                this_one_only: true,
                wait: None,
            })?;
            self.hand_in(&mail).await
        })
    }
}

impl Email {
    /// The mail for a message. Mails about one alert are one conversation.
    fn mail(&self, message: &Message) -> Result<Mail, String> {
        let domain = self.from.email.domain();
        let digest = |text: &str| {
            Sha256::digest(text).iter().take(12).fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
        };
        let conversation = format!("<{}@{domain}>", digest(&message.identity));
        let id = digest(&format!("{}\n{}\n{}", message.identity, message.at, message.status));
        let mut builder = Mail::builder()
            .from(self.from.clone())
            .subject(message.subject())
            .date_now()
            .message_id(Some(format!("<{id}@{domain}>")))
            .references(conversation.clone())
            .in_reply_to(conversation)
            .header(header::MIME_VERSION_1_0)
            .raw_header(header::HeaderValue::new(
                // RFC 3834 section 5: nobody's absence notice should answer.
                header::HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        for to in &self.to {
            builder = builder.to(to.clone());
        }
        builder
            .header(header::ContentType::TEXT_PLAIN)
            .body(message.text().replace('\n', "\r\n"))
            .map_err(|error| format!("the mail cannot be put together: {error}"))
    }

    async fn hand_in(&self, mail: &Mail) -> Result<(), Refusal> {
        if self.mailer.transport == Transport::Plaintext && self.mailer.login.is_some() {
            return Err(Refusal::down("no password goes over a connection without TLS: use smtps or smtp"));
        }
        let stream = self.connect().await.map_err(Refusal::down)?;
        let name = ClientId::Domain(self.from.email.domain().to_owned());
        let failed = |what: &str, error: &lettre::transport::smtp::Error| {
            let words =
                std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
            Refusal {
                words: format!("{what}: {}", cut(&harmless(words.as_bytes()), 200)),
                // A recipient or a content that is refused for good.
                this_one_only: error.is_permanent(),
                wait: None,
            }
        };
        let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name)
            .await
            .map_err(|error| Refusal { this_one_only: false, ..failed("no SMTP", &error) })?;
        if let Some((user, password)) = &self.mailer.login {
            let password = String::from_utf8_lossy(password.expose()).into_owned();
            let credentials = Credentials::new(user.clone(), password);
            let trying = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            trying.map_err(|error| Refusal { this_one_only: false, ..failed("the login failed", &error) })?;
        }
        let sent = connection.send(mail.envelope(), &mail.formatted()).await;
        sent.map_err(|error| failed("the mail was not taken", &error))?;
        // It has been taken; a server that does not say goodbye changes nothing.
        let _ = connection.quit().await;
        Ok(())
    }

    async fn connect(&self) -> Result<Lent, String> {
        let Mailer { host, port, transport, .. } = &self.mailer;
        let addresses = if self.reach.dialer.resolves() {
            vec![None]
        } else {
            let found = self.reach.resolver.addresses(host, *port).await.map_err(|failure| failure.detail)?;
            found.into_iter().map(Some).collect()
        };
        let mut stream = Err("the name has no address".to_owned());
        for address in addresses {
            let place = Place { host: host.clone(), port: *port, address };
            stream = self.reach.dialer.dial(&place).await.map_err(|error| format!("{place}: {error}"));
            if stream.is_ok() {
                break;
            }
        }
        let stream = stream?;
        match transport {
            Transport::Plaintext => Ok(Lent::new(stream, &[])),
            Transport::ImplicitTls => Ok(Lent::new(self.handshake(stream).await?, &[])),
            Transport::StartTls => {
                let stream = ask_for_tls(stream, self.from.email.domain()).await?;
                // lettre waits for a greeting, and the server has given its own already.
                Ok(Lent::new(self.handshake(stream).await?, b"220 inside TLS\r\n"))
            }
        }
    }

    async fn handshake(&self, stream: Box<dyn Io>) -> Result<Box<dyn Io>, String> {
        let session = self.reach.tls.handshake(stream, &self.mailer.host).await;
        let session = session.map_err(|failure| failure.detail)?;
        if !session.facts.trusted {
            return Err(format!("its certificate is not trusted: {}", session.facts.problems.join("; ")));
        }
        Ok(Box::new(session.stream))
    }
}

/// RFC 3207, up to the answer that lets TLS begin.
async fn ask_for_tls(stream: Box<dyn Io>, name: &str) -> Result<Box<dyn Io>, String> {
    let mut stream = BufReader::new(stream);
    answer(&mut stream, "220").await?;
    for (command, wanted) in [(format!("EHLO {name}\r\n"), "250"), ("STARTTLS\r\n".to_owned(), "220")] {
        let writing = async {
            stream.write_all(command.as_bytes()).await?;
            stream.flush().await
        };
        writing.await.map_err(|error: io::Error| error.to_string())?;
        answer(&mut stream, wanted).await?;
    }
    if !stream.buffer().is_empty() {
        return Err("the server spoke before TLS began: somebody may be in between".to_owned());
    }
    Ok(stream.into_inner())
}

async fn answer(stream: &mut BufReader<Box<dyn Io>>, wanted: &str) -> Result<(), String> {
    let mut bounded = tokio::io::AsyncReadExt::take(stream, ANSWER as u64);
    loop {
        let mut line = Vec::new();
        bounded.read_until(b'\n', &mut line).await.map_err(|error| error.to_string())?;
        if !line.ends_with(b"\n") {
            return Err("the server broke off".to_owned());
        }
        if line.get(3) == Some(&b'-') {
            continue;
        }
        if line.starts_with(wanted.as_bytes()) {
            return Ok(());
        }
        return Err(format!("it answered {}", cut(harmless(&line).trim_end_matches("\\n"), 200)));
    }
}

/// A stream as lettre wants it, with a greeting that it reads first.
struct Lent {
    stream: Mutex<Box<dyn Io>>,
    greeting: Vec<u8>,
}

impl Lent {
    fn new(stream: Box<dyn Io>, greeting: &[u8]) -> Self {
        Self { stream: Mutex::new(stream), greeting: greeting.to_vec() }
    }

    fn with<T>(
        &mut self,
        act: impl FnOnce(Pin<&mut Box<dyn Io>>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match self.stream.get_mut() {
            Ok(stream) => act(Pin::new(stream)),
            Err(_) => Poll::Ready(Err(io::Error::other("the stream is gone"))),
        }
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lent(..)")
    }
}

impl AsyncRead for Lent {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.greeting.is_empty() {
            let take = self.greeting.len().min(buf.remaining());
            let bytes: Vec<u8> = self.greeting.drain(..take).collect();
            buf.put_slice(&bytes);
            return Poll::Ready(Ok(()));
        }
        self.with(|stream| stream.poll_read(cx, buf))
    }
}

impl AsyncWrite for Lent {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.with(|stream| stream.poll_write(cx, buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_shutdown(cx))
    }
}

impl AsyncTokioStream for Lent {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        // lettre shows it in its own log lines, which are compiled out.
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// The mailbox of that address, with or without a name, as configurations write it.
///
/// # Errors
/// What is wrong with it.
pub fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse::<Mailbox>()
        .or_else(|_| text.parse::<Address>().map(|address| Mailbox::new(None, address)))
        .map_err(|error| format!("{text:?} is no mail address: {error}"))
}
