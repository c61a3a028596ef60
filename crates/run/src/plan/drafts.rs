//! From mailboxes and lists to drafts of visits: endpoints, names, methods, and where the secrets are.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use mailprobe_probes::model::{Endpoint, Kind, Method, harmless};

use super::error::{PlanError, PlanErrors, Setting, words};
use super::request::{Credentials, ListFormat, Targets};
use super::targets::Target;
use super::{Abilities, login, methods, provider, targets};
use crate::config::Config;
use mailprobe_oauth::profile::{Flow, Issuer, Profile};
use mailprobe_oauth::{Source, World};

/// A visit whose secrets have not been read.
pub(super) struct Draft {
    pub(super) mailbox: String,
    pub(super) authcid: String,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) methods: Vec<Method>,
    pub(super) password: Option<Source>,
    pub(super) token: Option<Source>,
    pub(super) profile: Option<Arc<Profile>>,
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

/// Everything but the secrets. `methods` are tried for targets that name none.
pub(super) fn drafts(
    wanted: &Targets,
    login: &Credentials,
    methods: &[Method],
    world: &mut World<'_>,
    abilities: &Abilities<'_>,
) -> Result<Vec<Draft>, PlanErrors> {
    let defaults = Defaults::new(wanted, login, methods, abilities)?;
    let named = wanted.mailboxes.iter().map(|mailbox| {
        let endpoints = wanted.discovered.get(mailbox).cloned().unwrap_or_default();
        Target { mailbox: mailbox.clone(), endpoints, ..Target::default() }
    });
    let mut all: Vec<Target> = named.collect();
    let mut mistakes = PlanErrors::default();
    if let Some(path) = wanted.list.as_deref() {
        let (listed, wrong) = list(path, wanted.format, login.password.as_ref(), world)?;
        all.extend(listed);
        mistakes = wrong;
    }
    if all.is_empty() && mistakes.is_empty() {
        let remedy = words!["name a mailbox, or a list with ", Setting::Targets, " FILE"];
        return Err(PlanError::new(Setting::Mailbox(0), words!["nothing to check"]).remedy(remedy).into());
    }
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    let mut drafts = Vec::with_capacity(all.len());
    for (number, target) in all.into_iter().enumerate() {
        let draft = match defaults.draft(&target, abilities) {
            Ok(draft) => draft,
            // Each line of a list has mistakes of its own; what was typed is seen at a glance.
            Err(error) if target.row.is_some() => {
                mistakes.note(target.met(error));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let place = target.row.as_ref().map_or_else(|| "the command line".to_owned(), ToString::to_string);
        let key = (draft.mailbox.clone(), draft.authcid.clone());
        if let Some(first) = seen.insert(key, place) {
            let shown = harmless(draft.mailbox.as_bytes());
            let what = words![format!("{shown} was already named ({first})")];
            let error = PlanError::new(Setting::Mailbox(number), what);
            mistakes.note(target.met(error.remedy(words!["give it all endpoints there"])));
        }
        drafts.push(draft);
    }
    mistakes.settle(drafts)
}

fn list(
    path: &Path,
    format: Option<ListFormat>,
    password: Option<&Source>,
    world: &mut World<'_>,
) -> Result<(Vec<Target>, PlanErrors), PlanError> {
    let name = harmless(path.as_os_str().as_encoded_bytes());
    if path == Path::new("-") {
        if password == Some(&Source::Stdin) {
            let what =
                words![Setting::PasswordStdin, " and ", Setting::Targets, " - both read standard input"];
            let remedy = words!["take the password from elsewhere"];
            return Err(PlanError::new(Setting::Targets, what).remedy(remedy));
        }
        return Ok(targets::read(&mut *world.stdin, format, "standard input"));
    }
    let format = format.or_else(|| targets::by_name(path));
    let file = File::open(path).map_err(|error| {
        let what = words!["cannot read ", Setting::Targets, format!(" {name}: {error}")];
        PlanError::new(Setting::Targets, what)
    })?;
    Ok(targets::read(BufReader::new(file), format, &name))
}

/// What holds where a target says nothing.
struct Defaults<'a> {
    endpoints: Vec<Endpoint>,
    login: &'a Credentials,
    methods: &'a [Method],
    profiles: Config,
}

impl<'a> Defaults<'a> {
    fn new(
        wanted: &Targets,
        login: &'a Credentials,
        methods: &'a [Method],
        abilities: &Abilities<'_>,
    ) -> Result<Self, PlanError> {
        let mut endpoints = Vec::new();
        for (number, endpoint) in wanted.endpoints.iter().enumerate() {
            if endpoints.contains(endpoint) {
                let what = words![Setting::Endpoint(number), format!(" {endpoint} is given twice")];
                return Err(PlanError::new(Setting::Endpoint(number), what));
            }
            endpoints.push(endpoint.clone());
        }
        if let Some(name) = &wanted.provider {
            let (found, _) = provider::endpoints(name, abilities)?;
            endpoints.extend(found.into_iter().filter(|endpoint| !wanted.endpoints.contains(endpoint)));
        }
        if let Some(authzid) = &login.authzid {
            login::identity(Setting::Authzid, "authorization identity", authzid)?;
        }
        let config = login
            .config
            .as_deref()
            .map(Config::read)
            .transpose()
            .map_err(|error| PlanError::of_profile(&error))?;
        if login.oauth.is_some() && config.is_none() {
            return Err(PlanError::no_configuration());
        }
        Ok(Self { profiles: config.unwrap_or_default(), login, methods, endpoints })
    }

    fn draft(&self, target: &Target, abilities: &Abilities<'_>) -> Result<Draft, PlanError> {
        let mailbox = login::mailbox(&target.mailbox)?;
        let endpoints = self.endpoints(target, &mailbox, abilities)?;
        let methods = match &target.methods {
            Some(typed) => methods::methods(targets::word_list(typed), abilities)?,
            None => self.methods.to_vec(),
        };
        let of_all = self.login.token.clone().filter(|_| target.oauth.is_none());
        let token = target.token.clone().or(of_all);
        let profile = match target.oauth.as_deref().or(self.login.oauth.as_deref()) {
            Some(name) => {
                let profile = self.profiles.profile(name).map_err(|error| PlanError::of_profile(&error))?;
                Some(Arc::new(profile.clone()))
            }
            None => self.login.profile.clone(),
        };
        let password = target.password.clone().or_else(|| self.login.password.clone());
        let by_password = profile.as_ref().is_some_and(|profile| profile.flow == Flow::Password);
        if by_password && password.is_none() && token.is_none() {
            let what = words!["flow = \"password\" needs the mailbox's password"];
            return Err(PlanError::new(Setting::Oauth, what).remedy(words![Setting::AnyPassword]));
        }
        let template = target.login_name.as_deref().or(self.login.name.as_deref()).unwrap_or("{mailbox}");
        Ok(Draft {
            authcid: login::login_name(template, &mailbox)?,
            mailbox,
            endpoints,
            methods,
            password,
            profile,
            token,
        })
    }

    /// Its own endpoints, else those of all; each of them can be probed.
    fn endpoints(
        &self,
        target: &Target,
        mailbox: &str,
        abilities: &Abilities<'_>,
    ) -> Result<Vec<Endpoint>, PlanError> {
        let given = if target.endpoints.is_empty() { &self.endpoints } else { &target.endpoints };
        for (number, endpoint) in given.iter().enumerate() {
            supported(number, endpoint, abilities)?;
        }
        if given.is_empty() {
            let shown = harmless(mailbox.as_bytes());
            let domain = shown.rsplit_once('@').map_or("example.com", |(_, domain)| domain);
            let remedy = words![
                "add ",
                Setting::Endpoint(0),
                format!(" imaps://imap.{domain}, "),
                Setting::Provider,
                " NAME or ",
                Setting::Discover
            ];
            let what = words![format!("no endpoint for {shown}")];
            return Err(PlanError::new(Setting::Mailbox(0), what).remedy(remedy));
        }
        Ok(given.clone())
    }
}

fn supported(number: usize, endpoint: &Endpoint, abilities: &Abilities<'_>) -> Result<(), PlanError> {
    if abilities.protocols.contains(&endpoint.protocol) {
        return Ok(());
    }
    let able = abilities.protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
    let protocol = endpoint.protocol;
    let what = format!("mailprobe cannot probe {protocol} yet ({endpoint}); it can probe {able}");
    Err(PlanError::new(Setting::Endpoint(number), words![what]))
}
