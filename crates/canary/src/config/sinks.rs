//! The `[[sink]]` tables: who is told, and what of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use mailprobe_probes::model::{Endpoint, Protocol};
use toml::Spanned;

use super::file::{self, Text};
use super::path;
use crate::alert::sink::{self, Bearer, Command, Email, Form, Mailer, Poster, Sink, Webhook};
use crate::alert::{Route, Severity};
use mailprobe_judge::{FileError, Mistakes, Written, shown};
use mailprobe_oauth::{Mistake, Source};
use mailprobe_probes::wire::Reach;

/// A sink, before its secrets are read.
#[derive(Clone)]
pub struct SinkPlan {
    /// Its name.
    pub name: String,
    /// What it wants to be told.
    pub route: Route,
    /// What it is.
    pub kind: SinkKind,
}

/// What a sink is.
#[derive(Clone)]
pub enum SinkKind {
    /// JSON to a URL.
    Post {
        /// Which JSON.
        form: Form,
        /// Where to.
        url: UrlPlan,
        /// A token that goes with it.
        bearer: Option<PathBuf>,
    },
    /// E-mail.
    Email {
        /// Where it is handed in.
        endpoint: Endpoint,
        /// Who hands in.
        username: Option<String>,
        /// With which password.
        password: Option<Source>,
        /// From whom.
        from: Mailbox,
        /// To whom.
        to: Vec<Mailbox>,
    },
    /// A command.
    Command(Vec<String>),
}

/// A URL, or where it is to be had: those of Slack and Teams are secrets.
#[derive(Clone)]
pub enum UrlPlan {
    /// The URL itself.
    Url(String),
    /// Where it is to be had.
    Secret(Source),
}

impl SinkPlan {
    /// The sink itself, with its secrets read.
    ///
    /// # Errors
    /// What cannot be read, in one sentence that names the sink.
    pub fn open(&self, reach: &Reach, timeout: Duration) -> Result<Arc<dyn Sink>, Mistake> {
        self.try_open(reach, timeout).map_err(|error| Mistake::new(format!("sink `{}`: {error}", self.name)))
    }

    fn try_open(&self, reach: &Reach, timeout: Duration) -> Result<Arc<dyn Sink>, Mistake> {
        Ok(match &self.kind {
            SinkKind::Post { form, url, bearer } => {
                let url = match url {
                    UrlPlan::Url(url) => mailprobe_probes::model::Secret::new(url.as_str()),
                    UrlPlan::Secret(source) => source.secret("URL")?,
                };
                let poster = Poster::new(reach, &url, bearer.clone().map(Bearer), timeout)?;
                Arc::new(Webhook { form: *form, poster })
            }
            SinkKind::Email { endpoint, username, password, from, to } => {
                let password = password.as_ref().map(|source| source.secret("password")).transpose()?;
                let mailer = Mailer {
                    host: endpoint.host.clone(),
                    port: endpoint.port,
                    transport: endpoint.transport,
                    login: username.clone().zip(password),
                };
                Arc::new(Email { mailer, from: from.clone(), to: to.clone(), reach: reach.clone() })
            }
            SinkKind::Command(words) => {
                let (program, arguments) = words.split_first().ok_or_else(|| Mistake::new("no command"))?;
                Arc::new(Command { program: program.clone(), arguments: arguments.to_vec() })
            }
        })
    }
}

pub(super) fn sinks(
    written: &Written<'_>,
    folder: &Path,
    tables: &[Spanned<file::Sink>],
    mistakes: &mut Mistakes,
) -> Vec<SinkPlan> {
    let mut names: Vec<&str> = Vec::new();
    let mut sinks = Vec::new();
    for table in tables {
        let name = &table.get_ref().name;
        if names.contains(&name.get_ref().as_str()) {
            let words = format!("there are two sinks `{}`", shown(name.get_ref()));
            mistakes.note(written.error(&name.span(), words));
        }
        names.push(name.get_ref());
        if !mistakes.is_damaged(&table.span()) {
            sinks.extend(mistakes.keep(one(written, folder, table)));
        }
    }
    sinks
}

#[derive(Clone, Copy)]
enum Kind {
    Post(Form),
    Email,
    Command,
}

const KINDS: &[(&str, Kind)] = &[
    ("webhook", Kind::Post(Form::Json)),
    ("alertmanager", Kind::Post(Form::Alertmanager)),
    ("slack", Kind::Post(Form::Slack)),
    ("teams", Kind::Post(Form::Teams)),
    ("email", Kind::Email),
    ("command", Kind::Command),
];

const SEVERITIES: &[(&str, Severity)] =
    &[("info", Severity::Info), ("warning", Severity::Warning), ("critical", Severity::Critical)];

fn one(written: &Written<'_>, folder: &Path, table: &Spanned<file::Sink>) -> Result<SinkPlan, FileError> {
    let sink = table.get_ref();
    let name = written.id(&sink.name)?;
    let missing = |what: &str| {
        let kind = shown(sink.kind.get_ref());
        written.error(&sink.kind.span(), format!("a sink of kind `{kind}` needs {what}"))
    };
    let kind = match written.one_of("kind of sink", &sink.kind, KINDS)? {
        Kind::Post(form) => {
            let url = match (&sink.url, secret(folder, sink.url_env.as_ref(), sink.url_file.as_ref(), None)) {
                (Some(url), None) => UrlPlan::Url(url.get_ref().clone()),
                (None, Some(source)) => UrlPlan::Secret(source),
                _ => return Err(missing("one of `url`, `url_env` and `url_file`")),
            };
            let bearer = sink.bearer_file.as_ref().map(|text| path(folder, text.get_ref()));
            SinkKind::Post { form, url, bearer }
        }
        Kind::Email => {
            let smtp =
                sink.smtp.as_ref().ok_or_else(|| missing("`smtp`, a URL as smtps://mail.example.com"))?;
            let endpoint = smtp.get_ref().parse::<Endpoint>().map_err(|error| error.to_string());
            let endpoint = endpoint.and_then(|endpoint| match endpoint.protocol {
                Protocol::Smtp => Ok(endpoint),
                _ => Err("is not one of smtp, smtps and smtp+plain".to_owned()),
            });
            let endpoint = endpoint.map_err(|words| {
                written.error(&smtp.span(), format!("`{}`: {words}", shown(smtp.get_ref())))
            })?;
            let mailbox = |text: &Text| {
                sink::mailbox(text.get_ref()).map_err(|words| written.error(&text.span(), words))
            };
            let from = mailbox(sink.from.as_ref().ok_or_else(|| missing("`from`, an address"))?)?;
            let to = sink.to.iter().map(mailbox).collect::<Result<Vec<_>, _>>()?;
            if to.is_empty() {
                return Err(missing("`to`, a list of addresses"));
            }
            let password = secret(
                folder,
                sink.password_env.as_ref(),
                sink.password_file.as_ref(),
                sink.password_command.as_ref(),
            );
            if sink.username.is_some() != password.is_some() {
                return Err(missing(
                    "`username` and one of `password_env`, `password_file` and `password_command` together",
                ));
            }
            SinkKind::Email { endpoint, username: sink.username.clone(), password, from, to }
        }
        Kind::Command if sink.command.is_empty() => {
            return Err(missing("`command`, a list of the program and its arguments"));
        }
        Kind::Command => SinkKind::Command(sink.command.clone()),
    };
    let least = match &sink.severity {
        None => Severity::Info,
        Some(text) => written.one_of("severity", text, SEVERITIES)?,
    };
    let groups = sink.groups.iter().map(|group| group.get_ref().clone()).collect();
    Ok(SinkPlan { route: Route { sink: name.clone(), groups, least }, name, kind })
}

/// Where a secret is to be had. Two places for one secret are the caller's to refuse.
pub(super) fn secret(
    folder: &Path,
    env: Option<&Text>,
    file: Option<&Text>,
    command: Option<&Text>,
) -> Option<Source> {
    None.or_else(|| env.map(|name| Source::Env(name.get_ref().clone())))
        .or_else(|| file.map(|text| Source::File(path(folder, text.get_ref()))))
        .or_else(|| command.map(|line| Source::Command(line.get_ref().clone())))
}
