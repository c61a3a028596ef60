//! How an account's sign-in is decided: by the issuer itself (managed), by the organisation's own servers (federated), or
//! nobody knows. A federated account has no smart lockout of Entra's in front of it, so a wrong password costs more.
//!
//! Only the place that the provider table names is asked, and no credential is sent.

use mailprobe_probes::model::harmless;
use serde::Deserialize;

use crate::providers::oauth::Authority;
use crate::web::Web;

/// Octets that are read.
const MOST: usize = 16 * 1024;

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Realm {
    /// The issuer. Pass-through authentication looks like this, too.
    Managed,
    /// The organisation's own servers, at this host.
    Federated(Option<String>),
    /// The issuer does not know the domain.
    Unknown,
}

#[derive(Deserialize)]
struct Told {
    #[serde(alias = "NameSpaceType", alias = "namespaceType")]
    account_type: String,
    #[serde(default, alias = "AuthURL", alias = "AuthUrl", alias = "federation_active_auth_url")]
    auth_url: Option<String>,
}

impl Realm {
    /// Its name in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::Federated(_) => "federated",
            Self::Unknown => "unknown",
        }
    }

    /// How often a password that may be wrong is presented for such an account. A budget that somebody wished for holds.
    pub const fn budget(&self, planned: u32, is_default: bool) -> u32 {
        match self {
            Self::Federated(_) if is_default => 0,
            _ => planned,
        }
    }

    fn of(body: &[u8]) -> Option<Self> {
        let told: Told = serde_json::from_slice(body).ok()?;
        match told.account_type.to_ascii_lowercase().as_str() {
            "managed" => Some(Self::Managed),
            "federated" => {
                let host = told.auth_url.as_deref().and_then(|url| url::Url::parse(url).ok());
                let host = host.and_then(|url| url.host_str().map(|host| harmless(host.as_bytes())));
                Some(Self::Federated(host))
            }
            "unknown" => Some(Self::Unknown),
            _ => None,
        }
    }
}

/// Asks; `None` where the provider has no such place or its answer cannot be read.
pub async fn ask(web: &Web, authority: &Authority, mailbox: &str) -> Option<Realm> {
    let safe: String = url::form_urlencoded::byte_serialize(mailbox.as_bytes()).collect();
    let place = authority.realm?.replace("{mailbox}", &safe);
    let page = web.get(&place, MOST).await.ok()?;
    if page.status != 200 || page.cut {
        return None;
    }
    Realm::of(&page.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_federated_accounts_password_is_presented_on_request_alone() {
        let federated = Realm::Federated(None);
        assert_eq!(
            (federated.budget(1, true), federated.budget(1, false), federated.budget(3, false)),
            (0, 1, 3)
        );
        assert_eq!((Realm::Managed.budget(1, true), Realm::Unknown.budget(1, true)), (1, 1));
    }

    #[test]
    fn both_forms_of_the_answer_are_read_and_any_other_is_none() {
        for (body, realm) in [
            (r#"{"Login":"a@b","NameSpaceType":"Managed","DomainName":"b"}"#, Some(Realm::Managed)),
            (
                r#"{"NameSpaceType":"Federated","AuthURL":"https://adfs.contoso.com/adfs/ls/?x=y"}"#,
                Some(Realm::Federated(Some("adfs.contoso.com".into()))),
            ),
            (r#"{"account_type":"Unknown"}"#, Some(Realm::Unknown)),
            (r#"{"NameSpaceType":"Else"}"#, None),
            ("<html>", None),
        ] {
            assert_eq!(Realm::of(body.as_bytes()), realm, "{body}");
        }
    }
}
