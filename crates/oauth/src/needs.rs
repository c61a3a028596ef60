//! Which tokens a profile has to get for which protocols: one for each resource, because an issuer gives no token for two
//! (RFC 8707; Entra says AADSTS28000).

use mailprobe_probes::model::Protocol;

use super::profile::{Issuer, Profile};
use crate::providers::oauth::{self, Authority};

/// One token that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The resource, as far as scopes tell it; empty where they do not.
    pub resource: String,
    /// What is asked for, without what only brings a refresh token.
    pub scopes: Vec<String>,
    /// What it is for.
    pub protocols: Vec<Protocol>,
}

impl Profile {
    /// What the table knows of its issuer.
    pub fn authority(&self) -> Option<&'static Authority> {
        match self.issuer {
            Issuer::Provider(row) => oauth::of(row),
            Issuer::Url(_) => None,
        }
    }

    /// The tokens that these protocols need, and the protocols that no token of this profile opens.
    pub fn needs(&self, protocols: &[Protocol]) -> (Vec<Need>, Vec<Protocol>) {
        let mut needs: Vec<Need> = Vec::new();
        let mut without = Vec::new();
        for protocol in protocols {
            let scopes = match (&self.scopes, self.authority()) {
                (Some(scopes), _) => scopes.clone(),
                (None, None) => Vec::new(),
                (None, Some(authority)) => {
                    let table = if self.flow.is_app_only() { authority.app_only } else { authority.scopes };
                    let Some((_, scope)) = table.iter().find(|(of, _)| of == protocol) else {
                        without.push(*protocol);
                        continue;
                    };
                    vec![(*scope).to_owned()]
                }
            };
            let resource = scopes.first().map_or("", |scope| resource(scope)).to_owned();
            match needs.iter_mut().find(|need| need.resource == resource) {
                Some(need) => {
                    need.protocols.push(*protocol);
                    let fresh: Vec<String> =
                        scopes.into_iter().filter(|scope| !need.scopes.contains(scope)).collect();
                    need.scopes.extend(fresh);
                }
                None => needs.push(Need { resource, scopes, protocols: vec![*protocol] }),
            }
        }
        (needs, without)
    }
}

/// The resource in a scope that is a URL: what stands before the last slash.
fn resource(scope: &str) -> &str {
    match scope.rsplit_once('/') {
        Some((resource, _)) if scope.starts_with("https://") || scope.starts_with("api://") => resource,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(rest: &str, protocols: &[Protocol]) -> (Vec<Need>, Vec<Protocol>) {
        Profile::of(&format!("client_id = \"a\"\n{rest}")).needs(protocols)
    }

    const ALL: &[Protocol] =
        &[Protocol::Imap, Protocol::Ews, Protocol::Smtp, Protocol::ActiveSync, Protocol::Pop3];

    #[test]
    fn a_persons_tokens_for_exchange_are_two_because_ews_is_another_resource() {
        let (needs, without) = needs("provider = \"exchange-online\"\n", ALL);
        let told: Vec<_> = needs.iter().map(|need| (need.resource.as_str(), need.scopes.len())).collect();
        assert_eq!(told, [("https://outlook.office.com", 4), ("https://outlook.office365.com", 1)]);
        assert_eq!(needs[1].protocols, [Protocol::Ews]);
        assert!(without.is_empty());
    }

    #[test]
    fn an_applications_token_is_one_and_opens_no_activesync() {
        let (needs, without) = needs(
            "provider = \"exchange-online\"\nflow = \"client-credentials\"\nclient_secret_env = \"A\"\n",
            ALL,
        );
        assert_eq!(needs.len(), 1);
        assert_eq!(needs[0].scopes, ["https://outlook.office365.com/.default"]);
        assert_eq!(without, [Protocol::ActiveSync]);
    }

    #[test]
    fn any_issuer_is_asked_for_the_scopes_of_the_file() {
        let (needs, _) = needs("issuer = \"https://a.example\"\nscopes = [\"mail\", \"openid\"]\n", ALL);
        assert_eq!(needs.len(), 1);
        assert_eq!(needs[0].scopes, ["mail", "openid"]);
    }

    #[test]
    fn only_what_is_probed_is_asked_for() {
        let (needs, _) = needs("provider = \"exchange-online\"\n", &[Protocol::Smtp]);
        assert_eq!(needs[0].scopes, ["https://outlook.office.com/SMTP.Send"]);
    }
}
