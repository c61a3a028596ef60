//! `--proxy`, and where its password comes from.

use mailprobe_probes::model::{Proxy, ProxyKind, harmless};

use super::args::{NetworkArgs, ProxyArgs};
use super::secret::{Source, World};
use super::{Override, UserError};

/// The longest user or password of SOCKS5 (RFC 1929 section 2), in octets.
const LONGEST_SOCKS: usize = 255;

/// The proxy without its password, checked against the flags that it makes useless.
pub(super) fn named(args: &NetworkArgs) -> Result<Option<Proxy>, UserError> {
    let source = args.reach.proxy.source();
    let Some(url) = &args.reach.proxy.proxy else {
        return match source {
            Some(_) => Err(UserError::new(
                "a proxy password is given and no proxy: add --proxy http://USER@HOST:PORT",
            )),
            None => Ok(None),
        };
    };
    let proxy: Proxy = url.parse().map_err(|error| UserError::new(format!("--proxy: {error}")))?;
    match (&proxy.user, source) {
        (Some(user), None) => {
            return Err(UserError::new(format!(
                "--proxy names the user {}: add --proxy-password-env, -file or -command",
                harmless(user.as_bytes())
            )));
        }
        (None, Some(_)) => {
            return Err(UserError::new(format!(
                "a proxy password is given and no user: write --proxy {}://USER@{}:{}",
                proxy.kind.scheme(),
                proxy.host,
                proxy.port
            )));
        }
        _ => {}
    }
    if proxy.kind.resolves() {
        useless(args, &proxy)?;
    }
    Ok(Some(proxy))
}

fn useless(args: &NetworkArgs, proxy: &Proxy) -> Result<(), UserError> {
    let complain = |flag: &str| {
        Err(UserError::new(format!(
            "{flag} has no effect, for the proxy {proxy} finds out addresses: leave it out, or use socks5://"
        )))
    };
    if args.all_addresses {
        return complain("--all-addresses");
    }
    // The way to the proxy itself may be pinned.
    let elsewhere = |pinned: &&Override| !pinned.host.eq_ignore_ascii_case(&proxy.host);
    match args.reach.resolve.iter().find(elsewhere) {
        Some(pinned) => complain(&format!("--resolve {}", pinned.host)),
        None => Ok(()),
    }
}

/// The proxy with its password.
pub(super) fn with_password(
    proxy: Option<Proxy>,
    args: &NetworkArgs,
    world: &mut World<'_>,
) -> Result<Option<Proxy>, UserError> {
    let Some(mut proxy) = proxy else { return Ok(None) };
    if let Some(source) = args.reach.proxy.source() {
        let password = source.read("proxy password", "", world).map_err(UserError::new)?;
        let socks = proxy.kind != ProxyKind::Http;
        if socks
            && (password.expose().len() > LONGEST_SOCKS || std::str::from_utf8(password.expose()).is_err())
        {
            return Err(UserError::new(format!(
                "SOCKS5 cannot carry the proxy password: it must be UTF-8 text of at most {LONGEST_SOCKS} octets"
            )));
        }
        proxy.password = Some(password);
    }
    Ok(Some(proxy))
}

impl ProxyArgs {
    fn source(&self) -> Option<Source> {
        None.or_else(|| self.proxy_password_env.clone().map(Source::Env))
            .or_else(|| self.proxy_password_file.clone().map(Source::File))
            .or_else(|| self.proxy_password_command.clone().map(Source::Command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::args::ReachArgs;

    fn args(proxy: &str, env: Option<&str>) -> NetworkArgs {
        let proxy = ProxyArgs {
            proxy: Some(proxy.to_owned()),
            proxy_password_env: env.map(str::to_owned),
            ..ProxyArgs::default()
        };
        NetworkArgs { reach: ReachArgs { proxy, ..ReachArgs::default() }, ..NetworkArgs::default() }
    }

    fn refused(args: &NetworkArgs) -> String {
        named(args).unwrap_err().to_string()
    }

    #[test]
    fn user_and_password_come_together() {
        assert!(refused(&args("http://me@h:1", None)).contains("--proxy-password-env"));
        assert!(refused(&args("http://h:1", Some("PW"))).contains("--proxy http://USER@h:1"));
        assert!(named(&args("http://me@h:1", Some("PW"))).unwrap().is_some());
        let alone = NetworkArgs {
            reach: ReachArgs {
                proxy: ProxyArgs { proxy_password_env: Some("PW".into()), ..ProxyArgs::default() },
                ..ReachArgs::default()
            },
            ..NetworkArgs::default()
        };
        assert!(refused(&alone).contains("add --proxy"));
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_not_repeated() {
        let message = refused(&args("http://me:hunter2@h:1", None));
        assert!(message.contains("--proxy-password-env") && !message.contains("hunter2"), "{message}");
    }

    #[test]
    fn addresses_are_no_matter_of_ours_where_the_proxy_finds_them_out() {
        let pinned = |host: &str| Override { host: host.into(), port: None, address: [192, 0, 2, 1].into() };
        let with = |url: &str, host: &str| {
            let mut args = args(url, None);
            args.reach.resolve = vec![pinned(host)];
            args
        };
        assert!(
            refused(&with("http://proxy:1", "imap.example.com"))
                .contains("--resolve imap.example.com has no")
        );
        assert!(named(&with("http://proxy:1", "proxy")).is_ok());
        assert!(named(&with("socks5://proxy:1", "imap.example.com")).is_ok());
        let all = NetworkArgs { all_addresses: true, ..args("socks5h://proxy:1", None) };
        assert!(refused(&all).contains("--all-addresses has no effect"));
    }

    #[test]
    fn socks_carries_255_octets_and_http_any_number() {
        let env = |_: &str| Some("x".repeat(256).into());
        let mut stdin: &[u8] = b"";
        let prompt = |_: &str| -> std::io::Result<String> { Err(std::io::ErrorKind::Unsupported.into()) };
        let mut world = World { env: &env, stdin: &mut stdin, prompt: &prompt };
        for (url, fits) in [("http://me@h:1", true), ("socks5://me@h:1", false)] {
            let args = args(url, Some("PW"));
            let proxy = with_password(named(&args).unwrap(), &args, &mut world);
            assert_eq!(proxy.is_ok(), fits, "{url}");
        }
    }
}
