//! `Authorization`, read on the server's side (RFC 9110 section 11.6.2).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::super::Presented;
use super::Request;

/// Octets of the field that are looked at: more than any token needs.
const LONGEST: usize = 32 * 1024;

/// Old devices forget the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a request presents, wiped when dropped. It has no `Debug`.
pub(super) enum Credentials {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// Basic (RFC 7617).
    Password { user: String, password: Zeroizing<Vec<u8>> },
    /// Bearer (RFC 6750).
    Token(Zeroizing<String>),
}

/// The scheme of a request as it spells it, and what it presents.
pub(super) struct Shown {
    pub(super) scheme: Option<String>,
    pub(super) credentials: Credentials,
}

impl Shown {
    /// What stands in the request.
    pub(super) fn of(request: &Request) -> Self {
        let Some(value) = request.header("authorization").filter(|value| value.len() <= LONGEST) else {
            return Self { scheme: None, credentials: Credentials::Nothing };
        };
        let value = value.trim();
        let (scheme, data) = value.split_once([' ', '\t']).unwrap_or((value, ""));
        let data = data.trim();
        let credentials = match scheme.to_ascii_lowercase().as_str() {
            "basic" => basic(data).unwrap_or(Credentials::Nothing),
            "bearer" if !data.is_empty() => Credentials::Token(Zeroizing::new(data.to_owned())),
            _ => Credentials::Nothing,
        };
        let name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let scheme: String = scheme.chars().take(32).filter(|c| name(*c)).collect();
        Self { scheme: (!scheme.is_empty()).then_some(scheme), credentials }
    }

    /// Whether the scheme is Bearer, be it empty.
    pub(super) fn is_bearer(&self) -> bool {
        self.scheme.as_deref().is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
    }

    /// As the tenant is asked about it. A token is for the user `named` beside it.
    pub(super) fn presented<'a>(&'a self, named: Option<&'a str>) -> Presented<'a> {
        match &self.credentials {
            Credentials::Nothing => Presented::Nothing,
            Credentials::Password { user, password } => Presented::Password { user, password },
            Credentials::Token(token) => Presented::Token { user: named, token },
        }
    }
}

/// The first colon ends the name (RFC 7617 section 2). A name that is not UTF-8 is Latin-1.
fn basic(data: &str) -> Option<Credentials> {
    let both = Zeroizing::new(BASE64.decode(data).ok()?);
    let colon = both.iter().position(|byte| *byte == b':')?;
    let (user, password) = both.split_at_checked(colon)?;
    let user = std::str::from_utf8(user)
        .map_or_else(|_| user.iter().map(|byte| char::from(*byte)).collect(), str::to_owned);
    Some(Credentials::Password { user, password: Zeroizing::new(password.get(1..)?.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> Shown {
        Shown::of(&Request { headers: vec![("authorization".into(), value.into())], ..Request::default() })
    }

    fn password(value: &str) -> Option<(String, Vec<u8>)> {
        match shown(value).credentials {
            Credentials::Password { user, password } => Some((user, password.to_vec())),
            _ => None,
        }
    }

    #[test]
    fn basic_is_read_as_rfc_7617_writes_it_and_as_devices_do() {
        let aladdin = Some(("Aladdin".to_owned(), b"open sesame".to_vec()));
        assert_eq!(password("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), aladdin);
        assert_eq!(password("bAsIc   QWxhZGRpbjpvcGVuIHNlc2FtZQ"), aladdin, "no padding, any case");
        // `a:b:c`, and a Latin-1 name.
        assert_eq!(password("Basic YTpiOmM="), Some(("a".to_owned(), b"b:c".to_vec())));
        assert_eq!(password("Basic /DpwdwA="), Some(("ü".to_owned(), b"pw\0".to_vec())));
    }

    #[test]
    fn what_cannot_be_read_presents_nothing() {
        for value in ["", "Basic", "Basic ???", "Basic YWJj", "Bearer", "Bearer  ", "NTLM TlRMTVNT", "\u{ff}"]
        {
            assert!(matches!(shown(value).credentials, Credentials::Nothing), "{value}");
        }
        assert!(shown("Bearer").is_bearer(), "an empty one still asks for the challenge");
        assert!(matches!(
            shown(&format!("Bearer {}", "x".repeat(LONGEST))).credentials,
            Credentials::Nothing
        ));
    }
}
