//! Bearer (RFC 6750 section 2.1).

use zeroize::Zeroizing;

use super::{Context, Credentials, Once, Scheme};
use crate::model::{Command, Kind, Skip};
use crate::sasl::{describe, sensitive_parts};

/// `Bearer`.
pub(super) struct Bearer;

impl Scheme for Bearer {
    fn name(&self) -> &'static str {
        "Bearer"
    }

    fn kind(&self) -> Kind {
        Kind::Token
    }

    fn tried_unadvertised(&self) -> bool {
        true
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn Credentials>, Skip> {
        let login = context.login;
        let token = login.token.as_ref().ok_or(Skip::NoToken)?.expose();
        // b64token is narrower still; what a server makes of another visible character is its own business.
        if token.is_empty() || !token.iter().all(u8::is_ascii_graphic) {
            return Err(Skip::Unrepresentable);
        }
        let value = Command::clear("Bearer ").and_secret(token, describe(token));
        let value = value.hiding(sensitive_parts(token).into_iter().map(Zeroizing::new));
        Ok(Box::new(Once(Some(value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Login, Secret};

    fn value(token: &str) -> Result<Command, Skip> {
        let login = Login { token: Some(Secret::new(token)), ..Login::default() };
        Ok(Bearer
            .start(&Context { login: &login, server_end_point: None, nonce: [0; 8], filetime: 0 })?
            .next(&[])
            .unwrap())
    }

    #[test]
    fn the_value_is_that_of_rfc_6750_section_2_1_and_only_a_label_is_shown() {
        let value = value("mF_9.B5f-4.1JqM").unwrap();
        assert_eq!(value.wire().as_slice(), b"Bearer mF_9.B5f-4.1JqM");
        assert_eq!(value.shown(), "Bearer ‹token 15 chars›");
    }

    #[test]
    fn a_token_with_a_line_break_is_not_sent() {
        assert_eq!(value("a\nb").err(), Some(Skip::Unrepresentable));
        assert_eq!(value("").err(), Some(Skip::Unrepresentable));
    }
}
