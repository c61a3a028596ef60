//! Exchange ActiveSync (MS-ASHTTP, MS-ASCMD).
//!
//! What logs in is OPTIONS, which leaves nothing behind. Every POST may enter the device into the mailbox's list of
//! devices, so the further steps are functions that a caller has to want: [`folder_sync`] opens the mailbox,
//! [`provision`] and [`provision_acknowledge`] take the policy that some servers ask for first,
//! [`settings_device_information`] and [`settings_user_information`] tell and ask. They all use one [`DeviceIdentity`],
//! which is the same for a mailbox every time.

mod answer;
mod body;
mod device;
mod request;
mod status;
#[cfg(test)]
mod tests;
mod version;

use super::{Reading, Service, Subject, Verdict};
use crate::model::{HttpRequest, HttpResponse, Protocol};

pub use body::{Provisioned, asks_for_provision, read_folder_sync, read_provision, read_settings};
pub use device::{DeviceIdentity, device_id};
pub use request::{
    folder_sync, provision, provision_acknowledge, settings_device_information, settings_user_information,
};
pub use status::{StatusCode, StatusOf, status_code};
pub use version::{Version, chosen_version, listed_versions};

/// Exchange ActiveSync.
#[derive(Debug, Clone, Copy, Default)]
pub struct ActiveSync;

impl Service for ActiveSync {
    fn protocol(&self) -> Protocol {
        Protocol::ActiveSync
    }

    /// OPTIONS: `SOGo` challenges on nothing else, a POST gets 403 without a challenge.
    fn advertisement(&self, subject: &Subject) -> HttpRequest {
        request::options(subject)
    }

    /// OPTIONS: it is authenticated like any request and, alone among them, opens no state for the device.
    fn login(&self, subject: &Subject) -> HttpRequest {
        request::options(subject)
    }

    fn read_login(&self, response: &HttpResponse) -> Reading {
        answer::unless_fine(response).unwrap_or_else(|| answer::options(response))
    }
}

/// Whether an answer to OPTIONS without credentials already says all: then the same answer with credentials proves
/// nothing about them.
pub fn answers_anyone(advertised: &HttpResponse) -> bool {
    ActiveSync.read_login(advertised).verdict == Verdict::Accepted
}
