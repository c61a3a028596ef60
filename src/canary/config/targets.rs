//! The `[[target]]` and `[module.NAME]` tables: from what is written to what a visit does. The checks are those of the command
//! line, whose words for flags become the words of the file.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{Endpoint, Protocol};
use toml::Spanned;

use super::file::{self, Module, Text};
use super::span::span;
use super::{TargetInfo, Watched, path};
use crate::judge::{FileError, Policy, Written, shown};
use crate::plan::args::CheckArgs;
use crate::plan::file::{Profile, Profiles};
use crate::plan::{Abilities, Standing, UserError, policies};
use crate::providers;

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

    pub(super) fn all(&mut self, tables: &[Spanned<file::Target>]) -> Result<Vec<Arc<Watched>>, FileError> {
        if tables.is_empty() {
            return Err(self
                .written
                .error(&(0..0), "nothing to watch: add a [[target]] with a mailbox and endpoints"));
        }
        if let Some(table) = tables.get(MOST) {
            return Err(self
                .written
                .error(&table.span(), format!("more than {MOST} targets: split the file")));
        }
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut all = Vec::new();
        for table in tables {
            let target = self.info(table)?;
            let line = self.written.error(&table.span(), "").line;
            if let Some(first) = names.insert(target.name.clone(), line) {
                let name =
                    table.get_ref().name.as_ref().map_or_else(|| table.get_ref().mailbox.span(), Text::span);
                return Err(self.written.error(
                    &name,
                    format!(
                        "the target `{}` is there already (line {first}): give each a `name` of its own",
                        shown(&target.name)
                    ),
                ));
            }
            all.extend(self.target(table.get_ref(), &Arc::new(target))?);
        }
        Ok(all)
    }

    fn info(&self, table: &Spanned<file::Target>) -> Result<TargetInfo, FileError> {
        let target = table.get_ref();
        let mailbox = target.mailbox.get_ref().clone();
        let name = target.name.as_ref().unwrap_or(&target.mailbox);
        let fits = |c: char| !c.is_control();
        if name.get_ref().is_empty() || name.get_ref().len() > 200 || !name.get_ref().chars().all(fits) {
            return Err(self
                .written
                .error(&name.span(), "a name has 1 to 200 characters and no control characters"));
        }
        let groups = target.groups.iter().map(|group| self.written.id(group)).collect::<Result<_, _>>()?;
        Ok(TargetInfo { name: name.get_ref().clone(), mailbox, groups })
    }

    fn target(
        &mut self,
        target: &file::Target,
        info: &Arc<TargetInfo>,
    ) -> Result<Vec<Arc<Watched>>, FileError> {
        let mut watched = Vec::new();
        if target.modules.is_empty() {
            let module = self.modules.iter().find(|(name, _)| name.get_ref() == DEFAULT);
            let module = module.map(|(_, module)| module.get_ref());
            watched.push(self.one(target, info, DEFAULT, module.unwrap_or(&Module::default()))?);
        }
        for name in &target.modules {
            let Some((_, module)) = self.modules.iter().find(|(known, _)| known.get_ref() == name.get_ref())
            else {
                let known = self.modules.keys().map(|name| name.get_ref().as_str());
                return Err(self.written.unknown("module", name, known));
            };
            if watched.iter().any(|one: &Arc<Watched>| one.module == *name.get_ref()) {
                return Err(self
                    .written
                    .error(&name.span(), format!("the module `{}` is named twice", name.get_ref())));
            }
            watched.push(self.one(target, info, name.get_ref(), module.get_ref())?);
        }
        Ok(watched)
    }

    fn one(
        &mut self,
        target: &file::Target,
        info: &Arc<TargetInfo>,
        module: &str,
        wishes: &Module,
    ) -> Result<Arc<Watched>, FileError> {
        let complain = |text: &Text, error: &UserError| {
            self.written.error(&text.span(), in_the_file(&error.to_string()))
        };
        let mut args = CheckArgs::untyped();
        args.mailboxes = vec![info.mailbox.clone()];
        args.targets.endpoints = self.endpoints(target, wishes)?;
        args.login.login_name = target.login_name.as_ref().map(|text| text.get_ref().clone());
        args.login.authzid = target.authzid.as_ref().map(|text| text.get_ref().clone());
        self.secrets(target, &mut args)?;
        self.wishes(wishes, &mut args)?;
        args.output.expect = target.expect.iter().map(|text| text.get_ref().clone()).collect();
        let named: Vec<String> = target.policy.iter().map(|text| self.policy_name(text)).collect();
        let policies = match (self.policies.get(&named), target.policy.first()) {
            (Some(known), _) => Arc::clone(known),
            (None, first) => {
                let read = policies::policies(&named);
                let read: Arc<[Policy]> =
                    read.map_err(|error| complain(first.unwrap_or(&target.mailbox), &error))?.into();
                self.policies.insert(named, Arc::clone(&read));
                read
            }
        };
        let place = target.expect.first().filter(|_| args.output.expect.iter().all(|rule| !rule.is_empty()));
        let standing = Standing::resolve(&args, &policies, self.abilities).map_err(|error| {
            self.written.error(&place_of(&error, target, place), in_the_file(&error.to_string()))
        })?;
        let interval = [target.interval.as_ref(), wishes.interval.as_ref()].into_iter().flatten().next();
        let interval = interval.map(|text| span(self.written, text)).transpose()?.unwrap_or(self.interval);
        let endpoints = standing.visit.endpoints.iter().map(Endpoint::url).collect();
        Ok(Arc::new(Watched {
            target: Arc::clone(info),
            module: module.to_owned(),
            interval,
            standing,
            policies,
            endpoints,
        }))
    }

    /// The endpoints that a module is about, as URLs.
    fn endpoints(&self, target: &file::Target, wishes: &Module) -> Result<Vec<String>, FileError> {
        let mut all: Vec<Endpoint> = Vec::new();
        for text in &target.endpoints {
            let endpoint: Endpoint = text.get_ref().parse().map_err(|error| {
                self.written.error(&text.span(), format!("`{}`: {error}", shown(text.get_ref())))
            })?;
            if all.contains(&endpoint) {
                return Err(self.written.error(&text.span(), format!("{endpoint} is there twice")));
            }
            all.push(endpoint);
        }
        if let Some(name) = &target.provider {
            let found = crate::plan::provider_endpoints(name.get_ref(), self.abilities).map_err(|_| {
                self.written.unknown("provider", name, providers::PROVIDERS.iter().map(|row| row.name))
            })?;
            all.extend(
                found.into_iter().filter(|endpoint| {
                    !target.endpoints.iter().any(|text| *text.get_ref() == endpoint.url())
                }),
            );
        }
        let wanted: Vec<Protocol> =
            wishes.protocols.iter().map(|text| self.written.protocol(text)).collect::<Result<_, _>>()?;
        all.retain(|endpoint| wanted.is_empty() || wanted.contains(&endpoint.protocol));
        if all.is_empty() {
            let what = if wanted.is_empty() {
                "no endpoint: add `endpoints = [\"imaps://HOST\"]` or `provider`"
            } else {
                "no endpoint speaks a protocol of its module"
            };
            return Err(self.written.error(&target.mailbox.span(), what));
        }
        Ok(all.iter().map(Endpoint::url).collect())
    }

    fn secrets(&self, target: &file::Target, args: &mut CheckArgs) -> Result<(), FileError> {
        let text = |text: Option<&Text>| text.map(|text| text.get_ref().clone());
        let file = |text: Option<&Text>| text.map(|text| path(self.folder, text.get_ref()));
        args.password.password_env = text(target.password_env.as_ref());
        args.password.password_file = file(target.password_file.as_ref());
        args.password.password_command = text(target.password_command.as_ref());
        args.token.token_env = text(target.token_env.as_ref());
        args.token.token_file = file(target.token_file.as_ref());
        args.token.token_command = text(target.token_command.as_ref());
        args.oauth.profile = target.oauth.as_ref().map(|name| self.profile(name)).transpose()?;
        let sources = [
            ("password", [&target.password_env, &target.password_file, &target.password_command]),
            ("token", [&target.token_env, &target.token_file, &target.token_command]),
        ];
        for (what, places) in sources {
            let mut given = places.into_iter().flatten();
            if let (Some(_), Some(second)) = (given.next(), given.next()) {
                let words = format!(
                    "two places for one {what}: keep one of {what}_env, {what}_file and {what}_command"
                );
                return Err(self.written.error(&second.span(), words));
            }
        }
        if let (Some(name), true) = (&target.oauth, args.token.is_given()) {
            let words =
                "two places for one token: keep `oauth`, or one of token_env, token_file and token_command";
            return Err(self.written.error(&name.span(), words));
        }
        Ok(())
    }

    /// `[oauth.NAME]` of this file; its own paths begin where the file is, too.
    fn profile(&self, name: &Text) -> Result<Arc<Profile>, FileError> {
        let found = self.profiles.get(name.get_ref());
        let known = || self.profiles.keys().map(String::as_str);
        found
            .map(|profile| Arc::new(profile.clone().rooted(self.folder)))
            .ok_or_else(|| self.written.unknown("[oauth] profile", name, known()))
    }

    fn wishes(&self, wishes: &Module, args: &mut CheckArgs) -> Result<(), FileError> {
        if let Some(first) = wishes.methods.first() {
            let methods = wishes.methods.iter().map(|text| self.written.method(text));
            let names = methods
                .map(|method| method.map(|method| method.name().to_owned()))
                .collect::<Result<Vec<_>, _>>()?;
            args.methods.methods = Some(names.join(","));
            if wishes.advertised_only {
                return Err(self
                    .written
                    .error(&first.span(), "`methods` and `advertised_only` contradict each other"));
            }
        }
        args.methods.advertised_only = wishes.advertised_only;
        args.methods.no_unadvertised = wishes.no_unadvertised;
        args.network.tls_versions = wishes.tls_versions;
        args.network.allow_plaintext = wishes.allow_plaintext;
        args.network.insecure = wishes.insecure;
        args.http.impersonate = wishes.impersonate;
        let checked = |text: &Text, check: fn(&str) -> Result<String, String>| {
            check(text.get_ref()).map_err(|words| self.written.error(&text.span(), words))
        };
        if let Some(text) = &wishes.ehlo_name {
            args.send.ehlo_name = checked(text, crate::plan::ehlo_name)?;
        }
        if let Some(text) = &wishes.user_agent {
            args.http.user_agent = checked(text, crate::plan::user_agent)?;
        }
        let time = |text: &Option<Text>| text.as_ref().map(|text| span(self.written, text)).transpose();
        args.pace.timeout = time(&wishes.timeout)?;
        args.pace.visit_timeout = time(&wishes.visit_timeout)?;
        if let Some(connect) = time(&wishes.connect_timeout)? {
            args.pace.connect_timeout = connect;
        }
        Ok(())
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

/// The line that a complaint of the plan is about, as well as it can be told.
fn place_of(error: &UserError, target: &file::Target, expect: Option<&Text>) -> std::ops::Range<usize> {
    let words = error.to_string();
    let rule = target.expect.iter().find(|rule| words.contains(rule.get_ref().as_str()));
    let named = rule.or_else(|| expect.filter(|_| words.contains("--expect")));
    named.unwrap_or(&target.mailbox).span()
}

/// A sentence about flags as one about keys: `--password-env` is `password_env` here.
fn in_the_file(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("--") {
        text.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(after.len());
        let (flag, tail) = after.split_at(end);
        match flag {
            "endpoint" => text.push_str("endpoints"),
            flag => text.push_str(&flag.replace('-', "_")),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}
