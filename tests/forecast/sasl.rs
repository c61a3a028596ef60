//! The server's side of every mechanism that mailprobe has, as far as to see the proof and to say yes to it.

use std::num::NonZeroU32;

use aws_lc_rs::{hmac, pbkdf2};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::Kind;

use crate::support::{PASSWORD, TOKEN};

const SALT: &[u8] = b"salt";

/// One running exchange.
pub(crate) struct Exchange {
    mechanism: String,
    /// Whether a good proof is answered as one.
    accepts: bool,
    step: u8,
    client_first: String,
    server_first: String,
}

/// What comes after a message of the client's.
pub(crate) enum Turn {
    /// A challenge.
    Challenge(Vec<u8>),
    /// The end; the client may have given up before it showed anything.
    Over,
}

/// What a message shows: the secret itself, or a proof that a guess can be tested against.
pub(crate) fn kind(data: &[u8]) -> Kind {
    let holds = |secret: &str| data.windows(secret.len()).any(|window| window == secret.as_bytes());
    if holds(TOKEN) { Kind::Token } else { Kind::Password }
}

impl Exchange {
    pub(crate) fn new(mechanism: &str, accepts: bool) -> Self {
        let (client_first, server_first) = (String::new(), String::new());
        Self { mechanism: mechanism.to_owned(), accepts, step: 0, client_first, server_first }
    }

    pub(crate) fn mechanism(&self) -> &str {
        &self.mechanism
    }

    /// The next message, `None` where the client only named the mechanism; and the kind of secret that was in it.
    pub(crate) fn hear(&mut self, data: Option<&[u8]>) -> (Turn, Option<Kind>) {
        let Some(data) = data else { return (Turn::Challenge(self.opening()), None) };
        self.step += 1;
        match (self.mechanism.as_str(), self.step) {
            ("LOGIN", 1) => (Turn::Challenge(b"Password:".to_vec()), None),
            ("LOGIN", _) => {
                assert_eq!(data, PASSWORD.as_bytes());
                (Turn::Over, Some(Kind::Password))
            }
            ("PLAIN" | "XOAUTH2" | "OAUTHBEARER" | "CRAM-MD5", _) => (Turn::Over, Some(kind(data))),
            (name, 1) if name.starts_with("SCRAM-") => (Turn::Challenge(self.scram_first(data)), None),
            (name, 2) if name.starts_with("SCRAM-") => {
                let turn = if self.accepts { Turn::Challenge(self.scram_final(data)) } else { Turn::Over };
                (turn, Some(Kind::Password))
            }
            _ => (Turn::Over, None),
        }
    }

    fn opening(&self) -> Vec<u8> {
        match self.mechanism.as_str() {
            "LOGIN" => b"Username:".to_vec(),
            "CRAM-MD5" => b"<1896.697170952@example.com>".to_vec(),
            _ => Vec::new(),
        }
    }

    fn scram_first(&mut self, data: &[u8]) -> Vec<u8> {
        let message = std::str::from_utf8(data).unwrap();
        message.splitn(3, ',').nth(2).unwrap().clone_into(&mut self.client_first);
        let nonce = self.client_first.split_once("r=").unwrap().1;
        // One round: nobody's password is kept here.
        self.server_first = format!("r={nonce}more,s={},i=1", STANDARD.encode(SALT));
        self.server_first.clone().into_bytes()
    }

    /// The proof that the server knows the password (RFC 5802 section 3).
    fn scram_final(&self, data: &[u8]) -> Vec<u8> {
        let message = std::str::from_utf8(data).unwrap();
        let without_proof = message.rsplit_once(",p=").unwrap().0;
        let (algorithm, mac, length) = if self.mechanism.contains("SHA-256") {
            (pbkdf2::PBKDF2_HMAC_SHA256, hmac::HMAC_SHA256, 32)
        } else {
            (pbkdf2::PBKDF2_HMAC_SHA1, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, 20)
        };
        let mut salted = vec![0; length];
        pbkdf2::derive(algorithm, NonZeroU32::MIN, SALT, PASSWORD.as_bytes(), &mut salted);
        let key = hmac::sign(&hmac::Key::new(mac, &salted), b"Server Key");
        let whole = format!("{},{},{without_proof}", self.client_first, self.server_first);
        let signature = hmac::sign(&hmac::Key::new(mac, key.as_ref()), whole.as_bytes());
        format!("v={}", STANDARD.encode(signature.as_ref())).into_bytes()
    }
}
