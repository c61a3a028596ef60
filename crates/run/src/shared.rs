//! Bounds on connections that many visits share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use mailprobe_probes::probe::Slots;
use tokio::sync::Semaphore;

use crate::plan::{self, Visit};

/// Hosts that are remembered before those are forgotten that nobody visits any more.
const HOSTS: usize = 1024;

/// Bounds on connections that many visits share: to one host, and to all.
#[derive(Debug)]
pub struct Shared {
    hosts: Mutex<Hosts>,
    per_host: u32,
    per_mailbox: u32,
    all: Arc<Semaphore>,
}

/// The hosts that are visited now. A bound matters while somebody is held to it: a list may have a million hosts.
#[derive(Debug)]
struct Hosts {
    known: HashMap<String, Weak<Semaphore>>,
    /// How many are known before those that are over are looked for.
    room: usize,
}

impl Shared {
    /// Bounds of this many connections.
    pub fn new(limits: plan::Limits) -> Self {
        Self {
            hosts: Mutex::new(Hosts { known: HashMap::new(), room: HOSTS }),
            per_host: limits.per_host,
            per_mailbox: limits.per_mailbox,
            all: Arc::new(Semaphore::new(count(limits.run))),
        }
    }

    /// The bounds of one visit, an entry for each of its endpoints.
    pub(crate) fn of_visit(&self, visit: &Visit) -> Vec<Slots> {
        let of_mailbox = Arc::new(Semaphore::new(count(self.per_mailbox)));
        visit.endpoints.iter().map(|endpoint| self.slots(&of_mailbox, &endpoint.host)).collect()
    }

    fn slots(&self, of_mailbox: &Arc<Semaphore>, host: &str) -> Slots {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let of_host = hosts.bound(host, self.per_host);
        Slots(vec![Arc::clone(of_mailbox), of_host, Arc::clone(&self.all)])
    }
}

impl Hosts {
    fn bound(&mut self, host: &str, per_host: u32) -> Arc<Semaphore> {
        if let Some(bound) = self.known.get(host).and_then(Weak::upgrade) {
            return bound;
        }
        if self.known.len() >= self.room {
            self.known.retain(|_, bound| bound.strong_count() > 0);
            self.room = self.known.len().saturating_mul(2).max(HOSTS);
        }
        let bound = Arc::new(Semaphore::new(count(per_host)));
        self.known.insert(host.to_owned(), Arc::downgrade(&bound));
        bound
    }
}

/// A number of connections as a semaphore takes it.
pub(crate) fn count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX).clamp(1, Semaphore::MAX_PERMITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_bound_while_somebody_visits_it_and_forgotten_afterwards() {
        let mut hosts = Hosts { known: HashMap::new(), room: HOSTS };
        let held: Vec<_> = (0..5).map(|number| hosts.bound(&format!("held{number}"), 2)).collect();
        for number in 0..10 * HOSTS {
            drop(hosts.bound(&format!("mx{number}.example"), 2));
            assert!(hosts.known.len() <= HOSTS, "{number}");
        }
        for (number, bound) in held.iter().enumerate() {
            assert!(Arc::ptr_eq(bound, &hosts.bound(&format!("held{number}"), 2)));
        }
    }
}
