//! Ways to log in, by their field-standard names.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Protocol;

/// What a method presents to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A password, or something computed from it that a guess can be tested against.
    Password,
    /// An OAuth access token.
    Token,
}

/// One way to log in: a SASL mechanism, a login command that is not SASL, or an HTTP scheme.
///
/// SASL names print in upper case, as the IANA registry writes them (RFC 4422 section 3.1), HTTP schemes as the
/// IANA registry writes those; the spelling a server used is kept in [`Offer::token`](super::Offer).
///
/// A method is its name: two are the same if their names are, without case. `NTLM` is both a SASL mechanism and
/// an HTTP scheme, and which of them is meant follows from the endpoint it is used on; so one name in a rule, in
/// `--methods` or in a stored report means both.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Method {
    /// A SASL mechanism, known or unknown.
    Sasl(String),
    /// IMAP's LOGIN command (RFC 9051 section 6.2.3).
    LoginCommand,
    /// POP3's USER and PASS (RFC 1939 section 7).
    UserPass,
    /// POP3's APOP (RFC 1939 section 7).
    Apop,
    /// An HTTP authentication scheme (RFC 9110 section 11.1).
    Http(String),
}

/// HTTP schemes by their registered spelling (IANA, Hypertext Transfer Protocol Authentication Scheme Registry)
/// where that is no SASL mechanism's name too.
const HTTP_SCHEMES: &[&str] = &["Basic", "Bearer", "Negotiate", "Digest", "DPoP", "HOBA", "Mutual", "OAuth"];

impl Method {
    /// A SASL mechanism by name, in any case.
    pub fn sasl(name: &str) -> Self {
        Self::Sasl(name.to_ascii_uppercase())
    }

    /// An HTTP scheme by name (RFC 9110 section 11.1): the known ones in their registered spelling, whatever the
    /// case they came in; any other as given.
    pub fn http(name: &str) -> Self {
        let known = HTTP_SCHEMES.iter().chain(&["NTLM"]).find(|scheme| scheme.eq_ignore_ascii_case(name));
        Self::Http(known.map_or_else(|| name.to_owned(), |scheme| (*scheme).to_owned()))
    }

    /// Reads the name that reports use. Anything that is not a login command or an HTTP scheme is SASL.
    pub fn from_name(name: &str) -> Self {
        match name.to_ascii_uppercase().as_str() {
            "LOGIN-COMMAND" => Self::LoginCommand,
            "USER-PASS" => Self::UserPass,
            "APOP" => Self::Apop,
            upper => HTTP_SCHEMES
                .iter()
                .find(|scheme| scheme.eq_ignore_ascii_case(upper))
                .map_or_else(|| Self::sasl(upper), |scheme| Self::Http((*scheme).to_owned())),
        }
    }

    /// Whether a login of this protocol can use it. `NTLM` is a SASL mechanism and an HTTP scheme.
    pub fn is_of(&self, protocol: Protocol) -> bool {
        match self {
            Self::Http(name) => protocol.is_http() || name == "NTLM",
            Self::Sasl(name) => !protocol.is_http() || name == "NTLM",
            Self::LoginCommand => protocol == Protocol::Imap,
            Self::UserPass | Self::Apop => protocol == Protocol::Pop3,
        }
    }

    /// The name that reports use: `PLAIN`, `LOGIN-COMMAND`, `USER-PASS`, `APOP`, `Basic`, ...
    pub fn name(&self) -> &str {
        match self {
            Self::Sasl(name) | Self::Http(name) => name,
            Self::LoginCommand => "LOGIN-COMMAND",
            Self::UserPass => "USER-PASS",
            Self::Apop => "APOP",
        }
    }
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.name().eq_ignore_ascii_case(other.name())
    }
}

impl Eq for Method {}

impl Hash for Method {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.name().bytes() {
            state.write_u8(byte.to_ascii_uppercase());
        }
    }
}

impl PartialOrd for Method {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Method {
    fn cmp(&self, other: &Self) -> Ordering {
        let upper = |method: &'_ Self| method.name().to_ascii_uppercase();
        upper(self).cmp(&upper(other))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_name(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_http_scheme_reads_back_from_a_report_as_itself() {
        for scheme in ["basic", "BEARER", "negotiate", "ntlm", "Digest", "scram-sha-256", "LoginToken"] {
            let method = Method::http(scheme);
            let json = serde_json::to_string(&method).unwrap();
            assert_eq!(serde_json::from_str::<Method>(&json).unwrap(), method, "{json}");
        }
        assert_eq!(Method::http("basic").name(), "Basic");
        assert_eq!(Method::http("ntlm").name(), "NTLM");
        assert_eq!(Method::http("X-Own").name(), "X-Own");
    }

    #[test]
    fn one_name_means_the_sasl_mechanism_and_the_http_scheme() {
        let named = Method::from_name("ntlm");
        let both = [Method::sasl("NTLM"), Method::http("Ntlm")];
        assert!(both.iter().all(|method| *method == named && method.cmp(&named) == Ordering::Equal));
        let set: std::collections::HashSet<_> = both.into_iter().collect();
        assert_eq!(set.len(), 1);
        assert_ne!(Method::sasl("PLAIN"), Method::sasl("PLAIN-X"));
        assert!(Method::LoginCommand != Method::sasl("LOGIN"));
    }
}
