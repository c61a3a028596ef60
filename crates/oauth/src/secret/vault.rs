//! Secrets that were read, each source once.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use mailprobe_probes::model::{Kind, Secret};

use super::{SecretError, Source, World, word};

/// Reads secrets, each source once.
pub struct Vault<'w, 'a> {
    world: &'w mut World<'a>,
    known: Kept,
}

impl<'w, 'a> Vault<'w, 'a> {
    /// Nothing is read before it is asked for.
    pub fn new(world: &'w mut World<'a>) -> Self {
        Self { world, known: Kept::default() }
    }

    /// The secret of one mailbox.
    pub fn secret(&mut self, kind: Kind, source: &Source, mailbox: &str) -> Result<Secret, SecretError> {
        let key = self.known.key(kind, source, mailbox);
        if let Some(secret) = self.known.secrets.get(&key) {
            return Ok(secret.clone());
        }
        let secret = source.read(word(kind), mailbox, self.world)?;
        self.known.secrets.insert(key, secret.clone());
        Ok(secret)
    }

    /// What was read, for later.
    pub fn keep(self) -> Kept {
        self.known
    }
}

/// Secrets that were read, by where they came from. A run reads them all before its first connection, so that a file that is
/// missing or a command that fails is told beforehand and a password is typed once; each row of a list finds its own here when
/// its turn comes.
///
/// A list may name a million files. A source is known by sixteen octets of a hash that is keyed anew in every process: two
/// sources are taken for one, and a secret goes where it does not belong, less often than memory fails.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    hashers: [RandomState; 2],
    secrets: HashMap<[u64; 2], Secret>,
}

impl Kept {
    /// The secret of one mailbox; `None` where it was not read.
    pub fn secret(&self, kind: Kind, source: &Source, mailbox: &str) -> Option<&Secret> {
        self.secrets.get(&self.key(kind, source, mailbox))
    }

    fn key(&self, kind: Kind, source: &Source, mailbox: &str) -> [u64; 2] {
        let named = (kind, source, source.account(mailbox));
        self.hashers.each_ref().map(|hasher| hasher.hash_one(named))
    }
}
