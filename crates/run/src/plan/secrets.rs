//! From drafts to visits: the secrets are read, and it is settled how far each visit goes.

use std::sync::Arc;

use mailprobe_probes::model::{Kind, Login, Phase, Secret};
use mailprobe_probes::probe::Options;

use super::drafts::{Draft, Drafts};
use super::error::{PlanError, Setting, words};
use super::methods::Untried;
use super::visits::Visits;
use super::{Abilities, Beforehand, Visit};
use mailprobe_oauth::{Source, Vault, World};

/// What every visit has in common.
#[derive(Debug, Clone)]
pub(super) struct Common {
    /// What it does; its last phase is the one that was asked for.
    pub(super) options: Options,
    /// The mailbox that is opened, where it is not the account's own.
    pub(super) authzid: Option<String>,
}

/// Reads the secrets of all visits, and notes what cannot be tried for want of one. The visits are looked at and let go: they
/// are made again when their turn comes.
pub(super) fn visits(
    common: Common,
    drafts: Drafts,
    world: &mut World<'_>,
    abilities: &Abilities<'_>,
    notes: &mut Vec<String>,
) -> Result<Visits, PlanError> {
    let mut vault = Vault::new(world);
    let (mut bare, mut len) = (0_usize, 0_usize);
    let mut untried = Untried::default();
    for draft in drafts.iter(abilities) {
        let visit = common.visit(draft?, |kind, source, mailbox| {
            let read = vault.secret(kind, source, mailbox);
            read.map_err(|error| PlanError::of_secret(Setting::Secret(kind), error))
        })?;
        len += 1;
        bare += usize::from(common.presents() && visit.is_bare());
        untried.take(&visit, abilities);
    }
    let secrets = vault.keep();
    if bare > 0 {
        let whom = if bare == len { String::new() } else { format!(" for {bare} of {len} mailboxes") };
        let note = words![
            format!("no password and no token given{whom}: only advertisements are read ("),
            Setting::PasswordPrompt,
            ", ",
            Setting::TokenEnv,
            ", ...)"
        ];
        notes.push(note.to_string());
    }
    untried.say(notes);
    Ok(Visits::of_drafts(drafts, common, secrets, len))
}

impl Common {
    /// Whether visits go as far as a login.
    fn presents(&self) -> bool {
        self.options.stop_after >= Phase::Auth
    }

    /// The visit of a draft with the secrets that `secret` finds, where one is presented.
    pub(super) fn visit(
        &self,
        draft: Draft,
        mut secret: impl FnMut(Kind, &Source, &str) -> Result<Secret, PlanError>,
    ) -> Result<Visit, PlanError> {
        let mut read = |kind, source: Option<&Source>| {
            source.filter(|_| self.presents()).map(|source| secret(kind, source, &draft.mailbox)).transpose()
        };
        let password = read(Kind::Password, draft.password.as_ref())?;
        let token = read(Kind::Token, draft.token.as_ref())?;
        let mut visit = self.visit_with(draft, (password, token));
        if self.presents() && visit.is_bare() {
            visit.options.stop_after = visit.options.stop_after.min(Phase::Capability);
        }
        Ok(visit)
    }

    /// The visit of a draft with these secrets.
    pub(super) fn visit_with(
        &self,
        draft: Draft,
        (password, token): (Option<Secret>, Option<Secret>),
    ) -> Visit {
        Visit {
            mailbox: draft.mailbox,
            login: Arc::new(Login { authcid: draft.authcid, authzid: self.authzid.clone(), password, token }),
            endpoints: draft.endpoints,
            beforehand: Beforehand {
                profile: draft.profile.filter(|_| self.presents()),
                ..Beforehand::default()
            },
            options: Options { methods: draft.methods, ..self.options.clone() },
        }
    }
}

impl Visit {
    /// Whether there is nothing to present.
    fn is_bare(&self) -> bool {
        !self.has(Kind::Password) && !self.has(Kind::Token)
    }
}
