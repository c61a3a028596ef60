//! The least that a client can do for a session that mailprobe checks: `tests/bench/bare` measures both in one run.
//!
//! It uses the same TLS library with the same provider, verifies the chain, never resumes, logs in with PLAIN and asks
//! for the mailbox. It keeps nothing of what the server says beyond whether the last line of an answer is a yes.
//!
//! ```text
//! BULK_PASSWORD=... bare_client imaps://127.0.10.17:10993 CA.pem SOURCE AT_ONCE least|same < ACCOUNTS
//! ```
//!
//! `least` sends what a client cannot do without; `same` sends every command that mailprobe's session sends.
#![allow(clippy::print_stdout, reason = "a program of the benchmark prints what it did")]

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

type Anything = Box<dyn Error + Send + Sync>;

/// What is written, and the answer that is waited for.
struct Step {
    command: String,
    /// Whether a line is the last one of the answer.
    is_last: fn(&[u8]) -> bool,
    /// How that line begins where the answer is a yes.
    yes: &'static [u8],
}

impl Step {
    fn new(command: impl Into<String>, is_last: fn(&[u8]) -> bool, yes: &'static [u8]) -> Self {
        Self { command: command.into(), is_last, yes }
    }
}

/// The first step writes nothing: it waits for the greeting. What follows the last one is written and not waited for.
fn steps(
    scheme: &str,
    account: &str,
    password: &str,
    same: bool,
) -> Result<(Vec<Step>, &'static str), Anything> {
    let plain = STANDARD.encode(format!("\0{account}\0{password}"));
    let any = |_: &[u8]| true;
    let list = |line: &[u8]| line.trim_ascii_end() == b".";
    let reply = |line: &[u8]| line.get(3) == Some(&b' ');
    Ok(match scheme {
        "imaps" => {
            let steps = vec![
                Step::new("", any, b"* OK"),
                Step::new(
                    format!("a1 AUTHENTICATE PLAIN {plain}\r\n"),
                    |line| line.starts_with(b"a1 "),
                    b"a1 OK",
                ),
                Step::new("a2 EXAMINE INBOX\r\n", |line| line.starts_with(b"a2 "), b"a2 OK"),
            ];
            (steps, "a3 LOGOUT\r\n")
        }
        "pop3s" => {
            let mut steps = vec![Step::new("", any, b"+OK")];
            if same {
                steps.push(Step::new("CAPA\r\n", list, b"."));
            }
            steps.push(Step::new(format!("AUTH PLAIN {plain}\r\n"), any, b"+OK"));
            steps.push(Step::new(if same { "STAT\r\nCAPA\r\n" } else { "STAT\r\n" }, any, b"+OK"));
            if same {
                steps.push(Step::new("", list, b"."));
            }
            (steps, "QUIT\r\n")
        }
        "smtps" => {
            let mut steps = vec![
                Step::new("", reply, b"220"),
                Step::new("EHLO bare.invalid\r\n", reply, b"250"),
                Step::new(format!("AUTH PLAIN {plain}\r\n"), reply, b"235"),
            ];
            if same {
                steps.push(Step::new(format!("MAIL FROM:<{account}>\r\n"), reply, b"250"));
            }
            (steps, if same { "RSET\r\nQUIT\r\n" } else { "QUIT\r\n" })
        }
        other => return Err(format!("{other} is none of imaps, pop3s and smtps").into()),
    })
}

/// What all sessions share.
struct Client {
    connector: TlsConnector,
    address: SocketAddr,
    name: ServerName<'static>,
    source: IpAddr,
}

impl Client {
    async fn session(&self, steps: Vec<Step>, goodbye: &str) -> Result<(), Anything> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(self.source, 0))?;
        let tcp = socket.connect(self.address).await?;
        tcp.set_nodelay(true)?;
        let mut stream = self.connector.connect(self.name.clone(), tcp).await?;
        let mut buffer = Vec::with_capacity(1024);
        for step in steps {
            if !step.command.is_empty() {
                stream.write_all(step.command.as_bytes()).await?;
            }
            loop {
                let Some(end) = memchr::memchr(b'\n', &buffer) else {
                    if stream.read_buf(&mut buffer).await? == 0 {
                        return Err("the server closed the connection".into());
                    }
                    continue;
                };
                let line = buffer.get(..=end).unwrap_or_default();
                let (is_last, is_yes) = ((step.is_last)(line), line.starts_with(step.yes));
                if is_last && !is_yes {
                    return Err(String::from_utf8_lossy(line).into());
                }
                buffer.drain(..=end);
                if is_last {
                    break;
                }
            }
        }
        stream.write_all(goodbye.as_bytes()).await?;
        stream.shutdown().await?;
        Ok(())
    }
}

fn connector(roots: &str) -> Result<TlsConnector, Anything> {
    let mut store = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(roots)? {
        store.add(root?)?;
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Anything> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, roots, source, at_once, commands] = arguments.as_slice() else {
        return Err(
            "bare_client URL CA.pem SOURCE AT_ONCE least|same, with accounts on standard input".into()
        );
    };
    let (scheme, address) = url.split_once("://").ok_or("the URL is SCHEME://ADDRESS:PORT")?;
    let address: SocketAddr = address.parse()?;
    let name = ServerName::from(address.ip());
    let client = Arc::new(Client { connector: connector(roots)?, address, name, source: source.parse()? });
    let password = std::env::var("BULK_PASSWORD")?;
    let accounts = std::io::read_to_string(std::io::stdin())?;
    let mut accounts = accounts.lines();
    let at_once: usize = at_once.parse()?;
    let mut running = JoinSet::new();
    let mut done = 0_usize;
    loop {
        while running.len() < at_once
            && let Some(account) = accounts.next()
        {
            let (client, (steps, goodbye)) =
                (Arc::clone(&client), steps(scheme, account, &password, commands == "same")?);
            running.spawn(async move { client.session(steps, goodbye).await });
        }
        let Some(ended) = running.join_next().await else { break };
        ended??;
        done += 1;
    }
    println!("{done} sessions");
    Ok(())
}
