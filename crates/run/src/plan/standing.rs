//! A check that is decided once and carried out many times: everything of a [`Plan`](super::Plan) for one mailbox but the
//! secrets, which are read anew for every visit, because they change while a canary runs.

use std::io;

use mailprobe_probes::model::{Kind, Login, Phase, Secret};

use super::checks::{self, WrittenFor};
use super::drafts::Drafts;
use super::error::{PlanError, PlanErrors, Setting, words};
use super::request::{Reach, Request};
use super::secrets::Common;
use super::survey::Survey;
use super::{Abilities, Network, Visit, policies, reach, rules, scope};
use mailprobe_judge::{Policy, Rule};
use mailprobe_oauth::{SecretError, Source, World};

/// One mailbox, ready to be visited as often as one likes.
#[derive(Clone)]
pub struct Standing {
    /// What is visited; nobody logs in yet.
    pub visit: Visit,
    /// What must hold.
    pub expectations: Vec<Rule>,
    password: Option<Source>,
    token: Option<Source>,
}

impl Standing {
    /// Decides what the visits to the one mailbox of a request do, and refuses what could never be decided by them. What the
    /// request says of hosts, reports and policies is for the whole of the runs, and is looked at elsewhere.
    ///
    /// # Errors
    /// The first mistake.
    pub fn resolve(
        request: &Request,
        judged_by: &[Policy],
        abilities: &Abilities<'_>,
    ) -> Result<Self, PlanErrors> {
        let scope = scope::scope(&request.methods, request.network.tls_versions, abilities)?;
        let rules = rules::rules(&request.judgement.expect, &scope, abilities)?;
        let (targets, login) = (&request.targets, &request.login);
        let mut nothing = io::empty();
        let mut world = World::of_nobody(&mut nothing);
        let mut survey = Survey::new(&[], judged_by);
        let drafts = Drafts::survey(targets, login, &scope.methods, &mut world, abilities, &mut survey)?;
        checks::methods(&survey, scope.is_narrow, WrittenFor::Several, abilities)?;
        checks::protocols(&rules, &survey)?;
        // What a policy cannot decide here is no mistake: a fleet has one policy and many kinds of mailboxes.
        policies::hold_against(judged_by, policies::today(), &survey, &mut Vec::new())?;
        checks::credentials(&rules, &survey, abilities)?;
        let mut drafts = drafts.iter(abilities);
        let (Some(draft), None) = (drafts.next().transpose()?, drafts.next()) else {
            let what = words!["one mailbox is visited by itself"];
            return Err(PlanError::new(Setting::Mailbox(1), what).into());
        };
        let (password, token) = (draft.password.clone(), draft.token.clone());
        let bare = password.is_none() && !draft.has(Kind::Token);
        let options = request.options(scope.last);
        let common = Common { options, authzid: login.authzid.clone() };
        let mut visit = common.visit_with(draft, (None, None));
        if bare {
            // Nothing will ever be presented.
            visit.options.stop_after = visit.options.stop_after.min(Phase::Capability);
        }
        visit.beforehand.protocols = abilities.token_protocols(&visit);
        let expectations = rules.into_iter().map(|numbered| numbered.rule).collect();
        Ok(Self { visit, expectations, password, token })
    }

    /// Whether there is a secret to present.
    pub fn has_secret(&self) -> bool {
        self.password.is_some() || self.token.is_some()
    }

    /// Reads the secrets as they are now. It waits for files and commands: not for a thread that serves others.
    ///
    /// # Errors
    /// What cannot be read, in one sentence without the secret.
    pub fn login(&self) -> Result<Login, SecretError> {
        let mut nothing = io::empty();
        let mut world = World::of_nobody(&mut nothing);
        let mut read = |what, source: &Option<Source>| -> Result<Option<Secret>, SecretError> {
            let read = |source: &Source| source.read(what, &self.visit.mailbox, &mut world);
            source.as_ref().map(read).transpose()
        };
        let (password, token) = (read("password", &self.password)?, read("token", &self.token)?);
        Ok(Login { password, token, ..(*self.visit.login).clone() })
    }
}

/// How hosts are found and reached, for a program that nobody sits in front of.
///
/// # Errors
/// What contradicts itself or cannot be read.
pub fn standing_network(wanted: &Reach) -> Result<Network, PlanError> {
    reach::network(wanted, &mut World::of_nobody(&mut io::empty()))
}
