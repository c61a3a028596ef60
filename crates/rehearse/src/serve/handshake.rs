//! The handshake of TLS, server side: what the client offered and how it ended, whatever is spoken inside.

use std::time::Duration;

use mailprobe_probes::model::harmless;
use rustls::AlertDescription;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::hello::{Instead, Peek};
use super::stopped;
use crate::record::{Ended, Handshake};

/// Longest wait for a handshake, and for the client to take what is said.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Shakes hands; there is a stream where that came to a session.
pub(super) async fn shake<S: AsyncRead + AsyncWrite + Unpin>(
    acceptor: &TlsAcceptor,
    plain: S,
    starttls: bool,
    stop: &watch::Receiver<bool>,
) -> (Handshake, Option<TlsStream<Peek<S>>>) {
    let (peek, kept) = Peek::new(plain);
    let mut stop = stop.clone();
    // What a client did until the rehearsal ended belongs into the record too.
    let accepted = tokio::select! {
        accepted = timeout(PATIENCE, acceptor.accept(peek)) => accepted.ok(),
        () = stopped(&mut stop) => None,
    };
    let (hello, instead) = match kept.hello() {
        Ok(hello) => (hello, None),
        Err(instead) => (None, Some(instead)),
    };
    kept.forget();
    let waited = accepted.is_none();
    let broken = |detail: &str| Ended::Broken { detail: detail.to_owned() };
    let (ended, stream) = match (accepted, instead) {
        (Some(Ok(stream)), _) => {
            let (_, session) = stream.get_ref();
            let version = match session.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_3) => "1.3",
                _ => "1.2",
            };
            let cipher = session.negotiated_cipher_suite().map_or_else(String::new, |suite| {
                let name = format!("{:?}", suite.suite());
                name.replacen("TLS13_", "TLS_", 1)
            });
            (Ended::Established { version: version.to_owned(), cipher }, Some(stream))
        }
        (_, Some(instead)) => (other(&instead, waited), None),
        (Some(Err(error)), None) => (ended(&error, hello.is_some()), None),
        (None, None) => (broken("the handshake took too long"), None),
    };
    (Handshake { starttls, hello, ended }, stream)
}

/// How it ended with a client that did not begin TLS.
fn other(instead: &Instead, waited: bool) -> Ended {
    match instead {
        Instead::Nothing if waited => {
            Ended::Silent { detail: "the client waited, and sent nothing".to_owned() }
        }
        Instead::Nothing => Ended::Silent { detail: "the client left before it sent anything".to_owned() },
        Instead::Command(command) => Ended::Plaintext {
            command: (*command).to_owned(),
            detail: format!("the client speaks without TLS: it began with {command}"),
        },
        Instead::Other => Ended::Broken { detail: "the client sent what is no TLS".to_owned() },
    }
}

/// Why there is no session.
fn ended(error: &std::io::Error, hello: bool) -> Ended {
    use AlertDescription as Alert;
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::AlertReceived(alert)) => match alert {
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied => Ended::CertificateRefused { alert: format!("{alert:?}") },
            Alert::CloseNotify | Alert::UserCanceled => Ended::Abandoned,
            other => Ended::Broken { detail: format!("the client's alert {other:?}") },
        },
        Some(rustls::Error::PeerIncompatible(why)) => {
            Ended::NothingInCommon { detail: harmless(format!("{why:?}").as_bytes()) }
        }
        Some(other) => Ended::Broken { detail: harmless(other.to_string().as_bytes()) },
        None if hello => Ended::Abandoned,
        None => Ended::Broken { detail: "the client left in the middle of its hello".to_owned() },
    }
}
