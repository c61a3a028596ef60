//! One target as written, whatever the format: the known fields, and what they become.

use std::path::PathBuf;

use mailprobe_probes::model::{Endpoint, harmless};

use crate::plan::error::{PlanError, Row, Setting, words};
use mailprobe_oauth::Source;

/// The fields of a target, as complaints list them.
pub(super) const FIELDS: &[Field] = &[
    Field::Mailbox,
    Field::Endpoint,
    Field::LoginName,
    Field::PasswordEnv,
    Field::PasswordFile,
    Field::TokenEnv,
    Field::TokenFile,
    Field::Oauth,
    Field::Methods,
];

/// What people call a column that holds the secret itself.
const LITERAL: &[(&str, &str)] = &[
    ("password", "password"),
    ("passwd", "password"),
    ("pass", "password"),
    ("pwd", "password"),
    ("secret", "password"),
    ("token", "token"),
    ("access_token", "token"),
];

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Mailbox,
    Endpoint,
    LoginName,
    PasswordEnv,
    PasswordFile,
    TokenEnv,
    TokenFile,
    Oauth,
    Methods,
}

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::Endpoint => "endpoint",
            Self::LoginName => "login_name",
            Self::PasswordEnv => "password_env",
            Self::PasswordFile => "password_file",
            Self::TokenEnv => "token_env",
            Self::TokenFile => "token_file",
            Self::Oauth => "oauth",
            Self::Methods => "methods",
        }
    }

    /// Whether the field may hold several words.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::Endpoint | Self::Methods)
    }

    /// A field by its name; `-` and `_`, upper and lower case do not matter.
    pub(super) fn from_name(name: &str) -> Result<Self, String> {
        let plain = name.trim().to_ascii_lowercase().replace('-', "_");
        let plain = if plain == "endpoints" { "endpoint" } else { &plain };
        if let Some(field) = FIELDS.iter().find(|field| field.name() == plain) {
            return Ok(*field);
        }
        if let Some((_, what)) = LITERAL.iter().find(|(literal, _)| *literal == plain) {
            return Err(format!(
                "field `{plain}`: a list of targets holds no {what}, because lists are copied, mailed and \
                 committed; name its place in {what}_env or {what}_file"
            ));
        }
        let known = FIELDS.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
        Err(format!("unknown field `{}`: use {known}", harmless(name.trim().as_bytes())))
    }
}

/// One mailbox with what its row says about it; what it leaves open, the command line decides.
#[derive(Default)]
pub(in crate::plan) struct Target {
    /// Where it stands, where that is a list.
    pub(in crate::plan) row: Option<Row>,
    pub(in crate::plan) mailbox: String,
    pub(in crate::plan) endpoints: Vec<Endpoint>,
    pub(in crate::plan) login_name: Option<String>,
    pub(in crate::plan) password: Option<Source>,
    pub(in crate::plan) token: Option<Source>,
    /// The name of a credential profile.
    pub(in crate::plan) oauth: Option<String>,
    pub(in crate::plan) methods: Option<String>,
}

impl Target {
    /// Puts a target together from its fields; an empty field is one that is not there.
    pub(super) fn new(row: Row, fields: Vec<(Field, String)>) -> Result<Self, PlanError> {
        let mut target = Self { row: Some(row), ..Self::default() };
        for (field, value) in fields {
            if !value.trim().is_empty() {
                target.set(field, value.trim()).map_err(|why| target.complain(why))?;
            }
        }
        if target.oauth.is_some() && target.token.is_some() {
            return Err(target.complain("fields `oauth` and `token_...` contradict each other: keep one"));
        }
        if target.mailbox.is_empty() {
            return Err(target.complain("field `mailbox` is missing or empty"));
        }
        Ok(target)
    }

    fn complain(&self, why: impl Into<String>) -> PlanError {
        self.met(PlanError::new(Setting::Targets, words![why.into()]))
    }

    /// A mistake that was met here.
    pub(in crate::plan) fn met(&self, error: PlanError) -> PlanError {
        match &self.row {
            Some(row) => error.met(Setting::Row(row.clone()), words![]),
            None => error,
        }
    }

    fn set(&mut self, field: Field, value: &str) -> Result<(), String> {
        match field {
            Field::Mailbox => value.clone_into(&mut self.mailbox),
            Field::Endpoint => {
                for url in word_list(value) {
                    let endpoint: Endpoint =
                        url.parse().map_err(|error| format!("field `endpoint`: {error}"))?;
                    if self.endpoints.contains(&endpoint) {
                        return Err(format!("field `endpoint`: {endpoint} stands twice"));
                    }
                    self.endpoints.push(endpoint);
                }
            }
            Field::LoginName => self.login_name = Some(value.to_owned()),
            Field::PasswordEnv => once(&mut self.password, Source::Env(value.to_owned()), "password")?,
            Field::PasswordFile => once(&mut self.password, Source::File(PathBuf::from(value)), "password")?,
            Field::TokenEnv => once(&mut self.token, Source::Env(value.to_owned()), "token")?,
            Field::TokenFile => once(&mut self.token, Source::File(PathBuf::from(value)), "token")?,
            Field::Oauth => self.oauth = Some(value.to_owned()),
            Field::Methods => self.methods = Some(word_list(value).collect::<Vec<_>>().join(",")),
        }
        Ok(())
    }
}

fn once(slot: &mut Option<Source>, source: Source, what: &str) -> Result<(), String> {
    if slot.is_some() {
        return Err(format!("fields `{what}_env` and `{what}_file` contradict each other: keep one"));
    }
    *slot = Some(source);
    Ok(())
}

/// The words of a list field: separated by white space, `;` or `,`.
pub fn word_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ';' || c == ',').filter(|word| !word.is_empty())
}
