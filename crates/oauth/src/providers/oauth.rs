//! Who gives tokens for a provider's mailboxes, for which scopes, and how its tokens name their audience.
//!
//! Data, like the table beside it: where an endpoint stands in the issuer's `OpenID` configuration, it is read there and
//! not here.

use mailprobe_probes::model::Protocol;

use super::Provider;

/// One issuer of tokens.
#[derive(Debug, Clone, Copy)]
pub struct Authority {
    /// Rows of the provider table whose mailboxes take its tokens.
    pub providers: &'static [&'static str],
    /// Its `openid-configuration`; `{tenant}` is filled in.
    pub configuration: &'static str,
    /// The tenant where the user names none; `None` stands for the mailbox's domain.
    pub tenant: Option<&'static str>,
    /// What a person's token for a protocol is asked for. Scopes before the same last slash are of one resource.
    pub scopes: &'static [(Protocol, &'static str)],
    /// What an application's own token is asked for, for each protocol that such a token opens.
    pub app_only: &'static [(Protocol, &'static str)],
    /// Roles that an application's own token needs: the names of the permissions.
    pub roles: &'static [(Protocol, &'static str)],
    /// Rights that its mail servers keep themselves and grant to an application whose token has no role: RBAC for
    /// Applications, see [`RBAC`]. There is none for IMAP and POP3.
    pub in_server: &'static [(Protocol, &'static str)],
    /// Every form of `aud` that its mail servers take; empty where tokens are opaque.
    pub audiences: &'static [&'static str],
    /// Scopes that are always added to a person's, so that there is a refresh token.
    pub always: &'static [&'static str],
    /// Parameters of the authorization request that are this issuer's own.
    pub extra: &'static [(&'static str, &'static str)],
    /// What this machine is called in the loopback redirect: Entra lets a person register `localhost` and nothing else.
    pub loopback: &'static str,
    /// Where an administrator consents; `{tenant}` and `{client}` are filled in.
    pub admin_consent: Option<&'static str>,
    /// Where it says how an account's sign-in is decided; `{mailbox}` is filled in.
    pub realm: Option<&'static str>,
    /// Where that is written.
    pub source: &'static str,
}

const MICROSOFT: &str = "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/// Where RBAC for Applications is written, with the roles of each protocol. For SMTP see also
/// <https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/smtp-app-rbac-onboarding>. Application
/// access policies, which it replaces, are legacy.
pub const RBAC: &str = "https://learn.microsoft.com/en-us/exchange/permissions-exo/application-rbac";

/// The scopes of Exchange in one cloud: for the mail protocols, then for EWS, whose host is another.
macro_rules! exchange_scopes {
    ($mail:literal, $ews:literal) => {
        &[
            (Protocol::Imap, concat!($mail, "IMAP.AccessAsUser.All")),
            (Protocol::Pop3, concat!($mail, "POP.AccessAsUser.All")),
            (Protocol::Smtp, concat!($mail, "SMTP.Send")),
            (Protocol::ActiveSync, concat!($mail, "EAS.AccessAsUser.All")),
            (Protocol::Ews, concat!($ews, "EWS.AccessAsUser.All")),
            (Protocol::Autodiscover, concat!($ews, "EWS.AccessAsUser.All")),
        ]
    };
}

/// No permission of an application for `ActiveSync` is documented.
macro_rules! app_only {
    ($default:literal) => {
        &[
            (Protocol::Imap, $default),
            (Protocol::Pop3, $default),
            (Protocol::Smtp, $default),
            (Protocol::Ews, $default),
            (Protocol::Autodiscover, $default),
        ]
    };
}

const EXCHANGE: Authority = Authority {
    providers: &["exchange-online"],
    configuration: "https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration",
    tenant: None,
    scopes: exchange_scopes!("https://outlook.office.com/", "https://outlook.office365.com/"),
    app_only: app_only!("https://outlook.office365.com/.default"),
    roles: &[
        (Protocol::Imap, "IMAP.AccessAsApp"),
        (Protocol::Pop3, "POP.AccessAsApp"),
        (Protocol::Smtp, "SMTP.SendAsApp"),
        (Protocol::Ews, "full_access_as_app"),
        (Protocol::Autodiscover, "full_access_as_app"),
    ],
    in_server: &[
        (Protocol::Smtp, "Application SMTP.SendAsApp"),
        (Protocol::Ews, "Application EWS.AccessAsApp"),
        (Protocol::Autodiscover, "Application EWS.AccessAsApp"),
    ],
    audiences: &[
        "https://outlook.office.com",
        "https://outlook.office365.com",
        "00000002-0000-0ff1-ce00-000000000000",
        "https://ps.outlook.com",
    ],
    always: &["offline_access"],
    extra: &[],
    loopback: "localhost",
    admin_consent: Some("https://login.microsoftonline.com/{tenant}/adminconsent?client_id={client}"),
    realm: Some("https://login.microsoftonline.com/common/userrealm/{mailbox}?api-version=2.1"),
    source: MICROSOFT,
};

/// Every issuer that is known.
pub const AUTHORITIES: &[Authority] = &[
    EXCHANGE,
    Authority {
        providers: &["exchange-online-gcc-high"],
        configuration: "https://login.microsoftonline.us/{tenant}/v2.0/.well-known/openid-configuration",
        scopes: exchange_scopes!("https://outlook.office365.us/", "https://outlook.office365.us/"),
        app_only: app_only!("https://outlook.office365.us/.default"),
        audiences: &["https://outlook.office365.us", "00000002-0000-0ff1-ce00-000000000000"],
        admin_consent: Some("https://login.microsoftonline.us/{tenant}/adminconsent?client_id={client}"),
        realm: Some("https://login.microsoftonline.us/common/userrealm/{mailbox}?api-version=2.1"),
        ..EXCHANGE
    },
    Authority {
        providers: &["exchange-online-dod"],
        configuration: "https://login.microsoftonline.us/{tenant}/v2.0/.well-known/openid-configuration",
        scopes: exchange_scopes!("https://outlook-dod.office365.us/", "https://outlook-dod.office365.us/"),
        app_only: app_only!("https://outlook-dod.office365.us/.default"),
        audiences: &[
            "https://outlook-dod.office365.us",
            "https://outlook.office365.us",
            "00000002-0000-0ff1-ce00-000000000000",
        ],
        admin_consent: Some("https://login.microsoftonline.us/{tenant}/adminconsent?client_id={client}"),
        realm: Some("https://login.microsoftonline.us/common/userrealm/{mailbox}?api-version=2.1"),
        ..EXCHANGE
    },
    Authority {
        providers: &["exchange-online-china"],
        configuration: "https://login.partner.microsoftonline.cn/{tenant}/v2.0/.well-known/openid-configuration",
        scopes: exchange_scopes!("https://partner.outlook.cn/", "https://partner.outlook.cn/"),
        app_only: app_only!("https://partner.outlook.cn/.default"),
        audiences: &["https://partner.outlook.cn", "00000002-0000-0ff1-ce00-000000000000"],
        admin_consent: Some(
            "https://login.partner.microsoftonline.cn/{tenant}/adminconsent?client_id={client}",
        ),
        realm: Some("https://login.partner.microsoftonline.cn/common/userrealm/{mailbox}?api-version=2.1"),
        ..EXCHANGE
    },
    Authority {
        providers: &["exchange-online-bleu"],
        configuration: "https://login.sovcloud-identity.fr/{tenant}/v2.0/.well-known/openid-configuration",
        scopes: exchange_scopes!("https://outlook.sovcloud.fr/", "https://outlook.sovcloud.fr/"),
        app_only: app_only!("https://outlook.sovcloud.fr/.default"),
        audiences: &["https://outlook.sovcloud.fr", "00000002-0000-0ff1-ce00-000000000000"],
        admin_consent: Some("https://login.sovcloud-identity.fr/{tenant}/adminconsent?client_id={client}"),
        realm: None,
        ..EXCHANGE
    },
    Authority {
        providers: &["exchange-online-delos"],
        configuration: "https://login.sovcloud-identity.de/{tenant}/v2.0/.well-known/openid-configuration",
        scopes: exchange_scopes!("https://outlook.sovcloud.de/", "https://outlook.sovcloud.de/"),
        app_only: app_only!("https://outlook.sovcloud.de/.default"),
        audiences: &["https://outlook.sovcloud.de", "00000002-0000-0ff1-ce00-000000000000"],
        admin_consent: Some("https://login.sovcloud-identity.de/{tenant}/adminconsent?client_id={client}"),
        realm: None,
        ..EXCHANGE
    },
    // Personal accounts: their tokens are opaque, and there is no application without a person.
    Authority {
        providers: &["outlook.com"],
        tenant: Some("consumers"),
        app_only: &[],
        roles: &[],
        in_server: &[],
        audiences: &[],
        admin_consent: None,
        realm: None,
        ..EXCHANGE
    },
    Authority {
        providers: &["gmail", "google-workspace"],
        configuration: "https://accounts.google.com/.well-known/openid-configuration",
        tenant: Some(""),
        scopes: &[
            (Protocol::Imap, "https://mail.google.com/"),
            (Protocol::Pop3, "https://mail.google.com/"),
            (Protocol::Smtp, "https://mail.google.com/"),
        ],
        app_only: &[],
        roles: &[],
        in_server: &[],
        audiences: &[],
        always: &[],
        extra: &[("access_type", "offline"), ("prompt", "consent")],
        loopback: "127.0.0.1",
        admin_consent: None,
        realm: None,
        source: "https://developers.google.com/workspace/gmail/imap/xoauth2-protocol",
    },
    Authority {
        providers: &["yahoo"],
        configuration: "https://api.login.yahoo.com/.well-known/openid-configuration",
        ..YAHOO
    },
    Authority {
        providers: &["aol"],
        configuration: "https://api.login.aol.com/.well-known/openid-configuration",
        ..YAHOO
    },
];

const YAHOO: Authority = Authority {
    providers: &[],
    configuration: "",
    tenant: Some(""),
    scopes: &[(Protocol::Imap, "mail-w"), (Protocol::Pop3, "mail-w"), (Protocol::Smtp, "mail-w")],
    app_only: &[],
    roles: &[],
    in_server: &[],
    audiences: &[],
    always: &[],
    extra: &[],
    loopback: "127.0.0.1",
    admin_consent: None,
    realm: None,
    source: "https://github.com/thunderbird/autoconfig/blob/master/ispdb/yahoo.com.xml",
};

/// The issuer of a provider's tokens.
pub fn of(provider: &Provider) -> Option<&'static Authority> {
    AUTHORITIES.iter().find(|authority| authority.providers.contains(&provider.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers;

    #[test]
    fn every_issuer_is_of_known_providers_and_is_at_the_host_that_their_row_names() {
        for authority in AUTHORITIES {
            let url = url::Url::parse(&authority.configuration.replace("{tenant}", "t")).unwrap();
            for name in authority.providers {
                let row = providers::named(name).unwrap();
                let openid = url::Url::parse(row.openid.unwrap()).unwrap();
                assert_eq!(openid.host_str(), url.host_str(), "{name}");
                assert_eq!(of(row).unwrap().configuration, authority.configuration);
            }
            for place in [authority.admin_consent, authority.realm].into_iter().flatten() {
                let place = url::Url::parse(place).unwrap();
                assert_eq!((place.scheme(), place.host_str()), ("https", url.host_str()));
            }
            assert!(authority.source.starts_with("https://"));
        }
    }

    #[test]
    fn each_protocol_of_a_provider_has_one_scope() {
        for authority in AUTHORITIES {
            for list in [authority.scopes, authority.app_only, authority.roles, authority.in_server] {
                let mut protocols: Vec<_> = list.iter().map(|(protocol, _)| *protocol).collect();
                let before = protocols.len();
                protocols.dedup();
                assert_eq!(protocols.len(), before);
            }
            assert!(!authority.scopes.is_empty());
            // What stands in a server stands there in place of a role.
            for (protocol, role) in authority.in_server {
                assert!(authority.roles.iter().any(|(of, _)| of == protocol), "{role}");
                assert!(!matches!(protocol, Protocol::Imap | Protocol::Pop3), "{role}");
            }
        }
    }
}
