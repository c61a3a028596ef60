//! Who may have a token: the question that the endpoint asks the tenant.

use mailprobe_probes::model::Cause;

/// How a person's password comes to the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flow {
    /// A person signs in on the page (RFC 6749 section 4.1).
    Interactive,
    /// A person signs in for a device (RFC 8628).
    DeviceCode,
    /// The client has the person's password (RFC 6749 section 4.3).
    Password,
}

/// Somebody whose sign-in was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// User principal name.
    pub upn: String,
    /// Object id.
    pub oid: String,
}

/// The tenant's people and its rules for sign-ins.
///
/// What a cause becomes: `bad-credentials` 50126, `no-such-user` 50034, `account-locked` 50053, `account-disabled` 50057,
/// `password-expired` 50055, `mfa-required` 50076, `conditional-access` 53003, `security-defaults` 530035,
/// `consent-required` 65001, `app-blocked` 50105, `throttled` 50196, `temporary` 90033; every other 50131.
pub trait People: Send + Sync {
    /// Whether this password of this user gets a token in this flow. A second factor is asked for
    /// nowhere: [`Cause::MfaRequired`] is a refusal, for those flows that could not ask for one.
    ///
    /// # Errors
    /// Why not.
    fn sign_in(&self, flow: Flow, client_id: &str, user: &str, password: &[u8]) -> Result<Person, Cause>;

    /// Whether a person who signed in before still gets a token. Asked when a code, a device
    /// code or a refresh token is exchanged.
    ///
    /// # Errors
    /// Why not.
    fn renew(&self, client_id: &str, upn: &str) -> Result<Person, Cause>;

    /// Whether an app that has proved itself gets a token of its own.
    ///
    /// # Errors
    /// Why not.
    fn app(&self, client_id: &str) -> Result<(), Cause> {
        let _ = client_id;
        Ok(())
    }
}

/// Time and chance.
pub trait World: Send + Sync {
    /// Seconds since 1970-01-01 UTC.
    fn now(&self) -> u64;

    /// Octets that nobody can guess.
    fn fill(&self, octets: &mut [u8]);
}

/// The machine's.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealWorld;

impl World for RealWorld {
    fn now(&self) -> u64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.unwrap_or_default().as_secs()
    }

    fn fill(&self, octets: &mut [u8]) {
        // It cannot fail once the machine is up; what is left of it then is zeros, which no one is told.
        let _ = aws_lc_rs::rand::fill(octets);
    }
}
