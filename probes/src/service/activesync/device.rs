//! The device that the client says it is.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// What is hashed before the mailbox. Another label would be another device in every mailbox.
const LABEL: &[u8] = b"mailprobe ActiveSync device\0";

/// The device as the server's administrator sees it in the mailbox's list of devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceIdentity {
    /// `DeviceId`: letters and digits, at most 32 (MS-ASHTTP section 2.2.1.1.1.2.3).
    pub id: String,
    /// `DeviceType`, and the model: letters and digits.
    pub kind: String,
    /// `User-Agent`.
    pub user_agent: String,
    /// What a list of devices shows; empty to leave it out.
    pub friendly_name: String,
    /// The operating system; empty to leave it out.
    pub os: String,
}

impl DeviceIdentity {
    /// The one device that this client ever is in this mailbox.
    pub fn of(mailbox: &str, user_agent: &str) -> Self {
        Self {
            id: device_id(mailbox),
            kind: "Mailprobe".to_owned(),
            user_agent: user_agent.to_owned(),
            friendly_name: "mailprobe login check".to_owned(),
            os: "Other".to_owned(),
        }
    }
}

/// The device id for a mailbox: 32 hexadecimal digits of a SHA-256, the same at every run and on every machine, so
/// that runs never pile up partnerships (a mailbox has room for 100 by default).
pub fn device_id(mailbox: &str) -> String {
    let digest = Sha256::new().chain_update(LABEL).chain_update(mailbox.to_lowercase()).finalize();
    digest.iter().take(16).fold(String::new(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}
