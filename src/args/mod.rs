//! The command line as typed: names, help texts and defaults. What it means is decided in
//! [`Plan::resolve`](mailprobe_run::plan::Plan::resolve).
//!
//! A flag that takes no secret also reads an environment variable of its name. Where a secret comes from is
//! left out of that on purpose: an inherited variable must not decide which password is presented.

#![allow(
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    reason = "the comments are help texts, where backticks would show; and a flag is a bool"
)]

#[cfg(feature = "canary")]
mod canary;
mod choice;
mod discover;
mod explain;
#[cfg(feature = "canary")]
pub mod history;
mod offline;
mod pace;
#[cfg(feature = "rehearse")]
pub mod rehearse;
mod request;
pub mod token;

use std::ffi::OsStr;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser as _};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use mailprobe_probes::model::Phase;
use mailprobe_probes::probe::HttpOptions;

#[cfg(feature = "canary")]
pub use canary::{CanaryArgs, CanaryCommand};
pub use discover::DiscoverArgs;
pub use explain::ExplainArgs;
pub use offline::{DevicesArgs, JudgeArgs, PolicyCommand};
pub use pace::PaceArgs;

use crate::output::Color;
use mailprobe_report::lang::Lang;
use mailprobe_run::plan::request::{ListFormat, Sending};
use mailprobe_run::plan::{Override, values};

const EXAMPLES: &str = "\
Examples:
  mailprobe check me@example.com --endpoint imaps://imap.example.com \\
      --password-prompt
  mailprobe check --targets boxes.csv --token-env TOKEN -o text -o json=run.json
  mailprobe plan --targets boxes.csv --password-command 'pass show mail/canary'

Exit status: 0 every expectation met and every given secret presented, 1 an
expectation not met, 2 usage or configuration, 3 could not find out, nothing
presented or a report not written, 4 not found out only because of throttling or
the attempt budget, 5 a fault in mailprobe itself.";

const CHECK_EXAMPLES: &str = "\
Endpoints: imaps://HOST[:993], imap://HOST[:143] (STARTTLS), and
imap+plain://HOST[:143] (no TLS); likewise pop3s (995), pop3 (110), pop3+plain,
and smtps (465), smtp (587), smtp+plain (25). HTTP services: ews://HOST,
eas://HOST and autodiscover://HOST, each with [:443][/PATH]. Services that are
only asked what they offer, never logged in to: mapi, outlook-anywhere, oab,
powershell, reporting and outlook-service.

Options that take no secret also read the environment: MAILPROBE_TIMEOUT for
--timeout, and so on.

Examples:
  mailprobe check me@example.com --endpoint imaps://imap.example.com \\
      --password-prompt
  mailprobe check me@example.com --endpoint imap://imap.example.com \\
      --advertised-only
  mailprobe check --targets boxes.csv --password-env PW --token-env TOKEN \\
      --expect PLAIN=refused --expect XOAUTH2=usable
  mailprobe check --targets - --token-env TOKEN -o jsonl < boxes.jsonl";

const DISCOVER_NOTES: &str = "\
Asks the provider table, SRV, MX and CNAME records, Autodiscover and the
provider's OpenID configuration. Connects only to hosts that the address, DNS or
the provider table names. With an address, Autodiscover is asked about it.

Exit status: 0 an endpoint found, 1 none, 2 usage or configuration,
3 could not find out.";
const EXPLAIN_EXAMPLES: &str = "\
Examples:
  mailprobe explain 'NO LOGIN failed.' --server exchange-online
  mailprobe explain '535 5.7.139 Authentication unsuccessful, basic \
      authentication is disabled.'
  mailprobe explain AADSTS53003
  curl -si https://mail.example.com/EWS/Exchange.asmx | mailprobe explain";

/// Tells which login mechanisms a mailbox advertises, accepts and can really be used with
#[derive(Debug, Parser)]
#[command(name = "mailprobe", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// Language of explanations and reports, where the command has them in several [default: that of LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, value_name = "LANG", display_order = 1000, value_parser = choice::language())]
    pub lang: Option<Lang>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open sessions, try every method and report what works
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Box<CheckArgs>),
    /// Print what `check` would do and how often it would present which secret; opens no connection
    #[command(after_help = CHECK_EXAMPLES)]
    Plan(Box<CheckArgs>),
    /// Tell what changed between two reports; exit status 1 when a login that worked is refused, 3 when nobody saw it work again
    Diff(DiffArgs),
    /// Find the endpoints of an address or domain and say who names them; no credentials
    #[command(after_help = DISCOVER_NOTES)]
    Discover(Box<DiscoverArgs>),
    /// Print the JSON Schema of a report, or of a discovery
    Schema {
        /// Of what
        #[arg(value_enum, default_value_t = SchemaOf::Report)]
        of: SchemaOf,
    },
    /// Explain a pasted server answer: causes, meaning, remedy; opens no connection
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// List, show, check and learn policies
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Judge stored reports again, by policies and expectations; exit status as `check`
    Judge(JudgeArgs),
    /// List known devices and clients, or tell which of them keep working against a report
    Devices(DevicesArgs),
    /// Show a stored report in any form
    Report(ReportArgs),
    /// Check a simulated mailbox before and after the cutover: no account, no network
    #[cfg(feature = "rehearse")]
    Demo,
    /// Play a tenant that behaves like Exchange Online and others, and record what devices try
    #[cfg(feature = "rehearse")]
    #[command(after_help = rehearse::EXAMPLES)]
    Rehearse(Box<rehearse::RehearseArgs>),
    /// Get, inspect and forget OAuth tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Check mailboxes on a schedule, keep a history, tell what changed, and show it
    #[cfg(feature = "canary")]
    #[command(after_help = canary::EXAMPLES, subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
    Canary(CanaryArgs),
    /// Query what a canary wrote down: targets, changes, visits and their reports
    #[cfg(feature = "canary")]
    #[command(after_help = history::EXAMPLES)]
    History(history::HistoryArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// Arguments of `diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// Report as it was (`-o json=FILE` or jsonl; `-` is standard input)
    pub before: PathBuf,
    /// Report as it is
    pub after: PathBuf,
    /// Form of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: TextOrJson,
    /// Colour; auto means on a terminal unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "MAILPROBE_COLOR", hide_env = true,
          value_parser = choice::color())]
    pub color: Color,
}

/// Arguments of `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// Report from a file (`-o json=FILE` or jsonl; `-` is standard input)
    pub report: PathBuf,
    /// Report format, as in check, on standard output or in a file (repeats)
    #[arg(short, long, value_name = "FORMAT[=FILE]", env = "MAILPROBE_OUTPUT", hide_env = true)]
    pub output: Vec<String>,
    /// Put report, page and transcripts into a new ZIP file
    #[arg(long, value_name = "FILE.zip")]
    pub bundle: Option<PathBuf>,
    /// Show the transcript in text reports
    #[arg(short, long)]
    pub verbose: bool,
    /// Colour in text reports; auto means on a terminal unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "MAILPROBE_COLOR", hide_env = true,
          value_parser = choice::color())]
    pub color: Color,
}

/// A form for people, and one for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What a schema is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// What check writes
    Report,
    /// What discover writes
    Discovery,
}

/// Arguments of `check` and `plan`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Mailboxes to check, each on every --endpoint
    #[arg(value_name = "MAILBOX")]
    pub mailboxes: Vec<String>,
    /// Where to go.
    #[command(flatten)]
    pub targets: TargetArgs,
    /// Who logs in.
    #[command(flatten)]
    pub login: LoginArgs,
    /// Where the password comes from.
    #[command(flatten)]
    pub password: PasswordArgs,
    /// Where the token comes from.
    #[command(flatten)]
    pub token: TokenArgs,
    /// How tokens are got.
    #[command(flatten)]
    pub oauth: OauthArgs,
    /// What is tried.
    #[command(flatten)]
    pub methods: MethodArgs,
    /// What is sent.
    #[command(flatten)]
    pub send: SendArgs,
    /// What HTTP services are asked.
    #[command(flatten)]
    pub http: HttpArgs,
    /// How connections are made.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// How long and how many at once.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// What is judged and printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Where to go.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Targets")]
pub struct TargetArgs {
    /// Endpoint to visit, as a URL (repeats)
    #[arg(long = "endpoint", value_name = "URL", env = "MAILPROBE_ENDPOINT", hide_env = true)]
    pub endpoints: Vec<String>,
    /// Read mailboxes from a file; `-` is standard input
    ///
    /// CSV has a header line with the columns mailbox, endpoint (several separated by a space or `;`),
    /// login_name, password_env, password_file, token_env, token_file, oauth and methods; only mailbox is required.
    /// JSON lines have the same keys, and `endpoints` may be a list. A target without endpoints takes those of
    /// --endpoint. Empty lines and lines that start with `#` are skipped.
    #[arg(long, value_name = "FILE", env = "MAILPROBE_TARGETS", hide_env = true)]
    pub targets: Option<PathBuf>,
    /// Take the endpoints of a provider that is known: exchange-online, outlook.com, gmail, yahoo, icloud, ...
    #[arg(long, value_name = "NAME", env = "MAILPROBE_PROVIDER", hide_env = true)]
    pub provider: Option<String>,
    /// Find out the endpoints first, as `mailprobe discover` does, and check those of the domain and of known providers
    #[arg(long, conflicts_with_all = ["endpoints", "provider", "targets"], value_parser = BoolishValueParser::new())]
    pub discover: bool,
    /// Format of --targets [default: by file name, else by the first character]
    #[arg(long, value_name = "FORMAT", env = "MAILPROBE_TARGETS_FORMAT", hide_env = true,
          value_parser = choice::list_format())]
    pub targets_format: Option<ListFormat>,
}

/// Who logs in.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Login")]
pub struct LoginArgs {
    /// Authentication identity where it is not the mailbox; {mailbox} and {local} are filled in
    #[arg(long, value_name = "NAME", env = "MAILPROBE_LOGIN_NAME", hide_env = true)]
    pub login_name: Option<String>,
    /// Authorization identity: the mailbox to open where it is not the account's own
    #[arg(long, value_name = "NAME", env = "MAILPROBE_AUTHZID", hide_env = true)]
    pub authzid: Option<String>,
}

/// Where the password comes from: one source.
#[derive(Debug, Clone, Default, Args)]
#[group(id = "password-source", multiple = false)]
#[command(next_help_heading = "Login")]
pub struct PasswordArgs {
    /// Take the password from an environment variable
    #[arg(long, value_name = "VAR")]
    pub password_env: Option<String>,
    /// Take the password from a file that only its owner can read
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Take the password from the first line a shell command prints
    #[arg(long, value_name = "CMD")]
    pub password_command: Option<String>,
    /// Take the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Ask for the password on the terminal
    #[arg(long)]
    pub password_prompt: bool,
    /// Take each mailbox's password from this service in the system keyring
    #[cfg(feature = "keyring")]
    #[arg(long, value_name = "SERVICE")]
    pub password_keyring: Option<String>,
}

/// Where the OAuth access token comes from: one source.
#[derive(Debug, Clone, Default, Args)]
#[group(id = "token-source", multiple = false)]
#[command(next_help_heading = "Login")]
pub struct TokenArgs {
    /// Take the OAuth access token from an environment variable
    #[arg(long, value_name = "VAR")]
    pub token_env: Option<String>,
    /// Take the OAuth access token from a file that only its owner can read
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Take the OAuth access token from the first line a shell command prints
    #[arg(long, value_name = "CMD")]
    pub token_command: Option<String>,
}

/// The configuration file with its credential profiles.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Login")]
pub struct OauthArgs {
    /// Configuration file with credential profiles (TOML)
    #[arg(long, value_name = "FILE", env = "MAILPROBE_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
    /// Get the OAuth access tokens with this profile, [oauth.NAME] of the configuration file; a token that is given is judged
    /// by it
    #[arg(long, value_name = "NAME", env = "MAILPROBE_OAUTH", hide_env = true)]
    pub oauth: Option<String>,
    /// Print the URL of a sign-in and open no browser
    #[arg(long, env = "MAILPROBE_NO_BROWSER", hide_env = true, value_parser = BoolishValueParser::new())]
    pub no_browser: bool,
}

/// What is tried, and how far a visit goes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Methods")]
pub struct MethodArgs {
    /// Try only these, comma separated, as reports name them (PLAIN,LOGIN-COMMAND,XOAUTH2)
    #[arg(long, value_name = "LIST", env = "MAILPROBE_METHODS", hide_env = true)]
    pub methods: Option<String>,
    /// Do not try what the server does not advertise
    #[arg(long, env = "MAILPROBE_NO_UNADVERTISED", hide_env = true, value_parser = BoolishValueParser::new())]
    pub no_unadvertised: bool,
    /// Read the advertisements and present nothing
    #[arg(long, env = "MAILPROBE_ADVERTISED_ONLY", hide_env = true, value_parser = BoolishValueParser::new())]
    pub advertised_only: bool,
    /// Last phase of every visit
    #[arg(long, value_name = "PHASE", env = "MAILPROBE_STOP_AFTER", hide_env = true, value_parser = phases())]
    pub stop_after: Option<Phase>,
    /// Times a password may be presented that may count as wrong, for each account; 0 presents none
    ///
    /// 1 where it is not given, and 0 for an account whose sign-in its organisation's own servers decide (federated):
    /// they may lock it sooner.
    #[arg(long, value_name = "N", env = "MAILPROBE_ATTEMPT_BUDGET", hide_env = true,
          value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub attempt_budget: Option<u32>,
}

/// What SMTP visits do besides logging in.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Sending (SMTP)")]
pub struct SendArgs {
    /// Send a real message, marked as a probe, to this address after every accepted SMTP login
    #[arg(long, value_name = "ADDRESS", env = "MAILPROBE_SEND_TO", hide_env = true,
          value_parser = values::recipient)]
    pub send_to: Option<String>,
    /// Name that goes with EHLO: a host name, or an address in brackets
    #[arg(long, value_name = "NAME", default_value_t = Sending::default().ehlo_name, env = "MAILPROBE_EHLO_NAME", hide_env = true,
          value_parser = values::ehlo_name)]
    pub ehlo_name: String,
}

/// What HTTP services (EWS, ActiveSync, Autodiscover) are asked.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "HTTP services")]
pub struct HttpArgs {
    /// Open the mailbox by FolderSync after an accepted ActiveSync login
    ///
    /// Without it ActiveSync gets OPTIONS alone. FolderSync is a POST, and any POST may enter a device into the
    /// mailbox's list of devices: always the same one for a mailbox.
    #[arg(long, env = "MAILPROBE_ACTIVESYNC_POST", hide_env = true, value_parser = BoolishValueParser::new())]
    pub activesync_post: bool,
    /// Say yes to the device policy where an ActiveSync server insists on one; never to a wipe
    #[arg(long, requires = "activesync_post", env = "MAILPROBE_ACTIVESYNC_PROVISION", hide_env = true,
          value_parser = BoolishValueParser::new())]
    pub activesync_provision: bool,
    /// Act as the mailbox by EWS impersonation, where --login-name is another account
    ///
    /// Exchange Online removed the role ApplicationImpersonation in 2025: there it works with an application's own token
    /// only, which needs full_access_as_app, or Application EWS.AccessAsApp granted in Exchange.
    #[arg(long, env = "MAILPROBE_IMPERSONATE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub impersonate: bool,
    /// Name of the client in HTTP requests; allow lists look at it
    #[arg(long, value_name = "NAME", default_value_t = HttpOptions::default().user_agent,
          env = "MAILPROBE_USER_AGENT", hide_env = true, value_parser = values::user_agent)]
    pub user_agent: String,
}

/// How hosts are found and reached, by whatever asks them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ReachArgs {
    /// Trust the PEM certificates in this file in place of the system's
    #[arg(long, value_name = "PEM", env = "MAILPROBE_CA_FILE", hide_env = true)]
    pub ca_file: Option<PathBuf>,
    /// Use this address for a host: HOST:ADDR or HOST:PORT:ADDR, IPv6 in brackets (repeats)
    #[arg(long, value_name = "HOST:ADDR", env = "MAILPROBE_RESOLVE", hide_env = true,
          value_parser = values::address_override)]
    pub resolve: Vec<Override>,
    /// Ask this name server in place of the system's
    #[arg(long, value_name = "IP[:PORT]", env = "MAILPROBE_DNS_SERVER", hide_env = true,
          value_parser = values::dns_server)]
    pub dns_server: Option<SocketAddr>,
    /// Local address to connect from
    #[arg(long, value_name = "IP", env = "MAILPROBE_SOURCE_ADDRESS", hide_env = true)]
    pub source_address: Option<IpAddr>,
    /// Where connections go through a proxy.
    #[command(flatten)]
    pub proxy: ProxyArgs,
    /// Use IPv4 only
    #[arg(short = '4', long, conflicts_with = "ipv6", env = "MAILPROBE_IPV4", hide_env = true, value_parser = BoolishValueParser::new())]
    pub ipv4: bool,
    /// Use IPv6 only
    #[arg(short = '6', long, env = "MAILPROBE_IPV6", hide_env = true, value_parser = BoolishValueParser::new())]
    pub ipv6: bool,
}

/// How connections are made.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct NetworkArgs {
    /// Present secrets although the certificate is not trusted
    #[arg(long, env = "MAILPROBE_INSECURE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub insecure: bool,
    /// Present secrets on connections without TLS
    #[arg(long, env = "MAILPROBE_ALLOW_PLAINTEXT", hide_env = true, value_parser = BoolishValueParser::new())]
    pub allow_plaintext: bool,
    /// How hosts are found and reached.
    #[command(flatten)]
    pub reach: ReachArgs,
    /// Ask which versions of TLS, 1.0 to 1.3, a server takes: four connections more for each endpoint
    ///
    /// Each connection, after STARTTLS where the endpoint has it, sends a hello that offers one version alone and
    /// ends with the server's answer; nothing secret is sent. Accepted means that the server answered with a
    /// ServerHello of that version. The handshake is not completed, so a refusal after it is not seen: some
    /// services take an old version there and then say `421 4.7.66 TLS 1.0 and 1.1 are not supported`.
    #[arg(long, env = "MAILPROBE_TLS_VERSIONS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub tls_versions: bool,
    /// Visit every address of a host, not only the first that answers
    #[arg(long, env = "MAILPROBE_ALL_ADDRESSES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub all_addresses: bool,
}

/// The proxy, and one source of its password.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ProxyArgs {
    /// Connect through this proxy.
    #[arg(
        long,
        value_name = "URL",
        env = "MAILPROBE_PROXY",
        hide_env = true,
        help = "Connect through a proxy: http://[USER@]HOST:PORT (CONNECT), socks5:// or socks5h:// (the proxy asks DNS)"
    )]
    pub proxy: Option<String>,
    /// Take the proxy's password from an environment variable
    #[arg(long, value_name = "VAR", group = "proxy-password-source")]
    pub proxy_password_env: Option<String>,
    /// Take the proxy's password from a file that only its owner can read
    #[arg(long, value_name = "FILE", group = "proxy-password-source")]
    pub proxy_password_file: Option<PathBuf>,
    /// Take the proxy's password from the first line a shell command prints
    #[arg(long, value_name = "CMD", group = "proxy-password-source")]
    pub proxy_password_command: Option<String>,
}

/// What is judged, and what is printed where.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// What must hold on every endpoint: [PROTOCOL/]METHOD=STATE (repeats)
    ///
    /// STATE is usable (the mailbox opens), accepted (the login is taken), refused (the server says no for
    /// another reason than this password or token), not-accepted (the server says no), advertised or
    /// not-advertised. Without --expect the mailbox must open on every endpoint by at least one method that
    /// was presented; where the run does not ask for the mailbox (Autodiscover, ActiveSync without --activesync-post,
    /// --stop-after auth), a login must be taken.
    #[arg(long, value_name = "RULE", env = "MAILPROBE_EXPECT", hide_env = true)]
    pub expect: Vec<String>,
    /// Judge by a policy too: the name of a shipped one (`mailprobe policy list`) or a TOML file (repeats)
    #[arg(long, value_name = "NAME|FILE", env = "MAILPROBE_POLICY", hide_env = true)]
    pub policy: Vec<String>,
    /// Judge policies as they stand on this day, 2026-12-31: what would fail then [default: today]
    #[arg(long, value_name = "DATE", requires = "policy", env = "MAILPROBE_AT", hide_env = true,
          value_parser = values::day)]
    pub at: Option<jiff::civil::Date>,
    /// Report format, on standard output or in a file (repeats)
    ///
    /// For people: text, wide, html (one page), markdown. For programs: json, jsonl, csv, junit, prometheus (for
    /// node_exporter's textfile collector), nagios. With nagios on standard output the exit status is a plugin's:
    /// 0 every expectation met, 1 only warnings are not met or a finding is critical, 2 an expectation not met,
    /// 3 everything else, mistakes in the command line included.
    #[arg(short, long, value_name = "FORMAT[=FILE]", env = "MAILPROBE_OUTPUT", hide_env = true)]
    pub output: Vec<String>,
    /// Put report, page and transcripts into a new ZIP file, for a support case
    #[arg(long, value_name = "FILE.zip", env = "MAILPROBE_BUNDLE", hide_env = true)]
    pub bundle: Option<PathBuf>,
    /// Show the transcript in text reports; twice also logs what mailprobe does to standard error
    #[arg(short, long, action = ArgAction::Count, env = "MAILPROBE_VERBOSE", hide_env = true)]
    pub verbose: u8,
    /// No progress on standard error
    #[arg(short, long, env = "MAILPROBE_QUIET", hide_env = true, value_parser = BoolishValueParser::new())]
    pub quiet: bool,
    /// Colour in text reports; auto means on a terminal unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "MAILPROBE_COLOR", hide_env = true,
          value_parser = choice::color())]
    pub color: Color,
}

const PHASES: &[Phase] = &[
    Phase::Resolve,
    Phase::Connect,
    Phase::Tls,
    Phase::Greeting,
    Phase::Capability,
    Phase::StartTls,
    Phase::Auth,
    Phase::Session,
    Phase::Logout,
];

fn phases() -> impl clap::builder::TypedValueParser<Value = Phase> {
    let known = PossibleValuesParser::new(PHASES.iter().map(|phase| phase.name()));
    known.map(|name| PHASES.iter().copied().find(|phase| phase.name() == name).unwrap_or(Phase::Logout))
}

/// Whether words that nobody has understood yet ask for a Nagios plugin's answer on standard output.
pub(crate) fn wants_plugin(typed: &[impl AsRef<OsStr>]) -> bool {
    let is = |word: &OsStr| {
        let word = word.to_string_lossy();
        let word = word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")).unwrap_or(&word);
        matches!(word.to_ascii_lowercase().as_str(), "nagios" | "nagios=-")
    };
    typed.iter().any(|word| is(word.as_ref()))
}

#[cfg(test)]
mod tests;
