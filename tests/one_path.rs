//! `check` and `explain` take one path: an answer that comes over the wire and the same answer pasted get the same causes.
//! Every answer of tests/answers is read twice, by the protocol's own reader as the prober does it and by the reader of
//! pastes, in the same circumstances.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "explain_kit/mod.rs"]
mod kit;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit::collection;
use mailprobe_probes::diagnose::pasted::{Hints, explain};
use mailprobe_probes::diagnose::{Answer, Over, Step, diagnose};
use mailprobe_probes::dialect::{Dialect, Heard, Imap, Pop3, Smtp};
use mailprobe_probes::model::{Cause, HttpResponse, Kind, Reply};
use mailprobe_probes::service::{ActiveSync, Autodiscover, Ews, Service};

/// One answer as the prober has it.
struct OnTheWire {
    reply: Reply,
    challenge: Option<String>,
    http: Option<HttpResponse>,
}

fn over(name: &str) -> Over {
    match name {
        "imap" => Over::IMAP,
        "pop3" => Over::POP3,
        "smtp" => Over::SMTP,
        "ews" => Over::EWS,
        "eas" | "activesync" => Over::ACTIVESYNC,
        "autodiscover" => Over::AUTODISCOVER,
        "oauth" => Over::OAUTH,
        other => panic!("{other}"),
    }
}

fn step(name: &str) -> Step {
    match name {
        "greeting" => Step::Greeting,
        "capability" => Step::Capability,
        "logout" => Step::Logout,
        "auth-xoauth2" | "auth-oauthbearer" | "http-bearer" => Step::Login(Kind::Token),
        "post-auth" | "post-auth-select" => Step::Session,
        "mail-from" => Step::MailFrom,
        "data" => Step::Data,
        "http" | "http-options" => Step::Request,
        "http-anonymous" => Step::Anonymous,
        "token" => Step::TokenRequest,
        _ => Step::Login(Kind::Password),
    }
}

/// The last final answer that a dialect hears in these lines, with the error report before it.
fn line_protocol(dialect: &mut dyn Dialect, units: &[Vec<u8>]) -> Option<OnTheWire> {
    let mut challenge = None;
    let mut last = None;
    for unit in units {
        match dialect.read(unit) {
            // The first final answer ends an exchange; a goodbye counts where none came.
            Heard::Final(_, reply) => {
                last = Some(reply);
                break;
            }
            Heard::Goodbye(reply) => last = last.or(Some(reply)),
            Heard::Continue(text) => {
                let decoded = STANDARD.decode(&text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                challenge = decoded.filter(|text| text.starts_with('{')).or(challenge);
            }
            Heard::Aside | Heard::Violation(_) => {}
        }
    }
    Some(OnTheWire { reply: last?, challenge, http: None })
}

fn imap(answer: &str) -> Option<OnTheWire> {
    let mut dialect = Imap::new();
    let command = dialect.capability();
    let tag = String::from_utf8(command.wire().to_vec()).unwrap().split(' ').next().unwrap().to_owned();
    let units = answer.lines().map(|line| {
        let word = line.split(' ').next().unwrap();
        let line = match word {
            "*" | "+" => line.to_owned(),
            "OK" | "NO" | "BAD" => format!("{tag} {line}"),
            other => format!("{tag}{}", &line[other.len()..]),
        };
        format!("{line}\r\n").into_bytes()
    });
    line_protocol(&mut dialect, &units.collect::<Vec<_>>())
}

fn pop3(answer: &str) -> Option<OnTheWire> {
    let single: Vec<Vec<u8>> = answer.lines().map(|line| format!("{line}\r\n").into_bytes()).collect();
    // A list is one unit with its dot.
    let units = if answer.starts_with("+OK") && single.len() > 1 {
        vec![format!("{}\r\n.\r\n", answer.replace('\n', "\r\n")).into_bytes()]
    } else {
        single
    };
    line_protocol(&mut Pop3::new(), &units)
}

fn smtp(answer: &str) -> Option<OnTheWire> {
    let mut units: Vec<Vec<u8>> = Vec::new();
    let mut open = false;
    for line in answer.lines() {
        let bytes = format!("{line}\r\n").into_bytes();
        match units.last_mut().filter(|_| open) {
            Some(unit) => unit.extend(bytes),
            None => units.push(bytes),
        }
        open = line.as_bytes().get(3) == Some(&b'-');
    }
    line_protocol(&mut Smtp::default(), &units)
}

fn web(protocol: Over, answer: &str) -> Option<OnTheWire> {
    let answer = answer.replace("\r\n", "\n");
    let (head, body) = answer.split_once("\n\n").unwrap_or((&answer, ""));
    let mut lines = head.lines();
    let mut status = lines.next()?.strip_prefix("HTTP/")?.splitn(3, ' ').skip(1);
    let mut response = HttpResponse {
        status: status.next()?.parse().ok()?,
        reason: status.next().unwrap_or_default().to_owned(),
        body: body.as_bytes().to_vec(),
        ..HttpResponse::default()
    };
    for field in lines {
        let (name, value) = field.split_once(':')?;
        response.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let service: &dyn Service = match protocol {
        Over::EWS => &Ews,
        Over::ACTIVESYNC => &ActiveSync,
        Over::AUTODISCOVER => &Autodiscover,
        _ => return None,
    };
    let reply = service.read_login(&response).reply;
    Some(OnTheWire { reply, challenge: None, http: Some(response) })
}

#[test]
fn an_answer_on_the_wire_and_the_same_answer_pasted_get_the_same_causes() {
    let mut compared = 0;
    let mut apart = Vec::new();
    for row in collection("answers") {
        let field = |name: &str| row[name].as_str().unwrap();
        let (protocol, text) = (over(field("protocol")), field("answer"));
        let heard = match protocol {
            Over::IMAP => imap(text),
            Over::POP3 => pop3(text),
            Over::SMTP => smtp(text),
            other => web(other, text),
        };
        // A list of capabilities is no answer to a login: the prober reads it as one.
        if field("stage") == "capability" {
            continue;
        }
        let Some(OnTheWire { reply, challenge, http }) = heard else { continue };
        compared += 1;
        let step = step(field("stage"));
        let answer = Answer {
            challenge: challenge.as_deref(),
            http: http.as_ref(),
            server: Some(field("server")),
            ..Answer::new(protocol, step, &reply)
        };
        let wire = diagnose(&answer).causes;
        let hints = Hints { protocol: Some(protocol), step: Some(step), server: Some(field("server")) };
        let pasted = explain(text, &hints).unwrap().diagnosis.causes;
        if wire != pasted {
            let names =
                |causes: &[Cause]| causes.iter().map(|cause| cause.name()).collect::<Vec<_>>().join(", ");
            apart.push(format!(
                "{} {}: {text:?}\n  wire: {}\n  pasted: {}",
                field("protocol"),
                field("stage"),
                names(&wire),
                names(&pasted)
            ));
        }
    }
    assert!(compared >= 500, "only {compared} answers were compared");
    assert!(apart.is_empty(), "{} of {compared} apart\n{}", apart.len(), apart.join("\n"));
}
