//! SCRAM-SHA-1 (RFC 5802), SCRAM-SHA-256 (RFC 7677) and their -PLUS forms, which bind the exchange to the
//! TLS channel.
//!
//! The password itself never travels, and the server proves in its last message that it knows the
//! password's verifier. A server that says yes without that proof is not believed.

mod keys;
mod message;
#[cfg(test)]
mod tests;

use std::mem;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

pub(super) use message::saslname;
use message::{ServerFinal, ServerFirst};

use super::{ChannelBinding, Context, Flaw, Mechanism, Payload, SaslClient, Step};
use crate::model::{Kind, Login, Skip, harmless};

/// The hash function of a SCRAM mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScramHash {
    /// SHA-1, still the only one that many IMAP servers have.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// One mechanism of the SCRAM family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScramMechanism {
    hash: ScramHash,
    plus: bool,
}

impl ScramMechanism {
    /// The mechanism with this hash; `plus` is the form that binds to the TLS channel.
    pub const fn new(hash: ScramHash, plus: bool) -> Self {
        Self { hash, plus }
    }
}

impl Mechanism for ScramMechanism {
    fn name(&self) -> &'static str {
        match (self.hash, self.plus) {
            (ScramHash::Sha1, false) => "SCRAM-SHA-1",
            (ScramHash::Sha1, true) => "SCRAM-SHA-1-PLUS",
            (ScramHash::Sha256, false) => "SCRAM-SHA-256",
            (ScramHash::Sha256, true) => "SCRAM-SHA-256-PLUS",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Password
    }

    fn sends_secret(&self) -> bool {
        false
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        let login = context.login;
        let password = login.password.as_ref().ok_or(Skip::NoPassword)?.expose();
        let user = prepared_user(&login.authcid)?;
        if password.contains(&0) {
            return Err(Skip::Unrepresentable);
        }
        let binding = if self.plus { Some(channel(context.binding)?) } else { None };
        let (cb_name, cb_data) = binding.unzip();
        let gs2_header = gs2_header(cb_name, login)?;
        let cbind_input = [gs2_header.as_bytes(), cb_data.unwrap_or_default()].concat();
        let nonce = (context.nonce)();
        // A server that could guess the nonce could prepare its half of the exchange.
        if !message::is_nonce(&nonce) {
            return Err(Skip::NoRandomness);
        }
        Ok(Box::new(ScramClient {
            hash: self.hash,
            label: format!("user {}, {} proof", harmless(login.authcid.as_bytes()), self.name()),
            cbind: STANDARD.encode(cbind_input),
            first_bare: format!("n={},r={nonce}", saslname(&user)),
            gs2_header,
            nonce,
            password: keys::prepared_password(password),
            state: State::First,
        }))
    }
}

/// The user name after `SASLprep` (RFC 4013). A name that it forbids cannot be the name of an account
/// (RFC 5802 section 5.1), so there is nothing to try.
fn prepared_user(user: &str) -> Result<String, Skip> {
    match stringprep::saslprep(user) {
        Ok(prepared) if !prepared.is_empty() => Ok(prepared.into_owned()),
        _ => Err(Skip::Unrepresentable),
    }
}

/// Name and data of the best channel binding there is.
fn channel(binding: Option<&ChannelBinding>) -> Result<(&'static str, &[u8]), Skip> {
    let binding = binding.ok_or(Skip::NoChannelBinding)?;
    let exporter = binding.exporter.as_deref().map(|data| ("tls-exporter", data));
    let end_point = || binding.server_end_point.as_deref().map(|data| ("tls-server-end-point", data));
    exporter.or_else(end_point).ok_or(Skip::NoChannelBinding)
}

/// The GS2 header (RFC 5801 section 4). Without a binding its flag is `n`, not `y`: `y` says that the server
/// offered no -PLUS form, and a server that did would take it for a downgrade and refuse a good password.
fn gs2_header(binding: Option<&str>, login: &Login) -> Result<String, Skip> {
    let flag = binding.map_or_else(|| "n".to_owned(), |name| format!("p={name}"));
    match login.authzid.as_deref() {
        None | Some("") => Ok(format!("{flag},,")),
        Some(authzid) if authzid.contains('\0') => Err(Skip::Unrepresentable),
        Some(authzid) => Ok(format!("{flag},a={},", saslname(authzid))),
    }
}

struct ScramClient {
    hash: ScramHash,
    label: String,
    gs2_header: String,
    /// Base64 of GS2 header and channel binding data: what `c=` says.
    cbind: String,
    first_bare: String,
    nonce: String,
    password: Zeroizing<Vec<u8>>,
    state: State,
}

enum State {
    /// Our first message is out or about to go; the server's first is to come.
    First,
    /// Our proof is out; the server's is to come, and must be this.
    Final(Zeroizing<Vec<u8>>),
    /// The server has proved itself.
    Proven,
    /// There is nothing more to say.
    Over,
}

impl SaslClient for ScramClient {
    fn initial(&mut self) -> Option<Payload> {
        match self.state {
            State::First => Some(Payload::clear(format!("{}{}", self.gs2_header, self.first_bare))),
            _ => None,
        }
    }

    fn respond(&mut self, challenge: &[u8]) -> Step {
        // Whatever goes wrong leaves the exchange over, so that no message is ever answered twice.
        let step = match mem::replace(&mut self.state, State::Over) {
            State::First => self.prove(challenge),
            State::Final(expected) => self.verify(&expected, challenge),
            State::Proven | State::Over => {
                Err(Flaw::Unanswerable("SCRAM is over, and the server sent another challenge".into()))
            }
        };
        step.unwrap_or_else(Step::Abort)
    }

    fn accepted(&mut self) -> Result<(), Flaw> {
        match self.state {
            State::Proven => Ok(()),
            State::First | State::Final(_) | State::Over => Err(Flaw::NotAuthentic(
                "the server said yes without having proved that it knows the password's verifier".into(),
            )),
        }
    }
}

impl ScramClient {
    fn prove(&mut self, challenge: &[u8]) -> Result<Step, Flaw> {
        let server = ServerFirst::parse(challenge, &self.nonce)?;
        let without_proof = format!("c={},r={}", self.cbind, server.nonce);
        let auth_message =
            [self.first_bare.as_bytes(), b",", challenge, b",", without_proof.as_bytes()].concat();
        let keys = keys::derive(self.hash, &self.password, &server.salt, server.iterations, &auth_message)
            .ok_or_else(|| Flaw::Unanswerable("the proof cannot be computed".into()))?;
        // Proof and signature can both be guessed against: whoever has the nonces, the salt and one of them
        // can try passwords at home. Both are hidden as bytes and as the base64 in which they travel.
        let proof = STANDARD.encode(&*keys.proof);
        let signature = STANDARD.encode(&*keys.signature);
        let payload = Payload::secret(format!("{without_proof},p={proof}"), self.label.as_str())
            .hiding(proof)
            .hiding(keys.proof.as_slice())
            .hiding(signature)
            .hiding(keys.signature.as_slice());
        self.state = State::Final(keys.signature);
        Ok(Step::Send(payload))
    }

    fn verify(&mut self, expected: &[u8], challenge: &[u8]) -> Result<Step, Flaw> {
        match ServerFinal::parse(challenge)? {
            // A report like XOAUTH2's: the refusal itself comes after an empty answer.
            ServerFinal::Error => Ok(Step::Acknowledge(Payload::clear(""))),
            ServerFinal::Signature(signature) if bool::from(signature.ct_eq(expected)) => {
                self.state = State::Proven;
                Ok(Step::Send(Payload::clear("")))
            }
            ServerFinal::Signature(_) => Err(Flaw::NotAuthentic(
                "the server's signature is wrong: it does not know the password's verifier".into(),
            )),
        }
    }
}
