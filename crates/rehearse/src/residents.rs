//! The tenant's people as its token endpoint asks about them: the same mailboxes, passwords and switches as at the other
//! doors.

use std::sync::Arc;

use mailprobe_probes::model::Cause;
use sha2::{Digest as _, Sha256};

use super::House;
use super::oauth::{Flow, People, Person};
use super::scenario::{Account, Mailbox};

/// Who lives in a house.
pub(crate) struct Residents(Arc<House>);

impl Residents {
    pub(crate) const fn new(house: Arc<House>) -> Self {
        Self(house)
    }

    fn known(&self, user: &str) -> Result<&Mailbox, Cause> {
        self.0.tenant.scenario().mailbox_of(user).ok_or(Cause::NoSuchUser)
    }
}

impl People for Residents {
    fn sign_in(&self, flow: Flow, client_id: &str, user: &str, password: &[u8]) -> Result<Person, Cause> {
        let mailbox = self.known(user)?;
        if !self.0.tenant.matches(&super::Presented::Password { user, password }) {
            return Err(Cause::BadCredentials);
        }
        let organisation = &self.0.tenant.scenario().tenant;
        match (flow, mailbox.account.refusal()) {
            // A page can ask for the second factor, and an app password is for those who have no page.
            (Flow::Interactive | Flow::DeviceCode, Some(Cause::MfaRequired | Cause::AppPasswordRequired))
            | (_, None) => {}
            (_, Some(refusal)) => return Err(refusal),
        }
        match flow {
            // Since July 2026 security defaults stand in the way of device codes too (error 530035; seen in
            // https://github.com/mguessan/davmail/issues/510, read 2026-11-30; no page of Microsoft is on record).
            Flow::Password | Flow::DeviceCode if organisation.security_defaults => {
                Err(Cause::SecurityDefaults)
            }
            Flow::Password if organisation.block_legacy => Err(Cause::ConditionalAccess),
            _ => self.renew(client_id, user),
        }
    }

    fn renew(&self, _: &str, upn: &str) -> Result<Person, Cause> {
        let mailbox = self.known(upn)?;
        match mailbox.account {
            Account::Disabled => Err(Cause::AccountDisabled),
            Account::Locked => Err(Cause::AccountLocked),
            _ => Ok(Person { upn: mailbox.address.clone(), oid: oid(&mailbox.address) }),
        }
    }
}

/// An object id that is the same in every rehearsal.
fn oid(address: &str) -> String {
    let digest = Sha256::digest(address.to_lowercase());
    let octets = digest.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(octets).into_uuid().to_string()
}
