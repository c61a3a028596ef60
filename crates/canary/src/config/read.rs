//! From the file as it is written to the configuration.

use std::path::Path;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use toml::Spanned;

use super::file::{self, File, Text};
use super::span::span;
use super::targets::Reader;
use super::window::{DAYS, Window};
use super::{Config, HistoryPlan, http, path, sinks};
use crate::alert::{Pace, Settings};
use crate::change::Confirm;
use crate::history::Keep;
use crate::view::Micros;
use mailprobe_judge::{FileError, Mistakes, Written, shown};
use mailprobe_run::config::{Profiles, profiles};
use mailprobe_run::plan::request::{Anchors, Reach};
use mailprobe_run::plan::{
    self as plan, Abilities, Family, Limits, Network, PlanError, Setting, Spelling, read_proxy,
};

const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn config(
    name: &str,
    folder: &Path,
    text: &str,
    abilities: &Abilities<'_>,
) -> Result<Config, Mistakes> {
    let written = Written { file: name, text };
    let mut mistakes = Mistakes::default();
    let file: Option<File> = written.read_all(&mut mistakes);
    let config = file.and_then(|mut file| {
        let profiles = profiles(&written, std::mem::take(&mut file.oauth), &mut mistakes);
        whole(&written, folder, (&file, &profiles), abilities, &mut mistakes)
    });
    mistakes.settle(config)
}

/// Every part is read, whatever is wrong with the others.
fn whole(
    written: &Written<'_>,
    folder: &Path,
    (file, profiles): (&File, &Profiles),
    abilities: &Abilities<'_>,
    mistakes: &mut Mistakes,
) -> Option<Config> {
    let interval = time(written, mistakes, file.interval.as_ref(), Duration::from_secs(300));
    let modules = (&file.module, profiles);
    let watched = Reader::new(written, folder, abilities, modules, interval).all(&file.target, mistakes);
    let http = file.http.as_ref().filter(|table| !mistakes.is_damaged(&table.span()));
    let http = http.and_then(|table| http::http(written, folder, table, mistakes));
    let sinks = sinks::sinks(written, folder, &file.sink, mistakes);
    let history = mistakes.keep(history(written, folder, &file.history));
    let network = network(written, folder, &file.network, mistakes);
    let confirm = mistakes.keep(confirm(written, file.alerts.confirm.as_ref()));
    let pace = pace(written, &file.alerts, mistakes);
    let ends = mistakes.keep_all(file.client_secret.iter().map(|secret| end(written, secret)));
    let windows = windows(written, file, mistakes);
    let keep = keep(written, &file.history, mistakes);
    let (limits, alerts) = (&file.limits, &file.alerts);
    let group_wait = match &alerts.group_wait {
        // Who wants to hear of each at once may.
        Some(text) if text.get_ref() == "0s" => Duration::ZERO,
        text => time(written, mistakes, text.as_ref(), Duration::from_secs(10)),
    };
    let recheck = time(written, mistakes, limits.recheck.as_ref(), Duration::from_secs(30));
    let mut limit = |value: Option<&Spanned<u32>>, default| number(written, mistakes, value, default, 10_000);
    let connections = Limits {
        run: limit(limits.connections.as_ref(), 128),
        per_host: limit(limits.per_host.as_ref(), 32),
        per_mailbox: Limits::default().per_mailbox,
    };
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let visits = (size(limit(limits.visits.as_ref(), 64)), size(limit(limits.per_domain.as_ref(), 16)));
    let ahead = days(written, mistakes, alerts.expiry_days.as_ref(), 30);
    Some(Config {
        history: history?,
        keep,
        network: network?,
        connections,
        visits,
        recheck,
        confirm: confirm?,
        pace,
        ahead,
        ends,
        windows,
        alerts: Settings {
            routes: sinks.iter().map(|sink| sink.route.clone()).collect(),
            external_url: http.as_ref().and_then(|http| http.external_url.clone()),
            group_wait,
        },
        http,
        sinks,
        watched,
    })
}

/// A span of time that need not be there.
fn time(written: &Written<'_>, mistakes: &mut Mistakes, text: Option<&Text>, default: Duration) -> Duration {
    text.and_then(|text| mistakes.keep(span(written, text))).unwrap_or(default)
}

/// A number that need not be there.
fn number(
    written: &Written<'_>,
    mistakes: &mut Mistakes,
    value: Option<&Spanned<u32>>,
    default: u32,
    most: u32,
) -> u32 {
    let Some(value) = value else { return default };
    if !(1..=most).contains(value.get_ref()) {
        let words = format!("`{}`: write a number from 1 to {most}", value.get_ref());
        mistakes.note(written.error(&value.span(), words));
        return default;
    }
    *value.get_ref()
}

fn days(
    written: &Written<'_>,
    mistakes: &mut Mistakes,
    value: Option<&Spanned<u32>>,
    default: u32,
) -> Duration {
    DAY * number(written, mistakes, value, default, 36_500)
}

fn keep(written: &Written<'_>, table: &file::History, mistakes: &mut Mistakes) -> Keep {
    let keep = Keep {
        visits: days(written, mistakes, table.keep_days.as_ref(), 30),
        failures: days(written, mistakes, table.keep_failures_days.as_ref(), 90),
    };
    if let Some(days) = table.keep_failures_days.as_ref().filter(|_| keep.failures < keep.visits) {
        let words = "failures are not kept for less time than what went well (keep_days)";
        mistakes.note(written.error(&days.span(), words));
    }
    keep
}

fn history(written: &Written<'_>, folder: &Path, table: &file::History) -> Result<HistoryPlan, FileError> {
    let mut given = [&table.url, &table.url_env, &table.url_file].into_iter().flatten();
    if let (Some(_), Some(second)) = (given.next(), given.next()) {
        return Err(
            written.error(&second.span(), "two places for one url: keep one of url, url_env and url_file")
        );
    }
    if let Some(source) = sinks::secret(folder, table.url_env.as_ref(), table.url_file.as_ref(), None) {
        return Ok(HistoryPlan::Secret(source));
    }
    let Some(text) = &table.url else {
        return Ok(HistoryPlan::Url(format!("sqlite:{}", path(folder, "canary.db").display())));
    };
    let url = text.get_ref();
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    match url.strip_prefix("sqlite:") {
        Some(file) if !file.is_empty() => {
            let file = file.strip_prefix("//").unwrap_or(file);
            Ok(HistoryPlan::Url(format!("sqlite:{}", path(folder, file).display())))
        }
        None if known => Ok(HistoryPlan::Url(url.clone())),
        _ => {
            Err(written
                .error(&text.span(), "the url is neither sqlite:PATH nor postgres://[USER@]HOST/DATABASE"))
        }
    }
}

fn network(
    written: &Written<'_>,
    folder: &Path,
    table: &file::Network,
    mistakes: &mut Mistakes,
) -> Option<Network> {
    let before = mistakes.number();
    let at = |text: &Text, words: String| written.error(&text.span(), words);
    let overrides = table
        .resolve
        .iter()
        .map(|text| plan::address_override(text.get_ref()).map_err(|words| at(text, words)));
    let overrides = mistakes.keep_all(overrides);
    let dns_server = table
        .dns_server
        .as_ref()
        .and_then(|text| mistakes.keep(plan::dns_server(text.get_ref()).map_err(|words| at(text, words))));
    let source_address = table.source_address.as_ref().and_then(|text| {
        let address = text
            .get_ref()
            .parse()
            .map_err(|_| at(text, format!("`{}` is no IP address", shown(text.get_ref()))));
        mistakes.keep(address)
    });
    let family = table.family.as_ref().and_then(|text| {
        mistakes.keep(written.one_of("family", text, &[("ipv4", Family::V4), ("ipv6", Family::V6)]))
    });
    let place = |about: &Setting| {
        let named = match about {
            Setting::Resolve(number) => table.resolve.get(*number),
            Setting::SourceAddress => table.source_address.as_ref(),
            Setting::CaFile => table.ca_file.as_ref(),
            Setting::ProxyPassword => {
                table.proxy_password_env.as_ref().or(table.proxy_password_file.as_ref())
            }
            _ => None,
        };
        let any = [&table.proxy, &table.proxy_password_env, &table.proxy_password_file];
        named.or(any.into_iter().flatten().next()).map_or(0..0, Text::span)
    };
    let told = |error: PlanError| written.error(&place(&error.about), error.spelled(Spelling::Keys));
    let proxy = table.proxy.as_ref().and_then(|text| mistakes.keep(read_proxy(text.get_ref()).map_err(told)));
    if mistakes.number() > before {
        return None;
    }
    let reach = Reach {
        anchors: table.ca_file.as_ref().map(|text| Anchors::File(path(folder, text.get_ref()))),
        overrides,
        dns_server,
        source_address,
        family: family.unwrap_or_default(),
        all_addresses: false,
        proxy,
        proxy_password: sinks::secret(
            folder,
            table.proxy_password_env.as_ref(),
            table.proxy_password_file.as_ref(),
            None,
        ),
    };
    mistakes.keep(plan::standing_network(&reach).map_err(told))
}

fn confirm(written: &Written<'_>, table: Option<&Spanned<file::Confirm>>) -> Result<Confirm, FileError> {
    let Some(table) = table else { return Ok(Confirm::default()) };
    let file::Confirm { failures, of, silent } = table.get_ref();
    if *failures == 0 || of < failures || *of > 100 || *silent == Some(0) {
        let words = "confirm wants failures = F of = N with 1 <= F <= N <= 100";
        return Err(written.error(&table.span(), words));
    }
    Ok(Confirm { failures: *failures, of: *of, silent: silent.unwrap_or(failures.saturating_mul(2)) })
}

fn pace(written: &Written<'_>, table: &file::Alerts, mistakes: &mut Mistakes) -> Pace {
    let mut pace = Pace::default();
    if let Some(share) = &table.storm_share {
        if (0.0..=1.0).contains(share.get_ref()) {
            pace.storm_share = *share.get_ref();
        } else {
            let words = format!("`{}`: storm_share is a part of one, as 0.2", share.get_ref());
            mistakes.note(written.error(&share.span(), words));
        }
    }
    if let Some(text) = &table.repeat {
        let never = text.get_ref() == "never";
        pace.repeat = if never { None } else { mistakes.keep(span(written, text)) };
    }
    pace
}

/// The end of a client secret; a day without a time ends when it begins, which is the careful reading.
fn end(written: &Written<'_>, secret: &file::ClientSecret) -> Result<(String, Micros, String), FileError> {
    let typed = secret.expires.get_ref().to_string();
    let full = if typed.len() == 10 { format!("{typed}T00:00:00Z") } else { typed.clone() };
    let moment = full.parse::<jiff::Timestamp>().map_err(|_| {
        let words = format!("`{}` is no day: write one as 2027-01-31, without quotes", shown(&typed));
        written.error(&secret.expires.span(), words)
    })?;
    let remedy = "make a new client secret, give it to whoever uses the old one, and change `expires`";
    Ok((secret.name.get_ref().clone(), moment.as_microsecond(), remedy.to_owned()))
}

fn windows(written: &Written<'_>, file: &File, mistakes: &mut Mistakes) -> Vec<Window> {
    let targets = || file.target.iter().map(Spanned::get_ref);
    let groups: Vec<&str> =
        targets().flat_map(|target| &target.groups).map(|group| group.get_ref().as_str()).collect();
    let names: Vec<&str> =
        targets().map(|target| target.name.as_ref().unwrap_or(&target.mailbox).get_ref().as_str()).collect();
    let tables = file.maintenance.iter();
    tables.filter_map(|table| window(written, table.get_ref(), (&groups, &names), mistakes)).collect()
}

fn window(
    written: &Written<'_>,
    table: &file::Maintenance,
    (groups, names): (&[&str], &[&str]),
    mistakes: &mut Mistakes,
) -> Option<Window> {
    let mut known = |what: &str, list: &[Text], known: &[&str]| {
        mistakes.keep_all(list.iter().map(|text| {
            if known.contains(&text.get_ref().as_str()) {
                return Ok(text.get_ref().clone());
            }
            let words = format!("no target has the {what} `{}`", shown(text.get_ref()));
            Err(written.error(&text.span(), words))
        }))
    };
    let (groups, targets) = (known("group", &table.groups, groups), known("name", &table.targets, names));
    let days = mistakes.keep_all(table.days.iter().map(|day| written.one_of("day", day, DAYS)));
    let mut time = |text: &Text| {
        mistakes.keep(text.get_ref().parse::<Time>().map_err(|_| {
            let words = format!("`{}` is no time of day: write one as 22:30", shown(text.get_ref()));
            written.error(&text.span(), words)
        }))
    };
    let (from, to) = (time(&table.from), time(&table.to));
    let zone = match &table.timezone {
        None => Some(TimeZone::UTC),
        Some(text) => mistakes.keep(TimeZone::get(text.get_ref()).map_err(|_| {
            let words = format!(
                "`{}` is no time zone that this system knows: write one as Europe/Berlin",
                shown(text.get_ref())
            );
            written.error(&text.span(), words)
        })),
    };
    Some(Window { groups, targets, days, from: from?, to: to?, zone: zone? })
}
