//! The certificate that the tenant shows: from files, from an authority of its own that a device can be made to trust
//! once, or an untrusted one on request.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailprobe_probes::model::harmless;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::ServeError;
use crate::scenario::Floor;

/// What the authority calls itself.
const AUTHORITY: &str = "mailprobe rehearsal authority";
/// Its file: certificate and key.
const FILE: &str = "rehearsal-authority.pem";

/// Where the certificate comes from.
#[derive(Debug, Clone)]
pub enum Certificate {
    /// Files in PEM.
    Files {
        /// The chain, leaf first.
        chain: PathBuf,
        /// Its key.
        key: PathBuf,
    },
    /// An authority that is kept in this directory; in memory alone where there is none.
    Own(Option<PathBuf>),
    /// One that nobody trusts.
    Untrusted,
}

/// The certificate ready for use.
pub struct Identity {
    /// For the listeners.
    pub config: Arc<ServerConfig>,
    /// The authority in PEM, where it is our own.
    pub authority: Option<String>,
}

impl Identity {
    /// Reads or makes a certificate for these names and addresses.
    ///
    /// # Errors
    /// Files that cannot be read or do not fit each other, and a state directory that cannot be written.
    pub fn new(certificate: &Certificate, names: &[String], floor: Floor) -> Result<Self, ServeError> {
        let broken = |error: rcgen::Error| ServeError::new(format!("no certificate can be made: {error}"));
        let (chain, key, authority) = match certificate {
            Certificate::Files { chain, key } => {
                let (chain, key) = files(chain, key)?;
                (chain, key, None)
            }
            Certificate::Own(state) => {
                let (pem, key) = authority(state.as_deref())?;
                let issuer = Issuer::new(authority_params().map_err(broken)?, key);
                let (leaf, key) = leaf(names, Some(&issuer)).map_err(broken)?;
                let root = CertificateDer::from_pem_slice(pem.as_bytes())
                    .map_err(|error| ServeError::new(format!("{FILE} is broken: {error}; delete it")))?;
                (vec![leaf, root], key, Some(pem))
            }
            Certificate::Untrusted => {
                let (leaf, key) = leaf(names, None).map_err(broken)?;
                (vec![leaf], key, None)
            }
        };
        let versions: &[&rustls::SupportedProtocolVersion] = match floor {
            Floor::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
            Floor::Tls13 => &[&rustls::version::TLS13],
        };
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| ServeError::new(format!("the certificate cannot be used: {error}")))?;
        Ok(Self { config: Arc::new(config), authority })
    }
}

fn files(
    chain: &Path,
    key: &Path,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), ServeError> {
    let shown = |path: &Path| harmless(path.as_os_str().as_encoded_bytes());
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| ServeError::new(format!("--cert {}: {error}", shown(chain))))?;
    if certificates.is_empty() {
        return Err(ServeError::new(format!("--cert {} holds no PEM certificate", shown(chain))));
    }
    let key = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| ServeError::new(format!("--key {}: {error}", shown(key))))?;
    Ok((certificates, key))
}

fn authority_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, AUTHORITY);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for_days(&mut params, 3650);
    Ok(params)
}

/// Valid since yesterday, so that a device whose clock is behind takes it too, and for so many days from now.
fn valid_for_days(params: &mut CertificateParams, days: u32) {
    // The dates are of the crate `time`, which rcgen shows in its interface: its own function makes one, and nothing else of it
    // is needed.
    let day = Duration::from_secs(24 * 3600);
    let now =
        rcgen::date_time_ymd(1970, 1, 1) + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (params.not_before, params.not_after) = (now - day, now + day * days);
}

/// A certificate for the server, by the issuer, or by itself. RSA: old devices know nothing else. Less than 398 days:
/// Apple's take no more.
fn leaf(
    names: &[String],
    issuer: Option<&Issuer<'_, KeyPair>>,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, names.first().map_or("localhost", String::as_str));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.use_authority_key_identifier_extension = issuer.is_some();
    valid_for_days(&mut params, 390);
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer)?,
        None => params.self_signed(&key)?,
    };
    let der = PrivateKeyDer::try_from(key.serialize_der()).map_err(|_| rcgen::Error::RemoteKeyError)?;
    Ok((certificate.der().clone(), der))
}

/// The authority of this directory, made where there is none yet: its certificate in PEM, and its key.
fn authority(state: Option<&Path>) -> Result<(String, KeyPair), ServeError> {
    let broken = |error: rcgen::Error| ServeError::new(format!("no authority can be made: {error}"));
    let Some(folder) = state else {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map_err(broken)?;
        let certificate = authority_params().and_then(|params| params.self_signed(&key)).map_err(broken)?;
        return Ok((certificate.pem(), key));
    };
    let path = folder.join(FILE);
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    if !path.exists() {
        let (certificate, key) = authority(None)?;
        keep(&path, &format!("{certificate}{}", key.serialize_pem()))
            .map_err(|error| ServeError::new(format!("the authority cannot be kept in {shown}: {error}")))?;
    }
    let pem = std::fs::read_to_string(&path)
        .map_err(|error| ServeError::new(format!("the authority cannot be read from {shown}: {error}")))?;
    let unusable =
        || ServeError::new(format!("{shown} holds no usable authority: delete it, and a new one is made"));
    let at = pem.find("-----BEGIN PRIVATE KEY-----").ok_or_else(unusable)?;
    let (certificate, key) = pem.split_at(at);
    let key = KeyPair::from_pem(key).map_err(|_| unusable())?;
    Ok((certificate.to_owned(), key))
}

/// Writes a file that only its owner can read, whole or not at all.
fn keep(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(&draft)?.write_all(text.as_bytes())?;
    std::fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_is_kept_for_its_owner_alone_and_used_again() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("mailprobe");
        let own = Certificate::Own(Some(state.clone()));
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let first = Identity::new(&own, &names, Floor::Tls12).unwrap().authority.unwrap();
        let second = Identity::new(&own, &names, Floor::Tls13).unwrap().authority.unwrap();
        assert_eq!(first, second);
        assert!(!first.contains("PRIVATE"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(state.join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(state.join(FILE), "garbage").unwrap();
        let message = Identity::new(&own, &names, Floor::Tls12).err().unwrap().to_string();
        assert!(message.contains("holds no usable authority: delete it"), "{message}");
    }

    #[test]
    fn files_that_do_not_fit_are_refused_by_the_flag_that_names_them() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("empty.pem"), "").unwrap();
        let files = |chain: &str, key: &str| Certificate::Files { chain: at(chain), key: at(key) };
        let message = |certificate| Identity::new(&certificate, &[], Floor::Tls12).err().unwrap().to_string();
        assert!(message(files("none.pem", "empty.pem")).starts_with("--cert "));
        assert!(message(files("empty.pem", "empty.pem")).contains("holds no PEM certificate"));
    }
}
