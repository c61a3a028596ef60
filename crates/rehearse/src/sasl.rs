//! SASL (RFC 4422), server side: PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER. It asks, decodes, and hands over what was
//! presented; whether that opens anything is the tenant's business.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::Presented;

/// As lenient as Exchange: padding or not, and whatever the last bits are.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A login on its way.
#[derive(Debug)]
pub(super) struct Login {
    kind: Kind,
    user: Option<String>,
    prompted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Login,
    XOAuth2,
    OAuthBearer,
}

/// What was presented, in memory that is wiped.
pub(super) struct Credentials {
    user: String,
    secret: Zeroizing<Vec<u8>>,
    is_token: bool,
}

/// What comes next.
pub(super) enum Next {
    /// This challenge, already in base64.
    Ask(String),
    /// A ruling on this.
    Judge(Credentials),
    /// The client gave up.
    Cancelled,
    /// What came is not what the mechanism says.
    Malformed,
}

impl Credentials {
    /// A name and a password.
    pub(super) fn password(user: &[u8], password: &[u8]) -> Self {
        let user = String::from_utf8_lossy(user).into_owned();
        Self { user, secret: Zeroizing::new(password.to_vec()), is_token: false }
    }

    /// As the tenant is asked.
    pub(super) fn presented(&self) -> Presented<'_> {
        if self.is_token {
            let user = Some(self.user.as_str()).filter(|user| !user.is_empty());
            Presented::Token { user, token: std::str::from_utf8(&self.secret).unwrap_or_default() }
        } else {
            Presented::Password { user: &self.user, password: &self.secret }
        }
    }
}

impl Login {
    /// The mechanism of this name, if it is one of ours.
    pub(super) fn new(mechanism: &str) -> Option<Self> {
        let kind = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => Kind::Plain,
            "LOGIN" => Kind::Login,
            "XOAUTH2" => Kind::XOAuth2,
            "OAUTHBEARER" => Kind::OAuthBearer,
            _ => return None,
        };
        Some(Self { kind, user: None, prompted: false })
    }

    /// The first challenge, where the client sent nothing with its command.
    pub(super) fn begin(&mut self) -> Next {
        self.prompted = true;
        Next::Ask(if self.kind == Kind::Login { STANDARD.encode("Username:") } else { String::new() })
    }

    /// Takes one line in base64.
    pub(super) fn hear(&mut self, line: &[u8]) -> Next {
        let line = line.trim_ascii();
        if line == b"*" {
            return Next::Cancelled;
        }
        // `=` is an empty first message (RFC 4959 section 3, RFC 4954 section 4).
        let line = if line == b"=" { b"" } else { line };
        let Ok(message) = LENIENT.decode(line).map(Zeroizing::new) else { return Next::Malformed };
        match self.kind {
            Kind::Plain => plain(&message).map_or(Next::Malformed, Next::Judge),
            Kind::XOAuth2 | Kind::OAuthBearer => bearer(&message).map_or(Next::Malformed, Next::Judge),
            Kind::Login => match self.user.take() {
                // A client that sends nothing with the command is asked for the name.
                None if message.is_empty() && !self.prompted => self.begin(),
                None => {
                    self.user = Some(String::from_utf8_lossy(&message).into_owned());
                    Next::Ask(STANDARD.encode("Password:"))
                }
                Some(user) => Next::Judge(Credentials::password(user.as_bytes(), &message)),
            },
        }
    }
}

/// `authzid NUL authcid NUL passwd` (RFC 4616 section 2).
fn plain(message: &[u8]) -> Option<Credentials> {
    let mut parts = message.splitn(3, |byte| *byte == 0);
    let (_, user, password) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Credentials::password(user, password))
}

/// `user=NAME ^A auth=Bearer TOKEN ^A ^A`, and the same behind a GS2 header (RFC 7628 section 3.1).
fn bearer(message: &[u8]) -> Option<Credentials> {
    let text = Zeroizing::new(std::str::from_utf8(message).ok()?.to_owned());
    let mut user = String::new();
    let mut token = None;
    for field in text.split('\u{1}') {
        if let Some(name) = field.strip_prefix("user=") {
            name.clone_into(&mut user);
        } else if let Some(header) = field.strip_prefix("n,").or_else(|| field.strip_prefix("y,")) {
            let name = header.split(',').find_map(|part| part.strip_prefix("a=")).unwrap_or_default();
            user = name.replace("=2C", ",").replace("=3D", "=");
        } else if let Some(scheme) = field.strip_prefix("auth=") {
            let (name, value) = scheme.split_once(' ')?;
            token = name.eq_ignore_ascii_case("bearer").then(|| value.trim().as_bytes().to_vec());
        }
    }
    Some(Credentials { user, secret: Zeroizing::new(token?), is_token: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(mechanism: &str, lines: &[&str]) -> Option<(bool, String, Vec<u8>)> {
        let mut login = Login::new(mechanism).unwrap();
        for line in lines {
            if let Next::Judge(credentials) = login.hear(line.as_bytes()) {
                return Some((credentials.is_token, credentials.user.clone(), credentials.secret.to_vec()));
            }
        }
        None
    }

    #[test]
    fn plain_takes_the_message_of_rfc_4616_with_and_without_padding() {
        let good = Some((false, "tim".to_owned(), b"tanstaaftanstaaf".to_vec()));
        assert_eq!(judged("PLAIN", &["AHRpbQB0YW5zdGFhZnRhbnN0YWFm"]), good);
        assert_eq!(judged("plain", &[&STANDARD.encode("\0tim\0tanstaaftanstaaf")]), good);
        assert_eq!(judged("PLAIN", &[&STANDARD.encode("a\0b\0c\0d")]).unwrap().2, b"c\0d");
        assert_eq!(judged("PLAIN", &["dGlt"]), None);
        assert_eq!(judged("PLAIN", &["%%%"]), None);
    }

    #[test]
    fn login_asks_for_the_name_unless_it_came_with_the_command() {
        let mut login = Login::new("LOGIN").unwrap();
        assert!(matches!(login.begin(), Next::Ask(text) if text == "VXNlcm5hbWU6"));
        assert!(matches!(login.hear(b"YWxpY2U="), Next::Ask(text) if text == "UGFzc3dvcmQ6"));
        assert!(matches!(login.hear(b"*"), Next::Cancelled));
        assert_eq!(judged("LOGIN", &["YWxpY2U=", "cHc="]), Some((false, "alice".into(), b"pw".to_vec())));
    }

    #[test]
    fn the_vector_of_microsofts_page_is_read_as_its_user_and_token() {
        let line = "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==";
        let (is_token, user, secret) = judged("XOAUTH2", &[line]).unwrap();
        assert!(is_token && user == "test@contoso.onmicrosoft.com");
        assert_eq!(secret, b"EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA");
    }

    #[test]
    fn the_example_of_rfc_7628_section_4_1_is_read_and_a_message_without_a_token_is_not() {
        let message = "n,a=user@example.com,\u{1}host=server.example.com\u{1}port=143\u{1}auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u{1}\u{1}";
        let (is_token, user, secret) = judged("OAUTHBEARER", &[&STANDARD.encode(message)]).unwrap();
        assert!(is_token && user == "user@example.com");
        assert_eq!(secret, b"vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
        assert_eq!(judged("XOAUTH2", &[&STANDARD.encode("user=a\u{1}\u{1}")]), None);
        assert_eq!(judged("XOAUTH2", &[&STANDARD.encode("user=a\u{1}auth=Basic x\u{1}\u{1}")]), None);
    }
}
