//! Following a pointer, by rule: few hops, TLS only, nothing twice, and no credential to another host.

use url::Url;

use super::Pointer;

/// Hops after which a client stops (MS-OXDSCLI section 3.1.5.3).
pub const MOST_HOPS: usize = 10;

/// Characters of a URL or an address that is followed.
const LONGEST: usize = 2048;

/// Why a pointer is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Too many already.
    #[error("more than {MOST_HOPS} redirects")]
    TooMany,
    /// Not a URL with a host, or beyond all measure.
    #[error("the redirect leads to no usable address")]
    Unusable,
    /// Not `https`.
    #[error("the redirect leads out of TLS")]
    NotHttps,
    /// With a user name or a password in it.
    #[error("the redirect carries a user or a password")]
    UserInfo,
    /// Where it has been before.
    #[error("the redirect goes round in a circle")]
    Circle,
}

/// The next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Where it goes: `https`, without a fragment.
    pub url: String,
    /// Which mailbox it asks about.
    pub address: String,
    /// Whether it may carry the credentials: host and port are those the user named.
    pub credentials: bool,
}

/// Where one discovery has been.
#[derive(Debug, Clone)]
pub struct Trail {
    home: Url,
    here: Url,
    address: String,
    been: Vec<(Url, String)>,
    hops: usize,
}

impl Trail {
    /// Begins at the URL that the user named, for a mailbox.
    ///
    /// # Errors
    /// Where this is no place to begin.
    pub fn begin(url: &str, address: &str) -> Result<Self, Halt> {
        let home = usable(Url::parse(url).map_err(|_| Halt::Unusable)?)?;
        let been = vec![(home.clone(), address.to_ascii_lowercase())];
        Ok(Self { here: home.clone(), home, address: address.to_owned(), been, hops: 0 })
    }

    /// Follows a `Location` or a URL in an answer; a relative one is meant from where we are (RFC 9110 section
    /// 10.2.2). Another address is asked about from the beginning.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn follow(&mut self, pointer: &Pointer) -> Result<Hop, Halt> {
        if self.hops >= MOST_HOPS {
            return Err(Halt::TooMany);
        }
        let (url, address) = match pointer {
            Pointer::Url(url) if url.len() <= LONGEST => {
                (usable(self.here.join(url).map_err(|_| Halt::Unusable)?)?, self.address.clone())
            }
            Pointer::Address(address) if address.len() <= LONGEST && address.contains('@') => {
                (self.home.clone(), address.clone())
            }
            _ => return Err(Halt::Unusable),
        };
        let step = (url, address.to_ascii_lowercase());
        if self.been.contains(&step) {
            return Err(Halt::Circle);
        }
        self.been.push(step.clone());
        (self.here, self.address, self.hops) = (step.0, address.clone(), self.hops + 1);
        let near = |url: &Url| (url.host_str().map(str::to_owned), url.port_or_known_default());
        Ok(Hop { url: self.here.to_string(), address, credentials: near(&self.here) == near(&self.home) })
    }
}

fn usable(mut url: Url) -> Result<Url, Halt> {
    if url.scheme() != "https" {
        return Err(Halt::NotHttps);
    }
    if !url.has_host() || url.as_str().len() > LONGEST {
        return Err(Halt::Unusable);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Halt::UserInfo);
    }
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trail() -> Trail {
        Trail::begin("https://example.com/autodiscover/autodiscover.xml", "me@example.com").unwrap()
    }

    fn to(url: &str) -> Pointer {
        Pointer::Url(url.into())
    }

    #[test]
    fn credentials_stay_at_the_host_that_the_user_named() {
        let mut trail = trail();
        assert!(trail.follow(&to("/other")).unwrap().credentials);
        assert!(trail.follow(&to("https://EXAMPLE.com:443/third")).unwrap().credentials);
        assert!(!trail.follow(&to("https://example.com:8443/")).unwrap().credentials);
        let away =
            trail.follow(&to("https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml")).unwrap();
        assert!(!away.credentials);
        // Relative to where we are, not to where we began.
        let near_away = trail.follow(&to("next")).unwrap();
        assert_eq!(near_away.url, "https://autodiscover-s.outlook.com/autodiscover/next");
        assert!(!near_away.credentials);
        assert!(trail.follow(&to("https://example.com/back")).unwrap().credentials);
    }

    #[test]
    fn no_pointer_leads_out_of_tls_into_a_circle_or_on_for_ever() {
        assert_eq!(trail().follow(&to("http://example.com/x")), Err(Halt::NotHttps));
        assert_eq!(trail().follow(&to("//user:pw@example.com/x")), Err(Halt::UserInfo));
        assert_eq!(trail().follow(&to("javascript:alert(1)")), Err(Halt::NotHttps));
        assert_eq!(trail().follow(&to("https://")), Err(Halt::Unusable));
        assert_eq!(trail().follow(&to(&format!("/{}", "x".repeat(3000)))), Err(Halt::Unusable));
        // EAS-4-TbSync issue 282: a server that points to itself.
        assert_eq!(trail().follow(&to("/autodiscover/autodiscover.xml#again")), Err(Halt::Circle));
        assert_eq!(trail().follow(&Pointer::Address("ME@example.com".into())), Err(Halt::Circle));
        assert_eq!(trail().follow(&Pointer::Address("nobody".into())), Err(Halt::Unusable));
        let mut long = trail();
        for hop in 0..MOST_HOPS {
            long.follow(&to(&format!("/{hop}"))).unwrap();
        }
        assert_eq!(long.follow(&to("/more")), Err(Halt::TooMany));
        assert!(Trail::begin("http://example.com/", "me@example.com").is_err());
    }

    #[test]
    fn another_address_is_asked_about_from_the_beginning() {
        let mut trail = trail();
        trail.follow(&to("https://away.example.net/a")).unwrap();
        let hop = trail.follow(&Pointer::Address("me@tenant.example.com".into())).unwrap();
        assert_eq!(hop.url, "https://example.com/autodiscover/autodiscover.xml");
        assert_eq!(hop.address, "me@tenant.example.com");
        // The same URL may be asked again, about the other address.
        assert!(trail.follow(&to("https://away.example.net/a")).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_url_leads_out_of_tls_or_takes_credentials_away(url in "\\PC{0,60}|(https?:)?/{0,3}[a-z.@:/#?\\\\]{0,40}") {
            if let Ok(hop) = trail().follow(&Pointer::Url(url)) {
                prop_assert!(hop.url.starts_with("https://"));
                prop_assert_eq!(hop.credentials, hop.url.starts_with("https://example.com/"));
            }
        }
    }
}
