//! Mail providers that the public knows: their endpoints, and how their domains are recognised.
//!
//! The rows of [`PROVIDERS`] are data; nothing here asks anybody. What a row says may have changed at the provider since:
//! each names the page that says so.

pub mod oauth;
mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

use mailprobe_probes::model::Endpoint;

pub use table::PROVIDERS;

/// One provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// What `--provider` calls it.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its own mail domains.
    pub domains: &'static [&'static str],
    /// Names, or suffixes of names, of the mail exchangers of its domains and of its customers'.
    pub mx: &'static [&'static str],
    /// Names that its customers make `autodiscover.DOMAIN` an alias of.
    pub aliases: &'static [&'static str],
    /// Its endpoints as URLs.
    pub endpoints: &'static [&'static str],
    /// Hosts that answer the second version of Autodiscover.
    pub autodiscover: &'static [&'static str],
    /// Where its `OpenID` configuration is; `{domain}` stands for the mailbox's.
    pub openid: Option<&'static str>,
    /// The page that says so.
    pub source: &'static str,
}

impl Provider {
    /// Its endpoints, in the order of preference.
    pub fn endpoints(&self) -> impl Iterator<Item = Endpoint> + use<> {
        // Each parses, which is tested.
        self.endpoints.iter().filter_map(|url| url.parse().ok())
    }

    /// Whether this host is one of those that the row names.
    fn names(&self, host: &str) -> bool {
        let openid = self.openid.and_then(|url| url::Url::parse(url).ok());
        self.endpoints().any(|endpoint| endpoint.host == host)
            || self.autodiscover.contains(&host)
            || self.aliases.contains(&host)
            || openid.is_some_and(|url| url.host_str() == Some(host))
    }
}

/// The row of that name.
pub fn named(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name.eq_ignore_ascii_case(name))
}

/// The row whose own domain this is.
pub fn of_domain(domain: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.domains.contains(&domain))
}

/// The rows whose customers' mail goes to this exchanger: those with the longest fitting suffix.
pub fn of_mx(exchanger: &str) -> Vec<&'static Provider> {
    let fit = |provider: &Provider| {
        let suffixes = provider.mx.iter().filter(|suffix| is_below(exchanger, suffix));
        suffixes.map(|suffix| suffix.len()).max()
    };
    let longest = PROVIDERS.iter().filter_map(fit).max();
    PROVIDERS.iter().filter(|provider| longest.is_some() && fit(provider) == longest).collect()
}

/// The row whose customers make `autodiscover.DOMAIN` an alias of this name.
pub fn of_alias(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.aliases.contains(&name))
}

/// The places of the rows of [`PROVIDERS`] by the hosts of their endpoints: the URLs are read once, and not for each mailbox
/// of a run.
static BY_HOST: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, provider) in PROVIDERS.iter().enumerate() {
        for endpoint in provider.endpoints() {
            let places = rows.entry(endpoint.host).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    rows
});

/// The rows that name one of these hosts as that of an endpoint, each once, in the order of the table.
pub fn of_hosts<'h>(hosts: impl Iterator<Item = &'h str>) -> impl Iterator<Item = &'static Provider> {
    let mut places: Vec<usize> = hosts.filter_map(|host| BY_HOST.get(host)).flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|place| PROVIDERS.get(place))
}

/// Whether any row names this host.
pub fn knows(host: &str) -> bool {
    PROVIDERS.iter().any(|provider| provider.names(host))
}

/// Whether a name is this domain or one below it.
pub fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_written_as_the_program_reads_it() {
        let mut names = BTreeSet::new();
        let mut domains = BTreeSet::new();
        for row in PROVIDERS {
            assert!(names.insert(row.name), "{} twice", row.name);
            assert_eq!(
                row.endpoints().count(),
                row.endpoints.len(),
                "{}: an endpoint does not parse",
                row.name
            );
            assert!(!row.endpoints.is_empty() && row.source.starts_with("https://"), "{}", row.name);
            for domain in row.domains {
                assert!(domains.insert(domain), "{domain} twice");
            }
            for name in row.domains.iter().chain(row.mx).chain(row.aliases).chain(row.autodiscover) {
                let host = format!("imaps://{name}").parse::<Endpoint>().unwrap().host;
                assert_eq!(host, *name, "{}", row.name);
            }
            if let Some(openid) = row.openid {
                let url = url::Url::parse(&openid.replace("{domain}", "example.com")).unwrap();
                assert_eq!(url.scheme(), "https", "{}", row.name);
                assert!(url.path().ends_with("/.well-known/openid-configuration"), "{}", row.name);
            }
        }
    }

    #[test]
    fn a_row_is_found_by_domain_exchanger_and_alias() {
        let name = |row: Option<&Provider>| row.map(|row| row.name);
        let by_mx = |host: &str| of_mx(host).iter().map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(name(of_domain("gmail.com")), Some("gmail"));
        assert_eq!(name(of_domain("notgmail.com")), None);
        assert_eq!(by_mx("contoso-com.mail.protection.outlook.com"), ["exchange-online"]);
        assert_eq!(by_mx("outlook-com.olc.protection.outlook.com"), ["outlook.com"]);
        assert_eq!(by_mx("contoso-com.q-v1.mx.microsoft"), ["exchange-online"]);
        assert_eq!(by_mx("evil-mail.protection.outlook.com.example"), Vec::<&str>::new());
        assert_eq!(by_mx("notaspmx.l.google.com"), Vec::<&str>::new());
        assert_eq!(by_mx("alt1.aspmx.l.google.com"), ["google-workspace"]);
        // The two share their exchangers; the alias tells them apart.
        assert_eq!(
            by_mx("a.mail.protection.office365.us"),
            ["exchange-online-gcc-high", "exchange-online-dod"]
        );
        assert_eq!(name(of_alias("autodiscover-dod.office365.us")), Some("exchange-online-dod"));
    }

    #[test]
    fn other_ways_to_send_and_zohos_data_centres_have_their_rows() {
        let hosts = |name: &str| {
            let row = named(name).unwrap_or_else(|| panic!("{name}"));
            row.endpoints().map(|endpoint| endpoint.host).collect::<Vec<_>>()
        };
        assert_eq!(hosts("exchange-online-hve"), ["smtp.hve.mx.microsoft", "smtp-hve.office365.com"]);
        assert_eq!(hosts("azure-communication-services"), ["smtp.azurecomm.net"]);
        assert_eq!(of_domain("zohomail.com").map(|row| row.name), Some("zoho"));
        assert!(hosts("zoho").contains(&"imap.zoho.com".to_owned()));
        // A domain of one's own is known by its exchangers, and its data centre with it.
        for (exchanger, name, imap) in [
            ("mx.zoho.com", "zoho-organization", "imappro.zoho.com"),
            ("mx2.zoho.eu", "zoho-organization-eu", "imappro.zoho.eu"),
            ("mx3.zoho.in", "zoho-organization-in", "imappro.zoho.in"),
            ("mx.zoho.com.au", "zoho-organization-au", "imappro.zoho.com.au"),
            ("mx.zoho.jp", "zoho-organization-jp", "imappro.zoho.jp"),
            ("mx.zoho.sa", "zoho-organization-sa", "imappro.zoho.sa"),
            ("mx.zohocloud.ca", "zoho-organization-ca", "imappro.zohocloud.ca"),
        ] {
            let found: Vec<_> = of_mx(exchanger).iter().map(|row| row.name).collect();
            assert_eq!(found, [name], "{exchanger}");
            let hosts = hosts(name);
            assert_eq!(hosts[0], imap);
            assert!(hosts.iter().all(|host| host.contains("pro.")), "{hosts:?}");
        }
    }

    #[test]
    fn rows_are_found_by_the_hosts_of_their_endpoints_in_the_order_of_the_table() {
        let hosts: Vec<String> =
            PROVIDERS.iter().rev().flat_map(Provider::endpoints).map(|endpoint| endpoint.host).collect();
        let one_by_one = |host: &str| {
            let rows = PROVIDERS.iter().filter(|row| row.endpoints().any(|endpoint| endpoint.host == host));
            rows.map(|row| row.name).collect::<Vec<_>>()
        };
        for host in hosts.iter().map(String::as_str).chain(["", "imap.example.com"]) {
            let found: Vec<_> = of_hosts([host].into_iter()).map(|row| row.name).collect();
            assert_eq!(found, one_by_one(host), "{host}");
        }
        let with_endpoints = PROVIDERS.iter().filter(|row| row.endpoints().next().is_some());
        let all: Vec<_> = of_hosts(hosts.iter().map(String::as_str)).map(|row| row.name).collect();
        assert_eq!(all, with_endpoints.map(|row| row.name).collect::<Vec<_>>());
    }

    #[test]
    fn only_hosts_of_the_rows_are_known() {
        assert!(knows("outlook.office365.com") && knows("login.microsoftonline.com"));
        assert!(!knows("office365.com") && !knows("example.com"));
    }
}
