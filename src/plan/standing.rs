//! A check that is decided once and carried out many times: everything of a [`Plan`](super::Plan) for one mailbox but the
//! secrets, which are read anew for every visit, because they change while a canary runs.

use std::ffi::OsString;
use std::io;

use mailprobe_probes::model::{Kind, Login, Secret};

use super::args::{
    CheckArgs, HttpArgs, LoginArgs, MethodArgs, NetworkArgs, OauthArgs, OutputArgs, PaceArgs, PasswordArgs,
    SendArgs, TargetArgs, TokenArgs,
};
use super::discover::network_of;
use super::secret::{Source, World};
use super::visits;
use super::{Abilities, Network, UserError, Visit, contradictions, policies};
use crate::judge::{Policy, Rule};
use mailprobe_probes::probe::{HttpOptions, Options};

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

impl CheckArgs {
    /// The command line as it is when nobody typed anything, and the environment said nothing.
    pub fn untyped() -> Self {
        let (options, http) = (Options::default(), HttpOptions::default());
        Self {
            mailboxes: Vec::new(),
            targets: TargetArgs::default(),
            login: LoginArgs::default(),
            password: PasswordArgs::default(),
            token: TokenArgs::default(),
            oauth: OauthArgs::default(),
            methods: MethodArgs { attempt_budget: Some(1), ..MethodArgs::default() },
            send: SendArgs { send_to: None, ehlo_name: options.ehlo_name },
            http: HttpArgs {
                activesync_post: false,
                activesync_provision: false,
                impersonate: false,
                user_agent: http.user_agent,
            },
            network: NetworkArgs::default(),
            pace: PaceArgs {
                timeout: None,
                connect_timeout: options.connect_timeout,
                visit_timeout: None,
                concurrency: 64,
                per_host: 16,
                per_mailbox: 8,
            },
            output: OutputArgs::default(),
        }
    }
}

impl Standing {
    /// Decides what visits do, and refuses what could never be decided by them.
    ///
    /// # Errors
    /// The first mistake, as `check` would say it.
    pub fn resolve(
        args: &CheckArgs,
        judged_by: &[Policy],
        abilities: &Abilities<'_>,
    ) -> Result<Self, UserError> {
        let expectations = contradictions::expectations(args, abilities)?;
        let drafts = visits::drafts(args, &mut nobody(&mut io::empty()), abilities)?;
        contradictions::methods(args, &drafts, abilities, true)?;
        contradictions::protocols(&expectations, &drafts)?;
        // What a policy cannot decide here is no mistake: a fleet has one policy and many kinds of mailboxes.
        policies::hold_against(judged_by, policies::today(), &drafts, &mut Vec::new())?;
        contradictions::credentials(&expectations, &drafts, abilities)?;
        let draft = drafts.into_iter().next().ok_or_else(|| UserError::new("no mailbox"))?;
        let (password, token) = (draft.password.clone(), draft.token.clone());
        let bare = password.is_none() && !draft.has(Kind::Token);
        let mut visit = visits::visit(args, draft, bare, None, None);
        visit.beforehand.protocols = abilities.token_protocols(&visit);
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
    pub fn login(&self) -> Result<Login, UserError> {
        let mut nothing = io::empty();
        let mut world = nobody(&mut nothing);
        let mut read = |what, source: &Option<Source>| -> Result<Option<Secret>, UserError> {
            let read = |source: &Source| source.read(what, &self.visit.mailbox, &mut world);
            source.as_ref().map(read).transpose().map_err(UserError::new)
        };
        let (password, token) = (read("password", &self.password)?, read("token", &self.token)?);
        Ok(Login { password, token, ..(*self.visit.login).clone() })
    }
}

/// How hosts are found and reached, for a program that nobody sits in front of.
///
/// # Errors
/// What contradicts itself or cannot be read.
pub fn standing_network(args: &NetworkArgs) -> Result<Network, UserError> {
    network_of(args, &mut nobody(&mut io::empty()))
}

impl Source {
    /// Reads a secret that belongs to no mailbox; `what` names it in messages.
    ///
    /// # Errors
    /// What cannot be read, in one sentence without the secret.
    pub fn secret(&self, what: &str) -> Result<Secret, UserError> {
        self.read(what, "", &mut nobody(&mut io::empty())).map_err(UserError::new)
    }
}

/// The environment, and nobody at a terminal.
fn nobody(stdin: &mut io::Empty) -> World<'_> {
    World {
        env: &|name: &str| -> Option<OsString> { std::env::var_os(name) },
        stdin,
        prompt: &|_: &str| Err(io::ErrorKind::NotConnected.into()),
    }
}
