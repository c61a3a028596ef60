//! `mailprobe token`, and the tokens of `check`: means, talk and the place where tokens are kept.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Duration;

use super::{run_to_end, say, warn};
use crate::args::TextOrJson;
use crate::args::token::{ForgetArgs, GetArgs, InspectArgs, TokenCommand, profile};
use crate::mistake::UserError;
use mailprobe_oauth::inspect::{self, Against, Look, Status};
use mailprobe_oauth::profile::Profile;
use mailprobe_oauth::providers;
use mailprobe_oauth::web::Web;
use mailprobe_oauth::{Ask, Cache, Limits, Talk, TokenTrouble, Tokens};
use mailprobe_run::plan::{Network, Plan, World};
use mailprobe_run::preflight::{Needs, Preflight};
use mailprobe_run::{self as run, AttemptGate};

/// Longest wait for the realm: it is worth knowing and not worth waiting for.
const REALM_TIME: Duration = Duration::from_secs(10);

pub(super) fn token(command: &TokenCommand) -> Result<u8, UserError> {
    match command {
        TokenCommand::Get(args) => get(args),
        TokenCommand::Inspect(args) => look(args),
        TokenCommand::Forget(args) => forget(args),
    }
}

/// Says on standard error what a person has to do.
struct Terminal {
    browser: bool,
}

impl Talk for Terminal {
    /// Somebody who only reads what is said can sign in, too: a log is followed, a script shows it.
    fn is_attended(&self) -> bool {
        true
    }

    fn sign_in_at(&self, url: &str) {
        warn(&format!("sign in at this address, in a browser on this machine:\n{url}"));
        if self.browser && io::stderr().is_terminal() && open::that_detached(url).is_err() {
            warn("note: no browser could be opened");
        }
    }

    fn type_in(&self, url: &str, code: &str) {
        let (url, code) = (harmless(url), harmless(code));
        warn(&format!("sign in at {url} in any browser and type in the code {code}"));
    }

    fn note(&self, text: &str) {
        warn(&format!("note: {text}"));
    }
}

fn harmless(text: &str) -> String {
    mailprobe_probes::model::harmless(text.as_bytes())
}

pub(super) fn cache() -> Result<Cache, UserError> {
    let folder = super::state_directory().map(|state| state.join("tokens"));
    if folder.is_none() {
        warn("note: no state directory (XDG_STATE_HOME, HOME): tokens are forgotten when this ends");
    }
    Ok(Cache::new(folder)?)
}

pub(super) fn web(network: &Network, connect: Duration, timeout: Duration) -> Result<Web, UserError> {
    Ok(Web::new(&run::reach(network)?, network.proxy.as_ref(), connect, timeout)?)
}

fn get(args: &GetArgs) -> Result<u8, UserError> {
    let mailbox = args.mailbox()?;
    let profile = profile(args.config.as_deref(), &args.oauth)?;
    let (needs, without) = profile.needs(&args.protocol);
    if let Some(protocol) = without.first() {
        return Err(UserError::new(format!(
            "no scope or role for {protocol} is on record for this profile: name scopes in it"
        )));
    }
    let [need] = needs.as_slice() else {
        return Err(UserError::new(
            "these protocols need a token each, because no token is for two resources: name those of one",
        ));
    };
    let mut stdin = io::stdin().lock();
    let mut world = World::of_process(&mut stdin);
    let password = args.password(&mut world)?;
    let network = args.network(&mut world)?;
    let web = web(&network, args.timeout, args.timeout)?;
    let limits = Limits { sign_in: args.sign_in_timeout, ..Limits::default() };
    let gate = AttemptGate::new(1);
    let talk = Arc::new(Terminal { browser: !args.no_browser });
    let tokens = Tokens::new(web, cache()?, talk, limits);
    let ask = Ask { profile: &profile, mailbox: &mailbox, need, password: password.as_ref(), gate: &gate };
    match run_to_end(tokens.token(ask))? {
        Ok(token) => {
            let mut line = zeroize::Zeroizing::new(token.secret.expose().to_vec());
            line.push(b'\n');
            say(&line)
        }
        Err(TokenTrouble::Usage(mistake)) => Err(mistake.into()),
        Err(trouble) => {
            warn(&format!("no token: {trouble}"));
            warn(&format!("do: {}", trouble.remedy()));
            Ok(if matches!(trouble, TokenTrouble::Refused(_)) { 1 } else { 3 })
        }
    }
}

fn look(args: &InspectArgs) -> Result<u8, UserError> {
    let profile = match &args.token.oauth {
        Some(name) => Some(profile(args.config.as_deref(), name)?),
        None => None,
    };
    let of_profile = profile.as_ref().and_then(Profile::authority);
    let authority = match &args.provider {
        None => of_profile,
        Some(name) => {
            let row = providers::named(name).and_then(providers::oauth::of).ok_or_else(|| {
                UserError::new(format!("provider `{}` is not known to give tokens", harmless(name)))
            })?;
            Some(row)
        }
    };
    let token = args.token(&mut World::of_process(&mut io::stdin().lock()))?;
    let now = mailprobe_oauth::now();
    let look = Look::at(token.expose());
    let against = Against {
        mailbox: args.mailbox.as_deref().unwrap_or_default(),
        protocols: &args.protocol,
        profile: profile.as_ref(),
        authority,
        now,
    };
    let remarks = inspect::judge(&look, &against);
    let text = match args.output {
        TextOrJson::Json => inspect::json(&look, &remarks),
        TextOrJson::Text => inspect::text(&look, &remarks, &args.protocol, now),
    };
    say(text.as_bytes())?;
    Ok(match Status::of(&remarks) {
        Status::Fits => 0,
        Status::Refused => 1,
        Status::Unclear => 3,
    })
}

fn forget(args: &ForgetArgs) -> Result<u8, UserError> {
    let profile = match &args.oauth {
        Some(name) => Some(profile(args.config.as_deref(), name)?),
        None => None,
    };
    let gone = cache()?.forget(profile.as_ref().map(|profile| (profile, args.mailbox.as_deref())))?;
    let what = if gone == 1 { "sign-in" } else { "sign-ins" };
    warn(&format!("{gone} stored {what} forgotten"));
    Ok(0)
}

/// Gets what a plan needs before any session, and what is found out about its accounts. Sets the attempt budget of a
/// federated account where nobody wished for one.
pub(super) async fn beforehand(plan: &Plan, gate: &AttemptGate) -> Result<Preflight, UserError> {
    let mut preflight = Preflight::default();
    let Some(needs) = Needs::of(plan)? else { return Ok(preflight) };
    if needs.realms {
        let web = web(&plan.network, needs.connect.min(REALM_TIME), needs.reply.min(REALM_TIME))?;
        preflight.ask_realms(plan, &web, gate).await?;
    }
    if needs.tokens {
        let web = web(&plan.network, needs.connect, needs.reply)?;
        let talk = Arc::new(Terminal { browser: plan.browser });
        let tokens = Tokens::new(web, cache()?, talk, Limits::default());
        preflight.obtain(plan, &tokens, gate, needs.attended).await?;
    }
    for (mailbox, finding) in preflight.not_obtained() {
        let mailbox = harmless(mailbox);
        warn(&format!("{mailbox}: {}: {} {}", finding.title, finding.explanation, finding.remedy));
    }
    Ok(preflight)
}
