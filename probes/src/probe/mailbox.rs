//! After an accepted login: does the mailbox open?

use std::time::Instant;

use super::connection::Connection;
use super::verdict::passing;
use crate::diagnose::{Answer, Step, diagnose, family_of, family_of_host};
use crate::model::{Advertisement, Cause, Failure, Method, Phase, Session, Stage, Trouble};
use crate::session::{Checked, Errand, HandOver, SessionCheck};

/// Hands the authenticated stream to the protocol's client and asks for the mailbox.
pub(super) async fn open(
    connection: &mut Connection<'_>,
    method: &Method,
    check: &dyn SessionCheck,
) -> Session {
    let Some(stream) = connection.stream.take() else {
        return Session::NotChecked {
            failure: Failure::new(Phase::Session, Trouble::ConnectionClosed, "the connection is closed"),
        };
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
    let Checked { verdict, capabilities, message_id } = check.check(hand_over).await;
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
    match verdict {
        Err(failure) => Session::NotChecked { failure },
        Ok((true, _, evidence)) => match message_id {
            Some(message_id) => Session::Sent { message_id, evidence },
            None => Session::Opened { evidence },
        },
        Ok((false, reply, evidence)) => {
            connection.link.log.mark_unexpected(evidence);
            let protocol = connection.dialect.protocol();
            let server = family_of(family_of_host(&connection.link.task.endpoint.host), &reply.text);
            let diagnosis = diagnose(&Answer { server, ..Answer::new(protocol, Step::Session, &reply) });
            // As in a login: a goodbye that does not say why is no answer.
            let parting = reply.status == "BYE" && diagnosis.first() == Cause::Unexplained;
            if let Some(cause) = passing(&diagnosis).or(parting.then_some(Trouble::ServerClosing)) {
                return Session::NotChecked { failure: Failure::new(Phase::Session, cause, reply.quoted()) };
            }
            Session::Shut { reply, evidence, diagnosis }
        }
    }
}
