//! The key under which presented secrets are hashed. For SQLite it is a file of its own beside the database, which only
//! its owner can read: a copy of the database alone does not let anybody try passwords against the hashes. In PostgreSQL it
//! stands in the database, where the server's own rights guard it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::{hmac, rand};
use mailprobe_probes::model::{Secret, harmless};

use super::store::Value;
use super::{History, HistoryError};

/// Octets of the key.
const LENGTH: usize = 32;
/// Its name among the notes of PostgreSQL.
const NOTE: &str = "secret-key";

/// Hashes secrets. Says nothing in `Debug`.
#[derive(Clone)]
pub struct SecretKey(hmac::Key);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

impl SecretKey {
    fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The keyed hash of an account's secret.
    pub fn digest(&self, account: &str, secret: &Secret) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(account.as_bytes());
        // No account holds a NUL, so what is hashed has one reading.
        context.update(&[0]);
        context.update(secret.expose());
        hexadecimal(context.sign().as_ref())
    }
}

impl History {
    /// The key of this history, made where there is none yet.
    ///
    /// # Errors
    /// A file that cannot be read or made, or that others can read.
    pub async fn secret_key(&self) -> Result<SecretKey, HistoryError> {
        if self.store.is_embedded() {
            return of_file(&self.beside(".key"));
        }
        self.store
            .execute(
                "INSERT INTO notes (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                &[NOTE.into(), Value::Text(hexadecimal(&fresh()?))],
            )
            .await?;
        let values = self.note(NOTE).await?;
        Ok(SecretKey::new(values.unwrap_or_default().as_bytes()))
    }
}

fn fresh() -> Result<[u8; LENGTH], HistoryError> {
    let mut bytes = [0; LENGTH];
    rand::fill(&mut bytes).map_err(|_| HistoryError::Key("the system gives no random numbers".to_owned()))?;
    Ok(bytes)
}

fn of_file(path: &Path) -> Result<SecretKey, HistoryError> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let failed = |what: &str, error: &dyn std::fmt::Display| {
        HistoryError::Key(format!("the key file {shown} cannot be {what}: {error}"))
    };
    match std::fs::read(path) {
        Ok(bytes) if bytes.len() == LENGTH => {
            private(path).map_err(|mode| {
                HistoryError::Key(format!(
                    "the key file {shown} has mode {mode}, so others can read it: chmod 600 {shown}"
                ))
            })?;
            Ok(SecretKey::new(&bytes))
        }
        Ok(bytes) => Err(HistoryError::Key(format!(
            "the key file {shown} has {} octets in place of {LENGTH}: remove it, and refused passwords are tried once more",
            bytes.len()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let bytes = fresh()?;
            // Written whole or not at all: a half key would change every hash at the next start.
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed("made", &error))?;
            file.write_all(&bytes)
                .and_then(|()| file.as_file().sync_all())
                .map_err(|error| failed("written", &error))?;
            file.persist_noclobber(path).map_err(|error| failed("made", &error))?;
            Ok(SecretKey::new(&bytes))
        }
        Err(error) => Err(failed("read", &error)),
    }
}

#[cfg(unix)]
fn private(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o077;
    let mode = std::fs::metadata(path).map_or(0, |facts| facts.permissions().mode());
    if mode & OTHERS == 0 { Ok(()) } else { Err(format!("{:04o}", mode & 0o7777)) }
}

/// Windows keeps a file in a user's profile private by itself.
#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), String> {
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
