//! What the configuration in force watches. An alert about something that has left it can never end by itself, so it is told
//! no more: Alertmanager forgets it within minutes, and nobody is reminded of it.

use std::collections::HashSet;

use mailprobe_probes::model::Protocol;

use crate::alert::{Expiring, Subject};
use crate::config::Config;

/// What can have an alert.
#[derive(Debug, Default)]
pub(super) struct Watchlist {
    /// Target, module and endpoint of cells.
    endpoints: HashSet<(String, String, String)>,
    targets: HashSet<String>,
    /// Hosts with their ports, as certificates are named.
    hosts: HashSet<String>,
    /// Whether servers may point to other hosts, as ActiveSync does (MS-ASHTTP section 2.2.2.1.1.2.4).
    point_elsewhere: bool,
    client_secrets: HashSet<String>,
}

impl Watchlist {
    pub(super) fn of(config: &Config) -> Self {
        let mut list = Self::default();
        for watched in &config.watched {
            list.targets.insert(watched.target.name.clone());
            for url in &watched.endpoints {
                list.endpoints.insert((watched.target.name.clone(), watched.module.clone(), url.clone()));
            }
            for endpoint in &watched.standing.visit.endpoints {
                list.hosts.insert(format!("{}:{}", endpoint.host, endpoint.port));
                list.point_elsewhere |= endpoint.protocol == Protocol::ActiveSync;
            }
        }
        list.client_secrets.extend(config.ends.iter().map(|(name, ..)| name.clone()));
        list
    }

    /// Whether a subject is still watched.
    pub(super) fn holds(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Cell { key, .. } => {
                self.endpoints.contains(&(key.target.clone(), key.module.clone(), key.endpoint.clone()))
            }
            Subject::Expiry { what: Expiring::Certificate, name, .. } => {
                self.point_elsewhere || self.hosts.contains(name)
            }
            Subject::Expiry { what: Expiring::Token, name, .. } => self.targets.contains(name),
            Subject::Expiry { what: Expiring::ClientSecret, name, .. } => self.client_secrets.contains(name),
            Subject::Storm { .. } | Subject::Reminder { .. } => true,
        }
    }
}
