//! A lock on a file, which the system takes back however a program ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

/// How often a lock that somebody else has is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// Locks a file, which its owner alone can open (who can open it can lock it, and keep us waiting), and which is made where there is none, for as long as what is returned is held; nothing where somebody else has
/// had it for so long.
///
/// # Errors
/// The file cannot be made or locked.
pub async fn exclusive(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let begun = tokio::time::Instant::now();
    loop {
        match fs4::FileExt::try_lock(&file) {
            Ok(()) => return Ok(Some(file)),
            Err(fs4::TryLockError::WouldBlock) if begun.elapsed() < patience => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(fs4::TryLockError::WouldBlock) => return Ok(None),
            Err(fs4::TryLockError::Error(error)) => return Err(error),
        }
    }
}
