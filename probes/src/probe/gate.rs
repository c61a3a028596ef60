//! The attempt gate, as a probe sees it: nobody presents a password without asking.

use crate::model::Secret;
use crate::wire::BoxFuture;

/// What the gate says to a session that is about to present a password.
pub enum Admission {
    /// Present it, then settle the pass.
    Go(Box<dyn Pass>),
    /// The account's budget is spent.
    Denied,
}

/// What the answer said about the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordVerdict {
    /// It is right.
    Proven,
    /// The answer came before anybody looked at the password.
    NotLookedAt,
    /// It may have counted as a bad attempt.
    MayBeWrong,
}

/// The right to present a password once. Dropped without a word, it counts as
/// [`PasswordVerdict::MayBeWrong`].
pub trait Pass: Send {
    /// Tells the gate what the answer was.
    fn settle(self: Box<Self>, verdict: PasswordVerdict);
}

/// Keeps an account from being locked: every session asks before it presents a password.
pub trait Gate: Send + Sync {
    /// Waits for the right to present `secret` for `account` at `endpoint`, whatever names it: what counts is only whether two
    /// sessions ask for the same one.
    fn admit<'a>(
        &'a self,
        account: &'a str,
        endpoint: &'a str,
        secret: &'a Secret,
    ) -> BoxFuture<'a, Admission>;
}

/// A gate that lets everybody through: for tests and for servers that lock nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenGate;

impl Gate for OpenGate {
    fn admit<'a>(
        &'a self,
        _account: &'a str,
        _endpoint: &'a str,
        _secret: &'a Secret,
    ) -> BoxFuture<'a, Admission> {
        Box::pin(async { Admission::Go(Box::new(OpenPass) as Box<dyn Pass>) })
    }
}

struct OpenPass;

impl Pass for OpenPass {
    fn settle(self: Box<Self>, _verdict: PasswordVerdict) {}
}
