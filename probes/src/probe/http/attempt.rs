//! One scheme on one connection: the gate, the request, and what its answer says.

use std::time::Instant;

use super::super::news::Board;
use super::super::verdict::{passing, password_verdict, undecided};
use super::super::{PasswordVerdict, admission};
use super::connection::Connection;
use super::{After, HttpProbe, mailbox};
use crate::diagnose::{Answer, Step, diagnose, family_of_host};
use crate::model::{
    Advertisement, Attempt, Command, Diagnosis, Failure, HttpResponse, Kind, LineRange, Method, Outcome,
    Phase, Reply, Secret, Session, Skip, Trouble,
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
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).map_err(|_| Skip::Unrepresentable)?;
    let context = Context {
        login: &link.task.login,
        server_end_point: link.binding.as_ref().and_then(|binding| binding.server_end_point.as_deref()),
        nonce,
        filetime: filetime(),
    };
    Ok(Ready { credentials: scheme.start(&context)?, kind, secret })
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
    let mut counted = false;
    let outcome = match legs.answer {
        Err(failure) => Outcome::Inconclusive { failure, answer: None, evidence: Some(evidence) },
        Ok(answered) => {
            // Whatever its content says, a 401 to a password may have counted.
            counted = answered.response.status == 401;
            let reading = probe.service.read_login(&answered.response);
            connection.learn(reading.facts.clone(), evidence);
            if let Verdict::Redirect { to } = &reading.verdict {
                connection.learn(vec![("redirect-to", to.clone())], evidence);
            }
            let opened = matches!(reading.verdict, Verdict::Opened | Verdict::Accepted);
            if opened && board.answers_anyone() {
                let detail = "the server answers the same to a request without credentials";
                let failure = Failure::new(Phase::Auth, Trouble::Preauthenticated, detail);
                Outcome::Inconclusive { failure, answer: None, evidence: Some(evidence) }
            } else {
                let server = family_of_host(&connection.link.task.endpoint.host);
                let mut outcome = conclude(probe, (kind, server), &answered.response, reading, evidence);
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
        let said = password_verdict(&outcome, legs.presented);
        let counts = counted && said == PasswordVerdict::NotLookedAt && legs.presented;
        pass.settle(if counts { PasswordVerdict::MayBeWrong } else { said });
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
    (kind, server): (Kind, Option<&str>),
    response: &HttpResponse,
    reading: Reading,
    evidence: LineRange,
) -> Outcome {
    let Reading { verdict, reply, .. } = reading;
    let explain = |step, reply: &Reply| -> Diagnosis {
        diagnose(&Answer {
            http: Some(response),
            server,
            ..Answer::new(probe.service.protocol(), step, reply)
        })
    };
    let inconclusive = |cause, detail: String, reply: Reply| {
        let diagnosis = explain(Step::Login(kind), &reply);
        Outcome::Inconclusive {
            failure: Failure::new(Phase::Auth, cause, detail),
            answer: Some(Box::new((reply, diagnosis))),
            evidence: Some(evidence),
        }
    };
    match verdict {
        Verdict::Opened => Outcome::Accepted { reply, evidence, session: Session::Opened { evidence } },
        Verdict::Accepted => {
            let detail = "this answer shows the login and nothing of the mailbox";
            let failure = Failure::new(Phase::Session, Trouble::NotAsked, detail);
            Outcome::Accepted { reply, evidence, session: Session::NotChecked { failure } }
        }
        Verdict::Shut => {
            let diagnosis = explain(Step::Session, &reply);
            Outcome::Accepted {
                reply: reply.clone(),
                evidence,
                session: Session::Shut { reply, evidence, diagnosis },
            }
        }
        Verdict::Refused => {
            let diagnosis = explain(Step::Login(kind), &reply);
            match passing(&diagnosis) {
                Some(cause) => undecided(cause, reply, diagnosis, evidence),
                None => Outcome::Refused { reply, challenge: None, evidence, diagnosis },
            }
        }
        Verdict::Passing => {
            let diagnosis = explain(Step::Login(kind), &reply);
            let cause = passing(&diagnosis).unwrap_or(match reply.status.as_str() {
                "429" | "503" => Trouble::Throttled,
                _ => Trouble::Temporary,
            });
            undecided(cause, reply, diagnosis, evidence)
        }
        Verdict::Redirect { to } => {
            inconclusive(Trouble::Redirected, format!("the answer points to {to}"), reply)
        }
        Verdict::NotTheService { why } => inconclusive(
            Trouble::WrongProtocol,
            format!("this is not {}: {why}", probe.service.protocol()),
            reply,
        ),
    }
}
