//! Where an issuer's endpoints are: its `openid-configuration` (`OpenID` Connect Discovery 1.0, RFC 8414).

use mailprobe_probes::model::harmless;
use serde::Deserialize;
use url::Url;

use super::trouble::TokenTrouble;
use crate::profile::{Issuer, Profile};
use crate::web::Web;

/// Octets that are read: Microsoft's has 2 KiB.
const MOST: usize = 64 * 1024;

/// An issuer's endpoints.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) issuer: String,
    pub(super) authorization: Option<Url>,
    pub(super) token: Url,
    pub(super) device: Option<Url>,
}

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    authorization_endpoint: Option<Url>,
    token_endpoint: Url,
    device_authorization_endpoint: Option<Url>,
}

/// The tenant that is asked: the file's, the table's, or the mailbox's domain.
pub(super) fn tenant(profile: &Profile, mailbox: &str) -> String {
    let domain = mailbox.rsplit_once('@').map_or(mailbox, |(_, domain)| domain);
    let of_table = profile.authority().and_then(|authority| authority.tenant);
    profile.tenant.as_deref().or(of_table).unwrap_or(domain).to_owned()
}

/// Where the configuration is.
pub(super) fn configuration(profile: &Profile, mailbox: &str) -> String {
    match (&profile.issuer, profile.authority()) {
        (Issuer::Provider(_), Some(authority)) => {
            let tenant = tenant(profile, mailbox);
            let safe: String = url::form_urlencoded::byte_serialize(tenant.as_bytes()).collect();
            authority.configuration.replace("{tenant}", &safe)
        }
        (Issuer::Url(url), _) => {
            format!("{}/.well-known/openid-configuration", url.as_str().trim_end_matches('/'))
        }
        // No profile names such a row.
        (Issuer::Provider(row), None) => row.openid.unwrap_or_default().to_owned(),
    }
}

/// Asks for the configuration.
pub(super) async fn ask(web: &Web, profile: &Profile, place: &str) -> Result<Places, TokenTrouble> {
    let failed = |why: String| TokenTrouble::Failed(format!("the issuer's configuration at {place}: {why}"));
    let page = web.get(place, MOST).await.map_err(failed)?;
    match page.status {
        200 if page.cut => return Err(failed(format!("it has more than {} KiB", MOST / 1024))),
        200 => {}
        // Entra says 400 to a domain that is no tenant's.
        400 | 404 => {
            return Err(failed(format!(
                "{}: the issuer does not know this tenant: see tenant or issuer in the profile",
                page.status
            )));
        }
        status @ 300..400 => return Err(failed(format!("it redirects ({status}), which is not followed"))),
        status => return Err(failed(format!("the issuer answers {status}"))),
    }
    let told: Configuration = serde_json::from_slice(&page.body).map_err(|_| {
        let html = page.body.trim_ascii_start().first() == Some(&b'<');
        failed(if html { "it is HTML, not JSON".into() } else { "it is no OpenID configuration".into() })
    })?;
    // Discovery section 4.3: the issuer has to be the one that was asked for. Entra's names the tenant by its id.
    if let Issuer::Url(wanted) = &profile.issuer
        && told.issuer.trim_end_matches('/') != wanted.as_str().trim_end_matches('/')
    {
        let shown: String = harmless(told.issuer.as_bytes()).chars().take(120).collect();
        return Err(failed(format!("it is of another issuer, {shown}")));
    }
    let all = [told.authorization_endpoint.as_ref(), Some(&told.token_endpoint)];
    if all.into_iter().flatten().any(|url| url.scheme() != "https") {
        return Err(failed("it names an endpoint without TLS".into()));
    }
    Ok(Places {
        issuer: told.issuer,
        authorization: told.authorization_endpoint,
        token: told.token_endpoint,
        device: told.device_authorization_endpoint.filter(|url| url.scheme() == "https"),
    })
}
