//! What is known of passwords that were presented, over visits and restarts: one that was refused as wrong is not sent again
//! until it is another one. Known is a keyed hash, never the password.
//!
//! A password that nobody knows anything of is written down as pending *before* it is presented, so that a canary that
//! is killed at that moment does not present it at once when it is started again; after an hour it may be tried once more. A
//! refusal by a policy says nothing about the password, so it is asked for again: a canary that did not would sleep through
//! passwords being switched on again. Tokens lock no account and stand outside of this.
//!
//! A password that was right yesterday may be wrong today, and not every server says so: some only close the connection.
//! After four visits in a row in which it was presented and nobody took it or said why not, it is pending, too.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mailprobe_probes::diagnose::spares_the_password;
use mailprobe_probes::model::{
    Attempt, Cause, Diagnosis, EndpointReport, Kind, Outcome, Reply, Report, Secret,
};
use mailprobe_probes::probe::{Admission, Gate, Pass, PasswordVerdict};
use mailprobe_probes::wire::BoxFuture;

use super::history::{History, SecretKey, SecretRow, SecretVerdict};
use super::view::Micros;
use mailprobe_judge::{kind, presented};
use mailprobe_run::AttemptGate;
use parking_lot::{Mutex, MutexGuard};

/// How long a password stays pending whose answer nobody knows: Entra ID counts failures by the hour.
const PENDING: Micros = 3_600 * 1_000_000;

/// Visits in a row that may leave a known password without an answer: enough to confirm by default that nobody answers, and
/// fewer than lock an account.
const UNANSWERED: u32 = 4;

/// What is known of secrets.
#[derive(Debug)]
pub struct Memory {
    key: SecretKey,
    known: Mutex<HashMap<(String, String), (SecretVerdict, Micros)>>,
    /// How many visits in a row left a password without an answer, by account and digest.
    unanswered: Mutex<HashMap<(String, String), u32>>,
    presented: AtomicU64,
}

impl Memory {
    /// With what the history knows.
    pub fn new(key: SecretKey, rows: impl IntoIterator<Item = SecretRow>) -> Self {
        let known = rows.into_iter().map(|row| ((row.account, row.digest), (row.verdict, row.at))).collect();
        Self { key, known: Mutex::new(known), unanswered: Mutex::default(), presented: AtomicU64::new(0) }
    }

    /// Passwords presented since the start.
    pub fn presented(&self) -> u64 {
        self.presented.load(Ordering::Relaxed)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<(String, String), (SecretVerdict, Micros)>> {
        self.known.lock()
    }

    fn row(&self, account: &str, secret: &Secret, verdict: SecretVerdict, at: Micros) -> SecretRow {
        let account = account.to_lowercase();
        let digest = self.key.digest(&account, secret);
        SecretRow { account, digest, verdict, at }
    }

    fn note(&self, row: &SecretRow) {
        self.known().insert((row.account.clone(), row.digest.clone()), (row.verdict, row.at));
    }

    fn verdict(&self, row: &SecretRow) -> Option<(SecretVerdict, Micros)> {
        self.known().get(&(row.account.clone(), row.digest.clone())).copied()
    }

    /// What a report says of the password that was presented in it; nothing where nothing new is known.
    pub fn learn(&self, account: &str, secret: &Secret, report: &Report, at: Micros) -> Option<SecretRow> {
        let account = account.to_lowercase();
        let place = (account.clone(), self.key.digest(&account, secret));
        let mut unanswered = self.unanswered.lock();
        let verdict = match verdict(report) {
            Some(verdict) => verdict,
            None if may_have_been_wrong(report) => {
                let times = unanswered.entry(place.clone()).or_default();
                *times += 1;
                if *times < UNANSWERED {
                    return None;
                }
                SecretVerdict::Pending
            }
            None => return None,
        };
        unanswered.remove(&place);
        drop(unanswered);
        let row = SecretRow { account: place.0, digest: place.1, verdict, at };
        let news = self.verdict(&row).is_none_or(|(known, _)| known != verdict);
        self.note(&row);
        news.then_some(row)
    }
}

/// Whether the password was presented and may have counted as a bad attempt although nobody called it wrong.
fn may_have_been_wrong(report: &Report) -> bool {
    let spared = |endpoint: &EndpointReport, answer: &Option<Box<(Reply, Diagnosis)>>| {
        let answer = answer.as_deref();
        answer.is_some_and(|(reply, why)| spares_the_password(endpoint.protocol, reply, why))
    };
    report.endpoints.iter().any(|endpoint| {
        endpoint.attempts.iter().any(|attempt| {
            kind(&attempt.method) == Some(Kind::Password)
                && presented(attempt)
                && matches!(&attempt.outcome, Outcome::Inconclusive { answer, .. } if !spared(endpoint, answer))
        })
    })
}

/// What the answers say of the password.
fn verdict(report: &Report) -> Option<SecretVerdict> {
    let attempts = || {
        let all = report.endpoints.iter().flat_map(|endpoint| &endpoint.attempts);
        all.filter(|attempt| kind(&attempt.method) == Some(Kind::Password))
    };
    let refused = |test: fn(Cause) -> bool| {
        attempts().any(|attempt| {
            matches!(&attempt.outcome, Outcome::Refused { diagnosis, .. } if test(diagnosis.first()))
        })
    };
    if attempts().any(|attempt: &Attempt| matches!(attempt.outcome, Outcome::Accepted { .. })) {
        Some(SecretVerdict::Proven)
    } else if refused(may_lock) {
        Some(SecretVerdict::Refused)
    } else if refused(|_| true) {
        Some(SecretVerdict::Open)
    } else {
        None
    }
}

/// Whether a refusal for this cause, again and again, may lock the account. A sign-in rule refuses a password that was
/// looked at and found right (or never looked at it), and is what a canary watches.
const fn may_lock(cause: Cause) -> bool {
    cause.may_count_as_bad_password()
        && !matches!(
            cause,
            Cause::SecurityDefaults
                | Cause::ConditionalAccess
                | Cause::LocationBlocked
                | Cause::AppBlocked
                | Cause::MfaRequired
        )
}

/// The gate of one visit: the attempt gate of every run, and the memory of all visits before it.
pub struct VisitGate {
    within: AttemptGate,
    memory: Arc<Memory>,
    history: History,
    now: Micros,
    told_by_issuer: Arc<Mutex<Option<SecretRow>>>,
}

impl VisitGate {
    /// A gate for a visit that begins now.
    pub fn new(memory: Arc<Memory>, history: History, now: Micros) -> Self {
        Self { within: AttemptGate::new(1), memory, history, now, told_by_issuer: Arc::default() }
    }

    /// The same gate for a password that goes to the issuer of a token: no report has an attempt for that, so what the issuer
    /// said of it is learnt as it is said.
    pub const fn of_issuer(&self) -> IssuerGate<'_> {
        IssuerGate(self)
    }

    /// What the issuer said of the password.
    pub fn told_by_issuer(&self) -> Option<SecretRow> {
        self.told_by_issuer.lock().take()
    }

    async fn ask(&self, account: &str, endpoint: &str, secret: &Secret) -> Admission {
        let pass = match self.within.admit(account, endpoint, secret).await {
            Admission::Go(pass) => pass,
            Admission::Denied => return Admission::Denied,
        };
        let row = self.memory.row(account, secret, SecretVerdict::Pending, self.now);
        let known = self.memory.verdict(&row);
        let admitted = match known {
            Some((SecretVerdict::Proven | SecretVerdict::Open, _)) => true,
            Some((SecretVerdict::Refused, _)) => false,
            // This very visit wrote it down.
            Some((SecretVerdict::Pending, at)) if at == self.now => true,
            Some((SecretVerdict::Pending, at)) if (self.now - at).abs() < PENDING => false,
            Some((SecretVerdict::Pending, _)) | None => match self.history.note_secret(&row).await {
                Ok(()) => {
                    self.memory.note(&row);
                    true
                }
                // What cannot be remembered is not risked.
                Err(_) => false,
            },
        };
        if admitted {
            self.memory.presented.fetch_add(1, Ordering::Relaxed);
            Admission::Go(pass)
        } else {
            pass.settle(PasswordVerdict::NotLookedAt);
            Admission::Denied
        }
    }
}

impl Gate for VisitGate {
    fn admit<'a>(
        &'a self,
        account: &'a str,
        endpoint: &'a str,
        secret: &'a Secret,
    ) -> BoxFuture<'a, Admission> {
        Box::pin(self.ask(account, endpoint, secret))
    }
}

/// See [`VisitGate::of_issuer`].
pub struct IssuerGate<'g>(&'g VisitGate);

impl Gate for IssuerGate<'_> {
    fn admit<'a>(
        &'a self,
        account: &'a str,
        endpoint: &'a str,
        secret: &'a Secret,
    ) -> BoxFuture<'a, Admission> {
        Box::pin(async move {
            match self.0.ask(account, endpoint, secret).await {
                Admission::Go(pass) => Admission::Go(Box::new(Learning {
                    pass,
                    row: self.0.memory.row(account, secret, SecretVerdict::Pending, self.0.now),
                    memory: Arc::clone(&self.0.memory),
                    told: Arc::clone(&self.0.told_by_issuer),
                })),
                Admission::Denied => Admission::Denied,
            }
        })
    }
}

/// A pass whose verdict is remembered.
struct Learning {
    pass: Box<dyn Pass>,
    row: SecretRow,
    memory: Arc<Memory>,
    told: Arc<Mutex<Option<SecretRow>>>,
}

impl Pass for Learning {
    fn settle(mut self: Box<Self>, verdict: PasswordVerdict) {
        self.row.verdict = match verdict {
            PasswordVerdict::Proven => SecretVerdict::Proven,
            PasswordVerdict::NotLookedAt => SecretVerdict::Open,
            PasswordVerdict::MayBeWrong => SecretVerdict::Refused,
        };
        self.memory.note(&self.row);
        *self.told.lock() = Some(self.row);
        self.pass.settle(verdict);
    }
}
