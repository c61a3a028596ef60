//! `mailprobe token` as typed.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, where backticks would show")]

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{Args, Subcommand};

use mailprobe_probes::model::{Kind, Protocol, Secret};

use super::{PasswordArgs, ReachArgs, TextOrJson, TokenArgs};
use mailprobe_oauth::profile::Profile;
use mailprobe_run::config::Config;
use mailprobe_run::plan::request::Reach;
use mailprobe_run::plan::{Network, PlanError, SecretError, Source, Vault, World, login, network, values};

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Get a token by a profile and print it, alone on one line
    ///
    /// The token goes to standard output, for pipes and --token-command; everything else to standard error. It comes from
    /// the cache while it is good for five more minutes.
    Get(Box<GetArgs>),
    /// Tell what a token says of itself, and whether it fits mailbox, protocol and time; connects to nothing
    ///
    /// The token is the argument of --token-env, --token-file or --token-command, or the first line of standard input. Its
    /// signature is neither verified nor shown. Exit status 1 if a server will refuse the token, 3 if that depends on a right
    /// that the token does not carry (RBAC for Applications).
    Inspect(Box<InspectArgs>),
    /// Forget stored tokens: of a profile, of one mailbox of it, or all
    Forget(ForgetArgs),
}

/// Arguments of `token get`.
#[derive(Debug, Clone, Args)]
pub struct GetArgs {
    /// Mailbox that the token is for; for an application's own token any of the tenant
    #[arg(value_name = "MAILBOX")]
    pub mailbox: String,
    /// The profile, [oauth.NAME]
    #[arg(long, value_name = "NAME", env = "MAILPROBE_OAUTH", hide_env = true)]
    pub oauth: String,
    /// Protocols that the token is for, comma separated: imap, pop3, smtp, ews, activesync. All of one resource
    #[arg(long, value_name = "LIST", default_value = "imap", value_delimiter = ',', value_parser = protocol)]
    pub protocol: Vec<Protocol>,
    /// Configuration file with credential profiles (TOML)
    #[arg(long, value_name = "FILE", env = "MAILPROBE_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
    /// Print the URL of a sign-in and open no browser
    #[arg(long, env = "MAILPROBE_NO_BROWSER", hide_env = true, value_parser = BoolishValueParser::new())]
    pub no_browser: bool,
    /// For the flow that presents it to the issuer.
    #[command(flatten)]
    pub password: PasswordArgs,
    /// How the issuer is reached.
    #[command(flatten)]
    pub reach: ReachArgs,
    /// Longest wait for one answer
    #[arg(long, value_name = "SECS", default_value = "30", env = "MAILPROBE_TIMEOUT", hide_env = true,
          value_parser = values::seconds)]
    pub timeout: Duration,
    /// Longest wait for a person to sign in
    #[arg(long, value_name = "SECS", default_value = "600", value_parser = values::seconds)]
    pub sign_in_timeout: Duration,
}

/// Arguments of `token inspect`.
#[derive(Debug, Clone, Args)]
pub struct InspectArgs {
    /// Mailbox that the token is for
    #[arg(value_name = "MAILBOX")]
    pub mailbox: Option<String>,
    /// Protocols that the token is for, comma separated
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = protocol)]
    pub protocol: Vec<Protocol>,
    /// Provider whose servers the token is for: exchange-online, gmail, ...
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Where the token comes from; --oauth names the profile that it is judged by.
    #[command(flatten)]
    pub token: InspectedArgs,
    /// Configuration file with credential profiles (TOML)
    #[arg(long, value_name = "FILE", env = "MAILPROBE_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
    /// Form of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: TextOrJson,
}

/// Where a token comes from that is looked at.
#[derive(Debug, Clone, Default, Args)]
pub struct InspectedArgs {
    /// Take the token from an environment variable
    #[arg(long, value_name = "VAR", group = "inspected")]
    pub token_env: Option<String>,
    /// Take the token from a file that only its owner can read
    #[arg(long, value_name = "FILE", group = "inspected")]
    pub token_file: Option<PathBuf>,
    /// Take the token from the first line a shell command prints
    #[arg(long, value_name = "CMD", group = "inspected")]
    pub token_command: Option<String>,
    /// Judge it by what this profile wants, [oauth.NAME]
    #[arg(long, value_name = "NAME", env = "MAILPROBE_OAUTH", hide_env = true)]
    pub oauth: Option<String>,
}

/// Arguments of `token forget`.
#[derive(Debug, Clone, Args)]
pub struct ForgetArgs {
    /// Mailbox whose tokens are forgotten; those of all where it is not given
    #[arg(value_name = "MAILBOX", requires = "oauth")]
    pub mailbox: Option<String>,
    /// The profile, [oauth.NAME]
    #[arg(long, value_name = "NAME", required_unless_present = "all")]
    pub oauth: Option<String>,
    /// Configuration file with credential profiles (TOML)
    #[arg(long, value_name = "FILE", env = "MAILPROBE_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
    /// Forget every stored token
    #[arg(long, conflicts_with_all = ["oauth", "mailbox"])]
    pub all: bool,
}

fn protocol(text: &str) -> Result<Protocol, String> {
    let able = [
        Protocol::Imap,
        Protocol::Pop3,
        Protocol::Smtp,
        Protocol::Ews,
        Protocol::ActiveSync,
        Protocol::Autodiscover,
    ];
    able.into_iter().find(|protocol| protocol.name().eq_ignore_ascii_case(text.trim())).ok_or_else(|| {
        let known: Vec<&str> = able.iter().map(|protocol| protocol.name()).collect();
        format!("use {}", known.join(", "))
    })
}

/// The profile of that name.
///
/// # Errors
/// No file, no such profile, or a mistake in the file.
pub fn profile(config: Option<&std::path::Path>, name: &str) -> Result<Profile, PlanError> {
    let path = config.ok_or_else(PlanError::no_configuration)?;
    let found = Config::read(path).and_then(|config| config.profile(name).cloned());
    found.map_err(|error| PlanError::of_profile(&error))
}

impl GetArgs {
    /// The mailbox, checked.
    ///
    /// # Errors
    /// It is none.
    pub fn mailbox(&self) -> Result<String, PlanError> {
        login::mailbox(&self.mailbox)
    }

    /// The password, where one is named.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn password(&self, world: &mut World<'_>) -> Result<Option<Secret>, SecretError> {
        let Some(source) = self.password.source() else { return Ok(None) };
        Ok(Some(Vault::new(world).secret(Kind::Password, &source, &self.mailbox)?))
    }

    /// How the issuer is reached.
    ///
    /// # Errors
    /// Flags that contradict each other, and a certificate file or password that cannot be read.
    pub fn network(&self, world: &mut World<'_>) -> Result<Network, PlanError> {
        network(&Reach::try_from(&self.reach)?, world)
    }
}

impl InspectArgs {
    /// The token: from its source, or from standard input.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn token(&self, world: &mut World<'_>) -> Result<Secret, SecretError> {
        let typed = TokenArgs {
            token_env: self.token.token_env.clone(),
            token_file: self.token.token_file.clone(),
            token_command: self.token.token_command.clone(),
        };
        let source = typed.source().unwrap_or(Source::Stdin);
        Vault::new(world).secret(Kind::Token, &source, self.mailbox.as_deref().unwrap_or_default())
    }
}
