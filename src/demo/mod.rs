//! The demonstration: a tenant on loopback before the cutover, the same tenant after it, both checked by the real
//! engine over every protocol that is there, and what changed between the two.
//!
//! It needs no account, no network and no file. Everything it says comes out of the two reports.

mod difference;

use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mailprobe_probes::model::{Endpoint, Report, Secret};
use mailprobe_probes::probe::HttpOptions;
use mailprobe_probes::wire::{CancellationToken, Family, Override};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::mistake::UserError;
use mailprobe_judge::{self as judge, Rule};
use mailprobe_rehearse::House;
use mailprobe_rehearse::scenario::{self, Mailbox};
use mailprobe_rehearse::serve::{Certificate, DOORS, Identity, Serving, Settings};
use mailprobe_report::{self as report, Style};
use mailprobe_run::plan::request::{Anchors, Connections, Credentials, Judgement, Methods, Reach, Targets};
use mailprobe_run::plan::{Plan, Request, Source, World};
use mailprobe_run::{self as run, Progress};

/// The scenario of the first half, and of the second.
const HALVES: [&str; 2] = ["before-cutover", "smtp-auth-off-2027"];
/// What is tried.
const METHODS: &[&str] = &["PLAIN", "LOGIN", "XOAUTH2", "Basic", "Bearer"];
/// What must hold after the cutover.
const JUDGED: &[&str] =
    &["PLAIN=not-accepted", "LOGIN=not-accepted", "XOAUTH2=usable", "Basic=not-accepted", "Bearer=usable"];
/// What the mailbox's secrets are called where the plan asks for them.
const PASSWORD: &str = "PASSWORD";
const TOKEN: &str = "TOKEN";
/// The host of every endpoint; pinned to loopback.
const HOST: &str = "localhost";

/// What the demonstration has to say.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The whole text.
    pub text: String,
    /// The reports of both halves.
    pub reports: [Report; 2],
    /// Whether everything came out as a cutover should: passwords dead, tokens alive.
    pub as_told: bool,
}

/// Runs both halves.
///
/// # Errors
/// No port on loopback, or no certificate: nothing that a mail server could cause.
pub async fn run(style: &Style) -> Result<Shown, UserError> {
    let identity = Identity::new(&Certificate::Own(None), &[HOST.to_owned()], scenario::Floor::Tls12)
        .map_err(|error| UserError::new(error.to_string()))?;
    let [before, after] = HALVES;
    let (before, after) = (half(before, &identity, false).await?, half(after, &identity, true).await?);
    let met = after.verdict.as_ref().is_some_and(|verdict| {
        verdict.rules.iter().all(|rule| rule.status == mailprobe_probes::model::VerdictStatus::Pass)
    });
    let lang = style.lang;
    let mut text = String::new();
    let parts = [
        (
            "BEFORE THE CUTOVER: a simulated tenant on loopback takes passwords and tokens.",
            report::matrix_only(&before, style),
        ),
        (
            "AFTER THE CUTOVER: the same mailbox, the password switched off everywhere.",
            report::matrix_only(&after, style),
        ),
        ("WHAT CHANGED, cell by cell", difference::lines(&before, &after, lang)),
        ("VERDICT", difference::verdict(&after, lang)),
    ];
    for (heading, part) in parts {
        let _ = write!(text, "{}\n\n{part}\n", lang.say(heading));
    }
    let _ = writeln!(text, "{}", lang.say("What next"));
    for (command, what) in NEXT {
        let _ = writeln!(text, "  {command}\n      {}", lang.say(what));
    }
    Ok(Shown { text, reports: [before, after], as_told: met })
}

/// Commands to go on with, and what for.
const NEXT: &[(&str, &str)] = &[
    (
        "mailprobe check YOU@EXAMPLE.COM --endpoint imaps://HOST --password-prompt",
        "the same matrix for a real mailbox",
    ),
    ("mailprobe rehearse smtp-auth-off-2027", "play the tenant of 2027, and point a scanner at it"),
    ("mailprobe rehearse --list", "the other tenants"),
];

/// One tenant and one check of its mailbox.
async fn half(name: &str, identity: &Identity, judged: bool) -> Result<Report, UserError> {
    let scenario = scenario::load(name).map_err(|error| UserError::new(error.to_string()))?;
    let Some(mailbox) = scenario.mailbox.first() else {
        return Err(UserError::new("the scenario has no mailbox"));
    };
    let mailbox = mailbox.clone();
    let house = House::new(scenario, now).map_err(|error| UserError::new(error.to_string()))?;
    let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let settings =
        Settings { listen, ports: vec![0; DOORS.len()], host: HOST.to_owned(), most: 100, most_of_one: 100 };
    let serving = Serving::open(Arc::new(house), identity, &settings, Box::new(|_| ()))
        .await
        .map_err(|error| UserError::new(error.to_string()))?;
    let endpoints: Vec<Endpoint> = serving
        .doors()
        .iter()
        // One door for each protocol, the one that people use: the other says the same.
        .flat_map(|(door, address)| {
            let schemes: &[&str] = match door.scheme {
                "imaps" => &["imaps"],
                "pop3s" => &["pop3s"],
                "smtp" => &["smtp"],
                "https" => &["ews", "eas"],
                _ => &[],
            };
            schemes.iter().filter_map(|scheme| format!("{scheme}://{HOST}:{}", address.port()).parse().ok())
        })
        .collect();
    let plan = plan(&mailbox, endpoints, identity, judged)?;
    let tools = run::tools(&plan, CancellationToken::new())?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let tenant = tokio::spawn(serving.until(
        async {
            stopped.await.ok();
        },
        None,
    ));
    let mut found = None;
    let run = run::run(&plan, &tools, &Progress::new(1, false), |_, report| found = Some(report)).await;
    stop.send(()).ok();
    tenant.await.ok();
    run?;
    let mut report = found.ok_or_else(|| UserError::new("the check came to no end"))?;
    if judged {
        report.verdict = judge::judge(&report, &plan.expectations);
    }
    Ok(report)
}

/// The check of one mailbox as anybody would ask for it, save that its secrets and the tenant's authority are at hand.
fn plan(
    mailbox: &Mailbox,
    endpoints: Vec<Endpoint>,
    identity: &Identity,
    judged: bool,
) -> Result<Plan, UserError> {
    let authority = identity.authority.as_deref().unwrap_or_default();
    let root = CertificateDer::from_pem_slice(authority.as_bytes())
        .map_err(|error| UserError::new(format!("the authority cannot be used: {error}")))?;
    let rule = |text: &&str| text.parse::<Rule>().map_err(|error| UserError::new(error.to_string()));
    let wanted: &[&str] = if judged { JUDGED } else { &[] };
    let pinned = |endpoint: &Endpoint| Override {
        host: HOST.to_owned(),
        port: Some(endpoint.port),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let reach = Reach {
        anchors: Some(Anchors::Given(vec![root])),
        overrides: endpoints.iter().map(pinned).collect(),
        family: Family::V4,
        ..Reach::default()
    };
    let source = |name: &str| Some(Source::Env(name.to_owned()));
    let request = Request {
        targets: Targets { mailboxes: vec![mailbox.address.clone()], endpoints, ..Targets::default() },
        login: Credentials {
            password: source(PASSWORD),
            token: source(TOKEN),
            browser: false,
            ..Credentials::default()
        },
        methods: Methods {
            only: Some(METHODS.iter().map(|name| (*name).to_owned()).collect()),
            // Exchange refuses Basic in the words of a wrong password; the tenant locks nobody out.
            budget: Some(100),
            ..Methods::default()
        },
        // The tenant is ours, and keeps no list of devices.
        http: HttpOptions { activesync_post: true, ..HttpOptions::default() },
        network: Connections { reach, ..Connections::default() },
        judgement: Judgement {
            expect: wanted.iter().map(rule).collect::<Result<_, _>>()?,
            ..Judgement::default()
        },
        ..Request::default()
    };
    let secret = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned().into();
    let env = |name: &str| match name {
        PASSWORD => mailbox.password.as_ref().map(secret),
        TOKEN => mailbox.tokens.first().map(secret),
        _ => None,
    };
    let nobody = |_: &str| Err(io::ErrorKind::NotConnected.into());
    let mut world = World { env: &env, stdin: &mut io::empty(), prompt: &nobody };
    Ok(run::with_abilities(|abilities| Plan::resolve(&request, &mut world, abilities))?)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
