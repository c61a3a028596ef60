//! What a tenant is like: mailboxes, switches, capability lists and the exact words of its answers. All of it is data;
//! [`load`](load::load) reads it from TOML.

mod load;
mod merge;
mod shipped;
mod web;

pub(crate) use load::switches;
pub use load::{ScenarioError, load};
pub use shipped::{SHIPPED, Shipped};

use mailprobe_probes::model::{Cause, Protocol, Secret};
use serde::Deserialize;

use super::Words;
use super::oauth::Directory;
use super::web::Site;

/// A tenant as a scenario describes it. Keys that are not there keep the defaults: everything open.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// Its name: of a shipped one, or the file's.
    #[serde(skip)]
    pub name: String,
    /// One line for `--list`.
    pub title: String,
    /// What it is for, for `--show`.
    pub about: String,
    /// The scenario that this one changes.
    pub extends: Option<String>,
    /// Whose service it is like. Only scenarios of one service stand on one line of time.
    pub service: String,
    /// The first day of this state, as YYYY-MM-DD, where it lies on the service's line of time.
    pub since: Option<String>,
    /// What an administrator can do against what this day switches off for passwords; empty where nothing.
    pub unless: String,
    /// Where that is written.
    pub source: String,
    /// Switches of the whole organisation.
    pub tenant: Organisation,
    /// Protocols that take passwords at all.
    pub basic: Doors,
    /// Protocols that take tokens at all.
    pub oauth: Doors,
    /// TLS.
    pub tls: Tls,
    /// When it is too busy.
    pub throttle: Throttle,
    /// Who lives there.
    pub mailbox: Vec<Mailbox>,
    /// How IMAP talks.
    pub imap: Line,
    /// How POP3 talks.
    pub pop3: Line,
    /// How SMTP talks.
    pub smtp: Line,
    /// How the web server talks; its ports, its name and the versions of `ActiveSync` follow from the rest.
    site: Site,
    /// What the token endpoint knows; where no app is registered, there is none.
    directory: Directory,
    /// The words of its answers.
    pub words: Vec<Answer>,
}

/// Switches of the whole organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organisation {
    /// Security defaults: every sign-in with a password alone is refused.
    pub security_defaults: bool,
    /// Conditional Access blocks legacy authentication, after the password was looked at.
    pub block_legacy: bool,
    /// SMTP AUTH, for mailboxes that do not say otherwise.
    pub smtp_auth: bool,
    /// Exchange Web Services.
    pub ews: Ews,
    /// Client ids (Entra) that may use EWS where it keeps a list.
    pub ews_allowed_apps: Vec<String>,
    /// Oldest version of the `ActiveSync` protocol that is taken.
    pub activesync_minimum: String,
}

impl Default for Organisation {
    fn default() -> Self {
        Self {
            security_defaults: false,
            block_legacy: false,
            smtp_auth: true,
            ews: Ews::On,
            ews_allowed_apps: Vec::new(),
            activesync_minimum: "2.5".to_owned(),
        }
    }
}

/// The state of Exchange Web Services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ews {
    /// For every app.
    On,
    /// For the apps of a list.
    AllowList,
    /// For nobody.
    Off,
    /// For nobody anywhere, for good.
    Retired,
}

/// A switch for each protocol.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Doors {
    /// IMAP.
    pub imap: bool,
    /// POP3.
    pub pop3: bool,
    /// SMTP submission.
    pub smtp: bool,
    /// Exchange Web Services.
    pub ews: bool,
    /// `ActiveSync`.
    pub activesync: bool,
    /// Autodiscover.
    pub autodiscover: bool,
}

impl Default for Doors {
    fn default() -> Self {
        Self { imap: true, pop3: true, smtp: true, ews: true, activesync: true, autodiscover: true }
    }
}

impl Doors {
    /// Whether this protocol's is open. Protocols that have no switch are.
    pub fn open(&self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Imap => self.imap,
            Protocol::Pop3 => self.pop3,
            Protocol::Smtp => self.smtp,
            Protocol::Ews => self.ews,
            Protocol::ActiveSync => self.activesync,
            Protocol::Autodiscover => self.autodiscover,
            _ => true,
        }
    }
}

/// TLS.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Oldest version that is taken.
    pub minimum: Floor,
    /// Cipher suites that the real service takes, by IANA name: the rehearsal speaks some of them only, and what it cannot
    /// speak is no verdict on a device.
    pub service_ciphers: Vec<String>,
    /// Where that is written.
    pub source: String,
}

/// Oldest version of TLS. Older than 1.2 the tenant cannot speak, so a device that needs that is refused and recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Floor {
    /// TLS 1.2 (RFC 5246).
    #[default]
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    #[serde(rename = "1.3")]
    Tls13,
}

/// When it is too busy: so many are served, all later ones are told to come back.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// Logins that are looked at; all where there is none.
    pub logins: Option<u32>,
    /// Connections that are greeted; all where there is none.
    pub connections: Option<u32>,
}

/// One mailbox.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Its address.
    pub address: String,
    /// Other names that log in to it.
    #[serde(default)]
    pub names: Vec<String>,
    /// Its password; none opens it where there is none.
    #[serde(default, deserialize_with = "secret")]
    pub password: Option<Secret>,
    /// Tokens that open it, beside JWTs that name it.
    #[serde(default, deserialize_with = "secrets")]
    pub tokens: Vec<Secret>,
    /// The state of the account.
    #[serde(default)]
    pub account: Account,
    /// IMAP.
    #[serde(default)]
    pub imap: Access,
    /// POP3.
    #[serde(default)]
    pub pop3: Access,
    /// SMTP AUTH.
    #[serde(default)]
    pub smtp_auth: SmtpAuth,
    /// Exchange Web Services.
    #[serde(default)]
    pub ews: Access,
    /// `ActiveSync`.
    #[serde(default)]
    pub activesync: Access,
}

/// Not the library's own complaint about a wrong kind of value: it quotes the value.
fn one_secret<E: serde::de::Error>(value: toml::Value) -> Result<Secret, E> {
    match value {
        toml::Value::String(text) => Ok(Secret::new(text)),
        _ => Err(E::custom("a password or token is written as a string in quotes")),
    }
}

fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    one_secret(toml::Value::deserialize(deserializer)?).map(Some)
}

fn secrets<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Secret>, D::Error> {
    match toml::Value::deserialize(deserializer)? {
        toml::Value::Array(values) => values.into_iter().map(one_secret).collect(),
        _ => Err(serde::de::Error::custom("tokens are written as a list of strings")),
    }
}

/// Whether a protocol opens a mailbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// It does.
    #[default]
    On,
    /// The login is refused.
    Off,
    /// The login is taken, and the mailbox does not open.
    Shut,
}

/// SMTP AUTH of one mailbox (`SmtpClientAuthenticationDisabled`, which has three states).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmtpAuth {
    /// As the organisation has it.
    #[default]
    Inherit,
    /// On, whatever the organisation has.
    On,
    /// Off, whatever the organisation has.
    Off,
}

/// The state of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// It works.
    #[default]
    On,
    /// Switched off.
    Disabled,
    /// Locked after failed logins.
    Locked,
    /// Wants a second factor.
    Mfa,
    /// Wants an app password.
    AppPassword,
    /// Its password has expired.
    Expired,
}

impl Account {
    /// Why it refuses its right password.
    pub const fn refusal(self) -> Option<Cause> {
        match self {
            Self::On => None,
            Self::Disabled => Some(Cause::AccountDisabled),
            Self::Locked => Some(Cause::AccountLocked),
            Self::Mfa => Some(Cause::MfaRequired),
            Self::AppPassword => Some(Cause::AppPasswordRequired),
            Self::Expired => Some(Cause::PasswordExpired),
        }
    }
}

/// How a line protocol talks.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// First line, without what the protocol puts in front.
    pub greeting: String,
    /// Capabilities before TLS.
    pub before_tls: Vec<String>,
    /// Capabilities inside TLS.
    pub after_tls: Vec<String>,
    /// Capabilities after a login; those inside TLS where the list is empty.
    pub after_login: Vec<String>,
    /// SASL mechanisms that it understands, advertised or not.
    pub mechanisms: Vec<String>,
    /// Which first messages may travel with the command.
    pub initial_response: InitialResponse,
    /// Whether logins are taken before TLS.
    pub login_before_tls: bool,
    /// Whether the real service has a port where TLS comes first. What it has not is offered to no device.
    pub implicit_tls: bool,
    /// Last line, without what the protocol puts in front.
    pub goodbye: String,
}

/// Which first messages may travel with the command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitialResponse {
    /// All.
    #[default]
    Always,
    /// Passwords, and no tokens: Exchange's POP3.
    Passwords,
    /// None.
    Never,
}

impl InitialResponse {
    /// Whether that of this mechanism may.
    pub fn admits(self, mechanism: &str) -> bool {
        let token = ["XOAUTH2", "OAUTHBEARER"].iter().any(|name| name.eq_ignore_ascii_case(mechanism));
        self == Self::Always || (self == Self::Passwords && !token)
    }
}

impl Default for Line {
    fn default() -> Self {
        Self {
            greeting: String::new(),
            before_tls: Vec::new(),
            after_tls: Vec::new(),
            after_login: Vec::new(),
            mechanisms: Vec::new(),
            initial_response: InitialResponse::Always,
            login_before_tls: false,
            implicit_tls: true,
            goodbye: String::new(),
        }
    }
}

impl Line {
    /// Whether it understands this mechanism.
    pub fn understands(&self, mechanism: &str) -> bool {
        self.mechanisms.iter().any(|known| known.eq_ignore_ascii_case(mechanism))
    }
}

/// One answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Over which protocol.
    pub protocol: Protocol,
    /// For which cause.
    pub cause: Cause,
    /// HTTP status; an SMTP reply code stands in the text.
    #[serde(default)]
    pub status: Option<u16>,
    /// The line; `{command}` stands for the command that it answers.
    pub text: String,
    /// SASL error challenge that goes first.
    #[serde(default)]
    pub challenge: Option<String>,
    /// Header fields of HTTP: name and value.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Content of HTTP.
    #[serde(default)]
    pub body: String,
    /// How long it thinks before, milliseconds.
    #[serde(default)]
    pub delay_ms: u64,
    /// Whether it hangs up afterwards.
    #[serde(default)]
    pub closes: bool,
    /// Where the words are from.
    pub source: String,
}

impl Answer {
    /// As listeners say it.
    pub fn words(&self) -> Words {
        Words {
            status: self.status.or_else(|| reply_code(&self.text)),
            text: self.text.clone(),
            challenge: self.challenge.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            delay_ms: self.delay_ms,
            closes: self.closes,
            source: self.source.clone(),
        }
    }
}

/// The code in front of an SMTP reply line.
fn reply_code(line: &str) -> Option<u16> {
    let code = line.get(..3)?.parse().ok()?;
    ((200..=599).contains(&code) && matches!(line.as_bytes().get(3), None | Some(b' ' | b'-')))
        .then_some(code)
}

impl Scenario {
    /// The mailbox of this address or login name, in any case.
    pub fn mailbox_of(&self, name: &str) -> Option<&Mailbox> {
        let same = |known: &String| known.eq_ignore_ascii_case(name);
        self.mailbox.iter().find(|mailbox| same(&mailbox.address) || mailbox.names.iter().any(same))
    }

    /// The service by name: `Exchange Online` of `exchange-online`.
    pub fn service_title(&self) -> String {
        let words = self.service.split('-').filter(|word| !word.is_empty()).map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        });
        let title = words.collect::<Vec<_>>().join(" ");
        if title.is_empty() { "the real service".to_owned() } else { title }
    }

    /// How this line protocol talks.
    pub fn line(&self, protocol: Protocol) -> &Line {
        match protocol {
            Protocol::Pop3 => &self.pop3,
            Protocol::Smtp => &self.smtp,
            _ => &self.imap,
        }
    }
}
