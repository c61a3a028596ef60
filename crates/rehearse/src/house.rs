//! The tenant together with what it will be like later: every login is judged at once for the scenario that runs and
//! for every date on the service's line of time, so that nothing secret has to be kept for a later judgement.

use mailprobe_probes::model::{Cause, Method, Protocol, harmless};

use super::record::{LoginTry, SecretShape};
use super::scenario::{SHIPPED, Scenario, ScenarioError, switches};
use super::tenant::{Clock, Tenant};
use super::{Bench as _, Presented, Ruling};

/// Longest name that is kept.
const LONGEST_NAME: usize = 100;

/// A tenant and its dates.
#[derive(Debug)]
pub struct House {
    /// As the scenario has it.
    pub tenant: Tenant,
    /// As it is from a day on, in the order of days.
    pub dates: Vec<Tenant>,
}

/// How a login came.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Over which protocol.
    pub protocol: Protocol,
    /// Whether the first message travelled with the command; `None` where the method knows no such thing.
    pub initial_response: Option<bool>,
    /// Whether there was TLS.
    pub secured: bool,
}

impl House {
    /// The tenant of a scenario, with the dates of the same service.
    ///
    /// # Errors
    /// None with the shipped scenarios, which tests load.
    pub fn new(scenario: Scenario, clock: Clock) -> Result<Self, ScenarioError> {
        let mut dates = Vec::new();
        for shipped in SHIPPED {
            let mut later = switches(shipped)?;
            if later.service == scenario.service && later.since.is_some() {
                // The same people live there.
                later.mailbox.clone_from(&scenario.mailbox);
                // What an administrator switched off stays off.
                later.tenant.security_defaults |= scenario.tenant.security_defaults;
                later.tenant.block_legacy |= scenario.tenant.block_legacy;
                later.tenant.smtp_auth &= scenario.tenant.smtp_auth;
                dates.push(later);
            }
        }
        dates.sort_by(|a, b| a.since.cmp(&b.since));
        let dates = dates.into_iter().map(|scenario| Tenant::new(scenario, clock)).collect();
        Ok(Self { tenant: Tenant::new(scenario, clock), dates })
    }

    /// Judges a login, now and at every date.
    pub fn judge(
        &self,
        how: Circumstances,
        method: &Method,
        presented: &Presented<'_>,
    ) -> (Ruling, LoginTry) {
        let line = self.tenant.scenario().line(how.protocol);
        let ruling = if !how.secured && !line.login_before_tls {
            Ruling { cause: Cause::TlsRequired, mailbox: None, shut: None }
        } else {
            rule(&self.tenant, how.protocol, method, presented)
        };
        let dates = self.dates.iter().map(|tenant| {
            // Who sends a secret without TLS is refused for that at every date.
            if !how.secured && !tenant.scenario().line(how.protocol).login_before_tls {
                return Cause::TlsRequired;
            }
            let then = rule(tenant, how.protocol, method, presented);
            then.shut.unwrap_or(then.cause)
        });
        let dates = dates.collect();
        let (user, secret, length) = match presented {
            Presented::Nothing => (None, SecretShape::Nothing, 0),
            Presented::Password { user, password } => (Some(*user), SecretShape::Password, password.len()),
            Presented::Token { user, token } => (*user, SecretShape::Token, token.len()),
        };
        let account = self.account(user, presented, &ruling);
        let user: String = user.unwrap_or_default().chars().take(LONGEST_NAME).collect();
        let tried = LoginTry {
            protocol: how.protocol,
            method: method.clone(),
            initial_response: how.initial_response,
            in_clear: !how.secured,
            user: harmless(user.as_bytes()),
            account,
            secret,
            mistaken: self.mistaken(presented),
            length,
            matched: self.tenant.matches(presented),
            cause: ruling.cause,
            shut: ruling.shut,
            dates,
        };
        (ruling, tried)
    }

    /// The mailbox that a login is for. Over HTTP a token names it, and no user.
    fn account(&self, user: Option<&str>, presented: &Presented<'_>, ruling: &Ruling) -> Option<String> {
        let tenant = &self.tenant;
        let known = match (user.filter(|user| !user.is_empty()), presented) {
            (Some(user), _) => match tenant.scenario().mailbox_of(user) {
                Some(mailbox) => Some(&mailbox.address),
                None => {
                    return Some(harmless(
                        user.chars().take(LONGEST_NAME).collect::<String>().to_lowercase().as_bytes(),
                    ));
                }
            },
            (None, Presented::Token { token, .. }) => {
                ruling.mailbox.as_ref().or_else(|| tenant.owner(token).map(|mailbox| &mailbox.address))
            }
            (None, _) => None,
        };
        known.cloned()
    }

    /// Whether one kind of secret was shown as the other.
    fn mistaken(&self, presented: &Presented<'_>) -> bool {
        match presented {
            Presented::Nothing => false,
            Presented::Token { token, .. } => self.tenant.is_password(token.as_bytes()),
            Presented::Password { password, .. } => {
                std::str::from_utf8(password).is_ok_and(|text| self.tenant.is_token(text))
            }
        }
    }

    /// Which of the dates is in force on this day (YYYY-MM-DD).
    pub fn in_force(&self, day: &str) -> Option<usize> {
        let since = |at: usize| self.dates.get(at).and_then(|tenant| tenant.scenario().since.as_deref());
        (0..self.dates.len()).rev().find(|at| since(*at).is_some_and(|since| since <= day))
    }

    /// What a verdict is about: the service on this day, or the scenario where its service has no dates.
    pub(super) fn when(&self, day: &str) -> &'static str {
        if self.in_force(day).is_some() { "today" } else { "in this scenario" }
    }
}

/// Whether a tenant takes no such version of `ActiveSync` any more.
pub(super) fn old_activesync(tenant: &Tenant, version: &str) -> bool {
    !tenant.scenario().site().activesync.versions.iter().any(|known| known == version.trim())
}

fn rule(tenant: &Tenant, protocol: Protocol, method: &Method, presented: &Presented<'_>) -> Ruling {
    if let Method::Sasl(name) = method
        && !tenant.scenario().line(protocol).understands(name)
    {
        return Ruling { cause: Cause::MechanismUnsupported, mailbox: None, shut: None };
    }
    tenant.rule(protocol, presented)
}
