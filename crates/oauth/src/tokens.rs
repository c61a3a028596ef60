//! The tokens of profiles: from the cache while they last, by their refresh token before they end, by the flow else.
//!
//! One request at a time for each lineage of tokens, in this process by a lock in memory and among processes by a lock
//! on a file: an issuer that rotates refresh tokens takes each once. Nothing is asked twice: a refusal is final.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{Cause, Protocol, Secret};
use mailprobe_probes::probe::{Admission, Gate, PasswordVerdict};
use parking_lot::{Mutex, MutexGuard};

use super::answer::{self, Granted};
use super::cache::{Cache, Entry, Lineage};
use super::places::{self, Places};
use super::request::Request;
use super::talk::{Talk, now};
use super::trouble::TokenTrouble;
use super::{assertion, device, loopback};
use crate::profile::{Flow, Profile};
use crate::web::Web;
use crate::{Mistake, Need};

/// Seconds before its end from which a token is not given out any more: longer than a visit takes.
const MARGIN: i64 = 300;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A person's sign-in.
    pub sign_in: Duration,
    /// Waiting for another process that asks for the same token.
    pub lock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sign_in: Duration::from_secs(600), lock: Duration::from_secs(660) }
    }
}

/// What a token is asked for.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Whose.
    pub profile: &'a Profile,
    /// For which mailbox.
    pub mailbox: &'a str,
    /// For which protocols, with their scopes.
    pub need: &'a Need,
    /// The mailbox's password, for the flow that presents it to the issuer,
    pub password: Option<&'a Secret>,
    /// which it passes only through this gate.
    pub gate: &'a dyn Gate,
}

/// An access token.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// When it ends, seconds since 1970.
    pub expires_at: i64,
    /// What it is for.
    pub protocols: Vec<Protocol>,
    /// Whether it was there already.
    pub cached: bool,
}

/// Gets and keeps tokens. Callable again and again: a daemon asks before each visit.
pub struct Tokens {
    web: Web,
    cache: Cache,
    talk: Arc<dyn Talk>,
    limits: Limits,
    flights: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    known: Mutex<HashMap<String, Places>>,
    /// Client secrets that an issuer refused, by a hash that is keyed anew in every process.
    refused: Mutex<HashSet<u64>>,
    hasher: RandomState,
}

impl Tokens {
    /// With these means.
    pub fn new(web: Web, cache: Cache, talk: Arc<dyn Talk>, limits: Limits) -> Self {
        Self {
            web,
            cache,
            talk,
            limits,
            flights: Mutex::default(),
            known: Mutex::default(),
            refused: Mutex::default(),
            hasher: RandomState::new(),
        }
    }

    /// A token that is good for the next minutes.
    ///
    /// # Errors
    /// Why there is none. Nothing is tried a second time.
    pub async fn token(&self, ask: Ask<'_>) -> Result<Token, TokenTrouble> {
        let lineage = Lineage::of(ask.profile, ask.mailbox);
        let flight = {
            let mut flights = self.flights.lock();
            Arc::clone(flights.entry(lineage.name()).or_default())
        };
        let _alone_here = flight.lock().await;
        let scopes = ask.need.scopes.join(" ");
        let token = |entry: &Entry, cached| {
            let kept = entry.token(&scopes, now() + MARGIN)?;
            Some(Token {
                secret: Secret::new(kept.access_token.as_bytes()),
                expires_at: kept.expires_at,
                protocols: ask.need.protocols.clone(),
                cached,
            })
        };
        // Without a lock first: whoever replaces the file does so in one step.
        if let Some(token) = token(&self.cache.read(&lineage), true) {
            return Ok(token);
        }
        let _alone_anywhere = self.cache.lock(&lineage, self.limits.lock).await?;
        let mut entry = self.cache.read(&lineage);
        if let Some(token) = token(&entry, true) {
            return Ok(token);
        }
        let granted = self.fresh(ask, &lineage, &mut entry).await?;
        let (secret, expires_at) = (granted.access_token.clone(), now() + seconds(granted.expires_in));
        entry.take(&scopes, &granted, expires_at);
        self.cache.write(&lineage, &entry)?;
        Ok(Token { secret, expires_at, protocols: ask.need.protocols.clone(), cached: false })
    }

    /// A token from the issuer: by the refresh token that is kept, else by the flow.
    async fn fresh(
        &self,
        ask: Ask<'_>,
        lineage: &Lineage,
        entry: &mut Entry,
    ) -> Result<Granted, TokenTrouble> {
        let profile = ask.profile;
        let places = self.places(profile, ask.mailbox).await?;
        let given = match &profile.refresh_token {
            Some(source) => Some(source.read_now("refresh token")?),
            None => None,
        };
        if let Some(given) = &given {
            // Another one than that which the kept ones came from: the user has put a new one there.
            entry.begin_with(given);
        }
        let kept = entry.refresh_token();
        if let Some(refresh) = &kept {
            match self.refresh(ask, &places, refresh).await {
                Ok(granted) => return Ok(granted),
                Err(trouble) if is_over(&trouble) => {
                    entry.drop_refresh_token();
                    self.cache.write(lineage, entry)?;
                    if !profile.flow.needs_a_person() || !self.talk.is_attended() {
                        return Err(with_advice(trouble, &renew(profile)));
                    }
                    self.talk.note("the stored sign-in is not good any more: sign in again");
                }
                Err(trouble) => return Err(Self::advised(ask, trouble)),
            }
        }
        if profile.flow.needs_a_person() && !self.talk.is_attended() {
            return Err(TokenTrouble::Usage(Mistake::new(
                "nobody is here to sign in: run `mailprobe token get` with this profile once, and this finds its token",
            )));
        }
        let granted = match profile.flow {
            Flow::AuthorizationCode => self.by_browser(ask, &places).await,
            Flow::DeviceCode => self.by_device(ask, &places).await,
            Flow::ClientCredentials => self.by_application(ask, &places).await,
            Flow::Password => self.by_password(ask, &places).await,
            Flow::ServiceAccount => self.by_service_account(ask, &places).await,
            // Its one token was refused above, or there is none that was not used up.
            Flow::RefreshToken => Err(TokenTrouble::Usage(Mistake::new(renew(profile)))),
        };
        granted.map_err(|trouble| Self::advised(ask, trouble))
    }

    async fn places(&self, profile: &Profile, mailbox: &str) -> Result<Places, TokenTrouble> {
        let place = places::configuration(profile, mailbox);
        let known = |known: &Mutex<HashMap<String, Places>>| known.lock().get(&place).cloned();
        if let Some(places) = known(&self.known) {
            return Ok(places);
        }
        let places = places::ask(&self.web, profile, &place).await?;
        self.known.lock().insert(place, places.clone());
        Ok(places)
    }

    /// The client secret of a request as it is remembered where an issuer refuses it; an error where one has. The next mailbox,
    /// or the next visit of a daemon, would hear the same.
    fn client(&self, request: &Request, places: &Places) -> Result<Option<u64>, TokenTrouble> {
        let secret = request.client_secret.as_ref();
        let client = secret.map(|secret| self.hasher.hash_one((&places.token, secret.expose())));
        if client.is_some_and(|client| self.refused().contains(&client)) {
            return Err(TokenTrouble::Failed(
                "the issuer refused this client secret before: it is not sent again until it is another one"
                    .to_owned(),
            ));
        }
        Ok(client)
    }

    fn refused(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.refused.lock()
    }

    async fn send(&self, request: Request, places: &Places) -> Result<Granted, TokenTrouble> {
        let client = self.client(&request, places)?;
        let (answer, secrets) = request.post(&self.web, places.token.as_str()).await?;
        if let Some(ahead) = answer::clock_ahead(&answer) {
            self.talk.note(&answer::clock_advice(ahead));
        }
        let granted = answer::granted(&answer, &secrets);
        if granted.as_ref().is_err_and(|trouble| trouble.cause() == Some(Cause::AppCredentialInvalid)) {
            self.refused().extend(client);
        }
        granted
    }

    async fn refresh(
        &self,
        ask: Ask<'_>,
        places: &Places,
        refresh: &Secret,
    ) -> Result<Granted, TokenTrouble> {
        let mut request = Request::of_client(ask.profile, places.token.as_str(), now())?;
        request.say("grant_type", "refresh_token");
        request.hide("refresh_token", refresh)?;
        request.scope(&asked_scopes(ask));
        self.send(request, places).await
    }

    async fn by_application(&self, ask: Ask<'_>, places: &Places) -> Result<Granted, TokenTrouble> {
        let mut request = Request::of_client(ask.profile, places.token.as_str(), now())?;
        request.say("grant_type", "client_credentials");
        request.scope(&ask.need.scopes);
        self.send(request, places).await
    }

    /// The resource owner's password (RFC 6749 section 4.3). It passes the gate, as every password does.
    async fn by_password(&self, ask: Ask<'_>, places: &Places) -> Result<Granted, TokenTrouble> {
        let Some(password) = ask.password else {
            return Err(TokenTrouble::Usage(Mistake::new(
                "flow = \"password\" needs the mailbox's password: --password-prompt, --password-env, ...",
            )));
        };
        let mut request = Request::of_client(ask.profile, places.token.as_str(), now())?;
        request.say("grant_type", "password");
        request.say("username", ask.mailbox);
        request.hide("password", password)?;
        request.scope(&asked_scopes(ask));
        // A request that is not sent costs no attempt.
        self.client(&request, places)?;
        let Admission::Go(pass) = ask.gate.admit(ask.mailbox, places.token.as_str(), password).await else {
            return Err(TokenTrouble::Budget);
        };
        let granted = self.send(request, places).await;
        let verdict = match &granted {
            Ok(_) => PasswordVerdict::Proven,
            Err(trouble) => match trouble.cause() {
                // A second factor is asked for when the first was right.
                Some(Cause::MfaRequired) => PasswordVerdict::Proven,
                Some(cause) if !cause.may_count_as_bad_password() => PasswordVerdict::NotLookedAt,
                Some(_) => PasswordVerdict::MayBeWrong,
                // Nobody said anything: it may have counted, and nothing is known of the password.
                None => return granted,
            },
        };
        pass.settle(verdict);
        granted
    }

    async fn by_service_account(&self, ask: Ask<'_>, places: &Places) -> Result<Granted, TokenTrouble> {
        let Some(file) = ask.profile.service_account.as_deref() else {
            return Err(TokenTrouble::Usage(Mistake::new("the profile names no service_account_file")));
        };
        let (endpoint, scope) = (places.token.as_str(), ask.need.scopes.join(" "));
        let signed = assertion::of_service_account(file, endpoint, &scope, ask.mailbox, now())?;
        let mut request = Request::empty();
        request.say("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        request.hide("assertion", &signed)?;
        self.send(request, places).await
    }

    async fn by_browser(&self, ask: Ask<'_>, places: &Places) -> Result<Granted, TokenTrouble> {
        let Some(authorization) = &places.authorization else {
            return Err(TokenTrouble::Failed(format!(
                "{} names no authorization endpoint: use another flow",
                places.issuer
            )));
        };
        let scopes = asked_scopes(ask);
        let signing_in = loopback::SignIn {
            profile: ask.profile,
            mailbox: ask.mailbox,
            scopes: &scopes,
            authorization,
            issuer: &places.issuer,
        };
        let code = loopback::sign_in(&signing_in, &*self.talk, self.limits.sign_in).await?;
        let mut request = Request::of_client(ask.profile, places.token.as_str(), now())?;
        request.say("grant_type", "authorization_code");
        request.hide("code", &code.secret)?;
        request.say("redirect_uri", &code.redirect);
        request.hide("code_verifier", &code.verifier)?;
        self.send(request, places).await
    }

    async fn by_device(&self, ask: Ask<'_>, places: &Places) -> Result<Granted, TokenTrouble> {
        let Some(endpoint) = &places.device else {
            return Err(TokenTrouble::Failed(format!(
                "{} has no device code: use flow = \"authorization-code\"",
                places.issuer
            )));
        };
        let asking = device::Asking {
            web: &self.web,
            profile: ask.profile,
            scopes: &asked_scopes(ask),
            start: endpoint.as_str(),
            token: places.token.as_str(),
            longest: self.limits.sign_in,
        };
        device::sign_in(&asking, &*self.talk).await
    }

    /// What else can be said of a refusal, knowing the profile.
    fn advised(ask: Ask<'_>, trouble: TokenTrouble) -> TokenTrouble {
        match trouble.cause() {
            Some(Cause::ConsentRequired) => {
                let profile = ask.profile;
                let Some(place) = profile.authority().and_then(|authority| authority.admin_consent) else {
                    return trouble;
                };
                let place = place.replace("{tenant}", &places::tenant(profile, ask.mailbox)).replace(
                    "{client}",
                    &url::form_urlencoded::byte_serialize(profile.client_id.as_bytes()).collect::<String>(),
                );
                with_advice(trouble, &format!("An administrator consents at {place}"))
            }
            Some(Cause::SecurityDefaults | Cause::ConditionalAccess)
                if ask.profile.flow == Flow::DeviceCode =>
            {
                with_advice(
                    trouble,
                    "Many tenants block the device code: use flow = \"authorization-code\", which signs in by a \
                     browser on this machine.",
                )
            }
            _ => trouble,
        }
    }
}

/// What is asked for, with what only brings a refresh token.
fn asked_scopes(ask: Ask<'_>) -> Vec<String> {
    let always = ask.profile.authority().map_or(&[][..], |authority| authority.always);
    let always = always.iter().map(|scope| (*scope).to_owned());
    ask.need.scopes.iter().cloned().chain(always.filter(|scope| !ask.need.scopes.contains(scope))).collect()
}

/// Whether the refresh token is good for nothing more (RFC 6749 section 5.2).
fn is_over(trouble: &TokenTrouble) -> bool {
    matches!(trouble, TokenTrouble::Refused(refusal)
        if matches!(refusal.error.as_str(), "invalid_grant" | "interaction_required"))
}

fn renew(profile: &Profile) -> String {
    if profile.flow == Flow::RefreshToken {
        "The refresh token has been used up, has expired or was revoked: get a new one and put it in its place."
            .to_owned()
    } else {
        "The stored sign-in is not good any more: run `mailprobe token get` with this profile.".to_owned()
    }
}

fn with_advice(trouble: TokenTrouble, advice: &str) -> TokenTrouble {
    match trouble {
        TokenTrouble::Refused(mut refusal) => {
            refusal.advice.push(advice.to_owned());
            TokenTrouble::Refused(refusal)
        }
        other => other,
    }
}

fn seconds(life: u64) -> i64 {
    i64::try_from(life).unwrap_or(i64::MAX)
}
