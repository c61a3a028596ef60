//! What is wrong with a request, as data: what, which setting it is about, and the way out.
//!
//! A sentence that names a setting holds the [`Setting`] itself. Whoever shows it spells that as it is written where the
//! mistake was made: `--password-env` on a command line, `password_env` in a file, and in front of it the place.

use std::borrow::Cow;
use std::fmt;

use mailprobe_probes::model::Kind;
use mailprobe_probes::wire::Family;

use crate::config::ProfileError;
use mailprobe_oauth::SecretError;

/// Something that can be set for a run. Those that repeat have their number, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A mailbox.
    Mailbox(usize),
    /// An endpoint.
    Endpoint(usize),
    /// The provider whose endpoints are taken.
    Provider,
    /// Whether endpoints are looked for.
    Discover,
    /// The list of targets.
    Targets,
    /// One target of the list.
    Row(Row),
    /// The name that logs in.
    LoginName,
    /// The mailbox that is opened.
    Authzid,
    /// Every place that a password or token can come from.
    Secret(Kind),
    /// The password, from a variable.
    PasswordEnv,
    /// The password, from a file.
    PasswordFile,
    /// The password, from a command.
    PasswordCommand,
    /// The password, from a person.
    PasswordPrompt,
    /// The password, from standard input.
    PasswordStdin,
    /// Any way to give a password, the one for a person first.
    AnyPassword,
    /// The token, from a variable.
    TokenEnv,
    /// The file with credential profiles.
    Config,
    /// The credential profile.
    Oauth,
    /// The methods that are tried.
    Methods,
    /// That nothing is presented.
    AdvertisedOnly,
    /// The last phase.
    StopAfter,
    /// How often a password may be presented.
    AttemptBudget,
    /// Whom a message goes to.
    SendTo,
    /// Trust anchors.
    CaFile,
    /// An address that is used for a host.
    Resolve(usize),
    /// The local address.
    SourceAddress,
    /// Which kind of addresses is used.
    Family(Family),
    /// Whether every address is visited.
    AllAddresses,
    /// Whether versions of TLS are asked for.
    TlsVersions,
    /// The proxy.
    Proxy,
    /// Every place that its password can come from.
    ProxyPassword,
    /// A rule that must hold.
    Expect(usize),
    /// A policy that must hold.
    Policy(usize),
    /// The day of the judgement.
    At,
    /// A report.
    Output(usize),
    /// The bundle.
    Bundle,
}

/// One line of a list of targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The list, harmless.
    pub list: std::sync::Arc<str>,
    /// The line, from 1.
    pub line: u64,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.list, self.line)
    }
}

/// How settings are written where a mistake is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As flags of the command line.
    Flags,
    /// As keys of a TOML file.
    Keys,
}

impl Setting {
    /// As it is written there.
    pub fn spelled(&self, spelling: Spelling) -> &'static str {
        let (flag, key) = self.names();
        match spelling {
            Spelling::Flags => flag,
            Spelling::Keys => key,
        }
    }

    /// The flag, and the key.
    const fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Mailbox(_) => ("MAILBOX", "mailbox"),
            Self::Endpoint(_) => ("--endpoint", "endpoints"),
            Self::Provider => ("--provider", "provider"),
            Self::Discover => ("--discover", "discover"),
            Self::Targets | Self::Row(_) => ("--targets", "targets"),
            Self::LoginName => ("--login-name", "login_name"),
            Self::Authzid => ("--authzid", "authzid"),
            Self::Secret(Kind::Password) => {
                ("--password-env, -file or -command", "password_env, password_file or password_command")
            }
            Self::Secret(Kind::Token) => {
                ("--token-env, -file or -command", "token_env, token_file or token_command")
            }
            Self::PasswordEnv => ("--password-env", "password_env"),
            Self::PasswordFile => ("--password-file", "password_file"),
            Self::PasswordCommand => ("--password-command", "password_command"),
            Self::PasswordPrompt => ("--password-prompt", "password_prompt"),
            Self::PasswordStdin => ("--password-stdin", "password_stdin"),
            Self::AnyPassword => {
                ("--password-prompt, --password-env, ...", "password_env, password_file or password_command")
            }
            Self::TokenEnv => ("--token-env", "token_env"),
            Self::Config => ("--config", "config"),
            Self::Oauth => ("--oauth", "oauth"),
            Self::Methods => ("--methods", "methods"),
            Self::AdvertisedOnly => ("--advertised-only", "advertised_only"),
            Self::StopAfter => ("--stop-after", "stop_after"),
            Self::AttemptBudget => ("--attempt-budget", "attempt_budget"),
            Self::SendTo => ("--send-to", "send_to"),
            Self::CaFile => ("--ca-file", "ca_file"),
            Self::Resolve(_) => ("--resolve", "resolve"),
            Self::SourceAddress => ("--source-address", "source_address"),
            Self::Family(Family::V4) => ("-4", "family = \"ipv4\""),
            Self::Family(Family::V6) => ("-6", "family = \"ipv6\""),
            Self::Family(Family::Any) => ("-4 and -6", "family"),
            Self::AllAddresses => ("--all-addresses", "all_addresses"),
            Self::TlsVersions => ("--tls-versions", "tls_versions"),
            Self::Proxy => ("--proxy", "proxy"),
            Self::ProxyPassword => {
                ("--proxy-password-env, -file or -command", "proxy_password_env or proxy_password_file")
            }
            Self::Expect(_) => ("--expect", "expect"),
            Self::Policy(_) => ("--policy", "policy"),
            Self::At => ("--at", "at"),
            Self::Output(_) => ("-o", "output"),
            Self::Bundle => ("--bundle", "bundle"),
        }
    }
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Text(Cow<'static, str>),
    /// Spelled where it is shown.
    Setting(Setting),
}

impl From<&'static str> for Piece {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Setting> for Piece {
    fn from(setting: Setting) -> Self {
        Self::Setting(setting)
    }
}

/// A sentence that may name settings. Displays as a command line spells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Vec<Piece>);

impl Words {
    /// The sentence as it is shown there.
    pub fn spelled(&self, spelling: Spelling) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Setting(setting) => Cow::Borrowed(setting.spelled(spelling)),
        };
        self.0.iter().map(piece).collect()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same behind other words.
    fn behind(self, mut first: Self) -> Self {
        first.0.extend(self.0);
        first
    }
}

impl<const N: usize> From<[Piece; N]> for Words {
    fn from(pieces: [Piece; N]) -> Self {
        Self(pieces.into())
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(Spelling::Flags))
    }
}

/// A sentence from texts and settings: [`Words`](crate::plan::Words).
#[macro_export]
macro_rules! words {
    ($($piece:expr),* $(,)?) => {
        $crate::plan::Words::from([$($crate::plan::Piece::from($piece)),*])
    };
}
pub(super) use crate::words;

/// A mistake in a request. Never holds a secret. Displays as a command line says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    /// What is wrong.
    pub what: Words,
    /// Where: the setting that is to be changed first of all.
    pub about: Setting,
    /// The way out, where it is not plain.
    pub remedy: Words,
}

impl PlanError {
    /// A mistake.
    pub fn new(about: Setting, what: Words) -> Self {
        Self { what, about, remedy: Words::default() }
    }

    /// A setting whose text is none of its kind, and why.
    pub fn misread(setting: Setting, why: &dyn fmt::Display) -> Self {
        Self::new(setting.clone(), words![setting, format!(": {why}")])
    }

    /// With the way out.
    #[must_use]
    pub fn remedy(mut self, remedy: Words) -> Self {
        self.remedy = remedy;
        self
    }

    /// The same mistake where it was met: about this setting, behind these words.
    #[must_use]
    pub fn met(mut self, about: Setting, first: Words) -> Self {
        self.about = about;
        self.what = self.what.behind(first);
        self
    }

    /// What is wrong and the way out, without the place.
    pub fn spelled(&self, spelling: Spelling) -> String {
        let mut text = self.what.spelled(spelling);
        if !self.remedy.is_empty() {
            text.push_str(": ");
            text.push_str(&self.remedy.spelled(spelling));
        }
        text
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Setting::Row(row) = &self.about {
            write!(f, "{row}: ")?;
        }
        f.write_str(&self.spelled(Spelling::Flags))
    }
}

impl std::error::Error for PlanError {}

impl PlanError {
    /// A profile is named, and no file that has it.
    pub fn no_configuration() -> Self {
        let what = words![Setting::Oauth, " names a profile of a configuration file"];
        Self::new(Setting::Oauth, what).remedy(words!["add ", Setting::Config, " FILE"])
    }

    /// A secret that cannot be read.
    pub fn of_secret(about: Setting, error: SecretError) -> Self {
        match error {
            SecretError::NoTerminal { .. } => {
                let remedy = words![
                    "use ",
                    Setting::PasswordEnv,
                    ", ",
                    Setting::PasswordFile,
                    " or ",
                    Setting::PasswordCommand
                ];
                Self::new(about, words![error.to_string()]).remedy(remedy)
            }
            SecretError::Unreadable(words) => Self::new(about, words![words]),
        }
    }

    /// A credential profile that cannot be had.
    pub fn of_profile(error: &ProfileError) -> Self {
        let what = words![error.to_string()];
        match error {
            ProfileError::NoSection { .. } => Self::new(Setting::Oauth, what)
                .remedy(words!["add it, or name another with ", Setting::Oauth]),
            _ => Self::new(Setting::Config, what),
        }
    }
}

/// Mistakes that are told; of more, the number.
const MOST: usize = 50;

/// The mistakes in a request: one, or all of a list of targets. Displays a line for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanErrors {
    told: Vec<PlanError>,
    more: usize,
}

impl PlanErrors {
    /// Notes a mistake.
    pub(super) fn note(&mut self, error: PlanError) {
        if self.told.len() < MOST {
            self.told.push(error);
        } else {
            self.more += 1;
        }
    }

    /// Notes a mistake where there is one.
    pub(super) fn extend(&mut self, error: Option<PlanError>) {
        if let Some(error) = error {
            self.note(error);
        }
    }

    /// Those that are told, in the order of the list.
    pub fn told(&self) -> &[PlanError] {
        &self.told
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// What was read, where there was no mistake; else all of them, in the order of the list.
    pub(super) fn settle<T>(mut self, read: T) -> Result<T, Self> {
        if self.is_empty() {
            return Ok(read);
        }
        self.told.sort_by_key(|error| match &error.about {
            Setting::Row(row) => row.line,
            _ => 0,
        });
        Err(self)
    }
}

impl From<PlanError> for PlanErrors {
    fn from(error: PlanError) -> Self {
        Self { told: vec![error], more: 0 }
    }
}

impl fmt::Display for PlanErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, error) in self.told.iter().enumerate() {
            let before = if number == 0 { "" } else { "\n" };
            write!(f, "{before}{error}")?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for PlanErrors {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_spelled_as_it_is_written_where_it_was_made() {
        let error =
            PlanError::new(Setting::Expect(1), words![Setting::Expect(1), " PLAIN=usable needs a password"])
                .remedy(words!["add ", Setting::Secret(Kind::Password)]);
        assert_eq!(
            error.to_string(),
            "--expect PLAIN=usable needs a password: add --password-env, -file or -command"
        );
        assert_eq!(
            error.spelled(Spelling::Keys),
            "expect PLAIN=usable needs a password: add password_env, password_file or password_command"
        );
    }

    #[test]
    fn a_mistake_in_a_list_has_its_line_in_front() {
        let row = Row { list: "boxes.csv".into(), line: 2 };
        let error = PlanError::new(Setting::Mailbox(0), words!["`alice` is not a mailbox"]);
        assert_eq!(
            error.met(Setting::Row(row), words![]).to_string(),
            "boxes.csv:2: `alice` is not a mailbox"
        );
    }
}
