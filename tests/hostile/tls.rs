//! What a server can say within TLS's own grammar: certificates of any size and depth, and messages after the handshake
//! that nobody asked for.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::program::{Said, check};
use crate::server::good;

type Stream = StreamOwned<ServerConnection, std::net::TcpStream>;

/// A chain whose leaf is made of these parameters.
fn chain(change: impl FnOnce(&mut CertificateParams)) -> (Vec<CertificateDer<'static>>, Vec<u8>) {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    (vec![params.self_signed(&key).unwrap().der().clone()], key.serialize_der())
}

/// Serves TLS by this configuration, and does this on every connection. Gives the port.
fn serve(
    (chain, key): (Vec<CertificateDer<'static>>, Vec<u8>),
    tickets: usize,
    talk: impl Fn(&mut Stream) + Send + Sync + 'static,
) -> u16 {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::try_from(key).unwrap())
        .unwrap();
    config.send_tls13_tickets = tickets;
    let (config, talk) = (Arc::new(config), Arc::new(talk));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, talk) = (Arc::clone(&config), Arc::clone(&talk));
            std::thread::spawn(move || {
                talk(&mut StreamOwned::new(ServerConnection::new(config).unwrap(), stream));
            });
        }
    });
    port
}

/// The visit to this port, and to a good server beside it.
fn visit(port: u16) -> (Said, serde_json::Value) {
    let good = good();
    let urls = [format!("imaps://127.0.0.1:{port}"), good.url("imap+plain")];
    let said = check(&urls, &["--timeout", "6", "--insecure", "--methods", "PLAIN"]);
    assert_eq!(said.attempt(&urls[1], "PLAIN")["session"]["state"], "opened", "{}", said.out);
    assert!(said.took < Duration::from_secs(8), "it took {:?}", said.took);
    let endpoint = said.endpoint(&urls[0]);
    (said, endpoint)
}

/// Greets, refuses the login and says goodbye.
fn refuse(stream: &mut Stream) {
    use std::io::BufRead as _;
    stream.write_all(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n").ok();
    let mut line = String::new();
    while std::io::BufReader::new(&mut *stream).read_line(&mut line).is_ok_and(|length| length > 0) {
        let tag = line.split(' ').next().unwrap_or_default().to_owned();
        stream.write_all(format!("{tag} NO not today\r\n").as_bytes()).ok();
        line.clear();
    }
}

#[test]
fn a_certificate_of_two_thousand_names_is_read_and_a_hundred_are_kept() {
    let names = (0..2000).map(|number| format!("host-{number}.example")).collect::<Vec<_>>();
    let made = chain(|params| *params = CertificateParams::new(names).unwrap());
    let (said, endpoint) = visit(serve(made, 2, refuse));
    assert_eq!(endpoint["attempts"][0]["outcome"], "refused", "{}", said.out);
    assert_eq!(endpoint["tls"]["chain"][0]["sans"].as_array().unwrap().len(), 100);
}

#[test]
fn values_five_thousand_deep_in_a_certificate_take_no_stack() {
    // A SEQUENCE in a SEQUENCE in a SEQUENCE: as an extension of nobody's, as names, and as constraints on them.
    let mut nested = vec![5, 0];
    for _ in 0..5000 {
        let length = u16::try_from(nested.len()).unwrap().to_be_bytes();
        nested = [&[0x30, 0x82, length[0], length[1]], &nested[..]].concat();
    }
    for oid in [&[1_u64, 3, 6, 1, 4, 1, 99_999][..], &[2, 5, 29, 30], &[2, 5, 29, 32], &[2, 5, 29, 18]] {
        let extension = CustomExtension::from_oid_content(oid, nested.clone());
        let made = chain(|params| params.custom_extensions.push(extension));
        let (said, endpoint) = visit(serve(made, 2, refuse));
        let ended = endpoint["attempts"][0]["outcome"].as_str().or(endpoint["failure"]["cause"].as_str());
        assert!(matches!(ended, Some("refused" | "tls-handshake")), "{oid:?}: {ended:?} {}", said.out);
    }
}

#[test]
fn a_chain_longer_than_a_handshake_may_be_is_no_session() {
    let (mut all, key) = chain(|_| ());
    all = all.into_iter().cycle().take(400).collect();
    let (said, endpoint) = visit(serve((all, key), 2, refuse));
    assert_eq!(endpoint["failure"]["cause"], "tls-handshake", "{}", said.out);
}

#[test]
fn tickets_by_the_thousand_are_read_over_or_named() {
    for (tickets, wanted) in [(100, "refused"), (5000, "tls-handshake")] {
        let (said, endpoint) = visit(serve(chain(|_| ()), tickets, refuse));
        let ended = endpoint["attempts"][0]["outcome"].as_str().or(endpoint["failure"]["cause"].as_str());
        assert!(ended == Some(wanted) || ended == Some("refused"), "{tickets}: {ended:?} {}", said.out);
    }
}

#[test]
fn new_keys_without_end_end_the_connection() {
    let port = serve(chain(|_| ()), 2, |stream| {
        stream.write_all(b"* OK").ok();
        stream.flush().ok();
        while stream.conn.refresh_traffic_keys().is_ok() && stream.conn.write_tls(&mut stream.sock).is_ok() {}
    });
    let (said, endpoint) = visit(port);
    let cause = endpoint["failure"]["cause"].as_str();
    assert!(matches!(cause, Some("tls-handshake" | "timeout")), "{cause:?} {}", said.out);
}
