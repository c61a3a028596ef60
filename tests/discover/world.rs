//! A name server, and every host there is behind one scripted proxy.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

/// A name server of its own.
pub(crate) struct Dns {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Dns {
    pub(crate) fn new(records: &[&str]) -> Self {
        let address = UdpSocket::bind("127.0.10.54:0").unwrap().local_addr().unwrap();
        let mut child = Command::new("/usr/sbin/dnsmasq")
            .args([
                "--keep-in-foreground",
                "--no-resolv",
                "--no-hosts",
                "--conf-file=/dev/null",
                "--bind-interfaces",
            ])
            .args(["--pid-file=", "--log-facility=-", "--cache-size=0", "--listen-address=127.0.10.54"])
            .arg(format!("--port={}", address.port()))
            .args(records.iter().map(|record| format!("--{record}")))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("dnsmasq: {error}: run tests/lab/install"));
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("started") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "dnsmasq does not start with {records:?}");
        }
        // It is left to write on.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()).ok());
        Self { child, address }
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Answers the request of this head to this `https://host` or `http://host`; `None` hangs up.
pub(crate) type Answer = dyn Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync;

/// Every host there is, behind a proxy.
pub(crate) struct Internet {
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
    /// `host:port` of every CONNECT, and the head of every request with its place in front.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
    pub(crate) served: Served,
}

impl Internet {
    pub(crate) fn new(
        hosts: &[&str],
        answer: impl Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = authority.self_signed(&key).unwrap();
        let issuer = Issuer::new(authority, key);
        let names: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(names.clone()).unwrap().signed_by(&key, &issuer).unwrap();
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(
                    vec![leaf.der().clone()],
                    PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
                )
                .unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), root.pem()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, requests) = (Arc::default(), Arc::default());
        let served = Served {
            names,
            config: Arc::new(config),
            asked: Arc::clone(&asked),
            requests: Arc::clone(&requests),
            answer: Arc::new(answer),
        };
        let serving = served.clone();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.proxy(stream));
            }
        });
        Self { address, folder, asked, requests, served }
    }

    /// The same hosts without the proxy: a TLS server that takes every connection for `https://host`.
    pub(crate) fn direct(&self, host: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = self.served.clone();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let served = served.clone();
                std::thread::spawn(move || served.secured(stream, host));
            }
        });
        address
    }

    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The hosts somebody wanted to be connected to.
    pub(crate) fn visited(&self) -> Vec<String> {
        let mut hosts: Vec<String> = self.asked.lock().unwrap().clone();
        hosts.sort();
        hosts.dedup();
        hosts
    }
}

#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) names: Vec<String>,
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
    pub(crate) answer: Arc<Answer>,
}

impl Served {
    pub(crate) fn proxy(&self, mut stream: TcpStream) {
        let connect = head(&mut stream);
        let Some(target) = connect.split(' ').nth(1).map(str::to_owned) else { return };
        self.asked.lock().unwrap().push(target.clone());
        self.requests.lock().unwrap().push(connect);
        let (host, port) = target.rsplit_once(':').unwrap();
        if !self.names.iter().any(|name| name == host) || !["80", "443"].contains(&port) {
            stream.write_all(b"HTTP/1.1 502 nobody there\r\n\r\n").ok();
            return;
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        if port == "80" {
            self.serve(&mut stream, &format!("http://{host}"));
        } else {
            self.secured(stream, host);
        }
    }

    pub(crate) fn secured(&self, stream: TcpStream, host: &str) {
        let connection = ServerConnection::new(Arc::clone(&self.config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        self.serve(&mut stream, &format!("https://{host}"));
        stream.conn.send_close_notify();
        stream.flush().ok();
    }

    pub(crate) fn serve(&self, stream: &mut (impl Read + Write), place: &str) {
        let request = head(stream);
        if request.is_empty() {
            return;
        }
        self.requests.lock().unwrap().push(format!("{place} {request}"));
        if let Some(answer) = (self.answer)(place, &request) {
            stream.write_all(&answer).ok();
            stream.flush().ok();
        }
    }
}

/// Reads to the empty line; less where the other side hangs up.
pub(crate) fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut octet), Ok(1)) {
        head.push(octet[0]);
    }
    String::from_utf8(head).unwrap()
}

pub(crate) fn page(status: &str, fields: &str, body: &str) -> Option<Vec<u8>> {
    Some(format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

pub(crate) fn nothing_there() -> Option<Vec<u8>> {
    page("404 Not Found", "", "")
}
