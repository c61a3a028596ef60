//! The attempt gate: one wrong password costs one bad attempt, however many sessions are waiting.
//!
//! Sessions open in parallel and park here before they present a password. An answer that may have counted as a bad attempt
//! is charged to the account; when its budget is spent, everybody still waiting is sent away. An answer that came before the
//! password was looked at costs nothing, and the next in line goes: alone, because the next server may look. The budget is
//! per account and shared by all endpoints of a run.
//!
//! A password is proven at an endpoint, not for an account: behind a second one may stand another directory (a hybrid
//! organisation, a migration half done, an app password for one service), and that one counts for itself. The host would be
//! too coarse for that: who looks at the password behind port 993 is not who looks at it behind port 587. So an endpoint
//! that has taken the password is open to everybody, and at every other one the password goes alone first and is charged
//! if it is refused. Once an endpoint has taken it, the others are tried side by side, as many as the budget could still pay
//! for if each of them refused: with a budget of one that is one behind the other.
//!
//! What an endpoint refuses that has taken the password by another method costs nothing: there the password is right, and the
//! method is the reason (a server that keeps hashes refuses `CRAM-MD5` in the words of a wrong password).
//!
//! A run may have a million accounts, and what was said of the first still counts at the last: the same account may stand in
//! rows far apart. So what is remembered for good is small, some ten octets for each account that was refused and for each
//! place where a password is proven, and by hashes alone. What is waited for is held while somebody waits.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

use mailprobe_probes::model::Secret;
use mailprobe_probes::probe::{Admission, Gate, Pass, PasswordVerdict};
use mailprobe_probes::wire::BoxFuture;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::oneshot;

/// The gate of one run.
#[derive(Debug)]
pub struct AttemptGate {
    accounts: Arc<Accounts>,
    // Accounts, secrets and places are told apart by a hash that is keyed anew in every process.
    hasher: RandomState,
}

#[derive(Debug)]
struct Accounts {
    /// Of each account that has no budget of its own.
    budget: u32,
    state: Mutex<State>,
}

/// A hash. Octets, because a number would be padded where it stands beside a smaller one: a fifth of all that is remembered.
type Key = [u8; 8];

/// A number, likewise.
type Count = [u8; 4];

#[derive(Debug, Default)]
struct State {
    // These three stay until the run is over, for the next row of the same account.
    budgets: HashMap<Key, Count>,
    /// Possibly wrong presentations of each account that had one.
    bad: HashMap<Key, Count>,
    /// Which passwords are proven: where, and that they are proven somewhere.
    proven: HashSet<Key>,
    /// Accounts for which something is presented or waited for.
    busy: HashMap<Key, Busy>,
}

#[derive(Debug, Default)]
struct Busy {
    /// What is being presented where it is not proven.
    open: Vec<Claim>,
    queue: VecDeque<(Claim, oneshot::Sender<Option<Turn>>)>,
}

/// That a secret is right at an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    account: Key,
    endpoint: Key,
    /// That this secret of this account is proven there,
    there: Key,
    /// and that it is proven anywhere.
    somewhere: Key,
}

/// The right to present one secret at one endpoint. Dropped, it goes back to the account.
#[derive(Debug)]
struct Turn {
    accounts: Arc<Accounts>,
    claim: Claim,
    presented: bool,
    settled: bool,
}

impl AttemptGate {
    /// A gate that lets `budget` possibly wrong presentations through for each account.
    pub fn new(budget: u32) -> Self {
        let accounts = Arc::new(Accounts { budget, state: Mutex::default() });
        Self { accounts, hasher: RandomState::new() }
    }

    /// Another budget for one account. What was presented for it before counts.
    pub fn limit(&self, name: &str, budget: u32) {
        let account = self.key(name.to_lowercase());
        self.accounts.state().budgets.insert(account, budget.to_ne_bytes());
    }

    fn key(&self, what: impl Hash) -> Key {
        self.hasher.hash_one(what).to_ne_bytes()
    }

    fn claim(&self, account: &str, endpoint: &str, secret: &Secret) -> Claim {
        let account = self.key(account.to_lowercase());
        let endpoint = self.key(endpoint.to_lowercase());
        let somewhere = self.key((account, secret.expose()));
        Claim { account, endpoint, there: self.key((somewhere, endpoint)), somewhere }
    }
}

impl Gate for AttemptGate {
    fn admit<'a>(
        &'a self,
        account: &'a str,
        endpoint: &'a str,
        secret: &'a Secret,
    ) -> BoxFuture<'a, Admission> {
        let claim = self.claim(account, endpoint, secret);
        Box::pin(async move {
            match self.accounts.ask(claim) {
                Asked::Go(turn) => turn.into_admission(),
                Asked::No => Admission::Denied,
                Asked::Wait(turn) => match turn.await {
                    Ok(Some(turn)) => turn.into_admission(),
                    Ok(None) | Err(_) => Admission::Denied,
                },
            }
        })
    }
}

enum Asked {
    Go(Turn),
    No,
    Wait(oneshot::Receiver<Option<Turn>>),
}

/// What the state of an account says to a claim.
enum Says {
    Go,
    No,
    Wait,
}

impl State {
    /// Decides about a claim; one that goes unproven is noted as open.
    fn decide(&mut self, budget: u32, claim: Claim) -> Says {
        if self.proven.contains(&claim.there) {
            return Says::Go;
        }
        let budget = number(&self.budgets, claim.account).unwrap_or(budget);
        let left = budget.saturating_sub(number(&self.bad, claim.account).unwrap_or(0));
        if left == 0 {
            return Says::No;
        }
        let most = if self.proven.contains(&claim.somewhere) { left as usize } else { 1 };
        let open = &mut self.busy.entry(claim.account).or_default().open;
        if open.len() >= most || open.iter().any(|open| open.endpoint == claim.endpoint) {
            return Says::Wait;
        }
        open.push(claim);
        Says::Go
    }

    /// Takes down what was said of a claim.
    fn note(&mut self, claim: Claim, verdict: PasswordVerdict) {
        match verdict {
            PasswordVerdict::Proven => self.proven.extend([claim.there, claim.somewhere]),
            PasswordVerdict::MayBeWrong if !self.proven.contains(&claim.there) => {
                let bad = number(&self.bad, claim.account).unwrap_or(0).saturating_add(1);
                self.bad.insert(claim.account, bad.to_ne_bytes());
            }
            PasswordVerdict::MayBeWrong | PasswordVerdict::NotLookedAt => {}
        }
    }
}

fn number(of: &HashMap<Key, Count>, account: Key) -> Option<u32> {
    of.get(&account).copied().map(u32::from_ne_bytes)
}

impl Accounts {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    fn turn(self: &Arc<Self>, claim: Claim) -> Turn {
        Turn { accounts: Arc::clone(self), claim, presented: false, settled: false }
    }

    fn ask(self: &Arc<Self>, claim: Claim) -> Asked {
        let mut state = self.state();
        match state.decide(self.budget, claim) {
            Says::Go => Asked::Go(self.turn(claim)),
            Says::No => Asked::No,
            Says::Wait => {
                let (sender, receiver) = oneshot::channel();
                state.busy.entry(claim.account).or_default().queue.push_back((claim, sender));
                Asked::Wait(receiver)
            }
        }
    }

    /// Books a verdict and lets go whoever may go now.
    fn book(self: &Arc<Self>, claim: Claim, verdict: PasswordVerdict) {
        let mut state = self.state();
        state.note(claim, verdict);
        let Some(busy) = state.busy.get_mut(&claim.account) else { return };
        busy.open.retain(|open| *open != claim);
        let waiting = std::mem::take(&mut busy.queue);
        let mut answers = Vec::new();
        for (claim, sender) in waiting {
            if sender.is_closed() {
                continue;
            }
            match state.decide(self.budget, claim) {
                Says::Go => answers.push((sender, Some(self.turn(claim)))),
                Says::No => answers.push((sender, None)),
                Says::Wait => {
                    state.busy.entry(claim.account).or_default().queue.push_back((claim, sender));
                }
            }
        }
        if state.busy.get(&claim.account).is_some_and(|busy| busy.open.is_empty() && busy.queue.is_empty()) {
            state.busy.remove(&claim.account);
        }
        // A turn that nobody takes any more comes back by its drop, which wants the lock.
        drop(state);
        for (sender, turn) in answers {
            drop(sender.send(turn));
        }
    }
}

impl Turn {
    fn into_admission(mut self) -> Admission {
        self.presented = true;
        Admission::Go(Box::new(self))
    }
}

impl Pass for Turn {
    fn settle(mut self: Box<Self>, verdict: PasswordVerdict) {
        self.settled = true;
        self.accounts.book(self.claim, verdict);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.settled {
            let verdict =
                if self.presented { PasswordVerdict::MayBeWrong } else { PasswordVerdict::NotLookedAt };
            self.accounts.book(self.claim, verdict);
        }
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
