//! async-imap with our mechanisms inside it: on well-behaved servers a stock client gets in by them exactly
//! where our own engine does.

use std::sync::Arc;

use async_imap::Client;
use mailprobe_probes::model::Login;
use mailprobe_probes::sasl::{Context, Registry, SaslClient, Step};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::lab;
use crate::visits::{Visit, cell};

/// One of our mechanisms as async-imap wants it: a challenge in, bytes out.
struct Adaptor {
    client: Box<dyn SaslClient>,
    initial: Option<Vec<u8>>,
}

impl async_imap::Authenticator for &mut Adaptor {
    type Response = Vec<u8>;

    fn process(&mut self, challenge: &[u8]) -> Vec<u8> {
        if let Some(initial) = self.initial.take() {
            return initial;
        }
        match self.client.respond(challenge) {
            Step::Send(payload) | Step::Acknowledge(payload) => payload.bytes().to_vec(),
            Step::Abort(flaw) => panic!("{flaw:?}"),
        }
    }
}

/// A stream inside TLS, as a client's own transport would make it.
pub(crate) async fn inside_tls(server: &str, port: &str) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(lab::file("certs/ca.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let port: u16 = lab::fact(port).parse().unwrap();
    let tcp = TcpStream::connect((lab::address(server), port)).await.unwrap();
    let name = ServerName::try_from(lab::address(server)).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap()
}

async fn async_imap_opens(server: &str, mechanism: &str, login: &Login) -> bool {
    let port: u16 = lab::fact("IMAPS_PORT").parse().unwrap();
    let tls = inside_tls(server, "IMAPS_PORT").await;
    let mut client = Client::new(tls);
    client.read_response().await.unwrap().unwrap();

    let nonce = || "a-nonce-of-the-tests".to_owned();
    let context = Context { login, host: lab::address(server), port, binding: None, nonce: &nonce };
    let mut sasl = Registry::standard().find(mechanism).unwrap().start(&context).unwrap();
    let initial = sasl.initial().map(|payload| payload.bytes().to_vec());
    let mut adaptor = Adaptor { client: sasl, initial };
    match client.authenticate(mechanism, &mut adaptor).await {
        Ok(mut session) => session.examine("INBOX").await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn a_stock_client_opens_the_mailbox_by_our_mechanisms_where_we_do() {
    for server in ["modern", "cyrus"] {
        for password in [lab::password("alice"), "wrong".to_owned()] {
            let visit = Visit::new(&lab::imaps(server)).password(&password);
            let login = visit.login.clone();
            let report = visit.run().await;
            for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"] {
                let usable = cell(&report, mechanism) == "usable";
                let stock = async_imap_opens(server, mechanism, &login).await;
                assert_eq!(usable, stock, "{mechanism} on {server} with {password}");
            }
        }
    }
}

#[tokio::test]
async fn a_stock_client_takes_or_loses_a_token_where_we_do() {
    for kind in ["good", "expired"] {
        let visit = Visit::new(&lab::imaps("cutover")).token(kind);
        let login = visit.login.clone();
        let report = visit.run().await;
        for mechanism in ["XOAUTH2", "OAUTHBEARER"] {
            let usable = cell(&report, mechanism) == "usable";
            assert_eq!(
                usable,
                async_imap_opens("cutover", mechanism, &login).await,
                "{mechanism} with {kind}"
            );
        }
    }
}
