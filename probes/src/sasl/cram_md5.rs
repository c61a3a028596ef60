//! CRAM-MD5 (RFC 2195): a keyed digest of the server's challenge.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;

use super::{Context, Flaw, Mechanism, Payload, SaslClient, Step};
use crate::model::{Kind, Secret, Skip, harmless};

/// `CRAM-MD5`.
pub(super) struct CramMd5;

impl Mechanism for CramMd5 {
    fn name(&self) -> &'static str {
        "CRAM-MD5"
    }

    fn kind(&self) -> Kind {
        Kind::Password
    }

    fn sends_secret(&self) -> bool {
        false
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        let password = context.login.password.clone().ok_or(Skip::NoPassword)?;
        let user = context.login.authcid.clone();
        Ok(Box::new(CramMd5Client { user, password, answered: false }))
    }
}

struct CramMd5Client {
    user: String,
    password: Secret,
    answered: bool,
}

impl SaslClient for CramMd5Client {
    fn initial(&mut self) -> Option<Payload> {
        None
    }

    /// Takes any challenge: servers exist whose challenge is not the `<...@...>` of the RFC, and the digest
    /// does not care.
    fn respond(&mut self, challenge: &[u8]) -> Step {
        if std::mem::replace(&mut self.answered, true) {
            return abort("CRAM-MD5 has one challenge, and the server sent a second");
        }
        let Some(digest) = hex_digest(self.password.expose(), challenge) else {
            return abort("the CRAM-MD5 digest cannot be computed");
        };
        let label = format!("user {}, CRAM-MD5 digest", harmless(self.user.as_bytes()));
        Step::Send(Payload::secret(format!("{} {digest}", self.user), label).hiding(digest))
    }

    fn accepted(&mut self) -> Result<(), Flaw> {
        if self.answered { Ok(()) } else { Err(Flaw::TooEarly) }
    }
}

fn abort(why: &str) -> Step {
    Step::Abort(Flaw::Unanswerable(why.into()))
}

fn hex_digest(password: &[u8], challenge: &[u8]) -> Option<String> {
    // HMAC takes keys of every length; the `Option` is there so that nobody has to promise that here.
    let mut mac = Hmac::<Md5>::new_from_slice(password).ok()?;
    mac.update(challenge);
    let mut hex = String::with_capacity(32);
    for byte in mac.finalize().into_bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sasl::tests::{context, login, sent};

    const CHALLENGE: &[u8] = b"<1896.697170952@postoffice.reston.mci.net>";
    const DIGEST: &[u8] = b"b913a602c7eda7a495b4e6e7334d3890";

    fn client(user: &str, password: &str) -> Box<dyn SaslClient> {
        CramMd5.start(&context(&login(user, password))).unwrap()
    }

    #[test]
    fn the_response_is_that_of_rfc_2195_section_2() {
        let mut tim = client("tim", "tanstaaftanstaaf");
        assert!(tim.initial().is_none());
        assert_eq!(sent(tim.respond(CHALLENGE)), b"tim b913a602c7eda7a495b4e6e7334d3890");
    }

    #[test]
    fn the_digest_is_hidden_by_itself_and_never_shown() {
        let Step::Send(payload) = client("t\x1bm", "tanstaaftanstaaf").respond(CHALLENGE) else {
            panic!("no answer");
        };
        let command = payload.base64();
        assert_eq!(command.shown(), "\u{2039}user t\\x1Bm, CRAM-MD5 digest\u{203a}");
        assert!(command.sensitive().any(|hidden| hidden == DIGEST));
    }

    #[test]
    fn challenges_of_other_forms_are_answered() {
        // Expected: `hmac.new(b"secret", CHALLENGE, "md5").hexdigest()` in Python.
        for (challenge, expected) in [
            (&b""[..], "tim 5c8db03f04cec0f43bcb060023914190"),
            (b"no brackets", "tim 9bd45eda6885de92e7881f95eedf9c0f"),
            (b"\xff\0\r\n", "tim 2118a4658a7b4d6d1890e27f05ec0331"),
        ] {
            let answer = sent(client("tim", "secret").respond(challenge));
            assert_eq!(String::from_utf8(answer).unwrap(), expected);
        }
    }

    #[test]
    fn keys_longer_than_a_block_are_hashed_first() {
        // Expected: as above, with the key `b"k" * 65`.
        let answer = sent(client("tim", &"k".repeat(65)).respond(CHALLENGE));
        assert_eq!(String::from_utf8(answer).unwrap(), "tim c26f650abcb485a907fa679a2807bdac");
    }

    #[test]
    fn a_second_challenge_ends_the_exchange() {
        let mut tim = client("tim", "tanstaaftanstaaf");
        sent(tim.respond(CHALLENGE));
        assert!(matches!(tim.respond(CHALLENGE), Step::Abort(Flaw::Unanswerable(_))));
    }

    #[test]
    fn without_a_password_there_is_no_exchange() {
        let mut nobody = login("tim", "");
        nobody.password = None;
        assert_eq!(CramMd5.start(&context(&nobody)).err(), Some(Skip::NoPassword));
    }
}
