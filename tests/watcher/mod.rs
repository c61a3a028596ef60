//! A canary in a process of its own, and its pages. Tests wait for the events that it tells, never for time to pass.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longest time between two events of a canary that visits every second.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running canary; killed where a test does not [`end`](Self::end) it.
pub(crate) struct Watcher {
    process: Child,
    address: SocketAddr,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[allow(dead_code, reason = "each suite asks for what it needs")]
impl Watcher {
    /// Runs `mailprobe canary` by this command; its configuration has `[http] listen = "127.0.0.1:0"`.
    pub(crate) fn begin(command: &mut Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut before = String::new();
        let address = said.find_map(|line| {
            let line = line.unwrap();
            let address = line
                .split_once("pages on http://")
                .map(|(_, url)| url.trim_end_matches('/').parse().unwrap());
            before.push_str(&line);
            address
        });
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        Self {
            process,
            address: address.unwrap_or_else(|| panic!("it did not say where its pages are: {before}")),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks it to end, and waits until it has written everything down.
    pub(crate) fn end(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap();
        assert!(asked.success() && self.process.wait().unwrap().success());
    }

    fn ask(&self, path: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        BufReader::new(stream)
    }

    /// The status and the body of a page.
    pub(crate) fn answer(&self, path: &str) -> (u16, String) {
        let mut text = String::new();
        self.ask(path).read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// A page that is there.
    pub(crate) fn page(&self, path: &str) -> String {
        let (status, body) = self.answer(path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.page(path)).unwrap()
    }

    /// What happens from now on, by the names of the events: `target` for each visit, `change`, `fleet`.
    pub(crate) fn events(&self) -> impl Iterator<Item = String> + use<> {
        let lines = self.ask("/api/v1/events").lines();
        lines.filter_map(|line| {
            Some(line.expect("the canary tells no more").strip_prefix("event: ")?.to_owned())
        })
    }

    /// Looks after each event until there is what is looked for.
    pub(crate) fn until<T>(&self, mut found: impl FnMut(&Self) -> Option<T>) -> T {
        self.events().find_map(|_| found(self)).expect("the canary has ended")
    }

    /// Waits until so many visits were made from now on.
    pub(crate) fn visits(&self, number: usize) {
        assert_eq!(self.events().filter(|event| event == "target").take(number).count(), number);
    }
}
