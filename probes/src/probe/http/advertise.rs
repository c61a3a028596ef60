//! What a service says it takes: asked without credentials, and once more with an empty `Bearer`, which makes
//! Exchange tell its client id and where tokens come from. Where NTLM is offered, its first message, which holds no
//! credential, makes the server tell its names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::news::Board;
use super::connection::Connection;
use crate::model::{Advertisement, Command, Failure, HttpRequest, Method, Phase};
use crate::service::{Service, Verdict, challenge, ntlm};
use crate::wire::{Answered, Place};

/// What was told.
pub(super) struct Told {
    pub(super) advertised: Vec<Advertisement>,
    /// Why nothing was told.
    pub(super) failure: Option<Failure>,
}

/// Asks twice, and publishes what was offered.
pub(super) async fn advertise(
    connection: &mut Connection<'_>,
    service: &dyn Service,
    place: &Place,
    board: &Board,
) -> Told {
    let mut told = Told { advertised: Vec::new(), failure: None };
    // The others present a password no later than this one would.
    board.at_gate();
    if connection.link.task.options.stop_after < Phase::Greeting {
        return told;
    }
    let request = service.advertisement(&connection.subject);
    match connection.ask(Phase::Capability, &request, None).await {
        Err(failure) => told.failure = Some(failure),
        Ok(answered) => {
            let verdict = heard(connection, service, answered, &mut told);
            let taken = [Verdict::Opened, Verdict::Accepted, Verdict::Shut].contains(&verdict);
            board.set_answers_anyone(taken || matches!(verdict, Verdict::Unclear { .. }));
        }
    }
    if told.failure.is_none() {
        let reopened = connection.is_open() || connection.open(place).await.is_ok();
        let empty = Command::clear("Bearer");
        // A server that hangs up on it has said all it is going to say.
        if reopened && let Ok(answered) = connection.ask(Phase::Capability, &request, Some(&empty)).await {
            heard(connection, service, answered, &mut told);
        }
    }
    board.offers(told.advertised.first());
    // Nobody waits for this one any more.
    if told.advertised.first().is_some_and(|list| list.offers_method(&Method::http("NTLM"))) {
        ask_for_names(connection, &request, place).await;
    }
    told
}

/// One message that proves nothing and asks nothing of the account: a server that takes NTLM answers it with the
/// names of itself and its domain (MS-NLMP section 2.2.1.2).
async fn ask_for_names(connection: &mut Connection<'_>, request: &HttpRequest, place: &Place) {
    if !connection.is_open() && connection.open(place).await.is_err() {
        return;
    }
    let hello = Command::clear(format!("NTLM {}", STANDARD.encode(ntlm::negotiate())));
    if let Ok(answered) = connection.ask(Phase::Capability, request, Some(&hello)).await {
        let challenges = challenge::challenges(answered.response.all("www-authenticate"));
        if let Some(told) = ntlm::offered(&challenges) {
            connection.learn(told.facts(), answered.lines);
        }
    }
}

fn heard(
    connection: &mut Connection<'_>,
    service: &dyn Service,
    answered: Answered,
    told: &mut Told,
) -> Verdict {
    let Answered { response, lines } = answered;
    let reading = service.read_login(&response);
    connection.learn(reading.facts, lines);
    let values: Vec<&str> = response.all("www-authenticate").collect();
    let offers = challenge::offers(&challenge::challenges(values.iter().copied()));
    let capabilities = values.iter().map(|value| crate::model::harmless(value.as_bytes()));
    match told.advertised.first_mut() {
        None => told.advertised.push(Advertisement {
            stage: connection.link.stage(),
            offers,
            capabilities: capabilities.collect(),
            evidence: lines,
        }),
        Some(list) => {
            // The second answer repeats the first, or adds to it.
            for offer in offers {
                if !list.offers_method(&offer.method) {
                    list.offers.push(offer);
                    list.evidence = list.evidence.to(lines);
                }
            }
            for value in capabilities {
                if !list.capabilities.contains(&value) {
                    list.capabilities.push(value);
                }
            }
        }
    }
    reading.verdict
}
