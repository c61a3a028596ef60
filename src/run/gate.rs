//! The attempt gate: one wrong password costs one bad attempt, however many sessions are waiting.
//!
//! Sessions open in parallel and park here before they present a password. One goes at a time until the
//! password is known to be right; then everybody may. An answer that may have counted as a bad attempt is
//! charged to the account; when its budget is spent, everybody still waiting is sent away. An answer that
//! came before the password was looked at costs nothing, and the next in line goes: alone, because the next
//! server may look. The budget is per account and shared by all endpoints of a run.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mailprobe_probes::model::Secret;
use mailprobe_probes::probe::{Admission, Gate, Pass, PasswordVerdict};
use mailprobe_probes::wire::BoxFuture;
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
    proven: HashSet<u64>,
    busy: bool,
    queue: VecDeque<(u64, oneshot::Sender<Option<Turn>>)>,
}

/// The right to present one secret. Dropped, it goes back to the account.
#[derive(Debug)]
struct Turn {
    account: Arc<Account>,
    secret: u64,
    alone: bool,
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
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(name.to_lowercase(), Arc::new(Account { budget, state: Mutex::default() }));
    }

    fn account(&self, name: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts
            .entry(name.to_lowercase())
            .or_insert_with(|| Arc::new(Account { budget: self.budget, state: Mutex::default() }));
        Arc::clone(account)
    }
}

impl Gate for AttemptGate {
    fn admit<'a>(&'a self, account: &'a str, secret: &'a Secret) -> BoxFuture<'a, Admission> {
        let account = self.account(account);
        let secret = self.hasher.hash_one(secret.expose());
        Box::pin(async move {
            match account.ask(secret) {
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

impl Account {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(self: &Arc<Self>, secret: u64, alone: bool) -> Turn {
        Turn { account: Arc::clone(self), secret, alone, presented: false, settled: false }
    }

    fn ask(self: &Arc<Self>, secret: u64) -> Asked {
        let mut state = self.state();
        if state.proven.contains(&secret) {
            Asked::Go(self.turn(secret, false))
        } else if state.bad >= self.budget {
            Asked::No
        } else if state.busy {
            let (sender, receiver) = oneshot::channel();
            state.queue.push_back((secret, sender));
            Asked::Wait(receiver)
        } else {
            state.busy = true;
            Asked::Go(self.turn(secret, true))
        }
    }

    /// Books a verdict and lets go whoever may go now.
    fn book(self: &Arc<Self>, secret: u64, alone: bool, verdict: PasswordVerdict) {
        let mut state = self.state();
        match verdict {
            PasswordVerdict::Proven => {
                state.proven.insert(secret);
            }
            PasswordVerdict::NotLookedAt => {}
            PasswordVerdict::MayBeWrong => state.bad = state.bad.saturating_add(1),
        }
        if alone {
            state.busy = false;
        }
        let waiting = std::mem::take(&mut state.queue);
        let mut answers = Vec::new();
        for (secret, sender) in waiting {
            if sender.is_closed() {
                continue;
            }
            if state.proven.contains(&secret) {
                answers.push((sender, Some(self.turn(secret, false))));
            } else if state.bad >= self.budget {
                answers.push((sender, None));
            } else if state.busy {
                state.queue.push_back((secret, sender));
            } else {
                state.busy = true;
                answers.push((sender, Some(self.turn(secret, true))));
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
        self.account.book(self.secret, self.alone, verdict);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.settled {
            let verdict =
                if self.presented { PasswordVerdict::MayBeWrong } else { PasswordVerdict::NotLookedAt };
            self.account.book(self.secret, self.alone, verdict);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::future::Future;

    const ALICE: &str = "alice@example.com";

    /// The answer if there is one already; `None` while the session is parked.
    fn now(asking: &mut (impl Future<Output = Admission> + Unpin)) -> Option<Admission> {
        asking.now_or_never()
    }

    fn go(admission: Option<Admission>) -> Box<dyn Pass> {
        match admission {
            Some(Admission::Go(pass)) => pass,
            Some(Admission::Denied) => panic!("denied"),
            None => panic!("parked"),
        }
    }

    fn is_denied(admission: Option<&Admission>) -> bool {
        matches!(admission, Some(Admission::Denied))
    }

    #[test]
    fn a_wrong_password_is_presented_once_however_many_wait() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("typo"));
        let first = go(now(&mut gate.admit(ALICE, &secret)));
        let mut waiting: Vec<_> = (0..5).map(|_| gate.admit("Alice@Example.com", &secret)).collect();
        assert!(waiting.iter_mut().all(|asking| now(asking).is_none()), "all park behind the first");
        first.settle(PasswordVerdict::MayBeWrong);
        assert!(waiting.iter_mut().all(|asking| is_denied(now(asking).as_ref())));
        assert!(is_denied(now(&mut gate.admit(ALICE, &secret)).as_ref()), "and so is everybody later");
    }

    #[test]
    fn a_proven_password_opens_the_gate_for_all_at_once() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("right"));
        let first = go(now(&mut gate.admit(ALICE, &secret)));
        let mut waiting: Vec<_> = (0..3).map(|_| gate.admit(ALICE, &secret)).collect();
        assert!(waiting.iter_mut().all(|asking| now(asking).is_none()));
        first.settle(PasswordVerdict::Proven);
        let passes: Vec<_> = waiting.iter_mut().map(|asking| go(now(asking))).collect();
        assert_eq!(passes.len(), 3);
    }

    #[test]
    fn a_policy_refusal_costs_nothing_and_the_next_goes_alone() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("unknown"));
        let first = go(now(&mut gate.admit(ALICE, &secret)));
        let (mut second, mut third) = (gate.admit(ALICE, &secret), gate.admit(ALICE, &secret));
        assert!(now(&mut second).is_none() && now(&mut third).is_none());
        first.settle(PasswordVerdict::NotLookedAt);
        let second = go(now(&mut second));
        assert!(now(&mut third).is_none(), "the next server may look at the password");
        second.settle(PasswordVerdict::MayBeWrong);
        assert!(is_denied(now(&mut third).as_ref()));
    }

    #[test]
    fn a_session_that_dies_with_the_password_on_the_wire_counts_as_bad() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("unknown"));
        drop(go(now(&mut gate.admit(ALICE, &secret))));
        assert!(is_denied(now(&mut gate.admit(ALICE, &secret)).as_ref()));
    }

    #[test]
    fn a_parked_session_that_goes_away_does_not_take_the_turn_with_it() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("unknown"));
        let first = go(now(&mut gate.admit(ALICE, &secret)));
        let (mut second, mut third) = (gate.admit(ALICE, &secret), gate.admit(ALICE, &secret));
        assert!(now(&mut second).is_none() && now(&mut third).is_none());
        first.settle(PasswordVerdict::NotLookedAt);
        drop(second);
        drop(go(now(&mut third)));
    }

    #[test]
    fn an_account_with_a_budget_of_its_own_presents_no_more_than_that() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("right"));
        gate.limit("Alice@example.com", 0);
        assert!(is_denied(now(&mut gate.admit(ALICE, &secret)).as_ref()));
        drop(go(now(&mut gate.admit("bob@example.com", &secret))));
    }

    #[test]
    fn accounts_do_not_share_a_budget_and_none_of_zero_presents_anything() {
        let (gate, secret) = (AttemptGate::new(1), Secret::new("typo"));
        go(now(&mut gate.admit(ALICE, &secret))).settle(PasswordVerdict::MayBeWrong);
        drop(go(now(&mut gate.admit("bob@example.com", &secret))));
        assert!(is_denied(now(&mut AttemptGate::new(0).admit(ALICE, &secret)).as_ref()));
    }
}
