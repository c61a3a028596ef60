//! From drafts to visits: the secrets are read, and it is settled how far each visit goes.

use std::sync::Arc;

use mailprobe_probes::model::{Kind, Login, Phase, Secret};
use mailprobe_probes::probe::Options;

use super::drafts::Draft;
use super::error::{PlanError, Setting, words};
use super::{Beforehand, Visit};
use mailprobe_oauth::{Source, Vault, World};

/// What every visit has in common.
pub(super) struct Common<'a> {
    /// What it does; its last phase is the one that was asked for.
    pub(super) options: &'a Options,
    /// The mailbox that is opened, where it is not the account's own.
    pub(super) authzid: Option<&'a str>,
}

/// Reads the secrets and settles how far each visit goes.
pub(super) fn visits(
    common: &Common<'_>,
    drafts: Vec<Draft>,
    world: &mut World<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Visit>, PlanError> {
    let presents = common.options.stop_after >= Phase::Auth;
    let mut vault = Vault::new(world);
    let mut bare = 0_usize;
    let mut visits = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut secret = |kind, source: Option<&Source>| {
            let read = |source| vault.secret(kind, source, &draft.mailbox);
            let secret = source.filter(|_| presents).map(read).transpose();
            secret.map_err(|error| PlanError::of_secret(Setting::Secret(kind), error))
        };
        let password = secret(Kind::Password, draft.password.as_ref())?;
        let token = secret(Kind::Token, draft.token.as_ref())?;
        let profile = draft.profile.as_ref().filter(|_| presents);
        let nothing = presents && password.is_none() && token.is_none() && profile.is_none();
        bare += usize::from(nothing);
        visits.push(visit(common, draft, nothing, (password, token)));
    }
    if bare > 0 {
        let whom = if bare == visits.len() {
            String::new()
        } else {
            format!(" for {bare} of {} mailboxes", visits.len())
        };
        let note = words![
            format!("no password and no token given{whom}: only advertisements are read ("),
            Setting::PasswordPrompt,
            ", ",
            Setting::TokenEnv,
            ", ...)"
        ];
        notes.push(note.to_string());
    }
    Ok(visits)
}

/// One visit. `bare` is one without a secret: it reads advertisements.
pub(super) fn visit(
    common: &Common<'_>,
    draft: Draft,
    bare: bool,
    (password, token): (Option<Secret>, Option<Secret>),
) -> Visit {
    let asked = common.options.stop_after;
    Visit {
        mailbox: draft.mailbox,
        login: Arc::new(Login {
            authcid: draft.authcid,
            authzid: common.authzid.map(str::to_owned),
            password,
            token,
        }),
        endpoints: draft.endpoints,
        beforehand: Beforehand {
            profile: draft.profile.filter(|_| asked >= Phase::Auth),
            ..Beforehand::default()
        },
        options: Options {
            methods: draft.methods,
            stop_after: if bare { asked.min(Phase::Capability) } else { asked },
            ..common.options.clone()
        },
    }
}
