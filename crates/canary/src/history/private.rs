//! Who can read the file of a history: its owner alone, whatever the umask says. It holds mailboxes, servers and what they
//! answered. SQLite gives its log and its shared memory the rights of the database, so the rights of one file decide.

use std::path::Path;

use mailprobe_probes::model::harmless;

use super::History;

/// SQLite's files beside the database, and ours.
const BESIDE: [&str; 5] = ["", "-wal", "-shm", "-journal", ".lock"];

impl History {
    /// Takes the rights of others from a history that an earlier version made by the umask, or that somebody opened to them:
    /// nothing but `mailprobe` has a use for it, and it serves who reads it as its owner. What there is to say of that, in
    /// one sentence; nothing where only its owner could read it.
    pub fn make_private(&self) -> Option<String> {
        if !self.store.is_embedded() {
            return None;
        }
        let done: Vec<Result<String, String>> =
            BESIDE.iter().filter_map(|ending| tighten(&self.beside(ending))).collect();
        // That one of them cannot be helped is worth more words than that the others were.
        let failed = done.iter().find_map(|done| done.as_ref().err().cloned());
        failed.or_else(|| done.into_iter().find_map(Result::ok))
    }
}

/// Makes the file of a new database; one that is there is left as it is. What goes wrong SQLite tells in its own words.
#[cfg(unix)]
pub(super) fn make(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    drop(options.write(true).create_new(true).mode(0o600).open(path));
}

/// Windows keeps a file in a user's profile private by itself.
#[cfg(not(unix))]
pub(super) fn make(_: &Path) {}

#[cfg(unix)]
fn tighten(path: &Path) -> Option<Result<String, String>> {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o077;
    let mut rights = std::fs::metadata(path).ok()?.permissions();
    let mode = rights.mode() & 0o7777;
    if mode & OTHERS == 0 {
        return None;
    }
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    rights.set_mode(mode & !OTHERS);
    let tight = mode & !OTHERS;
    let done = std::fs::set_permissions(path, rights);
    let told = done.map(|()| {
        format!("note: {shown} had mode {mode:04o}; it has {tight:04o} now: only its owner can read it")
    });
    Some(told.map_err(|error| {
        format!("warning: {shown} has mode {mode:04o}, so others can read it, and that cannot be changed ({error}): chmod 600 {shown}")
    }))
}

#[cfg(not(unix))]
fn tighten(_: &Path) -> Option<Result<String, String>> {
    None
}
