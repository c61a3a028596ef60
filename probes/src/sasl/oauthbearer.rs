//! OAUTHBEARER (RFC 7628): an OAuth access token in one message, with a GS2 header (RFC 5801).

use super::scram::saslname;
use super::xoauth2::{Bearer, BearerClient};
use super::{Context, Mechanism, SaslClient};
use crate::model::{Kind, Skip};

/// `OAUTHBEARER`.
pub(super) struct OAuthBearer;

impl Mechanism for OAuthBearer {
    fn name(&self) -> &'static str {
        "OAUTHBEARER"
    }

    fn kind(&self) -> Kind {
        Kind::Token
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        let bearer = Bearer::of(context.login)?;
        if context.host.contains(|c: char| c.is_ascii_control()) {
            return Err(Skip::Unrepresentable);
        }
        let head =
            format!("n,a={},\x01host={}\x01port={}", saslname(bearer.user), context.host, context.port);
        let message = [head.as_bytes(), b"\x01auth=Bearer ", bearer.token.expose(), b"\x01\x01"];
        // The error report is answered with one 0x01 (RFC 7628 section 3.2.3).
        Ok(Box::new(BearerClient::new(self.name(), bearer.payload(message.concat()), b"\x01")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::xoauth2::tests::{first_base64, token_login};
    use super::*;
    use crate::sasl::tests::context;
    use crate::sasl::{Flaw, Step};

    const TOKEN: &str = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";

    #[test]
    fn the_message_is_that_of_rfc_7628_section_4_1() {
        assert_eq!(
            first_base64(&OAuthBearer, &token_login("user@example.com", TOKEN)),
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZG\
             OWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
        );
    }

    #[test]
    fn the_message_for_another_port_is_that_of_the_rfcs_smtp_example() {
        let login = token_login("user@example.com", TOKEN);
        let mut client = OAuthBearer.start(&Context { port: 587, ..context(&login) }).unwrap();
        assert_eq!(
            client.initial().unwrap().base64().wire().as_slice(),
            b"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZG\
              OWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
        );
    }

    #[test]
    fn commas_and_equals_signs_in_the_user_are_escaped() {
        let mut login = token_login("tim", "abc");
        login.authzid = Some("a,b=c=2C@example.com".into());
        let mut client = OAuthBearer.start(&context(&login)).unwrap();
        let message = client.initial().unwrap().bytes().to_vec();
        assert!(message.starts_with(b"n,a=a=2Cb=3Dc=3D2C@example.com,\x01host="), "{message:?}");
    }

    #[test]
    fn the_error_report_is_answered_with_one_octet_and_there_is_no_second() {
        let mut client = OAuthBearer.start(&context(&token_login("tim", "abc"))).unwrap();
        assert!(client.initial().is_some());
        let Step::Acknowledge(payload) = client.respond(br#"{"status":"invalid_token"}"#) else {
            panic!("not acknowledged");
        };
        assert_eq!(payload.base64().wire().as_slice(), b"AQ==");
        assert!(matches!(client.respond(b""), Step::Abort(Flaw::Unanswerable(_))));
    }

    #[test]
    fn what_cannot_be_written_is_not_sent() {
        let login = token_login("tim", "a\x01b");
        assert_eq!(OAuthBearer.start(&context(&login)).err(), Some(Skip::Unrepresentable));
        let login = token_login("tim", "abc");
        let odd_host = Context { host: "a\x01auth=Bearer x", ..context(&login) };
        assert_eq!(OAuthBearer.start(&odd_host).err(), Some(Skip::Unrepresentable));
        assert_eq!(OAuthBearer.start(&context(&crate::model::Login::default())).err(), Some(Skip::NoToken));
        assert!(!OAuthBearer.tried_unadvertised());
    }
}
