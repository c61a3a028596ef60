//! What `mailprobe plan` prints: the endpoints in order, and how often each account's password and token
//! would be presented at most. Reads nothing but the plan and sends nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mailprobe_probes::model::{Endpoint, Kind, Phase, TlsProtocol, Transport, harmless};
use serde::Serialize;

use super::file::{Flow, Issuer};
use super::{Abilities, Plan, Visit};

/// Width of the text.
const WIDTH: usize = 80;

/// The whole forecast, as its JSON form has it.
#[derive(Debug, Serialize)]
struct Forecast<'p> {
    mailboxes: Vec<MailboxForecast<'p>>,
    accounts: Vec<AccountForecast>,
    token_requests: Vec<TokenForecast>,
    notes: &'p [String],
}

#[derive(Debug, Serialize)]
struct MailboxForecast<'p> {
    mailbox: &'p str,
    account: &'p str,
    endpoints: Vec<EndpointForecast>,
}

#[derive(Debug, Serialize)]
struct EndpointForecast {
    url: String,
    /// Methods that would present the password, in order.
    password: Vec<String>,
    /// Methods that would present the token, in order.
    token: Vec<String>,
    /// Why nothing is presented, where nothing is.
    withheld: Option<&'static str>,
    /// Connections that ask for one version of TLS each and present nothing.
    tls_version_connections: usize,
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
fn token_requests(plan: &Plan) -> Vec<TokenForecast> {
    let mut requests: Vec<TokenForecast> = Vec::new();
    for visit in &plan.visits {
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
    requests
}

fn forecast<'p>(plan: &'p Plan, abilities: &Abilities<'_>) -> Forecast<'p> {
    // As the attempt gate counts them: most servers do not care about the case of a login name.
    let mut accounts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut mailboxes = Vec::with_capacity(plan.visits.len());
    for visit in &plan.visits {
        let endpoints: Vec<EndpointForecast> =
            visit.endpoints.iter().map(|endpoint| at_endpoint(plan, visit, endpoint, abilities)).collect();
        let total = accounts.entry(visit.login.authcid.to_lowercase()).or_default();
        for endpoint in &endpoints {
            total.0 += endpoint.password.len();
            total.1 += endpoint.token.len();
        }
        mailboxes.push(MailboxForecast { mailbox: &visit.mailbox, account: &visit.login.authcid, endpoints });
    }
    let token_requests = token_requests(plan);
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
    Forecast { mailboxes, accounts, token_requests, notes: &plan.notes }
}

fn at_endpoint(
    plan: &Plan,
    visit: &Visit,
    endpoint: &Endpoint,
    abilities: &Abilities<'_>,
) -> EndpointForecast {
    let options = &visit.options;
    let withheld = if options.stop_after < Phase::Auth {
        Some("only advertisements are read")
    } else if endpoint.transport == Transport::Plaintext && !options.allow_plaintext {
        Some("no TLS, and no --allow-plaintext")
    } else {
        None
    };
    let token_is_to_be_had = visit
        .beforehand
        .profile
        .as_ref()
        .filter(|_| visit.gets_tokens())
        .is_none_or(|profile| profile.needs(&[endpoint.protocol]).1.is_empty());
    let names = |kind: Kind| {
        let presented = withheld.is_none()
            && visit.has(kind)
            && if kind == Kind::Token { token_is_to_be_had } else { plan.budget > 0 };
        let methods =
            abilities.on(endpoint, &options.methods).filter(move |known| presented && known.kind == kind);
        methods.map(|known| known.method.name().to_owned()).collect::<Vec<_>>()
    };
    EndpointForecast {
        url: endpoint.url(),
        password: names(Kind::Password),
        token: names(Kind::Token),
        withheld,
        tls_version_connections: if options.tls_versions && endpoint.has_tls() {
            TlsProtocol::ALL.len()
        } else {
            0
        },
    }
}

/// The forecast as text of 80 columns.
pub fn text(plan: &Plan, abilities: &Abilities<'_>) -> String {
    let forecast = forecast(plan, abilities);
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
            methods(&mut text, "password", &endpoint.password);
            methods(&mut text, "token", &endpoint.token);
            if let Some(why) = endpoint.withheld {
                let _ = writeln!(text, "    nothing is presented: {why}");
            } else if endpoint.password.is_empty() && endpoint.token.is_empty() {
                let _ = writeln!(text, "    nothing is presented");
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
    text
}

/// The forecast as indented JSON.
pub fn json(plan: &Plan, abilities: &Abilities<'_>) -> String {
    let mut text = serde_json::to_string_pretty(&forecast(plan, abilities)).unwrap_or_default();
    text.push('\n');
    text
}

fn methods(text: &mut String, what: &str, names: &[String]) {
    if !names.is_empty() {
        fill(text, &format!("    {what:<10}"), "              ", names.iter().map(String::as_str), ", ");
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
