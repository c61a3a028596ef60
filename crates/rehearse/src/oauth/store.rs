//! What an endpoint remembers: sign-ins that have begun, codes, device codes and refresh tokens. All of it is bounded,
//! ends by itself, and is held by digests of the words that open it.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::people::Person;
use super::scope::Scope;

/// Entries of one kind. Beyond them, the one that ends first goes.
const MOST: usize = 4096;

type Key = [u8; 32];

/// Entries that end.
pub(super) struct Shelf<T>(HashMap<Key, (u64, T)>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

fn key(word: &str) -> Key {
    Sha256::digest(word.as_bytes()).into()
}

impl<T> Shelf<T> {
    pub(super) fn put(&mut self, word: &str, ends: u64, entry: T, now: u64) {
        if self.0.len() >= MOST {
            self.0.retain(|_, (ends, _)| *ends > now);
        }
        if self.0.len() >= MOST {
            let first = self.0.iter().min_by_key(|(_, (ends, _))| *ends).map(|(key, _)| *key);
            first.and_then(|first| self.0.remove(&first));
        }
        self.0.insert(key(word), (ends, entry));
    }

    /// The entry, and whether it has ended.
    pub(super) fn get(&mut self, word: &str, now: u64) -> Option<(bool, &mut T)> {
        self.0.get_mut(&key(word)).map(|(ends, entry)| (*ends <= now, entry))
    }

    /// When the entry ends, and the entry, which then is gone.
    pub(super) fn take(&mut self, word: &str) -> Option<(u64, T)> {
        self.0.remove(&key(word))
    }

    pub(super) fn entries(&mut self, now: u64) -> impl Iterator<Item = &mut T> {
        self.0.values_mut().filter(move |(ends, _)| *ends > now).map(|(_, entry)| entry)
    }
}

/// A sign-in that a client asked for.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scope: Scope,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
}

/// A person's leave for a client.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) person: Person,
    pub(super) scope: Scope,
    /// What the person granted beside the administrator.
    pub(super) granted: Vec<String>,
    pub(super) nonce: Option<String>,
}

/// A code on its way.
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    /// Whether it was exchanged; a second time it is refused by that name.
    pub(super) used: bool,
}

/// What became of a device's request.
pub(super) enum Fate {
    Pending,
    Declined,
    Refused(mailprobe_probes::model::Cause),
    Allowed(Grant),
}

/// A device that waits.
pub(super) struct Device {
    pub(super) client_id: String,
    pub(super) user_code: String,
    pub(super) scope: Scope,
    pub(super) fate: Fate,
    pub(super) polled_at: Option<u64>,
    pub(super) interval: u64,
}

#[derive(Default)]
pub(super) struct Store {
    pub(super) sign_ins: Shelf<Asked>,
    pub(super) codes: Shelf<Code>,
    pub(super) devices: Shelf<Device>,
    pub(super) refresh: Shelf<Grant>,
}
