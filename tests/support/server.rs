//! Plays scripts: the server's side of a connection.

use std::io;
use std::sync::{Arc, Mutex};

use mailprobe_probes::wire::{BoxFuture, Dial, Dialer, Io, Place};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::{Conversation, Said, Script, Step, identity};

/// Gives the script of the connection with this number, counted from 0; `None` where it is refused.
pub(crate) type Scripts = Box<dyn FnMut(usize) -> Option<Script> + Send>;

/// The server: it is the prober's dialer, and plays a script on every connection.
pub(crate) struct Server {
    state: Mutex<State>,
    /// How much a pipe holds; `None` for TCP.
    pipe: Option<usize>,
    /// How what is sent is cut into pieces.
    cut: Arc<Cut>,
}

/// Cuts what is sent into the pieces in which it arrives.
pub(crate) type Cut = dyn Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync;

struct State {
    scripts: Scripts,
    dialed: usize,
    playing: Vec<JoinHandle<Conversation>>,
}

impl Server {
    pub(crate) fn new(scripts: Scripts, pipe: Option<usize>, cut: Arc<Cut>) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { scripts, dialed: 0, playing: Vec::new() }), pipe, cut })
    }

    /// What every connection heard, in the order in which they were dialed.
    pub(crate) async fn conversations(&self) -> Vec<Conversation> {
        let playing = std::mem::take(&mut self.state.lock().unwrap().playing);
        let mut all = Vec::new();
        for task in playing {
            all.push(task.await.expect("the server's side never panics"));
        }
        all
    }

    async fn connect(&self) -> io::Result<Box<dyn Io>> {
        let script = {
            let mut state = self.state.lock().unwrap();
            let number = state.dialed;
            state.dialed += 1;
            (state.scripts)(number)
        };
        let script = script.ok_or(io::ErrorKind::ConnectionRefused)?;
        let cut = Arc::clone(&self.cut);
        let (client, playing): (Box<dyn Io>, _) = if let Some(capacity) = self.pipe {
            let (ours, theirs) = tokio::io::duplex(capacity);
            assert!(!script.0.iter().any(|step| matches!(step, Step::Reset)), "only TCP can be reset");
            (Box::new(ours), tokio::spawn(play(Box::new(theirs), script, cut)))
        } else {
            let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
            let address = listener.local_addr()?;
            let dialer = Dialer::default();
            let place = Place { host: String::new(), port: address.port(), address: Some(address.ip()) };
            let (client, accepted) = tokio::join!(dialer.dial(&place), listener.accept());
            let (stream, _) = accepted?;
            stream.set_nodelay(true)?;
            if script.0.iter().any(|step| matches!(step, Step::Reset)) {
                stream.set_zero_linger()?;
            }
            (client?, tokio::spawn(play(Box::new(stream), script, cut)))
        };
        self.state.lock().unwrap().playing.push(playing);
        Ok(client)
    }
}

impl Dial for Server {
    fn dial<'a>(&'a self, _place: &'a Place) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        Box::pin(self.connect())
    }
}

struct Player {
    io: Box<dyn Io>,
    ahead: Vec<u8>,
    tag: String,
    heard: Conversation,
    cut: Arc<Cut>,
}

/// Plays a script and listens until the client hangs up.
async fn play(io: Box<dyn Io>, script: Script, cut: Arc<Cut>) -> Conversation {
    let mut player =
        Player { io, ahead: Vec::new(), tag: String::new(), heard: Conversation::default(), cut };
    for (at, step) in script.0.into_iter().enumerate() {
        if matches!(step, Step::Close | Step::Reset) {
            return player.heard;
        }
        if let Err(what) = player.step(step).await {
            player.heard.trouble = Some(format!("step {at}: {what}"));
            return player.heard;
        }
    }
    while player.fill().await.is_ok() {}
    let rest = String::from_utf8_lossy(&player.ahead).into_owned();
    player.heard.lines.extend(rest.lines().map(str::to_owned));
    player.heard
}

impl Player {
    async fn step(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Send(bytes) => self.send(&bytes).await.map_err(|error| format!("sending: {error}"))?,
            Step::Slowly(bytes, pause) => {
                for byte in replace(&bytes, b"{tag}", self.tag.as_bytes()) {
                    tokio::time::sleep(pause).await;
                    if self.send(&[byte]).await.is_err() {
                        break;
                    }
                }
            }
            Step::Repeat(bytes, times) => {
                let mut left = times;
                while left != Some(0) && self.send(&bytes).await.is_ok() {
                    left = left.map(|left| left - 1);
                }
            }
            Step::Make(answer) => {
                let bytes = answer(&self.heard.lines);
                self.send(&bytes).await.map_err(|error| format!("sending: {error}"))?;
            }
            Step::Command(pattern) => {
                let line = self.read_line().await?;
                self.heard.lines.push(line.clone());
                let (tag, rest) = line.split_once(' ').ok_or_else(|| format!("no command: `{line}`"))?;
                tag.clone_into(&mut self.tag);
                fits(&pattern, rest)?;
            }
            Step::Client(pattern) => {
                let line = self.read_line().await?;
                self.heard.lines.push(line.clone());
                fits(&pattern, &line)?;
            }
            Step::Octets(count) => {
                while self.ahead.len() < count {
                    self.fill().await?;
                }
                self.ahead.drain(..count);
            }
            Step::Tls(flaw, version) => {
                if !self.ahead.is_empty() {
                    return Err("the client spoke before TLS".to_owned());
                }
                let io = std::mem::replace(&mut self.io, Box::new(tokio::io::duplex(1).0));
                let accepted = TlsAcceptor::from(identity(flaw).config(version)).accept(io).await;
                self.io = Box::new(accepted.map_err(|error| format!("TLS: {error}"))?);
                self.heard.tls = true;
            }
            Step::Do(action) => action(),
            Step::Web(mut answer) => {
                while let Ok((head, content)) = self.read_request().await {
                    let bytes = answer(&head, &content);
                    if bytes.is_empty() || self.send(&bytes).await.is_err() {
                        let closed = std::mem::replace(&mut self.io, Box::new(tokio::io::duplex(1).0));
                        drop(closed);
                        break;
                    }
                }
            }
            Step::Serve(mut answer) => {
                while let Ok(line) = self.read_line().await {
                    if let Some((tag, _)) = line.split_once(' ') {
                        tag.clone_into(&mut self.tag);
                    }
                    let Said { bytes, closes } = answer(&line);
                    self.heard.lines.push(line);
                    if self.send(&bytes).await.is_err() {
                        break;
                    }
                    if closes {
                        drop(std::mem::replace(&mut self.io, Box::new(tokio::io::duplex(1).0)));
                        break;
                    }
                }
            }
            Step::Close | Step::Reset => {}
        }
        Ok(())
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let filled = replace(bytes, b"{tag}", self.tag.as_bytes());
        for piece in (self.cut)(&filled) {
            self.io.write_all(&piece).await?;
            self.io.flush().await?;
            self.heard.sent += piece.len();
            // The other side gets its turn, so that a piece really arrives alone.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// One request: its head, and as much content as it announces.
    async fn read_request(&mut self) -> Result<(String, Vec<u8>), String> {
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let line = self.read_line().await?;
            self.heard.lines.push(line.clone());
            if line.is_empty() {
                break;
            }
            let field = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            if let Some((_, value)) = field {
                length = value.trim().parse().map_err(|_| format!("a strange length: `{line}`"))?;
            }
            head.push(line);
        }
        while self.ahead.len() < length {
            self.fill().await?;
        }
        let content: Vec<u8> = self.ahead.drain(..length).collect();
        self.heard.lines.push(String::from_utf8_lossy(&content).into_owned());
        Ok((head.join("\n"), content))
    }

    async fn read_line(&mut self) -> Result<String, String> {
        loop {
            if let Some(end) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=end).collect();
                let line = line.strip_suffix(b"\r\n").ok_or("a line without CRLF")?;
                return Ok(String::from_utf8_lossy(line).into_owned());
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<(), String> {
        match self.io.read_buf(&mut self.ahead).await {
            Ok(0) => Err("the client hung up".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("reading: {error}")),
        }
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Compares with a pattern in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> Result<(), String> {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let mut rest = text.strip_prefix(first);
    let mut open_end = false;
    for piece in pieces {
        open_end = piece.is_empty();
        rest = rest.and_then(|rest| rest.find(piece).map(|at| &rest[at + piece.len()..]));
    }
    match rest {
        Some("") => Ok(()),
        Some(_) if open_end => Ok(()),
        _ => Err(format!("expected `{pattern}`, got `{text}`")),
    }
}
