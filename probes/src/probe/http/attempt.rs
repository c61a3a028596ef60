//! One scheme on one connection: the gate, the request, and what its answer says.

use std::time::Instant;

use super::super::admission;
use super::super::news::Board;
use super::super::verdict::{passing, password_verdict, undecided, undecided_over_http};
use super::connection::Connection;
use super::{After, HttpProbe, mailbox};
use crate::diagnose::{Answer, Step, diagnose, family_of_host, unexplained};
use crate::model::{
    Advertisement, Attempt, Cause, Command, Diagnosis, Failure, HttpResponse, Kind, LineRange, Method,
    Outcome, Phase, Reply, Secret, Session, Skip, Trouble,
};
use crate::scheme::{Context, Credentials};
use crate::service::{Reading, Verdict};
use crate::wire::Answered;

/// Messages of one attempt: NTLM has two.
const MOST_LEGS: usize = 4;

/// A login that is ready to be presented.
struct Ready {
    credentials: Box<dyn Credentials>,
    kind: Kind,
    secret: Secret,
}

/// Tries `method`.
pub(super) async fn attempt(
    connection: &mut Connection<'_>,
    probe: &HttpProbe,
    method: &Method,
    offered: &Advertisement,
    board: &Board,
) -> Attempt {
    let mut attempt = Attempt {
        method: method.clone(),
        advertised: offered.offers_method(method),
        initial_response: None,
        outcome: Outcome::NotTried { skip: Skip::NotAsked },
        elapsed_ms: 0,
        connection: connection.link.number,
        quirks: Vec::new(),
    };
    if !attempt.advertised && !connection.link.task.options.unadvertised {
        attempt.outcome = Outcome::NotTried { skip: Skip::NotAdvertised };
        return attempt;
    }
    attempt.outcome = match ready(connection, method) {
        Err(skip) => Outcome::NotTried { skip },
        Ok(ready) => present(connection, ready, &mut attempt, probe, board).await,
    };
    attempt
}

fn ready(connection: &Connection<'_>, method: &Method) -> Result<Ready, Skip> {
    let link = &connection.link;
    admission::may_present(link)?;
    let scheme = link.tools.schemes.find(method.name()).ok_or(Skip::Unimplemented)?;
    let kind = scheme.kind();
    let secret = link.task.login.secret(kind).cloned().ok_or(match kind {
        Kind::Password => Skip::NoPassword,
        Kind::Token => Skip::NoToken,
    })?;
    let context = Context {
        login: &link.task.login,
        server_end_point: link.binding.as_ref().and_then(|binding| binding.server_end_point.as_deref()),
        nonce: nonce(|bytes| getrandom::fill(bytes).is_ok())?,
        filetime: filetime(),
    };
    Ok(Ready { credentials: scheme.start(&context)?, kind, secret })
}

/// A nonce of the system's randomness, which `fill` writes, or the reason why there is none.
fn nonce(fill: impl Fn(&mut [u8]) -> bool) -> Result<[u8; 8], Skip> {
    let mut nonce = [0; 8];
    if fill(&mut nonce) { Ok(nonce) } else { Err(Skip::NoRandomness) }
}

/// The clock as Windows counts: 100 ns since 1601.
fn filetime() -> u64 {
    const FROM_1601_TO_1970: u64 = 11_644_473_600;
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    (since.as_secs() + FROM_1601_TO_1970) * 10_000_000 + u64::from(since.subsec_nanos() / 100)
}

async fn present(
    connection: &mut Connection<'_>,
    ready: Ready,
    attempt: &mut Attempt,
    probe: &HttpProbe,
    board: &Board,
) -> Outcome {
    let Ready { mut credentials, kind, secret } = ready;
    let pass = match admission::pass(&connection.link, kind, &secret, board).await {
        Ok(pass) => pass,
        Err(outcome) => return outcome,
    };
    let begun = Instant::now();
    let first = connection.link.log.last_line() + 1;
    let legs = converse(connection, probe, credentials.as_mut()).await;
    attempt.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let last = connection.link.log.last_line().max(first);
    let evidence = LineRange::new(first, last);
    let outcome = match legs.answer {
        Err(failure) => Outcome::Inconclusive { failure, answer: None, evidence: Some(evidence) },
        Ok(answered) => {
            let reading = probe.service.read_login(&answered.response);
            connection.learn(reading.facts.clone(), evidence);
            if let Verdict::Redirect { to } = &reading.verdict {
                connection.learn(vec![("redirect-to", to.clone())], evidence);
            }
            let taken =
                matches!(reading.verdict, Verdict::Opened | Verdict::Accepted | Verdict::Unclear { .. });
            if taken && board.answers_anyone() {
                let detail = "the server answers the same to a request without credentials";
                let failure = Failure::new(Phase::Auth, Trouble::Preauthenticated, detail);
                Outcome::Inconclusive { failure, answer: None, evidence: Some(evidence) }
            } else {
                let tried = (&attempt.method, family_of_host(&connection.link.task.endpoint.host));
                let mut outcome = conclude(probe, kind, tried, &answered.response, reading, evidence);
                if let Outcome::Accepted { session, .. } = &mut outcome
                    && matches!(session, Session::NotChecked { .. })
                    && probe.after == After::LoginAndPost
                {
                    *session =
                        mailbox::open(connection, &answered.response, legs.authorization.as_ref()).await;
                }
                outcome
            }
        }
    };
    if let Some(pass) = pass {
        pass.settle(password_verdict(probe.service.protocol(), &outcome, legs.presented));
    }
    outcome
}

/// What the messages of one attempt came to.
struct Legs {
    /// The last answer.
    answer: Result<Answered, Failure>,
    /// Whether anything went out that a server can judge.
    presented: bool,
    /// The value that a further request on this connection repeats, where the scheme has one.
    authorization: Option<Command>,
}

async fn converse(
    connection: &mut Connection<'_>,
    probe: &HttpProbe,
    credentials: &mut dyn Credentials,
) -> Legs {
    let request = probe.service.login(&connection.subject);
    let mut legs = Legs {
        answer: Err(Failure::new(Phase::Auth, Trouble::Bug, "the scheme has nothing to say")),
        presented: false,
        authorization: None,
    };
    let mut challenges: Vec<String> = Vec::new();
    for _ in 0..MOST_LEGS {
        let values: Vec<&str> = challenges.iter().map(String::as_str).collect();
        let Some(message) = credentials.next(&values) else { return legs };
        legs.presented |= credentials.presented();
        legs.authorization = credentials.repeats().then(|| message.clone());
        legs.answer = connection.ask(Phase::Auth, &request, Some(&message)).await;
        match &legs.answer {
            Ok(answered) if answered.response.status == 401 => {
                challenges = answered.response.all("www-authenticate").map(str::to_owned).collect();
            }
            _ => return legs,
        }
    }
    legs
}

/// From what the answer says to the outcome.
fn conclude(
    probe: &HttpProbe,
    kind: Kind,
    (method, server): (&Method, Option<&str>),
    response: &HttpResponse,
    reading: Reading,
    evidence: LineRange,
) -> Outcome {
    let Reading { verdict, reply, .. } = reading;
    let protocol = probe.service.protocol();
    let answer = Answer::new(protocol, Step::Login(kind), &reply);
    let answer = Answer { http: Some(response), method: Some(method), server, ..answer };
    let diagnosis = diagnose(&answer);
    let passes = passing(&answer, &diagnosis);
    let otherwise = undecided_over_http(&answer, &diagnosis);
    let inconclusive = |cause, detail: String, reply: Reply, diagnosis: Diagnosis| Outcome::Inconclusive {
        failure: Failure::new(Phase::Auth, cause, detail),
        answer: Some(Box::new((reply, diagnosis))),
        evidence: Some(evidence),
    };
    match verdict {
        Verdict::Opened => Outcome::Accepted { reply, evidence, session: Session::Opened { evidence } },
        Verdict::Accepted => {
            let detail = "this answer shows the login and nothing of the mailbox";
            let failure = Failure::new(Phase::Session, Trouble::NotAsked, detail);
            Outcome::Accepted { reply, evidence, session: Session::not_checked(failure) }
        }
        Verdict::Shut => {
            let shut = Answer { http: Some(response), ..Answer::new(protocol, Step::Session, &reply) };
            let diagnosis = why_not(&shut);
            let session = match passing(&shut, &diagnosis) {
                Some(cause) => Session::NotChecked {
                    failure: Failure::new(Phase::Session, cause, reply.quoted()),
                    answer: Some(Box::new((reply.clone(), diagnosis))),
                },
                None => Session::Shut { reply: reply.clone(), evidence, diagnosis },
            };
            Outcome::Accepted { reply, evidence, session }
        }
        Verdict::Unclear { cause } => {
            let unclear = Answer { http: Some(response), ..Answer::new(protocol, Step::Session, &reply) };
            let failure = Failure::new(Phase::Session, cause, reply.quoted());
            let answer = Some(Box::new((reply.clone(), why_not(&unclear))));
            Outcome::Accepted { reply, evidence, session: Session::NotChecked { failure, answer } }
        }
        Verdict::Refused => match passes {
            Some(cause) => undecided(cause, reply, diagnosis, evidence),
            None => Outcome::Refused { reply, challenge: None, evidence, diagnosis },
        },
        Verdict::Passing => undecided(otherwise, reply, diagnosis, evidence),
        Verdict::Redirect { to } => {
            inconclusive(Trouble::Redirected, format!("the answer points to {to}"), reply, diagnosis)
        }
        // The service is there, and does not take the request as it is.
        Verdict::NotTheService { .. } if is_about_the_request(response, &diagnosis) => {
            undecided(Trouble::RequestRefused, reply, diagnosis, evidence)
        }
        // A success of something else, or of what nobody has read, is no success of the login.
        Verdict::BeyondBounds { cause, why } => inconclusive(cause, why, reply, unless_a_yes(diagnosis)),
        Verdict::NotTheService { why } => {
            let detail = format!("this is not {protocol}: {why}");
            inconclusive(Trouble::WrongProtocol, detail, reply, unless_a_yes(diagnosis))
        }
    }
}

fn unless_a_yes(diagnosis: Diagnosis) -> Diagnosis {
    if diagnosis.first() == Cause::Accepted { unexplained() } else { diagnosis }
}

/// Why the mailbox did not open. The status of the answer may be that of a success, and 500 is that of every SOAP fault (SOAP
/// 1.1 section 6.2): then its words alone speak.
fn why_not(answer: &Answer<'_>) -> Diagnosis {
    let is_a_yes =
        |diagnosis: &Diagnosis| matches!(diagnosis.first(), Cause::Accepted | Cause::Informational);
    let diagnosis = diagnose(answer);
    let is_any_fault = answer.reply.status == "500" && answer.reply.code.is_none();
    if !is_any_fault && !is_a_yes(&diagnosis) {
        return diagnosis;
    }
    let no = Reply { status: "NO".to_owned(), ..answer.reply.clone() };
    let diagnosis = diagnose(&Answer { reply: &no, http: None, ..*answer });
    if is_a_yes(&diagnosis) { unexplained() } else { diagnosis }
}

/// Whether a status says that the request, rather than the path or the credentials, is the reason. 404, 405 and 410 are
/// about the path.
fn is_about_the_request(response: &HttpResponse, diagnosis: &Diagnosis) -> bool {
    let about =
        [Cause::BadRequest, Cause::TokenExpired, Cause::WebLoginRequired, Cause::ProvisioningRequired];
    (400..500).contains(&response.status)
        && !matches!(response.status, 404 | 405 | 410)
        && about.contains(&diagnosis.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn randomness_that_fails_is_named_and_is_no_fault_of_the_password() {
        assert_eq!(nonce(|_| false), Err(Skip::NoRandomness));
        let filled = nonce(|bytes| {
            bytes.fill(7);
            true
        });
        assert_eq!(filled, Ok([7; 8]));
    }
}
