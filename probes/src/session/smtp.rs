//! SMTP's session check: may this account submit as itself? `MAIL FROM` with the account's own address, then
//! `RSET` and `QUIT`; no recipient is named and nothing is sent, unless a message is asked for (`submit.rs`).
//! The commands are lettre's, on our wire.
//!
//! Never EHLO after AUTH: some servers drop the login on it.

use lettre::Address;
use lettre::transport::smtp::commands::{Mail, Quit, Rset};

use super::talk::Talk;
use super::{Checked, HandOver, SessionCheck, submit};
use crate::dialect::Smtp;
use crate::model::{Command, Failure, Phase, Trouble};
use crate::wire::BoxFuture;

/// Asks whether the account may send as itself.
#[derive(Debug, Clone, Copy)]
pub struct SmtpSession;

impl SessionCheck for SmtpSession {
    fn check(&self, hand_over: HandOver) -> BoxFuture<'_, Checked> {
        Box::pin(async move {
            let Ok(address) = hand_over.address.parse::<Address>() else {
                let mut talk = Talk::new(Smtp::default(), hand_over);
                talk.leave(&[Command::clear(Quit.to_string())]).await;
                let detail = "the login name is no address, so there is none to send as";
                return Checked::only(Err(Failure::new(Phase::Session, Trouble::NotAsked, detail)));
            };
            if hand_over.errand.is_some() {
                return submit::submit(hand_over, address).await;
            }
            let mut talk = Talk::new(Smtp::default(), hand_over);
            let verdict = talk.ask(Command::clear(Mail::new(Some(address), Vec::new()).to_string())).await;
            talk.leave(&[Command::clear(Rset.to_string()), Command::clear(Quit.to_string())]).await;
            Checked::only(verdict)
        })
    }
}
