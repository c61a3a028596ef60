//! POP3's session check: STAT, the capability list where it is not known yet (in one flight where the server takes
//! that), QUIT. Nothing is retrieved and
//! nothing deleted; QUIT without a DELE leaves the maildrop as it is (RFC 1939 section 6).

use super::talk::Talk;
use super::{Checked, HandOver, Proof, SessionCheck};
use crate::dialect::{Dialect as _, Pop3};
use crate::model::Command;
use crate::wire::BoxFuture;

/// Asks for the size of the maildrop.
#[derive(Debug, Clone, Copy)]
pub struct Pop3Session;

impl SessionCheck for Pop3Session {
    fn check(&self, hand_over: HandOver) -> BoxFuture<'_, Checked> {
        Box::pin(async move {
            let wants_list = !hand_over.capabilities_known;
            // RFC 2449 section 6.8: only then may a command go out before the answer to the one in front of it.
            let together = wants_list && hand_over.login_list.iter().any(|line| is_pipelining(line));
            let mut talk = Talk::new(Pop3::new(), hand_over);
            let mut flight = vec![Command::clear("STAT\r\n")];
            if together {
                flight.push(Pop3::new().capability());
            }
            let verdict = match talk.send(&flight).await {
                Ok(()) => talk.answer().await,
                Err(failure) => Err(failure),
            };
            let counted = matches!(&verdict, Ok((true, reply, _)) if is_drop_listing(&reply.text));
            let proof = if counted { Proof::Shown } else { Proof::Contradicted };
            let mut capabilities = None;
            if matches!(verdict, Ok((true, ..))) && wants_list {
                // From here on the dialect expects a list.
                let command = talk.dialect.capability();
                let asked = if together { talk.answer().await } else { talk.ask(command).await };
                let list = talk.dialect.fresh_capabilities();
                capabilities = asked.ok().and_then(|(_, _, lines)| Some((list?, lines)));
            }
            let goodbye = talk.dialect.logout();
            talk.leave(&[goodbye]).await;
            Checked { capabilities, proof, ..Checked::only(verdict) }
        })
    }
}

/// Whether a yes to STAT brings the number of messages and of octets (RFC 1939 section 5).
fn is_drop_listing(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let mut is_number = || words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    is_number() && is_number()
}

fn is_pipelining(line: &str) -> bool {
    line.split_ascii_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("PIPELINING"))
}
