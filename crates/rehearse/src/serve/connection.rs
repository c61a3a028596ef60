//! One connection of a line protocol: bytes to lines, acts to bytes, TLS in between; bounded in size and time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::Protocol;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::Shared;
use super::handshake::{self, PATIENCE};
use super::hello;
use crate::record::{self, Connection, Ended, Handshake, Note, Spoken};
use crate::talk::{Act, LONGEST_LINE, Talk, Want};
use crate::{House, Imap, Pop3, Smtp};

/// Longest wait for the client's next octet.
const IDLE: Duration = Duration::from_secs(120);
/// Longest connection.
pub(super) const LONGEST: Duration = Duration::from_secs(3600);
/// Longest wait that an answer may ask for.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection on its way.
pub(super) struct Served {
    shared: Arc<Shared>,
    io: Box<dyn Stream>,
    talk: Box<dyn Talk>,
    connection: Connection,
    ahead: Vec<u8>,
    out: Vec<u8>,
}

/// Whether to go on.
#[derive(PartialEq, Eq, Clone, Copy)]
enum On {
    Yes,
    No,
}

impl Served {
    /// Serves it to its end, and hands its record back.
    pub(super) async fn serve(
        shared: Arc<Shared>,
        stream: TcpStream,
        peer: SocketAddr,
        (protocol, implicit): (Protocol, bool),
        number: usize,
        busy: bool,
    ) -> Option<Connection> {
        stream.set_nodelay(true).ok();
        let talk = talk(protocol, Arc::clone(&shared.house))?;
        let connection = super::begun(&stream, peer, number, Spoken::Mail(protocol));
        let mut served =
            Self { shared, io: Box::new(stream), talk, connection, ahead: Vec::new(), out: Vec::new() };
        let mut stop = served.shared.stop.clone();
        tokio::select! {
            // A handshake that is under way ends by itself, with what it has seen.
            biased;
            _ = timeout(LONGEST, served.run(implicit, busy)) => {}
            () = super::stopped(&mut stop) => {}
        }
        served.finish();
        let Self { mut io, mut connection, .. } = served;
        timeout(Duration::from_secs(1), io.shutdown()).await.ok();
        let silent = connection.commands.is_empty()
            && connection.tls.as_ref().is_some_and(|tls| matches!(tls.ended, Ended::Established { .. }));
        if silent {
            connection.note(Note::Odd("left right after the handshake, perhaps over the certificate"));
        }
        Some(connection)
    }

    /// Writes down what only the end of the connection shows.
    fn finish(&mut self) {
        if self.expects_starttls() && hello::begins(&self.ahead) {
            let hello = hello::of(&self.ahead);
            let tls = Handshake { starttls: false, hello, ended: Ended::StarttlsExpected };
            (self.shared.say)(&record::handshake(&self.connection, &tls));
            self.connection.tls = Some(tls);
        }
        for note in self.talk.over() {
            self.write_down(note);
        }
        if let Some(line) = record::left(&self.connection) {
            (self.shared.say)(&line);
        }
    }

    fn write_down(&mut self, note: Note) {
        if let Some(line) = record::live(&self.connection, &note) {
            (self.shared.say)(&line);
        }
        self.connection.note(note);
    }

    /// Whether a command is expected, on a connection without TLS.
    fn expects_starttls(&self) -> bool {
        self.connection.tls.is_none() && self.talk.wants() == Want::Line
    }

    async fn run(&mut self, implicit: bool, busy: bool) {
        if implicit && self.tls(false).await == On::No {
            return;
        }
        let acts = if busy { self.talk.busy() } else { self.talk.greet() };
        if self.perform(acts).await == On::No {
            return;
        }
        let mut chunk = vec![0; 4096];
        loop {
            // Everything that came in one piece is answered in one.
            while let Some(acts) = self.next() {
                if self.perform(acts).await == On::No {
                    return;
                }
            }
            if self.flush().await == On::No {
                return;
            }
            match timeout(IDLE, self.io.read(&mut chunk)).await {
                Ok(Ok(count)) if count > 0 => {
                    self.ahead.extend_from_slice(chunk.get(..count).unwrap_or_default());
                }
                _ => return,
            }
        }
    }

    /// What the next whole unit leads to; `None` where more has to come.
    fn next(&mut self) -> Option<Vec<Act>> {
        // No command begins like a hello. It is read as a whole for the record, and there is nothing to say to it.
        if self.expects_starttls() && hello::begins(&self.ahead) {
            return hello::whole(&self.ahead).then(|| vec![Act::Close]);
        }
        match self.talk.wants() {
            Want::Line => {
                let Some(end) = memchr_line(&self.ahead) else {
                    return (self.ahead.len() > LONGEST_LINE).then(|| self.overlong());
                };
                let mut line: Vec<u8> = self.ahead.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                Some(self.talk.line(&line))
            }
            Want::Octets(count) => (self.ahead.len() >= count).then(|| {
                let octets: Vec<u8> = self.ahead.drain(..count).collect();
                self.talk.octets(&octets)
            }),
            Want::Skip(count) => self.skip(count),
            Want::Content => (!self.ahead.is_empty()).then(|| {
                let (taken, acts) = self.talk.content(&self.ahead);
                self.ahead.drain(..taken.min(self.ahead.len()));
                acts
            }),
        }
    }

    fn overlong(&self) -> Vec<Act> {
        let text = match self.talk.protocol() {
            Protocol::Imap => "* BYE Command is too long.\r\n",
            Protocol::Pop3 => "-ERR Command is too long.\r\n",
            _ => "500 5.5.2 Line is too long\r\n",
        };
        vec![Act::Note(Note::Odd("sent a line that is too long")), Act::Say(text.to_owned()), Act::Close]
    }

    fn skip(&mut self, count: u64) -> Option<Vec<Act>> {
        let here = usize::try_from(count).unwrap_or(usize::MAX).min(self.ahead.len());
        let left = count - u64::try_from(here).unwrap_or(count);
        self.ahead.drain(..here);
        if left > 0 {
            self.talk.skipped(left);
            return None;
        }
        Some(self.talk.octets(&[]))
    }

    async fn perform(&mut self, acts: Vec<Act>) -> On {
        for act in acts {
            match act {
                Act::Say(text) => self.out.extend_from_slice(text.as_bytes()),
                Act::Note(note) => self.write_down(note),
                Act::Wait(time) => {
                    if self.flush().await == On::No {
                        return On::No;
                    }
                    tokio::time::sleep(time.min(LONGEST_DELAY)).await;
                }
                Act::StartTls => {
                    if self.flush().await == On::No {
                        return On::No;
                    }
                    if !self.ahead.is_empty() {
                        // Whoever can write into the plaintext could put commands there: they are not heard.
                        self.connection.note(Note::Odd("sent commands together with STARTTLS"));
                        self.ahead.clear();
                    }
                    return self.tls(true).await;
                }
                Act::Close => {
                    self.flush().await;
                    return On::No;
                }
            }
        }
        On::Yes
    }

    async fn flush(&mut self) -> On {
        if self.out.is_empty() {
            return On::Yes;
        }
        let out = std::mem::take(&mut self.out);
        let deadline = Instant::now() + PATIENCE;
        let sent = timeout_at(deadline, async {
            self.io.write_all(&out).await?;
            self.io.flush().await
        });
        if matches!(sent.await, Ok(Ok(()))) { On::Yes } else { On::No }
    }

    async fn tls(&mut self, starttls: bool) -> On {
        let plain = std::mem::replace(&mut self.io, Box::new(tokio::io::empty()));
        let (tls, stream) = handshake::shake(&self.shared.tls, plain, starttls, &self.shared.stop).await;
        (self.shared.say)(&record::handshake(&self.connection, &tls));
        self.connection.tls = Some(tls);
        let Some(stream) = stream else { return On::No };
        self.io = Box::new(stream);
        self.talk.secured();
        On::Yes
    }
}

fn memchr_line(bytes: &[u8]) -> Option<usize> {
    bytes.iter().take(LONGEST_LINE).position(|byte| *byte == b'\n')
}

/// The server's side of a protocol, if it is a line protocol.
fn talk(protocol: Protocol, house: Arc<House>) -> Option<Box<dyn Talk>> {
    match protocol {
        Protocol::Imap => Some(Box::new(Imap::new(house))),
        Protocol::Pop3 => Some(Box::new(Pop3::new(house))),
        Protocol::Smtp => Some(Box::new(Smtp::new(house))),
        _ => None,
    }
}
