//! PLAIN (RFC 4616): everything in one message.

use super::{Context, Flaw, Mechanism, Payload, SaslClient, Step};
use crate::model::{Kind, Skip};

/// `PLAIN`.
pub(super) struct Plain;

impl Mechanism for Plain {
    fn name(&self) -> &'static str {
        "PLAIN"
    }

    fn kind(&self) -> Kind {
        Kind::Password
    }

    fn tried_unadvertised(&self) -> bool {
        true
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        let login = context.login;
        let password = login.password.as_ref().ok_or(Skip::NoPassword)?;
        // An empty authorisation identity unless one was configured: some servers refuse their own
        // user's name there (RFC 4616 section 2 derives it).
        let authzid = login.authzid.as_deref().unwrap_or_default();
        if authzid.contains('\0') || login.authcid.contains('\0') || password.expose().contains(&0) {
            return Err(Skip::Unrepresentable);
        }
        let mut message =
            Vec::with_capacity(authzid.len() + login.authcid.len() + password.expose().len() + 2);
        message.extend_from_slice(authzid.as_bytes());
        message.push(0);
        message.extend_from_slice(login.authcid.as_bytes());
        message.push(0);
        message.extend_from_slice(password.expose());
        let label = format!("user {}, password {} chars", login.authcid, password.chars());
        Ok(Box::new(PlainClient(Some(Payload::secret(message, label)))))
    }
}

struct PlainClient(Option<Payload>);

impl SaslClient for PlainClient {
    fn initial(&mut self) -> Option<Payload> {
        self.0.take()
    }

    fn respond(&mut self, _challenge: &[u8]) -> Step {
        Step::Abort(Flaw::Unanswerable("PLAIN has one message, and the server asked for a second".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sasl::tests::{context, login};

    #[test]
    fn messages_are_those_of_rfc_4616_section_4() {
        let mut tim = login("tim", "tanstaaftanstaaf");
        assert_eq!(start(&tim), b"\0tim\0tanstaaftanstaaf");
        tim = login("Kurt", "xipj3plmq");
        tim.authzid = Some("Ursel".into());
        assert_eq!(start(&tim), b"Ursel\0Kurt\0xipj3plmq");
    }

    fn start(login: &crate::model::Login) -> Vec<u8> {
        Plain.start(&context(login)).unwrap().initial().unwrap().bytes().to_vec()
    }

    #[test]
    fn a_nul_in_the_password_is_never_sent() {
        assert_eq!(Plain.start(&context(&login("tim", "a\0b"))).err(), Some(Skip::Unrepresentable));
    }
}
