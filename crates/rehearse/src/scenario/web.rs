//! What a scenario says of its web server and token endpoint, with what follows from the rest of it.

use super::Scenario;
use crate::oauth::Directory;
use crate::web::Site;

/// Versions of `ActiveSync` that Exchange has spoken, in rising order (MS-ASHTTP section 2.2.1.1.2.4 and its appendix).
const ACTIVESYNC: &[&str] = &["2.5", "12.0", "12.1", "14.0", "14.1", "16.0", "16.1"];

impl Scenario {
    /// The web server.
    pub fn site(&self) -> Site {
        let mut site = self.site.clone();
        let number = |version: &str| version.parse::<f32>().unwrap_or_default();
        let minimum = number(&self.tenant.activesync_minimum);
        let taken = ACTIVESYNC.iter().filter(|version| number(version) >= minimum);
        site.activesync.versions = taken.map(|version| (*version).to_owned()).collect();
        site
    }

    /// The token endpoint's tenant: the domains are those of the mailboxes, unless it names others.
    pub fn directory(&self) -> Directory {
        let mut directory = self.directory.clone();
        if directory.domains.is_empty() {
            let domains = self.mailbox.iter().filter_map(|mailbox| mailbox.address.split_once('@'));
            directory.domains = domains.map(|(_, domain)| domain.to_owned()).collect();
            directory.domains.sort();
            directory.domains.dedup();
        }
        directory
    }
}
