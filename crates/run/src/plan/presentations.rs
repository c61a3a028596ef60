//! What `mailprobe plan` prints: the endpoints in order, and how often each account's password and token
//! would be presented at most. Reads nothing but the plan and sends nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mailprobe_probes::model::{Endpoint, Kind, Skip, TlsProtocol, harmless};
use mailprobe_probes::probe::Withheld;
use serde::Serialize;

use super::{Abilities, Plan, PlanError, Visit};
use mailprobe_oauth::profile::{Flow, Issuer, Profile};

/// Width of the text.
const WIDTH: usize = 80;

/// The whole forecast, as its JSON form has it.
#[derive(Debug, Serialize)]
struct Forecast<'p> {
    mailboxes: Vec<MailboxForecast>,
    accounts: Vec<AccountForecast>,
    token_requests: Vec<TokenForecast>,
    /// Whether every address of a host is visited: then all numbers are of one address each.
    each_address: bool,
    notes: &'p [String],
}

#[derive(Debug, Serialize)]
struct MailboxForecast {
    mailbox: String,
    account: String,
    endpoints: Vec<EndpointForecast>,
}

#[derive(Debug, Serialize)]
struct EndpointForecast {
    url: String,
    /// Methods that would present the password, in order.
    password: Vec<String>,
    /// Methods that would present the token, in order.
    token: Vec<String>,
    /// Those of both that are tried only where the server offers them.
    only_if_offered: Vec<String>,
    /// Methods that would be tried, and cannot be.
    not_tried: Vec<NotTried>,
    /// Requests behind each accepted login that carry its credential once more, at most.
    further_requests_at_most: usize,
    /// Why nothing is presented, where nothing is.
    withheld: Option<&'static str>,
    /// Connections that ask for one version of TLS each and present nothing.
    tls_version_connections: usize,
}

/// A method that is known beforehand not to be tried.
#[derive(Debug, Serialize)]
struct NotTried {
    method: String,
    /// As reports call it.
    skip: String,
    #[serde(skip)]
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct AccountForecast {
    account: String,
    password_presentations_at_most: usize,
    bad_attempts_at_most: usize,
    token_presentations_at_most: usize,
}

/// A token that is got before the first session, unless it is kept from before.
#[derive(Debug, Serialize)]
struct TokenForecast {
    /// The mailbox; `None` for an application's own token, which serves all.
    mailbox: Option<String>,
    flow: &'static str,
    issuer: String,
    scopes: Vec<String>,
    protocols: Vec<&'static str>,
    presents_password: bool,
}

/// Every request for a token, each once.
fn token_requests(plan: &Plan, abilities: &Abilities<'_>) -> Result<Vec<TokenForecast>, PlanError> {
    let mut requests: Vec<TokenForecast> = Vec::new();
    for visit in plan.visits.iter(abilities) {
        let visit = visit?;
        let Some(profile) = visit.beforehand.profile.as_ref().filter(|_| visit.gets_tokens()) else {
            continue;
        };
        for need in profile.needs(&visit.beforehand.protocols).0 {
            let mailbox = (!profile.flow.is_app_only()).then(|| visit.login.authcid.clone());
            let issuer = match &profile.issuer {
                Issuer::Provider(row) => row.title.to_owned(),
                Issuer::Url(url) => url.to_string(),
            };
            let known = requests.iter_mut().find(|known| {
                (&known.mailbox, &known.issuer, &known.scopes) == (&mailbox, &issuer, &need.scopes)
            });
            let protocols = need.protocols.iter().map(|protocol| protocol.name());
            if let Some(known) = known {
                let fresh: Vec<_> = protocols.filter(|name| !known.protocols.contains(name)).collect();
                known.protocols.extend(fresh);
                continue;
            }
            requests.push(TokenForecast {
                mailbox,
                flow: profile.flow.name(),
                issuer,
                scopes: need.scopes,
                protocols: protocols.collect(),
                presents_password: profile.flow == Flow::Password,
            });
        }
    }
    Ok(requests)
}

fn forecast<'p>(plan: &'p Plan, abilities: &Abilities<'_>) -> Result<Forecast<'p>, PlanError> {
    // As the attempt gate counts them: most servers do not care about the case of a login name.
    let mut accounts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut mailboxes = Vec::with_capacity(plan.visits.len());
    for visit in plan.visits.iter(abilities) {
        let visit = visit?;
        let endpoints: Vec<EndpointForecast> =
            visit.endpoints.iter().map(|endpoint| at_endpoint(plan, &visit, endpoint, abilities)).collect();
        let total = accounts.entry(visit.login.authcid.to_lowercase()).or_default();
        for endpoint in &endpoints {
            total.0 += endpoint.password.len();
            total.1 += endpoint.token.len();
        }
        let account = visit.login.authcid.clone();
        mailboxes.push(MailboxForecast { mailbox: visit.mailbox, account, endpoints });
    }
    let token_requests = token_requests(plan, abilities)?;
    // The issuer is shown the password as every server is.
    for request in token_requests.iter().filter(|request| request.presents_password && plan.budget > 0) {
        let account = request.mailbox.as_deref().unwrap_or_default().to_lowercase();
        accounts.entry(account).or_default().0 += 1;
    }
    let budget = usize::try_from(plan.budget).unwrap_or(usize::MAX);
    let accounts = accounts
        .into_iter()
        .map(|(account, (password, token))| AccountForecast {
            account,
            password_presentations_at_most: password,
            bad_attempts_at_most: password.min(budget),
            token_presentations_at_most: token,
        })
        .collect();
    let each_address = plan.network.all_addresses;
    Ok(Forecast { mailboxes, accounts, token_requests, each_address, notes: &plan.notes })
}

fn at_endpoint(
    plan: &Plan,
    visit: &Visit,
    endpoint: &Endpoint,
    abilities: &Abilities<'_>,
) -> EndpointForecast {
    let to_be_had = |profile: &Profile| profile.needs(&[endpoint.protocol]).1.is_empty();
    let profile = visit.beforehand.profile.as_ref().filter(|_| visit.gets_tokens());
    let forecast = abilities.forecast(visit, endpoint, profile.is_some_and(|profile| to_be_had(profile)));
    let presented: Vec<_> = forecast
        .presentations
        .iter()
        .filter(|presentation| presentation.kind != Kind::Password || plan.budget > 0)
        .collect();
    let names = |kind: Kind| {
        let of_kind = presented.iter().filter(|presentation| presentation.kind == kind);
        of_kind.map(|presentation| presentation.method.name().to_owned()).collect::<Vec<_>>()
    };
    let offered = presented.iter().filter(|presentation| presentation.only_if_offered);
    let not_tried = forecast.skipped.iter().filter_map(|(method, skip)| {
        let why = why(*skip)?;
        Some(NotTried { method: method.name().to_owned(), skip: skip.name(), why })
    });
    EndpointForecast {
        url: endpoint.url(),
        password: names(Kind::Password),
        token: names(Kind::Token),
        only_if_offered: offered.map(|presentation| presentation.method.name().to_owned()).collect(),
        not_tried: not_tried.collect(),
        further_requests_at_most: if presented.is_empty() { 0 } else { forecast.most_repeats },
        withheld: forecast.withheld.map(|withheld| match withheld {
            Withheld::LastPhase => "only advertisements are read",
            Withheld::OnlyAsked => "this service is only asked what it offers",
            Withheld::Plaintext => "no TLS, and no --allow-plaintext",
        }),
        tls_version_connections: if visit.options.tls_versions && endpoint.has_tls() {
            TlsProtocol::ALL.len()
        } else {
            0
        },
    }
}

/// Why a method is not tried, where that is not for want of a credential: notes say that.
fn why(skip: Skip) -> Option<&'static str> {
    match skip {
        Skip::Unimplemented => Some("mailprobe does not implement it here"),
        Skip::NoChannelBinding => Some("there is no TLS to bind it to"),
        Skip::Unrepresentable => Some("it cannot express this user name or secret"),
        _ => None,
    }
}

/// The forecast as text of 80 columns.
///
/// # Errors
/// A list of targets that cannot be read again.
pub fn text(plan: &Plan, abilities: &Abilities<'_>) -> Result<String, PlanError> {
    let forecast = forecast(plan, abilities)?;
    let mut text = String::new();
    for mailbox in &forecast.mailboxes {
        let account = if mailbox.account == mailbox.mailbox {
            String::new()
        } else {
            format!(" (logs in as {})", harmless(mailbox.account.as_bytes()))
        };
        let _ = writeln!(text, "{}{account}", harmless(mailbox.mailbox.as_bytes()));
        for endpoint in &mailbox.endpoints {
            let _ = writeln!(text, "  {}", endpoint.url);
            methods(&mut text, "password", &endpoint.password, &endpoint.only_if_offered);
            methods(&mut text, "token", &endpoint.token, &endpoint.only_if_offered);
            if let Some(why) = endpoint.withheld {
                let _ = writeln!(text, "    nothing is presented: {why}");
            } else if endpoint.password.is_empty() && endpoint.token.is_empty() {
                let _ = writeln!(text, "    nothing is presented");
            }
            for NotTried { method, why, .. } in &endpoint.not_tried {
                let sentence = format!("{method}: {why}");
                fill(&mut text, "    not tried ", "              ", sentence.split(' '), " ");
            }
            if endpoint.further_requests_at_most > 0 {
                let number = endpoint.further_requests_at_most;
                let _ = writeln!(
                    text,
                    "    each accepted login repeats its credential in at most {number} more requests"
                );
            }
            if endpoint.tls_version_connections > 0 {
                let number = endpoint.tls_version_connections;
                let _ = writeln!(text, "    {number} connections more ask for one version of TLS each");
            }
        }
        text.push('\n');
    }
    let each = if plan.network.all_addresses { " at each address of a host" } else { "" };
    for account in &forecast.accounts {
        let _ = writeln!(text, "Account {}", harmless(account.account.as_bytes()));
        match account.password_presentations_at_most {
            0 if plan.budget == 0 => text.push_str("  password  never presented (--attempt-budget 0)\n"),
            0 => text.push_str("  password  not presented\n"),
            most => {
                let _ = writeln!(text, "  password  presented at most {}{each};", times(most));
                let _ = writeln!(
                    text,
                    "            a wrong one costs at most {}",
                    bad(account.bad_attempts_at_most)
                );
            }
        }
        match account.token_presentations_at_most {
            0 => text.push_str("  token     not presented\n"),
            most => {
                let _ = writeln!(text, "  token     presented at most {}{each}", times(most));
            }
        }
    }
    for request in &forecast.token_requests {
        let whose = request
            .mailbox
            .as_deref()
            .map_or_else(|| "the application".to_owned(), |mailbox| harmless(mailbox.as_bytes()));
        let _ =
            writeln!(text, "Token for {whose}, unless one is kept: {} at {}", request.flow, request.issuer);
        let _ = writeln!(text, "  for       {}", request.protocols.join(", "));
        if !request.scopes.is_empty() {
            fill(&mut text, "  scopes    ", "            ", request.scopes.iter().map(String::as_str), " ");
        }
        if request.presents_password {
            text.push_str("  password  presented to the issuer, and counted above\n");
        }
    }
    if !forecast.notes.is_empty() {
        text.push('\n');
    }
    for note in forecast.notes {
        fill(&mut text, "Note: ", "      ", note.split(' '), " ");
    }
    text.push_str("\nNothing was sent.\n");
    Ok(text)
}

/// The forecast as indented JSON.
///
/// # Errors
/// A list of targets that cannot be read again.
pub fn json(plan: &Plan, abilities: &Abilities<'_>) -> Result<String, PlanError> {
    let mut text = serde_json::to_string_pretty(&forecast(plan, abilities)?).unwrap_or_default();
    text.push('\n');
    Ok(text)
}

fn methods(text: &mut String, what: &str, names: &[String], only_if_offered: &[String]) {
    let (offered, always): (Vec<&String>, Vec<&String>) =
        names.iter().partition(|name| only_if_offered.contains(name));
    let mut words: Vec<String> = always.into_iter().cloned().collect();
    // One word to the line breaker, so that the condition stays with what it is about.
    for (at, name) in offered.into_iter().enumerate() {
        words.push(if at == 0 { format!("if offered {name}") } else { name.clone() });
    }
    if !words.is_empty() {
        fill(text, &format!("    {what:<10}"), "              ", words.iter().map(String::as_str), ", ");
    }
}

/// Words behind a heading, folded at the width.
fn fill<'w>(
    text: &mut String,
    head: &str,
    indent: &str,
    words: impl Iterator<Item = &'w str>,
    between: &str,
) {
    let mut line = head.to_owned();
    let mut fresh = true;
    for word in words {
        if !fresh && line.chars().count() + between.len() + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{}{}", line, between.trim_end());
            indent.clone_into(&mut line);
            fresh = true;
        }
        if !fresh {
            line.push_str(between);
        }
        line.push_str(word);
        fresh = false;
    }
    let _ = writeln!(text, "{line}");
}

fn times(number: usize) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

fn bad(number: usize) -> String {
    if number == 1 { "1 bad attempt".to_owned() } else { format!("{number} bad attempts") }
}
