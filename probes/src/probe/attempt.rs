//! One method on one connection: the gate and the exchange.

use std::time::{Duration, Instant};

use super::connection::Connection;
use super::news::Board;
use super::verdict::{Doubt, doubted, passing, password_verdict, undecided};
use super::{Options, Pass, admission, mailbox};
use crate::diagnose::{Answer, Step, denial, diagnose, family_of, family_of_host, unexplained};
use crate::dialect::{Dialect, Heard};
use crate::model::{
    Advertisement, Attempt, Cause, Failure, Kind, LineRange, Method, Outcome, Phase, Protocol, Reply, Secret,
    Session, Skip, Stage, Trouble,
};
use crate::sasl::{Context, End, Exchange, Flaw, Next, Registry, random_nonce};
use crate::session::SessionCheck;

/// The name of the quirk of a yes whose words are those of a refusal.
const YES_IN_THE_WORDS_OF_A_NO: &str = "yes-in-the-words-of-a-no";
/// The name of the quirk of a yes by another code than the one that says a login was taken (RFC 4954 section 6).
const YES_WITHOUT_235: &str = "yes-without-235";

/// How long a server may take to close after its goodbye.
const AFTER_GOODBYE: Duration = Duration::from_secs(5);

/// A login that is ready to be presented.
struct Ready {
    exchange: Exchange,
    kind: Kind,
    secret: Secret,
    initial_limit: usize,
}

/// Tries `method` on a connection that is open up to its capability list, and leaves.
pub(super) async fn attempt(
    connection: &mut Connection<'_>,
    method: &Method,
    board: &Board,
    check: &dyn SessionCheck,
) -> Attempt {
    let advertised = connection.offers().is_some_and(|list| list.offers_method(method));
    let mut attempt = Attempt {
        method: method.clone(),
        advertised,
        initial_response: None,
        outcome: Outcome::NotTried { skip: Skip::NotAsked },
        elapsed_ms: 0,
        connection: connection.link.number,
        quirks: Vec::new(),
    };
    match ready(connection, method, advertised) {
        Err(skip) => attempt.outcome = Outcome::NotTried { skip },
        Ok(ready) => present(connection, ready, &mut attempt, board, check).await,
    }
    if connection.link.number == 1 {
        board.at_gate();
    }
    connection.leave().await;
    attempt
}

/// Everything that can be decided before the credential goes on the wire.
fn ready(connection: &mut Connection<'_>, method: &Method, advertised: bool) -> Result<Ready, Skip> {
    let options = &connection.link.task.options;
    if !advertised && !options.unadvertised {
        return Err(Skip::NotAdvertised);
    }
    admission::may_present(&connection.link)?;
    let login = &connection.link.task.login;
    let kind = connection.link.tools.mechanisms.kind(method).ok_or(Skip::Unimplemented)?;
    let secret = login.secret(kind).cloned().ok_or(match kind {
        Kind::Password => Skip::NoPassword,
        Kind::Token => Skip::NoToken,
    })?;
    let capabilities = connection.offers().map(|list| list.capabilities.clone()).unwrap_or_default();
    let context = Context {
        login,
        host: &connection.link.task.endpoint.host,
        port: connection.link.task.endpoint.port,
        binding: connection.link.binding.as_ref(),
        nonce: &random_nonce,
    };
    let mechanisms = &connection.link.tools.mechanisms;
    let dialect = connection.dialect.as_mut();
    let exchange = exchange(dialect, mechanisms, method, &context, &capabilities, options)?;
    let initial_limit = match method {
        Method::Sasl(name) => connection.dialect.initial_response_limit(name, kind, &capabilities),
        _ => 0,
    };
    Ok(Ready { exchange, kind, secret, initial_limit })
}

/// The exchange of a method with this login, or why there can be none.
pub(super) fn exchange(
    dialect: &mut dyn Dialect,
    mechanisms: &Registry,
    method: &Method,
    context: &Context<'_>,
    capabilities: &[String],
    options: &Options,
) -> Result<Exchange, Skip> {
    let rounds = options.limits.rounds;
    if let Method::Sasl(name) = method {
        let mechanism = mechanisms.find(name).ok_or(Skip::Unimplemented)?;
        return Ok(Exchange::sasl(name, mechanism.start(context)?, rounds));
    }
    Ok(Exchange::flights(dialect.login(method, context.login, capabilities)?, rounds))
}

async fn present(
    connection: &mut Connection<'_>,
    ready: Ready,
    attempt: &mut Attempt,
    board: &Board,
    check: &dyn SessionCheck,
) {
    let Ready { mut exchange, kind, secret, initial_limit } = ready;
    let pass = match admission::pass(&connection.link, kind, &secret, board).await {
        Ok(pass) => pass,
        Err(outcome) => {
            attempt.outcome = outcome;
            return;
        }
    };
    let known_lists = connection.advertised.len();
    let begun = Instant::now();
    let first_line = connection.link.log.last_line() + 1;
    let mut answer_lines = None;
    let ended = converse(connection, &mut exchange, initial_limit, &mut answer_lines).await;
    attempt.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    connection.link.spent(Phase::Auth, begun);
    attempt.initial_response = Some(exchange.initial_sent());
    attempt.quirks = exchange.quirks().iter().map(|quirk| (*quirk).to_owned()).collect();
    // Up to the line that decided it, not to what else has come in by now; where nothing decided it, all of it.
    if ended.is_err() {
        connection.link.log.settle();
    }
    let last_line = match (&ended, answer_lines) {
        (Ok(_), Some(LineRange { last, .. })) => last,
        _ => connection.link.log.last_line().max(1),
    };
    let evidence = LineRange::new(first_line.min(last_line), last_line);
    // A list that came with an accepted login describes the session after it.
    let heard_since = connection.advertised.split_off(known_lists.min(connection.advertised.len()));
    attempt.outcome = match ended {
        Err(failure) => Outcome::Inconclusive { failure, answer: None, evidence: Some(evidence) },
        Ok(end) => conclude(connection, kind, end, evidence),
    };
    let protocol = connection.dialect.protocol();
    let settle = |outcome: &Outcome, pass: Option<Box<dyn Pass>>, presented: bool| {
        if let Some(pass) = pass {
            pass.settle(password_verdict(protocol, outcome, presented));
        }
    };
    let doubt = doubt(connection, kind, attempt, exchange.error_report());
    // A yes that nobody trusts yet proves no password.
    let pass = if doubt.is_none() {
        settle(&attempt.outcome, pass, connection.presented);
        None
    } else {
        pass
    };
    if let Outcome::Accepted { session, .. } = &mut attempt.outcome {
        connection.advertised.extend(
            heard_since
                .into_iter()
                .next_back()
                .map(|list| Advertisement { stage: Stage::AfterLogin, ..list }),
        );
        if connection.link.task.options.stop_after >= Phase::Session {
            let (opened, quirk) = mailbox::open(connection, &attempt.method, check, doubt.is_some()).await;
            *session = opened;
            attempt.quirks.extend(quirk.map(str::to_owned));
        }
    }
    if let Some(doubt) = doubt {
        let report = exchange.error_report().map(str::to_owned);
        let taken = std::mem::replace(&mut attempt.outcome, Outcome::NotTried { skip: Skip::NotAsked });
        attempt.outcome = doubted(taken, doubt, report);
        settle(&attempt.outcome, pass, connection.presented);
    }
}

/// Why a yes is not to be trusted before the mailbox was seen: its words are those of a refusal, an error report on the token
/// came before it, or SMTP has another code for a login that was taken. The first and the last are quirks that are reported;
/// the second is one that the exchange has noted.
fn doubt(
    connection: &Connection<'_>,
    kind: Kind,
    attempt: &mut Attempt,
    report: Option<&str>,
) -> Option<Doubt> {
    let Outcome::Accepted { reply, .. } = &attempt.outcome else { return None };
    let answer = Answer::new(connection.dialect.protocol(), Step::Login(kind), reply);
    let denial = denial(&answer);
    if denial.is_some() {
        attempt.quirks.push(YES_IN_THE_WORDS_OF_A_NO.to_owned());
    }
    let no = Reply { status: "NO".to_owned(), ..reply.clone() };
    let denial =
        denial.or_else(|| report.map(|_| diagnose(&Answer { challenge: report, reply: &no, ..answer })));
    let other_yes = connection.dialect.protocol() == Protocol::Smtp && reply.status != "235";
    if other_yes && denial.is_none() {
        let detail = format!("a login that was taken is 235, and the answer is {}", reply.quoted());
        attempt.quirks.push(YES_WITHOUT_235.to_owned());
        return Some(Doubt { detail, denial: unexplained() });
    }
    let detail = format!("the answer says yes and no at once: {}", reply.quoted());
    denial.map(|denial| Doubt { detail, denial })
}

/// Runs the exchange over the connection.
async fn converse(
    connection: &mut Connection<'_>,
    exchange: &mut Exchange,
    initial_limit: usize,
    answer_lines: &mut Option<LineRange>,
) -> Result<End, Failure> {
    let command = exchange.begin(connection.dialect.as_mut(), initial_limit);
    connection.send(Phase::Auth, &command).await?;
    for _ in 0..connection.link.task.options.limits.units {
        let heard = if exchange.goodbye_heard() {
            // A final answer may still follow a goodbye, but not for long.
            let patience = connection.link.patience.clone();
            match patience.wait(Phase::Auth, AFTER_GOODBYE, connection.next(Phase::Auth)).await {
                Ok(Ok((heard, lines))) => {
                    if !matches!(heard, Heard::Aside) {
                        *answer_lines = Some(lines);
                    }
                    heard
                }
                // What was heard last was the goodbye.
                Ok(Err(_)) | Err(_) => return Ok(exchange.closed()),
            }
        } else {
            match connection.next(Phase::Auth).await {
                Ok((heard, lines)) => {
                    *answer_lines = Some(lines);
                    heard
                }
                Err(failure) if failure.cause == Trouble::ConnectionClosed => match exchange.closed() {
                    End::Silence => return Err(failure),
                    end => return Ok(end),
                },
                Err(failure) => return Err(failure),
            }
        };
        match exchange.hear(connection.dialect.as_mut(), heard) {
            Next::Read => {}
            Next::Send(command) => connection.send(Phase::Auth, &command).await?,
            Next::Done(end) => {
                if let (End::Violation(_) | End::Flawed(_), Some(lines)) = (&end, *answer_lines) {
                    connection.link.log.mark_unexpected(lines);
                }
                return Ok(end);
            }
        }
    }
    Err(connection.too_many(Phase::Auth))
}

/// From how the exchange ended to what that means.
fn conclude(connection: &Connection<'_>, kind: Kind, end: End, evidence: LineRange) -> Outcome {
    let protocol = connection.dialect.protocol();
    let explain = |reply: &Reply, challenge: Option<&str>| {
        let host = family_of_host(&connection.link.task.endpoint.host);
        let server = family_of(host, &reply.text);
        let answer = Answer { challenge, server, ..Answer::new(protocol, Step::Login(kind), reply) };
        let diagnosis = diagnose(&answer);
        let passes = passing(&answer, &diagnosis);
        (diagnosis, passes)
    };
    let inconclusive = |cause, detail: String| Outcome::Inconclusive {
        failure: Failure::new(Phase::Auth, cause, detail),
        answer: None,
        evidence: Some(evidence),
    };
    match end {
        End::Yes(reply) => Outcome::Accepted {
            reply,
            evidence,
            session: Session::not_checked(Failure::new(
                Phase::Session,
                Trouble::NotAsked,
                "opening the mailbox was not asked for",
            )),
        },
        // A goodbye behind an error report is the end of a refusal.
        End::No { reply, challenge } | End::Goodbye { reply, challenge: challenge @ Some(_) } => {
            let (diagnosis, passes) = explain(&reply, challenge.as_deref());
            match passes {
                Some(cause) => undecided(cause, reply, diagnosis, evidence),
                None => Outcome::Refused { reply, challenge, evidence, diagnosis },
            }
        }
        // A goodbye in place of an answer is "busy" unless it says why.
        End::Goodbye { reply, challenge: None } => {
            let (diagnosis, passes) = explain(&reply, None);
            match passes {
                Some(cause) => undecided(cause, reply, diagnosis, evidence),
                // A farewell is no refusal.
                None if matches!(diagnosis.first(), Cause::Unexplained | Cause::Informational) => {
                    undecided(Trouble::ServerClosing, reply, diagnosis, evidence)
                }
                None => Outcome::Refused { reply, challenge: None, evidence, diagnosis },
            }
        }
        End::Flawed(Flaw::NotAuthentic(why)) => inconclusive(Trouble::ServerNotAuthentic, why),
        End::Flawed(Flaw::TooEarly) => inconclusive(
            Trouble::ProtocolViolation,
            "the server said yes before it knew who we are".to_owned(),
        ),
        End::Flawed(Flaw::Unanswerable(why)) => inconclusive(Trouble::MechanismFailed, why),
        End::TooManyRounds(most) => {
            inconclusive(Trouble::TooManyRounds, format!("more than {most} challenges and no answer"))
        }
        End::Violation(what) => inconclusive(Trouble::ProtocolViolation, what),
        End::Silence => {
            inconclusive(Trouble::ConnectionClosed, "the server closed the connection".to_owned())
        }
    }
}
