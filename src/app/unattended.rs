//! Tokens for a program that nobody sits in front of.

use std::sync::Arc;
use std::time::Duration;

use mailprobe_oauth::{Limits, Talk, Tokens};

use super::token::{cache, web};
use super::warn;
use crate::mistake::UserError;
use mailprobe_run::plan::Network;

/// Longest wait for a token endpoint where nobody waits.
const UNATTENDED: Duration = Duration::from_secs(30);

/// Nobody is there: what a daemon's flows have to say goes to its log.
struct Nobody;

impl Talk for Nobody {
    fn is_attended(&self) -> bool {
        false
    }

    fn sign_in_at(&self, _: &str) {}

    fn type_in(&self, _: &str, _: &str) {}

    fn note(&self, text: &str) {
        warn(&format!("note: {text}"));
    }
}

/// Where tokens come from while nobody is there who could sign in: cache, refresh tokens, secrets.
pub(super) fn unattended(network: &Network) -> Result<Tokens, UserError> {
    let limits = Limits { lock: UNATTENDED, ..Limits::default() };
    Ok(Tokens::new(web(network, UNATTENDED, UNATTENDED)?, cache()?, Arc::new(Nobody), limits))
}
