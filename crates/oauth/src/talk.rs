//! What a flow needs of its surroundings: somebody to talk to, and the time.

use jiff::Timestamp;

/// How the user hears of a sign-in that waits for a person. Told URLs and codes, never a secret.
pub trait Talk: Send + Sync {
    /// Whether there is a person who can sign in.
    fn is_attended(&self) -> bool;
    /// Somebody has to sign in at this URL, in a browser on this machine.
    fn sign_in_at(&self, url: &str);
    /// Somebody has to type this code in at this URL, on any machine.
    fn type_in(&self, url: &str, code: &str);
    /// Something worth knowing.
    fn note(&self, text: &str);
}

/// Seconds since 1970 by this machine's clock.
pub fn now() -> i64 {
    Timestamp::now().as_second()
}
