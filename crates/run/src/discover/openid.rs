//! The provider's `OpenID` configuration (`OpenID` Connect Discovery 1.0 section 4).

use std::time::Duration;

use mailprobe_probes::model::{Phase, harmless};
use mailprobe_probes::wire::Patience;
use serde::Deserialize;

use super::found::{OpenId, Outcome, Source, SourceReport};
use mailprobe_oauth::providers::Provider;
use mailprobe_oauth::web::{Page, Web};

/// Octets that are read: Microsoft's has 2 KiB.
const MOST: usize = 64 * 1024;
/// Characters of a value that are kept.
const LONGEST: usize = 300;

/// What was found, and the question.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) found: Option<OpenId>,
    pub(super) report: Option<SourceReport>,
}

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    token_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
    authorization_endpoint: Option<String>,
}

/// Fetches it, where the provider is known to have one.
pub(super) async fn ask(
    domain: &str,
    provider: Option<&Provider>,
    web: &Web,
    patience: &Patience,
    limit: Duration,
) -> Answer {
    let Some(url) = provider.and_then(|row| row.openid).map(|url| url.replace("{domain}", domain)) else {
        return Answer::default();
    };
    let page = match patience.wait(Phase::Capability, limit, web.get(&url, MOST)).await {
        Ok(page) => page,
        Err(failure) => Err(failure.detail),
    };
    let (outcome, detail, found) = match page.map(|page| read(&page, &url)) {
        Err(why) => (Outcome::Failed, why, None),
        Ok(Err((outcome, why))) => (outcome, why, None),
        Ok(Ok(found)) => (Outcome::Found, format!("issuer {}", found.issuer), Some(found)),
    };
    Answer { found, report: Some(SourceReport { source: Source::Openid, asked: url, outcome, detail }) }
}

fn read(page: &Page, url: &str) -> Result<OpenId, (Outcome, String)> {
    match page.status {
        200 if page.cut => return Err((Outcome::Failed, format!("it has more than {MOST} octets"))),
        200 => {}
        // Entra ID says 400 to a domain that is no tenant's.
        400 | 404 => {
            return Err((Outcome::Nothing, format!("{}: the issuer does not know this domain", page.status)));
        }
        status => return Err((Outcome::Failed, format!("the issuer answered {status}"))),
    }
    let configuration: Configuration = serde_json::from_slice(&page.body)
        .map_err(|_| (Outcome::Failed, "the answer is no OpenID configuration".to_owned()))?;
    let told = |text: &str| harmless(text.as_bytes()).chars().take(LONGEST).collect::<String>();
    Ok(OpenId {
        configuration: url.to_owned(),
        issuer: told(&configuration.issuer),
        token_endpoint: configuration.token_endpoint.as_deref().map(told),
        device_authorization_endpoint: configuration.device_authorization_endpoint.as_deref().map(told),
        authorization_endpoint: configuration.authorization_endpoint.as_deref().map(told),
    })
}
