//! Issuers that misbehave, in the test's own process: inside TLS by the lab's certificate, on a port of their own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::lab;

/// What an issuer does with a request.
pub(crate) enum Reply {
    /// A status, a type and a body.
    Says(u16, &'static str, String),
    /// A body of so many octets, of which the length is not told.
    Floods(usize),
    /// Nothing; the connection stays open until the client gives up.
    Waits,
}

/// An issuer and every request that it got, as `POST /token`.
pub(crate) struct Issuer {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    /// Answers each request by its path and its content; it is told its own URL.
    pub(crate) fn new(answer: impl Fn(&str, &str, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (config, answer) = (config(), Arc::new(answer));
        let (own, log) = (url.clone(), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (config, answer, own, log) =
                    (Arc::clone(&config), Arc::clone(&answer), own.clone(), Arc::clone(&log));
                // What a client leaves unread is not this thread's trouble.
                std::thread::spawn(move || {
                    serve(stream.ok()?, config, &log, |path, body| answer(&own, path, body)).ok()
                });
            }
        });
        Self { url, asked }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn config() -> Arc<ServerConfig> {
    let chain = vec![CertificateDer::from_pem_file(lab::file("certs/server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(lab::file("certs/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).unwrap())
}

/// One request on each connection.
fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    log: &Mutex<Vec<String>>,
    answer: impl Fn(&str, &str) -> Reply,
) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut io = BufReader::new(StreamOwned::new(connection, stream));
    let (mut line, mut length) = (String::new(), 0);
    io.read_line(&mut line)?;
    let request = line.rsplit_once(' ').map(|(request, _)| request.to_owned()).unwrap_or_default();
    while line != "\r\n" {
        line.clear();
        io.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    io.read_exact(&mut body)?;
    log.lock().unwrap().push(request.clone());
    let path = request.split_once(' ').map(|(_, path)| path).unwrap_or_default();
    let reply = answer(path, &String::from_utf8_lossy(&body));
    let out = io.get_mut();
    match reply {
        Reply::Says(status, kind, body) => {
            let head =
                format!("HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
            write!(out, "{head}Connection: close\r\n\r\n{body}")?;
        }
        Reply::Floods(octets) => {
            write!(
                out,
                "HTTP/1.1 200 So\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{{\"x\":\""
            )?;
            for _ in 0..octets / 8192 {
                out.write_all(&[b'x'; 8192])?;
            }
        }
        Reply::Waits => drop(out.read_to_end(&mut Vec::new())),
    }
    out.conn.send_close_notify();
    out.flush()
}
