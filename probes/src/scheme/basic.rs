//! Basic (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Context, Credentials, Once, Scheme};
use crate::model::{Command, Kind, Skip};

/// `Basic`.
pub(super) struct Basic;

impl Scheme for Basic {
    fn name(&self) -> &'static str {
        "Basic"
    }

    fn kind(&self) -> Kind {
        Kind::Password
    }

    fn tried_unadvertised(&self) -> bool {
        true
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn Credentials>, Skip> {
        let login = context.login;
        let password = login.password.as_ref().ok_or(Skip::NoPassword)?;
        // The first colon ends the user name, and neither part has control characters (RFC 7617 section 2).
        let control = |byte: &u8| byte.is_ascii_control();
        if login.authcid.contains(':')
            || login.authcid.as_bytes().iter().any(control)
            || password.expose().iter().any(control)
        {
            return Err(Skip::Unrepresentable);
        }
        let both = Zeroizing::new([login.authcid.as_bytes(), b":", password.expose()].concat());
        let label = format!("user {}, password {} chars", login.authcid, password.chars());
        let value = Command::clear("Basic ").and_secret(STANDARD.encode(&*both), label);
        Ok(Box::new(Once(Some(value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Login, Secret};

    fn value(user: &str, password: &str) -> Result<String, Skip> {
        let login = Login { authcid: user.into(), password: Some(Secret::new(password)), ..Login::default() };
        let mut credentials =
            Basic.start(&Context { login: &login, server_end_point: None, nonce: [0; 8], filetime: 0 })?;
        let value = credentials.next(&[]).unwrap();
        assert!(credentials.next(&["Basic realm=again"]).is_none(), "a 401 is never answered by itself");
        Ok(String::from_utf8(value.wire().to_vec()).unwrap())
    }

    #[test]
    fn values_are_those_of_rfc_7617() {
        // Sections 2 and 2.1.
        assert_eq!(value("Aladdin", "open sesame").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(value("test", "123\u{a3}").unwrap(), "Basic dGVzdDoxMjPCow==");
    }

    #[test]
    fn what_cannot_be_written_is_not_sent() {
        assert_eq!(value("a:b", "c"), Err(Skip::Unrepresentable));
        assert_eq!(value("a", "b\nc"), Err(Skip::Unrepresentable));
        assert!(value("a", "b:c").is_ok(), "a colon in the password is no trouble");
    }
}
