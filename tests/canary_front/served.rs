//! The pages on a loopback port, and a client that knows nothing.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use mailprobe_canary::http::{Access, Limits, Settings, router, serve};
use mailprobe_canary::source::Source;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Pages that are served until this is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

pub(crate) fn settings() -> Settings {
    Settings {
        access: None,
        external_url: None,
        timeout_offset: Duration::from_millis(500),
        probe_timeout: Duration::from_mins(1),
    }
}

pub(crate) fn served(source: Arc<dyn Source>) -> Served {
    served_with(source, settings(), Limits::default(), None)
}

pub(crate) fn guarded(source: Arc<dyn Source>, access: Access) -> Served {
    served_with(source, Settings { access: Some(access), ..settings() }, Limits::default(), None)
}

pub(crate) fn served_with(
    source: Arc<dyn Source>,
    settings: Settings,
    limits: Limits,
    tls: Option<Arc<rustls::ServerConfig>>,
) -> Served {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(serve(listener, router(source, settings), tls, limits, std::future::pending()));
    Served { address, _runtime: runtime }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Served {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Got {
        self.get_with(path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let mut head = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n");
        if !fields.iter().any(|(name, _)| *name == "Host") {
            head += "Host: localhost\r\n";
        }
        for (name, value) in fields {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        self.raw(&format!("{head}\r\n"))
    }

    pub(crate) fn raw(&self, request: &str) -> Got {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        let body = if chunked { dechunked(body) } else { body.to_owned() };
        Got { status, head: head.to_lowercase(), body }
    }
}

fn dechunked(body: &str) -> String {
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole += &after[..size];
        rest = after.get(size + 2..).unwrap_or_default();
    }
    whole
}
