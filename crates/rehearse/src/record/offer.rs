//! Which logins a client was offered: what it read before it chose one, or left.

use mailprobe_probes::model::Protocol;
use serde::Serialize;

/// The logins of one capability list, as this program names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// SASL mechanisms by their names, `LOGIN-COMMAND`, `USER-PASS`, or schemes of HTTP; in the list's order.
    pub methods: Vec<String>,
    /// Whether IMAP's list holds LOGINDISABLED.
    pub login_disabled: bool,
    /// Whether it was read inside TLS.
    pub in_tls: bool,
}

impl Offer {
    /// What a capability list of a line protocol offers.
    pub fn of(protocol: Protocol, capabilities: &[String], in_tls: bool) -> Self {
        let mut offer = Self { in_tls, ..Self::default() };
        for capability in capabilities {
            let capability = capability.to_ascii_uppercase();
            let mut words = capability.split_ascii_whitespace();
            let first = words.next().unwrap_or_default();
            match (protocol, first) {
                (Protocol::Imap, "LOGINDISABLED") => offer.login_disabled = true,
                (Protocol::Imap, word) => offer.add(word.strip_prefix("AUTH=").unwrap_or_default()),
                (Protocol::Pop3, "USER") => offer.add("USER-PASS"),
                (Protocol::Pop3, "SASL") | (Protocol::Smtp, "AUTH") => {
                    for mechanism in words {
                        offer.add(mechanism);
                    }
                }
                _ => {}
            }
        }
        if protocol == Protocol::Imap && !offer.login_disabled {
            offer.add("LOGIN-COMMAND");
        }
        offer
    }

    /// The schemes of the challenges in a 401.
    pub fn schemes<'a>(challenges: impl Iterator<Item = &'a str>) -> Self {
        let mut offer = Self { in_tls: true, ..Self::default() };
        for challenge in challenges {
            offer.add(challenge.split(' ').next().unwrap_or_default());
        }
        offer
    }

    fn add(&mut self, method: &str) {
        if !method.is_empty() && !self.methods.iter().any(|known| known == method) {
            self.methods.push(method.to_owned());
        }
    }

    /// `XOAUTH2 alone`, `LOGIN and XOAUTH2`, `no login`.
    pub(super) fn words(&self) -> String {
        match (self.methods.as_slice(), self.in_tls) {
            ([], true) => "no login".to_owned(),
            ([], false) => "no login without TLS".to_owned(),
            ([one], _) => format!("{} alone", spoken(one)),
            _ => self.listed(),
        }
    }

    /// `LOGIN and XOAUTH2`, for a sentence in which the list is the object.
    pub(super) fn listed(&self) -> String {
        let names: Vec<&str> = self.methods.iter().map(|method| spoken(method)).collect();
        match names.as_slice() {
            [] => "no login".to_owned(),
            [one] => (*one).to_owned(),
            [all @ .., last] => format!("{} and {last}", all.join(", ")),
        }
    }
}

/// A method as people say it.
fn spoken(method: &str) -> &str {
    match method {
        "LOGIN-COMMAND" => "the LOGIN command",
        "USER-PASS" => "USER/PASS",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(protocol: Protocol, list: &[&str]) -> Offer {
        Offer::of(protocol, &list.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>(), true)
    }

    #[test]
    fn each_protocol_lists_its_logins_in_its_own_way() {
        let imap = offer(Protocol::Imap, &["IMAP4rev1", "auth=xoauth2", "LOGINDISABLED"]);
        assert_eq!((imap.words().as_str(), imap.login_disabled), ("XOAUTH2 alone", true));
        let open = offer(Protocol::Imap, &["AUTH=PLAIN", "AUTH=XOAUTH2"]);
        assert_eq!(open.words(), "PLAIN, XOAUTH2 and the LOGIN command");
        assert_eq!(offer(Protocol::Pop3, &["SASL PLAIN XOAUTH2", "USER"]).methods.len(), 3);
        assert_eq!(offer(Protocol::Smtp, &["SIZE 1", "AUTH LOGIN XOAUTH2"]).words(), "LOGIN and XOAUTH2");
        assert_eq!(offer(Protocol::Smtp, &["STARTTLS"]).words(), "no login");
        let before = Offer { in_tls: false, ..offer(Protocol::Smtp, &["STARTTLS"]) };
        assert_eq!(before.words(), "no login without TLS");
        let http = Offer::schemes(["Bearer client_id=\"x\"", "Basic Realm=\"\""].into_iter());
        assert_eq!(http.words(), "Bearer and Basic");
    }
}
