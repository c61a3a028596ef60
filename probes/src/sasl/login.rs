//! LOGIN (draft-murchison-sasl-login): user name, then password, each after a prompt.
//!
//! Prompts differ from server to server (`Username:`, `User Name\0`, `User:`, nothing); they are answered
//! by position and kept as evidence.

use super::{Context, Flaw, Mechanism, Payload, SaslClient, Step};
use crate::model::{Kind, Secret, Skip};

/// `LOGIN`.
pub(super) struct Login;

impl Mechanism for Login {
    fn name(&self) -> &'static str {
        "LOGIN"
    }

    fn kind(&self) -> Kind {
        Kind::Password
    }

    fn tried_unadvertised(&self) -> bool {
        true
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        let password = context.login.password.clone().ok_or(Skip::NoPassword)?;
        Ok(Box::new(LoginClient { user: context.login.authcid.clone(), password, prompts: 0 }))
    }
}

struct LoginClient {
    user: String,
    password: Secret,
    prompts: u8,
}

impl SaslClient for LoginClient {
    fn initial(&mut self) -> Option<Payload> {
        None
    }

    fn respond(&mut self, _challenge: &[u8]) -> Step {
        self.prompts = self.prompts.saturating_add(1);
        match self.prompts {
            1 => Step::Send(Payload::clear(self.user.clone())),
            2 => Step::Send(Payload::secret(
                self.password.expose(),
                format!("password {} chars", self.password.chars()),
            )),
            _ => Step::Abort(Flaw::Unanswerable("LOGIN has two prompts, and the server sent a third".into())),
        }
    }

    fn accepted(&mut self) -> Result<(), Flaw> {
        if self.prompts < 2 { Err(Flaw::TooEarly) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sasl::tests::{context, login, sent};

    #[test]
    fn prompts_are_answered_by_position_whatever_they_say() {
        for prompts in
            [["Username:", "Password:"], ["User Name\0", "Password\0"], ["Password:", "Username:"], ["", ""]]
        {
            let mut client = Login.start(&context(&login("tim", "tanstaaf"))).unwrap();
            assert!(client.initial().is_none());
            assert_eq!(sent(client.respond(prompts[0].as_bytes())), b"tim");
            assert_eq!(sent(client.respond(prompts[1].as_bytes())), b"tanstaaf");
            assert!(matches!(client.respond(b"more?"), Step::Abort(_)));
        }
    }
}
