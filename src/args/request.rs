//! From the command line as typed to the request that it is.

use mailprobe_probes::model::Endpoint;
use mailprobe_probes::probe::HttpOptions;

use super::{
    CheckArgs, HttpArgs, MethodArgs, NetworkArgs, OutputArgs, PaceArgs, PasswordArgs, ProxyArgs, ReachArgs,
    SendArgs, TokenArgs,
};
use crate::output::{self, Printed, Verbosity};
use mailprobe_judge::Rule;
use mailprobe_run::plan::request::{
    Anchors, Connections, Credentials, Judgement, Methods, Pace, Reach, Request, Sending, Targets,
};
use mailprobe_run::plan::{Limits, PlanError, Setting, Source, family, read_proxy, word_list};

impl TryFrom<&CheckArgs> for Request {
    type Error = PlanError;

    fn try_from(args: &CheckArgs) -> Result<Self, PlanError> {
        let network = Connections::try_from(&args.network)?;
        Ok(Self {
            targets: targets(args)?,
            login: Credentials {
                name: args.login.login_name.clone(),
                authzid: args.login.authzid.clone(),
                password: args.password.source(),
                token: args.token.source(),
                config: args.oauth.config.clone(),
                oauth: args.oauth.oauth.clone(),
                profile: None,
                browser: !args.oauth.no_browser,
            },
            methods: Methods::from(&args.methods),
            sending: Sending::from(&args.send),
            http: HttpOptions::from(&args.http),
            network,
            pace: Pace::from(&args.pace),
            judgement: judgement(&args.output)?,
        })
    }
}

fn targets(args: &CheckArgs) -> Result<Targets, PlanError> {
    let typed = args.targets.endpoints.iter().flat_map(|typed| word_list(typed)).enumerate();
    let endpoints = typed.map(|(number, url)| {
        url.parse::<Endpoint>().map_err(|error| PlanError::misread(Setting::Endpoint(number), &error))
    });
    Ok(Targets {
        mailboxes: args.mailboxes.clone(),
        endpoints: endpoints.collect::<Result<_, _>>()?,
        provider: args.targets.provider.clone(),
        list: args.targets.targets.clone(),
        format: args.targets.targets_format,
        ..Targets::default()
    })
}

fn judgement(args: &OutputArgs) -> Result<Judgement, PlanError> {
    let typed = args.expect.iter().flat_map(|typed| typed.split_whitespace()).enumerate();
    let expect = typed.map(|(number, text)| {
        text.parse::<Rule>().map_err(|error| PlanError::misread(Setting::Expect(number), &error))
    });
    Ok(Judgement { expect: expect.collect::<Result<_, _>>()?, policies: args.policy.clone(), at: args.at })
}

impl TryFrom<&OutputArgs> for Printed {
    type Error = PlanError;

    fn try_from(args: &OutputArgs) -> Result<Self, PlanError> {
        let reports = output::outputs(&args.output)?;
        if let Some(path) = &args.bundle {
            output::bundle(path, &reports)?;
        }
        let verbosity =
            Verbosity { transcript: args.verbose > 0, log: args.verbose > 1, progress: !args.quiet };
        Ok(Self { reports, bundle: args.bundle.clone(), color: args.color, verbosity })
    }
}

impl From<&MethodArgs> for Methods {
    fn from(args: &MethodArgs) -> Self {
        Self {
            only: args.methods.as_deref().map(|typed| word_list(typed).map(str::to_owned).collect()),
            unadvertised: !args.no_unadvertised,
            advertised_only: args.advertised_only,
            stop_after: args.stop_after,
            budget: args.attempt_budget,
        }
    }
}

impl From<&SendArgs> for Sending {
    fn from(args: &SendArgs) -> Self {
        Self { to: args.send_to.clone(), ehlo_name: args.ehlo_name.clone() }
    }
}

impl From<&HttpArgs> for HttpOptions {
    fn from(args: &HttpArgs) -> Self {
        Self {
            user_agent: args.user_agent.clone(),
            impersonate: args.impersonate,
            activesync_post: args.activesync_post,
            activesync_provision: args.activesync_provision,
        }
    }
}

impl From<&PaceArgs> for Pace {
    fn from(args: &PaceArgs) -> Self {
        Self {
            reply: args.timeout,
            connect: args.connect_timeout,
            visit: args.visit_timeout,
            limits: Limits { run: args.concurrency, per_host: args.per_host, per_mailbox: args.per_mailbox },
        }
    }
}

impl TryFrom<&NetworkArgs> for Connections {
    type Error = PlanError;

    fn try_from(args: &NetworkArgs) -> Result<Self, PlanError> {
        Ok(Self {
            reach: Reach { all_addresses: args.all_addresses, ..Reach::try_from(&args.reach)? },
            insecure: args.insecure,
            allow_plaintext: args.allow_plaintext,
            tls_versions: args.tls_versions,
        })
    }
}

impl TryFrom<&ReachArgs> for Reach {
    type Error = PlanError;

    fn try_from(args: &ReachArgs) -> Result<Self, PlanError> {
        Ok(Self {
            anchors: args.ca_file.clone().map(Anchors::File),
            overrides: args.resolve.clone(),
            dns_server: args.dns_server,
            source_address: args.source_address,
            family: family(args.ipv4, args.ipv6)?,
            all_addresses: false,
            proxy: args.proxy.proxy.as_deref().map(read_proxy).transpose()?,
            proxy_password: args.proxy.source(),
        })
    }
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
    /// Where the token itself comes from.
    pub(super) fn source(&self) -> Option<Source> {
        None.or_else(|| self.token_env.clone().map(Source::Env))
            .or_else(|| self.token_file.clone().map(Source::File))
            .or_else(|| self.token_command.clone().map(Source::Command))
    }
}

impl ProxyArgs {
    fn source(&self) -> Option<Source> {
        None.or_else(|| self.proxy_password_env.clone().map(Source::Env))
            .or_else(|| self.proxy_password_file.clone().map(Source::File))
            .or_else(|| self.proxy_password_command.clone().map(Source::Command))
    }
}
