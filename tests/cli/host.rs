//! A host that counts who comes, for what no real server can show: connections that must not be opened,
//! and how many are open at a time.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Child;

use crate::tool::Said;

/// A port of its own.
pub(crate) struct Host {
    listener: TcpListener,
}

impl Host {
    pub(crate) fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").unwrap() }
    }

    pub(crate) fn url(&self) -> String {
        format!("imap+plain://{}", self.listener.local_addr().unwrap())
    }

    /// Whether anybody has come so far.
    pub(crate) fn was_visited(&self) -> bool {
        self.listener.set_nonblocking(true).unwrap();
        self.listener.accept().is_ok()
    }

    /// Waits for the first visitor, and keeps the line open without a word.
    pub(crate) fn silent_visitor(&self) -> TcpStream {
        self.listener.accept().unwrap().0
    }

    /// Greets everybody as an IMAP server does and refuses every login, until the client is done.
    pub(crate) fn serve_until(self, client: Child) -> Said {
        std::thread::spawn(move || {
            while let Ok((stream, _)) = self.listener.accept() {
                std::thread::spawn(move || converse(&stream));
            }
        });
        Said::from(client.wait_with_output().unwrap())
    }

    /// Serves `visits` connections that all refuse. Nobody is greeted before `together` of them are open at
    /// once; gives the most that ever were, by the kernel's count: what the client has closed does not count,
    /// even where the server has not noticed yet.
    pub(crate) fn refuse(self, visits: usize, together: usize) -> usize {
        let port = self.listener.local_addr().unwrap().port();
        let (mut most, mut waiting, mut workers) = (0, Vec::new(), Vec::new());
        for _ in 0..visits {
            waiting.push(self.listener.accept().unwrap().0);
            most = most.max(open_connections(port));
            if most >= together {
                workers.extend(waiting.drain(..).map(|stream| std::thread::spawn(move || converse(&stream))));
            }
        }
        for worker in workers {
            worker.join().unwrap();
        }
        most
    }
}

/// Connections to a port on 127.0.0.1 that neither side has closed (state 01, ESTABLISHED). The kernel's table is read while it
/// changes; what stands in two readings was open in the moment between them, all of it at once.
fn open_connections(port: u16) -> usize {
    let local = format!("0100007F:{port:04X}");
    let reading = || -> HashSet<String> {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let open = table.lines().filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let (here, there, state) = (columns.get(1)?, columns.get(2)?, columns.get(3)?);
            (*here == local && *state == "01").then(|| (*there).to_owned())
        });
        open.collect()
    };
    reading().intersection(&reading()).count()
}

fn converse(mut stream: &TcpStream) {
    stream.write_all(b"* OK [CAPABILITY IMAP4rev1 SASL-IR] hello\r\n").unwrap();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let tag = line.split(' ').next().unwrap_or_default();
        if line.contains("LOGOUT") {
            return;
        }
        write!(stream, "{tag} NO Basic authentication is disabled.\r\n").unwrap();
    }
}
