//! A policy as written.

use jiff::civil::Date;
use mailprobe_probes::model::{Demand, Kind, Methods, Severity, Wanted, Which, harmless};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Policy, PolicyRule};
use crate::written::Written;
use crate::{FileError, Mistakes};

/// Most rules in one policy.
const MOST_RULES: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    name: Spanned<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    hosts: Vec<String>,
    reviewed: Option<Spanned<Datetime>>,
    #[serde(default, rename = "rule")]
    rules: Vec<Spanned<RuleFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RuleFile {
    id: Spanned<String>,
    #[serde(default)]
    protocols: Vec<Spanned<String>>,
    methods: Option<Spanned<Vec<Spanned<String>>>>,
    state: Option<Spanned<String>>,
    which: Option<Spanned<String>>,
    tls_at_least: Option<Spanned<String>>,
    activesync_at_least: Option<Spanned<String>>,
    #[serde(default)]
    only_hosts: Vec<String>,
    #[serde(default)]
    not_hosts: Vec<String>,
    from: Option<Spanned<Datetime>>,
    until: Option<Spanned<Datetime>>,
    severity: Option<Spanned<String>>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    #[serde(default)]
    because: String,
    #[serde(default)]
    source: String,
    reviewed: Option<Spanned<Datetime>>,
}

/// Reads a policy.
pub(super) fn read(file: &str, text: &str) -> Result<Policy, Mistakes> {
    let written = Written { file, text };
    let mut mistakes = Mistakes::default();
    let read: Option<PolicyFile> = written.read_all(&mut mistakes);
    let policy = read.and_then(|read| policy(&written, &read, &mut mistakes));
    mistakes.settle(policy)
}

fn policy(written: &Written<'_>, read: &PolicyFile, mistakes: &mut Mistakes) -> Option<Policy> {
    let name = mistakes.keep(written.id(&read.name));
    if read.rules.is_empty() && mistakes.is_all_there() {
        let words = "the policy has no rule: write one under [[rule]]";
        mistakes.note(written.error(&read.name.span(), words));
    }
    if read.rules.len() > MOST_RULES {
        mistakes.note(written.error(&read.name.span(), format!("more than {MOST_RULES} rules")));
        return None;
    }
    let reviewed = read.reviewed.as_ref().and_then(|day| mistakes.keep(written.day(day)));
    let mut ids: Vec<&str> = Vec::new();
    let mut rules = Vec::new();
    for rule in &read.rules {
        let id = &rule.get_ref().id;
        if ids.contains(&id.get_ref().as_str()) {
            let words = format!("two rules have the id `{}`", crate::written::shown(id.get_ref()));
            mistakes.note(written.error(&id.span(), words));
        }
        ids.push(id.get_ref());
        // What it lacks may be what could not be read.
        if !mistakes.is_damaged(&rule.span()) {
            rules.extend(self::rule(written, rule.get_ref(), reviewed, mistakes));
        }
    }
    let clean = |text: &String| harmless(text.as_bytes());
    Some(Policy { name: name?, title: clean(&read.title), hosts: hosts(&read.hosts), reviewed, rules })
}

fn hosts(list: &[String]) -> Vec<String> {
    list.iter().map(|host| harmless(host.as_bytes()).to_ascii_lowercase()).collect()
}

fn rule(
    written: &Written<'_>,
    rule: &RuleFile,
    reviewed: Option<Date>,
    mistakes: &mut Mistakes,
) -> Option<PolicyRule> {
    let id = mistakes.keep(written.id(&rule.id));
    let severities =
        [("info", Severity::Info), ("warning", Severity::Warning), ("critical", Severity::Critical)];
    let mut day =
        |day: &Option<Spanned<Datetime>>| day.as_ref().and_then(|day| mistakes.keep(written.day(day)));
    let (from, until, read) = (day(&rule.from), day(&rule.until), day(&rule.reviewed));
    if let (Some(first), Some(end), Some(place)) = (from, until, &rule.until)
        && end <= first
    {
        let message = format!("the rule ends on {end}, before it begins on {first}: it is never in force");
        mistakes.note(written.error(&place.span(), message));
    }
    let except = mistakes.keep_all(rule.except.iter().map(|mailbox| excepted(written, mailbox)));
    let protocols = mistakes.keep_all(rule.protocols.iter().map(|name| written.protocol(name)));
    let severity = match &rule.severity {
        None => Some(Severity::Critical),
        Some(severity) => mistakes.keep(written.one_of("severity", severity, &severities)),
    };
    let demand = mistakes.keep(demand(written, rule));
    Some(PolicyRule {
        id: id?,
        protocols,
        demand: demand?,
        only_hosts: hosts(&rule.only_hosts),
        not_hosts: hosts(&rule.not_hosts),
        from,
        until,
        severity: severity?,
        except,
        because: harmless(rule.because.trim().as_bytes()),
        source: harmless(rule.source.trim().as_bytes()),
        reviewed: read.or(reviewed),
    })
}

/// A mailbox that a rule leaves out, or all of a domain.
fn excepted(written: &Written<'_>, mailbox: &Spanned<String>) -> Result<String, FileError> {
    let pattern = mailbox.get_ref();
    let (local, domain) = pattern.rsplit_once('@').unwrap_or_default();
    let is_one = !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('*')
        && (!local.contains('*') || local == "*");
    if is_one {
        return Ok(pattern.clone());
    }
    let shown = crate::written::shown(pattern);
    let message =
        format!("`{shown}` is no mailbox: write name@example.com, or *@example.com for all of a domain");
    Err(written.error(&mailbox.span(), message))
}

/// A rule wants one thing: a state of methods, or a version.
fn demand(written: &Written<'_>, rule: &RuleFile) -> Result<Demand, FileError> {
    let here = rule.id.span();
    match (&rule.methods, &rule.state, &rule.tls_at_least, &rule.activesync_at_least) {
        (Some(methods), Some(state), None, None) => {
            let wanted = written.one_of("state", state, Wanted::STATES)?;
            let methods = self::methods(written, methods)?;
            let which = match &rule.which {
                Some(which) => {
                    written.one_of("quantifier", which, &[("all", Which::All), ("any", Which::Any)])?
                }
                None => usual(&methods, wanted),
            };
            Ok(Demand::Methods { methods, wanted, which })
        }
        (None, None, Some(version), None) => Ok(Demand::TlsAtLeast { version: written.tls(version)? }),
        (None, None, None, Some(version)) => {
            Ok(Demand::ActiveSyncAtLeast { version: written.activesync(version)? })
        }
        (Some(methods), None, None, None) => {
            let states = Wanted::STATES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            Err(written.error(&methods.span(), format!("the rule has methods and no `state`: use {states}")))
        }
        (None, Some(state), None, None) => Err(written.error(
            &state.span(),
            "the rule has a state and no `methods`: use [\"password\"], [\"token\"] or a list of names",
        )),
        _ => Err(written.error(
            &here,
            "a rule wants one thing: `methods` with `state`, or `tls-at-least`, or `activesync-at-least`",
        )),
    }
}

/// One token that works is enough, and one password that works is too many.
fn usual(methods: &Methods, wanted: Wanted) -> Which {
    match (methods, wanted) {
        (Methods::Of(_), Wanted::Usable | Wanted::Accepted | Wanted::Advertised) => Which::Any,
        _ => Which::All,
    }
}

fn methods(written: &Written<'_>, list: &Spanned<Vec<Spanned<String>>>) -> Result<Methods, FileError> {
    let names = list.get_ref();
    if let [one] = names.as_slice() {
        match one.get_ref().as_str() {
            "password" => return Ok(Methods::Of(Kind::Password)),
            "token" => return Ok(Methods::Of(Kind::Token)),
            _ => {}
        }
    }
    if names.is_empty() {
        return Err(written
            .error(&list.span(), "the list of methods is empty: use [\"password\"], [\"token\"] or names"));
    }
    if let Some(kind) = names.iter().find(|name| matches!(name.get_ref().as_str(), "password" | "token")) {
        let message = format!("`{}` stands for all its methods and stands alone", kind.get_ref());
        return Err(written.error(&kind.span(), message));
    }
    Ok(Methods::Named(names.iter().map(|name| written.method(name)).collect::<Result<_, _>>()?))
}
