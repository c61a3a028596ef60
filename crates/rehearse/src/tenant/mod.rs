//! The tenant's judgement: from switches, mailboxes and what a client presented to a ruling. No socket; the clock is
//! handed in, for the expiry of tokens.
//!
//! The order is the service's: what has ended, what is too busy, what the service takes at all, the SMTP AUTH switch,
//! and only then the credential; then what Entra decides after the first factor, then the mailbox's own switches.

mod token;

use std::sync::atomic::{AtomicU32, Ordering};

use mailprobe_probes::model::{Cause, Protocol, Secret};
use subtle::ConstantTimeEq as _;

use super::scenario::{Access, Account, Ews, Mailbox, Scenario, SmtpAuth};
use super::{Bench, Presented, Ruling, Words};
use token::Claims;

/// Seconds since 1970.
pub type Clock = fn() -> u64;

/// A tenant that lives by a scenario.
#[derive(Debug)]
pub struct Tenant {
    scenario: Scenario,
    clock: Clock,
    logins: AtomicU32,
}

impl Tenant {
    /// A tenant of this scenario.
    pub const fn new(scenario: Scenario, clock: Clock) -> Self {
        Self { scenario, clock, logins: AtomicU32::new(0) }
    }

    /// Its scenario.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Whether the secret is the right one for the name beside it, whatever the switches say.
    pub fn matches(&self, presented: &Presented<'_>) -> bool {
        match presented {
            Presented::Nothing => false,
            Presented::Password { user, password } => self
                .scenario
                .mailbox_of(user)
                .and_then(|mailbox| mailbox.password.as_ref())
                .is_some_and(|known| same(known, password)),
            Presented::Token { user, token } => {
                let owner = self.owner(token);
                let named = user.and_then(|user| self.scenario.mailbox_of(user));
                owner.is_some_and(|owner| named.is_none_or(|named| named.address == owner.address))
            }
        }
    }

    /// The mailbox that a token is of, by the scenario's list or by the name that stands in it.
    pub fn owner(&self, token: &str) -> Option<&Mailbox> {
        let named = Claims::read(token).and_then(|claims| claims.user);
        self.scenario.mailbox.iter().find(|mailbox| {
            mailbox.tokens.iter().any(|known| same(known, token.as_bytes()))
                || named.as_ref().is_some_and(|user| user.eq_ignore_ascii_case(&mailbox.address))
        })
    }

    /// Whether this is a token of somebody, or has a token's form.
    pub fn is_token(&self, text: &str) -> bool {
        self.owner(text).is_some() || Claims::read(text).is_some()
    }

    /// Whether this is the password of a mailbox.
    pub fn is_password(&self, secret: &[u8]) -> bool {
        let mut passwords = self.scenario.mailbox.iter().filter_map(|mailbox| mailbox.password.as_ref());
        passwords.any(|known| same(known, secret))
    }

    fn password(&self, protocol: Protocol, user: &str, password: &[u8]) -> Result<&Mailbox, Cause> {
        if !self.scenario.basic.open(protocol) {
            return Err(Cause::BasicDisabled);
        }
        let mailbox = self.scenario.mailbox_of(user);
        self.smtp_auth(protocol, mailbox)?;
        // Exchange says the same for a wrong name and a wrong password.
        let mailbox = mailbox.ok_or(Cause::BadCredentials)?;
        if !mailbox.password.as_ref().is_some_and(|known| same(known, password)) {
            return Err(Cause::BadCredentials);
        }
        if let Some(refusal) = mailbox.account.refusal() {
            return Err(refusal);
        }
        if self.scenario.tenant.security_defaults {
            return Err(Cause::SecurityDefaults);
        }
        if self.scenario.tenant.block_legacy {
            return Err(Cause::ConditionalAccess);
        }
        Ok(mailbox)
    }

    fn token(&self, protocol: Protocol, user: Option<&str>, token: &str) -> Result<&Mailbox, Cause> {
        if !self.scenario.oauth.open(protocol) {
            return Err(Cause::MechanismUnsupported);
        }
        let named = user.filter(|user| !user.is_empty()).map(|user| self.scenario.mailbox_of(user));
        // The switch is looked at for the address in the SASL message, before the token.
        self.smtp_auth(protocol, named.flatten())?;
        let known = |mailbox: &&Mailbox| mailbox.tokens.iter().any(|known| same(known, token.as_bytes()));
        let (owner, app) = if let Some(mailbox) = self.scenario.mailbox.iter().find(known) {
            (Some(mailbox), None)
        } else {
            let claims = Claims::read(token).ok_or(Cause::TokenInvalid)?;
            claims.judge(protocol, (self.clock)())?;
            // A token of an app by itself names nobody: it opens the mailbox that is asked for.
            let owner = claims.user.as_deref().map(|user| self.scenario.mailbox_of(user));
            match owner {
                Some(None) => return Err(Cause::TokenWrongUser),
                Some(owner) => (owner, claims.app),
                None if claims.of_app => (named.flatten(), claims.app),
                None => return Err(Cause::TokenInvalid),
            }
        };
        let owner = owner.ok_or(Cause::TokenWrongUser)?;
        if named.is_some_and(|named| named.is_none_or(|named| named.address != owner.address)) {
            return Err(Cause::TokenWrongUser);
        }
        if owner.account == Account::Disabled {
            return Err(Cause::AccountDisabled);
        }
        let listed = |app: &String| self.scenario.tenant.ews_allowed_apps.contains(app);
        if protocol == Protocol::Ews
            && self.scenario.tenant.ews == Ews::AllowList
            && !app.as_ref().is_some_and(listed)
        {
            return Err(Cause::AppBlocked);
        }
        Ok(owner)
    }

    fn smtp_auth(&self, protocol: Protocol, mailbox: Option<&Mailbox>) -> Result<(), Cause> {
        if protocol != Protocol::Smtp {
            return Ok(());
        }
        match mailbox.map_or(SmtpAuth::Inherit, |mailbox| mailbox.smtp_auth) {
            SmtpAuth::On => Ok(()),
            SmtpAuth::Off => Err(Cause::SmtpAuthDisabledMailbox),
            SmtpAuth::Inherit if self.scenario.tenant.smtp_auth => Ok(()),
            SmtpAuth::Inherit => Err(Cause::SmtpAuthDisabledTenant),
        }
    }

    /// Whether the service stands open at all, whoever asks.
    fn service(&self, protocol: Protocol) -> Result<(), Cause> {
        if self
            .scenario
            .throttle
            .logins
            .is_some_and(|most| self.logins.fetch_add(1, Ordering::Relaxed) >= most)
        {
            return Err(Cause::Throttled);
        }
        match (protocol, self.scenario.tenant.ews) {
            (Protocol::Ews, Ews::Retired) => Err(Cause::ServiceRetired),
            (Protocol::Ews, Ews::Off) => Err(Cause::ProtocolDisabled),
            _ => Ok(()),
        }
    }
}

/// Compared without a hint of where they differ: the tenant may stand where strangers can reach it.
fn same(known: &Secret, presented: &[u8]) -> bool {
    let known = known.expose();
    !known.is_empty() && bool::from(known.ct_eq(presented))
}

const fn access(mailbox: &Mailbox, protocol: Protocol) -> Access {
    match protocol {
        Protocol::Imap => mailbox.imap,
        Protocol::Pop3 => mailbox.pop3,
        Protocol::Ews => mailbox.ews,
        Protocol::ActiveSync => mailbox.activesync,
        _ => Access::On,
    }
}

impl Bench for Tenant {
    fn rule(&self, protocol: Protocol, presented: &Presented<'_>) -> Ruling {
        let judged = match presented {
            Presented::Nothing => Err(Cause::NotAuthenticated),
            Presented::Password { user, password } => {
                self.service(protocol).and_then(|()| self.password(protocol, user, password))
            }
            Presented::Token { user, token } => {
                self.service(protocol).and_then(|()| self.token(protocol, *user, token))
            }
        };
        let refused = |cause| Ruling { cause, mailbox: None, shut: None };
        match judged {
            Err(cause) => refused(cause),
            Ok(mailbox) => match access(mailbox, protocol) {
                Access::Off => refused(Cause::ProtocolDisabled),
                access => Ruling {
                    cause: Cause::Accepted,
                    mailbox: Some(mailbox.address.clone()),
                    shut: (access == Access::Shut).then_some(Cause::NoMailboxPermission),
                },
            },
        }
    }

    fn words(&self, protocol: Protocol, cause: Cause) -> Words {
        let fits = |answer: &&super::scenario::Answer| answer.protocol == protocol && answer.cause == cause;
        if let Some(answer) = self.scenario.words.iter().find(fits) {
            return answer.words();
        }
        let (status, text) = match protocol {
            Protocol::Imap => (None, "NO {command} failed."),
            Protocol::Pop3 => (None, "-ERR Login failed."),
            Protocol::Smtp => (Some(535), "535 5.7.3 Authentication unsuccessful"),
            _ => (Some(401), "Unauthorized"),
        };
        let source = "no words for this cause in the scenario".to_owned();
        Words { status, text: text.to_owned(), source, ..Words::default() }
    }
}

#[cfg(test)]
mod tests;
