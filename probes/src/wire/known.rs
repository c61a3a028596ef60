//! Chains that were judged a moment ago. A run of many mailboxes meets the same chain on the same host again
//! and again; its verdict and its facts are the same within a minute. That the server holds the chain's key
//! is proved anew in every handshake.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustls::pki_types::CertificateDer;

use crate::model::CertFacts;

/// How long a verdict stands: a certificate that expires during a run is noticed.
const STANDS: Duration = Duration::from_secs(60);
/// How many chains are remembered.
const MOST: usize = 64;

/// What is known of a chain for a host.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) facts: Vec<CertFacts>,
    pub(super) problems: Vec<String>,
    pub(super) server_end_point: Option<Vec<u8>>,
}

#[derive(Debug)]
struct Entry {
    host: String,
    chain: Vec<Vec<u8>>,
    since: Instant,
    judged: Arc<Judged>,
}

/// The chains of the last minute.
#[derive(Debug, Default)]
pub(super) struct KnownChains(Mutex<Vec<Entry>>);

impl KnownChains {
    /// The verdict on `chain` for `host`: the one that stands, or a new one.
    pub(super) fn or_judge(
        &self,
        chain: &[CertificateDer<'_>],
        host: &str,
        judge: impl FnOnce() -> Judged,
    ) -> Arc<Judged> {
        let same = |entry: &&Entry| {
            entry.host == host
                && entry.since.elapsed() < STANDS
                && entry.chain.len() == chain.len()
                && entry.chain.iter().zip(chain).all(|(known, presented)| known == presented.as_ref())
        };
        let known = self.0.lock().iter().find(same).map(|e| Arc::clone(&e.judged));
        if let Some(judged) = known {
            return judged;
        }
        let judged = Arc::new(judge());
        let entry = Entry {
            host: host.to_owned(),
            chain: chain.iter().map(|certificate| certificate.to_vec()).collect(),
            since: Instant::now(),
            judged: Arc::clone(&judged),
        };
        let mut entries = self.0.lock();
        entries.retain(|entry| entry.since.elapsed() < STANDS);
        if entries.len() >= MOST {
            entries.remove(0);
        }
        entries.push(entry);
        judged
    }
}
