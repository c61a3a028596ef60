//! The flags of `explain`, and the names of protocols and stages that they take.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, where backticks would show")]

use clap::{Args, ValueEnum};
use mailprobe_probes::diagnose::pasted::Hints;
use mailprobe_probes::diagnose::{Over, Step, known_families};
use mailprobe_probes::model::{Kind, harmless};

use crate::plan::UserError;

/// What `explain` reads and how it answers.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// The server's answer, or the text it stands in: a line, a log, a traceback, an HTTP response, a code; `-` or nothing reads standard input
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Protocol it came over: imap, pop3, smtp, ews, activesync (eas), autodiscover or oauth
    #[arg(long, value_name = "PROTOCOL")]
    pub protocol: Option<String>,
    /// What the client had just done, such as login-command, auth-plain, auth-xoauth2, http-bearer or token
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Family of the server, such as exchange-online, exchange-onprem, gmail, dovecot or postfix
    #[arg(long, value_name = "FAMILY")]
    pub server: Option<String>,
    /// Form of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: Form,
}

/// How the explanation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people
    Text,
    /// One JSON object: causes, rule, explanation, remedy, next_check, source, client, layer
    Json,
}

const PROTOCOLS: &[(&str, Over)] = &[
    ("imap", Over::IMAP),
    ("pop3", Over::POP3),
    ("smtp", Over::SMTP),
    ("ews", Over::EWS),
    ("activesync", Over::ACTIVESYNC),
    ("eas", Over::ACTIVESYNC),
    ("autodiscover", Over::AUTODISCOVER),
    ("oauth", Over::OAUTH),
];

const STAGES: &[(&str, Step)] = &[
    ("greeting", Step::Greeting),
    ("capability", Step::Capability),
    ("logout", Step::Logout),
    ("login-command", Step::Login(Kind::Password)),
    ("user-pass", Step::Login(Kind::Password)),
    ("auth-plain", Step::Login(Kind::Password)),
    ("auth-login", Step::Login(Kind::Password)),
    ("auth-cram-md5", Step::Login(Kind::Password)),
    ("auth-gssapi", Step::Login(Kind::Password)),
    ("auth-x-masterauth", Step::Login(Kind::Password)),
    ("auth-xoauth2", Step::Login(Kind::Token)),
    ("auth-oauthbearer", Step::Login(Kind::Token)),
    ("post-auth", Step::Session),
    ("post-auth-select", Step::Session),
    ("mail-from", Step::MailFrom),
    ("data", Step::Data),
    ("http-basic", Step::Login(Kind::Password)),
    ("http-bearer", Step::Login(Kind::Token)),
    ("http-options", Step::Request),
    ("http-anonymous", Step::Anonymous),
    ("http", Step::Request),
    ("token", Step::TokenRequest),
];

fn known<T: Copy>(flag: &str, name: &str, table: &[(&str, T)]) -> Result<T, UserError> {
    let wanted = name.to_ascii_lowercase();
    table.iter().find(|(known, _)| *known == wanted).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        let name = harmless(name.as_bytes());
        UserError::new(format!("--{flag} {name:?} is not known: use one of {}", names.join(", ")))
    })
}

/// The hints in the flags. A family without rules of its own is no mistake: there are more servers than rules.
pub(super) fn hints(args: &ExplainArgs) -> Result<(Hints<'_>, Vec<String>), UserError> {
    let mut hints = Hints::default();
    let mut notes = Vec::new();
    if let Some(name) = &args.protocol {
        hints.protocol = Some(known("protocol", name, PROTOCOLS)?);
    }
    if let Some(name) = &args.stage {
        hints.step = Some(known("stage", name, STAGES)?);
    }
    if let Some(name) = &args.server {
        let is_name = (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if !is_name {
            let families: Vec<&str> = known_families().collect();
            return Err(UserError::new(format!(
                "--server takes the name of a server family, such as {}",
                families.join(", ")
            )));
        }
        if !known_families().any(|family| family.eq_ignore_ascii_case(name)) {
            notes.push(format!(
                "no rules of its own for the server family {name:?}: the shared ones are used"
            ));
        }
        hints.server = Some(name);
    }
    Ok((hints, notes))
}
