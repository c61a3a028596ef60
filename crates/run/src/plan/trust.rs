//! Trust anchors in place of the system's.

use std::io::Read as _;
use std::path::Path;

use mailprobe_probes::model::harmless;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::error::{PlanError, Setting, words};
use super::request::Anchors;

/// Largest file taken: the whole Mozilla bundle has 220 KiB.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The trust anchors; the system's where `None`.
pub(super) fn anchors(wanted: Option<&Anchors>) -> Result<Option<Vec<CertificateDer<'static>>>, PlanError> {
    match wanted {
        None => Ok(None),
        Some(Anchors::Given(certificates)) => Ok(Some(certificates.clone())),
        Some(Anchors::File(path)) => certificates(path).map(Some),
    }
}

/// Reads every certificate of a PEM file; each must be usable as a trust anchor.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, PlanError> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let refused = |what| PlanError::new(Setting::CaFile, what);
    let unreadable = |error: std::io::Error| {
        refused(words!["cannot read ", Setting::CaFile, format!(" {shown}: {error}")])
    };
    let mut pem = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(LARGEST + 1).read_to_end(&mut pem).map_err(unreadable)?;
    if u64::try_from(pem.len()).unwrap_or(u64::MAX) > LARGEST {
        let words = format!(" {shown} is larger than {} MiB", LARGEST / 1024 / 1024);
        return Err(refused(words![Setting::CaFile, words]));
    }
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let number = certificates.len() + 1;
        let broken = |why: String| {
            refused(words![Setting::CaFile, format!(" {shown}: certificate {number} is broken: {why}")])
        };
        let certificate = certificate.map_err(|error| broken(error.to_string()))?;
        RootCertStore::empty().add(certificate.clone()).map_err(|error| broken(error.to_string()))?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        let words = format!(" {shown} holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
        return Err(refused(words![Setting::CaFile, words]));
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A self-signed P-256 root, valid to 2126.
    const ROOT: &str = include_str!("testdata/root.pem");

    fn read(content: &str) -> Result<usize, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        std::fs::write(&path, content).unwrap();
        certificates(&path).map(|list| list.len()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_certificate_of_the_file_is_taken_and_text_between_them_is_not() {
        assert_eq!(read(&format!("# ours\n{ROOT}\nand again\n{ROOT}")), Ok(2));
    }

    #[test]
    fn a_file_without_a_usable_certificate_is_refused() {
        assert!(read("").unwrap_err().contains("holds no PEM certificate"));
        assert!(
            read("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
                .unwrap_err()
                .contains("holds no")
        );
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(read(&format!("{ROOT}{garbage}")).unwrap_err().contains("certificate 2 is broken"));
        let cut = ROOT.replace("-----END CERTIFICATE-----", "");
        assert!(read(&cut).unwrap_err().contains("certificate 1 is broken"));
        let message = certificates(Path::new("/nowhere/ca.pem")).unwrap_err().to_string();
        assert!(message.starts_with("cannot read --ca-file /nowhere/ca.pem"), "{message}");
    }
}
