//! From the file as it is written to the configuration.

use std::path::Path;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use toml::Spanned;

use super::file::{self, File, Text};
use super::span::{optional, span};
use super::targets::Reader;
use super::window::{DAYS, Window};
use super::{Config, HistoryPlan, http, path, sinks};
use crate::canary::alert::{Pace, Settings};
use crate::canary::change::Confirm;
use crate::canary::history::Keep;
use crate::canary::view::Micros;
use crate::judge::{FileError, Written, shown};
use crate::plan::args::NetworkArgs;
use crate::plan::{self, Abilities, Limits, Network, UserError};

const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn config(
    name: &str,
    folder: &Path,
    text: &str,
    abilities: &Abilities<'_>,
) -> Result<Config, FileError> {
    let written = Written { file: name, text };
    let file: File = written.read()?;
    let interval = file.interval.as_ref().map(|text| span(&written, text)).transpose()?;
    let interval = interval.unwrap_or(Duration::from_secs(300));
    let watched =
        Reader::new(&written, folder, abilities, (&file.module, &file.oauth), interval).all(&file.target)?;
    let http = file.http.as_ref().map(|table| http::http(&written, folder, table)).transpose()?;
    let sinks = sinks::sinks(&written, folder, &file.sink)?;
    let number =
        |value: &Option<Spanned<u32>>, default: u32, most: u32| match value {
            None => Ok(default),
            Some(value) if (1..=most).contains(value.get_ref()) => Ok(*value.get_ref()),
            Some(value) => Err(written
                .error(&value.span(), format!("`{}`: write a number from 1 to {most}", value.get_ref()))),
        };
    let days = |value: &Option<Spanned<u32>>, default| Ok(DAY * number(value, default, 36_500)?);
    let keep = Keep {
        visits: days(&file.history.keep_days, 30)?,
        failures: days(&file.history.keep_failures_days, 90)?,
    };
    if let Some(days) = file.history.keep_failures_days.as_ref().filter(|_| keep.failures < keep.visits) {
        let words = "failures are not kept for less time than what went well (keep_days)";
        return Err(written.error(&days.span(), words));
    }
    let limits = &file.limits;
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let alerts = Settings {
        routes: sinks.iter().map(|sink| sink.route.clone()).collect(),
        external_url: http.as_ref().and_then(|http| http.external_url.clone()),
        group_wait: match &file.alerts.group_wait {
            // Who wants to hear of each at once may.
            Some(text) if text.get_ref() == "0s" => Duration::ZERO,
            text => optional(&written, text.as_ref())?.unwrap_or(Duration::from_secs(10)),
        },
    };
    Ok(Config {
        history: history(&written, folder, &file.history)?,
        keep,
        http,
        network: network(&written, folder, &file.network)?,
        connections: Limits {
            run: number(&limits.connections, 128, 10_000)?,
            per_host: number(&limits.per_host, 32, 10_000)?,
            per_mailbox: 8,
        },
        visits: (size(number(&limits.visits, 64, 10_000)?), size(number(&limits.per_domain, 16, 10_000)?)),
        recheck: optional(&written, limits.recheck.as_ref())?.unwrap_or(Duration::from_secs(30)),
        confirm: confirm(&written, file.alerts.confirm.as_ref())?,
        pace: pace(&written, &file.alerts)?,
        ahead: days(&file.alerts.expiry_days, 30)?,
        ends: file.client_secret.iter().map(|secret| end(&written, secret)).collect::<Result<_, _>>()?,
        windows: windows(&written, &file)?,
        alerts,
        sinks,
        watched,
    })
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

fn network(written: &Written<'_>, folder: &Path, table: &file::Network) -> Result<Network, FileError> {
    let mut args = NetworkArgs::default();
    let reach = &mut args.reach;
    reach.ca_file = table.ca_file.as_ref().map(|text| path(folder, text.get_ref()));
    for text in &table.resolve {
        let pinned =
            plan::address_override(text.get_ref()).map_err(|words| written.error(&text.span(), words))?;
        reach.resolve.push(pinned);
    }
    if let Some(text) = &table.dns_server {
        let server = plan::dns_server(text.get_ref()).map_err(|words| written.error(&text.span(), words))?;
        reach.dns_server = Some(server);
    }
    if let Some(text) = &table.source_address {
        let address = text.get_ref().parse().map_err(|_| {
            written.error(&text.span(), format!("`{}` is no IP address", shown(text.get_ref())))
        })?;
        reach.source_address = Some(address);
    }
    if let Some(text) = &table.family {
        let v4 = written.one_of("family", text, &[("ipv4", true), ("ipv6", false)])?;
        (reach.ipv4, reach.ipv6) = (v4, !v4);
    }
    reach.proxy.proxy = table.proxy.as_ref().map(|text| text.get_ref().clone());
    reach.proxy.proxy_password_env.clone_from(&table.proxy_password_env);
    reach.proxy.proxy_password_file =
        table.proxy_password_file.as_ref().map(|text| path(folder, text.get_ref()));
    let place = [table.proxy.as_ref(), table.ca_file.as_ref(), table.source_address.as_ref()];
    let place = place.into_iter().flatten().next().map_or(0..0, Text::span);
    plan::standing_network(&args).map_err(|error: UserError| written.error(&place, error.to_string()))
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

fn pace(written: &Written<'_>, table: &file::Alerts) -> Result<Pace, FileError> {
    let mut pace = Pace::default();
    if let Some(share) = &table.storm_share {
        if !(0.0..=1.0).contains(share.get_ref()) {
            let words = format!("`{}`: storm_share is a part of one, as 0.2", share.get_ref());
            return Err(written.error(&share.span(), words));
        }
        pace.storm_share = *share.get_ref();
    }
    if let Some(text) = &table.repeat {
        pace.repeat = if text.get_ref() == "never" { None } else { Some(span(written, text)?) };
    }
    Ok(pace)
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

fn windows(written: &Written<'_>, file: &File) -> Result<Vec<Window>, FileError> {
    let groups: Vec<&str> = file
        .target
        .iter()
        .flat_map(|target| &target.get_ref().groups)
        .map(|group| group.get_ref().as_str())
        .collect();
    let names: Vec<&str> = file
        .target
        .iter()
        .map(|target| target.get_ref().name.as_ref().unwrap_or(&target.get_ref().mailbox).get_ref().as_str())
        .collect();
    let mut windows = Vec::new();
    for table in &file.maintenance {
        let table = table.get_ref();
        let known = |what: &str, list: &[Text], known: &[&str]| match list
            .iter()
            .find(|text| !known.contains(&text.get_ref().as_str()))
        {
            None => Ok(list.iter().map(|text| text.get_ref().clone()).collect::<Vec<_>>()),
            Some(text) => {
                let words = format!("no target has the {what} `{}`", shown(text.get_ref()));
                Err(written.error(&text.span(), words))
            }
        };
        let time = |text: &Text| {
            text.get_ref().parse::<Time>().map_err(|_| {
                written.error(
                    &text.span(),
                    format!("`{}` is no time of day: write one as 22:30", shown(text.get_ref())),
                )
            })
        };
        let zone = match &table.timezone {
            None => TimeZone::UTC,
            Some(text) => TimeZone::get(text.get_ref()).map_err(|_| {
                let words = format!(
                    "`{}` is no time zone that this system knows: write one as Europe/Berlin",
                    shown(text.get_ref())
                );
                written.error(&text.span(), words)
            })?,
        };
        windows.push(Window {
            groups: known("group", &table.groups, &groups)?,
            targets: known("name", &table.targets, &names)?,
            days: table.days.iter().map(|day| written.one_of("day", day, DAYS)).collect::<Result<_, _>>()?,
            from: time(&table.from)?,
            to: time(&table.to)?,
            zone,
        });
    }
    Ok(windows)
}
