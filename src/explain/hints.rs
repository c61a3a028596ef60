//! The flags of `explain`, and the names of protocols and stages that they take.

use mailprobe_probes::diagnose::pasted::Hints;
use mailprobe_probes::diagnose::{Over, Step, known_families};
use mailprobe_probes::model::{Kind, harmless};

use super::Question;
use crate::mistake::UserError;

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
pub(super) fn hints(question: &Question) -> Result<(Hints<'_>, Vec<String>), UserError> {
    let mut hints = Hints::default();
    let mut notes = Vec::new();
    if let Some(name) = &question.protocol {
        hints.protocol = Some(known("protocol", name, PROTOCOLS)?);
    }
    if let Some(name) = &question.stage {
        hints.step = Some(known("stage", name, STAGES)?);
    }
    if let Some(name) = &question.server {
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
