//! From mailboxes and lists to drafts of visits: endpoints, names, methods, and where the secrets are.

use std::sync::Arc;

use mailprobe_probes::model::{Endpoint, Kind, Method, harmless};

use super::error::{PlanError, PlanErrors, Setting, words};
use super::request::{Credentials, Targets};
use super::seen::Seen;
use super::survey::Survey;
use super::targets::{Incoming, List, Target};
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

/// Where drafts come from: the mailboxes that were named and the rows of a list, as often as one likes. Each is made when it is
/// asked for and held by nobody here.
#[derive(Debug, Clone)]
pub(super) struct Drafts {
    defaults: Arc<Defaults>,
    list: Option<List>,
}

impl Drafts {
    /// Goes through them for the first time: everything but the secrets is looked at, and what the checks need to know of all
    /// together goes into `survey`. `methods` are tried for targets that name none.
    ///
    /// # Errors
    /// The first mistake in what was typed; all of a list.
    pub(super) fn survey(
        wanted: &Targets,
        login: &Credentials,
        methods: &[Method],
        world: &mut World<'_>,
        abilities: &Abilities<'_>,
        survey: &mut Survey<'_>,
    ) -> Result<Self, PlanErrors> {
        let defaults = Arc::new(Defaults::new(wanted, login, methods, abilities)?);
        let incoming = match wanted.list.as_deref() {
            Some(path) => Some(Incoming::open(path, wanted.format, login.password.as_ref(), world)?),
            None => None,
        };
        if incoming.is_none() && wanted.mailboxes.is_empty() {
            let remedy = words!["name a mailbox, or a list with ", Setting::Targets, " FILE"];
            let nothing = PlanError::new(Setting::Mailbox(0), words!["nothing to check"]);
            return Err(nothing.remedy(remedy).into());
        }
        let mut seen = Seen::default();
        let mut mistakes = PlanErrors::default();
        for (number, target) in defaults.named().enumerate() {
            // What was typed is seen at a glance.
            let draft = defaults.draft(&target, abilities)?;
            mistakes.extend(seen.again(number, &target, &draft));
            survey.take(&draft);
        }
        let list = incoming.map(|incoming| {
            let mut number = defaults.mailboxes.len();
            incoming.read(|row| {
                // Each line of a list has mistakes of its own.
                match row.and_then(|target| Ok((defaults.of_row(&target, abilities)?, target))) {
                    Ok((draft, target)) => {
                        mistakes.extend(seen.again(number, &target, &draft));
                        survey.take(&draft);
                        number += 1;
                    }
                    Err(mistake) => mistakes.note(mistake),
                }
            })
        });
        mistakes.settle(Self { defaults, list })
    }

    /// All of them, in the order given.
    ///
    /// An error is one in reading the copy of a list, which was without mistakes when it was made.
    pub(super) fn iter(&self, abilities: &Abilities<'_>) -> impl Iterator<Item = Result<Draft, PlanError>> {
        let rows = self.list.iter().flat_map(List::rows);
        let all = self.defaults.named().map(Ok).chain(rows);
        all.map(|target| self.defaults.of_row(&target?, abilities))
    }
}

/// What holds where a target says nothing.
#[derive(Debug)]
struct Defaults {
    /// The mailboxes that were named, and the endpoints that were found for them.
    mailboxes: Vec<(String, Vec<Endpoint>)>,
    endpoints: Vec<Endpoint>,
    login: Credentials,
    methods: Vec<Method>,
    profiles: Config,
}

impl Defaults {
    fn new(
        wanted: &Targets,
        login: &Credentials,
        methods: &[Method],
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
        let named = wanted
            .mailboxes
            .iter()
            .map(|mailbox| (mailbox.clone(), wanted.discovered.get(mailbox).cloned().unwrap_or_default()));
        Ok(Self {
            mailboxes: named.collect(),
            endpoints,
            login: login.clone(),
            methods: methods.to_vec(),
            profiles: config.unwrap_or_default(),
        })
    }

    fn named(&self) -> impl Iterator<Item = Target> {
        let target = |(mailbox, endpoints): &(String, Vec<Endpoint>)| Target {
            mailbox: mailbox.clone(),
            endpoints: endpoints.clone(),
            ..Target::default()
        };
        self.mailboxes.iter().map(target)
    }

    /// The draft of a target, whose mistake is told with its line.
    fn of_row(&self, target: &Target, abilities: &Abilities<'_>) -> Result<Draft, PlanError> {
        self.draft(target, abilities).map_err(|error| target.met(error))
    }

    fn draft(&self, target: &Target, abilities: &Abilities<'_>) -> Result<Draft, PlanError> {
        let mailbox = login::mailbox(&target.mailbox)?;
        let endpoints = self.endpoints(target, &mailbox, abilities)?;
        let methods = match &target.methods {
            Some(typed) => methods::methods(targets::word_list(typed), abilities)?,
            None => self.methods.clone(),
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
