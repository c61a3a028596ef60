//! The `[[target]]` and `[module.NAME]` tables: from what is written to what a visit does. The checks are those of every
//! other request; what they say of a setting is told of the key that it is here.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{Endpoint, Protocol};
use toml::Spanned;

use super::file::{self, Module, Text};
use super::span::span;
use super::{TargetInfo, Watched, path, sinks};
use mailprobe_judge::{Mistakes, Policy, Rule, Written, shown};
use mailprobe_oauth::profile::Profile;
use mailprobe_oauth::providers;
use mailprobe_run::config::Profiles;
use mailprobe_run::plan::request::{Credentials, Request, Targets};
use mailprobe_run::plan::{Abilities, Setting, Spelling, Standing, policies};

/// Most targets of one canary.
const MOST: usize = 100_000;
/// The module of targets that name none.
const DEFAULT: &str = "default";

/// What all targets are read against.
pub(super) struct Reader<'r, 't> {
    pub(super) written: &'r Written<'t>,
    pub(super) folder: &'r Path,
    pub(super) abilities: &'r Abilities<'r>,
    pub(super) modules: &'r BTreeMap<Text, Spanned<Module>>,
    profiles: &'r Profiles,
    pub(super) interval: Duration,
    policies: HashMap<Vec<String>, Arc<[Policy]>>,
}

impl<'r, 't> Reader<'r, 't> {
    pub(super) fn new(
        written: &'r Written<'t>,
        folder: &'r Path,
        abilities: &'r Abilities<'r>,
        (modules, profiles): (&'r BTreeMap<Text, Spanned<Module>>, &'r Profiles),
        interval: Duration,
    ) -> Self {
        Self { written, folder, abilities, modules, profiles, interval, policies: HashMap::new() }
    }

    pub(super) fn all(
        &mut self,
        tables: &[Spanned<file::Target>],
        mistakes: &mut Mistakes,
    ) -> Vec<Arc<Watched>> {
        if tables.is_empty() && mistakes.is_all_there() {
            let words = "nothing to watch: add a [[target]] with a mailbox and endpoints";
            mistakes.note(self.written.error(&(0..0), words));
        }
        if let Some(table) = tables.get(MOST) {
            let words = format!("more than {MOST} targets: split the file");
            mistakes.note(self.written.error(&table.span(), words));
            return Vec::new();
        }
        let mut names: HashMap<&str, usize> = HashMap::new();
        let mut all = Vec::new();
        for table in tables {
            let target = table.get_ref();
            let name = target.name.as_ref().unwrap_or(&target.mailbox);
            let line = self.written.error(&table.span(), "").line;
            if let Some(first) = names.insert(name.get_ref(), line) {
                let words = format!(
                    "the target `{}` is there already (line {first}): give each a `name` of its own",
                    shown(name.get_ref())
                );
                mistakes.note(self.written.error(&name.span(), words));
            }
            let info = self.info(target, mistakes);
            if let (Some(info), false) = (info, mistakes.is_damaged(&table.span())) {
                all.extend(self.target(target, &Arc::new(info), mistakes));
            }
        }
        all
    }

    fn info(&self, target: &file::Target, mistakes: &mut Mistakes) -> Option<TargetInfo> {
        let mailbox = target.mailbox.get_ref().clone();
        let name = target.name.as_ref().unwrap_or(&target.mailbox);
        let groups = mistakes.keep_all(target.groups.iter().map(|group| self.written.id(group)));
        let fits = |c: char| !c.is_control();
        if name.get_ref().is_empty() || name.get_ref().len() > 200 || !name.get_ref().chars().all(fits) {
            let words = "a name has 1 to 200 characters and no control characters";
            mistakes.note(self.written.error(&name.span(), words));
            return None;
        }
        Some(TargetInfo { name: name.get_ref().clone(), mailbox, groups })
    }

    fn target(
        &mut self,
        target: &file::Target,
        info: &Arc<TargetInfo>,
        mistakes: &mut Mistakes,
    ) -> Vec<Arc<Watched>> {
        let modules = self.modules;
        let known = |wanted: &str| modules.iter().find(|(name, _)| name.get_ref() == wanted);
        let mut watched = Vec::new();
        if target.modules.is_empty() {
            let nothing = Spanned::new(0..0, Module::default());
            let module = known(DEFAULT).map_or(&nothing, |(_, module)| module);
            watched.extend(self.one(target, info, (DEFAULT, module), mistakes));
        }
        let mut seen: Vec<&str> = Vec::new();
        for name in &target.modules {
            let Some((_, module)) = known(name.get_ref()) else {
                if !mistakes.is_gone(name.get_ref()) {
                    let names = self.modules.keys().map(|name| name.get_ref().as_str());
                    mistakes.note(self.written.unknown("module", name, names));
                }
                continue;
            };
            if seen.contains(&name.get_ref().as_str()) {
                let words = format!("the module `{}` is named twice", name.get_ref());
                mistakes.note(self.written.error(&name.span(), words));
                continue;
            }
            seen.push(name.get_ref());
            watched.extend(self.one(target, info, (name.get_ref(), module), mistakes));
        }
        watched
    }

    /// One module of one target. What is wrong with either is told without regard to the other; what they make together is
    /// looked at where each is right.
    fn one(
        &mut self,
        target: &file::Target,
        info: &Arc<TargetInfo>,
        (name, module): (&str, &Spanned<Module>),
        mistakes: &mut Mistakes,
    ) -> Option<Arc<Watched>> {
        let before = mistakes.number();
        let wishes = module.get_ref();
        let (endpoints, places) = self.endpoints(target, wishes, mistakes);
        let rules = self.rules(target, mistakes);
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.get_ref().clone());
        let mut request = Request {
            targets: Targets { mailboxes: vec![info.mailbox.clone()], endpoints, ..Targets::default() },
            login: Credentials {
                name: text(&target.login_name),
                authzid: text(&target.authzid),
                ..self.secrets(target, mistakes)
            },
            ..Request::default()
        };
        request.judgement.expect = rules.iter().map(|(rule, _)| rule.clone()).collect();
        self.wishes(wishes, &mut request, mistakes);
        let policies = self.policies(target, mistakes);
        let interval = [target.interval.as_ref(), wishes.interval.as_ref()].into_iter().flatten().next();
        let interval = interval.and_then(|text| mistakes.keep(span(self.written, text)));
        // What follows from a mistake is none of its own.
        if mistakes.number() > before || mistakes.is_damaged(&module.span()) {
            return None;
        }
        let policies = policies?;
        let place = |about: &Setting| match about {
            Setting::Endpoint(number) => places.get(*number).cloned(),
            Setting::Expect(number) => rules.get(*number).map(|(_, place)| place.clone()),
            Setting::Policy(number) => target.policy.get(*number).map(Text::span),
            Setting::Methods => wishes.methods.first().map(Text::span),
            Setting::LoginName => target.login_name.as_ref().map(Text::span),
            Setting::Authzid => target.authzid.as_ref().map(Text::span),
            Setting::Oauth => target.oauth.as_ref().map(Text::span),
            _ => None,
        };
        let standing = match Standing::resolve(&request, &policies, self.abilities) {
            Ok(standing) => standing,
            Err(errors) => {
                for error in errors.told() {
                    let place = place(&error.about).unwrap_or_else(|| target.mailbox.span());
                    mistakes.note(self.written.error(&place, error.spelled(Spelling::Keys)));
                }
                return None;
            }
        };
        let endpoints = standing.visit.endpoints.iter().map(Endpoint::url).collect();
        Some(Arc::new(Watched {
            target: Arc::clone(info),
            module: name.to_owned(),
            interval: interval.unwrap_or(self.interval),
            standing,
            policies,
            endpoints,
        }))
    }

    /// The rules of a target, each with its place.
    fn rules(&self, target: &file::Target, mistakes: &mut Mistakes) -> Vec<(Rule, Range<usize>)> {
        let words = target
            .expect
            .iter()
            .flat_map(|text| text.get_ref().split_whitespace().map(|word| (word.to_owned(), text.span())));
        mistakes.keep_all(words.map(|(word, place)| match word.parse::<Rule>() {
            Ok(rule) => Ok((rule, place)),
            Err(error) => Err(self.written.error(&place, format!("expect: {error}"))),
        }))
    }

    fn policies(&mut self, target: &file::Target, mistakes: &mut Mistakes) -> Option<Arc<[Policy]>> {
        let named: Vec<String> = target.policy.iter().map(|text| self.policy_name(text)).collect();
        if let Some(known) = self.policies.get(&named) {
            return Some(Arc::clone(known));
        }
        let read = policies::policies(&named).map_err(|error| {
            let at = match &error.about {
                Setting::Policy(number) => target.policy.get(*number),
                _ => None,
            };
            self.written.error(&at.unwrap_or(&target.mailbox).span(), error.spelled(Spelling::Keys))
        });
        let read: Arc<[Policy]> = mistakes.keep(read)?.into();
        self.policies.insert(named, Arc::clone(&read));
        Some(read)
    }

    /// The endpoints that a module is about, and the place of each.
    fn endpoints(
        &self,
        target: &file::Target,
        wishes: &Module,
        mistakes: &mut Mistakes,
    ) -> (Vec<Endpoint>, Vec<Range<usize>>) {
        let before = mistakes.number();
        let mut all: Vec<(Endpoint, Range<usize>)> = Vec::new();
        for text in &target.endpoints {
            let endpoint = text.get_ref().parse::<Endpoint>().map_err(|error| {
                self.written.error(&text.span(), format!("`{}`: {error}", shown(text.get_ref())))
            });
            let Some(endpoint) = mistakes.keep(endpoint) else { continue };
            if all.iter().any(|(known, _)| *known == endpoint) {
                mistakes.note(self.written.error(&text.span(), format!("{endpoint} is there twice")));
            }
            all.push((endpoint, text.span()));
        }
        if let Some(name) = &target.provider {
            let found =
                mailprobe_run::plan::provider_endpoints(name.get_ref(), self.abilities).map_err(|_| {
                    self.written.unknown("provider", name, providers::PROVIDERS.iter().map(|row| row.name))
                });
            for endpoint in mistakes.keep(found).into_iter().flatten() {
                if !all.iter().any(|(known, _)| *known == endpoint) {
                    all.push((endpoint, name.span()));
                }
            }
        }
        let wanted: Vec<Protocol> =
            mistakes.keep_all(wishes.protocols.iter().map(|text| self.written.protocol(text)));
        all.retain(|(endpoint, _)| wanted.is_empty() || wanted.contains(&endpoint.protocol));
        if all.is_empty() && mistakes.number() == before {
            let what = if wanted.is_empty() {
                "no endpoint: add `endpoints = [\"imaps://HOST\"]` or `provider`"
            } else {
                "no endpoint speaks a protocol of its module"
            };
            mistakes.note(self.written.error(&target.mailbox.span(), what));
        }
        all.into_iter().unzip()
    }

    /// Where the secrets are.
    fn secrets(&self, target: &file::Target, mistakes: &mut Mistakes) -> Credentials {
        let sources = [
            ("password", [&target.password_env, &target.password_file, &target.password_command]),
            ("token", [&target.token_env, &target.token_file, &target.token_command]),
        ];
        let [password, token] = sources.map(|(what, places)| {
            let mut given = places.into_iter().flatten();
            if let (Some(_), Some(second)) = (given.next(), given.next()) {
                let words = format!(
                    "two places for one {what}: keep one of {what}_env, {what}_file and {what}_command"
                );
                mistakes.note(self.written.error(&second.span(), words));
            }
            let [env, file, command] = places.map(Option::as_ref);
            sinks::secret(self.folder, env, file, command)
        });
        if let (Some(name), true) = (&target.oauth, token.is_some()) {
            let words =
                "two places for one token: keep `oauth`, or one of token_env, token_file and token_command";
            mistakes.note(self.written.error(&name.span(), words));
        }
        let profile = target.oauth.as_ref().and_then(|name| self.profile(name, mistakes));
        Credentials { password, token, profile, ..Credentials::default() }
    }

    /// `[oauth.NAME]` of this file; its own paths begin where the file is, too.
    fn profile(&self, name: &Text, mistakes: &mut Mistakes) -> Option<Arc<Profile>> {
        let found = self.profiles.get(name.get_ref());
        if found.is_none() && !mistakes.is_gone(name.get_ref()) {
            let known = self.profiles.keys().map(String::as_str);
            mistakes.note(self.written.unknown("[oauth] profile", name, known));
        }
        found.map(|profile| Arc::new(profile.clone().rooted(self.folder)))
    }

    fn wishes(&self, wishes: &Module, request: &mut Request, mistakes: &mut Mistakes) {
        if let Some(first) = wishes.methods.first() {
            let methods = mistakes.keep_all(wishes.methods.iter().map(|text| self.written.method(text)));
            request.methods.only = Some(methods.iter().map(|method| method.name().to_owned()).collect());
            if wishes.advertised_only {
                let words = "`methods` and `advertised_only` contradict each other";
                mistakes.note(self.written.error(&first.span(), words));
            }
        }
        request.methods.advertised_only = wishes.advertised_only;
        request.methods.unadvertised = !wishes.no_unadvertised;
        request.network.tls_versions = wishes.tls_versions;
        request.network.allow_plaintext = wishes.allow_plaintext;
        request.network.insecure = wishes.insecure;
        request.http.impersonate = wishes.impersonate;
        let mut checked = |text: &Option<Text>, check: fn(&str) -> Result<String, String>| {
            let text = text.as_ref()?;
            mistakes.keep(check(text.get_ref()).map_err(|words| self.written.error(&text.span(), words)))
        };
        if let Some(name) = checked(&wishes.ehlo_name, mailprobe_run::plan::ehlo_name) {
            request.sending.ehlo_name = name;
        }
        if let Some(name) = checked(&wishes.user_agent, mailprobe_run::plan::user_agent) {
            request.http.user_agent = name;
        }
        let mut time =
            |text: &Option<Text>| text.as_ref().and_then(|text| mistakes.keep(span(self.written, text)));
        request.pace.reply = time(&wishes.timeout);
        request.pace.visit = time(&wishes.visit_timeout);
        if let Some(connect) = time(&wishes.connect_timeout) {
            request.pace.connect = connect;
        }
    }

    /// A policy by its name, or its file as a path from here.
    fn policy_name(&self, text: &Text) -> String {
        let typed = text.get_ref();
        if Policy::shipped(typed).is_some() {
            return typed.clone();
        }
        path(self.folder, typed).to_string_lossy().into_owned()
    }
}
