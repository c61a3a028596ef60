//! A sign-in by a browser on any machine: the device authorization grant (RFC 8628).

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::answer::{self, Granted};
use super::request::Request;
use super::talk::{Talk, now};
use super::trouble::TokenTrouble;
use crate::profile::Profile;
use crate::web::Web;

/// Seconds between questions where the issuer names none (section 3.2), and what `slow_down` adds (section 3.5).
const INTERVAL: u64 = 5;
/// Longest pause between questions that an issuer may ask for.
const LONGEST_INTERVAL: u64 = 60;
/// Questions without any answer, one behind the other, that end it.
const MOST_SILENT: u32 = 3;

/// What it takes.
pub(super) struct Asking<'a> {
    pub(super) web: &'a Web,
    pub(super) profile: &'a Profile,
    pub(super) scopes: &'a [String],
    /// The device authorization endpoint.
    pub(super) start: &'a str,
    /// The token endpoint.
    pub(super) token: &'a str,
    pub(super) longest: Duration,
}

/// Gets a code, says where to type it in, and asks until somebody has.
pub(super) async fn sign_in(asking: &Asking<'_>, talk: &dyn Talk) -> Result<Granted, TokenTrouble> {
    let mut request = Request::of_client(asking.profile, asking.start, now())?;
    request.scope(asking.scopes);
    let (answer, secrets) = request.post(asking.web, asking.start).await?;
    let start = answer::device_start(&answer, &secrets)?;
    talk.type_in(&start.verification_uri, &start.user_code);
    let life = start.expires_in.map_or(asking.longest, Duration::from_secs).min(asking.longest);
    let (begun, code) = (Instant::now(), mailprobe_probes::model::Secret::new(start.device_code));
    let mut interval = start.interval.unwrap_or(INTERVAL).min(LONGEST_INTERVAL);
    let mut silent = 0;
    loop {
        sleep(Duration::from_secs(interval)).await;
        if begun.elapsed() >= life {
            return Err(TokenTrouble::Failed(
                "nobody typed the code in before it expired: begin again".into(),
            ));
        }
        let mut request = Request::of_client(asking.profile, asking.token, now())?;
        request.say("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        request.hide("device_code", &code)?;
        let answered = match request.post(asking.web, asking.token).await {
            Ok((answer, secrets)) => answer::granted(&answer, &secrets),
            // Section 3.5: a timeout asks for patience, and is no refusal.
            Err(TokenTrouble::Failed(_)) if silent + 1 < MOST_SILENT => {
                silent += 1;
                interval = (interval * 2).min(LONGEST_INTERVAL);
                continue;
            }
            Err(trouble) => return Err(trouble),
        };
        silent = 0;
        match answered {
            Err(TokenTrouble::Refused(refusal)) if refusal.error == "authorization_pending" => {}
            Err(TokenTrouble::Refused(refusal)) if refusal.error == "slow_down" => {
                interval = (interval + INTERVAL).min(LONGEST_INTERVAL);
            }
            answered => return answered,
        }
    }
}
