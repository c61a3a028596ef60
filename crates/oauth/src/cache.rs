//! Where tokens are kept between runs: one file a lineage in XDG's state directory, for the owner alone.
//!
//! With the `keyring` feature, where the system has a keyring, files are sealed with a key that is kept there
//! (AES-256-GCM): a keyring holds too little for tokens themselves. A file is replaced in one step, and the lock beside
//! it is held while its token is being renewed. What cannot be read is as good as nothing: a token is got anew.

mod entry;
#[cfg(feature = "keyring")]
mod seal;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mailprobe_probes::model::harmless;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::trouble::TokenTrouble;
use crate::Mistake;
use crate::lock;
use crate::profile::{Issuer, Profile};
pub(super) use entry::Entry;

/// Largest file read.
const LARGEST: u64 = 1024 * 1024;

/// Which tokens belong together: those of one client, got by one flow, for one mailbox, or for none where the
/// application's own token opens them all.
#[derive(Debug, Clone)]
pub(super) struct Lineage {
    profile: String,
    mailbox: String,
}

impl Lineage {
    pub(super) fn of(profile: &Profile, mailbox: &str) -> Self {
        let mailbox = mailbox.to_lowercase();
        let domain = mailbox.rsplit('@').next().unwrap_or_default();
        // The tenant decides whose token an application's is, and without one in the profile the domain is the tenant.
        let by_domain = profile.tenant.is_none()
            && profile.authority().is_some_and(|authority| authority.tenant.is_none());
        let mailbox = match (profile.flow.is_app_only(), by_domain) {
            (false, _) => short(&[&mailbox]),
            (true, true) => short(&[domain]),
            (true, false) => String::new(),
        };
        Self { profile: of_profile(profile), mailbox }
    }

    pub(super) fn name(&self) -> String {
        format!("{}-{}", self.profile, if self.mailbox.is_empty() { "all" } else { &self.mailbox })
    }
}

fn of_profile(profile: &Profile) -> String {
    let issuer = match &profile.issuer {
        Issuer::Provider(row) => row.name,
        Issuer::Url(url) => url.as_str(),
    };
    let tenant = profile.tenant.as_deref().unwrap_or_default();
    let account = profile.service_account.as_deref().unwrap_or(Path::new(""));
    let resource = profile.resource.as_deref().unwrap_or_default();
    short(&[issuer, tenant, &profile.client_id, profile.flow.name(), resource, &account.to_string_lossy()])
}

/// Sixteen hexadecimal digits that stand for these words.
fn short(words: &[&str]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.len().to_be_bytes());
        hash.update(word.as_bytes());
    }
    let number = hash.finalize().first_chunk::<8>().map_or(0, |start| u64::from_be_bytes(*start));
    format!("{number:016x}")
}

/// Keeps tokens, in files or in memory.
pub struct Cache {
    folder: Option<PathBuf>,
    memory: parking_lot::Mutex<std::collections::HashMap<String, Entry>>,
    #[cfg(feature = "keyring")]
    seal: Option<seal::Seal>,
}

/// A lock on a lineage among processes. Dropped, it is free.
pub(super) struct Lock(#[expect(dead_code, reason = "held, not read")] Option<File>);

impl Cache {
    /// Files in this folder, which is made; memory alone where there is none.
    ///
    /// # Errors
    /// A folder that cannot be made or is not the owner's alone.
    pub fn new(folder: Option<PathBuf>) -> Result<Self, Mistake> {
        if let Some(folder) = &folder {
            make(folder).map_err(|error| complain(folder, "make the folder for tokens", &error))?;
        }
        Ok(Self {
            #[cfg(feature = "keyring")]
            seal: folder.as_ref().and_then(|_| seal::Seal::of_keyring()),
            folder,
            memory: parking_lot::Mutex::default(),
        })
    }

    fn file(&self, lineage: &Lineage, end: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{}.{end}", lineage.name())))
    }

    /// What is kept; nothing where it cannot be read.
    pub(super) fn read(&self, lineage: &Lineage) -> Entry {
        let Some(path) = self.file(lineage, "json") else {
            let memory = self.memory.lock();
            return memory.get(&lineage.name()).cloned().unwrap_or_default();
        };
        let mut content = Zeroizing::new(Vec::new());
        let read = File::open(&path).and_then(|file| file.take(LARGEST).read_to_end(&mut content));
        if read.is_err() {
            return Entry::default();
        }
        let opened = self.opened(content);
        opened.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
    }

    #[cfg_attr(
        not(feature = "keyring"),
        expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "sealed files")
    )]
    fn opened(&self, content: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
        #[cfg(feature = "keyring")]
        if !content.starts_with(b"{") {
            return self.seal.as_ref()?.open(&content);
        }
        Some(content)
    }

    /// Keeps it, in one step.
    pub(super) fn write(&self, lineage: &Lineage, entry: &Entry) -> Result<(), TokenTrouble> {
        let (Some(folder), Some(path)) = (&self.folder, self.file(lineage, "json")) else {
            let mut memory = self.memory.lock();
            memory.insert(lineage.name(), entry.clone());
            return Ok(());
        };
        let content = Zeroizing::new(serde_json::to_vec(entry).unwrap_or_default());
        #[cfg(feature = "keyring")]
        let content = match &self.seal {
            Some(seal) => seal.shut(&content).unwrap_or(content),
            None => content,
        };
        // Made with mode 0600 (tempfile), and never seen half written.
        let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
            file.write_all(&content)?;
            file.as_file().sync_data()?;
            file.persist(&path).map_err(|error| error.error)
        });
        written
            .map(drop)
            .map_err(|error| TokenTrouble::Usage(complain(&path, "write the token file", &error)))
    }

    /// Waits until no other process renews this lineage.
    pub(super) async fn lock(&self, lineage: &Lineage, longest: Duration) -> Result<Lock, TokenTrouble> {
        let Some(path) = self.file(lineage, "lock") else { return Ok(Lock(None)) };
        match lock::exclusive(&path, longest).await {
            Ok(Some(file)) => Ok(Lock(Some(file))),
            Ok(None) => Err(TokenTrouble::Failed(
                "another mailprobe has been asking for the same token for too long".into(),
            )),
            Err(error) => Err(TokenTrouble::Usage(complain(&path, "lock", &error))),
        }
    }

    /// Forgets the tokens of a profile, of one mailbox or of all; of every profile where there is none. How many files
    /// there were.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn forget(&self, profile: Option<(&Profile, Option<&str>)>) -> Result<usize, Mistake> {
        let Some(folder) = &self.folder else { return Ok(0) };
        let start = match profile {
            None => String::new(),
            Some((profile, None)) => format!("{}-", of_profile(profile)),
            Some((profile, Some(mailbox))) => format!("{}.", Lineage::of(profile, mailbox).name()),
        };
        let mut gone = 0;
        let entries = fs::read_dir(folder).map_err(|error| complain(folder, "read", &error))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = Path::new(&name).extension().is_some_and(|end| end == "json");
            if ours && name.starts_with(&start) {
                fs::remove_file(entry.path()).map_err(|error| complain(&entry.path(), "remove", &error))?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

#[cfg(unix)]
fn make(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// A profile's folder on Windows is its owner's alone.
#[cfg(not(unix))]
fn make(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

fn complain(path: &Path, what: &str, error: &std::io::Error) -> Mistake {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    Mistake::new(format!("cannot {what} {shown}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lineage(rest: &str, mailbox: &str) -> String {
        Lineage::of(&Profile::of(&format!("client_id = \"a\"\n{rest}")), mailbox).name()
    }

    #[test]
    fn an_applications_token_is_for_every_mailbox_of_its_tenant_and_a_persons_for_one() {
        let app =
            "provider = \"exchange-online\"\nflow = \"client-credentials\"\nclient_secret_env = \"A\"\n";
        assert_eq!(lineage(app, "alice@a.example"), lineage(app, "bob@A.example"));
        assert_ne!(lineage(app, "alice@a.example"), lineage(app, "alice@b.example"), "another tenant's");
        let named = format!("{app}tenant = \"c.example\"\n");
        assert_eq!(lineage(&named, "alice@a.example"), lineage(&named, "alice@b.example"));
        let person = "provider = \"exchange-online\"\n";
        assert_ne!(lineage(person, "alice@a.example"), lineage(person, "bob@a.example"));
        assert_eq!(lineage(person, "alice@a.example"), lineage(person, "Alice@A.example"));
    }

    #[test]
    fn another_client_tenant_or_flow_shares_nothing() {
        let all = [
            "provider = \"exchange-online\"\n",
            "provider = \"exchange-online\"\ntenant = \"t\"\n",
            "provider = \"exchange-online\"\nflow = \"device-code\"\n",
            "provider = \"outlook.com\"\n",
            "issuer = \"https://a.example\"\n",
        ];
        let names: std::collections::BTreeSet<_> =
            all.iter().map(|rest| lineage(rest, "a@b.example")).collect();
        assert_eq!(names.len(), all.len());
    }
}
