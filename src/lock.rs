//! A lock on a file, which the system takes back however a program ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

/// How often a lock that somebody else has is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// Locks a file, which is made where there is none, for as long as what is returned is held; nothing where somebody else has
/// had it for so long.
///
/// # Errors
/// The file cannot be made or locked.
pub(crate) async fn exclusive(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
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
