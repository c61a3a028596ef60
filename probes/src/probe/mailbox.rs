//! After an accepted login: does the mailbox open?

use std::time::Instant;

use super::connection::Connection;
use super::verdict::passing;
use crate::diagnose::{Answer, Step, diagnose, family_of, family_of_host, mailbox_denial};
use crate::model::{
    Advertisement, Cause, Failure, LineRange, Method, Phase, Protocol, Reply, Session, Stage, Trouble,
};
use crate::session::{Checked, Errand, HandOver, Proof, SessionCheck};

/// The quirk of a server that says yes to the question for the mailbox and no in its words.
const YES_IN_THE_WORDS_OF_A_NO: &str = "mailbox-yes-in-the-words-of-a-no";

/// Hands the authenticated stream to the protocol's client and asks for the mailbox. `in_doubt`: the login's own yes is not
/// trusted before the mailbox was seen. Also what is odd about the answer.
pub(super) async fn open(
    connection: &mut Connection<'_>,
    method: &Method,
    check: &dyn SessionCheck,
    in_doubt: bool,
) -> (Session, Option<&'static str>) {
    let Some(stream) = connection.stream.take() else {
        let closed = Failure::new(Phase::Session, Trouble::ConnectionClosed, "the connection is closed");
        return (Session::not_checked(closed), None);
    };
    let begun = Instant::now();
    let hand_over = HandOver {
        stream,
        address: connection
            .link
            .task
            .login
            .authzid
            .clone()
            .unwrap_or_else(|| connection.link.task.login.authcid.clone()),
        ahead: std::mem::take(&mut connection.buffer),
        lines_taken: connection.lines_taken(),
        login_list: connection.offers().map(|list| list.capabilities.clone()).unwrap_or_default(),
        errand: connection.link.task.options.send_to.as_ref().map(|to| Errand {
            to: to.clone(),
            method: method.to_string(),
            url: connection.link.task.endpoint.url(),
        }),
        capabilities_known: connection.advertised.iter().any(|list| list.stage == Stage::AfterLogin),
        patience: connection.link.patience.clone(),
        reply_timeout: connection.link.task.options.reply_timeout,
        limits: connection.link.task.options.limits,
    };
    let Checked { verdict, capabilities, message_id, proof } = check.check(hand_over).await;
    connection.link.spent(Phase::Session, begun);
    if let Some((list, evidence)) = capabilities {
        let offers = connection.dialect.offers(&list);
        connection.advertised.push(Advertisement {
            stage: Stage::AfterLogin,
            offers,
            capabilities: list,
            evidence,
        });
    }
    let session = match verdict {
        Err(failure) => Session::not_checked(failure),
        Ok((true, reply, evidence)) => match message_id {
            Some(message_id) => Session::Sent { message_id, evidence },
            None => return believed(connection, reply, evidence, proof, in_doubt),
        },
        Ok((false, reply, evidence)) => {
            connection.link.log.mark_unexpected(evidence);
            let server = family_of(family_of_host(&connection.link.task.endpoint.host), &reply.text);
            let answer = Answer::new(connection.dialect.protocol(), Step::Session, &reply);
            let answer = Answer { server, ..answer };
            let diagnosis = diagnose(&answer);
            // As in a login: a goodbye that does not say why is no answer.
            let parting = reply.status == "BYE" && diagnosis.first() == Cause::Unexplained;
            if let Some(cause) = passing(&answer, &diagnosis).or(parting.then_some(Trouble::ServerClosing)) {
                let failure = Failure::new(Phase::Session, cause, reply.quoted());
                Session::NotChecked { failure, answer: Some(Box::new((reply, diagnosis))) }
            } else {
                Session::Shut { reply, evidence, diagnosis }
            }
        }
    };
    (session, None)
}

/// What a yes is worth: the mailbox is open only where nothing in the answer says otherwise.
fn believed(
    connection: &Connection<'_>,
    reply: Reply,
    evidence: LineRange,
    proof: Proof,
    in_doubt: bool,
) -> (Session, Option<&'static str>) {
    // A name that a server repeats is none of its words.
    let said = Reply { text: without_addresses(&reply.text), ..reply.clone() };
    let answer = Answer::new(connection.dialect.protocol(), Step::Session, &said);
    let is_opened = |code: &str| ["READ-ONLY", "READ-WRITE"].iter().any(|own| own.eq_ignore_ascii_case(code));
    let is_plain_success =
        reply.code.as_deref().is_some_and(is_opened) || connection.dialect.protocol() == Protocol::Pop3;
    let denial = if proof == Proof::Shown && is_plain_success { None } else { mailbox_denial(&answer) };
    let (detail, answer, quirk) = match (denial, proof) {
        (Some(denial), _) => {
            let detail = format!("the answer says yes and no at once: {}", reply.quoted());
            (detail, Some(Box::new((reply, denial))), Some(YES_IN_THE_WORDS_OF_A_NO))
        }
        (None, Proof::Contradicted) => (reply.quoted(), None, None),
        (None, Proof::Bare) if in_doubt => (reply.quoted(), None, None),
        (None, Proof::Shown | Proof::Bare) => return (Session::Opened { evidence }, None),
    };
    connection.link.log.mark_unexpected(evidence);
    let failure = Failure::new(Phase::Session, Trouble::ProtocolViolation, detail);
    (Session::NotChecked { failure, answer }, quirk)
}

/// A text without what stands in angle brackets, and without words with an `@`.
fn without_addresses(text: &str) -> String {
    let mut depth = 0_usize;
    let outside: String = text
        .chars()
        .filter(|c| {
            depth = if *c == '<' { depth + 1 } else { depth };
            let keep = depth == 0;
            depth = if *c == '>' { depth.saturating_sub(1) } else { depth };
            keep
        })
        .collect();
    outside.split(' ').filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ")
}
