//! TLS through tokio-rustls: one configuration for a whole run, facts of every session, and a verdict on
//! the certificate that does not end the handshake.

use std::io;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ProtocolVersion, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::known::{Judged, KnownChains};
use super::verify::JudgeLater;
use super::{Io, Meter, facts};
use crate::model::{TlsFacts, Trouble, harmless};

/// The TLS side of a run. Immutable once made; shared by every connection.
#[derive(Clone)]
pub struct Tls {
    connector: TlsConnector,
    judge: Arc<dyn ServerCertVerifier>,
    known: Arc<KnownChains>,
}

/// TLS cannot be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct TlsSetupError(String);

/// An established session, trusted or not.
pub struct TlsSession {
    /// The stream inside TLS.
    pub stream: TlsStream<Meter<Box<dyn Io>>>,
    /// What was negotiated and presented.
    pub facts: TlsFacts,
    /// `tls-exporter` (RFC 9266).
    pub exporter: Option<Vec<u8>>,
    /// `tls-server-end-point` (RFC 5929).
    pub server_end_point: Option<Vec<u8>>,
}

/// No session came about.
#[derive(Debug)]
pub struct TlsFailure {
    /// Why.
    pub cause: Trouble,
    /// In words.
    pub detail: String,
}

impl Tls {
    /// Trust in the certificates given, or in those of the operating system.
    ///
    /// # Errors
    /// A certificate that cannot be a root, or a provider that cannot speak TLS 1.2 and 1.3.
    pub fn new(roots: Option<&[CertificateDer<'static>]>) -> Result<Self, TlsSetupError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let judge = judge(roots, &provider)?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsSetupError(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(JudgeLater(Arc::clone(&judge))))
            .with_no_client_auth();
        // A resumed session shows no chain and no key exchange: every visit sees the whole handshake.
        config.resumption = Resumption::disabled();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), judge, known: Arc::default() })
    }

    /// A configuration for clients that end the handshake where there is no trust.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn strict(&self) -> Result<ClientConfig, TlsSetupError> {
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsSetupError(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&self.judge))
            .with_no_client_auth();
        Ok(config)
    }

    /// The handshake, on a stream that may have carried plaintext before.
    ///
    /// # Errors
    /// Why there is no session, with what the peer said in place of TLS where it did.
    pub async fn handshake(&self, io: Box<dyn Io>, host: &str) -> Result<TlsSession, TlsFailure> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| TlsFailure {
            cause: Trouble::TlsHandshake,
            detail: format!("{host} cannot be the name of a TLS server"),
        })?;
        let stream = match self.connector.connect(name.clone(), Meter::new(io)).into_fallible().await {
            Ok(stream) => stream,
            Err((error, meter)) => return Err(explain(&error, meter.head())),
        };
        let (_, session) = stream.get_ref();
        let chain = session.peer_certificates().unwrap_or_default();
        let judged = self.known.or_judge(chain, host, || Judged {
            facts: facts::chain(chain),
            problems: self.problems(chain, &name, host),
            server_end_point: chain.first().and_then(|leaf| facts::server_end_point(leaf)),
        });
        let facts = TlsFacts {
            version: session.protocol_version().map_or_else(String::new, version_name),
            cipher: session
                .negotiated_cipher_suite()
                .map_or_else(String::new, |suite| format!("{:?}", suite.suite())),
            group: session.negotiated_key_exchange_group().map(|group| format!("{:?}", group.name())),
            alpn: session.alpn_protocol().map(harmless),
            server_name: host.to_owned(),
            chain: judged.facts.clone(),
            trusted: judged.problems.is_empty(),
            problems: judged.problems.clone(),
        };
        // On TLS 1.2 the exporter is unique only with the extended master secret (RFC 9266 section 4),
        // which rustls does not tell; the certificate's hash serves there.
        let exporter = (session.protocol_version() == Some(ProtocolVersion::TLSv1_3))
            .then(|| session.export_keying_material([0_u8; 32], b"EXPORTER-Channel-Binding", None).ok())
            .flatten()
            .map(|material| material.to_vec());
        Ok(TlsSession { stream, facts, exporter, server_end_point: judged.server_end_point.clone() })
    }

    /// Every reason not to trust the chain; the verifier's, and those it would have come to next.
    fn problems(&self, chain: &[CertificateDer<'_>], name: &ServerName<'_>, host: &str) -> Vec<String> {
        let Some((leaf, intermediates)) = chain.split_first() else {
            return vec!["the server presented no certificate".to_owned()];
        };
        let now = UnixTime::now();
        let Err(error) = self.judge.verify_server_cert(leaf, intermediates, name, &[], now) else {
            return Vec::new();
        };
        let mut problems = vec![judged(&error, leaf, host)];
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        problems.extend(facts::validity_problem(leaf, seconds));
        let parsed = rustls::server::ParsedCertificate::try_from(leaf);
        if parsed.is_ok_and(|cert| rustls::client::verify_server_name(&cert, name).is_err()) {
            problems.push(format!("the certificate is not for {host}"));
        }
        problems.dedup();
        let first = problems.first().cloned().unwrap_or_default();
        let mut seen = 0;
        problems.retain(|problem| *problem != first || std::mem::replace(&mut seen, 1) == 0);
        problems
    }
}

fn judge(
    roots: Option<&[CertificateDer<'static>]>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsSetupError> {
    let fail = |error: String| TlsSetupError(error);
    match roots {
        None => {
            Ok(Arc::new(rustls_platform_verifier::Verifier::new(Arc::clone(provider)).map_err(|error| {
                fail(format!("the system's root certificates: {error}; give some with --ca-file"))
            })?))
        }
        Some(certificates) => {
            let mut store = RootCertStore::empty();
            for certificate in certificates {
                store
                    .add(certificate.clone())
                    .map_err(|error| fail(format!("a certificate of --ca-file: {error}")))?;
            }
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
                .build()
                .map_err(|error| fail(error.to_string()))?;
            Ok(verifier)
        }
    }
}

fn version_name(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        other => format!("{other:?}"),
    }
}

fn judged(error: &rustls::Error, leaf: &[u8], host: &str) -> String {
    use CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            C::UnknownIssuer if facts::is_self_issued(leaf) => {
                "the certificate is self-signed and not among the trusted roots".to_owned()
            }
            C::UnknownIssuer => "the chain leads to no trusted root".to_owned(),
            C::NotValidForName | C::NotValidForNameContext { .. } => {
                format!("the certificate is not for {host}")
            }
            C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
                let now = i64::try_from(UnixTime::now().as_secs()).unwrap_or(i64::MAX);
                facts::validity_problem(leaf, now)
                    .unwrap_or_else(|| "a certificate of the chain is outside its validity".to_owned())
            }
            C::Revoked => "the certificate is revoked".to_owned(),
            other => harmless(format!("the certificate was refused: {other:?}").as_bytes()),
        },
        other => harmless(format!("the certificate was refused: {other}").as_bytes()),
    }
}

fn explain(error: &io::Error, head: &[u8]) -> TlsFailure {
    let rustls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let said = harmless(head.get(..80.min(head.len())).unwrap_or_default().trim_ascii_end());
    // 20 to 23 are TLS record types; anything else is a peer that speaks in the clear.
    let in_clear = head.first().is_some_and(|first| !(20..=23).contains(first));
    match rustls {
        _ if in_clear => TlsFailure {
            cause: Trouble::NotTls,
            detail: format!("the peer does not speak TLS here; it said: {said}"),
        },
        Some(rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion)) => TlsFailure {
            cause: Trouble::TlsVersion,
            detail: "the server takes neither TLS 1.2 nor TLS 1.3".to_owned(),
        },
        Some(rustls::Error::PeerIncompatible(why)) => {
            TlsFailure { cause: Trouble::TlsVersion, detail: format!("no common TLS parameters: {why:?}") }
        }
        Some(rustls::Error::AlertReceived(alert)) => TlsFailure {
            cause: Trouble::TlsHandshake,
            detail: format!("the server ended the handshake with the alert {alert:?}"),
        },
        Some(other) => {
            TlsFailure { cause: Trouble::TlsHandshake, detail: harmless(format!("{other}").as_bytes()) }
        }
        None => {
            let failure = super::from_io(crate::model::Phase::Tls, error);
            TlsFailure { cause: failure.cause, detail: failure.detail }
        }
    }
}
