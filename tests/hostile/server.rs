//! A server for one misbehaviour: a function that has each connection to itself, on a thread of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What happens on one connection. It ends with the function.
type Talk = dyn Fn(&mut Line) + Send + Sync;

/// A port of its own, and the highest memory that its visitor was seen to use.
pub(crate) struct Server {
    port: u16,
    peak: Arc<AtomicU64>,
}

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
    /// The process at the other end.
    visitor: Option<u32>,
    peak: Arc<AtomicU64>,
}

impl Server {
    pub(crate) fn new(talk: impl Fn(&mut Line) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (talk, peak): (Arc<Talk>, _) = (Arc::new(talk), Arc::new(AtomicU64::new(0)));
        let seen = Arc::clone(&peak);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (talk, peak) = (Arc::clone(&talk), Arc::clone(&seen));
                std::thread::spawn(move || {
                    let reader = BufReader::new(stream.try_clone().unwrap());
                    let visitor = visitor(&stream);
                    let mut line = Line { stream, reader, visitor, peak };
                    line.look();
                    talk(&mut line);
                });
            }
        });
        Self { port, peak }
    }

    /// The endpoint of this scheme here.
    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// The most memory, in KiB, that the visitor was seen to have used while it was flooded.
    pub(crate) fn peak_kib(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }
}

impl Line {
    /// Sends bytes; false once nobody takes them.
    pub(crate) fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// The next line of the client without its end; `None` once it has hung up.
    pub(crate) fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        let length = self.reader.read_line(&mut line).ok()?;
        (length > 0).then(|| line.trim_end().to_owned())
    }

    /// The head of an HTTP request, with its content read too: what is left unread resets the connection.
    pub(crate) fn request(&mut self) -> Option<String> {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let line = self.hear()?;
            if line.is_empty() {
                break;
            }
            if let Some((_, value)) =
                line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                length = value.parse().ok()?;
            }
            head = head + &line + "\n";
        }
        std::io::copy(&mut (&mut self.reader).take(length), &mut std::io::sink()).ok()?;
        Some(head)
    }

    /// Sends the same again and again until nobody takes it, and looks at the visitor's memory from time to time and at
    /// the end: it is still there then, with its report to write.
    pub(crate) fn flood(&mut self, piece: impl AsRef<[u8]>) {
        let many = piece.as_ref().repeat((64 * 1024 / piece.as_ref().len()).max(1));
        let mut said = 0_usize;
        while self.say(&many) {
            said += 1;
            if said.is_multiple_of(64) {
                self.look();
            }
        }
        self.look();
    }

    /// Listens until the client hangs up.
    pub(crate) fn wait(&mut self) {
        std::io::copy(&mut self.reader, &mut std::io::sink()).ok();
    }

    fn look(&self) {
        if let Some(kib) = self.visitor.and_then(high_water_mark) {
            self.peak.fetch_max(kib, Ordering::Relaxed);
        }
    }
}

/// The process at the other end: the one that holds the socket whose local address is our peer's.
fn visitor(stream: &TcpStream) -> Option<u32> {
    let port = stream.peer_addr().ok()?.port();
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let local = format!("0100007F:{port:04X}");
    let row = table.lines().find(|row| row.split_whitespace().nth(1) == Some(&local))?;
    let socket = format!("socket:[{}]", row.split_whitespace().nth(9)?);
    let processes = std::fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let holds = |process: &u32| {
        let open = std::fs::read_dir(format!("/proc/{process}/fd"));
        let links =
            open.into_iter().flatten().filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        links.into_iter().any(|link| link.to_str() == Some(&socket))
    };
    // The server's own process has the other end of it, which is another socket.
    numbers.into_iter().find(holds)
}

/// `VmHWM`, in KiB.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// An IMAP server that takes every login and answers EXAMINE by `examine`, which has the tag of the command.
pub(crate) fn imap(examine: impl Fn(&mut Line, &str) + Send + Sync + 'static) -> Server {
    Server::new(move |line| {
        line.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n");
        while let Some(command) = line.hear() {
            let tag = command.split(' ').next().unwrap_or_default().to_owned();
            if command.contains("AUTHENTICATE") {
                line.say(format!("{tag} OK [CAPABILITY IMAP4rev1] welcome\r\n"));
            } else if command.contains("EXAMINE") {
                examine(line, &tag);
            } else {
                line.say(format!("{tag} OK done\r\n"));
            }
        }
    })
}

/// One whose mailbox opens.
pub(crate) fn good() -> Server {
    imap(|line, tag| {
        line.say(format!("* FLAGS (\\Seen)\r\n* 3 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n"));
    })
}
