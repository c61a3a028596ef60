//! Many at a time, and more than there may be.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::tenant::Tenant;

async fn line(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    line
}

/// TLS that trusts the tenant's authority.
pub(crate) fn connector(tenant: &Tenant) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(tenant.file("ca.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

#[tokio::test]
async fn a_thousand_connections_at_a_time_are_all_greeted_and_served() {
    let mut tenant = Tenant::of("before-cutover");
    let address = ("127.0.0.1", tenant.port("smtp"));
    let mut open = Vec::new();
    for _ in 0..900 {
        open.push(BufReader::new(TcpStream::connect(address).await.unwrap()));
    }
    let mut inside = Vec::new();
    let connector = connector(&tenant);
    for number in 900..1000 {
        let stream = TcpStream::connect(("127.0.0.1", tenant.port("https"))).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = BufReader::new(connector.connect(name, stream).await.unwrap());
        let request =
            format!("GET /EWS/Exchange.asmx HTTP/1.1\r\nHost: localhost\r\nUser-Agent: n{number}\r\n\r\n");
        stream.get_mut().write_all(request.as_bytes()).await.unwrap();
        inside.push(stream);
    }
    for stream in &mut open {
        assert!(line(stream).await.starts_with("220 "));
    }
    // Everybody is still there, and everybody is answered.
    for (number, stream) in open.iter_mut().enumerate() {
        stream.get_mut().write_all(format!("HELO n{number}\r\nQUIT\r\n").as_bytes()).await.unwrap();
    }
    for stream in &mut open {
        assert!(line(stream).await.starts_with("250 "));
        assert!(line(stream).await.starts_with("221 "));
        assert_eq!(line(stream).await, "");
    }
    for stream in &mut inside {
        let mut status = String::new();
        stream.read_line(&mut status).await.unwrap();
        assert!(status.starts_with("HTTP/1.1 401 "), "{status}");
    }
    drop(inside);
    let ended = tenant.end();
    let connections = ended.report["connections"].as_array().unwrap();
    assert_eq!((connections.len(), ended.report["turned_away"].as_u64()), (1000, Some(0)));
    let mut names: Vec<&str> =
        connections.iter().map(|connection| connection["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 1000);
}

#[tokio::test]
async fn more_than_there_may_be_are_turned_away_and_counted() {
    let mut tenant = Tenant::with("before-cutover", &["--max-connections", "2"]);
    let address = ("127.0.0.1", tenant.port("imap"));
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
        assert!(line(&mut stream).await.starts_with("* OK"));
        open.push(stream);
    }
    let mut late = TcpStream::connect(address).await.unwrap();
    assert_eq!(late.read(&mut [0; 10]).await.unwrap_or(0), 0);
    let ended = tenant.end();
    assert_eq!(ended.report["turned_away"].as_u64(), Some(1));
    assert!(ended.text.contains("1 connections were turned away"));
}

#[tokio::test]
async fn hostile_clients_are_cut_off_and_harm_nobody() {
    let mut tenant = Tenant::of("before-cutover");
    for scheme in ["imap", "pop3", "smtp"] {
        let address = ("127.0.0.1", tenant.port(scheme));
        for attack in
            [vec![b'A'; 100_000], vec![0; 100_000], b"\xff\xfe\x00\r\n".repeat(2000), b"\n".repeat(50_000)]
        {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&attack).await.ok();
            stream.shutdown().await.ok();
            let mut said = Vec::new();
            stream.read_to_end(&mut said).await.ok();
        }
        // And it still serves.
        let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
        assert!(!line(&mut stream).await.is_empty());
    }
    let ended = tenant.end();
    let odd = ended.report.to_string();
    assert!(odd.contains("sent a line that is too long"), "{odd}");
    assert!(!ended.live.contains('\u{0}'));
}

#[tokio::test]
async fn commands_in_the_packet_of_starttls_are_not_heard_inside_tls() {
    let mut tenant = Tenant::of("before-cutover");
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", tenant.port("smtp"))).await.unwrap());
    line(&mut stream).await;
    stream.get_mut().write_all(b"STARTTLS\r\nEHLO injected\r\n").await.unwrap();
    assert!(line(&mut stream).await.starts_with("220 2.0.0"));
    let name = ServerName::try_from("localhost").unwrap();
    let inside = connector(&tenant).connect(name, stream.into_inner()).await.unwrap();
    let mut inside = BufReader::new(inside);
    inside.get_mut().write_all(b"NOOP\r\nQUIT\r\n").await.unwrap();
    let mut said = String::new();
    inside.read_to_string(&mut said).await.ok();
    assert_eq!(said, "250 2.0.0 OK\r\n221 2.0.0 Service closing transmission channel\r\n");
    let ended = tenant.end();
    let connection = &ended.report["connections"][0];
    assert_eq!(connection["odd"][0], "sent commands together with STARTTLS");
    assert_eq!(connection["commands"], serde_json::json!(["STARTTLS", "NOOP", "QUIT"]));
}

#[tokio::test]
async fn a_tenant_that_is_too_busy_says_so_in_every_protocol_and_hangs_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("busy.toml");
    std::fs::write(&path, "extends = \"before-cutover\"\n[throttle]\nconnections = 0\n").unwrap();
    let tenant = Tenant::with(path.to_str().unwrap(), &[]);
    for (scheme, start) in
        [("imap", "* BYE Connection limit"), ("pop3", "-ERR [SYS/TEMP]"), ("smtp", "421 4.3.2 ")]
    {
        let mut stream = TcpStream::connect(("127.0.0.1", tenant.port(scheme))).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert!(said.starts_with(start) && said.lines().count() == 1, "{scheme}: {said}");
    }
}
