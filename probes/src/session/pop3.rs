//! POP3's session check: STAT, the capability list where it is not known yet, QUIT. Nothing is retrieved and
//! nothing deleted; QUIT without a DELE leaves the maildrop as it is (RFC 1939 section 6).

use super::talk::Talk;
use super::{Checked, HandOver, SessionCheck};
use crate::dialect::{Dialect as _, Pop3};
use crate::model::Command;
use crate::wire::BoxFuture;

/// Asks for the size of the maildrop.
#[derive(Debug, Clone, Copy)]
pub struct Pop3Session;

impl SessionCheck for Pop3Session {
    fn check(&self, hand_over: HandOver) -> BoxFuture<'_, Checked> {
        Box::pin(async move {
            let capabilities_known = hand_over.capabilities_known;
            let mut talk = Talk::new(Pop3::new(), hand_over);
            let verdict = talk.ask(Command::clear("STAT\r\n")).await;
            let mut capabilities = None;
            if matches!(verdict, Ok((true, ..))) && !capabilities_known {
                let command = talk.dialect.capability();
                let asked = talk.ask(command).await;
                let list = talk.dialect.fresh_capabilities();
                capabilities = asked.ok().and_then(|(_, _, lines)| Some((list?, lines)));
            }
            let goodbye = talk.dialect.logout();
            talk.leave(&[goodbye]).await;
            Checked { capabilities, ..Checked::only(verdict) }
        })
    }
}
