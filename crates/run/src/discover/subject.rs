//! What is asked about: an address, or a domain alone.

use std::fmt;
use std::net::IpAddr;

use mailprobe_probes::model::{Endpoint, harmless};

use crate::plan::{PlanError, Setting};
use crate::words;

/// An address or a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What stands before the `@`, as typed; `None` for a domain alone.
    pub local: Option<String>,
    /// The domain in its ASCII form, lower case.
    pub domain: String,
}

impl Subject {
    /// Reads an address or a domain.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, PlanError> {
        let shown = || harmless(text.as_bytes()).chars().take(80).collect::<String>();
        let complain =
            |why: &str| Err(PlanError::new(Setting::Mailbox(0), words![format!("`{}` {why}", shown())]));
        if text.len() > 1024 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return complain("is too long or holds a space or a control character");
        }
        let (local, domain) = match text.rsplit_once('@') {
            Some((local, domain)) => (Some(local), domain),
            None => (None, text),
        };
        let ip = "has an IP address for a domain, which no DNS record and no provider is found by";
        if domain.starts_with('[') {
            return complain(ip);
        }
        if local == Some("") || domain.contains(['/', ':', '?', '#']) {
            return complain("is neither an address nor a domain: write name@example.com or example.com");
        }
        // The endpoint parser knows IDNA and what a name may hold.
        let host = match format!("imaps://{domain}").parse::<Endpoint>() {
            Ok(endpoint) => endpoint.host,
            Err(_) => {
                return complain("is neither an address nor a domain: write name@example.com or example.com");
            }
        };
        if host.parse::<IpAddr>().is_ok() {
            return complain(ip);
        }
        Ok(Self { local: local.map(str::to_owned), domain: host })
    }

    /// The address, where one was given; its domain in ASCII.
    pub fn address(&self) -> Option<String> {
        self.local.as_ref().map(|local| format!("{local}@{}", self.domain))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.address().unwrap_or_else(|| self.domain.clone());
        f.write_str(&harmless(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_domains_are_taken_in_every_spelling() {
        let read = |text: &str| Subject::read(text).map(|subject| (subject.local, subject.domain)).unwrap();
        assert_eq!(read("Alice@Example.COM."), (Some("Alice".into()), "example.com".into()));
        assert_eq!(read("example.com"), (None, "example.com".into()));
        assert_eq!(read("\"a@b\\\"\"@example.com"), (Some("\"a@b\\\"\"".into()), "example.com".into()));
        assert_eq!(
            read("\u{7528}\u{6237}@\u{90f5}\u{4fbf}.example"),
            (Some("\u{7528}\u{6237}".into()), "xn--wtqs30n.example".into())
        );
    }

    #[test]
    fn what_names_no_domain_is_refused_and_shown_harmless() {
        for bad in [
            "",
            "@example.com",
            "a@",
            "a@*.com",
            "https://example.com",
            "example.com:993",
            "a@[192.0.2.1]",
            "192.0.2.1",
            "a b@c.d",
            "x@y\u{1b}[2J",
        ] {
            let message = Subject::read(bad).unwrap_err().to_string();
            assert!(!message.contains('\u{1b}'), "{message:?}");
        }
        assert!(Subject::read("a@[192.0.2.1]").unwrap_err().to_string().contains("IP address"));
    }
}
