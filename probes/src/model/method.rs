//! Ways to log in, by their field-standard names.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a method presents to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A password, or something computed from it that a guess can be tested against.
    Password,
    /// An OAuth access token.
    Token,
}

/// One way to log in: a SASL mechanism, a login command that is not SASL, or an HTTP scheme.
///
/// SASL names compare and print in upper case, as the IANA registry writes them (RFC 4422 section 3.1);
/// the spelling a server used is kept in [`Offer::token`](super::Offer).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

const HTTP_SCHEMES: &[&str] = &["Basic", "Bearer", "Negotiate"];

impl Method {
    /// A SASL mechanism by name, in any case.
    pub fn sasl(name: &str) -> Self {
        Self::Sasl(name.to_ascii_uppercase())
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
