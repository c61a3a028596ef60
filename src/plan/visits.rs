//! From mailboxes and lists to visits: endpoints, names, methods, then secrets.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use mailprobe_probes::model::{Endpoint, Kind, Login, Method, Phase, Secret, harmless};
use mailprobe_probes::probe::{HttpOptions, Options};

use super::args::{CheckArgs, PasswordArgs, TokenArgs};
use super::file::{Config, Flow, Issuer, Profile};
use super::secret::{Source, Vault, World};
use super::targets::Target;
use super::{Abilities, Beforehand, UserError, Visit, login, methods, provider, targets};

/// A visit whose secrets have not been read.
pub(super) struct Draft {
    mailbox: String,
    authcid: String,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) methods: Vec<Method>,
    pub(super) password: Option<Source>,
    pub(super) token: Option<Source>,
    profile: Option<Arc<Profile>>,
}

impl Draft {
    /// Whether its tokens come from this host, or from a provider's, whose hosts are for its configuration to name.
    pub(super) fn asks_at(&self, host: &str) -> bool {
        self.profile.as_ref().is_some_and(|profile| match &profile.issuer {
            Issuer::Url(url) => url.host_str().is_some_and(|known| known.eq_ignore_ascii_case(host)),
            Issuer::Provider(_) => true,
        })
    }

    /// Whether an endpoint knows one of the methods asked for.
    pub(super) fn knows_one(&self) -> bool {
        let known = |endpoint: &Endpoint| self.methods.iter().any(|method| method.is_of(endpoint.protocol));
        self.endpoints.iter().any(known)
    }

    /// Whether a secret of one kind would come from somewhere.
    pub(super) fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Password => self.password.is_some(),
            Kind::Token => self.token.is_some() || self.profile.is_some(),
        }
    }
}

/// Everything but the secrets.
pub(super) fn drafts(
    args: &CheckArgs,
    world: &mut World<'_>,
    abilities: &Abilities<'_>,
) -> Result<Vec<Draft>, UserError> {
    let defaults = Defaults::new(args, abilities)?;
    let mut all: Vec<Target> = args
        .mailboxes
        .iter()
        .map(|mailbox| {
            let endpoints = args.targets.discovered.get(mailbox).cloned().unwrap_or_default();
            Target { mailbox: mailbox.clone(), endpoints, ..Target::default() }
        })
        .collect();
    if let Some(path) = args.targets.targets.as_deref() {
        all.extend(list(path, args, world)?);
    }
    if all.is_empty() {
        return Err(UserError::new("nothing to check: name a mailbox, or a list with --targets FILE"));
    }
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    let mut drafts = Vec::with_capacity(all.len());
    for target in all {
        let draft =
            defaults.draft(&target, abilities).map_err(|error| target.complain(&error.to_string()))?;
        let place =
            if target.place.is_empty() { "the command line".to_owned() } else { target.place.clone() };
        let key = (draft.mailbox.clone(), draft.authcid.clone());
        if let Some(first) = seen.insert(key, place) {
            let shown = harmless(draft.mailbox.as_bytes());
            return Err(
                target.complain(&format!("{shown} was already named ({first}): give it all endpoints there"))
            );
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

fn list(path: &Path, args: &CheckArgs, world: &mut World<'_>) -> Result<Vec<Target>, UserError> {
    let name = harmless(path.as_os_str().as_encoded_bytes());
    if path == Path::new("-") {
        if args.password.password_stdin {
            return Err(UserError::new(
                "--password-stdin and --targets - both read standard input: take the password from elsewhere",
            ));
        }
        return targets::read(&mut *world.stdin, args.targets.targets_format, "standard input");
    }
    let format = args.targets.targets_format.or_else(|| targets::by_name(path));
    let file =
        File::open(path).map_err(|error| UserError::new(format!("cannot read --targets {name}: {error}")))?;
    targets::read(BufReader::new(file), format, &name)
}

/// What holds where a target says nothing.
struct Defaults<'a> {
    endpoints: Vec<Endpoint>,
    login_name: &'a str,
    methods: Vec<Method>,
    password: Option<Source>,
    token: Option<Source>,
    profiles: Config,
    oauth: Option<&'a str>,
    profile: Option<Arc<Profile>>,
}

impl<'a> Defaults<'a> {
    fn new(args: &'a CheckArgs, abilities: &Abilities<'_>) -> Result<Self, UserError> {
        let mut endpoints = Vec::new();
        for url in args.targets.endpoints.iter().flat_map(|typed| targets::words(typed)) {
            let endpoint: Endpoint =
                url.parse().map_err(|error| UserError::new(format!("--endpoint: {error}")))?;
            if endpoints.contains(&endpoint) {
                return Err(UserError::new(format!("--endpoint {endpoint} is given twice")));
            }
            endpoints.push(endpoint);
        }
        if let Some(name) = &args.targets.provider {
            let (found, _) = provider::endpoints(name, abilities)?;
            endpoints.extend(found.into_iter().filter(|endpoint| !args.targets.names(endpoint)));
        }
        if let Some(authzid) = &args.login.authzid {
            login::identity("authorization identity", authzid)?;
        }
        let methods = match &args.methods.methods {
            Some(typed) => methods::methods(typed, abilities)
                .map_err(|error| UserError::new(format!("--methods: {error}")))?,
            None => Vec::new(),
        };
        let config = args.oauth.config.as_deref().map(Config::read).transpose()?;
        let oauth = args.oauth.oauth.as_deref();
        if oauth.is_some() && config.is_none() {
            return Err(UserError::new("--oauth names a profile of a configuration file: add --config FILE"));
        }
        Ok(Self {
            profiles: config.unwrap_or_default(),
            oauth,
            profile: args.oauth.profile.clone(),
            endpoints,
            login_name: args.login.login_name.as_deref().unwrap_or("{mailbox}"),
            methods,
            password: args.password.source(),
            token: args.token.source(),
        })
    }

    fn draft(&self, target: &Target, abilities: &Abilities<'_>) -> Result<Draft, UserError> {
        let mailbox = login::mailbox(&target.mailbox)?;
        let shown = harmless(mailbox.as_bytes());
        let given = if target.endpoints.is_empty() { &self.endpoints } else { &target.endpoints };
        for endpoint in given {
            supported(endpoint, abilities)?;
        }
        if given.is_empty() {
            let domain = shown.rsplit_once('@').map_or("example.com", |(_, domain)| domain);
            return Err(UserError::new(format!(
                "no endpoint for {shown}: add --endpoint imaps://imap.{domain}, --provider NAME or --discover"
            )));
        }
        let methods = match &target.methods {
            Some(typed) => methods::methods(typed, abilities)?,
            None => self.methods.clone(),
        };
        let token = target.token.clone().or_else(|| self.token.clone().filter(|_| target.oauth.is_none()));
        let name = target.oauth.as_deref().or(self.oauth);
        let profile = match name {
            Some(name) => Some(Arc::new(self.profiles.profile(name)?.clone())),
            None => self.profile.clone(),
        };
        let password = target.password.clone().or_else(|| self.password.clone());
        let by_password = profile.as_ref().is_some_and(|profile| profile.flow == Flow::Password);
        if by_password && password.is_none() && token.is_none() {
            return Err(UserError::new(
                "flow = \"password\" needs the mailbox's password: --password-prompt, --password-env, ...",
            ));
        }
        Ok(Draft {
            authcid: login::login_name(target.login_name.as_deref().unwrap_or(self.login_name), &mailbox)?,
            mailbox,
            endpoints: given.clone(),
            methods,
            password,
            profile,
            token,
        })
    }
}

fn supported(endpoint: &Endpoint, abilities: &Abilities<'_>) -> Result<(), UserError> {
    if abilities.protocols.contains(&endpoint.protocol) {
        return Ok(());
    }
    let able = abilities.protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
    Err(UserError::new(format!(
        "mailprobe cannot probe {} yet ({endpoint}); it can probe {able}",
        endpoint.protocol
    )))
}

impl PasswordArgs {
    /// Where the password comes from.
    pub(super) fn source(&self) -> Option<Source> {
        #[cfg(feature = "keyring")]
        if let Some(service) = &self.password_keyring {
            return Some(Source::Keyring(service.clone()));
        }
        None.or_else(|| self.password_env.clone().map(Source::Env))
            .or_else(|| self.password_file.clone().map(Source::File))
            .or_else(|| self.password_command.clone().map(Source::Command))
            .or_else(|| self.password_stdin.then_some(Source::Stdin))
            .or_else(|| self.password_prompt.then_some(Source::Prompt))
    }
}

impl TokenArgs {
    /// Whether a place is named.
    pub(crate) fn is_given(&self) -> bool {
        self.source().is_some()
    }

    /// Where the token itself comes from.
    pub(super) fn source(&self) -> Option<Source> {
        None.or_else(|| self.token_env.clone().map(Source::Env))
            .or_else(|| self.token_file.clone().map(Source::File))
            .or_else(|| self.token_command.clone().map(Source::Command))
    }
}

/// The last phase asked for.
pub(super) fn last_phase(args: &CheckArgs) -> Phase {
    let whole = if args.methods.advertised_only { Phase::Capability } else { Phase::Logout };
    args.methods.stop_after.unwrap_or(whole)
}

/// Reads the secrets and settles how far each visit goes.
pub(super) fn with_secrets(
    args: &CheckArgs,
    drafts: Vec<Draft>,
    world: &mut World<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Visit>, UserError> {
    let asked = last_phase(args);
    let presents = asked >= Phase::Auth;
    let mut vault = Vault::new(world);
    let mut bare = 0_usize;
    let mut visits = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut secret = |kind, source: Option<&Source>| {
            source.filter(|_| presents).map(|source| vault.secret(kind, source, &draft.mailbox)).transpose()
        };
        let password = secret(Kind::Password, draft.password.as_ref())?;
        let token = secret(Kind::Token, draft.token.as_ref())?;
        let profile = draft.profile.as_ref().filter(|_| presents);
        let nothing = presents && password.is_none() && token.is_none() && profile.is_none();
        bare += usize::from(nothing);
        visits.push(visit(args, draft, nothing, password, token));
    }
    if bare > 0 {
        let whom = if bare == visits.len() {
            String::new()
        } else {
            format!(" for {bare} of {} mailboxes", visits.len())
        };
        notes.push(format!(
            "no password and no token given{whom}: only advertisements are read (--password-prompt, --token-env, ...)"
        ));
    }
    Ok(visits)
}

/// One visit. `bare` is one without a secret: it reads advertisements.
pub(super) fn visit(
    args: &CheckArgs,
    draft: Draft,
    bare: bool,
    password: Option<Secret>,
    token: Option<Secret>,
) -> Visit {
    let asked = last_phase(args);
    Visit {
        mailbox: draft.mailbox,
        login: Arc::new(Login {
            authcid: draft.authcid,
            authzid: args.login.authzid.clone(),
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
            unadvertised: !args.methods.no_unadvertised,
            stop_after: if bare { asked.min(Phase::Capability) } else { asked },
            ehlo_name: args.send.ehlo_name.clone(),
            send_to: args.send.send_to.clone(),
            http: HttpOptions {
                user_agent: args.http.user_agent.clone(),
                impersonate: args.http.impersonate,
                activesync_post: args.http.activesync_post,
                activesync_provision: args.http.activesync_provision,
            },
            allow_plaintext: args.network.allow_plaintext,
            insecure: args.network.insecure,
            tls_versions: args.network.tls_versions,
            reply_timeout: args.pace.reply(),
            connect_timeout: args.pace.connect(),
            visit_timeout: args.pace.visit(),
            ..Options::default()
        },
    }
}
