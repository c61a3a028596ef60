//! NTLM (MS-NTHT): a message that says what we can, and a proof that answers the server's challenge, both on one
//! connection.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Context, Credentials, Scheme};
use crate::model::{Command, Kind, Secret, Skip};
use crate::service::challenge::challenges;
use crate::service::ntlm::{self, Fresh, Identity};

/// `NTLM`.
pub(super) struct Ntlm;

impl Scheme for Ntlm {
    fn name(&self) -> &'static str {
        "NTLM"
    }

    fn kind(&self) -> Kind {
        Kind::Password
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn Credentials>, Skip> {
        let password = context.login.password.clone().ok_or(Skip::NoPassword)?;
        // The proof is computed over the password in UTF-16.
        if std::str::from_utf8(password.expose()).is_err() {
            return Err(Skip::Unrepresentable);
        }
        let bindings = context.server_end_point.map(ntlm::channel_bindings).unwrap_or_default();
        Ok(Box::new(Running {
            account: context.login.authcid.clone(),
            password,
            fresh: Fresh {
                client_challenge: context.nonce,
                filetime: context.filetime,
                channel_bindings: bindings,
            },
            sent: 0,
        }))
    }
}

struct Running {
    account: String,
    password: Secret,
    fresh: Fresh,
    sent: u8,
}

impl Credentials for Running {
    fn next(&mut self, values: &[&str]) -> Option<Command> {
        self.sent += 1;
        match self.sent {
            1 => Some(Command::clear(format!("NTLM {}", STANDARD.encode(ntlm::negotiate())))),
            2 => {
                let challenge = ntlm::offered(&challenges(values.iter().copied()))?;
                let (user, domain) = ntlm::split_account(&self.account);
                let who = Identity { user, domain, password: &self.password };
                let proof = ntlm::authenticate(&challenge, who, self.fresh)?;
                let label = format!("NTLM response, user {}", self.account);
                Some(Command::clear("NTLM ").and_secret(STANDARD.encode(proof), label))
            }
            _ => None,
        }
    }

    fn presented(&self) -> bool {
        self.sent > 1
    }

    fn repeats(&self) -> bool {
        // The connection is authenticated, not the request.
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Login;

    fn running() -> Box<dyn Credentials> {
        let login = Login {
            authcid: "LAB\\alice".into(),
            password: Some(Secret::new("correct horse")),
            ..Login::default()
        };
        let context = Context { login: &login, server_end_point: None, nonce: [7; 8], filetime: 0 };
        Ntlm.start(&context).unwrap()
    }

    #[test]
    fn without_a_challenge_nothing_is_proved_to_anybody() {
        let mut credentials = running();
        let first = credentials.next(&[]).unwrap();
        assert!(!first.has_secret() && !credentials.presented());
        assert!(credentials.next(&["NTLM", "Negotiate", "Basic realm=\"x\""]).is_none());
    }

    #[test]
    fn a_challenge_under_either_scheme_is_answered_once() {
        // Cyrus httpd 3.6.1: the first 24 octets of its challenge, then what a server without TargetInfo sends.
        let mut message = b"NTLMSSP\0\x02\0\0\0\x0d\0\x0d\0\x30\0\0\0\x06\x82\x02\0".to_vec();
        message.extend_from_slice(b"12345678\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0MAIL.LAB.TEST");
        for scheme in ["NTLM", "Negotiate"] {
            let mut credentials = running();
            credentials.next(&[]).unwrap();
            let value = format!("{scheme} {}", STANDARD.encode(&message));
            let proof = credentials.next(&[&value]).expect("an answer");
            assert!(proof.has_secret() && credentials.presented());
            assert_eq!(proof.shown(), "NTLM ‹NTLM response, user LAB\\alice›");
            assert!(credentials.next(&[&value]).is_none(), "a second challenge is a refusal");
        }
    }
}
