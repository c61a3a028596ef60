//! XOAUTH2 (Google's and Microsoft's): an OAuth access token in one message.
//!
//! What it has in common with OAUTHBEARER (RFC 7628) lives here too: which token may be sent, how it is
//! shown, and what a challenge after it means.

use super::{Context, Flaw, Mechanism, Payload, SaslClient, Step, token_label};
use crate::model::{Kind, Login, Secret, Skip, harmless};

/// `XOAUTH2`.
pub(super) struct XOAuth2;

impl Mechanism for XOAuth2 {
    fn name(&self) -> &'static str {
        "XOAUTH2"
    }

    fn kind(&self) -> Kind {
        Kind::Token
    }

    fn tried_unadvertised(&self) -> bool {
        true
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        let bearer = Bearer::of(context.login)?;
        let message =
            [b"user=", bearer.user.as_bytes(), b"\x01auth=Bearer ", bearer.token.expose(), b"\x01\x01"];
        // The error report is answered with an empty line; anything else is `-ERR bad command` to Gmail.
        Ok(Box::new(BearerClient::new(self.name(), bearer.payload(message.concat()), b"")))
    }
}

/// Whose mailbox is opened with which token.
pub(super) struct Bearer<'a> {
    /// The mailbox: both mechanisms have one user field, and the token itself says who presents it.
    pub(super) user: &'a str,
    /// The access token, byte for byte as it was given.
    pub(super) token: &'a Secret,
}

impl<'a> Bearer<'a> {
    /// Takes user and token from a login.
    ///
    /// # Errors
    /// [`Skip::NoToken`]; [`Skip::Unrepresentable`] where a control character would end a field early or
    /// came with the token from a file, in which case no server could accept it.
    pub(super) fn of(login: &'a Login) -> Result<Self, Skip> {
        let token = login.token.as_ref().filter(|token| !token.is_empty()).ok_or(Skip::NoToken)?;
        let user = login.authzid.as_deref().filter(|user| !user.is_empty()).unwrap_or(&login.authcid);
        let has_control = |bytes: &[u8]| bytes.iter().any(u8::is_ascii_control);
        if has_control(user.as_bytes()) || has_control(token.expose()) {
            return Err(Skip::Unrepresentable);
        }
        Ok(Self { user, token })
    }

    /// The message with what nobody may see of it.
    pub(super) fn payload(&self, message: Vec<u8>) -> Payload {
        let token = self.token.expose();
        let label = format!("user {}, {}", harmless(self.user.as_bytes()), token_label::describe(token));
        let payload = Payload::secret(message, label).hiding(token);
        token_label::sensitive_parts(token).into_iter().fold(payload, Payload::hiding)
    }
}

/// The exchange of both mechanisms: one message, then perhaps the server's error report.
pub(super) struct BearerClient {
    name: &'static str,
    message: Option<Payload>,
    acknowledgement: Option<&'static [u8]>,
}

impl BearerClient {
    /// An exchange that answers the error report with `acknowledgement`.
    pub(super) fn new(name: &'static str, message: Payload, acknowledgement: &'static [u8]) -> Self {
        Self { name, message: Some(message), acknowledgement: Some(acknowledgement) }
    }
}

impl SaslClient for BearerClient {
    fn initial(&mut self) -> Option<Payload> {
        self.message.take()
    }

    fn respond(&mut self, _challenge: &[u8]) -> Step {
        match self.acknowledgement.take() {
            Some(bytes) => Step::Acknowledge(Payload::clear(bytes)),
            None => Step::Abort(Flaw::Unanswerable(format!(
                "{} has one error report, and the server sent a second challenge",
                self.name
            ))),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::sasl::tests::context;
    use crate::sasl::token_label::tests::jwt;

    /// A login with a token and no password.
    pub(in crate::sasl) fn token_login(user: &str, token: impl Into<Vec<u8>>) -> Login {
        Login { authcid: user.into(), token: Some(Secret::new(token)), ..Login::default() }
    }

    /// The base64 form of what a mechanism says first.
    pub(in crate::sasl) fn first_base64(mechanism: &dyn Mechanism, login: &Login) -> String {
        let mut client = mechanism.start(&context(login)).unwrap();
        let wire = client.initial().unwrap().base64().wire();
        String::from_utf8(wire.to_vec()).unwrap()
    }

    #[test]
    fn the_message_is_that_of_microsofts_documentation() {
        let login = token_login("test@contoso.onmicrosoft.com", "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA");
        assert_eq!(
            first_base64(&XOAuth2, &login),
            "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUw\
             YmpMQldaV0NjbFJDM0VvQUEBAQ=="
        );
    }

    #[test]
    fn the_user_is_the_mailbox_to_be_opened() {
        let mut login = token_login("tim@example.com", "abc");
        let start =
            |login: &Login| XOAuth2.start(&context(login)).unwrap().initial().unwrap().bytes().to_vec();
        login.authzid = Some(String::new());
        assert_eq!(start(&login), b"user=tim@example.com\x01auth=Bearer abc\x01\x01");
        login.authzid = Some("shared@example.com".into());
        assert_eq!(start(&login), b"user=shared@example.com\x01auth=Bearer abc\x01\x01");
    }

    #[test]
    fn the_first_challenge_is_the_error_report_and_there_is_no_second() {
        let mut client = XOAuth2.start(&context(&token_login("tim", "abc"))).unwrap();
        assert!(client.initial().is_some());
        let Step::Acknowledge(payload) = client.respond(br#"{"status":"400"}"#) else {
            panic!("not acknowledged");
        };
        assert!(payload.bytes().is_empty() && payload.base64().is_empty());
        assert!(matches!(client.respond(b""), Step::Abort(Flaw::Unanswerable(_))));
        assert!(matches!(client.respond(b""), Step::Abort(Flaw::Unanswerable(_))));
    }

    #[test]
    fn what_cannot_be_written_is_not_sent() {
        let skip = |login: &Login| XOAuth2.start(&context(login)).err();
        assert_eq!(skip(&Login::default()), Some(Skip::NoToken));
        assert_eq!(skip(&token_login("tim", "")), Some(Skip::NoToken));
        for token in ["a\x01b", "abc\r\n", "abc\n", "\tabc", "a\0b", "a\x7f"] {
            assert_eq!(skip(&token_login("tim", token)), Some(Skip::Unrepresentable), "{token:?}");
        }
        assert_eq!(skip(&token_login("tim\x01auth=Bearer x", "abc")), Some(Skip::Unrepresentable));
        assert_eq!(skip(&token_login("tim", " abc ")), None);
    }

    #[test]
    fn tokens_go_byte_for_byte() {
        for token in [&b" abc "[..], b"caf\xe9", "日本".as_bytes()] {
            let mut client = XOAuth2.start(&context(&token_login("tim", token))).unwrap();
            let expected = [b"user=tim\x01auth=Bearer ", token, b"\x01\x01"].concat();
            assert_eq!(client.initial().unwrap().bytes(), expected);
        }
    }

    #[test]
    fn the_transcript_tells_what_the_token_is_for_and_hides_its_pieces() {
        let token = jwt(r#"{"aud":"https://outlook.office.com","exp":1795298400}"#);
        let mut client = XOAuth2.start(&context(&token_login("t\u{202e}m", token.as_str()))).unwrap();
        let command = client.initial().unwrap().base64();
        assert_eq!(
            command.shown(),
            "\u{2039}user t\\u{202e}m, token aud=https://outlook.office.com exp=2026-11-21T22:00Z\u{203a}"
        );
        for secret in token.split('.').chain([token.as_str()]) {
            let hidden = command.sensitive().any(|hidden| hidden == secret.as_bytes());
            assert_eq!(hidden, secret.len() >= 16, "{secret}");
        }
    }
}
