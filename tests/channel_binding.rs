//! SCRAM-SHA-256-PLUS over real TLS: what the client binds to is what the server's own TLS library sees. No
//! server in Debian 12 binds by anything but tls-unique, so the server here is ours; it checks the binding and
//! refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::{Login, Method, Secret};
use mailprobe_probes::probe::{OpenGate, Options, Slots, Task, Tools, probe_for};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{CancellationToken, Dialer, Resolver, ResolverSettings, Tls};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The `c=` of the client's final message, decoded, and what the server sees: exporter and certificate.
struct Bound {
    by_client: Vec<u8>,
    exporter: Vec<u8>,
    certificate: Vec<u8>,
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, certificate: Vec<u8>) -> Bound {
    let (tcp, _) = listener.accept().await.unwrap();
    let stream = acceptor.accept(tcp).await.unwrap();
    let session = stream.get_ref().1;
    let exporter =
        session.export_keying_material([0_u8; 32], b"EXPORTER-Channel-Binding", None).unwrap().to_vec();
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256-PLUS] ready\r\n").await.unwrap();
    let first = line(&mut stream).await;
    let first = decoded(first.rsplit(' ').next().unwrap());
    let nonce = first.rsplit_once(",r=").unwrap().1.to_owned();
    let challenge = STANDARD.encode(format!("r={nonce}srv,s=c2FsdHNhbHQ=,i=4096"));
    stream.write_all(format!("+ {challenge}\r\n").as_bytes()).await.unwrap();
    let last = decoded(&line(&mut stream).await);
    let binding = last.strip_prefix("c=").unwrap().split(',').next().unwrap();
    stream.write_all(b"m1 NO [AUTHENTICATIONFAILED] that was all we wanted\r\n").await.unwrap();
    Bound { by_client: STANDARD.decode(binding).unwrap(), exporter, certificate }
}

async fn line(stream: &mut (impl tokio::io::AsyncBufRead + Unpin)) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    line.trim_end().to_owned()
}

fn decoded(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

/// One visit by SCRAM-SHA-256-PLUS over this TLS version.
async fn bound(version: &'static rustls::SupportedProtocolVersion) -> Bound {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = made.cert.der().to_vec();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let server = serve(listener, TlsAcceptor::from(Arc::new(config)), certificate);

    let tools = Tools {
        resolver: Arc::new(Resolver::new(ResolverSettings::default())),
        dialer: Arc::new(Dialer::default()),
        tls: Tls::new(Some(&[made.cert.der().clone()])).unwrap(),
        mechanisms: Registry::standard(),
        schemes: Schemes::standard(),
        gate: Arc::new(OpenGate),
        cancel: CancellationToken::new(),
    };
    let login =
        Login { authcid: "alice".into(), password: Some(Secret::new("correct horse")), ..Login::default() };
    let task = Task {
        endpoint: format!("imaps://{address}").parse().unwrap(),
        address: None,
        mailbox: login.authcid.clone(),
        login: Arc::new(login),
        options: Options { methods: vec![Method::sasl("SCRAM-SHA-256-PLUS")], ..Options::default() },
        slots: Slots::default(),
    };
    let (bound, report) = tokio::join!(server, probe_for(task.endpoint.protocol).unwrap().run(&task, &tools));
    assert_eq!(report.attempts[0].outcome.word(), "refused", "{:?}", report.attempts[0].outcome);
    bound
}

#[tokio::test]
async fn on_tls_1_3_the_binding_is_the_exporter_that_the_server_sees() {
    let bound = bound(&TLS13).await;
    assert_eq!(bound.by_client, [b"p=tls-exporter,,", bound.exporter.as_slice()].concat());
}

#[tokio::test]
async fn on_tls_1_2_the_binding_is_the_hash_of_the_servers_certificate() {
    use sha2::Digest as _;
    let bound = bound(&TLS12).await;
    let hash = sha2::Sha256::digest(&bound.certificate);
    assert_eq!(bound.by_client, [b"p=tls-server-end-point,,", hash.as_slice()].concat());
}
