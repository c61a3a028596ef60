//! How hosts are found and reached: addresses of one family, and a proxy with its password.

use std::net::IpAddr;

use mailprobe_probes::model::{Proxy, ProxyError, ProxyKind, harmless};
use mailprobe_probes::wire::{Family, Override};

use super::error::{PlanError, Setting, Words, words};
use super::request::Reach;
use super::{Network, trust};
use mailprobe_oauth::World;

/// The longest user or password of SOCKS5 (RFC 1929 section 2), in octets.
const LONGEST_SOCKS: usize = 255;

/// How hosts are found and reached, with certificates and the proxy's password read.
///
/// # Errors
/// What contradicts itself or cannot be read.
pub fn network(reach: &Reach, world: &mut World<'_>) -> Result<Network, PlanError> {
    let network = checked(reach)?;
    let ca_certs = trust::anchors(reach.anchors.as_ref())?;
    let proxy = with_password(network.proxy.clone(), reach, world)?;
    Ok(Network { ca_certs, proxy, ..network })
}

/// The kind of addresses that is wanted where each kind can be asked for alone.
///
/// # Errors
/// Both are.
pub fn family(only_v4: bool, only_v6: bool) -> Result<Family, PlanError> {
    match (only_v4, only_v6) {
        (true, true) => {
            let both = Setting::Family(Family::Any);
            let what = words![both.clone(), " contradict each other"];
            Err(PlanError::new(both, what).remedy(words!["give one, or neither for both"]))
        }
        (true, false) => Ok(Family::V4),
        (false, true) => Ok(Family::V6),
        (false, false) => Ok(Family::Any),
    }
}

/// What does not contradict itself. Nothing is read yet: neither certificates nor the password of the proxy.
pub(super) fn checked(reach: &Reach) -> Result<Network, PlanError> {
    let family = reach.family;
    let mismatch = |about: Setting, whose: String, address: IpAddr| {
        let what = words![about.clone(), format!("{whose} {address} contradicts "), Setting::Family(family)];
        PlanError::new(about, what).remedy(words!["give an address of that family"])
    };
    let fits = |address: IpAddr| match family {
        Family::Any => true,
        Family::V4 => address.is_ipv4(),
        Family::V6 => address.is_ipv6(),
    };
    if let Some(source) = reach.source_address.filter(|source| !fits(*source)) {
        return Err(mismatch(Setting::SourceAddress, String::new(), source));
    }
    let mut numbered = reach.overrides.iter().enumerate();
    if let Some((number, pinned)) = numbered.find(|(_, pinned)| !fits(pinned.address)) {
        return Err(mismatch(Setting::Resolve(number), format!(" {}", pinned.host), pinned.address));
    }
    Ok(Network {
        overrides: reach.overrides.clone(),
        dns_server: reach.dns_server,
        source_address: reach.source_address,
        family,
        all_addresses: reach.all_addresses,
        ca_certs: None,
        proxy: proxy(reach)?,
    })
}

/// Reads a proxy as it is written.
///
/// # Errors
/// It is none; a password in it is not repeated.
pub fn read_proxy(url: &str) -> Result<Proxy, PlanError> {
    url.parse().map_err(|error| match error {
        ProxyError::Password => PlanError::new(
            Setting::Proxy,
            words![Setting::Proxy, ": the URL holds a password, which histories and process lists show"],
        )
        .remedy(words!["write USER@HOST, and take the password from ", Setting::ProxyPassword]),
        error => PlanError::misread(Setting::Proxy, &error),
    })
}

/// The proxy without its password, checked against the settings that it makes useless.
fn proxy(reach: &Reach) -> Result<Option<Proxy>, PlanError> {
    let refused = |what: Words, remedy: Words| Err(PlanError::new(Setting::Proxy, what).remedy(remedy));
    let has_password = reach.proxy_password.is_some();
    let Some(proxy) = &reach.proxy else {
        if has_password {
            return refused(
                words!["a proxy password is given and no proxy"],
                words!["add ", Setting::Proxy, " http://USER@HOST:PORT"],
            );
        }
        return Ok(None);
    };
    match (&proxy.user, has_password) {
        (Some(user), false) => {
            let user = harmless(user.as_bytes());
            return refused(
                words![Setting::Proxy, format!(" names the user {user}")],
                words!["add ", Setting::ProxyPassword],
            );
        }
        (None, true) => {
            let url = format!(" {}://USER@{}:{}", proxy.kind.scheme(), proxy.host, proxy.port);
            return refused(
                words!["a proxy password is given and no user"],
                words!["write ", Setting::Proxy, url],
            );
        }
        _ => {}
    }
    if proxy.kind.resolves() {
        nothing_useless(reach, proxy)?;
    }
    Ok(Some(proxy.clone()))
}

fn nothing_useless(reach: &Reach, proxy: &Proxy) -> Result<(), PlanError> {
    let useless = |about: Setting, which: String| {
        let words = format!("{which} has no effect, for the proxy {proxy} finds out addresses");
        let what = words![about.clone(), words];
        Err(PlanError::new(about, what).remedy(words!["leave it out, or use socks5://"]))
    };
    if reach.all_addresses {
        return useless(Setting::AllAddresses, String::new());
    }
    // The way to the proxy itself may be pinned.
    let elsewhere = |pinned: &Override| !pinned.host.eq_ignore_ascii_case(&proxy.host);
    match reach.overrides.iter().enumerate().find(|(_, pinned)| elsewhere(pinned)) {
        Some((number, pinned)) => useless(Setting::Resolve(number), format!(" {}", pinned.host)),
        None => Ok(()),
    }
}

/// The proxy with its password.
pub(super) fn with_password(
    proxy: Option<Proxy>,
    reach: &Reach,
    world: &mut World<'_>,
) -> Result<Option<Proxy>, PlanError> {
    let (Some(mut proxy), Some(source)) = (proxy.clone(), &reach.proxy_password) else { return Ok(proxy) };
    let password = source
        .read("proxy password", "", world)
        .map_err(|error| PlanError::of_secret(Setting::ProxyPassword, error))?;
    let socks = proxy.kind != ProxyKind::Http;
    if socks && (password.expose().len() > LONGEST_SOCKS || std::str::from_utf8(password.expose()).is_err()) {
        let what = words!["SOCKS5 cannot carry the proxy password"];
        let remedy = format!("it must be UTF-8 text of at most {LONGEST_SOCKS} octets");
        return Err(PlanError::new(Setting::ProxyPassword, what).remedy(words![remedy]));
    }
    proxy.password = Some(password);
    Ok(Some(proxy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailprobe_oauth::Source;

    fn through(url: &str, env: Option<&str>) -> Reach {
        Reach {
            proxy: Some(read_proxy(url).unwrap()),
            proxy_password: env.map(|name| Source::Env(name.to_owned())),
            ..Reach::default()
        }
    }

    fn refused(reach: &Reach) -> String {
        proxy(reach).unwrap_err().to_string()
    }

    #[test]
    fn user_and_password_come_together() {
        assert!(refused(&through("http://me@h:1", None)).contains("--proxy-password-env"));
        assert!(refused(&through("http://h:1", Some("PW"))).contains("--proxy http://USER@h:1"));
        assert!(proxy(&through("http://me@h:1", Some("PW"))).unwrap().is_some());
        let alone = Reach { proxy_password: Some(Source::Env("PW".into())), ..Reach::default() };
        assert!(refused(&alone).contains("add --proxy"));
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_not_repeated() {
        let message = read_proxy("http://me:hunter2@h:1").unwrap_err().to_string();
        assert!(message.contains("--proxy-password-env") && !message.contains("hunter2"), "{message}");
    }

    #[test]
    fn addresses_are_no_matter_of_ours_where_the_proxy_finds_them_out() {
        let pinned = |host: &str| Override { host: host.into(), port: None, address: [192, 0, 2, 1].into() };
        let with = |url: &str, host: &str| Reach { overrides: vec![pinned(host)], ..through(url, None) };
        assert!(
            refused(&with("http://proxy:1", "imap.example.com"))
                .contains("--resolve imap.example.com has no")
        );
        assert!(proxy(&with("http://proxy:1", "proxy")).is_ok());
        assert!(proxy(&with("socks5://proxy:1", "imap.example.com")).is_ok());
        let all = Reach { all_addresses: true, ..through("socks5h://proxy:1", None) };
        assert!(refused(&all).contains("--all-addresses has no effect"));
    }

    #[test]
    fn socks_carries_255_octets_and_http_any_number() {
        let env = |_: &str| Some("x".repeat(256).into());
        let mut stdin: &[u8] = b"";
        let prompt = |_: &str| -> std::io::Result<String> { Err(std::io::ErrorKind::Unsupported.into()) };
        let mut world = World { env: &env, stdin: &mut stdin, prompt: &prompt };
        for (url, fits) in [("http://me@h:1", true), ("socks5://me@h:1", false)] {
            let reach = through(url, Some("PW"));
            let proxy = with_password(proxy(&reach).unwrap(), &reach, &mut world);
            assert_eq!(proxy.is_ok(), fits, "{url}");
        }
    }
}
