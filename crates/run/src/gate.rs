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

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use mailprobe_probes::model::Secret;
use mailprobe_probes::probe::{Admission, Gate, Pass, PasswordVerdict};
use mailprobe_probes::wire::BoxFuture;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::oneshot;

/// The gate of one run.
#[derive(Debug)]
pub struct AttemptGate {
    budget: u32,
    accounts: Mutex<HashMap<String, Arc<Account>>>,
    // Secrets are told apart by a hash that is keyed anew in every process.
    hasher: RandomState,
}

#[derive(Debug)]
struct Account {
    budget: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bad: u32,
    /// Which passwords are proven, and where.
    proven: HashSet<Claim>,
    /// What is being presented where it is not proven.
    open: Vec<Claim>,
    queue: VecDeque<(Claim, oneshot::Sender<Option<Turn>>)>,
}

/// That a secret is right at an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Claim {
    secret: u64,
    endpoint: String,
}

/// The right to present one secret at one endpoint. Dropped, it goes back to the account.
#[derive(Debug)]
struct Turn {
    account: Arc<Account>,
    claim: Claim,
    presented: bool,
    settled: bool,
}

impl AttemptGate {
    /// A gate that lets `budget` possibly wrong presentations through for each account.
    pub fn new(budget: u32) -> Self {
        Self { budget, accounts: Mutex::default(), hasher: RandomState::new() }
    }

    /// Another budget for one account, before anything is presented for it.
    pub fn limit(&self, name: &str, budget: u32) {
        let mut accounts = self.accounts.lock();
        accounts.insert(name.to_lowercase(), Arc::new(Account { budget, state: Mutex::default() }));
    }

    fn account(&self, name: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock();
        let account = accounts
            .entry(name.to_lowercase())
            .or_insert_with(|| Arc::new(Account { budget: self.budget, state: Mutex::default() }));
        Arc::clone(account)
    }
}

impl Gate for AttemptGate {
    fn admit<'a>(
        &'a self,
        account: &'a str,
        endpoint: &'a str,
        secret: &'a Secret,
    ) -> BoxFuture<'a, Admission> {
        let account = self.account(account);
        let claim =
            Claim { secret: self.hasher.hash_one(secret.expose()), endpoint: endpoint.to_lowercase() };
        Box::pin(async move {
            match account.ask(claim) {
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
    fn decide(&mut self, budget: u32, claim: &Claim) -> Says {
        if self.proven.contains(claim) {
            return Says::Go;
        }
        let left = budget.saturating_sub(self.bad);
        if left == 0 {
            return Says::No;
        }
        let somewhere = self.proven.iter().any(|proven| proven.secret == claim.secret);
        let most = if somewhere { left as usize } else { 1 };
        if self.open.len() >= most || self.open.iter().any(|open| open.endpoint == claim.endpoint) {
            return Says::Wait;
        }
        self.open.push(claim.clone());
        Says::Go
    }
}

impl Account {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    fn turn(self: &Arc<Self>, claim: Claim) -> Turn {
        Turn { account: Arc::clone(self), claim, presented: false, settled: false }
    }

    fn ask(self: &Arc<Self>, claim: Claim) -> Asked {
        let mut state = self.state();
        match state.decide(self.budget, &claim) {
            Says::Go => Asked::Go(self.turn(claim)),
            Says::No => Asked::No,
            Says::Wait => {
                let (sender, receiver) = oneshot::channel();
                state.queue.push_back((claim, sender));
                Asked::Wait(receiver)
            }
        }
    }

    /// Books a verdict and lets go whoever may go now.
    fn book(self: &Arc<Self>, claim: &Claim, verdict: PasswordVerdict) {
        let mut state = self.state();
        state.open.retain(|open| open != claim);
        match verdict {
            PasswordVerdict::Proven => {
                state.proven.insert(claim.clone());
            }
            PasswordVerdict::MayBeWrong if !state.proven.contains(claim) => {
                state.bad = state.bad.saturating_add(1);
            }
            PasswordVerdict::MayBeWrong | PasswordVerdict::NotLookedAt => {}
        }
        let waiting = std::mem::take(&mut state.queue);
        let mut answers = Vec::new();
        for (claim, sender) in waiting {
            if sender.is_closed() {
                continue;
            }
            match state.decide(self.budget, &claim) {
                Says::Go => answers.push((sender, Some(self.turn(claim)))),
                Says::No => answers.push((sender, None)),
                Says::Wait => state.queue.push_back((claim, sender)),
            }
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
        self.account.book(&self.claim, verdict);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.settled {
            let verdict =
                if self.presented { PasswordVerdict::MayBeWrong } else { PasswordVerdict::NotLookedAt };
            self.account.book(&self.claim, verdict);
        }
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
