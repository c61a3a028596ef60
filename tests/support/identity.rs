//! Certificates, made when a test needs them: good ones and every kind of bad one.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The name the prober looks for.
pub(crate) const HOST: &str = "imap.example.com";

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Flaw {
    None,
    Expired,
    NotYetValid,
    SelfSigned,
    WrongName,
    ExpiredAndWrongName,
    UnknownRoot,
}

const ALL: [Flaw; 7] = [
    Flaw::None,
    Flaw::Expired,
    Flaw::NotYetValid,
    Flaw::SelfSigned,
    Flaw::WrongName,
    Flaw::ExpiredAndWrongName,
    Flaw::UnknownRoot,
];

/// A chain and the key of its leaf.
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

struct Made {
    root: CertificateDer<'static>,
    servers: HashMap<Flaw, Identity>,
}

static MADE: LazyLock<Made> = LazyLock::new(|| {
    let (root, issuer) = authority("mailprobe test root");
    let (_, stranger) = authority("somebody else's root");
    let servers = ALL.into_iter().map(|flaw| (flaw, server(flaw, &issuer, &stranger))).collect();
    Made { root, servers }
});

/// The root that the prober trusts.
pub(crate) fn root() -> CertificateDer<'static> {
    MADE.root.clone()
}

/// The identity with this flaw.
pub(crate) fn identity(flaw: Flaw) -> &'static Identity {
    &MADE.servers[&flaw]
}

impl Identity {
    /// A server configuration for one TLS version.
    pub(crate) fn config(&self, version: &'static rustls::SupportedProtocolVersion) -> Arc<ServerConfig> {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), PrivateKeyDer::try_from(self.key.clone()).unwrap())
            .unwrap();
        Arc::new(config)
    }
}

fn authority(name: &str) -> (CertificateDer<'static>, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.der().clone(), Issuer::new(params, key))
}

fn server(flaw: Flaw, issuer: &Issuer<'_, KeyPair>, stranger: &Issuer<'_, KeyPair>) -> Identity {
    let name = match flaw {
        Flaw::WrongName | Flaw::ExpiredAndWrongName => "pop.example.net",
        _ => HOST,
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = match flaw {
        Flaw::Expired | Flaw::ExpiredAndWrongName => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
        Flaw::NotYetValid => (date_time_ymd(2200, 1, 1), date_time_ymd(2201, 1, 1)),
        _ => (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1)),
    };
    let key = KeyPair::generate().unwrap();
    let certificate = match flaw {
        Flaw::SelfSigned => params.self_signed(&key),
        Flaw::UnknownRoot => params.signed_by(&key, stranger),
        _ => params.signed_by(&key, issuer),
    };
    Identity { chain: vec![certificate.unwrap().der().clone()], key: key.serialize_der() }
}
